"""What is due about customers, and what happened with one: for `cskit today` and timelines.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Period, Task
from cskit.i18n import _, label
from cskit.records import fields
from cskit_customers.documents import decoded
from cskit_customers.entry import Entry
from cskit_customers.fees import NOTHING, Fee, account
from cskit_customers.following import Chosen, logs
from cskit_customers.following import Entry as Logged
from cskit_customers.model import Customer, CustomerState, Order, Unit
from cskit_customers.pursuit import Activity, Opportunity

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


class Card(msgspec.Struct, frozen=True, gc=False):
    """What a task says of a stored customer."""

    id: str
    name: str
    owner: str | None = None
    state: CustomerState = "active"


# --- what is due -------------------------------------------------------------------------------------------


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due by the end of `until`: follow-ups, opportunities to settle, fees; each table once.

    A closed customer's follow-ups and opportunities are nobody's any more; what is owed still is.
    """
    reading = app.reading()
    cards = {card.id: card for card in decoded("customers", reading.read("customers"), Card)}
    open_ = {own: card for own, card in cards.items() if card.state != "closed"}
    yield from _follow_ups(app, reading, open_, until)
    yield from _closings(reading, open_, until)
    yield from _fees(app, reading, cards, until)


class _Planned(Logged, frozen=True, gc=False):
    staff: str | None = None
    purpose: str | None = None


def _follow_ups(app: App, reading: Reading, cards: Mapping[str, Card], until: dt.date) -> Iterator[Task]:
    entries = decoded("activities", reading.read("activities"), _Planned)
    for own, log in logs(entries, cards, app.now, app.zone, Period()).items():
        planned = log.open(app.zone)
        if not isinstance(planned, _Planned) or planned.next_on is None or planned.next_on > until:
            continue
        said = _("Follow up {customer}").format(customer=cards[own].name)
        if planned.purpose:
            said = _("Follow up {customer}: {purpose}").format(
                customer=cards[own].name, purpose=planned.purpose
            )
        yield Task(
            planned.next_on,
            said,
            about="customer activity",
            id=planned.id,
            who=cards[own].owner or planned.staff or "",
            do=f"customer activity add {own} --mode phone --result …",
        )


class _Closing(Chosen, frozen=True, gc=False):
    owner: str | None = None
    subject: str | None = None


def _closings(reading: Reading, cards: Mapping[str, Card], until: dt.date) -> Iterator[Task]:
    for one in decoded("opportunities", reading.read("opportunities"), _Closing):
        card = cards.get(one.customer)
        if card is None or one.state != "negotiating" or one.expected_close is None:
            continue
        if one.expected_close <= until:
            said = _("Close the opportunity with {customer}").format(customer=card.name)
            if one.subject:
                said = _("Close the opportunity with {customer}: {subject}").format(
                    customer=card.name, subject=one.subject
                )
            yield Task(
                one.expected_close,
                said,
                about="customer opportunity",
                id=one.id,
                who=one.owner or card.owner or "",
                do=f"customer opportunity set {one.id} state=won",
            )


class _Charged(Fee, frozen=True, gc=False):
    item: str = ""


def _fees(app: App, reading: Reading, cards: Mapping[str, Card], until: dt.date) -> Iterator[Task]:
    for fee in decoded("ledger", reading.read("ledger"), _Charged):
        if fee.due is None or fee.due > until:
            continue
        owed = account(fee, app.today).outstanding
        if owed == NOTHING:
            continue
        card = cards.get(fee.customer or "")
        said = (
            _("Collect {amount} for {item} from {customer}")
            if fee.direction == "receivable"
            else _("Pay {amount} for {item}")
        )
        yield Task(
            fee.due,
            said.format(amount=f"{owed:,}", item=fee.item, customer=card.name if card else "-"),
            about="customer ledger",
            id=fee.id,
            who=(card.owner or "") if card and fee.direction == "receivable" else "",
            do=f"customer ledger pay {fee.id} {owed}",
        )


