"""Shifts at the command line: open work orders handed over, and signed for."""

from __future__ import annotations

import click

from cskit import App, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import views
from cskit.i18n import ngettext
from cskit_service.commands.moves import columns
from cskit_service.jobs import handovers
from cskit_service.jobs.model import DISPATCHES


@click.command()
@click.argument("shift")
@click.option("--to", required=True, metavar="STAFF", help="Who takes over, and signs.")
@click.option(
    "--engineer",
    "engineers",
    multiple=True,
    metavar="STAFF",
    help="Whose work orders (else one's own); can be repeated.",
)
@click.option("--note", metavar="TEXT", help="What the next shift should know.")
@REASON
@pass_app
def new(
    app: App, shift: str, to: str, engineers: tuple[str, ...], note: str | None, reason: str | None
) -> None:
    """Hand the open work orders of a shift over to somebody, who then signs.

    \b
    Example:
      cskit dispatch handover new "late shift" --to S-012 --engineer S-008
    """
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        made = handovers.new(app, tx, shift, to=to, engineers=engineers, note=note)
    found = [
        {"id": one.dispatch, "subject": one.subject, "engineer": one.engineer, "state": one.state}
        for one in made.orders
    ]
    rows(app, found, columns(app, DISPATCHES, ("id", "subject", "engineer", "state")))
    said = ngettext(
        "{id}: {count} open work order handed over to {taker}",
        "{id}: {count} open work orders handed over to {taker}",
        len(made.orders),
    )
    saved(app, said.format(id=made.id, count=len(made.orders), taker=made.taker), tx.sequence)


@click.command()
@click.argument("id")
@click.option("--note", metavar="TEXT", help="What was found otherwise than written.")
@REASON
@pass_app
def sign(app: App, id: str, note: str | None, reason: str | None) -> None:
    """Sign for a shift, and take its open work orders over.

    \b
    Example:
      cskit dispatch handover sign DH-0001 --user S-009
    """
    with app.transaction(reason=reason) as tx:
        taken = handovers.sign(app, tx, id, note)
    said = ngettext(
        "{id}: signed, {count} work order taken over",
        "{id}: signed, {count} work orders taken over",
        len(taken.orders),
    )
    saved(app, said.format(id=taken.id, count=len(taken.orders)), tx.sequence)
