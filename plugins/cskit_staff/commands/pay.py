"""The command on pay: parse, ask, write."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud import choosing
from cskit.i18n import _, ngettext
from cskit.records.masks import Mask
from cskit_staff.commands.columns import fitting
from cskit_staff.commands.scores import MONTH
from cskit_staff.pay import paying
from cskit_staff.scores import population, telling


def _money(name: str, title: str) -> Column:
    return Column(name, title, "right", "decimal", Mask())


_PERSON = (Column("staff", "Person"), Column("name", "Full name"))
_BASE, _ALLOWANCE = _money("base", mark("Base pay")), _money("allowance", mark("Allowance"))
_PERFORMANCE, _TOTAL = _money("performance", mark("Performance pay")), _money("total", mark("Total"))
_SHORT = (*_PERSON, _BASE, _ALLOWANCE, _PERFORMANCE, _money("other", mark("Other")), _TOTAL)
_PAY = (
    *_PERSON,
    Column("position", "Position"),
    _BASE,
    _ALLOWANCE,
    _money("score", mark("Score")),
    _money("factor", mark("Factor")),
    _PERFORMANCE,
    _money("reward", mark("Rewards")),
    _money("penalty", mark("Penalties")),
    _money("commission", mark("Commission")),
    _money("deduction", mark("Deduction")),
    _money("champion", mark("Champion")),
    _TOTAL,
    Column("note", "Note"),
)


@click.command()
@click.argument("staff", nargs=-1, metavar="[STAFF]...")
@MONTH
@pass_app
def pay(app: App, staff: tuple[str, ...], month: str | None) -> None:
    """Reckon what everybody is paid for a month.

    Base pay, performance pay by the month's confirmed score, allowance, rewards and penalties. A total stays
    open where a score is missing. Figures are masked without --reveal, which the history notes.

    \b
    Example:
      cskit staff pay --month 2026-09 -o xlsx --out pay.xlsx
    """
    span = population.month_of(app, month)
    found = paying.sheet(app, span, choosing.names_in(staff))
    rows(app, found.rows, fitting(app, _SHORT, _PAY), "staff")
    telling.echo(app, telling.remarks(app, found.rows, "staff"))
    if found.open:
        said = ngettext(
            "{count} total is open: a score is missing",
            "{count} totals are open: scores are missing",
            found.open,
        )
        app.echo(said.format(count=found.open))
    elif not found.rows:
        app.echo(_("nobody worked here in {month}").format(month=span.text))
