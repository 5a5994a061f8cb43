"""What scores come to, at the command line: the report, agreement, coaching, measures."""

from __future__ import annotations

from collections.abc import Iterable

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import views
from cskit.facts import parse_period
from cskit.i18n import _
from cskit.nouns import counted
from cskit.records.masks import Mask
from cskit_calls import assessments, calibration, coaching, qafigures, qatrend, roster
from cskit_calls.columns import AGENTS
from cskit_calls.commands.spans import month_of

_NAMED = (Column("id", "ID", kind="name"), Column("name", "Name"))
_FIGURES = (
    Column("title", "Figure"),
    Column("value", "Value", "right", "decimal"),
    Column("unit", "Unit"),
    Column("n", "Calls or sheets", "right", "integer"),
    Column("figure", "Code", kind="name"),
    Column("definition", "Definition"),
)
_ITEMS = (
    Column("item", "Sheet item", kind="name"),
    Column("text", "What is listened for"),
    Column("critical", "Critical", kind="boolean"),
    Column("n", "Calls", "right", "integer"),
    Column("right", "Met %", "right", "decimal"),
    Column("points", "Points %", "right", "decimal"),
)
_MONTHS = (
    Column("month", "Month"),
    Column("calls", "Calls", "right", "integer"),
    Column("score", "Score", "right", "decimal"),
    Column("critical", "Critical %", "right", "decimal"),
    Column("low", "Lower limit", "right", "decimal"),
    Column("high", "Upper limit", "right", "decimal"),
    Column("judgement", "Judgement"),
)
_SCORERS = (
    *_NAMED,
    Column("scored", "Scored", "right", "integer"),
    Column("shared", "Together", "right", "integer"),
    Column("drift", "Drift", "right", "decimal", Mask()),
    Column("judgement", "Judgement", mask=Mask(), codes=(mark("in line"), mark("lenient"), mark("strict"))),
)
_MEASURES = (
    Column("id", "ID", kind="name"),
    Column("what", "Measure"),
    Column("item", "Sheet item", kind="name"),
    Column("staff", "Agent", kind="name"),
    Column("state", "State", codes=(mark("open"), mark("done"))),
    Column("due", "Due", kind="date"),
    Column("before", "Before", "right", "decimal"),
    Column("after", "After", "right", "decimal"),
)
_AGREEMENT = (
    Column("scorers", "Scorers"),
    Column("calls", "Calls", "right", "integer"),
    Column("within", "Agree %", "right", "decimal"),
    Column("kappa", "Kappa", "right", "decimal"),
    Column("linear", "Linear", "right", "decimal"),
    Column("quadratic", "Quadratic", "right", "decimal"),
    Column("alpha", "Alpha", "right", "decimal"),
)
_AGREED_ITEMS = (
    Column("item", "Sheet item", kind="name"),
    Column("text", "What is listened for"),
    Column("calls", "Calls", "right", "integer"),
    Column("same", "Same %", "right", "decimal"),
    Column("alpha", "Alpha", "right", "decimal"),
)
_PERIOD = click.option("--period", metavar="PERIOD", help="2026, 2026-10, or two days with .. between them.")
_MONTH = click.option("--month", metavar="YYYY-MM", help="Calls of this month (else of this one).")


