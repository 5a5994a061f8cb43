"""Customers who pass from one member of staff to another, with a list to sign. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import NotFound, Period, Usage, edits, register
from cskit.i18n import _
from cskit.nouns import listed
from cskit.plugins.isolation import nearest
from cskit_customers.arrears import facts as arrears
from cskit_customers.documents import decoded
from cskit_customers.following import Entry, logs
from cskit_customers.orders import Line
from cskit_customers.pursuit import OpportunityState

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction


class HandedOver(NamedTuple):
    """The list of who was handed over, with what is open of each; and how many opportunities went along."""

    rows: list[dict[str, Any]]
    opportunities: int


class Card(msgspec.Struct, frozen=True, gc=False):
    """What the list shows of a stored customer."""

    id: str
    name: str
    phone: str | None = None
    region: str | None = None


class _Held(msgspec.Struct, frozen=True, gc=False):
    owner: str | None = None


class _Pursued(msgspec.Struct, frozen=True, gc=False):
    customer: str
    owner: str | None = None
    state: OpportunityState = "negotiating"


def check(reading: Reading, giving: str, taking: str) -> None:
    """Raise `Usage` where nobody changes, and `NotFound` where somebody looks after no customer."""
    if giving == taking:
        raise Usage(
            _("{staff} cannot take over from {staff}").format(staff=giving),
            _("--from names who gives the customers up, --to who takes them over"),
        )
    owners = {card.owner for card in decoded("customers", reading.read("customers"), _Held) if card.owner}
    if giving not in owners:
        near = nearest(giving, owners)
        hint = _("did you mean {name}?").format(name=near) if near else ""
        there = _("there are {names}").format(names=listed(sorted(owners)[:10])) if owners else ""
        raise NotFound(_("{staff} looks after no customer").format(staff=giving), hint or there)


def hand_over(app: App, tx: Transaction, found: Sequence[Document], giving: str, taking: str) -> HandedOver:
    """Give the customers `found` a new owner, their open opportunities with them, and list what is open."""
    record_type = app.record_type("customers")
    register.change(app, tx, record_type, found, [edits.Edit(("owner",), "=", taking)])
    cards = {card.id: card for card in decoded("customers", found, Card)}
    moved = list(_opportunities(tx, cards, giving))
    register.change(app, tx, app.record_type("opportunities"), moved, [edits.Edit(("owner",), "=", taking)])
    return HandedOver(list(_list(app, tx, cards)), len(moved))


def _opportunities(reading: Reading, customers: Collection[str], giving: str) -> Iterator[Document]:
    documents = list(reading.read("opportunities"))
    for document, one in zip(documents, decoded("opportunities", documents, _Pursued), strict=True):
        if one.customer in customers and one.state == "negotiating" and one.owner == giving:
            yield document


def _list(app: App, reading: Reading, cards: dict[str, Card]) -> Iterator[dict[str, Any]]:
    """Yield what is open of each customer: orders, what is owed, and the next follow-up."""
    orders = dict.fromkeys(cards, 0)
    for line in decoded("orders", reading.read("orders"), Line):
        if line.customer in orders and line.state == "open":
            orders[line.customer] += 1
    entries = decoded("activities", reading.read("activities"), Entry)
    planned = logs(entries, cards, app.now, app.zone, Period())
    owed = arrears(reading, ["fees.overdue_amount"], cards, app.today, Period())["fees.overdue_amount"]
    for own, card in cards.items():
        entry = planned[own].open(app.zone)
        yield {
            "id": own,
            "name": card.name,
            "phone": card.phone,
            "region": card.region,
            "open_orders": orders[own],
            "overdue": _amount(owed[own]),
            "next_on": entry and entry.next_on,
        }


def _amount(owed: Decimal) -> Decimal | None:
    return owed or None


def signatures(giving: str, taking: str, day: dt.date, count: str) -> list[str]:
    """Return the lines under a printed list, for both to sign."""
    return [
        "",
        _("{records}, handed over on {day}").format(records=count, day=day),
        "",
        _("Handed over by {staff}: ____________________  Date: ____________").format(staff=giving),
        "",
        _("Taken over by {staff}: ____________________  Date: ____________").format(staff=taking),
    ]
