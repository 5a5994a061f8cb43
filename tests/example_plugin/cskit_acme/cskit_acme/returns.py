"""What happens when machines come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


class _Place(msgspec.Struct, frozen=True):
    customer: str


def take_back(app: App, tx: Transaction, *, customer: str) -> int:
    """Remove the machines of a customer inside another plugin's transaction; return how many there were."""
    found = [
        document
        for document in tx.read("acme_machines")
        if msgspec.json.decode(document.raw, type=_Place).customer == customer
    ]
    for document in found:
        tx.remove("acme_machines", document.number)
    return len(found)
