"""The numbers a rota keeps to, as the rule kind `shift-limits`. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _, rules
from cskit_calls.shiftrules import Bounds

if TYPE_CHECKING:
    from cskit import App

KIND = "shift-limits"
_WEEKDAYS = {1, 2, 3, 4, 5, 6, 7}
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]


class Need(msgspec.Struct, frozen=True):
    """How many people are needed from an hour to another; weekdays are 1 (Monday) to 7, none named: all."""

    begins: Hour
    ends: Hour
    people: Annotated[int, msgspec.Meta(ge=0, le=999)]
    weekdays: list[int] = []

    def __post_init__(self) -> None:
        """Refuse hours that cannot follow each other, and days that no week has."""
        if self.begins >= self.ends:
            raise ValueError(_("needs: ends comes after begins"))
        if not set(self.weekdays) <= _WEEKDAYS:
            raise ValueError(_("needs: weekdays are 1 (Monday) to 7"))


class Limits(msgspec.Struct, frozen=True):
    """A rule file of the kind shift-limits; the shipped one says where each number comes from."""

    max_days_in_row: Annotated[int, msgspec.Meta(ge=1, le=31)]
    max_day_hours: Annotated[int, msgspec.Meta(ge=1, le=24)]
    min_rest_hours: Annotated[int, msgspec.Meta(ge=0, le=24)]
    minimum: Annotated[int, msgspec.Meta(ge=0, le=999)]
    opens: Hour
    closes: Hour
    ahead_days: Annotated[int, msgspec.Meta(ge=1, le=92)]
    support_days: Annotated[int, msgspec.Meta(ge=0, le=31)]
    support_positions: list[str]
    needs: list[Need] = []

    @property
    def bounds(self) -> Bounds:
        """What nobody may be asked to work."""
        return Bounds(self.max_days_in_row, self.max_day_hours, self.min_rest_hours)

    def need(self, day: dt.date, hour: int) -> int:
        """Return how many people are needed in an hour of a day: what `needs` says, else the minimum."""
        said = [
            one.people
            for one in self.needs
            if one.begins <= hour < one.ends and (not one.weekdays or day.isoweekday() in one.weekdays)
        ]
        if said:
            return max(said)
        return self.minimum if self.opens <= hour < self.closes else 0


def load(app: App) -> Limits:
    """Return the limits in force."""
    found: Limits = rules.load(app, KIND)["default"].value
    return found
