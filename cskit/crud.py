"""The commands of a record type, made from its fields: add, list, show, set, remove, import, export, count."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from cskit import edits, importing, records, register, tabular, views
from cskit.app import App, pass_app
from cskit.contributions import verb_help
from cskit.errors import BadRows, NotFound, Problem, Usage
from cskit.hookspecs import RecordType
from cskit.output import Column
from cskit.records import Field, Record
from cskit.store.protocol import Document

MANY = 100  # changing more than this by --where needs a word of confirmation


def build(record_type: RecordType, verb: str) -> click.Command:
    """Return the click command of one verb of a record type."""
    command = _VERBS[verb](record_type)
    command.help = (
        f"{verb_help(verb, record_type)}\n\n\b\nExample:\n  cskit {record_type.command} {_EXAMPLES[verb]}"
    )
    return command


_EXAMPLES = {
    "add": "add …",
    "list": "list --limit 5",
    "show": "show ID",
    "set": "set ID field=value",
    "remove": "remove ID --yes",
    "import": "import FILE.csv",
    "export": "export -o csv --out FILE.csv",
    "count": "count",
}


# --- what several verbs share ------------------------------------------------------------------------------


def _where(record_type: RecordType) -> Callable[[Any], Any]:
    return click.option("--where", metavar="EXPR", help=f"Only {record_type.plural} for which this holds.")


_IDS = click.argument("ids", nargs=-1, metavar="[ID]...")
_REASON = click.option("--reason", metavar="TEXT", help="Why, for the history.")


def names_in(ids: Sequence[str]) -> list[str]:
    """Return the ids given, with `-` replaced by those on standard input: one a line, or JSON lines."""
    found: list[str] = []
    for name in ids:
        found += _piped() if name == "-" else [name]
    return found


def _piped() -> list[str]:
    data, source = tabular.read_source("-")
    found, problems = [], []
    for place, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        text = line.strip()
        if text.startswith(("{", "[")):
            try:
                text = json.loads(text)["id"]
            except (ValueError, KeyError, TypeError):
                problems.append(
                    Problem(place, "id", records.shown(line), "expected an id, or a JSON object with one")
                )
                continue
        if text:
            found.append(str(text))
    if problems:
        raise BadRows(problems, source)
    return found


def _documents(
    app: App, record_type: RecordType, reading: Any, names: Sequence[str], where: str | None
) -> list[Document]:
    return register.select(app, reading, record_type, names, _condition(app, record_type, where))


def _condition(app: App, record_type: RecordType, where: str | None) -> Any:
    if where is None:
        return None
    from cskit.where import condition

    return condition(where, app.model(record_type.table), zone=app.zone, now=app.now)


def _chosen(
    app: App, record_type: RecordType, ids: Sequence[str], where: str | None, doing: str
) -> tuple[list[str], int | None]:
    """Return the ids to work on, and how many records --where was said to mean, once confirmed."""
    names = names_in(ids)
    if not names and where is None and "-" not in ids:
        raise Usage(f"which {record_type.plural}?", "give ids, - to read them from a pipe, or --where")
    if where is None or (names and doing != "remove"):
        count = len(names)
    else:
        count = len(_documents(app, record_type, app.reading(), names, where))
    noun = record_type.singular if count == 1 else record_type.plural
    if count and (doing == "remove" or (where is not None and count > MANY)):
        app.confirm(f"{doing} {count} {noun}")
    return names, count if where is not None else None


def _same(found: list[Document], expected: int | None) -> list[Document]:
    if expected is not None and len(found) != expected:
        from cskit.errors import Conflict

        raise Conflict(
            f"--where means {len(found)} records now, {expected} a moment ago", "run the command again"
        )
    return found


def _saved(app: App, said: str, sequence: int | None) -> None:
    if sequence is None:
        app.echo(f"{said}; nothing to save")
    else:
        app.echo(f"{said}; saved as {sequence} (`cskit undo` takes it back)")


def _number(count: int, record_type: RecordType) -> str:
    return f"{count} {record_type.singular if count == 1 else record_type.plural}"


# --- add ---------------------------------------------------------------------------------------------------


def _add(record_type: RecordType) -> click.Command:
    model = _model(record_type)
    known = records.fields(model)
    title = known[record_type.title]

    @click.command("add")
    @click.argument("title", metavar=title.name.upper())
    @click.option("--id", "own", metavar="ID", help="The company's own code (else the next number).")
    @_REASON
    @pass_app
    def add(app: App, /, title: str, own: str | None, reason: str | None, **given: Any) -> None:
        texts = {record_type.title: title, **given}
        values = _parsed(app, known, texts)
        if own is not None:
            values["id"] = own
        with app.transaction(reason=reason) as tx:
            record = register.create(app, tx, record_type, values)
        _added(app, record_type, record, tx.sequence)

    for info in known.values():
        if info.name not in ("id", "schema", record_type.title) and not info.owner:
            add.params.append(_option(info))
    return add


def _added(app: App, record_type: RecordType, record: Record, sequence: int | None) -> None:
    if app.options.output == "table" and app.options.out is None:
        click.echo(record.id)
    else:
        views.one(app, record_type, Document(0, edits.encode(record)))
    _saved(app, f"{record_type.singular} added", sequence)


def _option(info: Field) -> click.Option:
    flag = "--" + info.name.replace("_", "-")
    said = f"{info.en}{f' ({info.unit})' if info.unit else ''} {info.zh}"
    if info.kind == "boolean":
        return click.Option([f"{flag}/--no-{flag[2:]}", info.name], default=None, help=said)
    if info.kind == "choice":
        return click.Option([flag, info.name], metavar="|".join(info.of), help=said)
    several = info.kind in ("list", "map")
    metavar = "KEY=TEXT" if info.kind == "map" else "JSON" if _structured(info) else info.kind.upper()
    return click.Option([flag, info.name], metavar=metavar, multiple=several, help=said)


def _structured(info: Field) -> bool:
    return records.is_struct(info.of)


def _parsed(app: App, known: Any, texts: dict[str, Any]) -> dict[str, Any]:
    """Parse what was given for the fields; raises `BadRows` listing everything that does not fit."""
    values: dict[str, Any] = {}
    problems = []
    for name, text in texts.items():
        if text is None or text == () or text == "":
            continue
        try:
            values[name] = _value(app, known[name], text)
        except ValueError as error:
            shown = text if isinstance(text, str) else "; ".join(text)
            problems.append(Problem(0, name, shown, str(error)))
    if problems:
        raise BadRows(problems)
    return values


def _value(app: App, info: Field, text: Any) -> Any:
    if info.kind == "boolean":
        return text if isinstance(text, bool) else records.parse(info, text, app.zone)
    if info.kind == "map":
        pairs = [part.partition("=") for part in text]
        if not all(sign and key for key, sign, _ in pairs):
            raise ValueError("expected KEY=TEXT")
        return {key.strip(): value.strip() for key, _, value in pairs}
    if info.kind == "list":
        parts = [
            records.parse(info, f"[{t}]" if _structured(info) and t[:1] != "[" else t, app.zone) for t in text
        ]
        return list(itertools.chain.from_iterable(parts))
    return records.parse(info, text, app.zone)


def _model(record_type: RecordType) -> type[Record]:
    import importlib

    module, _, name = record_type.model.partition(":")
    found: type[Record] = getattr(importlib.import_module(module), name)
    return found


# --- list, show, count, export -----------------------------------------------------------------------------


def _list(record_type: RecordType) -> click.Command:
    @click.command("list")
    @_IDS
    @_where(record_type)
    @click.option("--sort", metavar="FIELD", help="Sort by a field; -FIELD for the highest first.")
    @click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
    @click.option("--fail-empty", is_flag=True, help="Exit with 3 when nothing is found.")
    @pass_app
    def list_(
        app: App,
        ids: tuple[str, ...],
        where: str | None,
        sort: str | None,
        limit: int | None,
        fail_empty: bool,
    ) -> None:
        names = names_in(ids)
        found: Iterable[Document]
        if names or sort or "-" in ids:
            found = (
                _documents(app, record_type, app.reading(), names, where) if names or "-" not in ids else []
            )
            found = _sorted(app, record_type, list(found), sort) if sort else found
        else:
            found = app.reading().read(record_type.table, where=_condition(app, record_type, where))
        count = views.many(app, record_type, itertools.islice(found, limit))
        if not count:
            _nothing(app, record_type, where, fail_empty)

    return list_


def _nothing(app: App, record_type: RecordType, where: str | None, fail: bool) -> None:
    said = f"no {record_type.plural}" + (" for which that holds" if where else "")
    if fail:
        raise NotFound(said)
    hint = "" if where else f"; `cskit {record_type.command} add` makes the first"
    app.echo(f"{said}{hint}")


def _sorted(app: App, record_type: RecordType, found: list[Document], sort: str) -> list[Document]:
    """Sort by a field, records that hold nothing in it last."""
    name, backwards = sort.removeprefix("-"), sort.startswith("-")
    model = app.model(record_type.table)
    info = records.fields(model).get(name)
    if info is None or info.kind in ("list", "map", "struct"):
        said = records.unknown_name(name, records.fields(model)) if info is None else "cannot be sorted by"
        raise Usage(f"--sort: {name}: {said}")
    keyed = [(getattr(register.decode(model, document), name), document) for document in found]
    known = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=backwards
    )
    return [document for _, document in [*known, *(pair for pair in keyed if pair[0] is None)]]


def _show(record_type: RecordType) -> click.Command:
    @click.command("show")
    @click.argument("ids", nargs=-1, required=True, metavar="ID...")
    @pass_app
    def show(app: App, ids: tuple[str, ...]) -> None:
        found = register.find(app, app.reading(), record_type, names_in(ids))
        if len(found) == 1 or app.options.output == "table":
            for place, document in enumerate(found):
                if place:
                    click.echo()
                views.one(app, record_type, document)
        else:
            views.many(app, record_type, found, every=True)

    return show


def _count(record_type: RecordType) -> click.Command:
    @click.command("count")
    @_where(record_type)
    @click.option("--by", metavar="FIELD[,FIELD]", help="Count for each value of these fields.")
    @pass_app
    def count(app: App, where: str | None, by: str | None) -> None:
        found = app.reading().read(record_type.table, where=_condition(app, record_type, where))
        if by is None:
            views.figure(app, "count", sum(1 for _ in found))
            return
        columns = views.chosen(app.model(record_type.table), [name.strip() for name in by.split(",")])
        counts = register.counted(app.model(record_type.table), found, [each.name for each in columns])
        views.rows(app, counts, [*columns, Column("count", "Count", "right", "integer")])

    return count


def _export(record_type: RecordType) -> click.Command:
    @click.command("export")
    @_IDS
    @_where(record_type)
    @pass_app
    def export(app: App, ids: tuple[str, ...], where: str | None) -> None:
        if app.options.output == "table":
            app.options.output = _format_of(app.options.out)
        names = names_in(ids)
        if names or "-" in ids:
            found: Iterable[Document] = (
                _documents(app, record_type, app.reading(), names, where) if names else []
            )
        else:
            found = app.reading().read(record_type.table, where=_condition(app, record_type, where))
        count = views.many(app, record_type, found, every=True)
        if app.options.out:
            app.echo(f"{_number(count, record_type)} written to {app.options.out}")

    return export


def _format_of(out: str | None) -> str:
    ending = (out or "").rpartition(".")[2].lower()
    return ending if ending in ("csv", "json", "jsonl") else "jsonl"


# --- set, remove -------------------------------------------------------------------------------------------


def _set(record_type: RecordType) -> click.Command:
    @click.command("set")
    @click.argument("words", nargs=-1, required=True, metavar="[ID]... FIELD=VALUE...")
    @_where(record_type)
    @_REASON
    @pass_app
    def set_(app: App, words: tuple[str, ...], where: str | None, reason: str | None) -> None:
        texts = [word for word in words if "=" in word]
        if not texts:
            raise Usage(
                "what is to change?", "write field=value, field= to clear, list+=value or list-=value"
            )
        edits.parse(app.model(record_type.table), texts, app.zone)
        names, expected = _chosen(app, record_type, [w for w in words if "=" not in w], where, "change")
        with app.transaction(reason=reason) as tx:
            found = _same(_documents(app, record_type, tx, names, where), expected) if names or where else []
            changed = register.change(app, tx, record_type, found, texts)
        views.rows(app, (each._asdict() for each in changed), _CHANGED)
        count = len({each.id for each in changed})
        _saved(app, f"{_number(count, record_type)} changed, {len(found) - count} unchanged", tx.sequence)

    return set_


_CHANGED = [
    Column("id", "ID"),
    Column("field", "Field"),
    Column("before", "Before"),
    Column("after", "After"),
]


def _remove(record_type: RecordType) -> click.Command:
    @click.command("remove")
    @_IDS
    @_where(record_type)
    @_REASON
    @pass_app
    def remove(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
        names, expected = _chosen(app, record_type, ids, where, "remove")
        with app.transaction(reason=reason) as tx:
            found = _same(_documents(app, record_type, tx, names, where), expected) if names or where else []
            count = register.remove(app, tx, record_type, found)
        _saved(app, f"{_number(count, record_type)} removed", tx.sequence)

    return remove


# --- import ------------------------------------------------------------------------------------------------


def _import(record_type: RecordType) -> click.Command:
    creating = [info for info in records.fields(_model(record_type)).values() if info.create]

    @click.command("import")
    @click.argument("file", metavar="FILE|-")
    @click.option(
        "--format", "form", type=click.Choice(["csv", "jsonl", "json", "fixed"]), help="Form of the file."
    )
    @click.option(
        "--columns", metavar="NAME=FROM-TO ...", help="Positions of the fields in fixed-width text."
    )
    @click.option("--encoding", metavar="NAME", help="Encoding (else UTF-8, else GB18030).")
    @click.option(
        "--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="Field of a column; COLUMN= skips it."
    )
    @click.option("--set", "fixed", multiple=True, metavar="FIELD=VALUE", help="Value for every row.")
    @_REASON
    @pass_app
    def import_(
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
        data, source = tabular.read_source(file)
        with app.transaction(reason=reason) as tx:
            wanted = [name for name, asked in create.items() if asked]
            importer = importing.Importer(app, tx, record_type, mapping=mapping, fixed=fixed, creating=wanted)
            rows = tabular.read_rows(
                data, source, problems=importer.problems, format=form, columns=columns, encoding=encoding
            )
            counts = importer.take(rows, source)
        _imported(app, record_type, counts, tx.sequence)

    for info in creating:
        flag, said = (
            f"--create-{info.ref.replace('_', '-')}",
            f"Add the {info.ref} that rows name and nobody knows.",
        )
        import_.params.append(click.Option([flag, info.name], is_flag=True, help=said))
    return import_


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column:
            raise Usage(
                f"--map: '{pair}' maps nothing", "write --map 'COLUMN=field', or 'COLUMN=' to leave it out"
            )
        found[column.strip()] = field.strip()
    return found


def _imported(app: App, record_type: RecordType, counts: importing.Counts, sequence: int | None) -> None:
    said = f"{record_type.plural}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"
    for table, count in counts.created.items():
        said += f"; {count} {table} created"
    if app.options.output != "table":
        columns = [
            Column(name, name.capitalize(), "right", "integer") for name in ("new", "changed", "unchanged")
        ]
        views.rows(
            app, [{"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}], columns
        )
    _saved(app, said, sequence)


_VERBS: dict[str, Callable[[RecordType], click.Command]] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "set": _set,
    "remove": _remove,
    "import": _import,
    "export": _export,
    "count": _count,
}
