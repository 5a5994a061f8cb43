"""What one shift leaves to the next: gathered, signed by who gives and by who takes, then left as it is.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Conflict, NotFound, Refused, _, agenda, edits, register
from cskit.display.paper import Cell, Grid, Part, Prose, Rows, Sheet
from cskit.edits import Edit
from cskit.nouns import listed
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.values import local_moment, one_line, text
from cskit_calls import patterns, roster
from cskit_calls.patterns import ShiftTimes
from cskit_calls.rotamodel import Handover, Item

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

TABLE = "call_handovers"
_CASES, _CALLS = "cases", "calls"
GONE = "-"
"""What stands where the words of somebody erased stood."""


class Wish(NamedTuple):
    """Which shift is handed over; `on` is the day on which it began, None for the last one that did."""

    shift: str
    on: dt.date | None = None
    group: str | None = None
    to: str | None = None
    notes: Sequence[str] = ()


# --- given -------------------------------------------------------------------------------------------------


def give(app: App, tx: Transaction, wish: Wish) -> Handover:
    """Gather what a shift leaves, signed by who acts.

    Raises `NotFound` for a shift that no pattern has, `Conflict` where it was handed over already, `Refused`
    for a taker that there is not.
    """
    times = _shift(app, wish.shift)
    on = wish.on or _last(app, times)
    to = roster.known(app, tx, [wish.to])[0] if wish.to else None
    for one in map(decoder(TABLE, Handover), tx.read(TABLE)):
        if (one.shift, one.on, one.group) == (times.code, on, wish.group):
            said = _("{shift} of {day} is handed over already: {id}")
            raise Conflict(
                said.format(shift=times.label, day=on, id=one.id),
                _("`cskit call logbook set {id} notes+=TEXT` adds to it until it is taken").format(id=one.id),
            )
    cases, promises = _due(app, on)
    begins, ends = times.on(on, app.zone)
    known = {item.id for item in cases}
    cases += [item for item in _opened(tx, begins, min(ends, app.now)) if item.id not in known]
    cases = _titled(app, tx, cases)
    built = Handover(
        id="-",
        shift=times.code,
        on=on,
        group=wish.group,
        giver=roster.actor(app),
        given_at=app.now,
        to=to,
        cases=cases,
        promises=promises,
        notes=list(wish.notes),
    )
    made = register.insert(tx, app.record_type(TABLE), built)
    assert isinstance(made, Handover)  # noqa: S101 - its table's records
    return made


def _shift(app: App, name: str) -> ShiftTimes:
    known = patterns.all_of(app)
    found = patterns.shift_of(known, name)
    if not found:
        raise NotFound(
            _("no pattern has a shift '{name}'").format(name=name),
            _("there are {names}").format(names=listed(sorted(patterns.titles(known)))),
        )
    return next(iter(found.values()))


def _last(app: App, times: ShiftTimes) -> dt.date:
    """Return the day of the shift that began last."""
    begins, _ends = times.on(app.today, app.zone)
    return app.today if begins <= app.now else app.today - dt.timedelta(days=1)


def _due(app: App, on: dt.date) -> tuple[list[Item], list[Item]]:
    """Return the cases and the promises that are due by the end of the next day, overdue ones first."""
    until = max(app.today, on + dt.timedelta(days=1))
    cases = app.plugins.record_types.get(_CASES)
    nouns = {cases.command, *(one.command for one in cases.narrowed)} if cases else set()
    found: dict[str, list[Item]] = {"case": [], "call": []}
    for one in agenda.collect(app, until).due:
        task = one.task
        kind = "case" if task.about in nouns else task.about
        if kind in found:
            due = _moment(app, task.due)
            found[kind].append(Item(id=task.id, text=one_line(task.what), due=due, who=task.who or None))
    return found["case"], found["call"]


def _moment(app: App, due: dt.date | dt.datetime) -> dt.datetime:
    """Return when something is due; of a day its last second."""
    day, time = local_moment(due, app.zone)
    if time is None:
        return dt.datetime.combine(day, dt.time(23, 59, 59), app.zone).astimezone(dt.UTC)
    assert isinstance(due, dt.datetime)  # noqa: S101 - a day has no time
    return due


class _Led(msgspec.Struct, frozen=True, gc=False):
    at: dt.datetime | None = None
    purpose: str = ""
    case: str | None = None
    staff: str | None = None


def _opened(tx: Transaction, begins: dt.datetime, ends: dt.datetime) -> Iterator[Item]:
    """Yield the cases that calls of the shift led to, each once."""
    seen: set[str] = set()
    for call in map(decoder(_CALLS, _Led), tx.read(_CALLS)):
        if call.case and call.at and begins <= call.at < ends and call.case not in seen:
            seen.add(call.case)
            yield Item(id=call.case, text=one_line(call.purpose), who=call.staff)


def _titled(app: App, tx: Transaction, items: Sequence[Item]) -> list[Item]:
    """Put what each case is about before what is to be done for it."""
    record_type = app.plugins.record_types.get(_CASES)
    if record_type is None or not items:
        return list(items)
    model = msgspec.defstruct(
        "_About", [("id", str), ("title", str, "")], rename={"title": record_type.title}
    )
    decode: Callable[[Document], Any] = decoder(_CASES, model)
    found = tx.read(_CASES, ids=list(dict.fromkeys(item.id for item in items)))
    titles = {one.id: one_line(one.title) for one in map(decode, found)}
    said = _("{title}: {what}")
    return [
        msgspec.structs.replace(item, text=said.format(title=titles[item.id], what=item.text))
        if titles.get(item.id, item.text) != item.text
        else item
        for item in items
    ]


# --- taken -------------------------------------------------------------------------------------------------


def take(app: App, tx: Transaction, name: str, answer: str | None = None) -> Handover:
    """Sign a hand-over as who takes it; raises `NotFound`, or `Refused` for who cannot."""
    (document,) = register.find(app, tx, app.record_type(TABLE), [name])
    one = decoder(TABLE, Handover)(document)
    who = roster.actor(app)
    if one.state == "taken":
        raise Refused(_("{id}: taken over by {who} already").format(id=one.id, who=one.taker))
    if one.giver in (app.staff, app.user):
        raise Refused(
            _("{who} handed {id} over and cannot take it as well").format(who=who, id=one.id),
            _("a second person has to sign"),
        )
    if one.to is not None and one.to != who:
        said = _("{id} is handed over to {to}, not to {who}")
        raise Refused(said.format(id=one.id, to=one.to, who=who))
    wanted = [
        Edit(("state",), "=", "taken"),
        Edit(("taker",), "=", who),
        Edit(("taken_at",), "=", app.now),
        Edit(("answer",), "=", answer),
    ]
    record, raw = edits.apply(Handover, document.raw, wanted)
    tx.replace(TABLE, document.number, raw)
    return record


def refuse_changed(tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse any change of what both signed; raises `Refused`.

    Only taking back the very signature, and the erasure of somebody's words, get through.
    """
    if tx.origin.undoes is not None or tx.origin.erases:
        return
    decode = decoder(TABLE, Handover)
    for change in changes:
        if change.before is not None:
            before = decode(Document(change.number, change.before))
            if before.state == "taken":
                said = _("{id}: signed by {giver} and {taker}, so nothing changes it any more")
                raise Refused(said.format(id=before.id, giver=before.giver, taker=before.taker))


