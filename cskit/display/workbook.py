"""Rows out as a workbook. Only this file and `problems`, beside it, import xlsxwriter, and only to write.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, BinaryIO

from cskit.errors import BadData
from cskit.i18n import _
from cskit.values import plain

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit.display.output import Column

LONGEST_CELL = 32_767  # in UTF-16 units, as a spreadsheet counts
MOST_ROWS = 1_048_575
DIGITS = 15
"""What a spreadsheet keeps of a number."""
_SPARE = 500  # rows below the last that have the drop-downs as well
_MEASURED = 500  # rows that column widths are made for; measuring all takes as long as writing them
_WIDEST, _BESIDE = 60, 3
_PAGE = 220
_LINE, _MOST_LINES = 15, 10  # points of a line, and how many lines a row shows
_LONGEST_LIST = 255  # of a drop-down's choices inside the sheet
_EARLIEST = dt.date(1900, 3, 1)  # before that, spreadsheets count a day that never was
_MADE = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - a date of the file's format
"""When each workbook says it was made, as the entries of its archive do: the same records, the same bytes."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "strings_to_dates": False,
    "default_date_format": "yyyy-mm-dd",
}
# Not characters; and escapes that overlap, of which spreadsheet programs make different texts.
_UNKEPT = re.compile("[\ufffe\uffff\ud800-\udfff]|_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")


def write(
    items: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    headings: Sequence[str],
    out: BinaryIO,
    *,
    zone: ZoneInfo,
    title: str,
) -> int:
    """Write rows as a workbook of one sheet and return how many there were.

    Raises `BadData`, naming record and field, for a value that no cell can hold.
    """
    import tempfile

    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="cskit-") as folder:  # nobody else may look into it
        book = xlsxwriter.Workbook(Target(out), _OPTIONS | {"tmpdir": folder})
        try:
            sheet = Sheet(book, sheet_name(title), zone)
            sheet.headings(headings)
            count = 0
            for count, item in enumerate(items, 1):
                refuse_more(count)
                for place, column in enumerate(columns):
                    value = item.get(column.name)
                    if value is not None:
                        sheet.cell(count, place, value, column, _named(item, count))
            sheet.finish(columns, count)
            _describe(book, sheet, title, any(column.mask for column in columns))
            close(book)
        finally:
            for each in book.worksheets():
                each.row_data_fh.close()  # of a workbook that is not finished
    return count


def close(book: Any) -> None:
    """Finish a workbook; raises `OSError` where it cannot be written, as any other file would."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error


class Target:
    """What a workbook is written to. Once that has failed it takes anything, and says no more.

    zipfile tries to end an archive that it could not write when that is thrown away, and Python then prints
    the second failure over the first, which somebody is just being told of.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._failed, self._place = out, False, 0

    def _trying(self, action: Callable[[], object]) -> None:
        if not self._failed:
            try:
                action()
                self._place = self._out.tell()
            except OSError:
                self._failed = True
                raise

    def write(self, data: bytes) -> int:
        """Put data where the file stands."""
        place = self._place + len(data)
        self._trying(lambda: self._out.write(data))
        self._place = place
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._trying(lambda: self._out.seek(offset, whence))
        if self._failed and whence == 0:
            self._place = offset
        return self._place

    def tell(self) -> int:
        """Return the place where the file stands, or would stand."""
        self._trying(self._out.tell)
        return self._place

    def flush(self) -> None:
        """Write what is held back."""
        self._trying(self._out.flush)

    def seekable(self) -> bool:
        """Tell whether what was written can be gone back to."""
        return self._out.seekable()


def refuse_more(count: int) -> None:
    """Raise `BadData` for more rows than a sheet holds."""
    if count > MOST_ROWS:
        said = _("a sheet holds {most} rows at most").format(most=MOST_ROWS)
        raise BadData(said, _("choose fewer with --where, or export as csv or jsonl"))


def _named(item: Mapping[str, Any], count: int) -> str:
    return str(item.get("id") or _("row {count}").format(count=count))


def sheet_name(title: str) -> str:
    """Return a title as a sheet may be called."""
    return re.sub(r"[\[\]:*?/\\]|^'|'$", " ", title).strip()[:31] or "cskit"


