"""What may not be saved of jobs, parts and deliveries. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec

from cskit import Refused, _
from cskit.nouns import listed
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_service import repairerasing
from cskit_service.deliveries import deliveries
from cskit_service.deliveries.model import DELIVERIES
from cskit_service.jobs import dispatching
from cskit_service.jobs.model import DISPATCHES
from cskit_service.repairs.model import RETURNS
from cskit_service.stock import stock
from cskit_service.stock.model import MOVEMENTS, PARTS

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

_SAID: WeakKeyDictionary[Transaction, set[str]] = WeakKeyDictionary()
"""What was told of a transaction already: it is looked at until no plugin adds anything."""


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; let requests follow their work orders; take out what goes with customers."""
    erased = tx.origin.erases.get("customers", ())
    if erased:
        repairerasing.erase(tx, erased)
    tables = {change.table for change in changes}
    if DISPATCHES in tables:
        _follow(app, tx, [change for change in changes if change.table == DISPATCHES])
    if PARTS in tables or MOVEMENTS in tables:
        _keep_stock(app, tx, changes)
    if DELIVERIES in tables:
        _tell_too_late(app, tx, [change for change in changes if change.table == DELIVERIES])
    if RETURNS in tables:
        _refuse_own_word([change for change in changes if change.table == RETURNS])


def _held(table: str, model: type[Any], change: Change) -> tuple[Any, Any]:
    """Return a document before and after a change, None where it was not or is not there."""
    decode = decoder(table, model)
    before = decode(Document(change.number, change.before)) if change.before is not None else None
    after = decode(Document(change.number, change.after)) if change.after is not None else None
    return before, after


def _tell(app: App, tx: Transaction, said: Sequence[str]) -> None:
    known = _SAID.setdefault(tx, set())
    for text in said:
        if text not in known:
            known.add(text)
            app.echo(text)


# --- work orders and deliveries ----------------------------------------------------------------------------


def _follow(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    requests, planned = set(), set()
    for change in changes:
        before, after = _held(DISPATCHES, dispatching.Job, change)
        requests |= {one.request for one in (before, after) if one is not None}
        if after is not None and (before is None or _plan(before) != _plan(after)):
            planned.add(after.id)
    dispatching.follow(tx, requests)
    if planned:
        _tell(app, tx, dispatching.told(app, dispatching.overlaps(app, tx), planned))


def _plan(one: dispatching.Job) -> tuple[Any, ...]:
    return one.engineer, one.at, one.until


def _tell_too_late(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    said = _("delivery {id} is to be there by {due}; the appointment is later")
    told = []
    for change in changes:
        _before, after = _held(DELIVERIES, deliveries.Booked, change)
        if after is not None and deliveries.too_late(app, after):
            told.append(said.format(id=after.id, due=after.due))
    _tell(app, tx, told)


# --- the store room ----------------------------------------------------------------------------------------


class _Stock(msgspec.Struct, frozen=True, gc=False):
    id: str
    stock: Decimal = Decimal(0)


class _Moved(msgspec.Struct, frozen=True, gc=False):
    id: str
    part: str
    quantity: Decimal


def _keep_stock(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    found: dict[str, list[Decimal]] = {}
    new, short = [], []
    for change in changes:
        if change.table == PARTS:
            before, after = _held(PARTS, _Stock, change)
            own = (after or before).id
            difference = (after.stock if after else Decimal(0)) - (before.stock if before else Decimal(0))
            found.setdefault(own, [Decimal(0), Decimal(0)])[0] += difference
            if before is None:
                new.append(own)
            if after is not None and after.stock < 0:
                short.append(own)
        elif change.table == MOVEMENTS:
            for sign, one in zip((-1, 1), _held(MOVEMENTS, _Moved, change), strict=True):
                if one is not None:
                    found.setdefault(one.part, [Decimal(0), Decimal(0)])[1] += sign * one.quantity
    if short:
        raise Refused(_("{parts}: there cannot be less than nothing in stock").format(parts=listed(short)))
    stock.keep(app, tx, {own: (changed, moved) for own, (changed, moved) in found.items()}, new)


# --- four eyes ---------------------------------------------------------------------------------------------


class _Word(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str | None = None
    approved_by: str | None = None
    state: str = "requested"


def _refuse_own_word(changes: Sequence[Change]) -> None:
    """See that whatever was decided was so by somebody else, also in files that are imported."""
    found = [after for change in changes if (after := _held(RETURNS, _Word, change)[1]) is not None]
    wrong = [
        one.id
        for one in found
        if one.state not in ("requested", "cancelled") and one.approved_by in (None, one.staff)
    ]
    if wrong:
        said = _("{ids}: decided on by who took it up, or by nobody")
        raise Refused(said.format(ids=listed(wrong)), _("a second person has to look at it"))
