"""What a person's shifts may not be: two at once, too close to each other, too many days in a row.

Pure: must not import click, a store or an app.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cskit import _


class Duty(NamedTuple):
    """A shift that somebody works: on which day it begins, from when to when; `called` is its title."""

    id: str
    staff: str
    on: dt.date
    begins: dt.datetime
    ends: dt.datetime
    called: str = ""


class Bounds(NamedTuple):
    """What nobody may be asked: days in a row, hours on one day, hours of rest between two days."""

    days: int
    hours: float
    rest: float


class Clash(NamedTuple):
    """What is wrong with a person's shifts, and which shifts make it so."""

    ids: Sequence[str]
    text: str


def clashes(duties: Iterable[Duty], bounds: Bounds) -> Iterator[Clash]:
    """Yield what is wrong with shifts of one person, in the order of time.

    Two that overlap, also past midnight; two days with too little rest between them; too many hours on a day;
    too many days one after the other. Parts of one day may stand as far apart as they like.
    """
    ordered = sorted(duties, key=lambda one: (one.begins, one.ends, one.id))
    latest: Duty | None = None
    for duty in ordered:
        if latest is not None and duty.begins < latest.ends:
            yield Clash((latest.id, duty.id), _told(_("{staff}: {one} and {other} overlap"), latest, duty))
        elif latest is not None and duty.on != latest.on and _hours(latest.ends, duty.begins) < bounds.rest:
            said = _("{staff}: {hours} h of rest between {one} and {other}, not {rest}")
            rest = {"hours": f"{_hours(latest.ends, duty.begins):g}", "rest": f"{bounds.rest:g}"}
            yield Clash((latest.id, duty.id), _told(said, latest, duty, **rest))
        if latest is None or duty.ends > latest.ends:
            latest = duty
    days: dict[dt.date, list[Duty]] = {}
    for duty in ordered:
        days.setdefault(duty.on, []).append(duty)
    yield from _long_days(days, bounds.hours)
    yield from _long_runs(days, bounds.days)


def _long_days(days: Mapping[dt.date, Sequence[Duty]], most: float) -> Iterator[Clash]:
    for day, duties in days.items():
        hours = sum(_hours(one.begins, one.ends) for one in duties)
        apart = all(one.ends <= other.begins for one, other in pairwise(duties))
        if len(duties) > 1 and apart and hours > most:
            said = _("{staff}: {hours} h on {day}, more than {most}")
            told = said.format(staff=duties[0].staff, hours=f"{hours:g}", day=day, most=f"{most:g}")
            yield Clash([one.id for one in duties], told)


def _long_runs(days: Mapping[dt.date, Sequence[Duty]], most: int) -> Iterator[Clash]:
    run: list[dt.date] = []
    for day in days:
        run = [*run, day] if run and day - run[-1] == dt.timedelta(days=1) else [day]
        if len(run) > most:
            said = _("{staff}: {day} would be day {count} in a row, of at most {most}")
            told = said.format(staff=days[day][0].staff, day=day, count=len(run), most=most)
            yield Clash([one.id for each in run for one in days[each]], told)


def _hours(begins: dt.datetime, ends: dt.datetime) -> float:
    return (ends - begins) / dt.timedelta(hours=1)


def _told(said: str, one: Duty, other: Duty, **more: str) -> str:
    return said.format(staff=one.staff, one=_called(one), other=_called(other), **more)


def _called(duty: Duty) -> str:
    return _("{shift} of {day}").format(shift=duty.called or duty.id, day=duty.on)
