"""The commands on what follows from grades: parse, ask, write."""

from __future__ import annotations

import datetime as dt

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.commands.today import Day
from cskit.errors import Exit
from cskit.i18n import _
from cskit_grading import duties
from cskit_grading import entitlements as following
from cskit_grading.commands.columns import CUSTOMER, GRADE, SCHEME

_DUE = (
    Column("due", "Due", kind="date"),
    Column("kind", "Kind", codes=(mark("log"), mark("visit"), mark("project"), mark("handle"))),
    CUSTOMER,
    SCHEME,
    GRADE,
    Column("what", "What to do"),
    Column("who", "Who"),
)
_RIGHTS = (
    SCHEME,
    GRADE,
    Column(
        "kind",
        "Kind",
        codes=(
            mark("attendants"),
            mark("gift"),
            mark("reminder"),
            mark("service"),
            mark("visits"),
            mark("log"),
            mark("right"),
            mark("withheld"),
        ),
    ),
    Column("what", "What"),
    Column("note", "Note"),
)


@click.command()
@click.option(
    "--scheme", multiple=True, metavar="SCHEME", help="Only what this scheme asks for; may be repeated."
)
@click.option(
    "--until", type=Day(), metavar="DAY", help="All that is due by the end of this day (else today)."
)
@click.option("--check", is_flag=True, help="Exit with 8 when anything is overdue.")
@pass_app
def due(app: App, scheme: tuple[str, ...], until: dt.date | None, check: bool) -> None:
    """Show which logs, visits and customers wait for somebody.

    \b
    Example:
      cskit grade due --until 2099-12-31
    """
    found = duties.due(app, until or app.today, scheme or None)
    if not rows(app, (duty._asdict() for duty in found.found), _DUE) and not found.left_out:
        app.echo(_("nothing is due"))
    for kind, why in found.left_out.items():
        app.echo(_("{kind} was left out: {why}").format(kind=_(kind), why=why))
    if check and any(duty.due < app.today for duty in found.found):
        click.get_current_context().exit(Exit.OVERDUE)


@click.command()
@click.argument("customer")
@pass_app
def entitlements(app: App, customer: str) -> None:
    """Show what follows from all grades of a customer.

    Of gifts the one to take next: one never given, else the one given longest ago (`cskit grade gift add`).

    \b
    Example:
      cskit grade entitlements C-000001
    """
    if not rows(app, following.rows(app, customer), _RIGHTS):
        app.echo(_("nothing follows from the grades of {customer}").format(customer=customer))
