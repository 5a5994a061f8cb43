"""How scores go from month to month, whether that says anything, what measures did. Knows no click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import _
from cskit.stored import decoder
from cskit.where.terms import plus_months
from cskit_calls import assessments, qafigures, qalimits, trends
from cskit_calls.assessments import Scored
from cskit_calls.qamodel import Measure

if TYPE_CHECKING:
    from cskit import App

MEASURES = "call_measures"
_PLACES = 2


def months(app: App, until: dt.date, staff: str | None = None) -> list[dict[str, Any]]:
    """Return a row for each month with scored calls up to a day's month, oldest first, and judge each.

    Each month is judged by those before it. `staff` narrows it to one agent; else a month in which only one
    agent's calls were scored has no figures of its own.
    """
    limits = qalimits.load(app)
    first = plus_months(until.replace(day=1), 1 - limits.months)
    found: dict[str, list[Scored]] = {}
    for one in assessments.counting(list(assessments.every(app.reading()))):
        if first <= one.on <= until and staff in (None, one.staff):
            found.setdefault(one.month, []).append(one)
    rows: list[dict[str, Any]] = []
    means: list[Decimal] = []
    for month, several in sorted(found.items()):
        means.append(sum((one.total for one in several), Decimal(0)) / len(several))
        row: dict[str, Any] = {"month": month, "calls": len(several)}
        rows.append(row)
        if staff is None and qafigures.one_persons(several):
            continue
        judged = trends.judge(means, enough=limits.enough, run=limits.run)
        told = {
            "score": qafigures.mean([one.total for one in several]),
            "critical": qafigures.critical(several).per_cent,
            "low": _rounded(judged.low),
            "high": _rounded(judged.high),
            "judgement": judged.judgement,
        }
        row |= {name: value for name, value in told.items() if value is not None}
    return rows


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, _PLACES)


def remarks(app: App) -> Iterator[str]:
    """Yield what the judgements of months mean."""
    limits = qalimits.load(app)
    said = _("limits: mean of the months before ± {span} × their mean change, from {enough} months on")
    yield said.format(span=trends.SPAN, enough=limits.enough)
    said = _("better or worse for long: the last {run} months on one side of the mean")
    yield said.format(run=limits.run)


# --- measures ----------------------------------------------------------------------------------------------


class _Kept(msgspec.Struct, frozen=True, gc=False):
    id: str
    what: str
    item: str | None = None
    staff: str | None = None
    since: dt.date | None = None
    due: dt.date | None = None
    state: str = "open"
    done_on: dt.date | None = None


def measures(app: App, found: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    """Yield a row for each measure, with what it is about before it and since, in per cent or points."""
    for one in map(decoder(MEASURES, _Kept), app.reading().read(MEASURES)):
        about = [each for each in found if one.staff in (None, each.staff)]
        row: dict[str, Any] = {"id": one.id, "what": one.what, "item": one.item, "staff": one.staff}
        row |= {"state": one.state, "due": one.due}
        if one.since is not None:
            row["before"] = _reached([each for each in about if each.on < one.since], one.item)
            row["after"] = _reached([each for each in about if each.on >= one.since], one.item)
        yield {name: value for name, value in row.items() if value is not None}


def _reached(found: Sequence[Scored], item: str | None) -> Decimal | None:
    """Return the mean total of some calls, or how often an item of them was met, in per cent."""
    if item is None:
        return qafigures.mean([one.total for one in found])
    given = [each for one in found for each in one.items if each.code == item and each.got is not None]
    return qafigures.Accuracy(sum(each.full for each in given), len(given)).per_cent


def late(app: App) -> Iterator[Measure]:
    """Yield every measure that is not done."""
    for one in map(decoder(MEASURES, Measure), app.reading().read(MEASURES)):
        if one.state == "open":
            yield one
