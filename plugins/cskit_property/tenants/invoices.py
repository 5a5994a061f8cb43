"""Tenants' monthly invoices: issued once a month, owed and paid in the one ledger.

Must not import click or a store.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, _, amounts, register
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_property import limits
from cskit_property.tenants.tenancy import TENANTS, Charge, Invoice, Reminder, Tenant

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE, LEDGER = "property_invoices", "ledger"


# --- issuing -----------------------------------------------------------------------------------------------


def charges(tenant: Tenant, month: dt.date) -> list[Charge]:
    """Return what a tenant owes for a month; for a part of it by days, each line half-up to the fen.

    A month is charged from the day of the move in to the day of the move out, both included.
    """
    length = calendar.monthrange(month.year, month.month)[1]
    last = month.replace(day=length)
    if tenant.moved_in is None or tenant.moved_in > last or (tenant.moved_out or last) < month:
        return []
    days = (min(tenant.moved_out or last, last) - max(tenant.moved_in, month)).days + 1
    fee = amounts.product(tenant.fee_rate, tenant.area) if tenant.fee_rate and tenant.area else None
    found = []
    for what, whole in (("rent", tenant.rent), ("management", fee), ("other", tenant.other_fee)):
        if whole:
            amount = amounts.fen(whole if days == length else whole * days / length)
            found.append(Charge(what=what, amount=amount, days=None if days == length else days))  # type: ignore[arg-type]  # one of the choices
    return [charge for charge in found if charge.amount > 0]


class Issued(NamedTuple):
    """What a run made, and the tenants who have their invoice for the month already."""

    invoices: Sequence[Invoice]
    had: int


def run(app: App, tx: Transaction, month: dt.date, project: str | None = None) -> Issued:
    """Issue the invoices of a month to all tenants who were in, each once, and charge them in the ledger.

    Raises `Refused` naming tenants that have no customer who could owe it; then none is issued.
    """
    decode, text = decoder(TENANTS, Tenant), f"{month:%Y-%m}"
    had = {one.tenant for one in briefs(tx) if one.month == text}
    wanted = [one for one in map(decode, tx.read(TENANTS)) if project in (None, one.project)]
    due = {one.id: charges(one, month) for one in wanted}
    fresh = [one for one in wanted if due[one.id] and one.id not in had]
    lost = [one.id for one in fresh if one.customer is None]
    if lost:
        raise Refused(
            _("no customer to charge: {tenants}").format(tenants=", ".join(lost)),
            _("`cskit property tenant set {id} customer=C-000001` says who pays").format(id=lost[0]),
        )
    pay_by = app.today + dt.timedelta(days=limits.load(app).invoice_due_days)
    made = [_issue(app, tx, tenant, text, due[tenant.id], pay_by) for tenant in fresh]
    return Issued(made, sum(bool(due[one.id]) and one.id in had for one in wanted))


def _issue(
    app: App, tx: Transaction, tenant: Tenant, month: str, found: list[Charge], pay_by: dt.date
) -> Invoice:
    amount = amounts.total(charge.amount for charge in found)
    item = _("rent and fees {month}, {tenant}").format(month=month, tenant=tenant.id)
    entry = app.actions["ledger.charge"](tx, item=item, amount=amount, customer=tenant.customer, due=pay_by)
    values = {
        "tenant": tenant.id,
        "project": tenant.project,
        "month": month,
        "charges": found,
        "amount": amount,
        "issued_on": app.today,
        "due": pay_by,
        "entry": entry,
    }
    made = register.create(app, tx, app.record_type(TABLE), values)
    assert isinstance(made, Invoice)  # noqa: S101 - its table's records
    return made


def pay(
    app: App, tx: Transaction, name: str, amount: Decimal, *, date: dt.date | None, form: str | None
) -> tuple[str, Decimal]:
    """Note a payment of an invoice in the ledger; return the invoice's id and what is still owed of it.

    Raises as the ledger does: `Refused` for an amount that is not above zero or more than is owed.
    """
    (document,) = register.find(app, tx, app.record_type(TABLE), [name])
    invoice = decoder(TABLE, Invoice)(document)
    receipt = app.actions["ledger.pay"](tx, entry=invoice.entry, amount=amount, date=date, form=form)
    return invoice.id, receipt.outstanding


def rows(found: Sequence[Invoice]) -> Iterator[dict[str, Any]]:
    """Yield a row for each invoice."""
    for one in found:
        yield {
            "id": one.id,
            "tenant": one.tenant,
            "month": one.month,
            "amount": one.amount,
            "due": one.due,
            "entry": one.entry,
        }


# --- whatever is removed or undone -------------------------------------------------------------------------


def refuse_second(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where a tenant comes to have two invoices for a month, as by undoing."""
    decode = decoder(TABLE, Brief)
    own = [one for one in changes if one.table == TABLE]
    made = [decode(Document(one.number, one.after)) for one in own if one.before is None and one.after]
    if not made:
        return
    fresh = {one.id for one in made}
    held = {(one.tenant, one.month): one.id for one in briefs(tx) if one.id not in fresh}
    for one in made:
        other = held.setdefault((one.tenant, one.month), one.id)
        if other != one.id:
            said = _("tenant {tenant} has invoice {id} for {month} already")
            raise Refused(
                said.format(tenant=one.tenant, id=other, month=one.month),
                _("`cskit property invoice remove {id}` takes it back").format(id=other),
            )


