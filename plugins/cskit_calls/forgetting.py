"""What goes from the rota and from scores when a customer or somebody who left is erased.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import edits
from cskit.records import Record
from cskit.stored import decoder
from cskit_calls import handovers
from cskit_calls.qamodel import Analysis, Assessment, Coaching, ItemScore
from cskit_calls.rotamodel import Absence, Shift

if TYPE_CHECKING:
    from cskit.store.protocol import Change, Transaction

_WORDS: Mapping[str, tuple[type[Record], Mapping[str, Any]]] = {
    "call_shifts": (Shift, {"note": None}),
    "call_absences": (Absence, {"note": None}),
    "call_assessments": (Assessment, {"comment": None, "violation": None}),
    "call_coaching": (Coaching, {"topic": None, "words": None, "agreed": None, "answer": None}),
}
"""What was said of a person in words, by table; what was counted and scored stays."""
_TOLD: Mapping[str, tuple[type[Record], Mapping[str, Any]]] = {
    "call_analyses": (Analysis, {"course": None, "cause": None, "lesson": None}),
    "call_assessments": (Assessment, {"comment": None}),
    "call_coaching": (Coaching, {"words": None}),
}
"""What may tell of a customer whose call it is about."""


class _About(msgspec.Struct, frozen=True, gc=False):
    staff: str | None = None
    call: str | None = None
    case: str | None = None


def erase(tx: Transaction, changes: Sequence[Change]) -> None:
    """Take out the words about people who are erased, and those about the calls and cases of customers.

    Which these are, the other changes of the same transaction show.
    """
    people = frozenset(tx.origin.erases.get("staff", ()))
    if people:
        for table, (model, gone) in _WORDS.items():
            _take_out(tx, table, model, gone, people, "staff")
    if tx.origin.erases.get("customers"):
        changed = {_id(change) for change in changes if change.table in ("calls", "cases")}
        handovers.erase(tx, changed)
        for table, (model, gone) in _TOLD.items():
            _take_out(tx, table, model, gone, changed, "call", "case")


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str = ""


def _id(change: Change) -> str:
    return msgspec.json.decode(change.after or change.before or b"{}", type=_Named).id


def _take_out(
    tx: Transaction,
    table: str,
    model: type[Record],
    gone: Mapping[str, Any],
    ids: frozenset[str] | set[str],
    *fields: str,
) -> None:
    small, whole = decoder(table, _About), decoder(table, model)
    for document in list(tx.read(table)):
        if ids.isdisjoint({getattr(small(document), name) for name in fields}):
            continue
        record = whole(document)
        more = {"items": [_wordless(item) for item in record.items]} if isinstance(record, Assessment) else {}
        raw = edits.encode(msgspec.structs.replace(record, **gone, **more))
        if raw != document.raw:
            tx.replace(table, document.number, raw)


def _wordless(item: ItemScore) -> ItemScore:
    return msgspec.structs.replace(item, note=None)
