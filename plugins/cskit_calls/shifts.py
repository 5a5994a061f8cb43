"""Shifts as they are kept: read, completed as they come in, seen to before they are saved, exchanged.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, Usage, _, edits, register
from cskit.edits import Edit
from cskit.errors import Problem
from cskit.nouns import listed
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.values import shown
from cskit_calls import patterns, roster, shiftlimits, shiftrules
from cskit_calls.rotamodel import Shift

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE, ABSENCES = "call_shifts", "call_absences"
_SHOWN = 5
"""So many faults are told in one line."""


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What most of the plugin needs of a stored shift."""

    id: str
    staff: str
    on: dt.date
    begins: dt.datetime
    ends: dt.datetime
    shift: str
    group: str = ""
    kind: str = "duty"
    absence: str | None = None
    covers: str | None = None

    def duty(self, titles: Mapping[str, str]) -> shiftrules.Duty:
        """Return the shift as the rules see it; `titles` is what people see of codes."""
        called = titles.get(self.shift, self.shift)
        return shiftrules.Duty(self.id, self.staff, self.on, self.begins, self.ends, called)


class Away(msgspec.Struct, frozen=True, gc=False):
    """What the rota needs of a stored absence."""

    id: str
    staff: str
    first: dt.date
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Tell whether a day is one of the absence."""
        return self.first <= day <= (self.last or self.first)


def every(reading: Reading) -> Iterator[Turn]:
    """Yield every shift, from one pass over the table."""
    return map(decoder(TABLE, Turn), reading.read(TABLE))


def absences(reading: Reading) -> list[Away]:
    """Return every absence, from one pass over the table."""
    return list(map(decoder(ABSENCES, Away), reading.read(ABSENCES)))


def titles(app: App) -> Mapping[str, Mapping[str, str]]:
    """Return what people see of the codes of shifts and patterns; see `RecordType.titles`."""
    known = patterns.all_of(app)
    return {
        "shift": patterns.titles(known),
        "pattern": {name: str(one.label) for name, one in known.items()},
    }


# --- as they come in ---------------------------------------------------------------------------------------

Prepared = Callable[[dict[str, Any], bool], Sequence[Problem]]


def prepare(app: App, reading: Reading) -> Prepared:
    """Return what completes shifts: the person's id, the code of a shift, its times; see `RecordType`."""
    known, people = patterns.all_of(app), roster.keys(app, reading)

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        problems = _person(people, values)
        begins = values.get("begins")
        if new and values.get("on") is None and isinstance(begins, dt.datetime):
            values["on"] = begins.astimezone(app.zone).date()
        name = values.get("shift")
        if not isinstance(name, str):
            return problems
        wanted = values.get("pattern")
        inside = {wanted: known[wanted]} if wanted in known else known
        found = list(patterns.shift_of(inside, name).values())
        timed = begins is not None and values.get("ends") is not None
        if found:
            values["shift"] = found[0].code
        elif not timed:
            codes = listed(sorted(patterns.titles(inside)))
            said = _("no pattern has this shift; there are {names}").format(names=codes)
            problems.append(Problem(0, "shift", shown(name), said))
        if len(found) > 1 and not timed:
            said = _("patterns disagree on when this is: give --pattern, or --begins and --ends")
            problems.append(Problem(0, "shift", shown(name), said))
        elif found and new and isinstance(values.get("on"), dt.date) and not timed:
            values["begins"], values["ends"] = found[0].on(values["on"], app.zone)
        return problems

    return prepared


def _person(people: Mapping[str, str], values: dict[str, Any]) -> list[Problem]:
    name = values.get("staff")
    if not (people and isinstance(name, str)):
        return []
    if name in people:
        values["staff"] = people[name]
        return []
    return [Problem(0, "staff", shown(name), _("no staff member has this id or external key"))]


def person(app: App, reading: Reading) -> Prepared:
    """Return what reads the name of a person as their id, for records that hold nothing else to complete."""
    people = roster.keys(app, reading)
    return lambda values, new: _person(people, values)


# --- before they are saved ---------------------------------------------------------------------------------


