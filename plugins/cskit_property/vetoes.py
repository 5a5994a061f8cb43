"""What may not be saved of estates, and what goes with erased customers. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit_property import erasing
from cskit_property.sales import buyers
from cskit_property.settlements import reductions

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; take out what goes with erased customers."""
    buyers.refuse_other(changes)
    reductions.refuse_changed(changes)
    erased = tx.origin.erases.get("customers", ())
    if erased:
        erasing.erase(tx, erased)
        buyers.erase(tx, erased)
