"""Calls at the command line: the way in, and whom to call back."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.display.views import form
from cskit.i18n import _, label
from cskit.records.masks import of_path
from cskit_calls import inbound, promises
from cskit_calls.model import Call

_STATES = {
    "due": ("due", "待回电"),
    "overdue": ("overdue", "逾期未回"),
    "kept": ("kept", "已回电"),
    "late": ("kept late", "逾期已回"),
}
_FLOW = (
    Column("queue", "Queue"),
    Column("when", "The call was"),
    Column("what", "What happens"),
    Column("do", "What to type"),
)


def _promises() -> tuple[Column, ...]:
    states = {code: label(en, zh) for code, (en, zh) in _STATES.items()}
    return (
        Column("id", "Call", kind="name"),
        Column("due", "Call back by", kind="time"),
        Column("state", "Promise", kind="choice", choices=states),
        Column("customer", "Customer", kind="name"),
        Column("number", "Number", mask=of_path(Call, ("number",))),
        Column("purpose", "Purpose"),
        Column("staff", "Agent", kind="name"),
        Column("case", "Case", kind="name"),
        Column("kept_by", "Called back by", kind="name"),
        Column("kept_at", "Called back at", kind="time"),
    )


@click.command()
@pass_app
def flow(app: App) -> None:
    """Show the way of calls in: queue by queue, what is opened, and when the caller is called back.

    \b
    Example:
      cskit call flow
    """
    narrow = form(app) == "table" and not app.options.fields
    rows(app, inbound.flow(app), _FLOW[:3] if narrow else _FLOW)


@click.command("promises")
@click.option("--due", "states", flag_value="due", multiple=True, help="Those that can still be kept.")
@click.option("--overdue", "states", flag_value="overdue", multiple=True, help="Those whose time is over.")
@click.option(
    "--kept", "states", flag_value="kept", multiple=True, help="Those that were kept, in time or late."
)
@pass_app
def promises_(app: App, states: tuple[str, ...]) -> None:
    """List promises to call back: due, overdue, or kept and by which call.

    Those still open, unless one of the options says otherwise. A call out that reached the same customer or
    number keeps a promise, unless it is about another case.

    \b
    Example:
      cskit call promises --overdue
    """
    if not rows(app, promises.rows(app, promises.chosen(states)), _promises(), "calls"):
        app.echo(_("there is no such promise"))
