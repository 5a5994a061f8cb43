"""What a calendar's rule files may say: the hours of each weekday, single days, whose holidays are kept.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from cskit.calendar.worktime import Interval
from cskit.i18n import _
from cskit.rules import Label

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~至]\s*(\d{1,2}):(\d{2})")
_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
LONGEST = 366


def parse_hours(texts: list[str]) -> tuple[Interval, ...]:
    """Return the intervals of a day such as ["09:00-12:00", "13:30-18:00"]; raises `ValueError`.

    "22:00-06:00" lasts into the next day, "00:00-24:00" is the whole of one.
    """
    found: list[Interval] = []
    for text in texts:
        parts = _HOURS.fullmatch(text.strip())
        if parts is None or int(parts[2]) > 59 or int(parts[4]) > 59:
            raise ValueError(_("'{text}' are no hours; expected such as 09:00-12:00").format(text=text))
        start, end = (int(parts[at]) * 3600 + int(parts[at + 1]) * 60 for at in (1, 3))
        if start >= 86_400 or end > 86_400 or start == end:
            raise ValueError(_("'{text}' are no hours; expected such as 09:00-12:00").format(text=text))
        end = end + 86_400 if end < start else end
        if found and start < found[-1][1]:
            raise ValueError(_("'{text}' begins before the hours in front of it end").format(text=text))
        found.append((start, end))
    if found and found[-1][1] - found[0][0] > 86_400:
        raise ValueError(_("the hours of a day are longer than 24 hours"))
    return tuple(found)


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hours of each weekday; none on one that is not worked.

    `make_up` are those of a weekend day worked in the place of another; else those of the first weekday
    that has any.
    """

    monday: list[str] = []
    tuesday: list[str] = []
    wednesday: list[str] = []
    thursday: list[str] = []
    friday: list[str] = []
    saturday: list[str] = []
    sunday: list[str] = []
    make_up: list[str] | None = None

    def __post_init__(self) -> None:
        if not any(self.each()):
            raise ValueError(_("no weekday has hours"))
        parse_hours(self.make_up or [])

    def each(self) -> tuple[tuple[Interval, ...], ...]:
        """Return the intervals from Monday to Sunday."""
        return tuple(parse_hours(getattr(self, day)) for day in WEEKDAYS)

    def of_make_up(self) -> tuple[Interval, ...]:
        """Return the intervals of a make-up workday."""
        return parse_hours(self.make_up) if self.make_up else next(filter(None, self.each()))


class Special(msgspec.Struct, frozen=True):
    """A day, or every one up to `until`, that is not as its weekday.

    `hours` are what is worked, [] is a day off; `work` = "off" says the latter, "make-up" that the calendar's
    hours of a make-up workday are worked.
    """

    date: dt.date
    until: dt.date | None = None
    hours: list[str] | None = None
    work: Literal["off", "make-up"] | None = None
    label: Label | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.work is None):
            raise ValueError(_("say either hours or work, not both"))
        if self.until is not None and not 0 <= (self.until - self.date).days < LONGEST:
            raise ValueError(_("until is before date, or over {days} days after it").format(days=LONGEST))
        parse_hours(self.hours or [])

    def each(self) -> Iterator[dt.date]:
        """Yield the days that are meant."""
        for ordinal in range(self.date.toordinal(), (self.until or self.date).toordinal() + 1):
            yield dt.date.fromordinal(ordinal)

    def worked(self, weekly: Weekly) -> tuple[Interval, ...]:
        """Return the intervals worked on such a day in a calendar with these weekly hours."""
        if self.work == "make-up":
            return weekly.of_make_up()
        return parse_hours(self.hours or [])


class CalendarFile(msgspec.Struct, frozen=True):
    """A rule file of the kind calendars.

    `zone` is the department's where it is empty; `holidays` names the country whose public holidays and
    make-up workdays are kept ("CN", "DE-BY"), none where it is empty. `days` go before both.
    """

    label: Label
    hours: Weekly
    zone: str = ""
    holidays: str = ""
    days: list[Special] = []

    def __post_init__(self) -> None:
        if self.holidays and not _COUNTRY.fullmatch(self.holidays):
            raise ValueError(
                _("'{place}' is no country such as CN, nor a part of one such as DE-BY").format(
                    place=self.holidays
                )
            )
        _refuse_twice(self.days)


class DaysFile(msgspec.Struct, frozen=True):
    """A rule file of the kind calendar-days: days that several calendars share.

    `calendars` are those meant; where there are none, all that keep public holidays. `whole` are the years
    whose make-up workdays are all here, so that nobody is warned that they are not published.
    """

    days: list[Special]
    calendars: list[str] = []
    whole: list[int] = []

    def __post_init__(self) -> None:
        _refuse_twice(self.days)


def _refuse_twice(days: list[Special]) -> None:
    seen: set[dt.date] = set()
    for special in days:
        for day in special.each():
            if day in seen:
                raise ValueError(_("{day} stands there twice").format(day=day))
            seen.add(day)
