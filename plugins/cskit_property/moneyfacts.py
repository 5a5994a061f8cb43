"""What settlements tell other plugins of projects. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period, amounts

if TYPE_CHECKING:
    from cskit import App

OUTSTANDING = "settlements.outstanding"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        OUTSTANDING,
        "project",
        "decimal",
        "What is still to be paid of approved settlements, in the department's currency; 0 if nothing is.",
    ),
)


def known(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> Mapping[str, Mapping[str, Any]]:
    """Return facts about projects by name, then id, of those names that are this file's."""
    if OUTSTANDING not in names:
        return {}
    from cskit_property.settlements import statements

    found: dict[str, Decimal] = dict.fromkeys(ids, amounts.NOTHING)
    for one, left in statements.open_ones(app):
        if one.project in found:
            found[one.project] = amounts.total([found[one.project], left])
    return {OUTSTANDING: found}
