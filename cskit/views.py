"""Records and rows as the user asked to see them: which fields, which format, on the screen or in a file.

Must not import click; `cskit.output` does the writing.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from cskit import fieldnames, output, records, register, stored
from cskit.errors import Usage
from cskit.fieldnames import Place
from cskit.output import Column
from cskit.records import Field, Record
from cskit.store.protocol import Document

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.hookspecs import RecordType

REVISION = "rev"
FORMATS = {"csv": "csv", "json": "json", "jsonl": "jsonl"}
"""The format a file's ending stands for."""
_RIGHT = {"integer", "decimal"}
_HIDDEN = ("schema",)
_EMPTY: tuple[Any, ...] = (None, [], {})
_EXACT = (Decimal, dt.date, dt.datetime)

# --- which fields ------------------------------------------------------------------------------------------


def places(model: type[Record], names: Sequence[str], option: str) -> list[Place]:
    """Return the fields a user named in an option; raises `Usage` for one that there is not."""
    found = []
    for name in names:
        if name == REVISION:
            found.append(Place((REVISION,), Field(REVISION, str, "text", True, None, "Revision", "版本")))
            continue
        try:
            found.append(fieldnames.find(model, name))
        except ValueError as error:
            raise Usage(f"{option}: {name}: {error}") from None
    return found


def column(place: Place) -> Column:
    """Return the output column of a field."""
    info = place.info
    return Column(place.name, info.en, "right" if info.kind in _RIGHT else "left", info.kind)


def _places(app: App, record_type: RecordType, every: bool) -> list[Place]:
    model = app.model(record_type.table)
    if app.options.fields:
        return places(model, app.options.fields, "--fields")
    if not every and form(app) == "table":
        return places(model, record_type.columns, "columns")
    names = [name for name in records.fields(model) if name not in _HIDDEN]
    return places(model, names if form(app) == "table" else [*names, REVISION], "--fields")


def _rows(
    app: App, record_type: RecordType, documents: Iterable[Document], wanted: Sequence[Place]
) -> Iterator[dict[str, Any]]:
    """Yield each record's values by field, without those that hold nothing."""
    model = app.model(record_type.table)
    decode = stored.decoder(record_type.table, model)
    values = _values(model, wanted)
    revised = any(place.name == REVISION for place in wanted)
    for document in documents:
        found = values(decode(document))
        if revised:
            found[REVISION] = register.revision(document.raw)
        yield found


def _values(model: type[Record], wanted: Sequence[Place]) -> Callable[[Record], dict[str, Any]]:
    """Return what reads a record's values; of plain fields all that it holds, in a third of the time."""
    inside = [place for place in wanted if len(place.path) > 1]
    usual = {info.name: info.default for info in records.fields(model).values() if info.default not in _EMPTY}

    def values(record: Record) -> dict[str, Any]:
        found: dict[str, Any] = usual | msgspec.to_builtins(record, builtin_types=_EXACT)
        for place in inside:
            value = place.of(record)
            if value not in _EMPTY:
                found[place.name] = value
        return found

    return values


# --- writing -----------------------------------------------------------------------------------------------


def many(app: App, record_type: RecordType, documents: Iterable[Document], *, every: bool = False) -> int:
    """Write records as rows, the usual columns or `every` field; return how many."""
    wanted = _places(app, record_type, every)
    return rows(app, _rows(app, record_type, documents, wanted), [column(place) for place in wanted])


def one(app: App, record_type: RecordType, document: Document) -> None:
    """Write one record in full, a field a line in a table."""
    wanted = _places(app, record_type, True)
    (values,) = _rows(app, record_type, [document], wanted)
    with target(app) as out:
        output.record(values, [column(place) for place in wanted], form(app), out, zone=app.zone)


def cards(app: App, record_type: RecordType, documents: Iterable[Document]) -> None:
    """Write some records in full, one below the other with an empty line between."""
    wanted = _places(app, record_type, True)
    columns = [column(place) for place in wanted]
    with target(app) as out:
        for place, values in enumerate(_rows(app, record_type, documents, wanted)):
            if place:
                out.write("\n")
            output.record(values, columns, "table", out, zone=app.zone)


def rows(app: App, found: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> int:
    """Write rows as the global options say; return how many."""
    with target(app) as out:
        width = _width() if out.isatty() else None
        return output.rows(found, columns, form(app), out, width=width, zone=app.zone)


def _width() -> int:
    """Return the terminal's width; `shutil` would do, and load four compression libraries for it."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def figure(app: App, name: str, value: Any) -> None:
    """Write a single figure: bare, so that a script can take it as it is, or as an object with one key."""
    with target(app) as out:
        if form(app) == "table":
            out.write(f"{output.clean(value) if isinstance(value, str) else output.text(value, app.zone)}\n")
        else:
            output.record({name: value}, [Column(name, name.capitalize())], form(app), out, zone=app.zone)


# --- where to ----------------------------------------------------------------------------------------------


def form(app: App) -> str:
    """Return the format asked for with --output, else what the ending of --out stands for.

    Raises `Usage` for an ending that stands for none: a table is no file's content.
    """
    out = app.options.out
    if app.options.output != "table" or out is None:
        return app.options.output
    ending = os.path.splitext(out)[1]
    if ending and ending[1:].lower() not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise Usage(f"--out: {ending} says no format", f"give a file that ends in {known}, or say -o csv")
    return FORMATS.get(ending[1:].lower(), "table")


@contextmanager
def target(app: App) -> Iterator[TextIO]:
    """Yield standard output, or the file of --out, which takes its place only once it is whole."""
    name = app.options.out
    if name is None or name == "-":
        yield sys.stdout
        return
    from cskit.outfile import replacing

    with replacing(name, form(app)) as out:
        yield out
