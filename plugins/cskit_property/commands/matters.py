"""`property matter …`: procedures in progress, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from cskit import App, Column, pass_app, rows
from cskit.commands.today import Day
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.crud.reading import documents
from cskit.display import views
from cskit.i18n import _, label, mark, ngettext
from cskit.nouns import counted
from cskit.store.protocol import Transaction
from cskit_property.matters import matters, matterstates
from cskit_property.matters.mattermodel import STATES, Matter

_STEP_STATES = (mark("done"), mark("ready"), mark("documents missing"), mark("waiting"))
_ON = click.option("--on", "day", type=Day(), metavar="DAY", help="The day it happened (today).")


def _steps() -> list[Column]:
    words = ("done", "ready", "documents", "waiting")
    states = dict(zip(words, map(_, _STEP_STATES), strict=True))
    return [
        Column("id", "ID"),
        Column("title", "Title"),
        Column("step", "Step"),
        Column("name", "Step's title"),
        Column("state", "State", choices=states),
        Column("done", "Done on", kind="date"),
        Column("due", "Due by", kind="date"),
        Column("late", "Days late", "right", "integer"),
        Column("waits", "Still lacks"),
        Column("handler", "Handler", kind="name"),
    ]


def _shown(app: App, found: Sequence[Matter], tx: Transaction, done: str) -> None:
    states = {name: label(name, zh) for name, zh in STATES.items()}
    columns = (
        Column("id", "ID"),
        Column("title", "Title"),
        Column("state", "State", choices=states),
        Column("taken", "Steps done", kind="list"),
    )
    seen = (
        {"id": one.id, "title": one.title, "state": one.state, "taken": [step.step for step in one.taken]}
        for one in found
    )
    rows(app, seen, columns)
    saved(app, _(done).format(records=counted(app.record_type(matters.TABLE), len(found))), tx.sequence)


@click.command("open")
@click.argument("procedure", metavar="PROCEDURE")
@click.option("--project", metavar="ID", help="The project it is for.")
@click.option("--sale", metavar="ID", help="The sale it is for.")
@click.option("--title", metavar="TEXT", help="What to call it (else the procedure and what it is for).")
@click.option("--handler", metavar="STAFF", help="Who sees to it (who acts).")
@click.option("--id", "own", metavar="ID", help="The company's own code (else the next number).")
@_ON
@REASON
@pass_app
def open_(
    app: App,
    procedure: str,
    project: str | None,
    sale: str | None,
    title: str | None,
    handler: str | None,
    own: str | None,
    day: dt.date | None,
    reason: str | None,
) -> None:
    """Open a matter: a procedure for a project or a sale.

    \b
    Example:
      cskit property matter open delivery --project PJ-001
    """
    views.form(app)  # refused before anything is saved
    wanted = matters.Wanted(procedure, project, sale, title, handler, own, day)
    with app.transaction(reason=reason) as tx:
        made = matters.create(app, tx, wanted)
    if views.form(app) == "table":
        views.figure(app, "id", made.id)
        saved(app, _("matter opened"), tx.sequence)
    else:
        _shown(app, [made], tx, mark("{records} opened"))


@click.command()
@click.argument("id", metavar="ID")
@click.argument("step_", metavar="STEP")
@click.option("--document", "papers", multiple=True, metavar="CODE", help="A document that came with it.")
@click.option(
    "--floors", multiple=True, metavar="NAME=BUILT/ALL", help="How far a building is, where it counts."
)
@click.option("--note", metavar="TEXT", help="What is to be noted of the step.")
@_ON
@REASON
@pass_app
def step(
    app: App,
    id: str,
    step_: str,
    papers: tuple[str, ...],
    floors: tuple[str, ...],
    note: str | None,
    day: dt.date | None,
    reason: str | None,
) -> None:
    """Note that a step of a matter was taken; one whose prerequisite is missing is refused.

    \b
    Example:
      cskit property matter step MT-00001 plans --document plan-set
    """
    views.form(app)  # refused before anything is saved
    choice = chosen(app, app.record_type(matters.TABLE), [id], None, "")
    with app.transaction(reason=reason) as tx:
        (document,) = choice.documents(app, tx)
        made = matters.take(app, tx, document, step_, matters.Noted(day, papers, floors, note))
    _shown(app, [made], tx, mark("step noted for {records}"))


@click.command()
@click.argument("id", metavar="ID")
@click.argument("papers", nargs=-1, required=True, metavar="DOCUMENT...")
@_ON
@REASON
@pass_app
def receive(app: App, id: str, papers: tuple[str, ...], day: dt.date | None, reason: str | None) -> None:
    """Note that documents of a matter have come in.

    \b
    Example:
      cskit property matter receive MT-00001 plan-set
    """
    views.form(app)  # refused before anything is saved
    choice = chosen(app, app.record_type(matters.TABLE), [id], None, "")
    with app.transaction(reason=reason) as tx:
        (document,) = choice.documents(app, tx)
        made = matters.receive(app, tx, document, papers, day)
    _shown(app, [made], tx, mark("documents noted for {records}"))


@click.command()
@IDS
@WHERE
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the matter and in the history.")
@pass_app
def cancel(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Give matters up, and say why.

    \b
    Example:
      cskit property matter cancel MT-00001 --reason 项目暂缓
    """
    views.form(app)  # refused before anything is saved
    choice = chosen(app, app.record_type(matters.TABLE), ids, where, mark("give up {records}"))
    with app.transaction(reason=reason) as tx:
        made = [matters.cancel(app, tx, one, reason) for one in choice.documents(app, tx)]
    _shown(app, made, tx, mark("{records} given up"))


# --- looking -----------------------------------------------------------------------------------------------


@click.command()
@IDS
@WHERE
@pass_app
def course(app: App, ids: tuple[str, ...], where: str | None) -> None:
    """Show every step of matters: done, ready, or waiting for what, and by when.

    \b
    Example:
      cskit property matter course MT-00001
    """
    rows(app, matterstates.course(app, documents(app, app.record_type(matters.TABLE), ids, where)), _steps())


@click.command()
@pass_app
def blocked(app: App) -> None:
    """List steps of open matters that cannot be taken, and what they wait for.

    \b
    Example:
      cskit property matter blocked
    """
    rows(app, matterstates.blocked(app), _steps())


@click.command()
@pass_app
def overdue(app: App) -> None:
    """List steps of open matters that should be done by now, the latest first.

    \b
    Example:
      cskit property matter overdue
    """
    found = matterstates.overdue(app)
    rows(app, found, _steps())
    if found:
        said = ngettext("{count} step is late", "{count} steps are late", len(found))
        app.echo(said.format(count=len(found)))


@click.command("procedures")
@pass_app
def procedures_(app: App) -> None:
    """List the procedures that matters can have, with their steps.

    \b
    Example:
      cskit property matter procedures
    """
    columns = (
        Column("procedure", "Procedure"),
        Column("title", "Title"),
        Column("step", "Step"),
        Column("name", "Step's title"),
        Column("needs", "Comes after", kind="list"),
        Column("documents", "Documents", kind="list"),
        Column("days", "Working days", "right", "integer"),
    )
    rows(app, matterstates.listing(app), columns)
