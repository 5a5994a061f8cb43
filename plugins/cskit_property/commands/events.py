"""Liaison events at the command line: moved on, noted, overdue."""

from __future__ import annotations

import click

from cskit import App, Column, Usage, pass_app, register, rows
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _, label, mark
from cskit.nouns import counted
from cskit.records import fields
from cskit.terminal.options import writes
from cskit_property import flows
from cskit_property.commands.typed import flow_of
from cskit_property.estates import events
from cskit_property.estates.liaison import LiaisonEvent


def _states() -> dict[str, str]:
    return {code: label(code, zh) for code, zh in fields(LiaisonEvent)["state"].choices.items()}


def _stands() -> tuple[Column, ...]:
    return (
        Column("id", "ID", kind="name"),
        Column("title", "Title"),
        Column("project", "Project", kind="name"),
        Column("state", "State", kind="choice", choices=_states()),
        Column("due", "Due", kind="date"),
        Column("days", "Days late", "right", "integer"),
        Column("owner", "Owner"),
    )


@click.command()
@IDS
@WHERE
@click.option(
    "--to", required=True, metavar="STATE", help="coordinating, implementing, verified, closed or withdrawn."
)
@click.option("--text", metavar="TEXT", help="What is to be noted.")
@REASON
@pass_app
def move(
    app: App, ids: tuple[str, ...], where: str | None, to: str, text: str | None, reason: str | None
) -> None:
    """Take liaison events on to a state.

    \b
    Example:
      cskit property event move PE-0001 --to coordinating --text "met with the site manager"
    """
    record_type, state = app.record_type(events.TABLE), events.target(to)
    choice = chosen(app, record_type, ids, where, mark("move {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        moved = events.move(app, tx, choice.documents(app, tx), state, text)
    rows(app, flows.stands(moved), _stands()[:4])
    said = _("{records} moved to {state}")
    saved(
        app,
        said.format(records=counted(record_type, len(moved)), state=events.FLOW.state(state)),
        tx.sequence,
    )


@click.command()
@click.argument("id")
@click.option("--decision", metavar="TEXT", help="What was decided, for the minutes.")
@click.option("--text", metavar="TEXT", help="Anything else to be noted.")
@click.option(
    "--case", "cases", multiple=True, metavar="ID", help="A complaint it is about; can be repeated."
)
@REASON
@pass_app
def note(
    app: App, id: str, decision: str | None, text: str | None, cases: tuple[str, ...], reason: str | None
) -> None:
    """Note a decision, a word or complaints on a liaison event.

    \b
    Example:
      cskit property event note PE-0001 --decision "works on weekdays only, 9 to 17"
    """
    if not (decision or text or cases):
        raise Usage(_("what is to be noted?"), _("give --decision, --text or --case"))
    with app.transaction(reason=reason) as tx:
        (document,) = register.find(app, tx, app.record_type(events.TABLE), [id])
        after = events.note(app, tx, document, decision=decision, text=text, cases=cases)
    saved(app, _("noted on event {id}").format(id=after.id), tx.sequence)


@click.command()
@pass_app
def overdue(app: App) -> None:
    """List liaison events whose day is over, the longest overdue first.

    \b
    Example:
      cskit property event overdue
    """
    rows(app, events.overdue(app), _stands())


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a liaison event can have, and what leads from one to another.

    \b
    Example:
      cskit property event flow
    """
    flow_of(app, events.FLOW)
