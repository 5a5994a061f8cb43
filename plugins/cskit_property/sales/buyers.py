"""The customers of sales and reductions: they stay who they are, and go when they are erased.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import Refused, _
from cskit.edits import encode
from cskit.store.protocol import Change, Document
from cskit.stored import decoder
from cskit_property import succession
from cskit_property.sales.salemodel import Sale
from cskit_property.settlements.moneymodel import Reduction

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction

SALES, REDUCTIONS = "property_sales", "property_reductions"


class _Buyer(msgspec.Struct, frozen=True, gc=False):
    id: str
    customer: str | None = None


def refuse_other(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where a room would become another customer's (抽号选房: 不可更名, catalogue B8)."""
    decode = decoder(SALES, _Buyer)
    for change in changes:
        if change.table != SALES or change.before is None or change.after is None:
            continue
        before, after = (decode(Document(change.number, raw)) for raw in (change.before, change.after))
        if before.customer != after.customer and not succession.follows(tx, changes, before, after):
            said = _("sale {id}: the room is {customer}'s and cannot become another customer's")
            raise Refused(
                said.format(id=after.id, customer=before.customer),
                _("note a return, and add a sale for the other customer"),
            )


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out of sales and reductions of some customers what was written about them; figures stay."""
    if not customers:
        return
    sale, reduction = decoder(SALES, Sale), decoder(REDUCTIONS, Reduction)
    for document in list(tx.read(SALES)):
        one = sale(document)
        if one.customer in customers:
            events = [
                event if event.what in ("sheet", "letter") else msgspec.structs.replace(event, text=None)
                for event in one.events
            ]
            specials = [msgspec.structs.replace(special, text="-") for special in one.specials]
            bare = msgspec.structs.replace(one, note=None, key=None, events=events, specials=specials)
            if encode(bare) != document.raw:
                tx.replace(SALES, document.number, encode(bare))
    for document in list(tx.read(REDUCTIONS)):
        held = reduction(document)
        if held.customer in customers:
            bare_one = msgspec.structs.replace(
                held, content=held.id, room=None, receipt=None, note=None, key=None
            )
            if encode(bare_one) != document.raw:
                tx.replace(REDUCTIONS, document.number, encode(bare_one))
