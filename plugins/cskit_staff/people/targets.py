"""Targets: plan against actual, counted from the records or entered. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Evidence, Period, Usage, _, masking
from cskit.facts import parse_period, spec
from cskit.stored import decoder
from cskit.where.terms import plus_months
from cskit_staff.people import people
from cskit_staff.people.entering import is_fact
from cskit_staff.people.model import PERIOD, Target
from cskit_staff.people.people import Person, Post

if TYPE_CHECKING:
    from cskit import App

TARGETS = "staff_targets"


def span(period: str) -> Period:
    """Return the days of a year, a month or a quarter, as targets name it; raises `Usage` for other text."""
    if not re.fullmatch(PERIOD, period):
        raise Usage(
            _("--period {period}: expected a year, a month or a quarter").format(period=period), "2026-Q4"
        )
    year, _dash, part = period.partition("-")
    if not part.startswith("Q"):
        return parse_period(period)
    first = dt.date(int(year), 3 * int(part[1]) - 2, 1)
    return Period(first, plus_months(first, 3) - dt.timedelta(days=1))


class Actual(NamedTuple):
    """What a target's measure came to: the value, None if it is not known; how many people, which records."""

    value: Decimal | None
    source: str
    people: int = 0
    ids: tuple[str, ...] = ()


class Reached(NamedTuple):
    """A target and what became of it: `attained` in % of the plan, `state` met, missed or under_way."""

    target: Target
    actual: Actual
    attained: Decimal | None
    state: str | None


def reached(app: App, period: str | None = None, *, records: bool = False) -> list[Reached]:
    """Return the targets of a period (and of months and quarters in it), each with plan and actual.

    Facts are asked once for each period that targets have, whoever they are about. What was entered goes
    before what is counted. With `records` it is noted which records each figure is from. Raises `Usage` for
    what is no period.
    """
    asked = span(period) if period is not None else None
    reading = app.reading()
    found = [
        one
        for one in map(decoder(TARGETS, Target), reading.read(TARGETS))
        if asked is None or _inside(span(one.period), asked)
    ]
    staff, held = list(people.everybody(reading)), people.posts(reading)
    figures = _figures(app, found, staff, records)
    return [_judged(app, one, _actual(one, staff, held, figures)) for one in found]


def _inside(inner: Period, outer: Period) -> bool:
    return outer.holds(inner.first or dt.date.min) and outer.holds(inner.last or dt.date.max)


def _of_facts(one: Target) -> bool:
    return one.actual is None and one.region is None and is_fact(one.measure)


class _Figures(NamedTuple):
    values: Mapping[str, Mapping[str, Any]]
    evidence: Evidence | None


def _figures(
    app: App, found: Iterable[Target], staff: Sequence[Person], records: bool
) -> dict[str, _Figures]:
    """Return, by period, what the facts say that its targets measure."""
    names: dict[str, dict[str, None]] = {}
    for one in found:
        if _of_facts(one):
            names.setdefault(one.period, {})[one.measure] = None
    ids = [person.id for person in staff]
    made = {}
    for period, measures in names.items():
        evidence = Evidence() if records else None
        values = app.facts("staff", list(measures), ids, period=span(period), evidence=evidence)
        made[period] = _Figures(values, evidence)
    return made


def _actual(
    one: Target, staff: Sequence[Person], held: Mapping[str, Post], figures: Mapping[str, _Figures]
) -> Actual:
    if one.actual is not None:
        return Actual(one.actual, "entered")
    if not _of_facts(one):
        return Actual(None, "entered")
    known, evidence = figures[one.period]
    values = {
        person.id: Decimal(known[one.measure][person.id])
        for person in staff
        if _counts(one, person, held) and person.id in known[one.measure]
    }
    if not values:
        return Actual(None, "facts")
    total = sum(values.values(), Decimal(0))
    value = total if one.together == "sum" else round(total / len(values), 2)
    ids = tuple(_records(evidence, one.measure, values)) if evidence is not None else ()
    return Actual(value, "facts", len(values), ids)


def _records(evidence: Evidence, measure: str, persons: Iterable[str]) -> Iterator[str]:
    for person in persons:
        counted = evidence.get((measure, person))
        if counted is not None:
            yield from counted.ids


def _counts(one: Target, person: Person, held: Mapping[str, Post]) -> bool:
    """Tell whether a person's figure is part of a target's: who left within its period still counts."""
    if one.staff is not None:
        return person.id == one.staff
    period = span(one.period)
    gone = person.left is not None and period.first is not None and person.left < period.first
    if gone or (person.hired is not None and period.last is not None and person.hired > period.last):
        return False
    if one.group is not None:
        return person.group == one.group
    return one.department is None or people.department_of(person, held) == one.department


def _judged(app: App, one: Target, actual: Actual) -> Reached:
    if actual.value is None:
        return Reached(one, actual, None, None)
    last = span(one.period).last
    over = last is None or last < app.today
    higher = one.better == "higher"
    good = actual.value >= one.plan if higher else actual.value <= one.plan
    part, whole = (actual.value, one.plan) if higher else (one.plan, actual.value)
    attained = round(100 * part / whole, 1) if whole > 0 else None
    if good and (higher or over):
        state = "met"
    else:
        state = "missed" if over else "under_way"
    return Reached(one, actual, attained, state)


def personal(app: App, found: Iterable[Reached]) -> list[str]:
    """Return the targets whose figure is one person's score or money, such as a mean of two is not."""
    return [
        one.target.id
        for one in found
        if one.actual.people == 1 and spec(app.plugins, "staff", one.target.measure).value.personal
    ]


def rows(app: App, found: Sequence[Reached]) -> Iterator[dict[str, Any]]:
    """Yield a row for each target: whose, what, plan, actual, how much of it, met or not.

    Personal figures are left out, or, with --reveal, noted before the first row.
    """
    left_out = frozenset(personal(app, found))
    if app.options.reveal:
        masking.note(app, {TARGETS: sorted(left_out)})
        left_out = frozenset()
    for one in found:
        target = one.target
        if target.id in left_out:
            one = one._replace(actual=one.actual._replace(value=None), attained=None)
        yield {
            "id": target.id,
            "whose": target.staff or target.group or target.department or target.region or _("everybody"),
            "measure": target.measure,
            "period": target.period,
            "plan": target.plan,
            "actual": one.actual.value,
            "attained": one.attained,
            "state": one.state,
            "source": one.actual.source if one.actual.value is not None or target.id in left_out else None,
            "people": one.actual.people or None,
            "records": list(one.actual.ids),
        }
