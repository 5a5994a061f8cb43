"""The commands that compare scores: ranks, and one person's course."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, mark, pass_app, rows
from cskit.i18n import _, ngettext
from cskit.records.masks import Mask
from cskit_staff.commands.reviews import QUARTER
from cskit_staff.commands.scores import STATE
from cskit_staff.reviews import ranking
from cskit_staff.scores import population
from cskit_staff.scores.cards import CARDS

_RANKED = (
    Column("place", "Placed", "right", "integer"),
    Column("staff", "Person"),
    Column("name", "Full name"),
    Column("group", "Staff group"),
    Column("score", "Score", "right", "decimal", Mask()),
    Column("mark", "Remark", codes=(mark("champion"), mark("last"))),
)
_COURSE = (
    Column("month", "Month"),
    Column("total", "Total", "right", "decimal", Mask()),
    Column("change", "Change", "right", "decimal", Mask()),
    STATE,
    Column("note", "Note"),
)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="By the scores of this month.")
@QUARTER
@click.option("--by", type=click.Choice(["group"]), help="In each group apart.")
@pass_app
def rank(app: App, month: str | None, quarter: str | None, by: str | None) -> None:
    """Rank people by their scores, in all or by group.

    Only confirmed scores count, of a quarter those with all its months. Equals share a place.

    \b
    Example:
      cskit staff rank --quarter 2026-Q3 --by group
    """
    if (month is None) == (quarter is None):
        raise Usage(_("give --month or --quarter"))
    span = population.month_of(app, month) if month else population.quarter_of(app, quarter)
    found, without = ranking.ranked(app, span, by_group=by is not None)
    rows(app, found, _RANKED, CARDS)
    if without:
        said = ngettext(
            "{count} person has no confirmed score of {period}",
            "{count} people have no confirmed score of {period}",
            without,
        )
        app.echo(said.format(count=without, period=span.text))


@click.command()
@click.argument("staff")
@pass_app
def trend(app: App, staff: str) -> None:
    """Show how a person's score went, month by month.

    \b
    Example:
      cskit staff trend S-002
    """
    if not rows(app, ranking.course(app, staff), _COURSE, CARDS):
        app.echo(_("{staff} has no score card yet").format(staff=staff))
