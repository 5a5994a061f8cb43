"""Tenants: moving in and out, what their premises were like, what they are due for.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Event, Refused, Task, _, edits, register
from cskit.errors import Problem
from cskit.stored import decoder
from cskit.values import shown
from cskit_property import limits
from cskit_property.estates import estates
from cskit_property.tenants import arrears, premises
from cskit_property.tenants.tenancy import TENANTS, Checked, Handover, Tenant, Way

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

_AMOUNTS = ("area", "rent", "fee_rate", "other_fee", "deposit")


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what checks the values of tenants: nothing below zero, no lease that ends before it begins."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        found = list(estates.below_zero(values, _AMOUNTS))
        first, last = values.get("lease_from"), values.get("lease_until")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            said = _("the lease would end before it begins on {day}").format(day=first)
            found.append(Problem(0, "lease_until", shown(last), said))
        return found

    return prepared


def move(
    app: App, tx: Transaction, name: str, way: Way, *, on: dt.date, words: Sequence[str], rest: bool
) -> Tenant:
    """Hand premises to a tenant, or take them back, with the whole list looked at; return the tenant.

    Raises `Refused` for a tenant who is in (or out) already, and for a day before the move in; `BadRows` for
    items that are wrong or missing.
    """
    (document,) = register.find(app, tx, app.record_type(TENANTS), [name])
    before = decoder(TENANTS, Tenant)(document)
    _refuse_wrong_way(before, way, on)
    found = premises.read(premises.load(app), words, rest=rest)
    handover = Handover(way=way, on=on, by=app.staff or app.user, items=found)
    moved = {"moved_in": on} if way == "in" else {"moved_out": on}
    after = msgspec.structs.replace(before, state=way, handovers=[*before.handovers, handover], **moved)
    tx.replace(TENANTS, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return after


def _refuse_wrong_way(tenant: Tenant, way: Way, on: dt.date) -> None:
    if way == "in" and tenant.state != "registered":
        day = tenant.moved_in
        raise Refused(
            _("tenant {id} moved in on {day}").format(id=tenant.id, day=day),
            _("who comes back is a new tenant: `cskit property tenant add`"),
        )
    if way == "out" and tenant.state != "in":
        raise Refused(
            _("tenant {id} is not in").format(id=tenant.id),
            _("`cskit property tenant show {id}` shows what is known").format(id=tenant.id),
        )
    if way == "out" and tenant.moved_in is not None and on < tenant.moved_in:
        raise Refused(
            _("tenant {id} moved in on {day}, so not out before").format(id=tenant.id, day=tenant.moved_in)
        )


def compared(app: App, name: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each item of a tenant's premises: at the move in, at the move out, what was used.

    What was in order and is not any more is `damaged`: what the deposit is for.
    """
    (document,) = register.find(app, app.reading(), app.record_type(TENANTS), [name])
    tenant, known = decoder(TENANTS, Tenant)(document), premises.load(app)
    ways = {one.way: {item.item: item for item in one.items} for one in tenant.handovers}
    before, after = ways.get("in", {}), ways.get("out", {})
    for code in dict.fromkeys([*before, *after]):
        old, new = before.get(code), after.get(code)
        used = None
        if old and new and old.reading is not None and new.reading is not None:
            used = new.reading - old.reading
        row = {
            "item": code,
            "title": str(known[code].label) if code in known else None,
            "in": _said(old),
            "out": _said(new),
            "used": used,
            "unit": known[code].unit or None if code in known else None,
            "damaged": True if old and new and old.ok and not new.ok else None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _said(item: Checked | None) -> str | None:
    if item is None:
        return None
    if item.reading is not None:
        return str(item.reading)
    return _("in order") if item.ok else item.text


def every(reading: Reading) -> Iterator[Tenant]:
    """Yield all tenants, from one pass over the table."""
    return map(decoder(TENANTS, Tenant), reading.read(TENANTS))


# --- what is due, what happened ----------------------------------------------------------------------------


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield leases that end soon, premises to be taken back, and invoices to be reminded of."""
    ahead = dt.timedelta(days=limits.load(app).lease_days)
    for tenant in every(app.reading()):
        if tenant.state != "in" or tenant.lease_until is None:
            continue
        day = min(max(tenant.lease_until - ahead, app.today), tenant.lease_until)
        if day <= until:
            said = _("the lease of {name} ends on {day}: renew, or prepare the move out")
            what = said.format(name=tenant.name, day=tenant.lease_until)
            do = f"property tenant show {tenant.id}"
            yield Task(day, what, "property tenant", tenant.id, tenant.staff or "", do=do)
    yield from arrears.tasks(app)


def timeline(app: App, project: str) -> Iterator[Event]:
    """Yield who moved in and out of a project."""
    for tenant in every(app.reading()):
        if tenant.project != project:
            continue
        for one in tenant.handovers:
            said = _("moved in: {name}") if one.way == "in" else _("moved out: {name}")
            yield Event(one.on, said.format(name=tenant.name), "property tenant", tenant.id, one.by)
