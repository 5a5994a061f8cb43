"""The commands import and export of a record type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import click

from cskit import edits, importing, records, tabular, views
from cskit.app import App, pass_app
from cskit.crud.choosing import IDS, REASON, said, saved, where_option
from cskit.crud.reading import documents
from cskit.errors import Usage
from cskit.hookspecs import RecordType
from cskit.options import given
from cskit.output import Column
from cskit.records import Record

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["csv", "tsv", "jsonl", "json", "fixed"]), help="Form of the file."
)
_COLUMNS = click.option(
    "--columns", metavar="'NAME=FROM-TO …'", help="Positions of the fields in fixed-width text."
)
_ENCODING = click.option("--encoding", metavar="NAME", help="Encoding (else UTF-8, else GB18030).")
_MAP = click.option(
    "--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="Field of a column; COLUMN= leaves it out."
)
_FIXED = click.option(
    "--set", "fixed", multiple=True, metavar="FIELD=VALUE", help="Value for rows that give none."
)


def import_(record_type: RecordType, model: Callable[[], type[Record]]) -> click.Command:
    """Return the command that takes records over from a file."""

    @click.command("import")
    @click.argument("file", metavar="FILE|-")
    @_FORMAT
    @_COLUMNS
    @_ENCODING
    @_MAP
    @_FIXED
    @REASON
    @pass_app
    def command(
        app: App,
        /,
        file: str,
        form: str | None,
        columns: str | None,
        encoding: str | None,
        pairs: tuple[str, ...],
        fixed: tuple[str, ...],
        reason: str | None,
        **create: bool,
    ) -> None:
        mapping = _mapping(pairs)
        values = edits.parse(app.model(record_type.table), fixed, app.zone)
        creating = {name.removeprefix(_CREATE) for name, asked in create.items() if asked}
        views.form(app)  # refused before anything is saved
        data, source = tabular.read_source(file)
        with importing.uninterrupted(), app.transaction(reason=reason) as tx:
            importer = importing.Importer(
                app, tx, record_type, mapping=mapping, fixed=values, creating=creating
            )
            rows = tabular.read_rows(
                data, source, problems=importer.problems, format=form, columns=columns, encoding=encoding
            )
            counts = importer.take(rows, source)
        _tell(app, record_type, counts, tx.sequence)

    command.params.extend(_creating(model))
    return command


_CREATE = "create_"


def _creating(model: Callable[[], type[Record]]) -> Iterator[click.Option]:
    """Yield an option for each table to which records can be added that rows name and nobody knows."""
    known = records.fields(model()).values()
    for table in dict.fromkeys(info.ref for info in known if info.create):
        meaning = f"Add the {table} that rows name and nobody knows."
        yield click.Option(
            [f"--create-{table.replace('_', '-')}", _CREATE + table], is_flag=True, help=meaning
        )


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column.strip():
            raise Usage(
                f"--map: '{pair}' maps nothing", "write --map 'COLUMN=field', or 'COLUMN=' to leave it out"
            )
        if column.strip() in found:
            raise Usage(f"--map: '{column.strip()}' is mapped twice", "say once where it goes")
        found[column.strip()] = field.strip()
    return found


def _tell(app: App, record_type: RecordType, counts: importing.Counts, sequence: int | None) -> None:
    done = f"{record_type.plural}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"
    for table, count in counts.created.items():
        done += f"; {said(count, app.record_type(table))} created"
    if views.form(app) != "table":
        numbers = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
        columns = [Column(name, name.capitalize(), "right", "integer") for name in numbers]
        views.rows(app, [numbers], columns)
    saved(app, done, sequence)


def export(record_type: RecordType) -> click.Command:
    """Return the command that writes records with every field, ready to be imported again."""

    @click.command("export")
    @IDS
    @where_option(record_type)
    @pass_app
    def command(app: App, ids: tuple[str, ...], where: str | None) -> None:
        if views.form(app) == "table":
            app.options.output = _untold()
        found = documents(app, record_type, ids, where)
        count = views.many(app, record_type, found, every=True)
        if app.options.out:
            app.echo(f"{said(count, record_type)} written to {app.options.out}")

    return command


def _untold() -> str:
    """Return the format where neither -o nor the file's ending says; refuse one that cannot be read back."""
    if "--output" in given(click.get_current_context()):
        raise Usage("export writes no table", "say -o csv, json or jsonl; `list` shows tables")
    return "jsonl"


VERBS = {"import": import_, "export": export}
