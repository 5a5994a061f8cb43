"""Sheets about cases for meetings: the monthly one in four parts, repeats, summaries for others, trends.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from cskit import NotFound, Period, Usage, _, mark
from cskit.facts import parse_period
from cskit.plugins.isolation import nearest
from cskit_complaints import figures
from cskit_complaints.categories import PARTS
from cskit_complaints.flow import OPEN
from cskit_complaints.measured import PERIODS, Measured, Measuring, periods

if TYPE_CHECKING:
    from cskit import App

URGENT = "urgent"
PART_TITLES = (*PARTS, URGENT)
WHY = (mark("crisis"), mark("overdue"), mark("supervised"), mark("group"))
_PART_FIGURES = ("count", "open", "on-time", "satisfied")


def month_of(app: App, text: str | None) -> Period:
    """Read a month, the present one if none is given; raises `Usage`."""
    period = parse_period(text or f"{app.today:%Y-%m}")
    first, last = period.first, period.last
    if first is None or last is None or first.day != 1 or (last - first).days > 30:
        raise Usage(_("'{text}' is no month").format(text=text), _("expected such as 2026-10"))
    return period


def sheet(measuring: Measuring, month: Period) -> list[dict[str, Any]]:
    """Return the four parts of a month: what came in, by part, and what is urgent next (catalogue B4.2).

    A row for each case; those of the last part are still open at the end of the month, and say why they are
    urgent.
    """
    rows = [(_part(measuring, case), _line(case)) for case in _of_month(measuring, month)]
    rows += [(URGENT, {**_line(case), "why": why}) for case, why in _urgent(measuring, month)]
    order = {name: place for place, name in enumerate(PART_TITLES)}
    rows.sort(key=lambda one: (order.get(one[0], len(order)), one[1]["received_at"]))
    return [{"part": part, **line} for part, line in rows]


def counts(measuring: Measuring, month: Period) -> list[dict[str, Any]]:
    """Return a row of figures for each of the four parts; none is left out because nothing happened in it."""
    parts: dict[str, list[Measured]] = {part: [] for part in PART_TITLES}
    for case in _of_month(measuring, month):
        parts.setdefault(_part(measuring, case), []).append(case)
    parts[URGENT] = [case for case, _why in _urgent(measuring, month)]
    rows = []
    for part, cases in parts.items():
        found = {name: figures.FIGURES[name].formula(measuring, cases).value for name in _PART_FIGURES}
        rows.append({"part": part} | {name: value for name, value in found.items() if value is not None})
    return rows


def _line(case: Measured) -> dict[str, Any]:
    names = ("id", "received_at", "unit", "category", "content", "department", "state", "cause", "solution")
    return {name: value for name in names if (value := getattr(case, name)) is not None}


def _part(measuring: Measuring, case: Measured) -> str:
    """Return the part of the sheet that a case belongs to; service where its category is not known."""
    known = measuring.categories.by_code.get(case.category or "")
    return known.part if known else "service"


def _of_month(measuring: Measuring, month: Period) -> Iterator[Measured]:
    for case in measuring.cases:
        if case.received_at is not None and month.holds(measuring.local(case.received_at).date()):
            yield case


def _urgent(measuring: Measuring, month: Period) -> Iterator[tuple[Measured, str]]:
    """Yield the cases that the next month has to deal with, and why: open, and pressing for some reason."""
    for case in measuring.cases:
        if case.received_at is None or case.state not in OPEN:
            continue
        if month.last is not None and measuring.local(case.received_at).date() > month.last:
            continue
        clock = measuring.main.get(case.id)
        if case.severity == 1:
            yield case, "crisis"
        elif clock is not None and clock.reading.state == "missed" and not clock.excused:
            yield case, "overdue"
        elif case.supervised_by:
            yield case, "supervised"
        elif case.severity == 2:
            yield case, "group"


# --- repeats -----------------------------------------------------------------------------------------------


def repeated(measuring: Measuring, *, every: bool = False) -> list[dict[str, Any]]:
    """Return customers who complained of one thing again within the days that count, the most often first.

    Only valid complaints count, unless `every` case does.
    """
    cases = [
        case for case in measuring.cases if every or (figures.upheld(case) and measuring.is_complaint(case))
    ]
    rows = [
        {
            "customer": customer,
            "category": category or None,
            "count": len(group),
            "first": min(case.received_at for case in group if case.received_at),
            "last": max(case.received_at for case in group if case.received_at),
            "ids": [case.id for case in group],
        }
        for (customer, category), group in figures.repeats(measuring, cases).items()
    ]
    rows.sort(key=lambda row: (-row["count"], row["customer"]))  # type: ignore[operator]  # counts and names
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


# --- summaries ---------------------------------------------------------------------------------------------


def summary(measuring: Measuring, name: str) -> list[dict[str, Any]]:
    """Return what is summarised for somebody: a row for each product and category, with causes and cases.

    Raises `NotFound` for a summary that the rules do not have.
    """
    known = measuring.rules.summaries
    if name not in known:
        near = nearest(name, known)
        raise NotFound(
            _("there is no summary '{name}'").format(name=name),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {names}").format(names=_(", ").join(known)),
        )
    wanted = known[name]
    groups: dict[tuple[str, str, str], list[Measured]] = {}
    for case in measuring.cases:
        fits = case.kind in wanted.kinds or (case.channel is not None and case.channel in wanted.channels)
        if fits or any(fnmatchcase(case.category or "", one) for one in wanted.categories):
            groups.setdefault((case.product or "", case.category or "", case.kind), []).append(case)
    rows = [
        {
            "product": product,
            "category": category,
            "kind": kind,
            "count": len(cases),
            "open": sum(case.state in OPEN for case in cases),
            "causes": sorted({case.cause for case in cases if case.cause}),
            "contents": [case.content for case in cases],
            "ids": [case.id for case in cases],
        }
        for (product, category, kind), cases in groups.items()
    ]
    rows.sort(key=lambda row: (-row["count"], row["product"], row["category"]))  # type: ignore[operator]  # as above
    return [{key: value for key, value in row.items() if value not in ("", [])} for row in rows]


# --- trends ------------------------------------------------------------------------------------------------

BAR = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def trend(
    measuring: Measuring, every: str, name: str, by: str | None = None, level: int | None = None
) -> list[dict[str, Any]]:
    """Return a figure for each period from the first case to the last, also where nothing happened.

    With `by`, a row for each group in each period. Each has a bar that is as long as its value.
    """
    if every not in PERIODS:
        said = _("'{every}' is no period").format(every=every)
        raise NotFound(said, _("there are {names}").format(names=_(", ").join(PERIODS)))
    keys = [every, *([by] if by else [])]
    found = dict(measuring.groups(keys, level))
    days = [measuring.local(case.received_at).date() for case in measuring.cases if case.received_at]
    groups = sorted({key[1:] for key in found}, key=str) or [()]
    formula, rows = figures.FIGURES[name].formula, []
    for period in periods(min(days), max(days), PERIODS[every]) if days else ():
        for group in groups:
            value = formula(measuring, found.get((period, *group), [])).value
            row: dict[str, Any] = {every: period, "value": value}
            rows.append(row | ({by: group[0]} if by else {}))
    _draw(rows)
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def _draw(rows: Sequence[dict[str, Any]], longest: int = BAR) -> None:
    """Give each row a bar, the longest of so many characters; eighths of a character show the rest."""
    most = max((row["value"] for row in rows if row["value"]), default=0)
    for row in rows:
        eighths = round((row["value"] or 0) * longest * 8 / most) if most else 0
        row["bar"] = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def bars(rows: Sequence[dict[str, Any]], key: str, longest: int = BAR) -> None:
    """Give rows of a table the bars of one of their values."""
    drawn = [{"value": row.get(key)} for row in rows]
    _draw(drawn, longest)
    for row, one in zip(rows, drawn, strict=True):
        row["bar"] = one["bar"]
