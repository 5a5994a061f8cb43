"""What is known of projects, for other plugins. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period
from cskit_property import moneyfacts
from cskit_property.checks import rectifications, scores
from cskit_property.estates import events

if TYPE_CHECKING:
    from cskit import App

_CHECKED = "checks of the project that were recorded in full, made in the period"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "checks.score",
        "project",
        "decimal",
        f"Mean score, 0 to 100, of the {_CHECKED}; unknown without any.",
        "points",
        "period",
    ),
    FactSpec(
        "checks.count", "project", "integer", f"Number of {_CHECKED}; 0 without any.", "checks", "period"
    ),
    FactSpec("events.open", "project", "integer", "Number of liaison events that have not ended.", "events"),
    FactSpec(
        "rectifications.open",
        "project",
        "integer",
        "Number of rectifications that are not verified yet.",
        "rectifications",
    ),
    FactSpec(
        "rectifications.late",
        "project",
        "integer",
        "Number of rectifications that are not put right and whose deadline is over.",
        "rectifications",
    ),
    *moneyfacts.SPECS,
)


def known(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> dict[str, Mapping[str, Any]]:
    """Return facts about projects, from one pass over each table that is needed."""
    found: dict[str, Mapping[str, Any]] = {}
    if {"checks.score", "checks.count"} & set(names):
        found |= _checks(app, ids, now, period)
    if "events.open" in names:
        found["events.open"] = _events(app, ids)
    if {"rectifications.open", "rectifications.late"} & set(names):
        found |= _rectifications(app, ids, now)
    found |= moneyfacts.known(app, names, ids, now, period)
    return {name: values for name, values in found.items() if name in names}


def _checks(app: App, ids: Sequence[str], now: dt.datetime, period: Period) -> dict[str, Mapping[str, Any]]:
    held: dict[str, list[Decimal]] = {own: [] for own in ids}
    for check in scores.scored(app.reading(), now.astimezone(app.zone).date(), period):
        if check.project in held and check.score is not None:
            held[check.project].append(check.score)
    return {
        "checks.score": {own: scores.mean(one) for own, one in held.items() if one},
        "checks.count": {own: len(one) for own, one in held.items()},
    }


def _events(app: App, ids: Sequence[str]) -> dict[str, int]:
    counts = dict.fromkeys(ids, 0)
    for one in events.pending(app.reading()):
        if one.project in counts:
            counts[one.project] += 1
    return counts


def _rectifications(app: App, ids: Sequence[str], now: dt.datetime) -> dict[str, Mapping[str, Any]]:
    opened, late = dict.fromkeys(ids, 0), dict.fromkeys(ids, 0)
    for one in rectifications.every(app.reading()):
        if one.project in opened and one.state in ("open", "done"):
            opened[one.project] += 1
            late[one.project] += one.state == "open" and one.late(now)
    return {"rectifications.open": opened, "rectifications.late": late}