@click.command()
@_MONTH
@_PERIOD
@click.option(
    "--by",
    type=click.Choice(("figure", "agent", "item", "month", "scorer", "measure")),
    default="figure",
    show_default=True,
    help="What is set beside each other.",
)
@click.option("--agent", metavar="STAFF", help="Only calls of this agent.")
@pass_app
def report(app: App, month: str | None, period: str | None, by: str, agent: str | None) -> None:
    """Report on scored calls: figures, agents, items, months with a judgement, scorers, measures.

    \b
    Example:
      cskit call qa report --month 2026-11 --by item
    """
    wanted = parse_period(period) if period else month_of(app, month)
    own = roster.known(app, app.reading(), [agent])[0] if agent else None
    if by == "figure" and own is None:
        said = qafigures.figures(app, wanted)
        rows(app, qafigures.rows(said), _FIGURES if views.form(app) not in views.PEOPLE else _FIGURES[:4])
        _explain(
            app, (_("{figure}: {text}").format(figure=one.figure.title, text=one.definition) for one in said)
        )
        return
    if by == "month":
        found = qatrend.months(app, wanted.last or app.today, own)
        judged = _MONTHS[-1]._replace(choices={code: _(said) for code, said in qatrend.JUDGED.items()})
        hidden = [one._replace(mask=Mask()) for one in _MONTHS[2:-1]] if own else _MONTHS[2:-1]
        rows(app, found, [*_MONTHS[:2], *hidden, judged], assessments.TABLE)
        _explain(app, qatrend.remarks(app))
        return
    every = [one for one in assessments.of_period(app.reading(), wanted) if own in (None, one.staff)]
    if by == "scorer":
        rows(app, calibration.by_scorer(app, every), _SCORERS, assessments.TABLE)
        _explain(app, [_("drift: mean of one's own total less the others' of the same calls")])
    elif by == "measure":
        everything = assessments.counting(list(assessments.every(app.reading())))
        rows(app, qatrend.measures(app, everything), _MEASURES)
    elif by == "item":
        rows(app, qafigures.by_item(app, assessments.counting(every)), _ITEMS)
    else:
        rows(app, qafigures.by_agent(app, assessments.counting(every)), AGENTS, assessments.TABLE)


def _explain(app: App, lines: Iterable[str]) -> None:
    """Say beside a table for people what its figures mean."""
    if views.form(app) in views.PEOPLE:
        for line in lines:
            app.echo(line)


@click.command()
@_MONTH
@_PERIOD
@click.option("--by", type=click.Choice(("scorer", "item")), default="scorer", help="People, or items.")
@pass_app
def agreement(app: App, month: str | None, period: str | None, by: str) -> None:
    """Show how far people who scored the same calls agree: within tolerance, kappa, alpha.

    \b
    Example:
      cskit call qa agreement --month 2026-11
    """
    wanted = parse_period(period) if period else month_of(app, month)
    every = assessments.of_period(app.reading(), wanted)
    if by == "item":
        rows(app, calibration.by_item(app, every), _AGREED_ITEMS)
    else:
        rows(app, calibration.rows(app, every), _AGREEMENT)
    _explain(app, calibration.remarks(app, every))


@click.command()
@IDS
@WHERE
@click.option("--effect", metavar="TEXT", help="What came of it.")
@REASON
@pass_app
def done(app: App, ids: tuple[str, ...], where: str | None, effect: str | None, reason: str | None) -> None:
    """Note measures as done, and what came of them.

    \b
    Example:
      cskit call qa measure done QM-00001 --effect "hardly anybody interrupts now"
    """
    record_type = app.record_type(qatrend.MEASURES)
    choice = chosen(app, record_type, ids, where, mark("close {records}"))
    with app.transaction(reason=reason) as tx:
        found = coaching.done(app, tx, choice.documents(app, tx), effect)
    rows(
        app,
        ({"id": one.id, "what": one.what, "state": one.state} for one in found),
        (*_MEASURES[:2], _MEASURES[4]),
    )
    saved(app, _("{records} done").format(records=counted(record_type, len(found))), tx.sequence)


@click.command()
@IDS
@WHERE
@click.option("--answer", metavar="TEXT", help="What the agent says to it.")
@REASON
@pass_app
def acknowledge(
    app: App, ids: tuple[str, ...], where: str | None, answer: str | None, reason: str | None
) -> None:
    """Acknowledge coaching notes, as the agent whom they are about.

    \b
    Example:
      cskit call coaching acknowledge CO-00001 --user S-002
    """
    record_type = app.record_type(coaching.TABLE)
    choice = chosen(app, record_type, ids, where, mark("acknowledge {records}"))
    with app.transaction(reason=reason) as tx:
        found = coaching.acknowledge(app, tx, choice.documents(app, tx), answer)
    shown = (Column("id", "ID", kind="name"), Column("staff", "Agent", kind="name"), Column("topic", "Topic"))
    rows(app, ({one.name: getattr(each, one.name) for one in shown} for each in found), shown, coaching.TABLE)
    saved(app, _("{records} acknowledged").format(records=counted(record_type, len(found))), tx.sequence)
