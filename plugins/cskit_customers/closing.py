"""Customers who leave: closed, and where they ask for it, without what told who they were. Knows no click."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import edits, register
from cskit.i18n import _, label
from cskit.nouns import counted, listed, shortened
from cskit.records import fields
from cskit.stored import decoder
from cskit_customers.model import Customer, Order

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

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
)
_NO_NOTE = (edits.Edit(("note",), "=", None),)


class Closed(NamedTuple):
    """What closing changed: field by field, and how many customers and orders."""

    rows: list[register.Changed]
    customers: int
    orders: int


class _Noted(msgspec.Struct):
    customer: str
    note: str | None = None


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
        return Closed(rows, count, 0)
    app.plugins.refuse_missing(tx.tables())  # which might hold something of these customers
    ids = [register.id_of(document) for document in found]
    before = tx.origin.erases  # another line of the same batch may have erased others
    erases = {**before, "customers": (*before.get("customers", ()), *ids)}
    tx.origin = msgspec.structs.replace(tx.origin, erases=erases)
    return _erase(tx, found, ids)


def _erase(tx: Transaction, found: Sequence[Document], ids: Sequence[str]) -> Closed:
    done = Closed([], 0, 0)
    decode = decoder("customers", Customer)
    for document in found:
        before = decode(document)
        after = erased(before)
        raw = edits.encode(after)
        if raw != document.raw:
            tx.replace("customers", document.number, raw)
            done.rows.extend(register.differences(before, after))
            done = done._replace(customers=done.customers + 1)
    for document in list(_noted(tx, ids)):
        _order, raw = edits.apply(Order, document.raw, _NO_NOTE)
        tx.replace("orders", document.number, raw)
        done = done._replace(orders=done.orders + 1)
    return done


def erased(customer: Customer) -> Customer:
    """Return what is left of a customer; only a company keeps its name."""
    kept = {name: getattr(customer, name) for name in KEPT}
    name = customer.name if customer.kind == "company" else customer.id
    return Customer(**kept, name=name, state="closed")


def _noted(reading: Reading, ids: Collection[str]) -> Iterator[Document]:
    """Yield the orders of some customers on which something is noted."""
    wanted = set(ids)
    decode = decoder("orders", _Noted)
    for document in reading.read("orders"):
        order = decode(document)
        if order.note is not None and order.customer in wanted:
            yield document


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
    orders = sum(1 for _order in _noted(reading, ids))
    if orders:
        noted = counted(app.record_type("orders"), orders)
        titles.append(_("the notes of {records}").format(records=noted))
    return _("erase for good, of {records} ({ids}): {fields}").format(
        records=counted(record_type, len(ids)), ids=shortened(ids, 5), fields=listed(titles) or "-"
    )
