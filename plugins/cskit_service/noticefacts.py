"""What is known of customers' notices, for other plugins. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Evidence, FactSpec, Period
from cskit.stored import decoder
from cskit_service.notices.model import TABLE, SystemStatus

if TYPE_CHECKING:
    from cskit import App

SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "service.open", "customer", "integer", "Number of service notices that are not completed.", "notices"
    ),
    FactSpec(
        "service.count",
        "customer",
        "integer",
        "Number of service notices of the period, by their own day; 0 without any.",
        "notices",
        "period",
    ),
    FactSpec(
        "service.last_on",
        "customer",
        "date",
        "Day of the latest service notice of the period; unknown without any.",
        "",
        "period",
    ),
)


class _Counted(msgspec.Struct, frozen=True, gc=False):
    """What facts need of a stored notice."""

    id: str
    customer: str | None = None
    date: dt.date | None = None
    system: SystemStatus = "outstanding"


def known(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> dict[str, Mapping[str, Any]]:
    """Return facts about customers, from one pass over the notices; those of days to come do not count."""
    open_ones: dict[str, list[str]] = {own: [] for own in ids}
    counted: dict[str, list[_Counted]] = {own: [] for own in ids}
    today = now.astimezone(app.zone).date()
    for one in map(decoder(TABLE, _Counted), app.reading().read(TABLE)):
        if one.customer not in counted or (one.date is not None and one.date > today):
            continue
        if one.system != "completed":
            open_ones[one.customer].append(one.id)
        if one.date is not None and period.holds(one.date):
            counted[one.customer].append(one)
    last = {own: max(held, key=lambda one: one.date or dt.date.min) for own, held in counted.items() if held}
    if evidence is not None:
        for own in ids:
            evidence.note("service.open", own, "notice", open_ones[own])
            evidence.note("service.count", own, "notice", [one.id for one in counted[own]])
            if own in last:
                evidence.note("service.last_on", own, "notice", [last[own].id])
    found: dict[str, Mapping[str, Any]] = {
        "service.open": {own: len(held) for own, held in open_ones.items()},
        "service.count": {own: len(held) for own, held in counted.items()},
        "service.last_on": {own: one.date for own, one in last.items()},
    }
    return {name: values for name, values in found.items() if name in names}
