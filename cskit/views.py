"""Records and rows as the user asked to see them: which fields, which format, on the screen or in a file.

Must not import click; `cskit.output` does the writing.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from cskit import output, records, register
from cskit.errors import StorageFailed, Usage
from cskit.output import Column
from cskit.records import Field, Record
from cskit.store.protocol import Document

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.hookspecs import RecordType

_RIGHT = {"integer", "decimal"}
_HIDDEN = ("schema",)
REVISION = "rev"


def column(info: Field) -> Column:
    """Return the output column of a field."""
    return Column(info.name, info.en, "right" if info.kind in _RIGHT else "left", info.kind)


def chosen(model: type[Record], names: Sequence[str]) -> list[Column]:
    """Return the columns a user asked for with --fields; parts and keys take a dot (`custom.colour`)."""
    known = records.fields(model)
    found = []
    for name in names:
        first, _, rest = name.partition(".")
        info = known.get(first)
        if name == REVISION:
            found.append(Column(REVISION, "Revision"))
        elif info is None or (rest and info.kind not in ("map", "struct")):
            raise Usage(f"--fields: {name}: {records.unknown_name(name, known)}")
        elif rest and info.kind == "struct":
            if rest not in records.fields(info.of):
                raise Usage(f"--fields: {name}: {records.unknown_name(rest, records.fields(info.of))}")
            found.append(column(records.fields(info.of)[rest])._replace(name=name))
        else:
            found.append(Column(name, rest) if rest else column(info))
    return found


def _columns(app: App, record_type: RecordType, every: bool) -> list[Column]:
    model = app.model(record_type.table)
    if app.options.fields:
        return chosen(model, app.options.fields)
    if not every and app.options.output == "table":
        return chosen(model, record_type.columns)
    found = [column(info) for name, info in records.fields(model).items() if name not in _HIDDEN]
    return [*found, Column(REVISION, "Revision")] if app.options.output != "table" else found


def _values(record: Record, raw: bytes, names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        if name == REVISION:
            found[name] = register.revision(raw)
            continue
        value = register.value_at(record, name) if "." in name else getattr(record, name)
        if value is not None and value != [] and value != {}:
            found[name] = value
    return found


def many(app: App, record_type: RecordType, documents: Iterable[Document], *, every: bool = False) -> int:
    """Write records as rows, the usual columns or `every` field; return how many."""
    columns = _columns(app, record_type, every)
    names = [each.name for each in columns]
    decoder = msgspec.json.Decoder(app.model(record_type.table))

    def found() -> Iterator[dict[str, Any]]:
        for document in documents:
            try:
                record = decoder.decode(document.raw)
            except msgspec.MsgspecError:
                register.decode(app.model(record_type.table), document)  # says which document and field
                raise
            yield _values(record, document.raw, names)

    return rows(app, found(), columns)


def one(app: App, record_type: RecordType, document: Document) -> None:
    """Write one record in full, a field a line in a table."""
    columns = _columns(app, record_type, True)
    model = app.model(record_type.table)
    values = _values(register.decode(model, document), document.raw, [each.name for each in columns])
    with target(app) as out:
        output.record(values, columns, app.options.output, out, zone=app.zone)


def rows(app: App, found: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> int:
    """Write rows as the global options say; return how many."""
    with target(app) as out:
        width = shutil.get_terminal_size().columns if out.isatty() else None
        return output.rows(found, columns, app.options.output, out, width=width, zone=app.zone)


def figure(app: App, name: str, value: Any) -> None:
    """Write a single figure: bare, so that a script can take it as it is, or as an object with one key."""
    with target(app) as out:
        if app.options.output == "table":
            out.write(f"{output.text(value, app.zone)}\n")
        else:
            output.record(
                {name: value}, [Column(name, name.capitalize())], app.options.output, out, zone=app.zone
            )


@contextmanager
def target(app: App) -> Iterator[TextIO]:
    """Yield standard output, or the file of --out, which takes its place only once it is whole."""
    name = app.options.out
    if name is None or name == "-":
        yield sys.stdout
        return
    path = Path(name)
    if path.is_dir():
        raise Usage(f"--out: {path} is a folder", "name a file in it")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        encoding = "utf-8-sig" if app.options.output == "csv" else "utf-8"  # Excel needs the mark for Chinese
        with open(fd, "w", encoding=encoding, newline="") as out:
            yield out
        os.replace(part, path)
    except OSError as error:
        raise StorageFailed(
            f"cannot write {path}: {error.strerror}", "give another file with --out"
        ) from error
    finally:
        part.unlink(missing_ok=True)
