"""Notices on paper: the service sheet (家具服务单), the complaint sheet (客诉单), the contact sheet (联系单).

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from cskit import Refused, _, amounts, label
from cskit.display import views
from cskit.display.paper import Cell, Grid, Part, Prose, Rows, Sheet
from cskit.i18n import mark
from cskit.records import fields
from cskit.stored import decoder
from cskit.values import one_line, plain, text
from cskit_service.notices import course, policy
from cskit_service.notices.model import TABLE, Notice
from cskit_service.notices.ordermodel import ORDER_STATES, ORDERS, Order
from cskit_service.stock.model import PARTS

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading
    from cskit_service.notices.policy import Codes

Form = Literal["service", "complaint", "contact"]
TITLES = {
    "service": mark("Furniture service sheet"),
    "complaint": mark("Complaint sheet"),
    "contact": mark("Contact sheet"),
}
SIGNED = {
    "service": (
        mark("Service staff:"),
        mark("Accepted by the customer:"),
        mark("Supervisor:"),
        mark("Date:"),
    ),
    "complaint": (mark("Assistant:"), mark("Supervisor:"), mark("District logistics:"), mark("Date:")),
    "contact": (mark("From:"), mark("Purchasing:"), mark("Planning:"), mark("Date:")),
}
_HEAD = ("type", "date", "urgent", "payment", "demand", "document", "document_date")
_WHERE = ("start", "end", "centre", "staff", "reporter", "office")
_DONE = ("performed_on", "performed_by", "signed_on", "signed_by", "satisfaction", "outcome")
_ROOM = 3
"""So many empty rows of the service sheet are for what is found on the spot."""


class _Held(NamedTuple):
    """What the sheets of some notices need beside them, each table read once."""

    customers: Mapping[str, Mapping[str, str]]
    orders: Mapping[str, Order]
    parts: Mapping[str, str]
    codes: Codes


def sheets(app: App, reading: Reading, documents: Sequence[Document], form: Form | None) -> list[Sheet]:
    """Return notices as sheets of paper, by default the one that their kind of demand takes.

    Personal data is masked unless --reveal is given. Raises `Refused` for a complaint sheet without the
    payment state, which goes to logistics.
    """
    decode = decoder(TABLE, Notice)
    found = [decode(one) for one in documents]
    seen = views.texts(app, app.record_type(TABLE), documents)
    held = _held(app, reading, found)
    return [
        _sheet(app, notice, texts, held, form or ("complaint" if notice.demand == "complaint" else "service"))
        for notice, texts in zip(found, seen, strict=True)
    ]


def _held(app: App, reading: Reading, found: Sequence[Notice]) -> _Held:
    customers: dict[str, Mapping[str, str]] = {}
    wanted = {one.customer for one in found if one.customer}
    if wanted and "customers" in app.plugins.record_types:
        documents = list(reading.read("customers", ids=wanted))
        seen = views.texts(app, app.record_type("customers"), documents)
        customers = {texts["id"]: texts for texts in seen}
    decode, ids = decoder(ORDERS, Order), {one.id for one in found}
    orders = {one.notice: one for one in map(decode, reading.read(ORDERS)) if one.notice in ids}
    return _Held(customers, orders, _part_names(reading, found), policy.codes(app))


class _Part(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str


def _part_names(reading: Reading, found: Sequence[Notice]) -> dict[str, str]:
    """Return what the spare parts are called that some notices took."""
    ids = {part.part for one in found for part in one.parts}
    decode = decoder(PARTS, _Part)
    return {one.id: one.name for one in map(decode, reading.read(PARTS, ids=ids))} if ids else {}


def _sheet(app: App, one: Notice, texts: Mapping[str, str], held: _Held, form: Form) -> Sheet:
    if form == "complaint" and one.payment is None:
        said = _("notice {id}: a complaint sheet must say the payment state")
        raise Refused(
            said.format(id=one.id), _("`cskit notice set {id} payment=unpaid` says it").format(id=one.id)
        )
    parts: list[Part] = [_head(one, texts, held), _items(one, held.codes)]
    if one.text:
        parts.append(Prose(one.text, _title("text")))
    if form == "service":
        parts += _service(one, texts, held)
    elif form == "complaint":
        parts += _complaint(app, one, texts)
    printed = _("Printed {time}").format(time=text(app.now, app.zone))
    title = _("{title} (urgent)").format(title=_(TITLES[form])) if one.urgent else _(TITLES[form])
    return Sheet(title, parts, one.id, [_(sign) for sign in SIGNED[form]], printed)


def _title(name: str) -> str:
    info = fields(Notice)[name]
    return label(info.en, info.zh)


def _cells(texts: Mapping[str, str], names: Sequence[str]) -> Iterator[Cell]:
    for name in names:
        yield Cell(_title(name), texts.get(name, ""))


def _head(one: Notice, texts: Mapping[str, str], held: _Held) -> Grid:
    card = held.customers.get(one.customer or "", {})
    return Grid(
        [
            Cell(_title("description"), one_line(one.description), wide=True),
            *_cells(texts, _HEAD),
            Cell(_title("status"), texts.get("status", "")),
            Cell(_("Customer"), card.get("name", one.customer or "")),
            Cell(_title("contact"), texts.get("contact", "")),
            Cell(_title("phone"), texts.get("phone") or card.get("phone", "")),
            *_cells(texts, _WHERE),
            Cell(_("Address"), texts.get("address") or card.get("address", ""), wide=True),
        ]
    )


def _items(one: Notice, codes: Codes) -> Rows:
    headings = (_("No."), _("Product"), _("Colour"), _("Material"), _("Quantity"), _("Cause"))
    rows = [
        (
            str(number),
            codes.title("products", item.product),
            codes.title("colours", item.colour),
            item.material or "",
            plain(item.quantity),
            _(", ").join(part for part in (codes.title("causes", item.cause), item.maker or "") if part),
        )
        for number, item in enumerate(one.items, 1)
    ]
    return Rows(headings, rows, _("Goods concerned"), blank=0 if rows else _ROOM)


def _service(one: Notice, texts: Mapping[str, str], held: _Held) -> Iterator[Part]:
    order = held.orders.get(one.id)
    if order is not None and order.state != "replaced":
        rows = [
            (line.text, plain(line.quantity), _price(line.price), f"{line.amount:,}") for line in order.lines
        ]
        rows.append((_("Total"), "", "", f"{order.total:,}"))
        state = label(order.state, ORDER_STATES[order.state])
        title = _("Quotation {order} ({state})").format(order=order.id, state=state)
        yield Rows((_("Service or material"), _("Quantity"), _("Unit price"), _("Amount")), rows, title)
    if one.parts:
        used = [
            (part.part, held.parts.get(part.part, ""), plain(part.quantity), part.movement or "")
            for part in one.parts
        ]
        headings = (_("Spare part"), _("Name of the part"), _("Quantity"), _("Movement"))
        yield Rows(headings, used, _("Parts taken"))
    if one.performed_on is None:
        headings = (_("What was found and done"), _("Parts"), _("Work begun"), _("Work ended"))
        yield Rows(headings, (), _("On the spot"), blank=_ROOM)
    else:
        yield Grid(list(_cells(texts, _DONE)), _("On the spot"))


def _price(price: Decimal) -> str:
    """Return a unit price with two decimals, or as many more as it has."""
    fen = price.quantize(amounts.FEN)
    return f"{fen if fen == price else price.normalize():,}"


def _complaint(app: App, one: Notice, texts: Mapping[str, str]) -> Iterator[Part]:
    yield Grid(
        [
            *_cells(texts, ("head_office", "forwarded_at", "delivered_at", "returned_to", "outcome", "case")),
        ],
        _("How it is dealt with"),
    )
    rows = [
        (text(step.at, app.zone), course.done(step.what), step.who, course.said(step)) for step in one.steps
    ]
    yield Rows((_("Time"), _("Step"), _("By whom"), _("Details")), rows, _("Course"))
    yield Rows((_("Logistics' answer"), _("Price"), _("People"), _("By when")), (), blank=2)
