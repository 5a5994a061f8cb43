"""Who came to the front desk, counted by day, group or agent. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, Period, _, mark
from cskit.plugins.isolation import nearest
from cskit.stored import decoder
from cskit_calls.reception import KINDS

if TYPE_CHECKING:
    from cskit import App

BY: Mapping[str, str] = {"day": mark("Day"), "group": mark("Group"), "staff": mark("Received by")}
"""What visitors can be counted by."""


class Came(msgspec.Struct, frozen=True, gc=False):
    """What the statistics need of a stored visitor, or of a call that was handed to a group."""

    id: str
    at: dt.datetime
    kind: str = "first"
    group: str | None = None
    staff: str | None = None
    people: int = 1


def statistics(app: App, period: Period, by: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each day, group or agent: visitors, people, visitors by kind, calls handed to groups.

    Raises `NotFound` for what visitors cannot be counted by. Each table is read once.
    """
    if by not in BY:
        near = nearest(by, BY)
        raise NotFound(
            _("visitors cannot be counted by '{name}'").format(name=by),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {names}").format(names=_(", ").join(BY)),
        )
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for table in ("call_visitors", "calls"):
        for came, day in _in_period(app, period, table):
            key = day if by == "day" else came.group if by == "group" else came.staff
            if table == "calls":
                counts[key]["calls"] += 1
            else:
                counts[key].update({"visitors": 1, "people": came.people, came.kind: 1})
    for key in sorted((key for key in counts if key is not None), key=str):
        yield {by: key, **_row(counts[key])}
    if None in counts:
        yield _row(counts[None])


def _in_period(app: App, period: Period, table: str) -> Iterator[tuple[Came, dt.date]]:
    decode = decoder(table, Came)
    for document in app.reading().read(table):
        came = decode(document)
        day = came.at.astimezone(app.zone).date()
        if came.at <= app.now and period.holds(day) and (table != "calls" or came.group):
            yield came, day


def _row(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in ("visitors", "people", *KINDS, "calls")}
