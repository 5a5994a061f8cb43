"""Figures about tenants by quarter, half-year or year (catalogue C26). Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, amounts
from cskit.stored import decoder
from cskit_property.tenants.arrears import ENTRY, OWED
from cskit_property.tenants.invoices import Renting, briefs, renting

if TYPE_CHECKING:
    from cskit import App

PAID = "fee.paid"
MEDIATIONS = "property_mediations"


def figures(app: App, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a row for each project with tenants: who moved, what was invoiced, what came in of it.

    `invoiced` are the invoices issued in the period, `collected` what was paid in the period of any invoice,
    `outstanding` what is open now of those issued up to the period's end.
    """
    reading = app.reading()
    known, tenants = list(briefs(reading)), list(renting(reading).values())
    entries = [one.entry for one in known]
    paid: Mapping[str, Decimal] = app.facts(ENTRY, [PAID], entries, period=period)[PAID] if known else {}
    rest: Mapping[str, Decimal] = app.facts(ENTRY, [OWED], entries)[OWED] if known else {}
    last, disputes = period.last or app.today, _disputes(app, period)
    for project in sorted({one.project for one in tenants}):
        own = [one for one in tenants if one.project == project]
        sent = [one for one in known if one.project == project]
        issued = [one for one in sent if period.holds(one.issued_on)]
        housed = [one for one in own if _in_on(one, last)]
        billed = amounts.total(one.amount for one in issued)
        collected = amounts.total(paid.get(one.entry, Decimal(0)) for one in sent)
        reminders = [one for invoice in sent for one in invoice.reminders if period.holds(one.on)]
        yield {
            "project": project,
            "moved_in": sum(one.moved_in is not None and period.holds(one.moved_in) for one in own),
            "moved_out": sum(one.moved_out is not None and period.holds(one.moved_out) for one in own),
            "tenants": len(housed),
            "area": sum((one.area or Decimal(0) for one in housed), Decimal(0)),
            "invoices": len(issued),
            "invoiced": billed,
            "collected": collected,
            "outstanding": amounts.total(
                rest.get(one.entry, one.amount) for one in sent if one.issued_on <= last
            ),
            "reminders": len(reminders),
            "mediations": sum(disputes.get(one.id, 0) for one in own),
        }


def _in_on(tenant: Renting, day: dt.date) -> bool:
    """Whether a tenant was in at the end of a day."""
    return tenant.moved_in is not None and tenant.moved_in <= day and (tenant.moved_out or dt.date.max) > day


class _Dispute(msgspec.Struct, frozen=True, gc=False):
    tenant: str
    on: dt.date


def _disputes(app: App, period: Period) -> dict[str, int]:
    """Return tenant → how many of their disputes were mediated in the period."""
    counts: dict[str, int] = {}
    for one in map(decoder(MEDIATIONS, _Dispute), app.reading().read(MEDIATIONS)):
        if period.holds(one.on):
            counts[one.tenant] = counts.get(one.tenant, 0) + 1
    return counts
