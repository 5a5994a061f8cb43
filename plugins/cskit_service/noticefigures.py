"""What a report says of notices, service orders and invoices. Must not import click or a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cskit import Period
from cskit.sections import Group, Table

if TYPE_CHECKING:
    from cskit import App


def groups(app: App, period: Period) -> list[Group]:
    """Return the figures of a period."""
    return []


def tables(app: App, period: Period) -> list[Table]:
    """Return the tables of a period."""
    return []
