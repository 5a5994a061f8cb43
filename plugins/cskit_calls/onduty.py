"""How long who was on shift, by the hour, the day, the weekday or the person: what occupancy is a share of.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cskit_calls import shifts

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit import App, Period

Time = dict[str, int]
"""Staff id → seconds on shift."""


class Rota:
    """The shifts that were worked in a period, up to now; read when they are first asked for, once."""

    def __init__(self, app: App, period: Period) -> None:
        self._app, self._period = app, period

    @cached_property
    def _pieces(self) -> dict[tuple[str, object], Time]:
        found: dict[tuple[str, object], Time] = defaultdict(lambda: defaultdict(int))
        now, zone = self._app.now, self._app.zone
        for turn in shifts.every(self._app.reading()):
            if turn.absence is not None or turn.begins >= now:
                continue
            for begins, seconds in _hours(turn.begins, min(turn.ends, now), zone):
                day = begins.date()
                if self._period.holds(day):
                    for by, key in _keys(begins, turn.staff):
                        found[by, key][turn.staff] += seconds
        return found

    def on_shift(self, by: str, key: object) -> Time:
        """Return who was on shift for how long in an hour, a day …; "" is all of the period.

        Nothing for what no shift tells, such as queues.
        """
        return self._pieces.get((by, key), {})


def _keys(begins: dt.datetime, staff: str) -> Collection[tuple[str, object]]:
    return (
        ("", None),
        ("hour", begins.hour),
        ("day", begins.date().isoformat()),
        ("weekday", begins.isoweekday()),
        ("staff", staff),
    )


def _hours(begins: dt.datetime, ends: dt.datetime, zone: ZoneInfo) -> Iterator[tuple[dt.datetime, int]]:
    """Yield the parts of a span that lie in one hour by a zone's clock: when each begins, seconds."""
    while begins < ends:
        local = begins.astimezone(zone)
        left = 3600 - local.minute * 60 - local.second
        until = min(ends, begins + dt.timedelta(seconds=left))
        yield local, int((until - begins).total_seconds())
        begins = until