def follow(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Let a shift's times follow where `set` gave it another day, code or pattern, but no times."""
    decode = decoder(TABLE, Shift)
    for change in changes:
        if change.before is None or change.after is None:
            continue
        before, after = decode(_document(change, change.before)), decode(_document(change, change.after))
        moved = (before.on, before.shift, before.pattern) != (after.on, after.shift, after.pattern)
        if not moved or (before.begins, before.ends) != (after.begins, after.ends):
            continue
        times = _times(app, after)
        if times is None or times == (after.begins, after.ends):
            continue
        wanted = [Edit(("begins",), "=", times[0]), Edit(("ends",), "=", times[1])]
        _record, raw = edits.apply(Shift, change.after, wanted)
        tx.replace(TABLE, change.number, raw)


def _document(change: Change, raw: bytes) -> Document:
    return Document(change.number, raw)


def _times(app: App, one: Shift) -> tuple[dt.datetime, dt.datetime] | None:
    known = patterns.all_of(app)
    inside = {one.pattern: known[one.pattern]} if one.pattern in known else known
    found = list(patterns.shift_of(inside, one.shift).values())
    return found[0].on(one.on, app.zone) if len(found) == 1 else None


def refuse(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse shifts that overlap others of the same person, and what else nobody may be asked to work.

    Only what is new or changed is looked at; each table is read once. Raises `Refused` with all faults.
    """
    decode = decoder(TABLE, Turn)
    fresh = [decode(_document(one, one.after)) for one in changes if one.after is not None]
    fresh = [one for one in fresh if one.absence is None]
    if not fresh:
        return
    ids, staff = {one.id for one in fresh}, {one.staff for one in fresh}
    of_person: dict[str, list[Turn]] = {}
    for turn in every(tx):
        if turn.staff in staff and turn.absence is None:
            of_person.setdefault(turn.staff, []).append(turn)
    wrong = [*_away(fresh, absences(tx)), *_clashes(app, of_person, ids)]
    if wrong:
        more = len(wrong) - _SHOWN
        told = _("; ").join(wrong[:_SHOWN])
        if more > 0:
            told = _("{faults}; and {count} more").format(faults=told, count=more)
        raise Refused(told, _("`cskit call shifts` shows the rota"))


def _clashes(app: App, of_person: Mapping[str, Sequence[Turn]], fresh: Set[str]) -> Iterator[str]:
    bounds, called = shiftlimits.load(app).bounds, patterns.titles(patterns.all_of(app))
    for _own, turns in sorted(of_person.items()):
        for clash in shiftrules.clashes([one.duty(called) for one in turns], bounds):
            if not fresh.isdisjoint(clash.ids):
                yield clash.text


def _away(fresh: Sequence[Turn], away: Sequence[Away]) -> Iterator[str]:
    of_person: dict[str, list[Away]] = {}
    for one in away:
        of_person.setdefault(one.staff, []).append(one)
    for turn in fresh:
        for one in of_person.get(turn.staff, ()):
            if one.holds(turn.on):
                said = _("{staff} is absent on {day} ({absence})")
                yield said.format(staff=turn.staff, day=turn.on, absence=one.id)


# --- exchanged ---------------------------------------------------------------------------------------------


def swap(app: App, tx: Transaction, first: str, second: str) -> list[Shift]:
    """Let two people exchange their shifts; return both as they are now.

    Raises `NotFound`, `Usage` where it is one person's twice, `Refused` where somebody is absent anyway.
    """
    documents = register.find(app, tx, app.record_type(TABLE), [first, second])
    if len(documents) < 2:
        raise Usage(_("{id} cannot be exchanged with itself").format(id=first))
    one, other = map(decoder(TABLE, Shift), documents)
    if one.staff == other.staff:
        raise Usage(
            _("{first} and {second} are both {staff}'s").format(first=first, second=second, staff=one.staff)
        )
    freed = [each.id for each in (one, other) if each.absence is not None]
    if freed:
        raise Refused(_("{ids}: not worked because of an absence").format(ids=listed(freed)))
    done = []
    for document, staff in zip(documents, (other.staff, one.staff), strict=True):
        record, raw = edits.apply(Shift, document.raw, [Edit(("staff",), "=", staff)])
        tx.replace(TABLE, document.number, raw)
        done.append(record)
    return done