def take_back(tx: Transaction, changes: Sequence[Change]) -> None:
    """Take the fees of invoices that are removed out of the ledger, so that nobody owes a month twice.

    Raises `Refused` where something was paid of one.
    """
    decode = decoder(TABLE, Brief)
    own = [one for one in changes if one.table == TABLE]
    gone = [decode(Document(one.number, one.before)) for one in own if one.after is None and one.before]
    if not gone:
        return
    fee, bills = decoder(LEDGER, _Fee), {one.entry: one.id for one in gone}
    for document in list(tx.read(LEDGER, ids=bills)):
        entry = fee(document)
        if entry.payments:
            said = _("invoice {id}: its fee {entry} was paid, in part at least, so it cannot be removed")
            raise Refused(
                said.format(id=bills[entry.id], entry=entry.id),
                _("see `cskit customer ledger show {id}`; an error is corrected there").format(id=entry.id),
            )
        tx.remove(LEDGER, document.number)


class _Fee(msgspec.Struct, frozen=True, gc=False):
    id: str
    payments: tuple[msgspec.Raw, ...] = ()


# --- what others need of them ------------------------------------------------------------------------------


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What lists need of a stored invoice."""

    id: str
    tenant: str
    project: str
    month: str
    amount: Decimal
    issued_on: dt.date
    due: dt.date
    entry: str
    reminders: tuple[Reminder, ...] = ()


def briefs(reading: Reading) -> Iterator[Brief]:
    """Yield all invoices, from one pass over the table."""
    return map(decoder(TABLE, Brief), reading.read(TABLE))


class Renting(msgspec.Struct, frozen=True, gc=False):
    """What lists need of a stored tenant."""

    id: str
    name: str = ""
    room: str | None = None
    state: str = "registered"
    project: str = ""
    area: Decimal | None = None
    moved_in: dt.date | None = None
    moved_out: dt.date | None = None


def renting(reading: Reading) -> dict[str, Renting]:
    """Return all tenants by id, from one pass over the table."""
    return {one.id: one for one in map(decoder(TENANTS, Renting), reading.read(TENANTS))}


def project_id(app: App, name: str | None) -> str | None:
    """Return the id of the project that a name means; raises `NotFound`."""
    if name is None:
        return None
    (document,) = register.find(app, app.reading(), app.record_type("property_projects"), [name])
    return register.id_of(document)
