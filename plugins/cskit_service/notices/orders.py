"""Service orders: quoted, agreed or declined by the customer; invoices made from what was agreed (ZFFW, ZFW).

Each of the first functions returns the step that `desk.act` makes. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Usage, _, amounts, edits, register
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_service.notices.desk import Act, Desk
from cskit_service.notices.flow import Quoted
from cskit_service.notices.model import Notice
from cskit_service.notices.ordermodel import INVOICES, ORDERS, Invoice, Line, Order

if TYPE_CHECKING:
    from cskit import App

LEDGER = "ledger.charge"
_MOST = Decimal(10) ** 12
"""No quantity and no price is as large as this: it is a slip of the hand."""


def lines(texts: Sequence[str]) -> list[Line]:
    """Read lines TEXT=PRICE or TEXT=QUANTITY*PRICE; raises `Usage` naming all that are none."""
    found, wrong = [], []
    for text in texts:
        line = _line(text)
        if line is None:
            wrong.append(text)
        else:
            found.append(line)
    if wrong:
        said = _("--line {texts}: expected TEXT=PRICE or TEXT=QUANTITY*PRICE")
        raise Usage(said.format(texts=listed(wrong)), _("such as 上门费=80 or 换锁=2*35.50"))
    return found


def _line(text: str) -> Line | None:
    name, equals, factors = text.rpartition("=")
    first, star, second = factors.replace("×", "*").partition("*")
    try:
        quantity, price = (Decimal(first), Decimal(second)) if star else (Decimal(1), Decimal(first))
    except InvalidOperation:
        return None
    fits = quantity.is_finite() and price.is_finite() and 0 < quantity < _MOST and 0 <= price < _MOST
    if not (name.strip() and equals and fits):
        return None
    return Line(text=name.strip(), quantity=quantity, price=price, amount=amounts.product(quantity, price))


def quote(app: App, made: Sequence[Line], *, until: dt.date | None = None, text: str | None = None) -> Act:
    """Make a service order of some lines, which the customer has yet to answer; it replaces one before."""
    if not made:
        raise Usage(_("a quotation needs lines"), _("give --line 'TEXT=PRICE' for each"))

    def step(desk: Desk, notice: Notice) -> Notice:
        desk.check(notice, "quote")
        earlier = desk.orders.get(notice.id)
        if earlier is not None and earlier.state == "quoted":
            _answer(desk, earlier, state="replaced")
        values: dict[str, Any] = {
            "notice": notice.id,
            "customer": notice.sold_to or notice.customer,
            "lines": list(made),
            "total": amounts.total(line.amount for line in made),
            "quoted_on": app.today,
            "quoted_by": desk.who,
            "valid_until": until or app.today + dt.timedelta(days=desk.policy.quotation_days),
        }
        given = {name: value for name, value in values.items() if value is not None}
        order = register.create(app, desk.tx, app.record_type(ORDERS), given)
        after = desk.noted(notice, "quote", text=text, record=order.id)
        desk.orders[notice.id] = Quoted(order.id, "quoted")
        return after

    return step


def answer(app: App, verb: str, *, text: str | None = None) -> Act:
    """Note that the customer agreed to the quotation (`agree`), or not (`decline`)."""

    def step(desk: Desk, notice: Notice) -> Notice:
        desk.check(notice, verb)
        order = desk.orders[notice.id]
        after = desk.noted(notice, verb, text=text, record=order.id)
        why = text if verb == "decline" else None
        _answer(
            desk,
            order,
            state="agreed" if verb == "agree" else "declined",
            decided_on=app.today,
            noted_by=desk.who,
            why=why,
        )
        desk.orders[notice.id] = order._replace(state="agreed" if verb == "agree" else "declined")
        return after

    return step


def _answer(desk: Desk, order: Quoted, **values: Any) -> Order:
    document = desk.order_documents[order.id]
    after = msgspec.structs.replace(decoder(ORDERS, Order)(document), **values)
    desk.tx.replace(ORDERS, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return after


def invoice(app: App, *, due: dt.date | None = None, text: str | None = None) -> Act:
    """Make the invoice of an agreed order once its service is signed off; charge a ledger if there is one."""
    charge = app.actions.get(LEDGER)

    def step(desk: Desk, notice: Notice) -> Notice:
        desk.check(notice, "invoice")
        held = desk.orders[notice.id]
        order = decoder(ORDERS, Order)(desk.order_documents[held.id])
        by = due or app.today + dt.timedelta(days=desk.policy.invoice_days)
        entry = None
        if charge is None:
            app.echo(_("no ledger was charged: no plugin gives {action}").format(action=LEDGER))
        elif order.total:
            item = _("Service order {order}").format(order=order.id)  # nothing of a person: ledgers are kept
            entry = charge(desk.tx, item=item, amount=order.total, customer=order.customer, due=by)
        values: dict[str, Any] = {
            "order": order.id,
            "notice": notice.id,
            "customer": order.customer,
            "lines": order.lines,
            "amount": order.total,
            "issued_on": app.today,
            "due": by,
            "entry": entry,
        }
        given = {name: value for name, value in values.items() if value is not None}
        made = register.create(app, desk.tx, app.record_type(INVOICES), given)
        assert isinstance(made, Invoice)  # noqa: S101 - what the table's type says
        after = desk.noted(notice, "invoice", text=text, record=made.id)
        desk.orders[notice.id] = held._replace(invoice=made.id)
        return after

    return step
