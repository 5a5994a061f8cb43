"""What may not be saved of shifts and scores, and what goes with others. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

SHIFTS, HANDOVERS = "call_shifts", "call_handovers"


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """See what is about to be saved; raises `Refused` for what cannot be."""
    if tx.origin.erases:
        from cskit_calls import forgetting

        forgetting.erase(tx, changes)
    rota = [change for change in changes if change.table == SHIFTS]
    if rota:
        from cskit_calls import shifts

        shifts.follow(app, tx, rota)
        shifts.refuse(app, tx, rota)
    signed = [change for change in changes if change.table == HANDOVERS]
    if signed:
        from cskit_calls import handovers

        handovers.refuse_changed(tx, signed)
