"""What is due about repairs and all around them, and what happened. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Task, _
from cskit.i18n import label
from cskit.stored import decoder
from cskit.values import local_moment, one_line
from cskit_service.deliveries import deliveries, deliveryrules
from cskit_service.jobs import dispatching, handovers, servicerecords
from cskit_service.jobs.model import MODES, REQUESTS, SERVICE_RECORDS
from cskit_service.repairs import fixing
from cskit_service.repairs.model import REPAIRS, RETURNS
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App

_SHOWN = 30
"""So many characters of a subject stand in a task."""


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due by the end of a day, from one pass over each table."""
    found = chain(
        _requests(app), _jobs(app), _records(app), _handovers(app), _repairs(app), _returns(app), _parts(app)
    )
    everything = chain(found, _deliveries(app, until))
    yield from (task for task in everything if task.urgent or local_moment(task.due, app.zone)[0] <= until)


def _short(text: str) -> str:
    said = one_line(text)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


class _Asked(msgspec.Struct, frozen=True, gc=False):
    id: str
    subject: str = ""
    customer: str | None = None
    received_at: dt.datetime | None = None
    planned_at: dt.datetime | None = None
    staff: str | None = None
    state: str = "waiting"


def _requests(app: App) -> Iterator[Task]:
    for one in map(decoder(REQUESTS, _Asked), app.reading().read(REQUESTS)):
        due = one.planned_at or one.received_at
        if one.state == "waiting" and due is not None:
            said = _("send somebody: {subject}").format(subject=_short(one.subject))
            yield Task(due, said, "request", one.id, one.staff or "", do=f"dispatch add {one.id}")


def _jobs(app: App) -> Iterator[Task]:
    for one in dispatching.jobs(app.reading()):
        if one.state == "assigned" and one.at is not None:
            mode = label(one.mode.replace("_", " "), MODES.get(one.mode, one.mode))
            said = _("service ({mode}): {subject}").format(mode=mode, subject=_short(one.subject))
            do = f"dispatch start {one.id}"
            yield Task(one.at, said, "dispatch", one.id, one.engineer or "", do=do)


def _records(app: App) -> Iterator[Task]:
    for clock in servicerecords.clocks(app):
        if clock.record is None:
            said = _("enter what was done on {day}").format(day=clock.day)
            do = f"service-record add {clock.dispatch} --what …"
            yield Task(clock.due, said, "dispatch", clock.dispatch, clock.engineer or "", do=do)


def _handovers(app: App) -> Iterator[Task]:
    for one in handovers.every(app.reading()):
        if one.state == "given":
            said = _("sign for the shift {shift}").format(shift=_short(one.shift))
            do = f"dispatch handover sign {one.id}"
            yield Task(one.given_at, said, "dispatch handover", one.id, one.taker, do=do)


def _repairs(app: App) -> Iterator[Task]:
    for one in fixing.every(app.reading()):
        if one.state in ("registered", "in_repair") and one.due is not None:
            said = _("repair {product}: {fault}").format(product=one.product or "", fault=_short(one.fault))
            do = f"repair finish {one.id}" if one.state == "in_repair" else f"repair start {one.id}"
            yield Task(one.due, said, "repair", one.id, one.engineer or "", do=do)
        elif one.state == "repaired" and one.finished_at is not None:
            said = _("have the repair signed off: {fault}").format(fault=_short(one.fault))
            do = f"repair sign-off {one.id}"
            yield Task(one.finished_at, said, "repair", one.id, one.engineer or "", do=do)


class _Back(msgspec.Struct, frozen=True, gc=False):
    id: str
    product: str = ""
    customer: str | None = None
    requested_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    settled_at: dt.datetime | None = None
    staff: str | None = None
    state: str = "requested"


def _returns(app: App) -> Iterator[Task]:
    for one in map(decoder(RETURNS, _Back), app.reading().read(RETURNS)):
        if one.state == "requested" and one.requested_at is not None:
            said = _("decide on a return or exchange: {product}").format(product=_short(one.product))
            yield Task(one.requested_at, said, "return", one.id, do=f"return approve {one.id}")
        elif one.state == "received" and one.received_at is not None:
            said = _("settle a return or exchange: {product}").format(product=_short(one.product))
            yield Task(one.received_at, said, "return", one.id, one.staff or "", do=f"return settle {one.id}")


