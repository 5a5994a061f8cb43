"""The numbers of listening to calls, as the rule kind `qa-limits`. Must not import click or a store."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _, rules

if TYPE_CHECKING:
    from cskit import App

KIND = "qa-limits"
Points = Annotated[int, msgspec.Meta(ge=0, le=100)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class Limits(msgspec.Struct, frozen=True):
    """A rule file of the kind qa-limits; the shipped one says where each number comes from."""

    per_agent: Count
    min_talking: Annotated[int, msgspec.Meta(ge=0)]
    score_days: Count
    acknowledge_days: Count
    measure_days: Count
    few: Count
    tolerance: Points
    agreement: Points
    drift: Points
    levels: Annotated[list[Points], msgspec.Meta(min_length=1)]
    months: Annotated[int, msgspec.Meta(ge=2, le=120)]
    enough: Annotated[int, msgspec.Meta(ge=3, le=120)]
    run: Annotated[int, msgspec.Meta(ge=5, le=20)]

    def __post_init__(self) -> None:
        """Refuse levels that do not rise."""
        if self.levels != sorted(set(self.levels)):
            raise ValueError(_("levels: each is higher than the one before"))

    def level(self, total: Decimal) -> int:
        """Return which level a total is on, from 0: how many of the cut points it reaches."""
        return sum(total >= cut for cut in self.levels)


def load(app: App) -> Limits:
    """Return the limits in force."""
    found: Limits = rules.load(app, KIND)["default"].value
    return found
