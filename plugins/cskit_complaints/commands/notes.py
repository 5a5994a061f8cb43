"""Commands that note something on cases: chase, escalate, supervise, comment, link."""

from __future__ import annotations

import click

from cskit import App, mark, pass_app
from cskit.crud.choosing import IDS, WHERE, chosen
from cskit.display import views
from cskit_complaints import notes
from cskit_complaints.acting import Step, act
from cskit_complaints.commands.verbs import CONTACT, TEXT, command, show


@command(mark("note a chase of {records}"), mark("{records} chased"))
@TEXT
def chase(app: App, text: str | None, reason: str | None) -> Step:
    """Note that the customers of cases asked again.

    \b
    Example:
      cskit case chase CP-20261122-001 --text "asks when somebody comes"
    """
    return notes.chase(app, text=text, reason=reason)


@command(mark("escalate {records}"), mark("{records} escalated"), reason=True)
@click.option("--level", type=click.IntRange(min=1), metavar="N", help="To this level (else the next).")
def escalate(app: App, level: int | None, reason: str) -> Step:
    """Raise cases to the next level, such as the supervisor's.

    \b
    Example:
      cskit case escalate CP-20261122-001 --reason "the deadline will not hold"
    """
    return notes.escalate(app, reason=reason, level=level)


@command(mark("supervise {records}"), mark("{records} supervised"))
@click.option("--by", metavar="STAFF", help="Who keeps an eye on it (else who acts).")
def supervise(app: App, by: str | None, reason: str | None) -> Step:
    """Put cases under somebody's eye.

    \b
    Example:
      cskit case supervise CP-20261122-001 --by S-009
    """
    return notes.supervise(app, by=by, reason=reason)


@command(mark("comment on {records}"), mark("{records} commented on"))
@TEXT
@click.option("--attach", multiple=True, metavar="FILE", help="Note the name and digest of a file.")
@CONTACT
def comment(app: App, text: str | None, attach: tuple[str, ...], contact: bool, reason: str | None) -> Step:
    """Note something on cases, or which files belong to them.

    \b
    Example:
      cskit case comment CP-20261122-001 --text "called, no answer" --contact
    """
    return notes.comment(app, text=text, files=attach, contact=contact, reason=reason)


@click.command()
@IDS
@WHERE
@click.option("--to", required=True, metavar="ID", help="The case they are linked to.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the case and in the history.")
@pass_app
def link(app: App, ids: tuple[str, ...], where: str | None, to: str, reason: str | None) -> None:
    """Link cases to another one, and that one to them.

    \b
    Example:
      cskit case link CP-20261122-001 --to CP-20261122-002
    """
    choice = chosen(app, app.record_type("cases"), ids, where, mark("link {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        step, other = notes.link(app, tx, to=to, reason=reason)
        changes = act(app, tx, choice.documents(app, tx), step)
        notes.link_back(app, tx, other, [row.id for row in changes.rows], reason)
    show(app, changes, mark("{records} linked"), tx)
