"""Interviews by telephone that are planned: held, or dropped. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from cskit import Refused, _, edits
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_calls.reception import Plan

if TYPE_CHECKING:
    from cskit.store.protocol import Document, Reading, Transaction

TABLE = "call_plans"


def done(
    tx: Transaction, documents: Sequence[Document], *, on: dt.date, result: str | None = None
) -> list[Plan]:
    """Note that interviews were held; raises `Refused` naming those that are over already."""
    return _end(tx, documents, "done", on, result)


def drop(tx: Transaction, documents: Sequence[Document], *, result: str | None = None) -> list[Plan]:
    """Note that interviews will not be held; raises `Refused` naming those that are over already."""
    return _end(tx, documents, "dropped", None, result)


def _end(
    tx: Transaction,
    documents: Sequence[Document],
    state: Literal["done", "dropped"],
    on: dt.date | None,
    result: str | None,
) -> list[Plan]:
    decode = decoder(TABLE, Plan)
    found = [(document, decode(document)) for document in documents]
    over = [plan.id for _document, plan in found if plan.state != "planned"]
    if over:
        said = _("already held or dropped: {ids}").format(ids=listed(over))
        raise Refused(said, _("plan another interview with `cskit call plan add`"))
    after = []
    for document, plan in found:
        ended = msgspec.structs.replace(plan, state=state, done_on=on, result=result or plan.result)
        tx.replace(TABLE, document.number, edits.merge(ended, msgspec.json.decode(document.raw)))
        after.append(ended)
    return after


def open_plans(reading: Reading, until: dt.date) -> Iterator[Plan]:
    """Yield the interviews that are to be held by the end of a day."""
    for plan in map(decoder(TABLE, Plan), reading.read(TABLE)):
        if plan.state == "planned" and plan.due <= until:
            yield plan