def erase(tx: Transaction, changed: Collection[str]) -> None:
    """Take the words out that tell of records whose personal data goes; `changed` are their ids."""
    decode = decoder(TABLE, Handover)
    for document in list(tx.read(TABLE)):
        one = decode(document)
        parts = {name: _without(getattr(one, name), changed) for name in ("cases", "promises")}
        if any(parts[name] != getattr(one, name) for name in parts):
            after = msgspec.structs.replace(one, **parts)
            tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))


def _without(items: Sequence[Item], changed: Collection[str]) -> list[Item]:
    return [msgspec.structs.replace(one, text=GONE) if one.id in changed else one for one in items]


# --- shown -------------------------------------------------------------------------------------------------


def titles(app: App) -> Mapping[str, Mapping[str, str]]:
    """Return what people see of the codes of shifts; see `RecordType.titles`."""
    return {"shift": patterns.titles(patterns.all_of(app))}


def rows(one: Handover) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing that is handed over."""
    for kind, items in (("promise", one.promises), ("case", one.cases)):
        for item in items:
            row = {"kind": kind, "id": item.id, "text": item.text, "due": item.due, "who": item.who}
            yield {name: value for name, value in row.items() if value is not None}
    for note in one.notes:
        yield {"kind": "note", "text": note}


def sheets(app: App, held: Sequence[tuple[Handover, Mapping[str, str]]]) -> list[Sheet]:
    """Return each hand-over as it is filed, with room for what is written by hand."""
    return [_sheet(app, one, texts) for one, texts in held]


def _sheet(app: App, one: Handover, texts: Mapping[str, str]) -> Sheet:
    names = roster.names(app, app.reading())
    head = [
        Cell(_("Shift"), texts["shift"]),
        Cell(_("Day"), texts["on"]),
        Cell(_("Group"), one.group or ""),
        Cell(_("State"), texts["state"]),
        Cell(_("Handed over by"), _signed(names, one.giver, texts["given_at"])),
        Cell(_("Taken over by"), _signed(names, one.taker, texts["taken_at"])),
    ]
    headings = [_("Record"), _("What"), _("Due"), _("Who")]
    notes = [[note] for note in one.notes]
    parts: list[Part] = [
        Grid(head),
        Rows(
            headings,
            [_cells(app, item) for item in one.promises],
            _("Promises"),
            blank=0 if one.promises else 1,
        ),
        Rows(
            headings, [_cells(app, item) for item in one.cases], _("Open cases"), blank=0 if one.cases else 1
        ),
        Rows([_("Notes")], notes, blank=0 if notes else 2),
        Prose(one.answer or "", _("Answer of who takes over")),
    ]
    signed = (_("Handed over by"), _("Taken over by"), _("Shift leader"))
    return Sheet(_("Shift hand-over"), parts, number=one.id, signatures=signed)


def _signed(names: Mapping[str, str], who: str | None, at: str) -> str:
    return f"{names.get(who, who)} {at}" if who else ""


def _cells(app: App, item: Item) -> list[str]:
    due = text(item.due, app.zone) if item.due else ""
    return [item.id, item.text, due, item.who or ""]
