"""What scores come to, at the command line: the report, agreement, coaching, measures."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import views
from cskit.facts import parse_period
from cskit.i18n import _
from cskit.nouns import counted
from cskit_calls import assessments, coaching, qareporting, qatrend
from cskit_calls.columns import DONE
from cskit_calls.commands.spans import month_of

_PERIOD = click.option("--period", metavar="PERIOD", help="2026, 2026-10, or two days with .. between them.")
_MONTH = click.option("--month", metavar="YYYY-MM", help="Calls of this month (else of this one).")


@click.command()
@_MONTH
@_PERIOD
@click.option(
    "--by",
    type=click.Choice(qareporting.VIEWS),
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
    _write(app, qareporting.report(app, wanted, by, agent))


def _write(app: App, found: qareporting.Report) -> None:
    """Write the rows of a report, and beside a table for people what its figures mean."""
    people = views.form(app) in views.PEOPLE
    columns = [one for one in found.columns if not (people and one.name in found.apart)]
    rows(app, found.rows, columns, assessments.TABLE)
    for line in found.remarks if people else ():
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
    _write(app, qareporting.agreement(app, wanted, by))


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
    rows(app, ({"id": one.id, "what": one.what, "state": one.state} for one in found), DONE)
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