def _describe(book: Any, sheet: Sheet, title: str, personal: bool) -> None:
    """Give the workbook its title, and the mark that it holds personal data, on paper too."""
    mark = _("Internal: contains personal data") if personal else ""
    book.set_properties({"title": title, "comments": mark, "author": "cskit", "created": _MADE})
    paper = sheet.sheet
    paper.set_header(f"&L{title.replace('&', '&&')}&R{mark.replace('&', '&&')}")


class Sheet:
    """A sheet being written, row by row from the top."""

    def __init__(self, book: Any, name: str, zone: ZoneInfo) -> None:
        self.sheet = book.add_worksheet(name)
        self._book, self._zone = book, zone
        self._formats: dict[tuple[str, bool, str], Any] = {}
        self._titles: list[str] = []
        self._widths: list[int] = []
        self._tallest = (0, 1)

    def headings(self, titles: Sequence[str]) -> None:
        """Write the first row, which stays in sight."""
        look = {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "valign": "vcenter"}
        bold = self._book.add_format(look)
        self._titles = list(titles)
        self._widths = [_width(title) + 2 for title in titles]  # beside it, the filter's button
        for place, title in enumerate(titles):
            self.sheet.write_string(0, place, title, bold)
        self.sheet.freeze_panes(1, 0)

    def cell(
        self,
        row: int,
        place: int,
        value: Any,
        column: Column | None = None,
        record: str = "",
        fill: str = "",
    ) -> None:
        """Write a value as what it is: text never becomes a formula, a link or a number.

        `fill` is the colour behind it.
        """
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif isinstance(value, dt.datetime) and value.tzinfo:
            value = self._local(value)
        if isinstance(value, dt.datetime):
            self.sheet.write_datetime(row, place, value, self.format("yyyy-mm-dd hh:mm:ss", fill=fill))
            shown = "2026-11-22 16:30:00"
        elif isinstance(value, dt.date) and value >= _EARLIEST:
            self.sheet.write_datetime(row, place, value, self.format("yyyy-mm-dd", fill=fill))
            shown = "2026-11-22"
        elif isinstance(value, int | float | Decimal) and (form := _number_format(value)):
            self.sheet.write_number(row, place, float(value), self.format(form, fill=fill))
            shown = plain(value)
        else:
            shown = plain(_chosen(value, column))
            if shown or fill:
                self._text(row, place, shown, record, fill)
        if row <= _MEASURED:
            self._widths[place] = max(self._widths[place], _width(shown))

    def error(self, row: int, place: int, text: str, fill: str) -> None:
        """Write an error such as #N/A, which stays one."""
        self.sheet.write_formula(row, place, f"={text}", self.format("General", fill=fill), text)

    def _text(self, row: int, place: int, text: str, record: str, fill: str) -> None:
        hint = _("leave the field out with --fields, or export as csv or jsonl")
        if (
            len(text) > LONGEST_CELL // 2
            and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
        ):
            said = _("{record}: {field} holds more than {most} characters, which is all that a cell takes")
            raise BadData(said.format(record=record, field=self._titles[place], most=LONGEST_CELL), hint)
        if not text.isascii() or "_x" in text:
            found = _UNKEPT.search(text)
            if found:
                said = _("{record}: {field} holds characters that a workbook cannot keep")
                raise BadData(said.format(record=record, field=self._titles[place]), hint)
        look = self.format("@", "\n" in text, fill)
        self.heighten(row, text.count("\n") + 1)
        if text:
            self.sheet.write_string(row, place, text, look)
        else:
            self.sheet.write_blank(row, place, None, look)

    def _local(self, value: dt.datetime) -> dt.datetime | str:
        """Return an instant as the clock showed it, or its text where no clock time in a sheet means it."""
        try:
            local = value.astimezone(self._zone).replace(tzinfo=None, fold=0)
            back = local.replace(tzinfo=self._zone).astimezone(dt.UTC)
        except OverflowError:
            return plain(value)
        return local if back == value and not local.microsecond and local.date() > _EARLIEST else plain(value)

    def format(self, form: str, wrapped: bool = False, fill: str = "") -> Any:
        """Return the workbook's format for a form of numbers, made once."""
        known = self._formats.get((form, wrapped, fill))
        if known is None:
            look = {"num_format": form, "valign": "top", "text_wrap": wrapped}
            known = self._book.add_format(look | ({"bg_color": fill} if fill else {}))
            self._formats[form, wrapped, fill] = known
        return known

    def heighten(self, row: int, lines: int) -> None:
        """Make the row being written high enough for so many lines, within reason."""
        if lines > (self._tallest[1] if self._tallest[0] == row else 1):
            self._tallest = (row, lines)
            self.sheet.set_row(row, _LINE * min(lines, _MOST_LINES))

    def widen(self, place: int, width: int) -> None:
        """Make a column at least so wide."""
        self._widths[place] = max(self._widths[place], width)

    def finish(self, columns: Sequence[Column], count: int) -> None:
        """Set what is known once all rows are written: widths, the filter, drop-downs.

        `columns` are those of which more is known than the title, from the first on.
        """
        for place, width in enumerate(self._widths):
            # What is typed into an empty cell of a text column stays text, such as 007.
            texts = place < len(columns) and columns[place].kind == "text"
            shown = min(width + _BESIDE, _WIDEST)
            self.sheet.set_column(place, place, shown, self.format("@") if texts else None)
        self._paper()
        self.sheet.autofilter(0, 0, count, max(len(self._widths) - 1, 0))
        lists = {place: options for place, column in enumerate(columns) if (options := _options(column))}
        beside = {place: options for place, options in lists.items() if not _fits(options)}
        sources = self._beside(beside) if beside else {}
        for place, options in lists.items():
            rule = {"validate": "list", "source": sources.get(place, options)}
            self.sheet.data_validation(1, place, min(count + _SPARE, MOST_ROWS), place, rule)

    def _paper(self) -> None:
        """Set how the sheet is printed: as wide as the page, if that can be read, with the titles on each."""
        self.sheet.set_footer("&C&P / &N")
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        if sum(self._widths) <= _PAGE:  # wider ones would be too small to read
            self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)

    def _beside(self, lists: Mapping[int, Sequence[str]]) -> dict[int, str]:
        """Put the choices that are too many for a rule on a hidden sheet and return where they are."""
        name = "choices"
        hidden = self._book.add_worksheet(name)
        hidden.hide()
        for row, options in enumerate(zip_longest(*lists.values(), fillvalue="")):
            for place, option in enumerate(options):
                hidden.write_string(row, place, option)
        from xlsxwriter.utility import xl_col_to_name

        letters = {place: xl_col_to_name(column) for column, place in enumerate(lists)}
        return {
            place: f"={name}!${letters[place]}$1:${letters[place]}${len(lists[place])}" for place in lists
        }


