"""The numbers a department may set for its repairs and its store room. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _, rules
from cskit.calendar import Length

if TYPE_CHECKING:
    from cskit import App

KIND = "service-limits"
Positive = Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True):
    """A rule file of the kind service-limits; the shipped one says where each number comes from."""

    calendar: str
    visit_minutes: Positive
    repair_days: Positive
    priority_repair_days: Positive
    fix_days: Positive
    warranty_months: Annotated[int, msgspec.Meta(ge=0)]
    labour_rate: Decimal
    priority_right: str
    warranty_of: dict[str, Annotated[int, msgspec.Meta(ge=0)]]

    def __post_init__(self) -> None:
        """Refuse work that costs less than nothing."""
        if self.labour_rate < 0:
            raise ValueError(_("labour_rate: cannot be below zero"))


def load(app: App) -> Limits:
    """Return the limits in force."""
    found: Limits = rules.load(app, KIND)["default"].value
    return found


class WorkingDays:
    """Days on which there is work, by the calendar of the limits; made once for a command."""

    def __init__(self, app: App) -> None:
        self.limits = load(app)
        self._calendar, self._zone = app.calendars.named(self.limits.calendar), app.zone

    def after(self, start: dt.datetime, days: int) -> dt.datetime:
        """Return the same time of day so many working days on."""
        moment = self._calendar.after(int(start.timestamp()), Length(days=days))
        return dt.datetime.fromtimestamp(moment, dt.UTC)

    def same_day(self, moment: dt.datetime) -> dt.datetime:
        """Return the end of the working day of a moment: of its own day, or of the next with work.

        The hours of that day do not matter: what is served in the evening is entered in the evening
        (catalogue A11: the same day).
        """
        day = moment.astimezone(self._zone).date()
        if not self._calendar.day(day).hours:
            midnight = dt.datetime.combine(day, dt.time(), self._zone)
            opening = self._calendar.opening(int(midnight.timestamp()))
            day = dt.datetime.fromtimestamp(opening, self._zone).date()
        return dt.datetime.combine(day, dt.time(23, 59, 59), self._zone).astimezone(dt.UTC)
