"""Rows in: CSV, fixed-width text and, through `cskit.jsonrows`, JSON. Must not import click or a store."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, BinaryIO, NamedTuple

from cskit import jsonrows
from cskit.encoding import as_utf8
from cskit.errors import BadData, BadRows, NotFound, Problem, Usage
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

_COLUMNS_EXAMPLE = '"customer=8-11 date=13-20"'
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
            raise Usage("standard input is closed", "name a file, or pipe the rows in")
        return _all_of(sys.stdin.buffer, "standard input"), "standard input"
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise NotFound(f"there is no file {path}", "check the path, or give - to read a pipe") from None
    except OSError as error:
        raise Usage(f"cannot read {path}: {error.strerror}", "check the path and its permissions") from None
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISDIR(mode):
            raise Usage(f"{path} is a folder", "name one file in it")
        if not stat.S_ISREG(mode):
            raise Usage(f"{path} is a device or a pipe, not a file", "pipe the rows in and give - instead")
        with open(number, "rb", buffering=0, closefd=False) as file:
            return _all_of(file, path), path
    finally:
        os.close(number)


def _all_of(stream: BinaryIO | io.RawIOBase, name: str) -> bytes:
    chunks, size = [], 0
    try:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > LARGEST_FILE:
                raise BadData(
                    f"{name} holds more than {LARGEST_FILE >> 20} MB", "split it into smaller files"
                )
            chunks.append(chunk)
    except OSError as error:
        raise Usage(f"cannot read {name}: {error.strerror}", "name a file, or pipe the rows in") from None
    return b"".join(chunks)


# --- what the bytes are ------------------------------------------------------------------------------------

_FORMATS = {"csv": "csv", "tsv": "tsv", "json": "json", "jsonl": "json", "ndjson": "json", "fixed": "fixed"}


def read_rows(
    data: bytes,
    name: str,
    *,
    problems: list[Problem],
    format: str | None = None,
    columns: str | None = None,
    encoding: str | None = None,
) -> Iterator[Row]:
    """Yield the good rows of a file and append what is wrong with the others to `problems`.

    Cells of CSV and fixed-width text are text; JSON keeps its types, with Decimal for fractions. Without
    `format` the end of `name` decides, then the content. `columns` describes fixed-width text:
    "name=first-last" in character positions from 1, as `cut -c` counts. The caller adds its own problems to
    the list and raises `BadRows` when the rows are through; a file that cannot be read as rows raises
    `BadData`, one with too many problems `BadRows`.
    """
    form = _form(name, format, columns)
    layout = _layout(columns) if columns is not None else []
    plain = as_utf8(data, name, encoding)
    if not form and not plain.strip(_BLANKS):
        return iter(())
    form = form or _form_of(plain, name)
    if form == "fixed":
        found = _fixed(plain, layout, problems)
    elif form == "json":
        found = _json(plain, problems)
    else:
        found = _csv(plain, name, "\t" if form == "tsv" else _delimiter(plain), problems)
    return _stopping(found, name, problems)


def _stopping(rows: Iterator[Row | None], name: str, problems: list[Problem]) -> Iterator[Row]:
    """Pass the good rows on; stop at more problems than anybody reads, so that memory stays bounded."""
    for row in rows:
        if row is not None:
            yield row
        if len(problems) >= MOST_PROBLEMS:
            raise BadRows(problems, name, f"reading stopped after {MOST_PROBLEMS} problems")


def _form(name: str, format: str | None, columns: str | None) -> str:
    """Return csv, tsv, json or fixed from what the user said, or "" where only the content can tell."""
    if format is not None and format not in _FORMATS:
        raise Usage(f"cannot read the format {format!r}", f"use one of {', '.join(_FORMATS)}")
    if columns is not None:
        if format not in (None, "fixed"):
            raise Usage(f"columns describe fixed-width text, not {format}", "leave out one of the two")
        return "fixed"
    ending = os.path.splitext(name)[1].lower().lstrip(".")
    if format == "fixed" or (format is None and ending in ("txt", "fixed")):
        raise Usage(
            f"{name} is text without named columns",
            f"give its --columns, such as {_COLUMNS_EXAMPLE}, or another --format",
        )
    if format is not None:
        return _FORMATS[format]
    return _FORMATS.get(ending, "")


def _form_of(plain: bytes, name: str) -> str:
    if re.match(rb"[ \t\r\n]*[{\[]", plain):
        return "json"
    if any(mark in _header_line(plain) for mark in b",;\t"):
        return "csv"
    raise Usage(f"cannot tell the format of {name}", "name it with --format, or give its --columns")


# --- JSON, CSV, fixed width --------------------------------------------------------------------------------


def _json(plain: bytes, problems: list[Problem]) -> Iterator[Row | None]:
    for line, cells in jsonrows.objects(plain, problems):
        yield None if cells is None else Row(line, cells)


def _header_line(plain: bytes) -> bytes:
    """Return the first line that holds something, without what is in quotes."""
    found = re.match(rb"[\r\n]*([^\r\n]*)", plain)
    return re.sub(rb'"[^"]*"', b"", found[1]) if found else b""


def _delimiter(plain: bytes) -> str:
    line = _header_line(plain)
    return max(",;\t", key=lambda mark: line.count(mark.encode()))


def _csv(plain: bytes, name: str, delimiter: str, problems: list[Problem]) -> Iterator[Row | None]:
    records = _records(plain, delimiter, problems)
    names = _header(records, name, problems)
    used = [title for title in names if title]
    nameless = len(used) != len(names)
    guarded = any_guarded(plain)
    for line, cells in records:
        if cells is None:
            yield None
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
        return f"holds a cell of more than {LONGEST_CELL >> 20} MB; is a quote missing?", True
    if error.startswith("unexpected end"):
        return "a quote that opens here is never closed", True
    return "text follows a closing quote; write a quote inside a cell twice", False


def _header(records: Iterator[tuple[int, list[str] | None]], name: str, problems: list[Problem]) -> list[str]:
    """Return the column names of a CSV file; an empty one is allowed while its cells are empty."""
    line, cells = next(records, (0, []))
    if cells is None:
        raise BadRows([problems[-1]], name)
    names = [title.strip() for title in cells]
    if not any(names):
        raise BadData(f"{name} has no header", "a CSV file begins with a line of column names")
    twice = [title for title, times in Counter(names).items() if title and times > 1]
    if twice:
        raise BadData(
            f"{name}: line {line} names {', '.join(twice)} more than once", "rename all but one of them"
        )
    return names


def _misfits(line: int, cells: list[str], names: list[str], delimiter: str) -> list[Problem]:
    """List what keeps the cells of a row from having one name each."""
    if len(cells) != len(names):
        count = f"{len(cells)} cell{'s' if len(cells) != 1 else ''}"
        return [
            Problem(line, "", shown(delimiter.join(cells)), f"has {count}, but the header names {len(names)}")
        ]
    places = enumerate(zip(cells, names, strict=True), 1)
    return [
        Problem(line, "", shown(cell), f"column {place} has no name in the header")
        for place, (cell, title) in places
        if cell and not title
    ]


class _Span(NamedTuple):
    """A column of fixed-width text, as slice bounds."""

    name: str
    start: int
    end: int


def _layout(columns: str) -> list[_Span]:
    spans: dict[str, _Span] = {}
    for part in re.split(r"[\s,，]+", columns.strip(" \t\r\n,，")):
        found = re.fullmatch(r"([^=]+)=(\d{1,6})-(\d{1,6})", part, re.ASCII)
        if not found or not 1 <= int(found[2]) <= int(found[3]):
            raise Usage(
                f"cannot read the column {part!r}", f"write name=first-last, such as {_COLUMNS_EXAMPLE}"
            )
        if found[1] in spans:
            raise Usage(f"the columns name {found[1]} twice", "give each column a name of its own")
        spans[found[1]] = _Span(found[1], int(found[2]) - 1, int(found[3]))
    return list(spans.values())


def _fixed(plain: bytes, layout: Sequence[_Span], problems: list[Problem]) -> Iterator[Row | None]:
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(plain), "utf-8", newline="\n"), 1):
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        missing = [span for span in layout if len(text) <= span.start]
        if missing:
            problems.extend(
                Problem(number, span.name, shown(text), f"the line ends before position {span.start + 1}")
                for span in missing
            )
            yield None
            continue
        yield Row(number, {name: text[start:end].strip() for name, start, end in layout})
