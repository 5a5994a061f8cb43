"""The way of a settlement: submitted, checked, approved, paid; each by somebody else, amounts frozen.

Each function returns the step that `settlements.act` makes. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _, amounts
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_property.settlements import settlements, settling, statements
from cskit_property.settlements.moneymodel import Settlement, Step
from cskit_property.settlements.settlements import Act, actor, after, noted

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

LEDGER = "ledger"
_PREPARED = ("new", "line", "revise")


def submit(app: App) -> Act:
    """Hand a draft in: its deductions are reckoned a last time, and from now on its amounts stay."""
    policy = settling.load(app)

    def step(settlement: Settlement) -> Settlement:
        state = after(settlement, "submit")
        frozen = settlements.recomputed(app, settlement, settlements.own_lines(settlement))
        if frozen.total != settlement.total:
            said = _("settlement {id}: the deductions have changed; the total is {total}, it was {before}")
            app.echo(said.format(id=frozen.id, total=frozen.total, before=settlement.total))
        if frozen.total <= 0:
            said = _("settlement {id}: there is nothing to pay, its total is {total}")
            raise Refused(said.format(id=frozen.id, total=frozen.total), _("change its lines, or cancel it"))
        needs = policy.approvals(frozen.total)
        return noted(app, msgspec.structs.replace(frozen, needs=needs), "submit", state)

    return step


def check(app: App, *, reason: str | None = None) -> Act:
    """Find a submitted settlement right; never by who prepared or submitted it."""

    def step(settlement: Settlement) -> Settlement:
        state = after(settlement, "check")
        _refuse_same(settlement, actor(app))
        return noted(app, settlement, "check", state, reason=reason)

    return step


def approve(app: App, tx: Transaction, *, due: dt.date | None = None, reason: str | None = None) -> Act:
    """Approve a checked settlement; the last approval that its total takes charges it to the ledger.

    Never by who prepared, submitted, checked or has approved it. Raises `PluginFailed` where no plugin keeps
    a ledger.
    """
    charge, policy = app.actions["ledger.charge"], settling.load(app)
    payees = _payees(tx)

    def step(settlement: Settlement) -> Settlement:
        state = after(settlement, "approve")
        _refuse_same(settlement, actor(app))
        had = [one for one in _since_submitted(settlement) if one.what == "sign"]
        if len(had) + 1 < (settlement.needs or 1):
            return noted(app, settlement, "sign", "checked", reason=reason)
        by = due or app.today + dt.timedelta(days=policy.payment_days)
        item = _("{item}, {first} to {last}")
        entry = charge(
            tx,
            item=item.format(item=settlement.item, first=settlement.first, last=settlement.last),
            amount=settlement.total,
            customer=payees.get(settlement.company or ""),
            due=by,
            direction="payable",
            settlement=settlement.id,
        )
        done = msgspec.structs.replace(settlement, due=by, entry=entry)
        return noted(app, done, "approve", state, reason=reason)

    return step


class _Payee(msgspec.Struct, frozen=True, gc=False):
    id: str
    customer: str | None = None


def _payees(tx: Transaction) -> dict[str, str]:
    """Return whom property companies are in the customer register, by company."""
    decode = decoder("property_companies", _Payee)
    found = map(decode, tx.read("property_companies"))
    return {one.id: one.customer for one in found if one.customer}


def send_back(app: App, *, reason: str) -> Act:
    """Send a settlement back to who prepared it; what was signed counts no more."""

    def step(settlement: Settlement) -> Settlement:
        return noted(app, settlement, "return", after(settlement, "return"), reason=reason)

    return step


def move(app: App, verb: str, *, reason: str | None = None) -> Act:
    """Take up a returned settlement again (revise), or give one up (cancel)."""

    def step(settlement: Settlement) -> Settlement:
        done = settlement
        if verb == "revise":
            done = msgspec.structs.replace(settlement, needs=None)
        return noted(app, done, verb, after(settlement, verb), reason=reason)

    return step


def pay(
    app: App,
    tx: Transaction,
    *,
    amount: Decimal | None = None,
    date: dt.date | None = None,
    form: str | None = None,
) -> Act:
    """Pay an approved settlement through the ledger, in full or in part; raises as the ledger does."""
    action = app.actions["ledger.pay"]
    owed = {one.id: left for one, left in statements.open_ones(app)}

    def step(settlement: Settlement) -> Settlement:
        state = after(settlement, "pay")
        left = owed[settlement.id]
        given = left if amount is None else amount
        if given != amounts.fen(given):
            said = _("settlement {id}: {amount} is no amount of money, which has two decimals")
            raise Refused(said.format(id=settlement.id, amount=given))
        if given or amount is not None:  # what was paid in the ledger itself only has to be noted here
            left = action(tx, entry=settlement.entry, amount=given, date=date or app.today, form=form)[1]
        paid = amounts.total([settlement.total, -left])
        done = msgspec.structs.replace(settlement, paid=paid)
        details = {"amount": given, "date": date or app.today, "reason": form}
        if left:
            return noted(app, done, "part", settlement.state, **details)
        return noted(app, done, "pay", state, **details)

    return step


class _Fee(msgspec.Struct, frozen=True, gc=False):
    """What was approved of a fee in the ledger."""

    id: str
    settlement: str | None = None
    amount: Decimal | None = None
    direction: str = "receivable"
    added: tuple[Mapping[str, Any], ...] = ()


def refuse_other_fee(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where a settlement's fee in the ledger becomes another one than was approved.

    What was paid of it, its day and its invoice are the ledger's own.
    """
    decode, changed = decoder(LEDGER, _Fee), {}
    for change in changes:
        if change.table == LEDGER and change.before is not None and change.after is not None:
            before, after = (decode(Document(change.number, raw)) for raw in (change.before, change.after))
            if before.settlement and before != after:
                changed[before.settlement] = after.id
    if not changed:
        return
    for one in map(decoder(settlements.TABLE, statements.Owed), tx.read(settlements.TABLE, ids=changed)):
        if one.entry == changed[one.id]:
            said = _("{entry} is the fee of settlement {id}, so it stays as it was approved: {total}")
            raise Refused(
                said.format(entry=one.entry, id=one.id, total=one.total),
                _("settle what is to be added or taken off in a settlement of its own"),
            )


# --- four eyes ---------------------------------------------------------------------------------------------


def _since_submitted(settlement: Settlement) -> Sequence[Step]:
    """Return the steps from the latest submission on: what was signed before it counts no more."""
    places = [place for place, one in enumerate(settlement.steps) if one.what == "submit"]
    return settlement.steps[places[-1] :] if places else settlement.steps


def signed(settlement: Settlement) -> dict[str, str]:
    """Return who may not sign now, and what they did: prepared it, submitted, checked, or approved it."""
    found = {one.who: "new" for one in settlement.steps if one.what in _PREPARED}
    found |= {
        one.who: one.what
        for one in _since_submitted(settlement)
        if one.what in ("submit", "check", "sign", "approve")
    }
    return found


def _refuse_same(settlement: Settlement, who: str) -> None:
    did = signed(settlement).get(who)
    if did is None:
        return
    said = {
        "new": _("settlement {id}: {who} prepared it, so somebody else has to do this"),
        "submit": _("settlement {id}: {who} submitted it, so somebody else has to do this"),
        "check": _("settlement {id}: {who} checked it, so somebody else has to do this"),
    }.get(did, _("settlement {id}: {who} has approved it already, so another has to"))
    raise Refused(said.format(id=settlement.id, who=who))
