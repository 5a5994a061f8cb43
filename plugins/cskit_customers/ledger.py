"""Fees charged and paid, by hand and for other plugins; and what is still open. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, Usage, edits, register
from cskit.i18n import _
from cskit.stored import decoder
from cskit_customers.documents import decoded
from cskit_customers.entry import Entry, Payment
from cskit_customers.fees import NOTHING, Fee, account

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Filter, Reading, Transaction


def charge(app: App, tx: Transaction, *, item: str, amount: Decimal, **fields: Any) -> str:
    """Note a fee inside `tx` and return the id of its ledger entry.

    `fields` are an entry's fields by name; None stands for a field that is left out.
    """
    values = {"item": item, "amount": amount, **fields}
    given = {name: value for name, value in values.items() if value is not None}
    return register.create(app, tx, app.record_type("ledger"), given).id


class Receipt(NamedTuple):
    """A payment that was noted: of which entry, and what is still to be paid of it, in the currency."""

    entry: str
    outstanding: Decimal


def pay(
    app: App,
    tx: Transaction,
    *,
    entry: str,
    amount: Decimal,
    date: dt.date | None = None,
    form: str | None = None,
) -> Receipt:
    """Note a payment of a fee inside `tx`, today's if no `date` is given, and return what is left.

    Raises `NotFound` for an entry that there is not, `Usage` for a day that is still to come, and `Refused`
    for an amount that is not above zero or is more than what is owed: most likely it is another fee's.
    """
    day = date or app.today
    if day > app.today:
        said = _("{day} is still to come, so nothing was paid on it")
        raise Usage(said.format(day=day), _("note a payment on the day on which it is made"))
    record_type = app.record_type("ledger")
    (document,) = register.find(app, tx, record_type, [entry])
    fee = decoder("ledger", Fee)(document)
    owed = account(fee, dt.date.max).outstanding
    if amount <= 0:
        raise Refused(
            _("{id}: a payment of {amount} is none").format(id=fee.id, amount=amount),
            _("what was given back is noted with `cskit customer ledger set {id} payments+=…`").format(
                id=fee.id
            ),
        )
    if amount > owed:
        raise Refused(
            _("{id}: {amount} is more than the {owed} still to be paid").format(
                id=fee.id, amount=amount, owed=owed
            ),
            _("see `cskit customer ledger show {id}`; note first what was added to the fee").format(
                id=fee.id
            ),
        )
    held = decoder("ledger", Entry)(document).payments
    # Not +=, which leaves out what is there already: two payments may be the same in everything.
    payments = [*held, Payment(date=day, amount=amount, form=form)]
    _record, raw = edits.apply(Entry, document.raw, [edits.Edit(("payments",), "=", payments)])
    tx.replace("ledger", document.number, raw)
    return Receipt(fee.id, owed - amount)


# --- what is open ------------------------------------------------------------------------------------------


class Card(msgspec.Struct, frozen=True, gc=False):
    """What a list of fees shows of a customer."""

    id: str
    name: str
    owner: str | None = None


def open_fees(
    app: App,
    reading: Reading,
    customers: Filter | None = None,
    *,
    overdue: bool = False,
    payable: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each fee that is not paid in full today, the earliest due first.

    `overdue` leaves out what is not due yet; `payable` shows what we owe, not what is owed to us; `customers`
    are the only ones whose fees are shown. Reads each table once.
    """
    cards = {card.id: card for card in decoded("customers", reading.read("customers", where=customers), Card)}
    wanted = "payable" if payable else "receivable"
    items = decoder("ledger", _Item)
    found = []
    for document in reading.read("ledger"):
        fee = _fee(document)
        if fee.direction != wanted or (fee.customer not in cards and customers is not None):
            continue
        state = account(fee, app.today)
        if state.outstanding == NOTHING or (overdue and not state.overdue):
            continue
        card = cards.get(fee.customer or "")
        found.append(
            {
                "id": fee.id,
                "customer": fee.customer,
                "name": card and card.name,
                "item": items(document).item,
                "charged": state.charged,
                "paid": state.paid,
                "outstanding": state.outstanding,
                "due": fee.due,
                "overdue": state.overdue or None,
                "owner": card and card.owner,
            }
        )
    found.sort(key=lambda row: (row["due"] or dt.date.max, row["id"]))
    return iter(found)


class _Item(msgspec.Struct, gc=False):
    item: str


_fee = decoder("ledger", Fee)
