"""Customers who leave: closed, and where they ask for it, without what told who they were. Knows no click."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import edits, register
from cskit.i18n import _, label
from cskit.nouns import counted_all, listed, shortened
from cskit.records import Record, fields
from cskit.references import Pointer, pointers
from cskit.stored import decoder
from cskit_customers.entry import Entry, Invoice
from cskit_customers.model import Contact, Customer, Order, Unit
from cskit_customers.pursuit import Activity, Opportunity

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

KEPT = (  # what figures are made of; free text may tell of a person, and so does whatever else there is
    "id",
    "kind",
    "region",
    "industry",
    "company_type",
    "owner",
    "source",
    "member_until",
    "penalty_until",
    "service_class",
    "potential_volume",
    "usage_depth",
    "uses_competitor",
    "fan",
    "since",
    "left_on",
)
KEPT_OF: Mapping[type[Record], tuple[str, ...]] = {
    Order: (
        *("id", "key", "customer", "date", "product", "quantity", "amount", "gross_profit"),
        *("state", "referred_by"),
    ),
    Contact: ("id", "customer"),
    Opportunity: ("id", "customer", "need", "chance", "expected_close", "amount", "state", "owner"),
    Activity: ("id", "customer", "at", "staff", "mode", "contact"),
    Entry: (
        "id",
        "customer",
        "grade",
        "item",
        "amount",
        "due",
        "direction",
        "settlement",
        "payments",
        "added",
    ),
    Unit: ("id", "customer", "project", "product", "bought", "handed_over", "warranty_until"),
}
"""What stays in the records about a customer; a fee's books must stay whole (catalogue B3.3)."""
_MODELS: Mapping[str, type[Record]] = {
    "orders": Order,
    "contacts": Contact,
    "opportunities": Opportunity,
    "activities": Activity,
    "ledger": Entry,
    "units": Unit,
}


class Closed(NamedTuple):
    """What closing changed: field by field, how many customers, and how many other records by table."""

    rows: list[register.Changed]
    customers: int
    others: Mapping[str, int]


def close(app: App, tx: Transaction, names: Sequence[str], *, erase: bool = False) -> Closed:
    """Close the customers that `names` mean; `erase` also takes out all but what figures need, for good.

    Other plugins see in `cskit_before_commit` whose data goes, as `tx.origin.erases["customers"]`, and take
    out what they hold of them in the same transaction.
    """
    record_type = app.record_type("customers")
    found = register.find(app, tx, record_type, names)
    if not erase:
        state = edits.Edit(("state",), "=", "closed")
        rows, count = register.change(app, tx, record_type, found, [state])
        return Closed(rows, count, {})
    app.plugins.refuse_missing(tx.tables())  # which might hold something of these customers
    ids = [register.id_of(document) for document in found]
    before = tx.origin.erases  # another line of the same batch may have erased others
    erases = {**before, "customers": (*before.get("customers", ()), *ids)}
    tx.origin = msgspec.structs.replace(tx.origin, erases=erases)
    decode = decoder("customers", Customer)
    done = Closed([], 0, {})
    for document in found:
        card = decode(document)
        after = erased(card)
        raw = edits.encode(after)
        if raw != document.raw:
            tx.replace("customers", document.number, raw)
            done.rows.extend(register.differences(card, after))
            done = done._replace(customers=done.customers + 1)
    return done._replace(others=_erase_others(app, tx, ids))


def erased(customer: Customer) -> Customer:
    """Return what is left of a customer; only a company keeps its name."""
    kept = {name: getattr(customer, name) for name in KEPT}
    name = customer.name if customer.kind == "company" else customer.id
    return Customer(**kept, name=name, state="closed")


# --- what else is held of them -----------------------------------------------------------------------------


def _erase_others(app: App, tx: Transaction, ids: Collection[str]) -> dict[str, int]:
    """Take out of the records about some customers what tells of them; return how many of which table."""
    counts: dict[str, int] = {}
    for pointer, raw in _telling(app, tx, ids):
        tx.replace(pointer.table, pointer.document.number, raw)
        counts[pointer.table] = counts.get(pointer.table, 0) + 1
    return counts


def _telling(app: App, reading: Reading, ids: Collection[str]) -> list[tuple[Pointer, bytes]]:
    """Return the records about some customers that tell more than figures need, each with what is left."""
    found = []
    for pointer in pointers(app, reading, "customers", ids):
        if pointer.held.get("customer") not in ids or pointer.table not in _MODELS:
            continue
        model = _MODELS[pointer.table]
        raw = edits.encode(left_of(decoder(pointer.table, model)(pointer.document)))
        if raw != pointer.document.raw:
            found.append((pointer, raw))
    return found


def left_of(record: Record) -> Record:
    """Return what is left of a record about a customer whose data goes."""
    kept = {name: getattr(record, name) for name in KEPT_OF[type(record)]}
    if isinstance(record, Contact):
        return Contact(**kept, name=record.id)
    if isinstance(record, Entry):
        invoice = record.invoice
        if invoice is not None:  # its number and sum are in the books; who signed for it is not
            invoice = Invoice(date=invoice.date, number=invoice.number, amount=invoice.amount)
        return Entry(**kept, invoice=invoice)
    return type(record)(**kept)


def what_goes(app: App, names: Sequence[str]) -> str:
    """Return what erasing would take out, as a question names it."""
    record_type, reading = app.record_type("customers"), app.reading()
    found = register.find(app, reading, record_type, names)
    ids = [register.id_of(document) for document in found]
    decode = decoder("customers", Customer)
    gone = {
        changed.field.partition(".")[0]
        for customer in map(decode, found)
        for changed in register.differences(customer, erased(customer))
    }
    titles = [label(info.en, info.zh) for name, info in fields(Customer).items() if name in gone - {"state"}]
    counts: dict[str, int] = {}
    for pointer, _raw in _telling(app, reading, ids):
        counts[pointer.table] = counts.get(pointer.table, 0) + 1
    if counts:
        noted = counted_all(app.plugins.record_types, counts)
        titles.append(_("what is noted in {records}").format(records=noted))
    customers = counted_all(app.plugins.record_types, {record_type.table: len(ids)})
    return _("erase for good, of {records} ({ids}): {fields}").format(
        records=customers, ids=shortened(ids, 5), fields=listed(titles) or "-"
    )
