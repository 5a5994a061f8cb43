"""Draws of calls as they are kept: made once for a month, and made anew only for a reason.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Conflict, Period, Refused, Usage, _, register
from cskit.stored import decoder
from cskit_calls import qalimits, roster, sampling
from cskit_calls.qamodel import Draw, DrawnCall

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

TABLE, CALLS = "call_samples", "calls"
_SEEDS = 10**6


class Wish(NamedTuple):
    """Which calls are to be drawn: of a month that is a period, so many of each agent, all or those named."""

    month: Period
    per_agent: int | None = None
    seed: int | None = None
    agents: Sequence[str] = ()
    redraw: bool = False
    reason: str | None = None


class Heard(msgspec.Struct, frozen=True, gc=False):
    """What the plugin needs of a call to draw or to score it."""

    id: str
    at: dt.datetime | None = None
    staff: str | None = None
    talking: int = 0
    customer: str | None = None
    recording: str | None = None


def draw(app: App, tx: Transaction, wish: Wish) -> Draw:
    """Draw the calls of a month that are to be listened to, and keep which.

    Without a seed one is chosen and kept. Raises `Conflict` where the month is drawn already, `Usage` for a
    redraw without a reason or without a draw, `Refused` where there is nothing to draw from.
    """
    month = _month(wish.month)
    before = latest(tx).get(month)
    if before is not None and not wish.redraw:
        raise Conflict(
            _("{month} is drawn already: {id}, by {who}").format(
                month=month, id=before.id, who=before.drawn_by
            ),
            _("`--redraw --reason TEXT` draws anew, and both stay known"),
        )
    if wish.redraw and (before is None or not wish.reason):
        fault = _("--redraw needs --reason") if before else _("{month} was never drawn").format(month=month)
        raise Usage(fault, _("say why") if before else _("leave --redraw out"))
    found = list(candidates(app, tx, wish.month, roster.known(app, tx, wish.agents)))
    if not found:
        raise Refused(
            _("{month}: no answered call to draw from").format(month=month),
            _("calls need an agent, and {seconds} s of talk (rules/qa-limits)").format(
                seconds=qalimits.load(app).min_talking
            ),
        )
    seed = secrets.randbelow(_SEEDS) if wish.seed is None else wish.seed
    per_agent = wish.per_agent or qalimits.load(app).per_agent
    drawn = sampling.draw(found, per_agent, seed)
    built = Draw(
        id="-",
        month=month,
        per_agent=per_agent,
        seed=seed,
        population=len(found),
        fingerprint=sampling.fingerprint(found),
        calls=[DrawnCall(call=one.id, staff=one.staff, hour=one.hour) for one in drawn.calls],
        short=drawn.short,
        drawn_by=roster.actor(app),
        drawn_at=app.now,
        replaces=before.id if before else None,
        why=wish.reason if before else None,
    )
    made = register.insert(tx, app.record_type(TABLE), built)
    assert isinstance(made, Draw)  # noqa: S101 - its table's records
    return made


def _month(period: Period) -> str:
    return f"{period.first:%Y-%m}"


def candidates(
    app: App, reading: Reading, month: Period, agents: Sequence[str]
) -> Iterator[sampling.Candidate]:
    """Yield the calls of a month that may be drawn, from one pass over the table.

    Those that an agent answered, and talked long enough; of `agents` alone where any are named.
    """
    least = qalimits.load(app).min_talking
    for call in map(decoder(CALLS, Heard), reading.read(CALLS)):
        if call.at is None or call.staff is None or call.talking < least or call.at > app.now:
            continue
        local = call.at.astimezone(app.zone)
        if month.holds(local.date()) and (not agents or call.staff in agents):
            yield sampling.Candidate(call.id, call.staff, local.hour)


def latest(reading: Reading) -> dict[str, Draw]:
    """Return the draw that holds for each month: the one that no other replaced."""
    every = list(map(decoder(TABLE, Draw), reading.read(TABLE)))
    replaced = {one.replaces for one in every}
    return {one.month: one for one in every if one.id not in replaced}


def rows(one: Draw) -> Iterator[dict[str, Any]]:
    """Yield a row for each call that was drawn."""
    for call in one.calls:
        yield {"id": call.call, "staff": call.staff, "hour": call.hour}
