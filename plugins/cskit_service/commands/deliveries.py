"""Deliveries at the command line: planned, written about, made, maintained."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE
from cskit.display import views
from cskit.i18n import mark
from cskit.terminal.options import writes
from cskit_service.commands.moves import Act, columns, day_of, flow_of, period_of, take
from cskit_service.deliveries import deliveries, deliveryrules, deliverytexts
from cskit_service.deliveries.model import DELIVERIES

_SHOWN = ("id", "customer", "at", "state", "gift", "maintenance_due")
_FIRM = click.option("--firm", metavar="TEXT", help="The firm (else that of the department's rules).")


def _take(
    app: App, ids: tuple[str, ...], where: str | None, asks: str, says: str, reason: str | None, act: Act
) -> None:
    titles = deliveryrules.titles(app)
    take(app, DELIVERIES, ids, where, asks, says, reason, act, deliveries.rows, _SHOWN, titles)


@click.command()
@click.option("--period", metavar="PERIOD", help="The days: 2026-10-21, 2026-10, or A..B (tomorrow).")
@pass_app
def plan(app: App, period: str | None) -> None:
    """List the deliveries of some days: who goes along, which gift.

    \b
    Example:
      cskit delivery plan --period 2026-10
    """
    shown = [
        *columns(app, DELIVERIES, ("id", "at", "customer")),
        Column("name", "Name"),
        *columns(app, DELIVERIES, ("goods",)),
        Column("attendants", "Goes along"),
        Column("gift", "Gift proposed"),
        *columns(app, DELIVERIES, ("state",)),
    ]
    rows(app, deliveries.plan(app, period_of(period) if period else deliveries.tomorrow(app)), shown)


@click.command()
@click.argument("id")
@_FIRM
@click.option("--phone", metavar="NUMBER", help="The number to call (else that of the department's rules).")
@pass_app
def message(app: App, id: str, firm: str | None, phone: str | None) -> None:
    """Write the message that tells a customer when the goods come.

    \b
    Example:
      cskit delivery message DV-000001 --firm "晨屿家居" --phone 400-000-0000
    """
    views.document(app, deliverytexts.message(app, id, firm=firm, phone=phone))


@click.command()
@click.argument("id")
@_FIRM
@click.option("--gift", metavar="CODE", help="Which gift (else the best of those there are).")
@pass_app
def script(app: App, id: str, firm: str | None, gift: str | None) -> None:
    """Write what is said when the gift is handed over.

    \b
    Example:
      cskit delivery script DV-000001 --firm "晨屿家居" --gift flowers
    """
    views.document(app, deliverytexts.script(app, id, firm=firm, gift=gift))


@click.command()
@IDS
@WHERE
@click.option("--note", metavar="TEXT", help="What was agreed.")
@REASON
@pass_app
def confirm(app: App, ids: tuple[str, ...], where: str | None, note: str | None, reason: str | None) -> None:
    """Note that customers agreed to the hour.

    \b
    Example:
      cskit delivery confirm DV-000001 --note "somebody is at home from two on"
    """
    _take(
        app,
        ids,
        where,
        mark("confirm {records}"),
        mark("{records} confirmed"),
        reason,
        lambda tx, documents: deliveries.confirm(app, tx, documents, note),
    )


@click.command()
@IDS
@WHERE
@click.option("--gift", metavar="CODE", help="Which gift, or none (else the best of those there are).")
@click.option("--attendant", metavar="TEXT", help="Who went along.")
@click.option("--note", metavar="TEXT", help="What happened there.")
@REASON
@pass_app
def deliver(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    gift: str | None,
    attendant: str | None,
    note: str | None,
    reason: str | None,
) -> None:
    """Note that goods were delivered, and with which gift.

    From then on the maintenance of some months later stands in what is to be done.

    \b
    Example:
      cskit delivery deliver DV-000001 --attendant "店长" --gift none
    """
    _take(
        app,
        ids,
        where,
        mark("note {records} as delivered"),
        mark("{records} noted as delivered"),
        reason,
        lambda tx, documents: deliveries.deliver(
            app, tx, documents, gift=gift, attendant=attendant, note=note
        ),
    )


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why nothing is brought; kept there, too.")
@pass_app
def cancel(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Cancel deliveries.

    \b
    Example:
      cskit delivery cancel DV-000001 --reason "the customer collects it"
    """
    _take(
        app,
        ids,
        where,
        mark("cancel {records}"),
        mark("{records} cancelled"),
        reason,
        lambda tx, documents: deliveries.cancel(app, tx, documents, reason),
    )


@click.command()
@IDS
@WHERE
@click.option("--on", metavar="DAY", help="The day (else today).")
@REASON
@pass_app
def maintained(app: App, ids: tuple[str, ...], where: str | None, on: str | None, reason: str | None) -> None:
    """Note that delivered goods were maintained; it is due again some months later.

    \b
    Example:
      cskit delivery maintained DV-000002
    """
    day = day_of(on, "--on")
    _take(
        app,
        ids,
        where,
        mark("note {records} as maintained"),
        mark("{records} noted as maintained"),
        reason,
        lambda tx, documents: deliveries.maintained(app, tx, documents, day),
    )


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a delivery can have, and what leads from one to another.

    \b
    Example:
      cskit delivery flow
    """
    flow_of(app, deliveries.FLOW)
