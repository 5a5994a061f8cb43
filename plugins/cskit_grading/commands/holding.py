"""The commands on what customers hold: parse, ask, write."""

from __future__ import annotations

import datetime as dt

import click

from cskit import App, Column, Usage, pass_app, rows
from cskit.commands.today import Day
from cskit.crud import choosing
from cskit.display import views
from cskit.i18n import _
from cskit_grading import overrides, standing
from cskit_grading.commands.columns import (
    BEFORE,
    BORDERLINE,
    BY,
    CUSTOMER,
    GRADE,
    MOVE,
    REASON,
    REVIEW,
    SCHEME,
)

_HELD = (
    CUSTOMER,
    SCHEME,
    GRADE,
    Column("title", "Title"),
    Column("since", "Since", kind="date"),
    BY,
    Column("until", "Until", kind="date"),
    Column("rule", "Rule says"),
    REVIEW,
    BORDERLINE,
    REASON,
)
_SET = (CUSTOMER, SCHEME, BEFORE, GRADE, MOVE, BY, Column("rule", "Rule says"), REASON)


@click.command()
@click.argument("customers", nargs=-1, required=True, metavar="CUSTOMER...")
@pass_app
def show(app: App, customers: tuple[str, ...]) -> None:
    """Show the grades that customers hold.

    \b
    Example:
      cskit grade show C-000001
    """
    found = list(standing.of_customers(app, choosing.names_in(customers)))
    used = {name for row in found for name in row}
    columns = [one for one in _HELD if one.name in used or views.form(app) not in views.PEOPLE]
    rows(app, found, columns or _HELD[:3])
    if not found:
        app.echo(_("no grades yet; `cskit grade run` gives them"))


@click.command("set")
@click.argument("customer")
@click.argument("scheme")
@click.argument("code", required=False)
@click.option("--reason", metavar="TEXT", help="Why; kept with the grade and in the history.")
@click.option(
    "--until", type=Day(), metavar="DAY", help="The last day on which it counts (else without end)."
)
@click.option("--release", is_flag=True, help="Give the grade back to the rule.")
@pass_app
def set_(
    app: App,
    customer: str,
    scheme: str,
    code: str | None,
    reason: str | None,
    until: dt.date | None,
    release: bool,
) -> None:
    """Set a grade by hand, with a reason and for a time.

    It counts whatever the rule says, and waits for a second person (`cskit grade review`). In a scheme with a
    floor the rule may still lift the customer above it. --release ends it before its time.

    \b
    Example:
      cskit grade set C-000001 order-volume A --reason "signed for a year" --until 2099-12-31
    """
    if not reason or not reason.strip():
        raise Usage(_("a grade that is set by hand needs a reason"), _("say why with --reason"))
    if release == (code is not None) or (release and until is not None):
        raise Usage(_("give a grade, or --release alone"), _("`cskit grade schemes` shows the grades"))
    with app.transaction(reason=reason) as tx:
        if code is None:
            done = overrides.release(app, tx, customer, scheme, reason=reason)
        else:
            done = overrides.set_by_hand(app, tx, customer, scheme, code, reason=reason, until=until)
    rows(app, [done._asdict()], _SET)
    choosing.saved(app, _("1 grade recorded"), tx.sequence)
