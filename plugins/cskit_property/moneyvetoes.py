"""What may not be saved of settlements, matters and sales. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

_TABLES = ("property_sales", "property_reductions")


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; take out what goes with erased customers."""
    erased = tx.origin.erases.get("customers", ())
    if any(change.table in _TABLES for change in changes) or erased:
        from cskit_property import buyers, reductions

        buyers.refuse_other(changes)
        reductions.refuse_changed(changes)
        buyers.erase(tx, erased)
