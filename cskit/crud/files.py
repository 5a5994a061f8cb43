"""The commands import and export of a record type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from cskit import edits, importing, records
from cskit.app import App, pass_app
from cskit.crud.choosing import IDS, REASON, saved, where_option
from cskit.crud.reading import documents
from cskit.declarations import RecordType
from cskit.display import views
from cskit.display.output import Column
from cskit.errors import Usage
from cskit.i18n import _, ngettext
from cskit.intake.tabular import FORMATS, Told
from cskit.nouns import counted, noun
from cskit.records import Record
from cskit.terminal.options import given

_FORMAT = click.option(
    "--format", type=click.Choice(FORMATS), help="Form of the file (else its ending, or what is in it)."
)
_COLUMNS = click.option(
    "--columns", metavar="'NAME=FROM-TO …'", help="Positions of the fields in fixed-width text."
)
_ENCODING = click.option("--encoding", metavar="NAME", help="Encoding (else UTF-8, else GB18030).")
_SHEET = click.option(
    "--sheet", metavar="NAME|NUMBER", help="Sheet of a workbook (else the first with rows)."
)
_PROBLEMS = click.option("--problems", metavar="FILE.xlsx", help="Write refused rows and why to a workbook.")
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
    @_SHEET
    @_COLUMNS
    @_ENCODING
    @_MAP
    @_FIXED
    @_PROBLEMS
    @REASON
    @pass_app
    def command(
        app: App,
        /,
        file: str,
        pairs: tuple[str, ...],
        fixed: tuple[str, ...],
        problems: str | None,
        reason: str | None,
        **others: Any,
    ) -> None:
        views.form(app)  # refused before anything is saved
        counts, sequence = importing.import_file(
            app,
            record_type,
            file,
            told=Told(*(others[name] for name in Told._fields)),
            mapping=mapping_of(pairs),
            fixed=edits.parse(app.model(record_type.table), [*_held(record_type), *fixed], app.zone),
            creating={name.removeprefix(_CREATE) for name, asked in others.items() if asked is True},
            reason=reason,
            problems=problems,
        )
        _tell(app, record_type, counts, sequence)

    command.params.extend(_creating(model))
    return command


def _held(record_type: RecordType) -> list[str]:
    """Return what every row of a narrower noun's file is."""
    holds = record_type.holds
    return [f"{holds.field}={holds.value}"] if holds else []


_CREATE = "create_"


def _creating(model: Callable[[], type[Record]]) -> Iterator[click.Option]:
    """Yield an option for each table to which records can be added that rows name and nobody knows."""
    known = records.fields(model()).values()
    for table in dict.fromkeys(info.ref for info in known if info.create):
        meaning = _("Add the {table} that rows name and nobody knows.").format(table=table)
        yield click.Option(
            [f"--create-{table.replace('_', '-')}", _CREATE + table], is_flag=True, help=meaning
        )


def mapping_of(pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column.strip():
            raise Usage(
                _("--map: '{pair}' maps nothing").format(pair=pair),
                _("write --map 'COLUMN=field', or 'COLUMN=' to leave it out"),
            )
        if column.strip() in found:
            said = _("--map: '{column}' is mapped twice").format(column=column.strip())
            raise Usage(said, _("say once where it goes"))
        found[column.strip()] = field.strip()
    return found


def _tell(app: App, record_type: RecordType, counts: importing.Counts, sequence: int | None) -> None:
    done = _("{records}: {new} new, {changed} changed, {unchanged} unchanged").format(
        records=noun(record_type), new=counts.new, changed=counts.changed, unchanged=counts.unchanged
    )
    for table, count in counts.created.items():
        made = counted(app.record_type(table), count)
        done = _("{done}; {records} created").format(done=done, records=made)
    if views.form(app) != "table":
        views.rows(app, [counts._asdict()], _COUNTS)
    saved(app, done, sequence)
    if warning := _added_again(counts):
        app.echo(warning)


_COUNTS = (
    Column("new", "New", "right", "integer"),
    Column("changed", "Changed", "right", "integer"),
    Column("unchanged", "Unchanged", "right", "integer"),
)


def _added_again(counts: importing.Counts) -> str:
    """Say that rows may be corrected ones, which only an id tells from new ones; "" where none are."""
    if not counts.known > counts.added > 0:
        return ""
    return ngettext(
        "{count} row is new although {known} were known: "
        "corrected rows of a file without ids are added again",
        "{count} rows are new although {known} were known: "
        "corrected rows of a file without ids are added again",
        counts.added,
    ).format(count=counts.added, known=counts.known)


def export(record_type: RecordType) -> click.Command:
    """Return the command that writes records with every field, ready to be imported again."""

    @click.command("export")
    @IDS
    @where_option(record_type)
    @click.option("--headings", type=click.Choice(["names", "titles"]), help="Names or titles above columns.")
    @click.option("--encoding", metavar="NAME", help="Encoding of csv and tsv, such as gb18030 (else UTF-8).")
    @pass_app
    def command(
        app: App, ids: tuple[str, ...], where: str | None, headings: str | None, encoding: str | None
    ) -> None:
        if views.form(app) == "table":
            app.options.output = _untold()
        look = views.look(app, headings, encoding)
        count = views.many(app, record_type, documents(app, record_type, ids, where), every=True, look=look)
        if app.options.out:
            done = _("{records} written to {file}")
            app.echo(done.format(records=counted(record_type, count), file=app.options.out))

    return command


def _untold() -> str:
    """Return the format where neither -o nor the file's ending says; refuse one that cannot be read back."""
    if "--output" in given(click.get_current_context()):
        raise Usage(_("export writes no table"), _("say -o xlsx, csv, json or jsonl; `list` shows tables"))
    return "jsonl"


VERBS = {"import": import_, "export": export}
