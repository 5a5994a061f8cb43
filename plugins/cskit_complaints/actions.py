"""What other plugins may ask of this one: open a case, note something on one.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cskit import NotFound, _, edits, register
from cskit.stored import decoder
from cskit_complaints.acting import Acting
from cskit_complaints.model import Case

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


def open_case(app: App, tx: Transaction, *, content: str, **fields: Any) -> str:
    """Register a case inside `tx` and return its number; `fields` are a case's by name, None for none.

    Raises `BadRows` with all that does not fit.
    """
    values = {"content": content, **fields}
    given = {name: value for name, value in values.items() if value is not None}
    return register.create(app, tx, app.plugins.record_types["cases"], given).id


def comment(app: App, tx: Transaction, *, case: str, text: str, contact: bool = False) -> None:
    """Note something on a case inside `tx`; raises `NotFound` for one that is not there."""
    for document in tx.read("cases", ids=[case]):
        after = Acting.of(app).note(decoder("cases", Case)(document), "comment", text=text, contact=contact)
        _case, raw = edits.apply(Case, document.raw, [edits.Edit(("events",), "=", after.events)])
        tx.replace("cases", document.number, raw)
        return
    raise NotFound(_("there is no case {id}").format(id=case))