def _options(column: Column) -> list[str]:
    if column.kind == "boolean":
        return [_("yes"), _("no")]
    return list(column.choices.values()) if column.kind == "choice" else []


def _fits(options: Sequence[str]) -> bool:
    return len(",".join(options)) <= _LONGEST_LIST and not any("," in option for option in options)


def _chosen(value: Any, column: Column | None) -> Any:
    """Return the titles of choices in the place of their codes."""
    return value if column is None else column.shown(value)


def _number_format(value: float | Decimal) -> str:
    """Return the form that shows all digits of a number, "" for one that a spreadsheet would round."""
    exact = Decimal(value)
    if not exact.is_finite():
        return ""
    if isinstance(value, float):  # has no more digits than a spreadsheet's number
        return "0" if value.is_integer() else "General"
    _sign, digits, exponent = exact.as_tuple()
    decimals = max(-int(exponent), 0)
    if len(digits) > DIGITS or decimals > DIGITS or abs(exact) >= 10**DIGITS:
        return ""
    return "0." + "0" * decimals if decimals else "0"


def _width(text: str) -> int:
    """Return how many places of a terminal, or digits of a sheet, the longest line of a text takes."""
    if text.isascii() and "\n" not in text:
        return len(text)
    from wcwidth import wcswidth

    return max((max(wcswidth(line), len(line)) for line in text.splitlines()), default=0)
