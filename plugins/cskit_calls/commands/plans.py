"""Planned interviews at the command line: held, or dropped."""

from __future__ import annotations

import click

from cskit import App, pass_app
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.display import views
from cskit.i18n import _, mark
from cskit.nouns import counted
from cskit_calls import plans
from cskit_calls.commands.typed import day_of


@click.command()
@IDS
@WHERE
@click.option("--on", metavar="DAY", help="When; today if not given.")
@click.option("--result", metavar="TEXT", help="What came of it.")
@REASON
@pass_app
def done(
    app: App, ids: tuple[str, ...], where: str | None, on: str | None, result: str | None, reason: str | None
) -> None:
    """Note that planned interviews were held.

    \b
    Example:
      cskit call plan done IP-00001 --result "wants a quotation"
    """
    record_type, day = app.record_type(plans.TABLE), day_of(on, "--on") or app.today
    choice = chosen(app, record_type, ids, where, mark("note as held: {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        held = plans.done(tx, choice.documents(app, tx), on=day, result=result)
    saved(app, _("{records} held").format(records=counted(record_type, len(held))), tx.sequence)


@click.command()
@IDS
@WHERE
@click.option("--result", metavar="TEXT", help="Why not.")
@REASON
@pass_app
def drop(app: App, ids: tuple[str, ...], where: str | None, result: str | None, reason: str | None) -> None:
    """Note that planned interviews will not be held.

    \b
    Example:
      cskit call plan drop IP-00001 --result "moved away"
    """
    record_type = app.record_type(plans.TABLE)
    choice = chosen(app, record_type, ids, where, mark("drop {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        dropped = plans.drop(tx, choice.documents(app, tx), result=result)
    saved(app, _("{records} dropped").format(records=counted(record_type, len(dropped))), tx.sequence)
