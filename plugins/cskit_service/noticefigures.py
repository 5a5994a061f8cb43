"""What a report says of notices, service orders and invoices. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from cskit import Period, _, amounts
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Table, count
from cskit.stored import decoder
from cskit_service.notices.model import TABLE, NoticeType, SystemStatus
from cskit_service.notices.ordermodel import INVOICES, ORDERS, OrderState

if TYPE_CHECKING:
    from cskit import App

NOTICE, ORDER, INVOICE = "notice", "service-order", "service-invoice"


class _Notice(msgspec.Struct, frozen=True, gc=False):
    """What figures need of a stored notice."""

    id: str
    type: NoticeType
    urgent: bool = False
    date: dt.date | None = None
    end: dt.date | None = None
    system: SystemStatus = "outstanding"
    closed_at: dt.datetime | None = None


class _Order(msgspec.Struct, frozen=True, gc=False):
    id: str
    state: OrderState = "quoted"
    decided_on: dt.date | None = None


class _Invoice(msgspec.Struct, frozen=True, gc=False):
    id: str
    amount: Decimal
    issued_on: dt.date


def groups(app: App, period: Period) -> list[Group]:
    """Return the figures of a period: notices that came, were closed, in time; what customers agreed to.

    What is open or late is so by now, of what had come by the period's last day.
    """
    return [
        Group(_notices(app, period), "notices", _("Service notices")),
        Group(_sold(app, period), "orders", _("Service orders and invoices")),
    ]


def _notices(app: App, period: Period) -> list[Figure]:
    every = list(map(decoder(TABLE, _Notice), app.reading().read(TABLE)))
    came = [one for one in every if one.date is not None and period.holds(one.date)]
    closed = [one for one in every if one.closed_at is not None and _holds(app, period, one.closed_at)]
    promised = [one for one in closed if one.end is not None]
    timely = [one for one in promised if _timely(app, one)]
    by = _by(app, period)
    waiting = [one for one in every if one.system != "completed" and by(one.date)]
    late = [one for one in waiting if one.end is not None and one.end < app.today]
    return [
        count("new", _("Notices that came"), (one.id for one in came), NOTICE),
        count("urgent", _("Of these urgent"), (one.id for one in came if one.urgent), NOTICE),
        count("closed", _("Notices closed"), (one.id for one in closed), NOTICE),
        Figure(
            "on-time",
            _("Closed by the promised day"),
            _share(len(timely), len(promised)),
            len(promised),
            NOTICE,
            lambda: [one.id for one in promised],
            unit="%",
            hits=lambda: [one.id for one in timely],
            interval=wilson(len(timely), len(promised)) if promised else None,
        ),
        count("open", _("Notices not completed yet"), (one.id for one in waiting), NOTICE),
        count("late", _("Of these past the promised day"), (one.id for one in late), NOTICE),
    ]


def _sold(app: App, period: Period) -> list[Figure]:
    reading = app.reading()
    orders = list(map(decoder(ORDERS, _Order), reading.read(ORDERS)))
    answered = [one for one in orders if one.decided_on is not None and period.holds(one.decided_on)]
    agreed = [one for one in answered if one.state == "agreed"]
    invoices = map(decoder(INVOICES, _Invoice), reading.read(INVOICES))
    issued = [one for one in invoices if period.holds(one.issued_on)]
    return [
        Figure(
            "agreed",
            _("Quotations agreed to"),
            _share(len(agreed), len(answered)),
            len(answered),
            ORDER,
            lambda: [one.id for one in answered],
            unit="%",
            hits=lambda: [one.id for one in agreed],
            interval=wilson(len(agreed), len(answered)) if answered else None,
        ),
        _sum("invoiced", _("Service invoiced"), issued),
    ]


def _sum(name: str, title: str, issued: Sequence[_Invoice]) -> Figure:
    value = amounts.total(one.amount for one in issued)
    return Figure(name, title, value, len(issued), INVOICE, lambda: [one.id for one in issued])


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1")) if whole else None


def _holds(app: App, period: Period, moment: dt.datetime) -> bool:
    return moment <= app.now and period.holds(moment.astimezone(app.zone).date())


def _timely(app: App, one: _Notice) -> bool:
    return (
        one.closed_at is not None
        and one.end is not None
        and one.closed_at.astimezone(app.zone).date() <= one.end
    )


def _by(app: App, period: Period) -> Callable[[dt.date | None], bool]:
    """Return what tells whether something had come by a period's last day; so had what has no day."""
    last = app.today if period.last is None else min(period.last, app.today)
    return lambda day: day is None or day <= last


def tables(app: App, period: Period) -> list[Table]:
    """Return the tables of a period: none, the figures say it."""
    return []
