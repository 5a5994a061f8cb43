"""What may not be saved of estates, and what goes with erased customers and with removed invoices.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit_property import erasing
from cskit_property.checks import rectifications
from cskit_property.sales import buyers, sales
from cskit_property.settlements import approval, reductions, settlements
from cskit_property.tenants import invoices

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; take out what goes with erased customers and removed invoices."""
    rectifications.refuse_own_word(changes)
    buyers.refuse_other(tx, changes)
    sales.refuse_sold_twice(tx, changes)
    reductions.refuse_changed(tx, changes)
    settlements.refuse_overlap(tx, changes)
    approval.refuse_other_fee(tx, changes)
    invoices.refuse_second(tx, changes)
    invoices.take_back(tx, changes)
    erased = tx.origin.erases.get("customers", ())
    if erased:
        erasing.erase(tx, erased)
        buyers.erase(tx, erased)
