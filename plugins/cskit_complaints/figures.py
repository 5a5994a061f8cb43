"""Figures about cases: each a function that returns its value, of how many, and the cases it counts.

Formulas: docs of the plugin, "Figures". Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from cskit import NotFound, _, mark
from cskit.importing import uninterrupted
from cskit.plugins.isolation import nearest
from cskit_complaints.audits import waited
from cskit_complaints.flow import OPEN
from cskit_complaints.measured import Measured, Measuring

_TENTH = Decimal("0.1")
_DONE = ("resolved", "replied", "closed")


class Figure(NamedTuple):
    """A value, of how many cases (or customers) it was made, and the cases it counts.

    `value` is None where there is nothing to make it of: never 0. `base` are all the cases it was made of,
    where `ids` are only some of them, as of a share.
    """

    value: Decimal | int | None
    n: int
    ids: tuple[str, ...]
    base: tuple[str, ...] = ()


Cases = Sequence[Measured]
Formula = Callable[[Measuring, Cases], Figure]


class Kind(NamedTuple):
    """A figure as people ask for it: its formula, and the title above it."""

    formula: Formula
    title: str
    unit: str = "%"


def _share(counted: Iterable[str], base: Iterable[str]) -> Figure:
    ids, every = tuple(counted), tuple(base)
    value = _rounded(Decimal(100 * len(ids)) / len(every)) if every else None
    return Figure(value, len(every), ids, every)


def _ids(cases: Cases) -> tuple[str, ...]:
    return tuple(case.id for case in cases)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)


def count(_measuring: Measuring, cases: Cases) -> Figure:
    """Return how many cases there are."""
    return Figure(len(cases), len(cases), _ids(cases))


def still_open(_measuring: Measuring, cases: Cases) -> Figure:
    """Return how many cases are still to be dealt with."""
    ids = tuple(case.id for case in cases if case.state in OPEN)
    return Figure(len(ids), len(cases), ids, _ids(cases))


def on_time(measuring: Measuring, cases: Cases) -> Figure:
    """Return met / (met + missed) by the main clock: overdue and open is missed, running in time is neither.

    Misses by force majeure are counted apart, that is not here (catalogue C09; norms: SLA met).
    """
    shown = [(case.id, measuring.main.get(case.id)) for case in cases]
    met = [own for own, clock in shown if clock and clock.reading.state == "met"]
    missed = [own for own, clock in shown if clock and clock.reading.state == "missed" and not clock.excused]
    return _share(met, met + missed)


def excused(measuring: Measuring, cases: Cases) -> Figure:
    """Return how many cases missed the main clock by force majeure."""
    ids = tuple(case.id for case in cases if (clock := measuring.main.get(case.id)) and clock.excused)
    return Figure(len(ids), len(cases), ids, _ids(cases))


def median_hours(measuring: Measuring, cases: Cases) -> Figure:
    """Return the median of the hours, round the clock, from received to first answered."""
    return _quantile(measuring, cases, 50)


def high_hours(measuring: Measuring, cases: Cases) -> Figure:
    """Return the percentile of the rules (90) of the hours from received to first answered."""
    return _quantile(measuring, cases, measuring.rules.percentile)


def _quantile(measuring: Measuring, cases: Cases, percent: int) -> Figure:
    """Interpolate between the values on both sides, as PERCENTILE.INC does (Hyndman and Fan 1996, type 7)."""
    answered = measuring.answered
    lengths = [
        (answered[case.id] - case.received_at, case.id)
        for case in cases
        if case.id in answered and case.received_at is not None
    ]
    if not lengths:
        return Figure(None, 0, ())
    lengths.sort()
    place, rest = divmod((len(lengths) - 1) * percent, 100)
    low, high = (int(lengths[at][0].total_seconds()) for at in (place, min(place + 1, len(lengths) - 1)))
    value = Decimal(low) + Decimal(high - low) * rest / 100
    return Figure(_rounded(value / 3600), len(lengths), tuple(own for _length, own in lengths))


def waiting(measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of the main clock's working time, to its last stop or now, that was paused."""
    found = waited(measuring, cases)
    ids = tuple(dict.fromkeys(one.case for one in found.pauses))
    return Figure(found.share, len(found.lives), ids, tuple(found.lives))


