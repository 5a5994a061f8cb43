"""What goes from calls, visitors and planned interviews when their customers are erased.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Record
from cskit.edits import encode
from cskit.stored import decoder
from cskit_calls.model import Call
from cskit_calls.reception import Plan, Visitor

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction

_GONE: dict[str, tuple[type[Record], dict[str, Any]]] = {
    "calls": (
        Call,
        dict.fromkeys(("purpose", "number", "transferred_to", "issue", "recording", "note", "key")),
    ),
    "call_visitors": (Visitor, dict.fromkeys(("purpose", "name", "phone", "result", "note", "key"))),
    "call_plans": (Plan, {**dict.fromkeys(("number", "result", "note", "key")), "questions": []}),
}
"""What tells of a person, or may: free text does. Figures need none of it."""


class _OfCustomer(msgspec.Struct, frozen=True, gc=False):
    id: str
    customer: str | None = None


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out of what is kept of some customers whatever tells of a person; figures stay as they are."""
    wanted = set(customers)
    for table, (model, gone) in _GONE.items():
        small, whole = decoder(table, _OfCustomer), decoder(table, model)
        for document in list(tx.read(table)):
            found = small(document)
            if found.customer in wanted:
                subject = {"subject": found.id} if table == "call_plans" else {}
                raw = encode(msgspec.structs.replace(whole(document), **gone, **subject))
                if raw != document.raw:  # a key that nobody knows may tell of a person as well
                    tx.replace(table, document.number, raw)