def _parts(app: App) -> Iterator[Task]:
    for one in stock.below_minimum(app.reading()):
        said = _("order {name}: {stock} in stock, at least {minimum} wanted")
        what = said.format(name=one.name, stock=one.stock, minimum=one.minimum)
        yield Task(app.today, what, "part", one.id, do=f"part receive {one.id}=…")


def _deliveries(app: App, until: dt.date) -> Iterator[Task]:
    """Yield deliveries: to be confirmed a day before, to be made, and maintenance that is due."""
    rule = deliveryrules.load(app)
    for one in deliveries.every(app.reading()):
        who = one.staff or ""
        if one.state == "booked":
            day = one.at.astimezone(app.zone).date()
            said = _("confirm the delivery of {day} with the customer").format(day=day)
            before = day - dt.timedelta(days=1)
            yield Task(before, said, "delivery", one.id, who, do=f"delivery message {one.id}")
        if one.open:
            said = _("deliver {goods}").format(goods=_short(one.goods or one.id))
            yield Task(one.at, said, "delivery", one.id, who, do=f"delivery deliver {one.id}")
        elif one.maintenance_due is not None and one.state == "delivered":
            day = one.maintenance_due - dt.timedelta(days=rule.remind_days)
            said = _("make an appointment for maintenance, due on {day}").format(day=one.maintenance_due)
            yield Task(day, said, "delivery", one.id, who, do=f"delivery maintained {one.id}")


# --- what happened -----------------------------------------------------------------------------------------


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what was asked for, done, repaired and delivered for a customer."""
    if kind != "customer":
        return
    yield from _asked_and_done(app, id)
    yield from _repaired(app, id)
    yield from _brought(app, id)


class _Did(msgspec.Struct, frozen=True, gc=False):
    id: str
    what: str = ""
    customer: str | None = None
    engineer: str | None = None
    served_at: dt.datetime | None = None


def _asked_and_done(app: App, customer: str) -> Iterator[Event]:
    reading = app.reading()
    for one in map(decoder(REQUESTS, _Asked), reading.read(REQUESTS)):
        if one.customer == customer and one.received_at is not None:
            said = _("asked for service: {subject}").format(subject=one_line(one.subject))
            yield Event(one.received_at, said, "request", one.id, one.staff or "")
    for did in map(decoder(SERVICE_RECORDS, _Did), reading.read(SERVICE_RECORDS)):
        if did.customer == customer and did.served_at is not None:
            said = _("service: {what}").format(what=one_line(did.what))
            yield Event(did.served_at, said, "service-record", did.id, did.engineer or "")


class _Mended(msgspec.Struct, frozen=True, gc=False):
    id: str
    fault: str = ""
    customer: str | None = None
    engineer: str | None = None
    reported_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None


def _repaired(app: App, customer: str) -> Iterator[Event]:
    reading = app.reading()
    for one in map(decoder(REPAIRS, _Mended), reading.read(REPAIRS)):
        if one.customer != customer:
            continue
        moments = (
            (one.reported_at, _("to be repaired: {fault}")),
            (one.finished_at, _("repaired: {fault}")),
            (one.closed_at, _("repair signed off: {fault}")),
        )
        for at, said in moments:
            if at is not None:
                what = said.format(fault=one_line(one.fault))
                yield Event(at, what, "repair", one.id, one.engineer or "")
    for back in map(decoder(RETURNS, _Back), reading.read(RETURNS)):
        if back.customer != customer:
            continue
        asked = _("return or exchange asked for: {product}"), back.requested_at
        settled = _("return or exchange settled: {product}"), back.settled_at
        for said, at in (asked, settled):
            if at is not None:
                yield Event(at, said.format(product=one_line(back.product)), "return", back.id)


def _brought(app: App, customer: str) -> Iterator[Event]:
    for one in deliveries.every(app.reading()):
        if one.customer == customer and one.state != "cancelled":
            said = _("delivered: {goods}") if one.delivered_at else _("delivery planned: {goods}")
            at = one.delivered_at or one.at
            yield Event(
                at, said.format(goods=one_line(one.goods or one.id)), "delivery", one.id, one.staff or ""
            )
