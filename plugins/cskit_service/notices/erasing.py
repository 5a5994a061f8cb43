"""What goes from notices, orders and invoices when their customers are erased.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from cskit.edits import encode
from cskit.stored import decoder
from cskit_service.notices.model import TABLE, Notice
from cskit_service.notices.ordermodel import INVOICES, ORDERS, Invoice, Line, Order

if TYPE_CHECKING:
    from cskit.store.protocol import Document, Transaction

_GONE = (
    *("text", "contact", "phone", "location", "address", "document", "document_date", "signed_by"),
    *("note", "key"),
)
"""What tells of a person, or may: free text does. Figures need none of it."""


class _Of(msgspec.Struct, frozen=True, gc=False):
    customer: str | None = None
    sold_to: str | None = None


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out of the notices, orders and invoices of some customers what tells of a person.

    States, days and amounts stay: figures need them.
    """
    wanted = set(customers)
    for table, bare in ((TABLE, _notice), (ORDERS, _order), (INVOICES, _invoice)):
        small = decoder(table, _Of)
        for document in list(tx.read(table)):
            held = small(document)
            if wanted.isdisjoint((held.customer, held.sold_to)):
                continue
            raw = encode(bare(document))
            if raw != document.raw:
                tx.replace(table, document.number, raw)


def _notice(document: Document) -> Notice:
    one = decoder(TABLE, Notice)(document)
    return msgspec.structs.replace(
        one,
        **dict.fromkeys(_GONE),
        description=one.id,
        items=[msgspec.structs.replace(item, maker=None) for item in one.items],
        steps=[msgspec.structs.replace(step, text=None) for step in one.steps],
    )


def _order(document: Document) -> Order:
    one = decoder(ORDERS, Order)(document)
    return msgspec.structs.replace(one, lines=_lines(one.lines), why=None, note=None, key=None)


def _invoice(document: Document) -> Invoice:
    one = decoder(INVOICES, Invoice)(document)
    return msgspec.structs.replace(one, lines=_lines(one.lines), note=None, key=None)


def _lines(lines: Collection[Line]) -> list[Line]:
    return [msgspec.structs.replace(line, text="-") for line in lines]
