"""Records that become another customer's where customers are merged, or that is undone.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from cskit.store.protocol import Change, Document
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction


class Of(Protocol):
    """A record of a customer."""

    @property
    def customer(self) -> str | None:
        """The customer's id."""


def follows(tx: Transaction, changes: Sequence[Change], before: Of, after: Of) -> bool:
    """Tell whether a record is another customer's since customers were merged, or are no longer.

    A customer who is merged into another goes in the same commit; one whose merging is undone comes back.
    """
    decode = decoder("customers", _Named)
    for change in changes:
        if change.table == "customers" and change.before is not None and change.after is None:
            if decode(Document(change.number, change.before)).id == before.customer:
                return True
        elif change.table == "customers" and change.before is None and change.after is not None:
            back = decode(Document(change.number, change.after)).id == after.customer
            if back and tx.origin.undoes is not None:
                return True
    return False


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str
