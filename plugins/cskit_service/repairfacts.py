"""What is known of engineers' jobs, for other plugins. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import Evidence, FactSpec, Period
from cskit.i18n import mark
from cskit_service.repairs import fixing
from cskit_service.repairs.reports import Shares, first_time, noted

if TYPE_CHECKING:
    from cskit import App

JOBS, FIRST_TIME, ON_TIME = "service.jobs", "service.first_time_fix_rate", "service.on_time_rate"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        JOBS,
        "staff",
        "integer",
        mark("Repairs that the person completed in the period; 0 without any."),
        span="period",
    ),
    FactSpec(
        FIRST_TIME,
        "staff",
        "decimal",
        mark(
            "Share of the repairs completed in the period that held: the same unit did not come back with "
            "the same fault within the days of the department's limits; unknown as long as none is decided."
        ),
        "per cent",
        "period",
    ),
    FactSpec(
        ON_TIME,
        "staff",
        "decimal",
        mark("Share of the repairs completed in the period that were done in time; unknown without any."),
        "per cent",
        "period",
    ),
)


def known(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> dict[str, Mapping[str, Any]]:
    """Return facts about staff from one pass over the repairs."""
    everything = list(fixing.every(app.reading()))
    first = first_time(app, everything, now)
    done: dict[str, list[fixing.Fixed]] = {own: [] for own in ids}
    for one in fixing.finished_in(app, everything, period, now):
        if one.engineer in done:
            done[one.engineer].append(one)
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for own, held in done.items():
        shares = Shares(first, held)
        for name, value in _values(shares, own, evidence).items():
            if name in found and value is not None:
                found[name][own] = value
    return dict(found)


def _values(shares: Shares, own: str, evidence: Evidence | None) -> dict[str, Any]:
    noted(evidence, JOBS, own, shares.done, None)
    if shares.due:
        noted(evidence, ON_TIME, own, shares.due, len(shares.timely))
    if shares.decided:
        noted(evidence, FIRST_TIME, own, shares.decided, len(shares.held))
    return {JOBS: len(shares.done), ON_TIME: shares.on_time, FIRST_TIME: shares.first_time}
