"""`call visitors`: who came to the front desk, day by day."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.display.views import form
from cskit.i18n import _
from cskit_calls import queues, visitors
from cskit_calls.commands.typed import FROM, TO, period_of

_COUNTS = (
    Column("visitors", "All", "right", "integer"),
    Column("people", "Persons", "right", "integer"),
    Column("first", "First", "right", "integer"),
    Column("return", "Again", "right", "integer"),
    Column("appointment", "Booked", "right", "integer"),
    Column("enquiry", "Enquiry", "right", "integer"),
    Column("business", "Business", "right", "integer"),
    Column("calls", "Calls", "right", "integer"),
)


@click.command("visitors")
@click.option("--by", metavar="NAME", default="day", show_default=True, help="Count by day, group or staff.")
@FROM
@TO
@pass_app
def visitors_(app: App, by: str, first: str | None, last: str | None) -> None:
    """Count who came to the front desk: first and return visits, appointments, enquiries, business.

    Calls are those that were handed to a group, as visitors are.

    \b
    Example:
      cskit call visitors --by group --from 2026-10-01
    """
    found = visitors.statistics(app, period_of(first, last), by)
    choices = queues.shown(queues.groups(app)) if by == "group" else {}
    key = Column(by, visitors.BY.get(by, by), kind="date" if by == "day" else "name", choices=choices)
    narrow = form(app) == "table" and not app.options.fields
    counts = [one for one in _COUNTS if not narrow or one.name != "people"]
    if not rows(app, found, [key, *counts]):
        app.echo(_("nobody came"))
