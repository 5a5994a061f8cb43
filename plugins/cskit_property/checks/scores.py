"""What checks score, and how satisfied a project's people are. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec

from cskit import Period
from cskit.plugins.installed import fact_key
from cskit.stored import decoder
from cskit_property.checks.inspection import Item

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

CHECKS, PROJECTS = "property_checks", "property_projects"
SATISFACTION = "surveys.satisfaction"
_CENT = Decimal("0.01")


def score(items: Iterable[Item], cap: int) -> Decimal | None:
    """Return points kept / points applicable x 100, half-up to two places; None while an item is unrecorded.

    A serious finding caps it. None also where nothing applies. Source: the domain page; norms, "Property".
    """
    found = list(items)
    if not found or not all(item.recorded for item in found):
        return None
    applicable = sum((item.points for item in found if item.applies), Decimal(0))
    if not applicable:
        return None
    kept = sum((item.kept or Decimal(0) for item in found if item.applies), Decimal(0))
    reached = rounded(100 * kept / applicable)
    return (
        min(reached, rounded(Decimal(cap))) if any(item.wrong and item.serious for item in found) else reached
    )


def rounded(value: Decimal) -> Decimal:
    """Return a figure to two places, half-up."""
    return value.quantize(_CENT, ROUND_HALF_UP)


def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the mean of at least one score, half-up to two places."""
    return rounded(sum(values, Decimal(0)) / len(values))


class Scored(msgspec.Struct, frozen=True, gc=False):
    """What figures need of a stored check."""

    id: str
    project: str
    on: dt.date
    standard: str = ""
    state: str = "drawn"
    score: Decimal | None = None
    findings: int = 0
    serious: int = 0


def scored(reading: Reading, today: dt.date, period: Period) -> Iterator[Scored]:
    """Yield the checks that have a score, of a period and not later than today; one pass over the table."""
    for check in map(decoder(CHECKS, Scored), reading.read(CHECKS)):
        if check.score is not None and check.on <= today and period.holds(check.on):
            yield check


def of_projects(app: App, ids: Collection[str], now: dt.datetime, period: Period) -> dict[str, Decimal]:
    """Return the mean score of each project's checks in a period, 0 to 100; those without are left out."""
    found: dict[str, list[Decimal]] = {}
    for check in scored(app.reading(), now.astimezone(app.zone).date(), period):
        if check.project in ids and check.score is not None:
            found.setdefault(check.project, []).append(check.score)
    return {own: mean(scores) for own, scores in found.items()}


class _Called(msgspec.Struct, frozen=True, gc=False):
    id: str
    key: str | None = None
    name: str = ""


def satisfaction(
    app: App, ids: Collection[str], period: Period, round: str | None = None
) -> dict[str, Decimal]:
    """Return the survey satisfaction of projects in a period, 0 to 100, as another plugin knows it.

    With a survey `round` only its responses count.

    Records that are asked about name their project by its id, its external key or its name: the first of
    these under which something is known counts. Projects of which nothing is known are left out.
    """
    if not ids or fact_key("project", SATISFACTION) not in app.plugins.fact_specs.by_key:
        return {}
    called = [one for one in map(decoder(PROJECTS, _Called), app.reading().read(PROJECTS)) if one.id in ids]
    names = {one.id: [name for name in (one.id, one.key, one.name) if name] for one in called}
    every = sorted({name for own in names.values() for name in own})
    scope = {"round": round} if round else None
    answer = app.facts("project", [SATISFACTION], every, period=period, scope=scope)
    known: Mapping[str, Decimal] = answer[SATISFACTION]
    found = {
        own: next((known[name] for name in own_names if name in known), None)
        for own, own_names in names.items()
    }
    return {own: value for own, value in found.items() if value is not None}
