"""Deliveries: booked, confirmed, made with a gift, maintained. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Refused, _
from cskit.errors import Problem
from cskit.stored import decoder
from cskit.workflow import Move, Workflow
from cskit_service import lookup, moving
from cskit_service.deliveries import deliveryrules
from cskit_service.deliveries.deliveryrules import NO_GIFT, DeliveryService, Entitled
from cskit_service.deliveries.model import DELIVERIES, DELIVERY_STATES, Delivery
from cskit_service.entitled import Entitlements
from cskit_service.repairs import warranty
from cskit_service.servicelimits import WorkingDays

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

FLOW = Workflow(
    "delivery",
    "送货预约",
    moving.states(
        "booked",
        ("delivered", "cancelled"),
        {"booked": "booked", "confirmed": "confirmed", "delivered": "delivered", "cancelled": "cancelled"},
        DELIVERY_STATES,
    ),
    (
        Move("confirm", ("booked",), "confirmed", "confirm", "确认"),
        Move("deliver", ("booked", "confirmed"), "delivered", "deliver", "送达"),
        Move("cancel", ("booked", "confirmed"), "cancelled", "cancel", "取消"),
    ),
)
WAY = moving.Way(DELIVERIES, Delivery, FLOW)


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what completes deliveries: what the customer's tier brings, and the last day for it."""
    rule, entitlements, working = deliveryrules.load(app), Entitlements(app, reading), WorkingDays(app)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        _read_titles(rule, values)
        customer = values.get("customer")
        if not new or not isinstance(customer, str):
            return []
        found = deliveryrules.entitled(rule, entitlements.of(customer))
        values.setdefault("staff", moving.actor(app))
        values.setdefault("tier", found.tier)
        values.setdefault("attendants", list(found.attendants))
        values.setdefault("gifts", list(found.gifts))
        values.setdefault("reminder", found.reminder)
        if values.get("due") is None:
            values["due"] = working.after(app.now, found.days).astimezone(app.zone).date()
        return []

    return prepared


def _read_titles(rule: DeliveryService, values: dict[str, Any]) -> None:
    """Put codes in the place of titles of attendants and gifts."""
    for name in ("attendants", "gifts"):
        if isinstance(values.get(name), list):
            values[name] = [rule.code(word) for word in values[name]]
    if isinstance(values.get("gift"), str):
        values["gift"] = rule.code(values["gift"])


# --- the way -----------------------------------------------------------------------------------------------


def confirm(app: App, tx: Transaction, documents: Sequence[Document], note: str | None) -> list[Delivery]:
    """Note that customers agreed to the hour; raises `Refused`."""
    return moving.take(app, tx, WAY, documents, "confirm", lambda before: {}, note)


def cancel(app: App, tx: Transaction, documents: Sequence[Document], note: str | None) -> list[Delivery]:
    """Cancel deliveries that were not made; raises `Refused`."""
    return moving.take(app, tx, WAY, documents, "cancel", lambda before: {}, note)


def deliver(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    *,
    gift: str | None = None,
    attendant: str | None = None,
    note: str | None = None,
) -> list[Delivery]:
    """Note that goods were delivered, with which gift, and when maintenance is due.

    Without `gift` it is the best of those there are for the tier, not repeated in principle (catalogue A10);
    "none" is none. Grades are told of the gift where a plugin keeps them. Raises `Refused` for a gift that
    the tier does not bring.
    """
    rule = deliveryrules.load(app)
    given = app.actions.get("grade.gift")

    def change(before: Delivery) -> dict[str, Any]:
        now = deliveryrules.entitled(rule, Entitlements(app, tx).of(before.customer))
        brought = _gift(app, rule, before, now, gift)
        if brought is not None and given:
            noted = _("with delivery {id}").format(id=before.id)
            given(
                tx, customer=before.customer, gift=brought, on=app.today, staff=moving.actor(app), note=noted
            )
        return {
            "delivered_at": app.now,
            "gift": brought,
            "attendant": attendant or before.attendant,
            "maintenance_due": warranty.last_day(app.today, rule.maintenance_months),
        }

    return moving.take(app, tx, WAY, documents, "deliver", change, note)


