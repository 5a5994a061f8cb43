"""Grades of customers who are merged, removed or erased. Must not import click or a store.

Who becomes part of another brings the grades along as history. With a customer who is removed goes what rules
alone decided; what somebody set or signed keeps the customer. Of an erased one only codes and days stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from cskit import edits, register
from cskit.edits import Edit
from cskit.stored import decoder
from cskit_grading.holding import TABLE
from cskit_grading.model import Gift, GradeRecord

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Document, Transaction

_TOLD = ("reason", "facts", "borderline")
"""What may tell of a person: words, and what the scheme read of the card."""


class _Owned(msgspec.Struct, gc=False):
    customer: str
    formerly: str | None = None
    override: str | None = None
    review: str | None = None


def customers_changed(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Do right by the grades of customers who were merged, removed or erased in this transaction."""
    if tx.origin.undoes is None:
        _mark_brought(tx, changes)
    gone = {
        register.NAMED(_document(change.number, change.before)).id
        for change in changes
        if change.table == "customers" and change.before is not None and change.after is None
    }
    if gone:
        _drop(tx, gone)
    erased = set(tx.origin.erases.get("customers", ()))
    if erased:
        _erase(tx, erased)


def _mark_brought(tx: Transaction, changes: Sequence[Change]) -> None:
    """Note on grades that a merge moved whose they were: they are history, not what the other one holds."""
    decode = decoder(TABLE, _Owned)
    for change in changes:
        if change.table != TABLE or change.before is None or change.after is None:
            continue
        before = decode(_document(change.number, change.before))
        after = decode(_document(change.number, change.after))
        if before.customer != after.customer and after.formerly is None:
            edit = Edit(("formerly",), "=", before.customer)
            tx.replace(TABLE, change.number, edits.apply(GradeRecord, change.after, [edit])[1])


def _drop(tx: Transaction, gone: Collection[str]) -> None:
    """Take out what rules alone decided of customers who are removed."""
    decode = decoder(TABLE, _Owned)
    for document, one in [(document, decode(document)) for document in tx.read(TABLE)]:
        if one.customer in gone and one.override is None and one.review != "signed":
            tx.remove(TABLE, document.number)


def _erase(tx: Transaction, erased: Collection[str]) -> None:
    """Take out the words and facts of erased customers' grades, and the notes of their gifts."""
    for table, model, names in ((TABLE, GradeRecord, _TOLD), ("gifts", Gift, ("note",))):
        wanted = [Edit((name,), "=", None) for name in names]
        for document in list(_theirs(tx, table, erased)):
            _record, raw = edits.apply(model, document.raw, wanted)
            if raw != document.raw:
                tx.replace(table, document.number, raw)


def _theirs(tx: Transaction, table: str, customers: Collection[str]) -> Iterator[Document]:
    decode = decoder(table, _Owned)
    return (document for document in tx.read(table) if decode(document).customer in customers)


def _document(number: int, raw: bytes) -> Document:
    from cskit.store.protocol import Document

    return Document(number, raw)