# --- what happened -----------------------------------------------------------------------------------------


def timeline(app: App, own: str) -> Iterator[Event]:
    """Yield everything the register knows of one customer; each table once."""
    reading = app.reading()
    for card in decoded("customers", reading.read("customers", ids=[own]), Customer):
        yield from _of_card(card)
    yield from _of_orders(reading, own)
    for one in decoded("opportunities", reading.read("opportunities"), Opportunity):
        if one.customer == own and one.expected_close is not None:
            state = _choice(Opportunity, "state", one.state)
            said = _("Opportunity expected to close ({state}): {what}")
            what = _joined(one.subject, one.amount)
            yield Event(
                one.expected_close,
                said.format(state=state, what=what),
                "customer opportunity",
                one.id,
                one.owner or "",
            )
    for done in decoded("activities", reading.read("activities"), Activity):
        if done.customer == own:
            said = _joined(_choice(Activity, "mode", done.mode), done.purpose, done.result)
            yield Event(done.at, said, "customer activity", done.id, done.staff or "")
    for entry in decoded("ledger", reading.read("ledger"), Entry):
        if entry.customer == own:
            yield from _of_entry(entry)
    for unit in decoded("units", reading.read("units"), Unit):
        if unit.customer == own:
            yield from _of_unit(unit)


def _of_card(card: Customer) -> Iterator[Event]:
    days = (
        (card.consent.date if card.consent else None, _("Consent to the use of personal data")),
        (card.member_until, _("Membership ends")),
        (card.penalty_until, _("Penalty ends")),
    )
    for day, what in days:
        if day is not None:
            yield Event(day, what, "customer", card.id, card.owner or "")


def _of_orders(reading: Reading, own: str) -> Iterator[Event]:
    for order in decoded("orders", reading.read("orders"), Order):
        if order.customer == own:
            state = _choice(Order, "state", order.state)
            said = _("Order ({state}): {what}")
            what = _joined(order.product, order.quantity, order.amount)
        elif order.referred_by == own:
            said, state = _("Order of {what}, whom this customer referred"), ""
            what = order.customer
        else:
            continue
        yield Event(order.date, said.format(state=state, what=what), "customer order", order.id)


def _of_entry(entry: Entry) -> Iterator[Event]:
    about, own = "customer ledger", entry.id
    if entry.due is not None:
        said = _("Fee due: {what}").format(what=_joined(entry.item, entry.amount))
        yield Event(entry.due, said, about, own)
    if entry.invoice is not None and entry.invoice.date is not None:
        said = _("Invoice: {what}").format(what=_joined(entry.item, entry.invoice.amount))
        yield Event(entry.invoice.date, said, about, own)
    for paid in entry.payments:
        said = _("Payment: {what}").format(what=_joined(entry.item, paid.amount, paid.form))
        yield Event(paid.date, said, about, own)
    for added in entry.added:
        if added.date is not None:
            said = _("Fee added: {what}").format(what=_joined(added.item, added.amount))
            yield Event(added.date, said, about, own)


def _of_unit(unit: Unit) -> Iterator[Event]:
    known = [unit.project, unit.product, unit.serial]
    what = _joined(*known) if any(known) else unit.id
    days = (
        (unit.bought, _("Bought: {what}")),
        (unit.handed_over, _("Handed over: {what}")),
        (unit.warranty_until, _("Warranty ends: {what}")),
    )
    for day, said in days:
        if day is not None:
            yield Event(day, said.format(what=what), "customer unit", unit.id)


def _choice(model: type[msgspec.Struct], name: str, code: str) -> str:
    return label(code, fields(model)[name].choices.get(code, code))


def _joined(*parts: object) -> str:
    """Return what is known of several things, one after the other."""
    return " · ".join(str(part) for part in parts if part is not None) or "-"
