"""Shift patterns as rule files of the kind `shift-patterns`: shifts with their times, and in which order
people go through them.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import msgspec

from cskit import NotFound, _, rules
from cskit.nouns import listed
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    from cskit import App

KIND = "shift-patterns"
OFF = "off"
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,15}$")]


class ShiftTimes(msgspec.Struct, frozen=True):
    """A shift by the clock of the department's zone; one that ends before it begins goes past midnight."""

    code: Code
    label: rules.Label
    begins: dt.time
    ends: dt.time

    def on(self, day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Return when the shift of a day begins and ends, in UTC; when clocks change it is an hour off."""
        last = day if self.ends > self.begins else day + dt.timedelta(days=1)
        begins = dt.datetime.combine(day, self.begins, zone).astimezone(dt.UTC)
        return begins, dt.datetime.combine(last, self.ends, zone).astimezone(dt.UTC)


class Pattern(msgspec.Struct, frozen=True):
    """A rule file of the kind shift-patterns: what a person works day after day; `off` is a day off."""

    label: rules.Label
    shifts: Annotated[list[ShiftTimes], msgspec.Meta(min_length=1)]
    cycle: Annotated[list[str], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse codes that mean two shifts, and days of which nobody knows what they are."""
        codes = [one.code for one in self.shifts]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(_("these codes are there twice: {codes}").format(codes=listed(twice)))
        strange = [day for day in self.cycle if day != OFF and day not in codes]
        if strange:
            said = _("cycle: there is no shift '{shift}'; there are {names}")
            raise ValueError(said.format(shift=strange[0], names=listed((*codes, OFF))))

    def times(self, code: str) -> ShiftTimes:
        """Return the shift of a code that the pattern has."""
        return next(one for one in self.shifts if one.code == code)

    def turn(self, day: dt.date, place: int, people: int) -> ShiftTimes | None:
        """Return what the person at a place among so many works on a day, None for a day off.

        The cycle goes on from day to day for good, so that a month follows the last one. People are spread
        over it: each day then has about as many of each shift.
        """
        length = len(self.cycle)
        round_, own = divmod(place, length)
        together = min(length, people - round_ * length)
        code = self.cycle[(day.toordinal() + own * length // together) % length]
        return None if code == OFF else self.times(code)


def all_of(app: App) -> dict[str, Pattern]:
    """Return the patterns by name; raises as `rules.load` does."""
    return {name: rule.value for name, rule in rules.load(app, KIND).items()}


def load(app: App, name: str) -> Pattern:
    """Return a pattern by name or by title in either language; raises `NotFound`."""
    known = all_of(app)
    for code, one in known.items():
        if name in (code, one.label.en, one.label.zh):
            return one
    near = nearest(name, known)
    raise NotFound(
        _("there is no shift pattern '{name}'").format(name=name),
        _("did you mean '{near}'?").format(near=near)
        if near
        else _("there are {names}").format(names=listed(known)),
    )


def titles(known: Mapping[str, Pattern]) -> dict[str, str]:
    """Return what people see of the codes of shifts, in the user's language."""
    return {one.code: str(one.label) for pattern in known.values() for one in pattern.shifts}


def shift_of(known: Mapping[str, Pattern], name: str) -> dict[tuple[dt.time, dt.time], ShiftTimes]:
    """Return the shifts that a code or a title in either language means, by their times.

    More than one: patterns disagree on when it is.
    """
    return {
        (one.begins, one.ends): one
        for pattern in known.values()
        for one in pattern.shifts
        if name in (one.code, one.label.en, one.label.zh)
    }
