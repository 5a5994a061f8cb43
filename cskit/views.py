"""Records and rows as the user asked to see them: which fields, which format, on the screen or in a file.

Must not import click; `cskit.output` does the writing.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from cskit import fieldnames, output, records, register
from cskit.errors import NotFound, StorageFailed, Usage
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
_MANY = (list, dict)

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
    decoder = msgspec.json.Decoder(model)
    held = [place for place in wanted if place.name != REVISION]
    names, values = [place.name for place in held], _getter(held)
    revised = len(held) < len(wanted)
    for document in documents:
        try:
            record = decoder.decode(document.raw)
        except msgspec.MsgspecError:
            record = register.decode(model, document)  # says which document and field
        found = {
            name: value
            for name, value in zip(names, values(record), strict=True)
            if value is not None and (value or value.__class__ not in _MANY)
        }
        if revised:
            found[REVISION] = register.revision(document.raw)
        yield found


def _getter(wanted: Sequence[Place]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads the values at some places; plain fields all at once, in a seventh of the time."""
    if len(wanted) > 1 and all(len(place.path) == 1 for place in wanted):
        return attrgetter(*(place.name for place in wanted))
    return lambda record: tuple(place.of(record) for place in wanted)


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
        width = shutil.get_terminal_size().columns if out.isatty() else None
        return output.rows(found, columns, form(app), out, width=width, zone=app.zone)


def figure(app: App, name: str, value: Any) -> None:
    """Write a single figure: bare, so that a script can take it as it is, or as an object with one key."""
    with target(app) as out:
        if form(app) == "table":
            out.write(f"{output.text(value, app.zone)}\n")
        else:
            output.record({name: value}, [Column(name, name.capitalize())], form(app), out, zone=app.zone)


# --- where to ----------------------------------------------------------------------------------------------


def form(app: App) -> str:
    """Return the format asked for with --output, else what the ending of --out stands for."""
    if app.options.output != "table" or app.options.out is None:
        return app.options.output
    return FORMATS.get(Path(app.options.out).suffix[1:].lower(), "table")


@contextmanager
def target(app: App) -> Iterator[TextIO]:
    """Yield standard output, or the file of --out, which takes its place only once it is whole."""
    name = app.options.out
    if name is None or name == "-":
        yield sys.stdout
        return
    path = Path(os.path.realpath(name))  # what a link points to is replaced, not the link
    mode = _mode(path, name)
    try:
        if name.startswith("/dev/") or (mode is not None and not stat.S_ISREG(mode)):
            with open(name, "w", encoding="utf-8", newline="") as out:  # nothing may take a device's place
                yield out
            return
        encoding = "utf-8-sig" if form(app) == "csv" else "utf-8"  # Excel needs the mark for Chinese
        with _part(path, encoding, 0o600 if mode is None else stat.S_IMODE(mode)) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"cannot write {name}: {error.strerror}"
        raise StorageFailed(said, "give another file with --out") from error


def _mode(path: Path, name: str) -> int | None:
    """Return the mode of what `path` is now, None where there is nothing yet."""
    if path.is_dir():
        raise Usage(f"--out: {name} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise NotFound(f"--out: there is no folder {path.parent}", "make it, or give another file")
    return path.stat().st_mode if path.exists() else None


@contextmanager
def _part(path: Path, encoding: str, mode: int) -> Iterator[TextIO]:
    """Yield a file beside `path` that takes its name once it is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(fd, "w", encoding=encoding, newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.chmod(part, mode)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
