"""The commands on score cards: parse, ask, write."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud import choosing
from cskit.records.masks import Mask
from cskit_staff.commands.columns import fitting
from cskit_staff.scores import cards, population, scoring, telling
from cskit_staff.scores.cards import CARDS
from cskit_staff.scores.entries import Entered

MONTH = click.option("--month", metavar="YYYY-MM", help="The month (else the last that ended).")
STATE = Column("state", "State", codes=(mark("draft"), mark("confirmed"), mark("locked")))
_PERSON = (Column("staff", "Person"), Column("name", "Full name"))
_TOTAL = Column("total", "Total", "right", "decimal", Mask())
_SCORED_SHORT = (*_PERSON, _TOTAL, STATE, Column("lacks", "Missing"))
_SCORED = (
    Column("id", "ID", kind="name"),
    *_PERSON,
    Column("scheme", "Scheme", kind="name"),
    _TOTAL,
    STATE,
    Column("few", "Few records", kind="list"),
    Column("missing", "Missing", kind="list"),
)
_CARD_SHORT = (
    Column("indicator", "Indicator"),
    Column("weight", "Weight", "right", "decimal"),
    Column("value", "Value", "right", "decimal", Mask()),
    Column("n", "Records", "right", "integer"),
    Column("lower", "At least", "right", "decimal", Mask()),
    Column("score", "Score", "right", "decimal", Mask()),
    Column("points", "Points", "right", "decimal", Mask()),
)
_CARD = (
    Column("code", "Code", kind="name"),
    *_CARD_SHORT,
    Column("origin", "Origin", codes=(mark("facts"), mark("entered"), mark("missing"))),
    Column("note", "Note"),
)
_BEHIND = (
    Column("indicator", "Indicator"),
    Column("fact", "Figure", kind="name"),
    Column("about", "About", kind="name"),
    Column("record", "Record"),
)
_FACTS_SHORT = (
    Column("fact", "Figure", kind="name"),
    Column("value", "Value", "right"),
    Column("unit", "Unit"),
    Column("n", "Records", "right", "integer"),
)
_FACTS = (*_FACTS_SHORT, Column("meaning", "Meaning"))


@click.command()
@click.argument("staff", nargs=-1, metavar="[STAFF]...")
@MONTH
@click.option("--position", metavar="CODE", help="Only people in this position.")
@click.option("--enter", metavar="FILE", help="Figures that nobody counts: a row a person.")
@click.option("--reason", metavar="TEXT", help="Why, for the history.")
@pass_app
def score(
    app: App,
    staff: tuple[str, ...],
    month: str | None,
    position: str | None,
    enter: str | None,
    reason: str | None,
) -> None:
    """Score a month: a card for everybody whose position has a scheme.

    Figures come from the records of all plugins, asked once for everybody. A figure that is missing is not 0:
    the card stays a draft and says what is missing. Confirmed cards stay as they are. With --as-of the cards
    are shown as they were.

    \b
    Example:
      cskit staff score --month 2026-10
    """
    span = population.month_of(app, month)
    names, entered = choosing.names_in(staff), Entered(app, enter) if enter is not None else None
    if app.options.as_of is not None:
        found = telling.as_they_were(app, span, names, position)
    else:
        with app.transaction(reason) as tx:
            found = scoring.score(app, tx, span, tx=tx, names=names, position=position, entered=entered)
    rows(app, telling.scored(app, found), fitting(app, _SCORED_SHORT, _SCORED), CARDS)
    telling.echo(app, telling.notes(app, found, span))


@click.command()
@click.argument("staff")
@MONTH
@click.option("--ids", is_flag=True, help="List the records behind each computed indicator.")
@pass_app
def card(app: App, staff: str, month: str | None, ids: bool) -> None:
    """Show a person's score card of a month, line by line.

    "At least" is the lower end of the 95 % interval: what the figure may be if so few records mislead.

    \b
    Example:
      cskit staff card S-002 --month 2026-09 --ids
    """
    span = population.month_of(app, month)
    found = cards.card_of(app, staff, span)
    if not ids:
        rows(app, cards.lines(app, found), fitting(app, _CARD_SHORT, _CARD), CARDS)
        telling.echo(app, telling.remarks(app, cards.lines(app, found), "indicator"))
        return
    behind, moved = cards.behind(app, found, span)
    rows(app, behind, _BEHIND)
    telling.echo(app, telling.moved(found, moved))


@click.command()
@click.argument("staff")
@MONTH
@pass_app
def facts(app: App, staff: str, month: str | None) -> None:
    """Show what the records say of a person's month.

    \b
    Example:
      cskit staff facts S-002 --month 2026-09
    """
    span = population.month_of(app, month)
    rows(app, telling.facts(app, staff, span), fitting(app, _FACTS_SHORT, _FACTS))
