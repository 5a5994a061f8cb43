"""People who left, without what told who they were: for good, as figures need none of it. Knows no click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _, edits, register
from cskit.nouns import shortened
from cskit.records import Record
from cskit.stored import decoder
from cskit_staff.facts import ATTENDANCE, CONDUCT, TRAININGS
from cskit_staff.learning.learning import Need, Training
from cskit_staff.learning.training import NEEDS
from cskit_staff.people import people
from cskit_staff.people.model import Attendance, Conduct, Staff, Target
from cskit_staff.people.targets import TARGETS
from cskit_staff.reviews.reviews import REVIEWS
from cskit_staff.scores.assessment import Review

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

_SHOWN = 5
KEPT = ("id", "position", "rank", "department", "group", "superior", "hired", "left", "state")
"""What stays of a person: head counts of past years need it."""
GONE = "-"
"""What stands where a text has to."""
_WORDS: Mapping[str, tuple[type[Record], Mapping[str, Any]]] = {
    ATTENDANCE: (Attendance, {"note": None}),
    NEEDS: (Need, {"note": None}),
    TARGETS: (Target, {"note": None}),
    TRAININGS: (Training, {"comment": None}),
    REVIEWS: (Review, {"override_reason": None}),
    **{table: (Conduct, {"what": GONE, "answer": None, "note": None}) for table in CONDUCT},
}
"""What was said of people in words, by table; what was counted and scored stays."""


def erase(app: App, tx: Transaction, names: Sequence[str]) -> list[str]:
    """Take the personal data of people who left out of all that the plugin keeps; return their ids.

    Other plugins see in `cskit_before_commit` whose data goes, as `tx.origin.erases["staff"]`. Raises
    `NotFound` for who is not there, `Refused` naming those who still work here.
    """
    decode = decoder(people.STAFF, Staff)
    found = register.find(app, tx, app.record_type(people.STAFF), names)
    here = [one.id for one in map(decode, found) if one.state != "left"]
    if here:
        said = _("{ids}: only who has left is erased").format(ids=shortened(here, _SHOWN))
        raise Refused(said, _("`cskit staff set ID state=left left=DAY` notes it"))
    app.plugins.refuse_missing(tx.tables())  # which might hold something of these people
    ids = [register.id_of(document) for document in found]
    before = tx.origin.erases
    erases = {**before, people.STAFF: (*before.get(people.STAFF, ()), *ids)}
    tx.origin = msgspec.structs.replace(tx.origin, erases=erases)
    for document in found:
        tx.replace(people.STAFF, document.number, edits.encode(erased(decode(document))))
    for table, (model, gone) in _WORDS.items():
        _take_out(tx, table, decoder(table, model), frozenset(ids), gone)
    return ids


def erased(person: Staff) -> Staff:
    """Return what is left of a person: a number instead of a name, and no pay."""
    return Staff(name=person.id, **{name: getattr(person, name) for name in KEPT})


def _take_out(
    tx: Transaction, table: str, decode: Callable[[Any], Any], ids: frozenset[str], gone: Mapping[str, Any]
) -> None:
    for document in list(tx.read(table)):
        record = decode(document)
        if record.staff in ids and any(getattr(record, name) != value for name, value in gone.items()):
            raw = edits.encode(msgspec.structs.replace(record, **gone, key=None))
            tx.replace(table, document.number, raw)
