"""Rows in: CSV here, others by `fixedwidth`, `jsonrows` and `sheets`, in this room.

Must not import click or a store.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, islice, takewhile
from typing import Any, BinaryIO, NamedTuple

from cskit.errors import BadData, BadRows, NotFound, Problem, Usage
from cskit.i18n import _, ngettext, reason
from cskit.intake import fixedwidth, headings, jsonrows, sheets
from cskit.intake.encoding import as_utf8
from cskit.values import any_guarded, guard, shown, unguard

__all__ = [
    "LARGEST_FILE",
    "LONGEST_CELL",
    "MOST_PROBLEMS",
    "Row",
    "guard",
    "read_rows",
    "read_source",
    "unguard",
]

LARGEST_FILE = 1 << 30
LONGEST_CELL = 1 << 20
MOST_PROBLEMS = 10_000

_BLANKS = b" \t\r\n"


class Row(NamedTuple):
    """One row of a file: `line` is where it starts, counted from 1, `cells` its values by column."""

    line: int
    cells: dict[str, Any]


# --- where the bytes come from -----------------------------------------------------------------------------


def read_source(path: str) -> tuple[bytes, str]:
    """Read a file, or standard input to its end for "-"; return the bytes and the name to show for them."""
    if path == "-":
        if sys.stdin is None or sys.stdin.closed:
            raise Usage(_("standard input is closed"), _("name a file, or pipe the rows in"))
        return _all_of(sys.stdin.buffer, _("standard input")), _("standard input")
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        missing = _("there is no file {file}").format(file=path)
        raise NotFound(missing, _("check the path, or give - to read a pipe")) from None
    except OSError as error:
        said = _("cannot read {file}: {reason}").format(file=path, reason=reason(error))
        raise Usage(said, _("check the path and its permissions")) from None
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISDIR(mode):
            raise Usage(_("{file} is a folder").format(file=path), _("name one file in it"))
        if not stat.S_ISREG(mode):
            said = _("{file} is a device or a pipe, not a file").format(file=path)
            raise Usage(said, _("pipe the rows in and give - instead"))
        _refuse_size(os.fstat(number).st_size, path)  # before a gigabyte of it is in memory
        with open(number, "rb", buffering=0, closefd=False) as file:
            return _all_of(file, path), path
    finally:
        os.close(number)


def _all_of(stream: BinaryIO | io.RawIOBase, name: str) -> bytes:
    chunks, size = [], 0
    try:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            _refuse_size(size, name)
            chunks.append(chunk)
    except OSError as error:
        said = _("cannot read {file}: {reason}").format(file=name, reason=reason(error))
        raise Usage(said, _("name a file, or pipe the rows in")) from None
    return b"".join(chunks)


def _refuse_size(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        said = _("{file} holds more than {most} MB").format(file=name, most=LARGEST_FILE >> 20)
        raise BadData(said, _("split it into smaller files"))


# --- what the bytes are ------------------------------------------------------------------------------------

FORMATS = ("csv", "tsv", "xlsx", "jsonl", "json", "fixed")
"""What a user may call the form of a file."""
_FORMS = {"csv": "csv", "tsv": "tsv", "json": "json", "jsonl": "json", "ndjson": "json", "fixed": "fixed"} | (
    dict.fromkeys(sheets.ENDINGS, "sheet")
)


class Told(NamedTuple):
    """What the user says of a file beside its name; None where the file is to tell.

    `format` is one of `FORMATS`; `columns` describes fixed-width text: "name=first-last" in character
    positions from 1, as `cut -c` counts; `sheet` is a sheet's name or number.
    """

    format: str | None = None
    columns: str | None = None
    encoding: str | None = None
    sheet: str | None = None


def read_rows(
    data: bytes,
    name: str,
    *,
    problems: list[Problem],
    told: Told = Told(),  # noqa: B008 - a value, never changed
    knows: Callable[[str], bool] | None = None,
    notice: Callable[[str], None] | None = None,
    heads: headings.Heads | None = None,
) -> Iterator[Row]:
    """Yield the good rows of a file and append what is wrong with the others to `problems`.

    Cells are text or `Faulty`; JSON keeps its types, with Decimal for fractions. Where the user has not told
    the format, the end of `name` decides, then the content. `knows` tells a field's title and so helps to
    find the header of a sheet; `notice` is told what was guessed; `heads` names the columns of CSV and sheets
    that may have several lines of headings. The caller adds its own problems to the list and raises `BadRows`
    when the rows are through; a file that cannot be read as rows raises `BadData`, one with too many
    problems `BadRows`.
    """
    form, plain = _opened(data, name, told, notice)
    if form == "sheet":
        found = _rows(sheets.objects(sheets.table(data, name, told.sheet, knows, notice, heads), problems))
    elif form == "fixed":
        found = _rows(fixedwidth.rows(plain, told.columns or "", problems))
    elif form == "json":
        found = _rows(jsonrows.objects(plain, problems))
    else:
        found = _csv(plain, name, _delimiter(plain, form, name, notice), problems, heads)
    return _stopping(found, name, problems)


def as_written(
    data: bytes, name: str, told: Told, knows: Callable[[str], bool] | None = None
) -> tuple[list[str], dict[int, list[Any]]]:
    """Return the column names of a file and the cells of its rows by line as they stand there, good or bad.

    The file is one that `read_rows` has read. A row that cannot be split into cells is left out.
    """
    form, plain = _opened(data, name, told, None)
    if form == "sheet":
        table = sheets.table(data, name, told.sheet, knows)
        return table.names, dict(table.rows)
    if form in ("csv", "tsv"):
        records = _records(plain, _delimiter(plain, form, name, None), [])
        names = _header(records, name, [])
        found = ((line, cells) for line, cells in records if cells and not _blank(cells))
        return names, {line: [unguard(cell) for cell in cells] for line, cells in found}
    objects = (
        jsonrows.objects(plain, []) if form == "json" else fixedwidth.rows(plain, told.columns or "", [])
    )
    rows = {row[0]: row[1] for row in objects if row and row[1] is not None}
    titles = list(dict.fromkeys(title for cells in rows.values() for title in cells))
    return titles, {line: [cells.get(title, "") for title in titles] for line, cells in rows.items()}


def _opened(data: bytes, name: str, told: Told, notice: Callable[[str], None] | None) -> tuple[str, bytes]:
    """Return csv, tsv, json, fixed or sheet, and the text as UTF-8 where it is text."""
    form = _form(name, told.format, told.columns)
    if told.columns is not None:
        fixedwidth.layout(told.columns)  # a mistake in it is said before one in the file
    if form == "sheet" or (not form and data.startswith(sheets.MAGIC)):
        return "sheet", b""
    if told.sheet is not None:
        raise Usage(_("--sheet: {file} is no workbook").format(file=name), _("leave out --sheet"))
    plain = as_utf8(data, name, told.encoding, notice)
    if not plain.strip(_BLANKS):
        if form != "json":
            raise BadData(
                _("{file} is empty").format(file=name),
                _("where no rows are as good as some, say --format jsonl"),
            )
        return form, b""
    return form or _form_of(plain, name), plain


def _rows(found: Iterator[tuple[int, dict[str, Any] | None]]) -> Iterator[Row | None]:
    for line, cells in found:
        yield None if cells is None else Row(line, cells)


def _stopping(rows: Iterator[Row | None], name: str, problems: list[Problem]) -> Iterator[Row]:
    """Pass the good rows on; stop at more problems than anybody reads, so that memory stays bounded."""
    for row in rows:
        if row is not None:
            yield row
        if len(problems) >= MOST_PROBLEMS:
            stopped = _("reading stopped after {count} problems").format(count=MOST_PROBLEMS)
            raise BadRows(problems, name, stopped)


def _form(name: str, format: str | None, columns: str | None) -> str:
    """Return the form of a file from what the user said, or "" where only the content can tell."""
    if format is not None and format not in _FORMS:
        said = _("cannot read the format '{format}'").format(format=format)
        raise Usage(said, _("use one of {formats}").format(formats=_(", ").join(FORMATS)))
    if columns is not None:
        if format not in (None, "fixed"):
            said = _("columns describe fixed-width text, not {format}").format(format=format)
            raise Usage(said, _("leave out one of the two"))
        return "fixed"
    ending = os.path.splitext(name)[1].lower().lstrip(".")
    if format == "fixed" or (format is None and ending in ("txt", "fixed")):
        raise Usage(
            _("{file} is text without named columns").format(file=name),
            _("give its --columns, such as {example}, or another --format").format(
                example=fixedwidth.EXAMPLE
            ),
        )
    if format is not None:
        return _FORMS[format]
    return _FORMS.get(ending, "")


def _form_of(plain: bytes, name: str) -> str:
    if re.match(rb"[ \t\r\n]*[{\[]", plain):
        return "json"
    if any(mark in _header_line(plain) for mark in b",;\t"):
        return "csv"
    said = _("cannot tell the format of {file}").format(file=name)
    raise Usage(said, _("name it with --format, or give its --columns"))


# --- CSV ----------------------------------------------------------------------------------------------------


def _header_line(plain: bytes) -> bytes:
    """Return the first line that holds something, without what is in quotes."""
    found = re.match(rb"[\r\n]*([^\r\n]*)", plain)
    return re.sub(rb'"[^"]*"', b"", found[1]) if found else b""


def _delimiter(plain: bytes, form: str, name: str, notice: Callable[[str], None] | None) -> str:
    if form == "tsv":
        return "\t"
    line = _header_line(plain)
    found = max(",;\t", key=lambda mark: line.count(mark.encode()))
    if notice and found == ";":
        notice(_("{file}: cells are divided by semicolons").format(file=name))
    elif notice and found == "\t":
        notice(_("{file}: cells are divided by tabs").format(file=name))
    return found


def _csv(
    plain: bytes, name: str, delimiter: str, problems: list[Problem], heads: headings.Heads | None = None
) -> Iterator[Row | None]:
    records = _records(plain, delimiter, problems)
    if heads:
        names, records = _headed(records, name, problems, heads)
    else:
        names = _header(records, name, problems)
    used = [title for title in names if title]
    nameless = len(used) != len(names)
    guarded = any_guarded(plain)
    for line, cells in records:
        if cells is None:
            yield None
            continue
        if _blank(cells):
            continue
        if nameless or len(cells) != len(names):
            wrong = _misfits(line, cells, names, delimiter)
            if wrong:
                problems.extend(wrong)
                yield None
                continue
            cells = list(compress(cells, names))
        if guarded:
            cells = [unguard(cell) if cell[:1] == "'" else cell for cell in cells]
        yield Row(line, dict(zip(used, cells, strict=False)))


def _blank(cells: Sequence[str]) -> bool:
    """Tell whether a row holds nothing, as the blank rows of a sheet do that was saved as CSV."""
    return not any(map(str.strip, cells))


def _records(plain: bytes, delimiter: str, problems: list[Problem]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the line where each record starts and its cells, None for one that cannot be split."""
    csv.field_size_limit(LONGEST_CELL)
    lines = io.TextIOWrapper(io.BytesIO(plain), "utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            for cells in reader:
                if cells:
                    yield last + 1, cells
                last = reader.line_num
            return
        except csv.Error as error:
            said, hopeless = _csv_fault(str(error))
            problems.append(Problem(last + 1, "", "", said))
            yield last + 1, None
            if hopeless:
                return
            last = reader.line_num


def _csv_fault(error: str) -> tuple[str, bool]:
    """Say what the csv module found wrong, and whether the lines after it cannot be told apart."""
    if error.startswith("field larger"):
        said = _("holds a cell of more than {most} MB; is a quote missing?")
        return said.format(most=LONGEST_CELL >> 20), True
    if error.startswith("unexpected end"):
        return _("a quote that opens here is never closed"), True
    return _("text follows a closing quote; write a quote inside a cell twice"), False


def _header(records: Iterator[tuple[int, list[str] | None]], name: str, problems: list[Problem]) -> list[str]:
    """Return the column names of a CSV file; an empty one is allowed while its cells are empty."""
    line, cells = next(records, (0, []))
    if cells is None:
        raise BadRows([problems[-1]], name)
    return headings.checked(cells, name, line)


def _headed(
    records: Iterator[tuple[int, list[str] | None]], name: str, problems: list[Problem], heads: headings.Heads
) -> tuple[list[str], Iterator[tuple[int, list[str] | None]]]:
    """Return the column names that `heads` makes of a file's first lines, and what stands below them."""
    first = list(islice(records, headings.LOOKED_AT))
    whole = [cells for _line, cells in takewhile(lambda record: record[1] is not None, first)]
    if not whole or not any(map(str.strip, whole[0] or ())):
        return _header(iter(first), name, problems[:1]), records
    count, names = heads([[cell.strip() for cell in cells or ()] for cells in whole])
    return headings.checked(names, name, first[0][0]), chain(first[count:], records)


def _misfits(line: int, cells: list[str], names: list[str], delimiter: str) -> list[Problem]:
    """List what keeps the cells of a row from having one name each."""
    if len(cells) != len(names):
        said = ngettext(
            "has {count} cell, but the header names {named}",
            "has {count} cells, but the header names {named}",
            len(cells),
        ).format(count=len(cells), named=len(names))
        return [Problem(line, "", shown(delimiter.join(cells)), said)]
    places = enumerate(zip(cells, names, strict=True), 1)
    return [headings.nameless(line, place, cell) for place, (cell, title) in places if cell and not title]