def _gift(
    app: App, rule: DeliveryService, delivery: Delivery, now: Entitled, wanted: str | None
) -> str | None:
    """Return the code of the gift that is brought, None for none."""
    if wanted == NO_GIFT or (wanted is None and not delivery.gifts):
        return None
    best = [gift for gift in now.gifts if gift in delivery.gifts] or delivery.gifts
    if wanted is None:
        return best[0]
    code = rule.code(wanted)
    if code not in delivery.gifts:
        said = _("delivery {id}: {gift} is no gift of the customer's tier")
        hint = (
            _("there are {gifts}").format(gifts=_(", ").join(delivery.gifts))
            if delivery.gifts
            else _("the tier {tier} brings none; say --gift none").format(tier=delivery.tier or "-")
        )
        raise Refused(said.format(id=delivery.id, gift=wanted), hint)
    if code in now.given and any(gift not in now.given for gift in delivery.gifts):
        said = _("{customer} was given {gift} on {day} already")
        app.echo(said.format(customer=delivery.customer, gift=rule.titled(code), day=now.given[code]))
    return code


def maintained(
    app: App, tx: Transaction, documents: Sequence[Document], on: dt.date | None
) -> list[Delivery]:
    """Note that what was delivered was maintained: it is due again after the months of the rules.

    Raises `Refused` where nothing was delivered yet.
    """
    rule, day = deliveryrules.load(app), on or app.today
    decode, refused, found = decoder(DELIVERIES, Delivery), [], []
    for document in documents:
        before = decode(document)
        if before.state != "delivered":
            said = _("delivery {id} is {state}, so there is nothing to maintain")
            refused.append(Refused(said.format(id=before.id, state=FLOW.state(before.state))))
            continue
        next_ = warranty.last_day(day, rule.maintenance_months)
        noted = [*before.steps, moving.step(app, "maintained")]
        after = msgspec.structs.replace(before, maintained_on=day, maintenance_due=next_, steps=noted)
        found.append((document, after))
    if refused:
        raise moving.together(refused)
    for document, after in found:
        moving.keep(tx, DELIVERIES, document, after)
    return [after for _document, after in found]


# --- looking -----------------------------------------------------------------------------------------------


class Booked(msgspec.Struct, frozen=True, gc=False):
    """What plans need of a stored delivery."""

    id: str
    customer: str
    at: dt.datetime
    due: dt.date | None = None
    goods: str | None = None
    attendants: list[str] = []
    attendant: str | None = None
    gifts: list[str] = []
    staff: str | None = None
    state: str = "booked"
    delivered_at: dt.datetime | None = None
    gift: str | None = None
    maintenance_due: dt.date | None = None
    reminder: str | None = None

    @property
    def open(self) -> bool:
        """Whether the goods are still to be brought."""
        return self.state in FLOW.open


def every(reading: Reading) -> Iterator[Booked]:
    """Yield all deliveries, from one pass over the table."""
    return map(decoder(DELIVERIES, Booked), reading.read(DELIVERIES))


def tomorrow(app: App) -> Period:
    """Return the next day."""
    day = app.today + dt.timedelta(days=1)
    return Period(day, day)


def plan(app: App, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a row for each delivery to be made in some days: when, what, who comes along, which gift."""
    rule = deliveryrules.load(app)
    found = [one for one in every(app.reading()) if one.open and period.holds(_on(app, one))]
    known = lookup.names(app.reading(), {one.customer for one in found})
    for one in sorted(found, key=lambda delivery: (delivery.at, delivery.id)):
        row: dict[str, Any] = {
            "id": one.id,
            "at": one.at,
            "customer": one.customer,
            "name": known.get(one.customer),
            "goods": one.goods,
            "attendants": one.attendant or " → ".join(rule.titled(code) for code in one.attendants),
            "gift": rule.titled(one.gifts[0]) if one.gifts else None,
            "state": one.state,
        }
        yield {name: value for name, value in row.items() if value}


def _on(app: App, one: Booked) -> dt.date:
    return one.at.astimezone(app.zone).date()


def too_late(app: App, one: Booked) -> bool:
    """Tell whether the appointment of an open delivery lies after its last day."""
    return one.open and one.due is not None and _on(app, one) > one.due


def rows(found: Sequence[Delivery]) -> list[dict[str, Any]]:
    """Return a row for each delivery with the state it is in now."""
    return [
        {
            name: value
            for name, value in {
                "id": one.id,
                "customer": one.customer,
                "at": one.at,
                "state": one.state,
                "gift": one.gift,
                "maintenance_due": one.maintenance_due,
            }.items()
            if value is not None
        }
        for one in found
    ]
