"""Sales: begun, moved along their flow, rooms changed and returned, special approvals issued and recovered.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Period, Refused, Usage, _, edits, register
from cskit.errors import Problem
from cskit.i18n import label
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.values import one_line, shown
from cskit_property.sales.saleflow import FLOW, OTHERS
from cskit_property.sales.salemodel import Sale, SaleEvent, SaleState, Special
from cskit_property.settlements.settlements import actor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE = "property_sales"
Step = Callable[[Sale], Sale]


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes new sales, and refuses a room that is sold; see `RecordType.prepare`."""
    taken: dict[tuple[str, str], str] | None = None
    who = actor(app)

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        nonlocal taken
        if not new:
            return ()
        state = values.setdefault("state", "chosen")
        day = values.setdefault("since", app.today)
        if not values.get("events"):
            values["events"] = [SaleEvent(date=day, who=who, what="choose", after=state, at=app.now)]
        if state == "returned":
            return ()
        taken = held_rooms(reading) if taken is None else taken
        place = (str(values.get("project")), str(values.get("room")).strip())
        other = taken.get(place)
        taken[place] = other or _("another row")
        said = _("the room is sold already, as {id}")
        return [Problem(0, "room", shown(place[1]), said.format(id=other))] if other else ()

    return prepared


class Held(msgspec.Struct, frozen=True, gc=False):
    """What tells who has which room."""

    id: str
    room: str
    project: str
    state: SaleState = "chosen"

    @property
    def place(self) -> tuple[str, str] | None:
        """The project and the room that are taken, None once the room was returned."""
        return None if self.state == "returned" else (self.project, self.room)


def held_rooms(reading: Reading) -> dict[tuple[str, str], str]:
    """Return the sale of each room by project and room, without those that were returned."""
    found = map(decoder(TABLE, Held), reading.read(TABLE))
    return {one.place: one.id for one in found if one.place}


