"""What every verb on cases has: ids, standard input or --where, a reason, one transaction, rows of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cskit import App, masking, pass_app, register, rows
from cskit.crud.changing import CHANGED
from cskit.crud.choosing import IDS, chosen, saved, where_option
from cskit.display import views
from cskit.i18n import _
from cskit.nouns import counted
from cskit.store.protocol import Transaction
from cskit_complaints.acting import Step, act

Make = Callable[..., Step]
TEXT = click.option("--text", metavar="TEXT", help="What is to be noted.")
CONTACT = click.option("--contact", is_flag=True, help="The customer was spoken to.")


def reason_option(required: bool = False) -> Callable[[Any], Any]:
    """Return the option --reason: it stands in the case's event, and in the history."""
    said = "Why; kept in the case and in the history."
    return click.option("--reason", metavar="TEXT", required=required, help=said)


def on_cases(
    doing: str, done: str, *, reason: bool = False, after: Callable[..., None] | None = None
) -> Callable[[Make], click.Command]:
    """Make a command of a function that returns the step to be made on each case that is meant.

    `doing` is what the user is asked where --where means many ("assign {records}"), `done` what is said
    afterwards; `reason` tells whether --reason is required. `after` is called inside the transaction with the
    app, the transaction, what was changed and the options.
    """

    def made(make: Make) -> click.Command:
        @click.command(make.__name__.rstrip("_").replace("_", "-"), help=make.__doc__)
        @IDS
        @where_option
        @reason_option(reason)
        @pass_app
        def command(app: App, /, ids: tuple[str, ...], where: str | None, **options: Any) -> None:
            record_type = app.record_type("cases")
            choice = chosen(app, record_type, ids, where, doing)
            views.form(app)  # refused before anything is saved
            step = make(app, **options)
            with app.transaction(reason=options["reason"]) as tx:
                changes = act(app, tx, choice.documents(app, tx), step)
                if after is not None:
                    after(app, tx, changes, options)
            show(app, changes, done, tx)

        command.params = [*vars(make).get("__click_params__", ())[::-1], *command.params]
        return command

    return made


def show(app: App, changes: register.Changes, done: str, tx: Transaction) -> None:
    """Write what changed, field by field, and say what was done."""
    found = (row._asdict() for row in changes.rows)
    rows(app, masking.changes(app, found, "cases"), CHANGED)
    records = counted(app.record_type("cases"), changes.records)
    saved(app, _(done).format(records=records), tx.sequence)
