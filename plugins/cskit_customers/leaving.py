"""The day on which customers leave, noted with their state. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import edits
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_customers.model import Customer, CustomerState

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


class _Standing(msgspec.Struct, frozen=True, gc=False):
    state: CustomerState = "active"
    left_on: dt.date | None = None


def note(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Note today as the day on which customers among `changes` left; who is back has not left.

    Who was recorded as lost or closed from the start left on a day that nobody knows. An undo puts back what
    was right.
    """
    if tx.origin.undoes is not None:
        return
    read = msgspec.json.Decoder(_Standing).decode
    for change in changes:
        if change.table != "customers" or change.before is None or change.after is None:
            continue
        if b'"state"' not in change.before and b'"state"' not in change.after:  # active, as nearly all are
            continue
        before, after = read(change.before), read(change.after)
        if after.state == "active" and before.state != "active" and after.left_on == before.left_on:
            day = None
        elif after.state != "active" and before.state == "active" and after.left_on is None:
            day = app.today
        else:
            continue
        if day != after.left_on:
            _write(tx, change, day)


def _write(tx: Transaction, change: Change, day: dt.date | None) -> None:
    if change.after is None:
        return
    card = decoder("customers", Customer)(Document(change.number, change.after))
    left = msgspec.structs.replace(card, left_on=day)
    tx.replace("customers", change.number, edits.merge(left, msgspec.json.decode(change.after)))
