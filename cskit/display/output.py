"""Rows out: tables, JSON, CSV, Markdown; workbooks by `cskit.display.workbook`.

Only this file prints with tabulate, which `cskit.display.drawing` imports.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO

from cskit.display import jsontext
from cskit.errors import BadData, Usage
from cskit.i18n import _
from cskit.values import (
    clean,
    encode_json,
    guard,
    lines,
    one_line,
    plain,
    text,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit.records.masks import Mask

__all__ = ["FORMATS", "Column", "clean", "encode_json", "record", "rows", "text"]

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md", "xlsx")


class Column(NamedTuple):
    """A column of output: `name` is its key in rows and JSON, `title` what a table shows above it.

    `kind` is the kind of the record's field; text, lists and maps may be shortened to fit a terminal,
    numbers, dates and ids never. `mask` hides what is in a column of personal data, unless --reveal is given.
    `choices` is what people see for each code, in their language; `codes` are those that are messages.
    """

    name: str
    title: str
    align: Literal["left", "right"] = "left"
    kind: str = "text"
    mask: Mask | None = None
    choices: Mapping[str, str] = MappingProxyType({})
    codes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title in the user's language."""
        return _(self.title) if self.title else ""

    def shown(self, value: Any) -> Any:
        """Return a value with what people see in the place of codes."""
        if not self.choices:
            return _(value) if self.codes and value in self.codes else value
        if isinstance(value, list | tuple):
            return [self.shown(part) for part in value]
        return self.choices.get(value, value) if isinstance(value, str) else value


# --- CSV and TSV -------------------------------------------------------------------------------------------


class _Lines:
    """What a csv writer writes to: its "\\r\\n" becomes "\\n".

    With "\\n" as line terminator, Python before 3.13 leaves a cell that holds a carriage return unquoted.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, line: str) -> int:
        return self.out.write(line[:-2] + "\n")


def _csv(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    out: TextIO,
    *,
    tabs: bool,
    titles: bool,
    raw: bool,
) -> int:
    import csv

    writer = csv.writer(_Lines(out), delimiter="\t" if tabs else ",", lineterminator="\r\n")
    names = [column.name for column in columns]
    writer.writerow([column.heading for column in columns] if titles else names)
    harmless = not raw and out.isatty()
    unsaid = _unsaid(out)
    count = 0
    for item in items:
        cells = [_cell(item.get(name)) for name in names]
        if unsaid:
            unsaid(item, columns, cells)
        writer.writerow([clean(cell) for cell in cells] if harmless else cells)
        count += 1
    return count


def _unsaid(out: TextIO) -> Callable[[Mapping[str, Any], Sequence[Column], Sequence[str]], None] | None:
    """Return what refuses cells that the file's encoding has no characters for; None where it has all."""
    encoding = (getattr(out, "encoding", None) or "utf-8").lower()
    if encoding.startswith("utf"):
        return None

    def check(item: Mapping[str, Any], columns: Sequence[Column], cells: Sequence[str]) -> None:
        for column, cell in zip(columns, cells, strict=True):
            try:
                cell.encode(encoding)
            except UnicodeEncodeError as error:
                said = _("{record}: {field} holds '{letter}', which {encoding} does not have").format(
                    record=item.get("id") or "?",
                    field=column.heading,
                    letter=cell[error.start],
                    encoding=encoding,
                )
                raise BadData(said, _("use --encoding gb18030 or utf-8")) from None

    return check


def _cell(value: Any) -> str:
    """Return a value as a cell; only text may need the guard, a number such as -5 must stay one."""
    if isinstance(value, str):
        return guard(value)
    return guard(plain(value)) if isinstance(value, list | tuple) else plain(value)


# --- tables ------------------------------------------------------------------------------------------------

_ELASTIC = {"text", "list", "map", "struct"}
_NARROWEST = 8
_GAP = 2
_BESIDE_TITLE = 2  # a column is this much wider than its title, unless the terminal has no room for it


def _table(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    out: TextIO,
    zone: ZoneInfo,
    width: int | None,
    left_out: Callable[[Sequence[Column]], None] | None,
) -> int:
    cells = [
        [_based(one_line(text(column.shown(item.get(column.name)), zone))) for column in columns]
        for item in items
    ]
    if not cells:
        return 0
    titles = [one_line(column.heading) for column in columns]
    roomy = width is None or _natural(titles, cells) <= width
    if width is not None and not roomy:
        if left_out:
            kept = _fitting(titles, cells, columns, width)
            if len(kept) < len(columns):
                left_out([column for place, column in enumerate(columns) if place not in kept])
                columns, titles = [columns[place] for place in kept], [titles[place] for place in kept]
                cells = [[row[place] for place in kept] for row in cells]
        _fit(titles, cells, columns, width)
    _print(cells, out, "simple", titles, [column.align for column in columns], roomy)
    return len(cells)


