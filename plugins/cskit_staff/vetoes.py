"""What no change may make of the staff's records. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Conflict, Refused, _
from cskit.nouns import listed, one_record, shortened
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_staff.facts import ATTENDANCE, CONDUCT, SITTINGS, TRAININGS
from cskit_staff.people import ladders, people

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction

_SHOWN = 5


class _Month(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    month: str


class _Took(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    course: str


class _Sat(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    exam: str


_ONCE: Mapping[str, tuple[type[msgspec.Struct], str]] = {
    ATTENDANCE: (_Month, "month"),
    TRAININGS: (_Took, "course"),
    SITTINGS: (_Sat, "exam"),
}
"""Tables in which a person stands once for each value of a field."""


def refuse(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Look at what is about to be saved; each table that is concerned is read once.

    Raises `Conflict` where two records say one thing of a person, `Refused` where somebody would be their
    own superior, has a rank that their ladder has not, or decides on what is theirs.
    """
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        if change.after is not None:
            by_table.setdefault(change.table, []).append(change)
    for table in _ONCE.keys() & by_table.keys():
        _refuse_twice(app, tx, table, by_table[table])
    for table in {people.STAFF, people.POSITIONS} & by_table.keys():
        _refuse_circles(app, tx, table, by_table[table])
    if people.STAFF in by_table:
        _refuse_strange_ranks(app, tx, by_table[people.STAFF])
    for table in CONDUCT.keys() & by_table.keys():
        _refuse_own_word(table, by_table[table])


def _refuse_twice(app: App, tx: Transaction, table: str, changes: Iterable[Change]) -> None:
    model, field = _ONCE[table]
    decode: Callable[[Document], Any] = decoder(table, model)
    fresh = {_key(decode(_after(change)), field) for change in changes}
    held: dict[tuple[str, str], str] = {}
    for one in map(decode, tx.read(table)):
        key = _key(one, field)
        if key in fresh and held.setdefault(key, one.id) != one.id:
            said = _("{person} has {record} for {what} already")
            record = one_record(app.record_type(table), held[key])
            raise Conflict(
                said.format(person=key[0], record=record, what=key[1]), _("change that one instead")
            )


def _after(change: Change) -> Document:
    return Document(change.number, change.after or b"")


def _key(one: Any, field: str) -> tuple[str, str]:
    return one.staff, getattr(one, field)


# --- who is under whom -------------------------------------------------------------------------------------


class _Under(msgspec.Struct, frozen=True, gc=False):
    id: str
    superior: str | None = None


def _refuse_circles(app: App, tx: Transaction, table: str, changes: Iterable[Change]) -> None:
    decode = decoder(table, _Under)
    moved = [one for one in map(decode, map(_after, changes)) if one.superior is not None]
    if not moved:
        return
    above = {one.id: one.superior for one in map(decode, tx.read(table))}
    wrong = [one.id for one in moved if _in_circle(one.id, above)]
    if wrong:
        said = _("{ids}: would be above and below themselves at once")
        raise Refused(said.format(ids=shortened(wrong, _SHOWN)), _("give another superior"))


def _in_circle(own: str, above: Mapping[str, str | None]) -> bool:
    """Tell whether somebody is met again on the way up from them."""
    met: set[str] = set()
    up = above.get(own)
    while up is not None and up not in met:
        if up == own:
            return True
        met.add(up)
        up = above.get(up)
    return False


# --- ranks -------------------------------------------------------------------------------------------------


class _Ranked(msgspec.Struct, frozen=True, gc=False):
    id: str
    position: str | None = None
    rank: str | None = None


class _Post(msgspec.Struct, frozen=True, gc=False):
    id: str
    ladder: str | None = None


def _refuse_strange_ranks(app: App, tx: Transaction, changes: Iterable[Change]) -> None:
    """See that a rank that is new is one of the position's ladder, where that is known."""
    decode = decoder(people.STAFF, _Ranked)
    found = []
    for change in changes:
        before = decode(Document(change.number, change.before)) if change.before is not None else None
        after = decode(_after(change))
        if after.rank is not None and (before is None or before != after):
            found.append(after)
    if not found:
        return
    post = decoder(people.POSITIONS, _Post)
    of_post = {one.id: one.ladder for one in map(post, tx.read(people.POSITIONS))}
    known = {name: rule.value.codes for name, rule in ladders.load(app).items()}
    for one in found:
        ladder = of_post.get(one.position or "")
        if ladder in known and one.rank not in known[ladder]:
            said = _("{id}: the ladder {ladder} has no rank '{rank}'")
            hint = _("there are {names}").format(names=listed(known[ladder]))
            raise Refused(said.format(id=one.id, ladder=ladder, rank=one.rank), hint)


# --- four eyes ---------------------------------------------------------------------------------------------


class _Word(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    on: dt.date | None = None
    amount: Decimal | None = None
    state: str = "proposed"
    proposed_by: str | None = None
    decided_by: str | None = None

    @property
    def decided(self) -> tuple[str, dt.date | None, Decimal | None]:
        """What the second person had before them: whose it is, of which day, and how much."""
        return self.staff, self.on, self.amount


def _refuse_own_word(table: str, changes: Iterable[Change]) -> None:
    """See that whatever was decided was so by a second person, also in files, and is what was decided on."""
    decode = decoder(table, _Word)
    _refuse_other(decode, changes)
    found = [one for one in map(decode, map(_after, changes)) if one.state != "proposed"]
    wrong = [one.id for one in found if one.decided_by in (None, one.proposed_by, one.staff)]
    if wrong:
        said = _("{ids}: decided on by who proposed it, by the person concerned, or by nobody")
        raise Refused(said.format(ids=shortened(wrong, _SHOWN)), _("a second person has to look at it"))


def _refuse_other(decode: Callable[[Document], _Word], changes: Iterable[Change]) -> None:
    moved = []
    for change in changes:
        if change.before is not None:
            before, after = decode(Document(change.number, change.before)), decode(_after(change))
            if "proposed" not in (before.state, after.state) and before.decided != after.decided:
                moved.append(after.id)
    if moved:
        said = _("{ids}: decided on already, so person, day and amount stay as they are")
        raise Refused(
            said.format(ids=shortened(moved, _SHOWN)), _("propose another one for what is to change")
        )