def refuse_sold_twice(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where a room comes to be in two sales, as by undoing; one pass where rooms change."""
    decode, taking = decoder(TABLE, Held), {}
    for change in changes:
        if change.table == TABLE and change.after is not None:
            after = decode(Document(change.number, change.after))
            before = decode(Document(change.number, change.before)) if change.before is not None else None
            if after.place and (before is None or before.place != after.place):
                taking[after.id] = after
    if not taking:
        return
    held = {one.place: one.id for one in map(decode, tx.read(TABLE)) if one.place and one.id not in taking}
    for one in taking.values():
        other = held.setdefault((one.project, one.room), one.id)
        if other != one.id:
            raise _sold(one.id, one.room, other)


def _sold(own: str, room: str, other: str) -> Refused:
    said = _("sale {id}: room {room} is sold already, as {other}")
    return Refused(said.format(id=own, room=room, other=other))


# --- moving ------------------------------------------------------------------------------------------------


class Noted(NamedTuple):
    """What is noted of a step of sales; `room` is the new one, `urgent` of a filing that cannot wait."""

    date: dt.date | None = None
    amount: Decimal | None = None
    number: str | None = None
    room: str | None = None
    urgent: bool = False
    text: str | None = None


def move(app: App, reading: Reading, verb: str, noted: Noted) -> Step:
    """Return the step that moves sales along; raises `Usage` for what does not belong to the verb."""
    verbs = dict.fromkeys(one.verb for one in FLOW.moves)
    if verb not in verbs:
        raise Usage(
            _("a sale cannot be moved by '{verb}'").format(verb=verb),
            _("there are {names}").format(names=_(", ").join(verbs)),
        )
    noted = noted._replace(room=noted.room and one_line(noted.room).strip())
    _check(app, verb, noted)
    taken = held_rooms(reading) if verb == "change-room" else {}
    day = noted.date or app.today

    def step(sale: Sale) -> Sale:
        state: SaleState = FLOW.after(verb, sale.state, sale, id=sale.id)  # type: ignore[assignment]  # one of the flow's
        values: dict[str, Any] = {"since": day} if state != sale.state else {}
        if verb == "change-room":
            values["room"] = _free(taken, sale, noted.room or "")
        if verb in ("exchange", "file") and noted.number:
            values["contract"] = noted.number
        return _noted(app, sale, verb, state, day, values, noted)

    return step


_TAKES = {
    "amount": ("down-payment", "mortgage", "loan", "return"),
    "number": ("subscribe", "exchange", "file", "title"),
    "room": ("change-room",),
    "urgent": ("file",),
}


def _check(app: App, verb: str, noted: Noted) -> None:
    given = {"amount": noted.amount, "number": noted.number, "room": noted.room, "urgent": noted.urgent}
    for option, verbs in _TAKES.items():
        if given[option] and verb not in verbs:
            said = _("--{option} does not belong to '{verb}', but to {verbs}")
            raise Usage(said.format(option=option, verb=verb, verbs=_(", ").join(verbs)))
    if verb == "change-room" and not noted.room:
        raise Usage(_("which room instead?"), _("say it with --room"))
    if noted.amount is not None and noted.amount <= 0:
        raise Usage(_("--amount {amount} is not above zero").format(amount=noted.amount))
    if noted.date is not None and noted.date > app.today:
        raise Usage(_("{day} is still to come").format(day=noted.date), _("note it on the day it happens"))


def _free(taken: dict[tuple[str, str], str], sale: Sale, room: str) -> str:
    other = taken.get((sale.project, room))
    if other:
        raise _sold(sale.id, room, other)
    taken[sale.project, room] = sale.id
    return room


def _noted(
    app: App, sale: Sale, what: str, state: SaleState, day: dt.date, values: Mapping[str, Any], noted: Noted
) -> Sale:
    last = max((event.date for event in sale.events), default=day)
    if day < last:
        said = _("sale {id}: {day} is before its last step, of {last}")
        raise Refused(said.format(id=sale.id, day=day, last=last))
    event = SaleEvent(
        date=day,
        who=actor(app),
        what=what,
        after=state,
        at=app.now,
        amount=noted.amount,
        number=noted.number,
        urgent=noted.urgent,
        room=sale.room if what == "change-room" else None,
        text=noted.text,
    )
    return msgspec.structs.replace(sale, **values, state=state, events=[*sale.events, event])


def reminded(app: App, sale: Sale, what: str, text: str) -> Sale:
    """Return a sale with a reminder noted that was sent today; its state stays."""
    return _noted(app, sale, what, sale.state, app.today, {}, Noted(text=text))


def special(app: App, *, issue: str | None = None, recover: bool = False) -> Step:
    """Return the step that notes a form of special approval: issued for something, or recovered."""
    if (issue is None) == (not recover):
        raise Usage(_("issue a form or recover one?"), _("give --issue TEXT or --recover"))
    who = actor(app)

    def step(sale: Sale) -> Sale:
        if issue is not None:
            made = Special(text=issue, issued=app.today, issued_by=who)
            return msgspec.structs.replace(sale, specials=[*sale.specials, made])
        out = [place for place, one in enumerate(sale.specials) if one.recovered is None]
        if not out:
            raise Refused(_("sale {id}: no form of special approval is out").format(id=sale.id))
        held = list(sale.specials)
        held[out[0]] = msgspec.structs.replace(held[out[0]], recovered=app.today, recovered_by=who)
        return msgspec.structs.replace(sale, specials=held)

    return step


def act(tx: Transaction, documents: Iterable[Document], step: Step) -> list[tuple[Sale, Sale]]:
    """Make a step on sales and return each before and after; raises `Refused` with all that refuse."""
    decode, done = decoder(TABLE, Sale), []
    refused: list[Refused] = []
    for document in documents:
        before = decode(document)
        try:
            made = step(before)
        except Refused as error:
            refused.append(error)
            continue
        tx.replace(TABLE, document.number, edits.merge(made, msgspec.json.decode(document.raw)))
        done.append((before, made))
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise Refused(_("nothing was saved"), "\n".join(error.message for error in refused))
    return done


# --- looking -----------------------------------------------------------------------------------------------


def happening(what: str) -> str:
    """Return what people call something that happened to a sale."""
    if what in OTHERS:
        return label(*OTHERS[what])
    return next((str(one) for one in FLOW.moves if one.verb == what), what)


def moved(done: Iterable[tuple[Sale, Sale]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each sale that something was done to."""
    for before, after in done:
        verbs = [verb for verb in FLOW.verbs(after.state) if verb not in ("return", "change-room")]
        yield {
            "id": after.id,
            "room": after.room,
            "before": before.state,
            "state": after.state,
            "next": verbs,
        }


def track(app: App, reading: Reading, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield every event of sales, the earliest first."""
    decode = decoder(TABLE, Sale)
    for document in register.find(app, reading, app.record_type(TABLE), names):
        sale = decode(document)
        for event in sale.events:
            yield {
                "id": sale.id,
                "date": event.date,
                "what": happening(event.what),
                "state": event.after,
                "who": event.who,
                "amount": event.amount,
                "number": event.number,
                "urgent": event.urgent or None,
                "room": event.room,
                "text": event.text,
            }


class _Gone(msgspec.Struct, frozen=True, gc=False):
    date: dt.date
    what: str
    amount: Decimal | None = None
    text: str | None = None


class _Returned(msgspec.Struct, frozen=True, gc=False):
    """What a list of returned rooms shows."""

    id: str
    room: str
    project: str
    price: Decimal
    customer: str | None = None
    salesperson: str | None = None
    state: SaleState = "chosen"
    events: tuple[_Gone, ...] = ()


def returned(app: App, period: Period) -> list[dict[str, Any]]:
    """Return the rooms that came back in a period, this week if it has no ends, the earliest first (F24)."""
    if period == Period():
        monday = app.today - dt.timedelta(days=app.today.weekday())
        period = Period(monday, monday + dt.timedelta(days=6))
    rows = []
    for sale in map(decoder(TABLE, _Returned), app.reading().read(TABLE)):
        back = [event for event in sale.events if event.what == "return" and period.holds(event.date)]
        if sale.state == "returned" and back:
            rows.append(
                {
                    "id": sale.id,
                    "date": back[-1].date,
                    "project": sale.project,
                    "room": sale.room,
                    "customer": sale.customer,
                    "price": sale.price,
                    "refund": back[-1].amount,
                    "salesperson": sale.salesperson,
                    "reason": back[-1].text,
                }
            )
    return sorted(rows, key=lambda row: (row["date"], row["id"]))
