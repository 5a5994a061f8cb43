"""The calendars of a department: rule files and published holidays, made into working time.

What a calendar's own file says of a day goes before the files of calendar-days, these before what is
published, that before the weekday. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cskit import i18n, rules
from cskit.calendar import published
from cskit.calendar.files import CalendarFile, DaysFile, Special
from cskit.calendar.worktime import Calendar, Day
from cskit.errors import NotFound, Usage
from cskit.i18n import _, mark
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit.app import App

KIND, DAYS = "calendars", "calendar-days"
DEFAULT, ALWAYS = "office", "always"
MAKE_UP, OFF = mark("make-up workday"), mark("day off")


class Calendars(Mapping[str, Calendar]):
    """The calendars by name, each laid out when it is first asked for; unpublished years are told once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._rules = rules.load(app, KIND)
        self._days = rules.load(app, DAYS)
        self._made: dict[str, Calendar] = {}
        self._told: set[tuple[str, int]] = set()
        self._check_named()

    def __getitem__(self, name: str) -> Calendar:
        if name not in self._made:
            if name not in self._rules:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def label(self, name: str) -> str:
        """Return what people call a calendar."""
        return str(self._rules[name].value.label)

    def named(self, name: str) -> Calendar:
        """Return a calendar; raises `NotFound`, naming those there are."""
        if name in self._rules:
            return self[name]
        near = nearest(name, self._rules)
        raise NotFound(
            _("there is no calendar '{name}'").format(name=name),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {names}").format(names=_(", ").join(self._rules)),
        )

    # --- making one --------------------------------------------------------------------------------------

    def _make(self, name: str) -> Calendar:
        file: CalendarFile = self._rules[name].value
        shared, whole = self._shared(name, file)
        own = {day: special for special in file.days for day in special.each()}
        weekly, make_up = file.hours.each(), file.hours.of_make_up()

        def day(wanted: dt.date) -> Day:
            special = own.get(wanted) or shared.get(wanted)
            if special is not None:
                return Day(special.worked(file.hours), _why(special))
            if file.holidays:
                known = published.year(file.holidays, wanted.year)
                if wanted in known.make_up:
                    return Day(make_up, _(MAKE_UP))
                if wanted in known.off:
                    return Day((), i18n.label(*reversed(known.off[wanted])))
            return Day(weekly[wanted.weekday()])

        def crosses(year: int) -> None:
            if file.holidays and year not in whole:
                self._tell_unpublished(file.holidays, year)

        return Calendar(name, self._zone(name, file), functools.cache(day), crosses)

    def _zone(self, name: str, file: CalendarFile) -> ZoneInfo:
        if not file.zone:
            return self._app.zone
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(file.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            said = _("{path}: zone: there is no time zone '{zone}'")
            raise Usage(said.format(path=self._rules[name].path, zone=file.zone)) from error

    def _shared(self, name: str, file: CalendarFile) -> tuple[dict[dt.date, Special], set[int]]:
        """Return the days that files of calendar-days give to a calendar, and the years that are whole."""
        found: dict[dt.date, Special] = {}
        homes: dict[dt.date, str] = {}
        whole: set[int] = set()
        for rule in self._days.values():
            given: DaysFile = rule.value
            if name not in given.calendars and (given.calendars or not file.holidays):
                continue
            whole.update(given.whole)
            for special in given.days:
                for day in special.each():
                    if day in found and found[day].worked(file.hours) != special.worked(file.hours):
                        said = _("{path}: {day} is otherwise in {other}")
                        raise Usage(said.format(path=rule.path, day=day, other=homes[day]))
                    found[day], homes[day] = special, rule.path
        return found, whole

    def _check_named(self) -> None:
        for rule in self._days.values():
            for name in rule.value.calendars:
                if name not in self._rules:
                    said = _("{path}: calendars: there is no calendar '{name}'")
                    raise Usage(said.format(path=rule.path, name=name))

    def _tell_unpublished(self, country: str, year: int) -> None:
        if (country, year) in self._told or published.year(country, year).whole:
            return
        self._told.add((country, year))
        self._app.warn(
            _(
                "the make-up workdays of {year} are not known here: its days are reckoned by weekdays and "
                "statutory holidays; give them with `cskit calendar import FILE`, or upgrade holidays"
            ).format(year=year)
        )


def _why(special: Special) -> str:
    if special.label is not None:
        return str(special.label)
    return _(MAKE_UP) if special.work == "make-up" else "" if special.hours else _(OFF)
