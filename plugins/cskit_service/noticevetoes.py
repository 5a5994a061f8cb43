"""What may not be saved of notices, orders and invoices. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit import Refused, _
from cskit.stored import decoder
from cskit_service.notices.model import TABLE, Notice

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def look(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Refuse what cannot be; take out what goes with erased customers."""
    erased = tx.origin.erases.get("customers", ())
    if erased:
        from cskit_service.notices.erasing import erase

        erase(tx, erased)
    if any(change.table == TABLE for change in changes):
        _refuse_other_type(changes)


def _refuse_other_type(changes: Sequence[Change]) -> None:
    """Refuse that a notice of one type becomes one of the other once something was done about it.

    The two have different ways; what was done on one of them says nothing on the other.
    """
    from cskit.store.protocol import Document

    decode = decoder(TABLE, Notice)
    for change in changes:
        if change.table != TABLE or change.before is None or change.after is None:
            continue
        before = decode(Document(change.number, change.before))
        after = decode(Document(change.number, change.after))
        if before.type != after.type and len(before.steps) > 1:
            said = _("notice {id}: its type cannot change once something was done about it")
            raise Refused(
                said.format(id=after.id), _("add another one with --reference {id}").format(id=after.id)
            )
