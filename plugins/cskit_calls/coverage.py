"""Hours in which fewer people are on the telephones than are needed. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cskit_calls import planning
from cskit_calls.shifts import Turn

_HOURS = 24
Needed = Callable[[dt.date, int], int]
"""How many people are needed in an hour of a day."""


class Gap(NamedTuple):
    """Hours of a day one after the other, from `begins` to `ends`, in which too few people work."""

    on: dt.date
    begins: int
    ends: int
    have: int
    need: int

    def row(self) -> dict[str, Any]:
        """Return the gap as a row; hours are clock times in the department's zone."""
        return {
            "day": self.on,
            "begins": f"{self.begins:02d}:00",
            "ends": f"{self.ends:02d}:00",
            "have": self.have,
            "need": self.need,
            "missing": self.need - self.have,
        }


def gaps(
    turns: Iterable[Turn], needed: Needed, zone: ZoneInfo, first: dt.date, last: dt.date
) -> Iterator[Gap]:
    """Yield the hours from a day to another in which too few people work for the whole of the hour."""
    have = _counted(turns, zone, first, last)
    for day in planning.days(first, last):
        open_gap: Gap | None = None
        for hour in range(_HOURS):
            need, here = needed(day, hour), have.get((day, hour), 0)
            if here >= need:
                if open_gap:
                    yield open_gap
                open_gap = None
            elif open_gap and (open_gap.have, open_gap.need) == (here, need):
                open_gap = open_gap._replace(ends=hour + 1)
            else:
                if open_gap:
                    yield open_gap
                open_gap = Gap(day, hour, hour + 1, here, need)
        if open_gap:
            yield open_gap


def _counted(
    turns: Iterable[Turn], zone: ZoneInfo, first: dt.date, last: dt.date
) -> dict[tuple[dt.date, int], int]:
    """Return how many people work the whole of each hour, by the wall clock."""
    people: dict[tuple[dt.date, int], set[str]] = {}
    for turn in turns:
        if turn.absence is not None or not first - dt.timedelta(days=1) <= turn.on <= last:
            continue
        begins = turn.begins.astimezone(zone)
        hour = begins.replace(minute=0, second=0, microsecond=0)
        if hour < begins:
            hour += dt.timedelta(hours=1)
        ends = turn.ends.astimezone(zone).replace(tzinfo=None)
        wall = hour.replace(tzinfo=None)
        while wall + dt.timedelta(hours=1) <= ends:
            people.setdefault((wall.date(), wall.hour), set()).add(turn.staff)
            wall += dt.timedelta(hours=1)
    return {hour: len(who) for hour, who in people.items()}
