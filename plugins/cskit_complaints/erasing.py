"""What goes from cases when their customers are erased, or cases themselves are removed.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit.edits import Edit, apply, encode
from cskit.store.protocol import Change, Document
from cskit.stored import decoder
from cskit_complaints.model import Case, Event

if TYPE_CHECKING:
    from cskit.store.protocol import Transaction

_GONE = (
    "complainant",
    "phone",
    "unit",
    "demand",
    "cause",
    "solution",
    "answer",
    "severity_reason",
    "force_majeure",
    "outside_number",
    "memo",
    "note",
    "key",
)
"""What tells of a person, or may: free text does. Figures need none of it."""


class _Linked(msgspec.Struct, frozen=True, gc=False):
    customer: str | None = None
    links: list[str] = []


def erase(tx: Transaction, customers: Collection[str]) -> None:
    """Take out of the cases of some customers whatever tells of a person; figures stay as they are."""
    if not customers:
        return
    wanted = set(customers)
    small, whole = decoder("cases", _Linked), decoder("cases", Case)
    for document in list(tx.read("cases")):
        if small(document).customer in wanted:
            raw = encode(erased(whole(document)))  # a key that nobody knows may tell of a person as well
            if raw != document.raw:
                tx.replace("cases", document.number, raw)


def erased(case: Case) -> Case:
    """Return what is left of a case: what it was about by category, when, who handled it, and money."""
    gone = dict.fromkeys(_GONE)
    return msgspec.structs.replace(
        case,
        **gone,
        content=case.id,
        attachments=[],
        events=[_bare(event) for event in case.events],
        promises=[msgspec.structs.replace(one, text="-") for one in case.promises],
        extensions=[msgspec.structs.replace(one, reason="-") for one in case.extensions],
        compensation=[msgspec.structs.replace(one, reason=None) for one in case.compensation],
    )


def _bare(event: Event) -> Event:
    told = "paused" in (event.before, event.after)  # for whom and why one waited is what audits ask
    kept = {"reason": event.reason, "party": event.party} if told else {"reason": None, "party": None}
    return msgspec.structs.replace(event, text=None, **kept)


def unlink(tx: Transaction, changes: Sequence[Change]) -> None:
    """Take cases that were removed out of the links of others."""
    decode = decoder("cases", Case)
    removed = [one for one in changes if one.table == "cases" and one.before and one.after is None]
    gone = {decode(Document(one.number, one.before or b"")).id for one in removed}
    if not gone:
        return
    small = decoder("cases", _Linked)
    for document in list(tx.read("cases")):
        left = [one for one in small(document).links if one not in gone]
        if len(left) != len(small(document).links):
            _case, raw = apply(Case, document.raw, (Edit(("links",), "=", left),))
            tx.replace("cases", document.number, raw)
