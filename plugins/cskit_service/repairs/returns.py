"""Goods that come back: asked for, decided on, received, settled. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cskit import Period, Refused, _, amounts
from cskit.errors import Problem
from cskit.stored import decoder
from cskit.workflow import Move, Workflow
from cskit_service import moving
from cskit_service.lookup import Lookup
from cskit_service.repairs.model import REPAIRS, RETURN_STATES, RETURNS, Repair, Return
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

FLOW = Workflow(
    "return",
    "退换货单",
    moving.states(
        "requested",
        ("refused", "settled", "cancelled"),
        {
            "requested": "to be decided",
            "approved": "approved",
            "refused": "refused",
            "received": "goods received",
            "settled": "settled",
            "cancelled": "cancelled",
        },
        RETURN_STATES,
    ),
    (
        Move("approve", ("requested",), "approved", "approve", "批准"),
        Move("refuse", ("requested",), "refused", "refuse", "拒绝"),
        Move("receive", ("approved",), "received", "receive the goods", "收到退货"),
        Move("settle", ("received",), "settled", "settle", "办结"),
        Move("cancel", ("requested", "approved"), "cancelled", "cancel", "取消"),
    ),
)
WAY = moving.Way(RETURNS, Return, FLOW)


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what completes returns: what the repair that led to it knows of the unit (catalogue C28)."""

    repairs = Lookup(reading, REPAIRS, Repair)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        wrong = list(stock.below_zero(values, ("refund",)))
        if not new:
            return wrong
        values.setdefault("requested_at", app.now)
        values.setdefault("staff", moving.actor(app))
        one = repairs.get(values.get("repair"))
        if one is not None:
            for name in ("customer", "serial", "in_warranty", "case"):
                if values.get(name) is None and getattr(one, name) is not None:
                    values[name] = getattr(one, name)
            values["cause"] = values.get("cause") or one.fault
        return wrong

    return prepared


def decide(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    verb: Literal["approve", "refuse"],
    text: str | None,
) -> list[Return]:
    """Approve or refuse returns; raises `Refused` for who took one up, since somebody else decides."""
    who = moving.actor(app)

    def change(before: Return) -> dict[str, Any]:
        if before.staff == who:
            raise Refused(
                _("return {id}: {who} took it up, so somebody else decides on it").format(
                    id=before.id, who=who
                ),
                _("say who you are with --user"),
            )
        return {"approved_by": who}

    return moving.take(app, tx, WAY, documents, verb, change, text)


def receive(app: App, tx: Transaction, documents: Sequence[Document], condition: str | None) -> list[Return]:
    """Note that goods came back, and in which condition (catalogue C23). Raises `Refused`."""

    def change(before: Return) -> dict[str, Any]:
        return {"received_at": app.now, "condition": condition}

    return moving.take(app, tx, WAY, documents, "receive", change, condition)


def settle(
    app: App,
    tx: Transaction,
    documents: Sequence[Document],
    *,
    refund: Decimal | None = None,
    replacement: str | None = None,
) -> list[Return]:
    """Settle returns: a refund for what stays here, a replacement for what is exchanged; plan a follow-up.

    Raises `Refused` where neither is known. The follow-up is planned where a plugin offers it.
    """
    schedule = app.actions.get("followup.schedule")

    def change(before: Return) -> dict[str, Any]:
        paid = refund if refund is not None else before.refund
        if before.kind == "return" and paid is None:
            raise Refused(_("return {id}: say what is paid back").format(id=before.id), _("with --refund"))
        if before.kind == "exchange" and not replacement:
            said = _("return {id}: say what the customer gets instead")
            raise Refused(said.format(id=before.id), _("with --replacement"))
        found: dict[str, Any] = {"settled_at": app.now, "refund": paid, "replacement": replacement}
        if schedule and before.customer:
            subject = _("after the return or exchange {id}: {product}")
            found["followup"] = schedule(
                tx,
                subject=subject.format(id=before.id, product=before.product),
                customer=before.customer,
                about=before.id,
                kind="after_service",
            )
        return found

    return moving.take(app, tx, WAY, documents, "settle", change)


def cancel(app: App, tx: Transaction, documents: Sequence[Document], text: str | None) -> list[Return]:
    """Cancel returns before the goods are here; raises `Refused`."""
    return moving.take(app, tx, WAY, documents, "cancel", lambda before: {}, text)


# --- the summary -------------------------------------------------------------------------------------------


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What the summary needs of a stored return."""

    id: str
    product: str = ""
    kind: str = "return"
    cause: str | None = None
    quantity: int = 1
    in_warranty: bool | None = None
    requested_at: dt.datetime | None = None
    refund: Decimal | None = None
    staff: str | None = None
    state: str = "requested"


def asked_in(app: App, reading: Reading, period: Period) -> list[Asked]:
    """Return the returns that were asked for in a period, without those cancelled."""
    return [
        one
        for one in map(decoder(RETURNS, Asked), reading.read(RETURNS))
        if one.state != "cancelled"
        and one.requested_at is not None
        and one.requested_at <= app.now
        and period.holds(one.requested_at.astimezone(app.zone).date())
    ]


def summary(app: App, period: Period, by: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each product, reason or kind: how many, how they ended, what was paid back."""
    found: dict[str, list[Asked]] = {}
    for one in asked_in(app, app.reading(), period):
        found.setdefault(str(getattr(one, by) or ""), []).append(one)
    for name, held in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        kinds, states = Counter(one.kind for one in held), Counter(one.state for one in held)
        paid = [one.refund for one in held if one.state == "settled" and one.refund is not None]
        yield {
            by: name,
            "asked": len(held),
            "returns": kinds["return"],
            "exchanges": kinds["exchange"],
            "goods": sum(one.quantity for one in held),
            "settled": states["settled"],
            "refused": states["refused"],
            "open": len(held) - states["settled"] - states["refused"],
            "refunds": amounts.total(paid),
        }
