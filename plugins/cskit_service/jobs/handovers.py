"""Shifts handed over: open work orders pass on, and both sign. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _, register
from cskit.display.paper import Cell, Grid, Rows, Sheet
from cskit.i18n import label
from cskit.stored import decoder
from cskit_service import moving
from cskit_service.jobs import dispatching
from cskit_service.jobs.model import DISPATCH_STATES, DISPATCHES, HANDOVERS, Dispatch, Handover, Passed

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


def new(
    app: App, tx: Transaction, shift: str, *, to: str, engineers: Sequence[str] = (), note: str | None = None
) -> Handover:
    """Hand the open work orders of a shift over to somebody else, who still has to sign.

    They are those of who hands over, or of all `engineers`. Raises `Refused` where it is to oneself, where
    there is none, or where one of them waits to be signed for already.
    """
    giver = moving.actor(app)
    if to == giver:
        raise Refused(_("a shift is handed over to somebody else"), _("say to whom with --to"))
    wanted = set(engineers) or {giver}
    orders = [
        Passed(dispatch=one.id, state=one.state, engineer=one.engineer or "", subject=one.subject)
        for one in dispatching.jobs(tx)
        if one.state in dispatching.FLOW.open and one.engineer in wanted
    ]
    waiting = {order.dispatch: one.id for one in every(tx) if one.state == "given" for order in one.orders}
    twice = [order.dispatch for order in orders if order.dispatch in waiting]
    if twice:
        said = _("{order} waits to be signed for in {handover}")
        raise Refused(
            said.format(order=twice[0], handover=waiting[twice[0]]), _("sign or remove that one first")
        )
    if not orders:
        who = _(", ").join(sorted(wanted))
        raise Refused(_("nothing is open of {who}, so there is nothing to hand over").format(who=who))
    one = Handover(id="-", shift=shift, giver=giver, taker=to, given_at=app.now, orders=orders, note=note)
    made = register.insert(tx, app.record_type(HANDOVERS), one)
    assert isinstance(made, Handover)  # noqa: S101 - what was inserted
    return made


def sign(app: App, tx: Transaction, name: str, note: str | None = None) -> Handover:
    """Sign for a shift: its work orders that are still open are from now on those of who takes over.

    Raises `Refused` for anybody but who is to take over, and for one that was signed before.
    """
    (document,) = register.find(app, tx, app.record_type(HANDOVERS), [name])
    before = decoder(HANDOVERS, Handover)(document)
    who = moving.actor(app)
    if before.state == "taken":
        raise Refused(
            _("{id} was signed by {who} already").format(id=before.id, who=before.taker),
            _("`cskit dispatch handover show {id}` shows it").format(id=before.id),
        )
    if who != before.taker:
        raise Refused(
            _("{id}: {taker} takes over and signs, not {who}").format(
                id=before.id, taker=before.taker, who=who
            ),
            _("say who you are with --user"),
        )
    after = msgspec.structs.replace(
        before, state="taken", taken_at=app.now, note="\n".join(filter(None, [before.note, note])) or None
    )
    moving.keep(tx, HANDOVERS, document, after)
    _pass_on(app, tx, after)
    return after


def _pass_on(app: App, tx: Transaction, handover: Handover) -> None:
    decode, ids = decoder(DISPATCHES, Dispatch), [order.dispatch for order in handover.orders]
    for document in list(tx.read(DISPATCHES, ids=ids)):
        before = decode(document)
        if before.state not in dispatching.FLOW.open:
            continue
        noted = [*before.steps, moving.step(app, "handover", f"{before.engineer} → {handover.taker}")]
        after = msgspec.structs.replace(before, engineer=handover.taker, steps=noted)
        moving.keep(tx, DISPATCHES, document, after)


def every(reading: Any) -> list[Handover]:
    """Return all handovers, from one pass over the table."""
    return list(map(decoder(HANDOVERS, Handover), reading.read(HANDOVERS)))


def sheets(app: App, held: Sequence[tuple[Handover, Mapping[str, str]]]) -> list[Sheet]:
    """Return the sheet of each handover, with lines for both to sign on."""
    return [_sheet(one, texts) for one, texts in held]


def _sheet(one: Handover, texts: Mapping[str, str]) -> Sheet:
    grid = Grid(
        (
            Cell(_("Shift"), one.shift),
            Cell(_("Open work orders"), str(len(one.orders))),
            Cell(_("Handed over by"), one.giver),
            Cell(_("Handed over at"), texts.get("given_at", "")),
            Cell(_("Taken over by"), one.taker),
            Cell(_("Taken over at"), texts.get("taken_at", "")),
            Cell(_("Remarks"), one.note or "", wide=True),
        )
    )
    table = Rows(
        (_("Work order"), _("State"), _("Engineer"), _("Subject")),
        [(order.dispatch, _titled(order.state), order.engineer, order.subject) for order in one.orders],
    )
    return Sheet(_("Shift handover"), (grid, table), one.id, (_("Handed over by"), _("Taken over by")))


def _titled(state: str) -> str:
    return label(state.replace("_", " "), DISPATCH_STATES.get(state, state))
