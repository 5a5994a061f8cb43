"""The problems sheet: the rows of a file that an import refused, the bad ones first, with what is wrong.

Corrected there, the sheet is imported as it is, in the place of the file: its own columns are left out. Must
not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.display.outfile import check as check_target
from cskit.display.outfile import refuse_held, replacing
from cskit.display.workbook import Sheet, Target, close, refuse_more
from cskit.errors import BadData, Problem, Usage
from cskit.i18n import _, label, ngettext
from cskit.intake import headings

if TYPE_CHECKING:
    from cskit.app import App


_BAD = "#F8D7DA"
_SAID = {"font_color": "#9C0006", "text_wrap": True, "valign": "top"}


class _Row(NamedTuple):
    """A row: its line in the user's file, its cells, and what is wrong with it."""

    line: int
    cells: Sequence[Any]
    faults: Sequence[Problem]


def check(app: App, target: str, source: str) -> None:
    """Refuse a target that cannot be meant, before anything is read; raises `Usage` or `NotFound`."""
    if os.path.splitext(target)[1].lower() != ".xlsx":
        said = _("--problems: {file} is no name for a workbook").format(file=target)
        raise Usage(said, _("let it end in .xlsx"))
    check_target(target, "--problems")
    refuse_held(target, app, "--problems")
    if (
        source != "-"
        and os.path.exists(target)
        and os.path.exists(source)
        and os.path.samefile(target, source)
    ):
        said = _("--problems: {file} is the file that is read").format(file=target)
        raise Usage(said, _("give another name"))


def write(
    app: App,
    target: str,
    written: tuple[Sequence[str], Mapping[int, Sequence[Any]]],
    faults: Sequence[Problem],
) -> str:
    """Write the rows of a file that was `written` so; return the hint that says where they are.

    The good ones are in it, for nothing was saved; without them, the corrected sheet would be half the file.
    """
    titles, lines = written
    by_line: dict[int, list[Problem]] = {}
    for fault in faults:
        by_line.setdefault(fault.line, []).append(fault)
    rest = [line for line in lines if line not in by_line]
    rows = [_Row(line, lines.get(line, ()), by_line.get(line, ())) for line in [*sorted(by_line), *rest]]
    try:
        with replacing(target, "xlsx") as out:
            _write(app, out.buffer, titles, rows)
    except BadData as error:  # what is wrong with the rows goes before what a sheet cannot hold
        return _("{file} was not written: {why}").format(file=target, why=error.message)
    return ngettext(
        "{file} holds all rows, the bad one first: correct it there and import that file",
        "{file} holds all rows, the {count} bad ones first: correct them there and import that file",
        len(by_line),
    ).format(file=target, count=len(by_line))


def _write(app: App, out: Any, titles: Sequence[str], rows: Sequence[_Row]) -> None:
    import tempfile

    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="cskit-") as folder:
        book = xlsxwriter.Workbook(Target(out), {"constant_memory": True, "tmpdir": folder})
        sheet = Sheet(book, _("Problems"), app.zone)
        try:
            _write_rows(sheet, titles, rows, book.add_format(_SAID))
            close(book)
        finally:
            sheet.sheet.row_data_fh.close()  # of a workbook that is not finished


def _write_rows(sheet: Sheet, titles: Sequence[str], rows: Sequence[_Row], look: Any) -> None:
    refuse_more(len(rows))
    longest = max((len(row.cells) for row in rows), default=0)
    shown = [*titles, *[""] * (longest - len(titles))]
    sheet.headings([label(*headings.LINE), *shown, label(*headings.PROBLEM)])
    for number, row in enumerate(rows, 1):
        sheet.cell(number, 0, row.line)
        _write_cells(sheet, number, row, shown)
        if wrong := _said(row.faults):
            sheet.sheet.write_string(number, len(shown) + 1, "\n".join(wrong), look)
            sheet.heighten(number, len(wrong))
    sheet.widen(len(shown) + 1, 60)
    sheet.finish([], len(rows))


def _write_cells(sheet: Sheet, number: int, row: _Row, titles: Sequence[str]) -> None:
    """Write a row's cells, those with a fault in colour and with a comment."""
    name = str(row.line)
    for place, title in enumerate(titles):
        value = _typed(row.cells[place]) if place < len(row.cells) else ""
        faults = [fault.message for fault in row.faults if title and fault.column == title]
        if isinstance(value, _Error):
            sheet.error(number, place + 1, value, _BAD)
        elif faults:
            sheet.cell(number, place + 1, value, None, name, _BAD)
        elif value not in (None, ""):
            sheet.cell(number, place + 1, value, None, name)
        if faults:
            sheet.sheet.write_comment(number, place + 1, "\n".join(faults), {"x_scale": 2})


def _said(faults: Sequence[Problem]) -> list[str]:
    """Return one line for each fault, in the words of the user's file."""
    said = _("{column}: {problem}")
    return [
        said.format(column=fault.column, problem=fault.message) if fault.column else fault.message
        for fault in faults
    ]


def _typed(cell: Any) -> Any:
    """Return a cell of a workbook's as what it was: see `cskit.intake.sheets`."""
    if not isinstance(cell, dict) or len(cell) != 1:
        return cell
    ((kind, value),) = cell.items()
    if kind == "date":
        return dt.date.fromisoformat(value)
    if kind == "time":
        return dt.datetime.fromisoformat(value)
    if kind == "error":
        return _Error(value)
    return value if kind == "clock" else cell


class _Error(str):
    """An error such as #N/A in the place of a value."""
