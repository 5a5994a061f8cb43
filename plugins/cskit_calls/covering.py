"""Who works instead of somebody absent. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cskit import Refused, _, edits, register
from cskit.edits import Edit
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_calls import roster, shifts
from cskit_calls.availability import Book
from cskit_calls.rotamodel import Absence, Shift
from cskit_calls.shifts import ABSENCES, TABLE, Turn

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


class Covered(NamedTuple):
    """A shift that an absence freed, and who works it instead; None where nobody can."""

    shift: Turn
    by: str | None
    cover: str | None


def cover(app: App, tx: Transaction, name: str, by: Sequence[str] = ()) -> list[Covered]:
    """Free the shifts of an absence and give them to others; return a row for each shift still to be covered.

    Those named are asked in turn, else the people of the same group: who has the fewest hours that week and
    breaks no rule, and of two such the first by id. Raises `NotFound`, `Refused` where nobody named can.
    """
    (document,) = register.find(app, tx, app.record_type(ABSENCES), [name])
    absence = decoder(ABSENCES, Absence)(document)
    away, everything = shifts.absences(tx), list(shifts.every(tx))
    named = roster.known(app, tx, by)
    book = Book(app, everything, away)
    done = []
    for turn in _uncovered(everything, absence):
        choice = named or book.colleagues(turn)
        found = next((own for own in choice if book.free(own, turn)), None)
        if named and found is None:
            said = _("{names} cannot work {shift} of {day}: another shift, too little rest, or too many days")
            raise Refused(said.format(names=listed(named), shift=turn.id, day=turn.on))
        _free(tx, turn, absence.id)
        done.append(Covered(turn, found, _give(app, tx, book, found, turn) if found else None))
    return done


def _uncovered(turns: Sequence[Turn], absence: Absence) -> list[Turn]:
    """Return the shifts inside an absence that nobody covers yet, in the order of time."""
    covered = {one.covers for one in turns if one.covers}
    found = [
        one
        for one in turns
        if one.staff == absence.staff and absence.first <= one.on <= absence.until and one.id not in covered
    ]
    return sorted(found, key=lambda one: one.begins)


def _free(tx: Transaction, turn: Turn, absence: str) -> None:
    if turn.absence == absence:
        return
    for document in tx.read(TABLE, ids=[turn.id]):
        _record, raw = edits.apply(Shift, document.raw, [Edit(("absence",), "=", absence)])
        tx.replace(TABLE, document.number, raw)


def _give(app: App, tx: Transaction, book: Book, own: str, turn: Turn) -> str:
    built = Shift(
        id="-",
        staff=own,
        on=turn.on,
        shift=turn.shift,
        begins=turn.begins,
        ends=turn.ends,
        group=turn.group or None,
        kind="cover",
        covers=turn.id,
    )
    made = register.insert(tx, app.record_type(TABLE), built)
    book.add(Turn(made.id, own, turn.on, turn.begins, turn.ends, turn.shift, turn.group))
    return made.id
