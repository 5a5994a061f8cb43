"""A report as people read it in a terminal: figures in columns, small bars, tables.

All is aligned by the cells that characters take. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import masking
from cskit.display import charts
from cskit.display.charts import Bar
from cskit.display.wrapping import cells as width_of
from cskit.i18n import _
from cskit.report import Report, remark, rounded
from cskit.sections import Figure, Group, Section, Table
from cskit.values import one_line, text

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.display.output import Column

_INDENT, _GAP = "  ", "  "
_DRAWN = 60  # columns for a bar with its label and value
_NARROWEST = 40  # columns; a terminal with fewer gets lines that it breaks itself


class Said(NamedTuple):
    """A figure in words: value and unit, from where to where it may be, of how many, a remark."""

    value: str
    span: str
    basis: str
    note: str


def said(figure: Figure) -> Said:
    """Return a figure in words; terminal and page show the same ones."""
    value = "–" if figure.value is None else f"{rounded(figure.value):,}"
    counted = not figure.unit and figure.value == figure.n  # a plain count says its n itself
    span = f"{figure.interval.low:.1f} – {figure.interval.high:.1f}" if figure.interval else ""
    return Said(
        f"{value} {one_line(figure.unit)}" if figure.unit and figure.value is not None else value,
        span,
        "" if counted else _("n={n}").format(n=figure.n),
        one_line(remark(figure)),
    )


def titles(app: App, report: Report) -> tuple[str, str]:
    """Return the title of a report, and which days it is about, as known when."""
    span = f"{report.first} – {report.last}"
    if report.last < app.today:
        return _("Customer service report"), span
    so_far = _("{span}, as known at {now}")
    return _("Customer service report"), so_far.format(span=span, now=text(app.now, app.zone))


def most_of(group: Group) -> float:
    """Return what a full bar of a group stands for."""
    values = [float(one.value) for one in group.figures if one.value is not None]
    return group.most if group.most is not None else max(values, default=0)


def table_cells(app: App, table: Table) -> tuple[list[str], list[list[str]]]:
    """Return the headings and the cells of a table as they may be shown, personal data masked."""
    shown = masking.shown(app, table.rows, table.columns)
    rows = [[_cell(app, each, row.get(each.name)) for each in table.columns] for row in shown]
    return [column.heading for column in table.columns], rows


def _cell(app: App, column: Column, value: Any) -> str:
    return f"{value:,}" if isinstance(value, Decimal) else text(column.shown(value), app.zone)


# --- lines -------------------------------------------------------------------------------------------------


def lines(app: App, report: Report, width: int, *, ascii: bool = False) -> Iterator[str]:
    """Yield the lines of a report for a terminal of some width."""
    title, span = titles(app, report)
    yield f"{title}  {span}"
    inside = max(width, _NARROWEST) - len(_INDENT)
    for owned in report.sections:
        yield from (
            "",
            one_line(owned.value.title),
            "─" * min(inside, _DRAWN) if not ascii else "-" * min(inside, _DRAWN),
        )
        for line in _section(app, owned.value, inside, ascii):
            yield f"{_INDENT}{line}".rstrip()


def _section(app: App, section: Section, width: int, ascii: bool) -> Iterator[str]:
    first = True
    for group in section.groups:
        if not group.figures:
            continue
        if not first:
            yield ""
        first = False
        if group.title:
            yield one_line(group.title)
        yield from _bars(group, width, ascii) if group.drawn else _figures(group.figures, width)
    for table in section.tables:
        if table.rows:
            yield from ("", one_line(table.title), *_table(app, table, width))


def _bars(group: Group, width: int, ascii: bool) -> Iterator[str]:
    rows = [
        Bar(
            one.title,
            None if one.value is None else float(one.value),
            "  ".join(filter(None, said(one))),
        )
        for one in group.figures
    ]
    yield from charts.bars(rows, most_of(group), min(width, _DRAWN - len(_INDENT)), ascii=ascii)


def _figures(figures: Sequence[Figure], width: int) -> Iterator[str]:
    words = [said(one) for one in figures]
    columns = [
        charts.labels([one.title for one in figures], width),
        _right([one.value for one in words]),
        _right([one.span for one in words]),
        _left([one.basis for one in words]),
        [one.note for one in words],
    ]
    yield from _rows(columns)


def _table(app: App, table: Table, width: int) -> Iterator[str]:
    headings, rows = table_cells(app, table)
    columns = []
    for place, column in enumerate(table.columns):
        found = [one_line(headings[place]), *(one_line(row[place]) for row in rows)]
        columns.append(_right(found) if column.align == "right" else charts.labels(found, width))
    yield from _rows(columns)


def _rows(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    kept = [column for column in columns if any(cell.strip() for cell in column)]
    for cells in zip(*kept, strict=True):
        yield _GAP.join(cells).rstrip()


def _right(texts: Sequence[str]) -> list[str]:
    widest = max(map(width_of, texts), default=0)
    return [" " * (widest - width_of(one)) + one for one in texts]


def _left(texts: Sequence[str]) -> list[str]:
    widest = max(map(width_of, texts), default=0)
    return [charts.padded(one, widest) for one in texts]