def reopened(_measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of cases reopened at least once among those ever resolved, answered or closed."""
    done = [case for case in cases if case.state in _DONE or case.reopened or _was_done(case)]
    return _share((case.id for case in done if case.reopened), _ids(done))


def _was_done(case: Measured) -> bool:
    """Tell whether a case was ever resolved, answered or closed, whatever it is now."""
    return any(event.after in _DONE for event in case.events)


def satisfied(measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of ratings that say satisfied among those given."""
    rated = [case for case in cases if case.satisfaction is not None]
    least = measuring.rules.satisfied_from
    return _share((case.id for case in rated if (case.satisfaction or 0) >= least), _ids(rated))


def repeat(measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of customers with two valid complaints of one category in the days that count.

    Among customers with any valid complaint; `n` counts customers. The category is that of the rules' level.
    """
    valid = [case for case in cases if case.customer and upheld(case) and measuring.is_complaint(case)]
    customers = {case.customer for case in valid}
    found = repeats(measuring, valid)
    again = {customer for customer, _category in found}
    ids = tuple(case.id for group in found.values() for case in group)
    value = _rounded(Decimal(100 * len(again)) / len(customers)) if customers else None
    return Figure(value, len(customers), ids)


def repeats(measuring: Measuring, cases: Cases) -> Mapping[tuple[str, str], list[Measured]]:
    """Return customer and category → the cases that came within the days that count of one another."""
    together: dict[tuple[str, str], list[Measured]] = {}
    for case in cases:
        if key := measuring.matter(case):
            together.setdefault(key, []).append(case)
    within = dt.timedelta(days=measuring.rules.repeat_days)
    found = {}
    for key, group in together.items():
        if len(group) < 2:
            continue
        group.sort(key=_received)
        near = [
            case
            for place, case in enumerate(group)
            if (place and _received(case) - _received(group[place - 1]) <= within)
            or (place + 1 < len(group) and _received(group[place + 1]) - _received(case) <= within)
        ]
        if near:
            found[key] = near
    return found


def _received(case: Measured) -> dt.datetime:
    assert case.received_at is not None  # noqa: S101 - `Measuring` holds no others
    return case.received_at


def first_contact(measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of answered cases that were settled by the first answer.

    Not reopened or chased within the days that count, and no second case of the customer in the category,
    also where that one is counted in another group or period.
    """
    within = dt.timedelta(days=measuring.rules.first_contact_days)
    others = measuring.received
    answered = [(case, at) for case in cases if (at := measuring.answered.get(case.id)) is not None]
    settled = []
    for case, at in answered:
        again = any(
            event.what in ("reopen", "chase") and at <= event.at <= at + within for event in case.events
        )
        matter = measuring.matter(case)
        second = any(at < other <= at + within for other in others.get(matter, ())) if matter else False
        if not again and not second:
            settled.append(case.id)
    return _share(settled, (case.id for case, _at in answered))


def rate(measuring: Measuring, cases: Cases) -> Figure:
    """Return valid complaints for each 1000 customers who were active on the mean day; `n` counts these.

    The days are those of the period that cases are counted by, else from the first case asked about to the
    last (norms: complaint rate).
    """
    ids = tuple(case.id for case in cases if upheld(case) and measuring.is_complaint(case))
    span = measuring.span(cases)
    mean = measuring.presence.mean(*span) if span else Decimal(0)
    return Figure(_rounded(1000 * len(ids) / mean) if mean else None, round(mean), ids)


def upheld(case: Measured) -> bool:
    """Tell whether a complaint is valid, wholly or partly (norms: upheld counts partly upheld)."""
    return case.validity in ("valid", "partly")


def valid(measuring: Measuring, cases: Cases) -> Figure:
    """Return the share of valid (also partly valid) complaints among those that were judged."""
    judged = [case for case in cases if case.validity and measuring.is_complaint(case)]
    return _share((case.id for case in judged if upheld(case)), _ids(judged))


FIGURES: Mapping[str, Kind] = {
    "count": Kind(count, mark("Cases"), ""),
    "open": Kind(still_open, mark("Open"), ""),
    "on-time": Kind(on_time, mark("On time %")),
    "median": Kind(median_hours, mark("Median h"), "h"),
    "p90": Kind(high_hours, mark("P90 h"), "h"),
    "waiting": Kind(waiting, mark("Waiting %")),
    "reopened": Kind(reopened, mark("Reopened %")),
    "repeat": Kind(repeat, mark("Repeat %")),
    "satisfied": Kind(satisfied, mark("Satisfied %")),
    "valid": Kind(valid, mark("Valid %")),
    "first-contact": Kind(first_contact, mark("First contact %")),
    "rate": Kind(rate, mark("Per 1000 customers"), ""),
    "excused": Kind(excused, mark("Excused"), ""),
}
"""The figures there are."""
USUAL = ("count", "open", "on-time", "median", "p90", "reopened", "repeat", "satisfied")
"""Those that are made where nobody asks for others (domain page)."""
SEEN = ("count", "open", "on-time", "median", "reopened", "satisfied")
"""Those of them that stand beside each other in a table of 80 columns."""


def chosen(names: Sequence[str], usual: Sequence[str] = USUAL) -> list[str]:
    """Return the figures asked for, the usual ones if none are; raises `NotFound` for one unknown."""
    for name in names:
        if name not in FIGURES:
            near = nearest(name, FIGURES)
            raise NotFound(
                _("there is no figure '{name}'").format(name=name),
                _("did you mean '{near}'?").format(near=near)
                if near
                else _("there are {names}").format(names=_(", ").join(FIGURES)),
            )
    return list(names) or list(usual)


# --- tables of figures -------------------------------------------------------------------------------------


def stats(
    measuring: Measuring, by: Sequence[str], names: Sequence[str], level: int | None
) -> list[dict[str, Any]]:
    """Return a row of figures for each group of cases; what cannot be known is left out."""
    rows = []
    with uninterrupted():
        for key, cases in measuring.groups(by, level):
            row = {name: part for name, part in zip(by, key, strict=True) if part is not None}
            for name in names:
                value = FIGURES[name].formula(measuring, cases).value
                if value is not None:
                    row[name] = value
            rows.append(row)
    return rows


def behind(measuring: Measuring, by: Sequence[str], name: str, level: int | None) -> list[dict[str, Any]]:
    """Return a row for each case that a figure counts, with the group it is in."""
    formula = FIGURES[name].formula
    return [
        {**{key: part for key, part in zip(by, group, strict=True) if part is not None}, "id": own}
        for group, cases in measuring.groups(by, level)
        for own in formula(measuring, cases).ids
    ]


def pareto(measuring: Measuring, by: str, level: int | None) -> list[dict[str, Any]]:
    """Return groups by how many cases they have, with share, cumulative share and class (ABC)."""
    groups = sorted(measuring.groups([by], level), key=lambda one: -len(one[1]))
    total, so_far, rows = len(measuring.cases), 0, []
    first, second = measuring.rules.pareto
    for (key,), cases in groups:
        before = Decimal(100 * so_far) / total
        so_far += len(cases)
        row = {
            "count": len(cases),
            "share": _rounded(Decimal(100 * len(cases)) / total),
            "cumulative": _rounded(Decimal(100 * so_far) / total),
            "class": "A" if before < first else "B" if before < second else "C",
            "ids": [case.id for case in cases],
        }
        rows.append(({} if key is None else {by: key}) | row)
    return rows
