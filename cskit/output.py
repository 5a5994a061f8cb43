"""Rows out: tables, JSON, JSON Lines and CSV. Only this file imports tabulate, and only to print a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO

from cskit.errors import Usage
from cskit.values import (
    clean,
    encode_json,
    escaped,
    guard,
    in_utc,
    json_encoder,
    lines,
    one_line,
    plain,
    text,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["FORMATS", "Column", "clean", "encode_json", "record", "rows", "text"]

FORMATS = ("table", "json", "jsonl", "csv")


class Column(NamedTuple):
    """A column of output: `name` is its key in rows and JSON, `title` what a table shows above it.

    `kind` is the kind of the record's field; text, lists and maps may be shortened to fit a terminal,
    numbers, dates and ids never.
    """

    name: str
    title: str
    align: Literal["left", "right"] = "left"
    kind: str = "text"


# --- JSON --------------------------------------------------------------------------------------------------


def _held(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return what a row holds under `names`, in their order, without what is missing."""
    return {name: in_utc(value) for name in names if (value := item.get(name)) is not None}


def _objects(items: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> Iterator[str]:
    names = [column.name for column in columns]
    encode = json_encoder()
    for item in items:
        yield escaped(encode(_held(item, names)).decode())


def _json(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO) -> int:
    count = 0
    for count, line in enumerate(_objects(items, columns), 1):
        out.write((",\n  " if count > 1 else "[\n  ") + line)
    out.write("\n]\n" if count else "[]\n")
    return count


def _jsonl(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO) -> int:
    count = 0
    for line in _objects(items, columns):
        out.write(line + "\n")
        count += 1
    return count


# --- CSV ---------------------------------------------------------------------------------------------------


class _Lines:
    """What a csv writer writes to: its "\\r\\n" becomes "\\n".

    With "\\n" as line terminator, Python before 3.13 leaves a cell that holds a carriage return unquoted.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, line: str) -> int:
        return self.out.write(line[:-2] + "\n")


def _csv(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO, raw: bool) -> int:
    import csv

    writer = csv.writer(_Lines(out), lineterminator="\r\n")
    names = [column.name for column in columns]
    writer.writerow(names)
    harmless = not raw and out.isatty()
    count = 0
    for item in items:
        cells = [_cell(item.get(name)) for name in names]
        writer.writerow([clean(cell) for cell in cells] if harmless else cells)
        count += 1
    return count


def _cell(value: Any) -> str:
    """Return a value as a cell; only text may need the guard, a number such as -5 must stay one."""
    if isinstance(value, str):
        return guard(value)
    return guard(plain(value)) if isinstance(value, list | tuple) else plain(value)


# --- tables ------------------------------------------------------------------------------------------------

_ELASTIC = {"text", "list", "map", "struct"}
_NARROWEST = 8
_GAP = 2
_BESIDE_TITLE = 2  # tabulate makes a column this much wider than its title


def _table(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    out: TextIO,
    zone: ZoneInfo,
    width: int | None,
) -> int:
    cells = [[_based(one_line(text(item.get(column.name), zone))) for column in columns] for item in items]
    if not cells:
        return 0
    titles = [one_line(column.title) for column in columns]
    if width is not None:
        _fit(titles, cells, columns, width)
    _print(cells, out, "simple", titles, [column.align for column in columns])
    return len(cells)


def _based(cell: str) -> str:
    """Give a sign that combines with the letter before it a base of its own, or it takes the column's gap."""
    if cell.isascii() or unicodedata.category(cell[0]) != "Mc":
        return cell
    return "◌" + cell


def _print(
    cells: Sequence[Sequence[str]], out: TextIO, style: str, titles: Sequence[str], aligns: Sequence[str]
) -> None:
    from tabulate import tabulate

    # Without disable_numparse the text 1e5 would be printed as 100000.
    drawn = tabulate(cells, headers=titles, tablefmt=style, disable_numparse=True, colalign=aligns)
    out.writelines(line.rstrip() + "\n" for line in drawn.split("\n"))


def _fit(titles: Sequence[str], cells: list[list[str]], columns: Sequence[Column], width: int) -> None:
    """Shorten cells, always those of the widest text column, until the table is at most `width` wide.

    Numbers, dates, ids and titles stay whole, even where the table then is too wide.
    """
    from wcwidth import wcswidth

    headed = [wcswidth(title) + _BESIDE_TITLE for title in titles]
    floors = [max(least, _NARROWEST) for least in headed]
    widest = [max(wcswidth(cell) for cell in column) for column in zip(*cells, strict=True)]
    elastic = [
        place
        for place, column in enumerate(columns)
        if column.kind in _ELASTIC and column.align == "left" and column.name not in ("id", "key")
    ]
    room = {place: min(widest[place], max(width, floors[place])) for place in elastic}
    while True:
        taken = [max(least, room.get(place, widest[place])) for place, least in enumerate(headed)]
        left = [place for place in elastic if room[place] > floors[place]]
        if sum(taken) + _GAP * (len(columns) - 1) <= width or not left:
            break
        room[max(left, key=room.__getitem__)] -= 1
    for row in cells:
        for place, most in room.items():
            if wcswidth(row[place]) > most:
                row[place] = _shortened(row[place], most)


def _shortened(cell: str, most: int) -> str:
    """Return the beginning of a cell and … in at most `most` columns of the terminal."""
    from wcwidth import wcswidth, wcwidth

    used = end = 0
    while end < len(cell) and used + wcwidth(cell[end]) < most:
        used += wcwidth(cell[end])
        end += 1
    # A sequence such as an emoji with its variant is wider than its characters one by one.
    while wcswidth(cell[:end]) >= most:
        end -= 1
    return cell[:end].rstrip(" \u200d") + "…"


# --- what commands call ------------------------------------------------------------------------------------


def rows(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    format: str,
    out: TextIO,
    *,
    zone: ZoneInfo,
    width: int | None = None,
    raw: bool = False,
) -> int:
    """Write rows as table, json (one array), jsonl or csv, and return how many there were.

    json, jsonl and csv are written while `items` is read; a table needs them all. None and missing values are
    empty cells, and left out of JSON. `width` is the terminal's, for tables; `raw` lets control characters
    through to a terminal in CSV.
    """
    match format:
        case "table":
            return _table(items, columns, out, zone, width)
        case "json":
            return _json(items, columns, out)
        case "jsonl":
            return _jsonl(items, columns, out)
        case "csv":
            return _csv(items, columns, out, raw)
    raise Usage(f"there is no output format {format!r}", f"use one of {', '.join(FORMATS)}")


def record(
    values: Mapping[str, Any],
    columns: Sequence[Column],
    format: str,
    out: TextIO,
    *,
    zone: ZoneInfo,
    raw: bool = False,
) -> None:
    """Write one record: a line per field that holds something, one JSON object, or CSV with a header."""
    if format == "json":
        out.write(encode_json(_held(values, [column.name for column in columns]), indent=True) + "\n")
    elif format == "table":
        held = [(column.title, text(values.get(column.name), zone)) for column in columns]
        cells = [(one_line(title), lines(cell)) for title, cell in held if cell]
        if cells:
            _print(cells, out, "plain", (), ("left", "left"))
    else:
        rows([values], columns, format, out, zone=zone, raw=raw)
