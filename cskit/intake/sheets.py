"""Rows in from workbooks: xlsx, xls, xlsb and ods; `sheetreader` parses them in a process of its own.

Must not import click or a store.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cskit.errors import BadData, NotFound, Problem
from cskit.i18n import _, ngettext
from cskit.intake import headings
from cskit.values import Faulty

LARGEST = 64 << 20
LONGEST_CELL = 1 << 20
ENDINGS = ("xlsx", "xlsm", "xlsb", "xls", "ods", "et")
MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_READER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sheetreader.py")
_SNIFFED = 20  # so many rows are looked at for the header
_TOTALS = {"合计", "总计", "共计", "小计", "total", "totals", "grandtotal", "sum"}
_EXACT = 10**15  # a spreadsheet keeps fifteen digits


class Sheet(NamedTuple):
    """One sheet: its rows by number, their cells from the column `left` on, typed as a workbook does."""

    name: str
    others: tuple[str, ...]
    left: int
    rows: list[tuple[int, list[Any]]]


class Table(NamedTuple):
    """The rows below a header: `names` are the columns', "" for one without."""

    sheet: Sheet
    line: int
    names: list[str]
    rows: list[tuple[int, list[Any]]]


def objects(table: Table, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Yield line and cells by column of each row, as text; None for a row with cells under no name."""
    names = table.names
    used = [(place, title) for place, title in enumerate(names) if title]
    nameless = len(used) != len(names)
    for line, cells in table.rows:
        width = len(cells)
        if nameless or width > len(names):
            stray = [
                headings.nameless(line, _letters(table.sheet.left + place), text_of(cell))
                for place, cell in enumerate(cells)
                if cell != "" and (place >= len(names) or not names[place]) and not _blank(cell)
            ]
            if stray:
                problems += stray
                yield line, None
                continue
        if width < len(names):
            cells = cells + [""] * (len(names) - width)
        # Most cells are text, and asking each what it is takes as long as parsing the sheet.
        yield (
            line,
            {
                title: cell if (cell := cells[place]).__class__ is str else text_of(cell)
                for place, title in used
            },
        )


def table(
    data: bytes,
    name: str,
    sheet: str | None = None,
    knows: Callable[[str], bool] | None = None,
    notice: Callable[[str], None] | None = None,
    heads: headings.Heads | None = None,
) -> Table:
    """Find the header of a sheet and return what stands below it; `knows` tells a field's title.

    `heads` names the columns where the header may have several lines. Says by `notice` what was decided where
    it could have been decided otherwise. Raises `BadData`.
    """
    found = read(data, name, sheet)
    place = _header(found.rows, knows)
    line, cells = found.rows[place]
    count, names = 1, [_title(cell) for cell in cells]
    if heads:
        count, made = heads(
            [[_title(cell) for cell in row] for _line, row in found.rows[place : place + headings.LOOKED_AT]]
        )
        names = list(made)
    names = headings.checked(names, name, line)
    rows = found.rows[place + count :]
    if rows and _sums_up(rows[-1][1]):
        last, _cells = rows.pop()
        if notice:
            said = _("{file}: line {line} sums up the others, and is not read")
            notice(said.format(file=name, line=last))
    if notice and (place or line > 1 or found.others):
        said = ngettext(
            "{file}: sheet {sheet}, header in line {line}, {count} row",
            "{file}: sheet {sheet}, header in line {line}, {count} rows",
            len(rows),
        ).format(file=name, sheet=found.name, line=line, count=len(rows))
        notice(said)
    if notice and found.others:
        said = _("{file}: not read: {sheets} (--sheet NAME reads another)")
        notice(said.format(file=name, sheets=_(", ").join(found.others)))
    return Table(found, line, names, rows)


def _sums_up(cells: Sequence[Any]) -> bool:
    """Tell whether a last row is that of the totals: nothing but numbers beside the word for it."""
    held = [cell for cell in cells if cell != "" and not _blank(cell)]
    texts = ["".join(cell.split()).rstrip(":：").lower() for cell in held if isinstance(cell, str)]
    return len(texts) == 1 < len(held) and texts[0] in _TOTALS


# --- the header --------------------------------------------------------------------------------------------


def _header(rows: Sequence[tuple[int, list[Any]]], knows: Callable[[str], bool] | None) -> int:
    """Return which row names the columns: titles and remarks may stand above it."""
    texts = [[_title(cell) for cell in cells if isinstance(cell, str)] for _line, cells in rows[:_SNIFFED]]
    texts = [[text for text in row if text] for row in texts]
    for wanted in (2, 1):
        if knows:
            for place, row in enumerate(texts):
                if sum(map(knows, row)) >= wanted and len(row) >= wanted:
                    return place
        for place, row in enumerate(texts):
            if len(row) >= wanted:
                return place
    return 0


def _title(cell: Any) -> str:
    """Return a heading on one line: Chinese ones are often broken by hand."""
    text = text_of(cell)
    if not isinstance(text, str):
        return text.value
    parts = text.split()
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        joined += (" " if joined.isascii() or part.isascii() else "") + part
    return joined


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- cells as text -----------------------------------------------------------------------------------------


def text_of(cell: Any) -> str | Faulty:
    """Return a cell as the sheet shows it, or as what is wrong with it.

    Numbers have the fifteen digits that a spreadsheet keeps; times are without an offset, as in the sheet.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dict):
        ((kind, value),) = cell.items()
        if kind == "error":
            return Faulty(value, _("is an error in the sheet; mend the formula or enter the value"))
        return str(value)
    if not abs(cell) < _EXACT:  # nor what is not a number at all
        said = _("is a number of more than 15 digits, and a spreadsheet loses those; enter it as text")
        return Faulty(f"{Decimal(cell):f}", said)
    if cell == int(cell):
        return str(int(cell))
    return f"{Decimal(format(cell, '.15g')):f}"


