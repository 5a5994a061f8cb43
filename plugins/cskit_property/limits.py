"""The numbers a department may set for its estates. Must not import click or a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import rules

if TYPE_CHECKING:
    from cskit import App

KIND = "property-limits"
Days = Annotated[int, msgspec.Meta(ge=0)]


class Limits(msgspec.Struct, frozen=True):
    """A rule file of the kind property-limits; the shipped one says where each number comes from."""

    serious_cap: Annotated[int, msgspec.Meta(ge=0, le=100)]
    serious_hours: Annotated[int, msgspec.Meta(ge=1)]
    other_days: Annotated[int, msgspec.Meta(ge=1)]
    patrol_days: Annotated[int, msgspec.Meta(ge=1)]
    invoice_due_days: Days
    ages: Annotated[list[int], msgspec.Meta(min_length=1)]
    lease_days: Days


def load(app: App) -> Limits:
    """Return the limits in force."""
    found: Limits = rules.load(app, KIND)["default"].value
    return found
