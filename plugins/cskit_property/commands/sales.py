"""`property sale …`: rooms sold, moved along, reminded of, compared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import click

from cskit import App, Column, Period, pass_app, rows
from cskit.commands.today import Day
from cskit.crud.choosing import IDS, REASON, WHERE, chosen, saved
from cskit.crud.reading import documents
from cskit.display import printing, views
from cskit.facts import parse_period
from cskit.i18n import _, mark
from cskit.nouns import counted
from cskit.store.protocol import Transaction
from cskit.terminal.options import writes
from cskit_property.commands.amount import Amount
from cskit_property.commands.typed import flow_of
from cskit_property.sales import reminders, rooms, sales
from cskit_property.sales.saleflow import FLOW
from cskit_property.sales.salemodel import STATES


def _states() -> dict[str, str]:
    return {name: str(FLOW.state(name)) for name in STATES}


def _shown(app: App, changed: list[Any], tx: Transaction, done: str) -> None:
    states = _states()
    columns = (
        Column("id", "ID"),
        Column("room", "Room"),
        Column("before", "State before", choices=states),
        Column("state", "State", choices=states),
        Column("next", "What comes next", kind="list"),
    )
    rows(app, sales.moved(changed), columns)
    records = counted(app.record_type(sales.TABLE), len(changed))
    saved(app, _(done).format(records=records), tx.sequence)


@click.command()
@click.argument("verb", metavar="STEP")
@IDS
@WHERE
@click.option("--on", "day", type=Day(), metavar="DAY", help="The day it happened (today).")
@click.option("--amount", type=Amount(), metavar="AMOUNT", help="What was paid, lent, or given back.")
@click.option("--number", metavar="TEXT", help="The number of the letter, contract or certificate.")
@click.option("--room", metavar="TEXT", help="The new room, of change-room.")
@click.option("--urgent", is_flag=True, help="The contract is filed out of turn.")
@click.option("--text", metavar="TEXT", help="What is to be noted, such as why a room is returned.")
@REASON
@pass_app
def move(
    app: App,
    verb: str,
    ids: tuple[str, ...],
    where: str | None,
    day: dt.date | None,
    amount: Decimal | None,
    number: str | None,
    room: str | None,
    urgent: bool,
    text: str | None,
    reason: str | None,
) -> None:
    """Move sales along: subscribe, down-payment, exchange, file, mortgage, loan, move-in, title …

    Also return, and change-room with --room; the command flow shows all of them.

    \b
    Example:
      cskit property sale move subscribe PS-00001 --number RG-118
    """
    choice = chosen(app, app.record_type(sales.TABLE), ids, where, mark("move {records} along"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        step = sales.move(app, tx, verb, sales.Noted(day, amount, number, room, urgent, text))
        changed = sales.act(tx, choice.documents(app, tx), step)
    _shown(app, changed, tx, mark("{records} moved along"))


@click.command()
@IDS
@WHERE
@click.option("--issue", metavar="TEXT", help="A form is handed out, for this.")
@click.option("--recover", is_flag=True, help="The form that is out has come back, signed.")
@REASON
@pass_app
def special(
    app: App, ids: tuple[str, ...], where: str | None, issue: str | None, recover: bool, reason: str | None
) -> None:
    """Note that a form of special approval was issued for sales, or recovered.

    \b
    Example:
      cskit property sale special PS-00001 --issue 首付分期
    """
    choice = chosen(app, app.record_type(sales.TABLE), ids, where, mark("note approvals of {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        step = sales.special(app, issue=issue, recover=recover)
        changed = sales.act(tx, choice.documents(app, tx), step)
    _shown(app, changed, tx, mark("special approval noted for {records}"))


@click.command()
@IDS
@WHERE
@REASON
@pass_app
def remind(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
    """Note that the reminders which are due today were sent, so that they are not sent twice.

    \b
    Example:
      cskit property sale remind PS-00002
    """
    choice = chosen(app, app.record_type(sales.TABLE), ids, where, mark("note reminders of {records}"))
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        changed = sales.act(tx, choice.documents(app, tx), reminders.send(app))
    _shown(app, changed, tx, mark("{records} reminded of"))


# --- looking -----------------------------------------------------------------------------------------------


@writes(*printing.FORMATS)
@click.command("reminders")
@IDS
@WHERE
@pass_app
def reminders_(app: App, ids: tuple[str, ...], where: str | None) -> None:
    """List sales that stand still, and whom to remind; -o html makes the sheets and letters.

    The first is a sheet to the sales department, the next a lawyer's letter to the customer.

    \b
    Example:
      cskit property sale reminders
    """
    found = reminders.due(app, documents(app, app.record_type(sales.TABLE), ids, where))
    if views.form(app) in printing.FORMATS:
        printing.write(app, reminders.sheets(app, app.reading(), found))
        return
    columns = (
        Column("id", "ID"),
        Column("room", "Room"),
        Column("customer", "Customer", kind="name"),
        Column("rule", "Reminder rule"),
        Column("about", "About"),
        Column(
            "send", "Send", choices={"sheet": reminders.named("sheet"), "letter": reminders.named("letter")}
        ),
        Column("to", "Addressed to"),
        Column("since", "Since", kind="date"),
        Column("due", "Due by", kind="date"),
        Column("late", "Days late", "right", "integer"),
        Column("salesperson", "Salesperson", kind="name"),
    )
    rows(app, reminders.rows(app.reading(), found), columns)


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_app
def track(app: App, ids: tuple[str, ...]) -> None:
    """Show what happened to sales, step by step.

    \b
    Example:
      cskit property sale track PS-00002
    """
    columns = (
        Column("id", "ID"),
        Column("date", "Date", kind="date"),
        Column("what", "Event"),
        Column("state", "State then", choices=_states()),
        Column("who", "By whom"),
        Column("amount", "Amount", "right", "decimal"),
        Column("number", "Number"),
        Column("urgent", "Urgent"),
        Column("room", "Room before"),
        Column("text", "Wording"),
    )
    rows(app, sales.track(app, app.reading(), ids), columns)


@click.command()
@click.option("--period", metavar="PERIOD", help="2026-10, or two days with .. between them (this week).")
@pass_app
def returned(app: App, period: str | None) -> None:
    """List the rooms that were returned this week, or in a period.

    \b
    Example:
      cskit property sale returned --period 2026-11
    """
    columns = (
        Column("id", "ID"),
        Column("date", "Returned on", kind="date"),
        Column("project", "Project"),
        Column("room", "Room"),
        Column("customer", "Customer", kind="name"),
        Column("price", "Price", "right", "decimal"),
        Column("refund", "Given back", "right", "decimal"),
        Column("salesperson", "Salesperson", kind="name"),
        Column("reason", "Reason"),
    )
    asked = parse_period(period) if period else Period()
    rows(app, sales.returned(app, asked), columns)


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("other", metavar="[FILE]", required=False)
@click.option("--project", metavar="ID", help="Only the ledger's rooms of this project.")
@click.option("--room-column", metavar="TITLE", help="The column of room numbers.")
@click.option("--price-column", metavar="TITLE", help="The column of prices.")
@pass_app
def reconcile(
    app: App,
    file: str,
    other: str | None,
    project: str | None,
    room_column: str | None,
    price_column: str | None,
) -> None:
    """Compare rooms and prices of the ledger with an export, or of two files, and name what differs.

    \b
    Example:
      cskit property sale reconcile sales.csv
    """
    first, second = rooms.lists(app, file, other, project, (room_column, price_column))
    columns = (
        Column("room", "Room"),
        Column("why", "What differs", choices=dict(rooms.words())),
        Column("ours", "Price in the first", "right", "decimal"),
        Column("theirs", "Price in the second", "right", "decimal"),
        Column("difference", "Price difference", "right", "decimal"),
        Column("place", "Place in the first"),
        Column("other", "Place in the second"),
    )
    if not rows(app, rooms.compared(first, second), columns):
        app.echo(_("{count} rooms compared, nothing differs").format(count=len(first.rooms)))


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a sale can have, and what leads from one to another.

    \b
    Example:
      cskit property sale flow -o mermaid
    """
    flow_of(app, FLOW)