def _blank(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()


# --- the program that reads --------------------------------------------------------------------------------


def read(data: bytes, name: str, sheet: str | None) -> Sheet:
    """Return the sheet asked for, else the first that holds something; raises `BadData` or `NotFound`."""
    if not data.startswith(MAGIC):
        raise _no_workbook(data, name)
    if len(data) > LARGEST:
        said = _("{file} is a workbook of more than {most} MB").format(file=name, most=LARGEST >> 20)
        raise BadData(said, _("split it, or save it as CSV and read that"))
    lines = _asked(data, name, sheet or "")
    first = next(lines, {"refused": "memory"})
    if "refused" in first:
        raise _refused(first, name, sheet or "")
    rows = []
    for found in lines:
        if isinstance(found, dict):
            raise _refused(found, name, sheet or "")
        rows.append((found[0], found[1]))
    if not rows:
        raise _refused({"refused": "empty"}, name, sheet or "")
    return Sheet(str(first["sheet"]), tuple(first["others"]), int(first["left"]), rows)


def _asked(data: bytes, name: str, sheet: str) -> Iterator[Any]:
    """Yield what the reading program answers."""
    import importlib.util
    import json

    spec = importlib.util.find_spec("python_calamine")
    folder = os.path.dirname(os.path.dirname(spec.origin)) if spec and spec.origin else ""
    command = [sys.executable, "-I", "-S", "-X", "utf8", _READER, folder, sheet, str(LONGEST_CELL)]
    done = subprocess.run(command, input=data, stdout=-1, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - our own program; the sheet's name is one word
    if done.returncode:
        raise _refused({"refused": "memory"}, name, sheet)
    del data
    yield from map(json.loads, done.stdout.splitlines())


def _refused(answer: Mapping[str, Any], name: str, sheet: str) -> BadData | NotFound:
    """Return the error for a workbook that the program does not read."""
    again = _("copy the rows into a new workbook, or save them as CSV")
    saved = _("open it in a spreadsheet program and save it as .xlsx")
    whole = _("open it in a spreadsheet program and save it without a password")
    said = {
        "locked": (_("{file} is locked with a password"), whole),
        "broken": (_("{file} is no workbook that can be read; it is damaged or of an unknown form"), saved),
        "encoding": (_("{file} is no workbook that can be read; it is damaged or of an unknown form"), saved),
        "entities": (
            _("{file} holds document types or entities, which no spreadsheet program writes"),
            saved,
        ),
        "parts": (_("{file} has more than {most} parts"), again),
        "inflated": (_("{file} unpacks to more than {most} MB, too much for a file of its size"), again),
        "memory": (_("{file} takes more memory or time than a file of its size should"), again),
        "columns": (_("{file}: sheet {sheet} has {count} columns; {most} are the most that is read"), again),
        "cell": (_("{file}: line {line} holds a cell of more than {most} characters"), again),
        "empty": (_("{file} holds no rows"), _("name the sheet that does with --sheet")),
    }
    if answer["refused"] == "sheet":
        message = _("there is no sheet '{sheet}' in {file}").format(sheet=sheet, file=name)
        return NotFound(message, _("it has {sheets}").format(sheets=_(", ").join(answer["there"])))
    message, hint = said[answer["refused"]]
    return BadData(message.format(file=name, **{"sheet": sheet, **answer}), hint)


def _no_workbook(data: bytes, name: str) -> BadData:
    """Return the error for a file that only its name makes a workbook."""
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data.strip():
        return BadData(_("{file} is empty").format(file=name), _("save the workbook again"))
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml")):
        said = _("{file} is a web page or XML, not a workbook, whatever its name says")
        return BadData(said.format(file=name), _("open it in a spreadsheet program and save it as .xlsx"))
    said = _("{file} is no workbook, whatever its name says")
    return BadData(said.format(file=name), _("if it is text, --format csv reads it"))
