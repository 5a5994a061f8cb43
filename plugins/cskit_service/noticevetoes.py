"""What may not be saved of notices, service orders and invoices. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; take out what goes with erased customers."""
