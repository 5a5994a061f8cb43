"""Days of a month on which inspectors and trainers answer calls (catalogue D7). Knows no click."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cskit_calls import patterns, planning, roster, shiftlimits, shifts
from cskit_calls.availability import Book
from cskit_calls.rotamodel import Shift, ShiftKind
from cskit_calls.shifts import Turn

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction
    from cskit_calls.patterns import Pattern


class Lacking(NamedTuple):
    """Somebody who is to answer calls on some days of a month, and how many of them are on the rota."""

    person: roster.Person
    have: int
    want: int


def lacking(
    people: Mapping[str, roster.Person],
    limits: shiftlimits.Limits,
    turns: Collection[Turn],
    month: tuple[int, int],
) -> list[Lacking]:
    """Return who of the inspectors and trainers has fewer days on the telephones in a month than asked."""
    worked = Counter(
        own
        for own, _day in {
            (one.staff, one.on)
            for one in turns
            if one.absence is None and (one.on.year, one.on.month) == month
        }
    )
    return [
        Lacking(person, worked[own], limits.support_days)
        for own, person in people.items()
        if person.position in limits.support_positions and worked[own] < limits.support_days
    ]


def support(app: App, tx: Transaction, first: dt.date, pattern: str) -> tuple[list[Shift], list[Lacking]]:
    """Put inspectors and trainers on the telephones of a month that begins on `first`, from today on.

    Their days are spread over the month; on each the shift with the fewest people is theirs. Returns what was
    added, and for whom no day was found.
    """
    wanted, limits = patterns.load(app, pattern), shiftlimits.load(app)
    turns = list(shifts.every(tx))
    book, month = Book(app, turns, shifts.absences(tx)), (first.year, first.month)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    open_days = list(planning.days(max(first, app.today), last)) if last >= app.today else []
    made: list[Shift] = []
    for one in lacking(roster.people(app), limits, turns, month):
        for number in range(one.have, one.want):
            near = len(open_days) * (2 * number + 1) // (2 * one.want)
            around = sorted(open_days, key=lambda day: (abs(open_days.index(day) - near), day))
            found = next(
                (turn for turn in _turns(app, wanted, turns, one, around) if book.free(one.person.id, turn)),
                None,
            )
            if found is None:
                break
            kind: ShiftKind = "support"
            made.append(planning.add(app, tx, one.person.id, found.on, wanted.times(found.shift), kind=kind))
            book.add(found)
            turns.append(found)
    return made, lacking(roster.people(app), limits, turns, month)


def _turns(
    app: App, pattern: Pattern, turns: Sequence[Turn], one: Lacking, around: Sequence[dt.date]
) -> Iterator[Turn]:
    """Yield what somebody could work, day after day, the shift with the fewest people first."""
    busy = {turn.on for turn in turns if turn.staff == one.person.id}
    for day in around:
        if day in busy:
            continue
        filled = Counter(turn.shift for turn in turns if turn.on == day and turn.absence is None)
        for times in sorted(pattern.shifts, key=lambda each: filled[each.code]):
            begins, ends = times.on(day, app.zone)
            yield Turn("-", one.person.id, day, begins, ends, times.code)
