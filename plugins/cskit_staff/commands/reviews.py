"""The commands on reviews: propose, confirm, put into effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import click

from cskit import App, Column, Usage, mark, pass_app, rows
from cskit.commands.today import Day
from cskit.crud import choosing
from cskit.i18n import _, ngettext
from cskit.records.masks import Mask
from cskit_staff.commands.columns import fitting
from cskit_staff.commands.scores import STATE
from cskit_staff.reviews import applying, confirming, reviewing, reviews
from cskit_staff.reviews.reviews import REVIEWS
from cskit_staff.scores import population, telling
from cskit_staff.scores.assessment import PROPOSALS, Proposal, Review
from cskit_staff.scores.cards import CARDS
from cskit_staff.scores.population import Population, Span

_ID = Column("id", "ID", kind="name")
_PERSON = (Column("staff", "Person"), Column("name", "Full name"))
_PROPOSAL = Column(
    "proposal",
    "Proposal",
    codes=(
        mark("up"),
        mark("stay"),
        mark("down"),
        mark("probation"),
        mark("dismissal"),
        mark("ended"),
        mark("insufficient"),
    ),
)
_MEAN = Column("mean", "Mean", "right", "decimal", Mask())
_AFTER = Column("rank_after", "Rank after")
_STATE = Column("state", "State", codes=(mark("proposed"), mark("confirmed"), mark("applied")))
_REVIEWED_SHORT = (*_PERSON, _MEAN, _PROPOSAL, _AFTER, _STATE)
_REVIEWED = (
    *_PERSON,
    _MEAN,
    _PROPOSAL,
    Column("rank_before", "Rank before"),
    _AFTER,
    _STATE,
    Column("note", "Note"),
    Column("months", "Months", kind="list", mask=Mask()),
    _ID,
)
_CONFIRMED = (_ID, Column("staff", "Person"), Column("month", "Month"), STATE)
QUARTER = click.option("--quarter", metavar="YYYY-QN", help="The quarter, such as 2026-Q3.")
_REASON = click.option("--reason", metavar="TEXT", help="Why; kept with it and in the history.")


def _span(app: App, quarter: str | None, month: str | None) -> Span:
    if quarter is not None and month is not None:
        raise Usage(_("give --quarter or --month, not both"))
    return population.month_of(app, month) if month else population.quarter_of(app, quarter)


def _show(app: App, found: Sequence[Review], names: Mapping[str, str] | None = None) -> None:
    """Write reviews; what a narrow table has no room for is said beside it."""
    if names is None:
        names = {one.id: one.name for one in Population(app, app.reading()).people.values()}
    made = reviews.rows(app, found, names)
    rows(app, made, fitting(app, _REVIEWED_SHORT, _REVIEWED), REVIEWS)
    telling.echo(app, telling.remarks(app, made, "staff"))


@click.command()
@QUARTER
@click.option("--month", metavar="YYYY-MM", help="Only probations that this month decides.")
@_REASON
@pass_app
def review(app: App, quarter: str | None, month: str | None, reason: str | None) -> None:
    """Propose what a quarter's scores make of ranks.

    The mean of three confirmed months moves a rank up, down or not; the bands are rules. Nothing changes
    until somebody else confirms and `staff apply` puts it into effect. With --as-of what was proposed then is
    shown again by the rules recorded with it.

    \b
    Example:
      cskit staff review --quarter 2026-Q3
    """
    span = _span(app, quarter, month)
    if app.options.as_of is not None:
        found = reviewing.repeat(app, app.reading(), span)
    else:
        with app.transaction(reason) as tx:
            found = reviewing.propose(app, tx, span, tx)
    _show(app, found.reviews, found.names)
    telling.echo(app, [*telling.left_out(found.left_out), *found.notes])


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--month", metavar="YYYY-MM", help="The score cards of this month.")
@QUARTER
@click.option("--all", "every", is_flag=True, help="All that wait and that you may confirm.")
@click.option(
    "--override",
    type=click.Choice(list(PROPOSALS)[:-1]),
    metavar="OUTCOME",
    help="Another outcome of a review: up, stay, down …",
)
@click.option("--by", metavar="STAFF", help="Who decided on that; somebody else than who confirms.")
@click.option("--probation", is_flag=True, help="With --month: the reviews of probations, not the cards.")
@_REASON
@pass_app
def confirm(
    app: App,
    ids: tuple[str, ...],
    month: str | None,
    quarter: str | None,
    every: bool,
    override: Proposal | None,
    by: str | None,
    probation: bool,
    reason: str | None,
) -> None:
    """Confirm score cards or reviews, as a second person.

    Cards are confirmed by a superior who did not score them, reviews by anybody but who proposed them; nobody
    confirms what is about oneself. IDs are those of people, cards or reviews.

    \b
    Example:
      cskit staff confirm S-002 --quarter 2026-Q3 --user S-003
    """
    names = choosing.names_in(ids)
    if bool(names) == every:
        raise Usage(_("name people, cards or reviews, or say --all"))
    if month is not None and quarter is None and not probation:
        _confirm_cards(app, month, names, every, override, reason)
        return
    span = _span(app, quarter, month)
    with app.transaction(reason) as tx:
        done = confirming.confirm_reviews(
            app, tx, span, names, every=every, override=override, by=by, reason=reason
        )
    _show(app, done)


def _confirm_cards(
    app: App, month: str, names: list[str], every: bool, override: str | None, reason: str | None
) -> None:
    if override is not None:
        raise Usage(_("--override is for reviews; a card is scored again"))
    span = population.month_of(app, month)
    with app.transaction(reason) as tx:
        done, waiting = confirming.confirm_cards(app, tx, span, names, every=every)
    found = ({"id": one.id, "staff": one.staff, "month": one.month, "state": one.state} for one in done)
    rows(app, found, _CONFIRMED, CARDS)
    telling.echo(app, waiting)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@QUARTER
@click.option("--month", metavar="YYYY-MM", help="The probations that this month decided.")
@click.option("--on", "day", type=Day(), metavar="DAY", help="From which day on (else today).")
@_REASON
@pass_app
def apply(
    app: App,
    ids: tuple[str, ...],
    quarter: str | None,
    month: str | None,
    day: dt.date | None,
    reason: str | None,
) -> None:
    """Put confirmed reviews into effect: rank, state and pay.

    All in one transaction, which `cskit undo` takes back. Pay moves by what the ladder has between the two
    ranks. A dismissal takes effect only where it is named.

    \b
    Example:
      cskit staff apply --quarter 2026-Q2 --on 2026-07-01 --user S-003
    """
    span = _span(app, quarter, month)
    names = choosing.names_in(ids)
    with app.transaction(reason) as tx:
        done = applying.apply(app, tx, span, names, day=day)
    _show(app, done.reviews)
    if done.waiting:
        said = ngettext(
            "{count} dismissal waits to be named: {ids}",
            "{count} dismissals wait to be named: {ids}",
            len(done.waiting),
        )
        app.echo(said.format(count=len(done.waiting), ids=_(", ").join(done.waiting)))
