"""What every verb on cases has: ids, a pipe or --where, a reason, one transaction, rows of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cskit import App, pass_app, register, rows
from cskit.crud.changing import CHANGED
from cskit.crud.choosing import IDS, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _
from cskit.nouns import counted
from cskit.store.protocol import Transaction
from cskit_complaints.acting import Step, act

Make = Callable[..., Step]
After = Callable[[App, Transaction, register.Changes], None]
TEXT = click.option("--text", metavar="TEXT", help="What is to be noted.")
CONTACT = click.option("--contact", is_flag=True, help="The customer was spoken to.")
SATISFACTION = click.option(
    "--satisfaction", type=click.IntRange(1, 5), metavar="1-5", help="How satisfied the customer is."
)


def command(
    doing: str, done: str, *, reason: bool = False, after: After | None = None
) -> Callable[[Make], click.Command]:
    """Make a command of a function that returns the step to be made on each case that is meant.

    `doing` is what the user is asked where --where means many ("assign {records}"), `done` what is said
    afterwards; `reason` tells whether --reason is required. `after` adds to the same transaction.
    """

    def made(make: Make) -> click.Command:
        @click.command(make.__name__.rstrip("_").replace("_", "-"), help=make.__doc__)
        @IDS
        @WHERE
        @click.option(
            "--reason", metavar="TEXT", required=reason, help="Why; kept in the case and in the history."
        )
        @pass_app
        def command(app: App, /, ids: tuple[str, ...], where: str | None, **options: Any) -> None:
            choice = chosen(app, app.record_type("cases"), ids, where, doing)
            views.form(app)  # refused before anything is saved
            step = make(app, **options)
            with app.transaction(reason=options["reason"]) as tx:
                changes = act(app, tx, choice.documents(app, tx), step)
                if after is not None:
                    after(app, tx, changes)
            show(app, changes, done, tx)

        command.params.extend(reversed(vars(make).get("__click_params__", ())))
        return command

    return made


def show(app: App, changes: register.Changes, done: str, tx: Transaction) -> None:
    """Write what changed, field by field, and say what was done."""
    rows(app, (row._asdict() for row in changes.rows), CHANGED)  # no verb changes personal data
    records = counted(app.record_type("cases"), changes.records)
    saved(app, _(done).format(records=records), tx.sequence)


WHEN = "DAY|TIME|3d"
"""A deadline as `cskit_complaints.timing` reads it: no type of click's, since `--now` may come behind it."""
