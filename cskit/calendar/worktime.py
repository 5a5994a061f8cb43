"""When work is done, as one line of openings: measuring it, and moving along it.

Pure: knows no file, no app and no clock. Instants are whole seconds since 1970 in UTC, so that a change to or
from summer time is neither lost nor counted twice; stretches are half open, [start, end).
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cskit.calendar.lengths import Length
from cskit.errors import Usage
from cskit.i18n import _, mark

Interval = tuple[int, int]
"""Seconds from midnight, by the clock on the wall; work through the night ends after 86 400."""

MOST_YEARS = 150
"""A calendar is laid out year by year, 3 ms each; a slip such as the year 20261 must not take minutes."""
_BRACKETS = re.compile(r"\s*[(（].*")
CLOSED, AFTER_HOURS = mark("not a working day"), mark("outside working hours")


class Day(NamedTuple):
    """What is worked on one day, and why that is not what the weekday says ("" where it is)."""

    hours: tuple[Interval, ...]
    why: str = ""


class Stretch(NamedTuple):
    """A part of time in which work is done throughout, or not at all; `why` says why not."""

    start: int
    end: int
    worked: bool
    why: str = ""


class Calendar:
    """Working time in one zone; `day` says what is worked on a day, `crosses` hears which years are used."""

    def __init__(
        self,
        name: str,
        zone: ZoneInfo,
        day: Callable[[dt.date], Day],
        crosses: Callable[[int], None] = lambda year: None,
    ) -> None:
        self.name, self.zone = name, zone
        self._day, self._crosses = day, crosses
        self._years: tuple[int, int] | None = None
        self._from, self._to = 1, 0
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = [0]  # seconds worked before each opening, and at last all of them
        self._on: list[int] = []  # the place among the working days of the one each opening belongs to
        self._days: list[int] = []  # working days, as ordinals
        self._midnights: list[int] = []  # when each of them begins
        self._plain: list[bool] = []  # whether it has 24 hours, and work ends within them

    def day(self, day: dt.date) -> Day:
        """Return what is worked on a day."""
        return self._day(day)

    # --- measuring -------------------------------------------------------------------------------------

    def worked(self, start: int, end: int) -> int:
        """Return the seconds of working time from `start` to `end`; 0 where `end` is not later."""
        if end <= start:
            return 0
        if not (self._from <= start and end <= self._to):
            self._reach(start)  # before anything is measured, for an earlier year is laid on in front
            self._reach(end)
        return self._at(end) - self._at(start)

    def days(self, start: int, end: int) -> int:
        """Return how many whole working days lie between: the most that `shifted` takes from start to end."""
        if end <= start:
            return 0
        first = self._first_day(start)
        self._reach(end)
        last = bisect_right(self._days, self._local(end).toordinal()) - 1
        count = max(last - first, 0)
        while count and self.shifted(start, count) > end:
            count -= 1
        return count

    def stretches(self, start: int, end: int) -> Iterator[Stretch]:
        """Yield what lies between two instants, worked and not worked in turn, with nothing left out."""
        self._reach(start)
        self._reach(end)
        place = max(bisect_right(self._opens, start) - 1, 0)
        now = start
        while now < end:
            opens = self._opens[place] if place < len(self._opens) else end
            if now < opens:
                until = min(opens, end)
                yield Stretch(now, until, False, self._why_closed(now, until))
                now = until
            elif now < self._closes[place]:
                until = min(self._closes[place], end)
                yield Stretch(now, until, True)
                now = until
            else:
                place += 1

    # --- moving ----------------------------------------------------------------------------------------

    def opening(self, moment: int) -> int:
        """Return the first instant from `moment` on at which there is work; closing time still counts."""
        self._reach(moment)
        place = bisect_right(self._opens, moment) - 1
        if place >= 0 and moment <= self._closes[place]:
            return moment
        while place + 1 >= len(self._opens):
            self._widen()
            place = bisect_right(self._opens, moment) - 1
        return self._opens[place + 1]

    def added(self, start: int, seconds: int) -> int:
        """Return the first instant by which so much has been worked since `start`."""
        if seconds <= 0:
            return start
        aim = self._at(start) + seconds
        while self._before[-1] < aim:
            self._widen()  # which lays years on at the end, so that what stands before stays
        place = bisect_left(self._before, aim, 1) - 1
        return self._opens[place] + aim - self._before[place]

    def shifted(self, start: int, days: int) -> int:
        """Return the same time of day so many working days on, from the next opening if there is no work.

        A working day is one however long it is; what falls on a half day keeps its time of day.
        """
        start = self.opening(start)
        if days <= 0:
            return start
        aim = self._on[bisect_right(self._opens, start) - 1] + days
        while aim >= len(self._days):
            self._widen()
        first = aim - days
        if self._plain[first] and self._plain[aim]:  # a third of the time, and nearly every day is
            return self._midnights[aim] + start - self._midnights[first]
        began = dt.date.fromordinal(self._days[first])
        wall = self._local(start).replace(tzinfo=None) - dt.datetime.combine(began, dt.time())
        return self._instant(dt.date.fromordinal(self._days[aim]), wall)

    def after(self, start: int, length: Length) -> int:
        """Return the end of a length that begins at `start`: its days are shifted, its hours measured."""
        return self.added(self.shifted(start, length.days) if length.days else start, length.seconds)

    def _first_day(self, start: int) -> int:
        """Return the place among the working days of the one worked at, or next after, `start`."""
        return self._on[bisect_right(self._opens, self.opening(start)) - 1]

    # --- laying it out ---------------------------------------------------------------------------------

    def _at(self, moment: int) -> int:
        """Return the seconds worked up to an instant, since the first year that is laid out."""
        if not self._from <= moment <= self._to:
            self._reach(moment)
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0
        closes = self._closes[place]
        return self._before[place] + (closes if moment > closes else moment) - self._opens[place]

    def _reach(self, moment: int) -> None:
        if self._from <= moment <= self._to:
            return
        year = self._local(moment).year
        first, last = self._years or (year, year)
        self._lay_out(min(first, year), max(last, year))

    def _widen(self) -> None:
        first, last = self._years or (1970, 1969)
        self._lay_out(first, last + 1)

    def _lay_out(self, first: int, last: int) -> None:
        if last - first >= MOST_YEARS or not 1 < first <= last < 9999:
            raise Usage(
                _("working time is not reckoned over more than {years} years").format(years=MOST_YEARS),
                _("look for a wrong year, or a calendar without a working day"),
            )
        known = range(self._years[0], self._years[1] + 1) if self._years else range(0)
        for year in range(first, last + 1):
            if year not in known:
                self._crosses(year)
        if self._years and first == self._years[0]:
            self._append(dt.date(self._years[1] + 1, 1, 1), dt.date(last + 1, 1, 1))
        else:
            self._opens, self._closes, self._before, self._on = [], [], [0], []
            self._days, self._midnights, self._plain = [], [], []
            self._append(dt.date(first, 1, 1), dt.date(last + 1, 1, 1))
        self._years = first, last
        self._from = self._instant(dt.date(first, 1, 1), dt.timedelta())
        self._to = self._instant(dt.date(last + 1, 1, 1), dt.timedelta())

    def _append(self, first: dt.date, until: dt.date) -> None:
        """Lay out the days from `first` to before `until`, after those that are."""
        if not self._opens:  # the night before the first day may last into it
            eve = first - dt.timedelta(days=1)
            self._open(eve, self._instant(first, dt.timedelta()))
        for ordinal in range(first.toordinal(), until.toordinal()):
            self._open(dt.date.fromordinal(ordinal), self._closes[-1] if self._closes else None)

    def _open(self, day: dt.date, earliest: int | None) -> None:
        """Lay out the hours of a day, as far as they are later than `earliest`."""
        hours = self._day(day).hours
        for opens, closes in hours:
            start = self._instant(day, dt.timedelta(seconds=opens))
            end = self._instant(day, dt.timedelta(seconds=closes))
            if earliest is not None:
                start = max(start, earliest)
            if start < end:
                self._opens.append(start)
                self._closes.append(end)
                self._before.append(self._before[-1] + end - start)
                if not self._days or self._days[-1] != day.toordinal():
                    midnight, next_one = (self._instant(day, dt.timedelta(days=n)) for n in (0, 1))
                    self._days.append(day.toordinal())
                    self._midnights.append(midnight)
                    self._plain.append(next_one - midnight == 86_400 and hours[-1][1] <= 86_400)
                self._on.append(len(self._days) - 1)
                earliest = end

    def _instant(self, day: dt.date, wall: dt.timedelta) -> int:
        """Return when the clock on the wall shows so long after a day's midnight."""
        local = (dt.datetime.combine(day, dt.time()) + wall).replace(tzinfo=self.zone)
        return int(local.timestamp())

    def _local(self, moment: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(moment, self.zone)

    def _why_closed(self, start: int, end: int) -> str:
        """Say why nobody works from `start` to `end`: holidays by name, else no day or hour of work.

        What stands in brackets after a holiday's name, such as the day worked in its place, is left out.
        """
        first, last = self._local(start).date(), self._local(end - 1).date()
        days = [
            self._day(dt.date.fromordinal(each)) for each in range(first.toordinal(), last.toordinal() + 1)
        ]
        named = dict.fromkeys(_BRACKETS.sub("", day.why) for day in days if day.why and not day.hours)
        if named:
            return _(", ").join(named)
        return _(AFTER_HOURS) if all(day.hours for day in days) else _(CLOSED)
