"""The numbers a department may set for its surveys. Must not import click or a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import rules

if TYPE_CHECKING:
    from cskit import App

KIND = "survey-limits"


class Limits(msgspec.Struct, frozen=True):
    """A rule file of the kind survey-limits; the shipped one says where each number comes from."""

    few: Annotated[int, msgspec.Meta(ge=1)]
    low: Annotated[int, msgspec.Meta(ge=0, le=100)]
    effort_good: Annotated[int, msgspec.Meta(ge=1, le=7)]
    follow_up_days: Annotated[int, msgspec.Meta(ge=0)]
    follow_up_months: Annotated[int, msgspec.Meta(ge=1)]


def load(app: App) -> Limits:
    """Return the limits in force."""
    found: Limits = rules.load(app, KIND)["default"].value
    return found
