"""What follows a closed case: a call back to the customer, where a plugin keeps follow-ups (catalogue C01).

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from cskit import _
from cskit.store.protocol import Transaction
from cskit.stored import decoder
from cskit.where.terms import plus_months
from cskit_complaints import policy
from cskit_complaints.model import Case

if TYPE_CHECKING:
    from cskit import App

ACTION = "followup.schedule"


def schedule(app: App, tx: Transaction, ids: Collection[str]) -> None:
    """Schedule a follow-up for each closed case inside `tx`; where nobody keeps them, say so."""
    months = policy.load(app).closing.follow_up_months
    if not ids or not months:
        return
    action = app.actions.get(ACTION)
    if action is None:
        app.echo(_("no follow-up was scheduled: no plugin gives {action}").format(action=ACTION))
        return
    decode, due = decoder("cases", Case), plus_months(app.today, months)
    for document in tx.read("cases", ids=ids):
        case = decode(document)
        action(
            tx,
            subject=case.content,
            kind="complaint",
            customer=case.customer,
            about=case.id,
            due=due,
            every=months,
        )
