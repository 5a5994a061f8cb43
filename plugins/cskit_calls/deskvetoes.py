"""What may not be saved of calls and visitors. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse calls that do not fit together; take out what goes with erased customers."""
    erased = tx.origin.erases.get("customers", ())
    if erased:
        from cskit_calls import erasing

        erasing.erase(tx, erased)
    if any(change.table == "calls" for change in changes) and tx.origin.undoes is None:
        from cskit_calls import intake

        intake.refuse_misfits(changes)