def _natural(titles: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """Return how wide a table is in which nothing is shortened."""
    from wcwidth import wcswidth

    columns = zip(titles, zip(*cells, strict=True), strict=True)
    widths: list[int] = [
        max(wcswidth(title) + _BESIDE_TITLE, *map(wcswidth, held)) for title, held in columns
    ]
    return sum(widths) + _GAP * (len(widths) - 1)


def _fitting(
    titles: Sequence[str], cells: Sequence[Sequence[str]], columns: Sequence[Column], width: int
) -> list[int]:
    """Return which columns fit side by side at their narrowest: those to the left, and the id."""
    from wcwidth import wcswidth

    needs = []
    for place, column in enumerate(columns):
        least = wcswidth(titles[place])
        widest = max(wcswidth(row[place]) for row in cells)
        needs.append(max(least, min(widest, max(least, _NARROWEST)) if _elastic(column) else widest) + _GAP)
    kept = list(range(len(columns)))
    for place in reversed(range(len(columns))):
        if sum(needs[each] for each in kept) - _GAP <= width or len(kept) == 1:
            break
        if columns[place].name != "id":
            kept.remove(place)
    return kept


def _elastic(column: Column) -> bool:
    return column.kind in _ELASTIC and column.align == "left" and column.name not in ("id", "key")


def _markdown(
    items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO, zone: ZoneInfo
) -> int:
    """Write a table as GitHub and most wikis read it."""
    cells = [
        [_in_markdown(text(column.shown(item.get(column.name)), zone)) for column in columns]
        for item in items
    ]
    titles = [_in_markdown(column.heading) for column in columns]
    _print(cells, out, "pipe", titles, [column.align for column in columns])
    return len(cells)


_MARKDOWN = {ord("\\"): "\\\\", ord("|"): "\\|", ord("<"): "&lt;", ord("&"): "&amp;", ord("["): "\\["}


def _in_markdown(cell: str) -> str:
    return _based(one_line(lines(cell.translate(_MARKDOWN)).replace("\n", "<br>")))


def _based(cell: str) -> str:
    """Give a sign that combines with the letter before it a base of its own, or it takes the column's gap."""
    if cell.isascii() or unicodedata.category(cell[0]) != "Mc":
        return cell
    return "◌" + cell


def _print(
    cells: Sequence[Sequence[str]],
    out: TextIO,
    style: str,
    titles: Sequence[str],
    aligns: Sequence[str],
    roomy: bool = True,
) -> None:
    from cskit.display.drawing import tabulate

    tabulate.MIN_PADDING = _BESIDE_TITLE if roomy else 0
    # Without disable_numparse the text 1e5 would be printed as 100000.
    drawn = tabulate.tabulate(cells, headers=titles, tablefmt=style, disable_numparse=True, colalign=aligns)
    out.writelines(line.rstrip() + "\n" for line in drawn.split("\n"))


def _fit(titles: Sequence[str], cells: list[list[str]], columns: Sequence[Column], width: int) -> None:
    """Shorten cells, always those of the widest text column, until the table is at most `width` wide.

    Numbers, dates, ids and titles stay whole, even where the table then is too wide.
    """
    from wcwidth import wcswidth

    headed = [wcswidth(title) for title in titles]
    floors = [max(least, _NARROWEST) for least in headed]
    widest = [max(wcswidth(cell) for cell in column) for column in zip(*cells, strict=True)]
    elastic = [place for place, column in enumerate(columns) if _elastic(column)]
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
    title: str = "",
    headings: str | None = None,
    left_out: Callable[[Sequence[Column]], None] | None = None,
) -> int:
    """Write rows in one of the `FORMATS` and return how many there were.

    json, jsonl, csv and tsv are written while `items` is read; a table needs them all. None and missing
    values are empty cells, and left out of JSON. `width` is the terminal's, for tables; columns that do not
    fit there are left out where `left_out` is told of them. `raw` lets control characters through to a
    terminal in CSV. `title` names a workbook's sheet; `headings` says "names" or "titles" for csv, tsv and
    xlsx where these have other ones by themselves.
    """
    match format:
        case "table":
            return _table(items, columns, out, zone, width, left_out)
        case "json":
            return jsontext.json(items, columns, out)
        case "jsonl":
            return jsontext.jsonl(items, columns, out)
        case "csv" | "tsv":
            return _csv(items, columns, out, tabs=format == "tsv", titles=headings == "titles", raw=raw)
        case "md":
            return _markdown(items, columns, out, zone)
        case "xlsx":
            return _workbook(items, columns, out, zone, title, names=headings == "names")
    raise Usage(
        _("there is no output format '{format}'").format(format=format),
        _("use one of {formats}").format(formats=_(", ").join(FORMATS)),
    )


def _workbook(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    out: TextIO,
    zone: ZoneInfo,
    title: str,
    *,
    names: bool,
) -> int:
    from cskit.display import workbook

    out.flush()
    headings = [column.name if names else column.heading for column in columns]
    return workbook.write(items, columns, headings, out.buffer, zone=zone, title=title)


def record(
    values: Mapping[str, Any],
    columns: Sequence[Column],
    format: str,
    out: TextIO,
    *,
    zone: ZoneInfo,
    raw: bool = False,
    title: str = "",
) -> None:
    """Write one record: a line per field that holds something, one JSON object, or a table of one row."""
    if format == "json":
        names = [column.name for column in columns if column.name in values]
        out.write(encode_json(jsontext.held(values, names), indent=True) + "\n")
    elif format == "table":
        held = [(column.heading, text(column.shown(values.get(column.name)), zone)) for column in columns]
        cells = [(one_line(title), lines(cell)) for title, cell in held if cell]
        if cells:
            _print(cells, out, "plain", (), ("left", "left"))
    else:
        rows([values], columns, format, out, zone=zone, raw=raw, title=title)
