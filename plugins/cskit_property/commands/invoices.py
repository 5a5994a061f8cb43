"""Tenants' invoices at the command line: issued for a month, paid, reminded of."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import printing, views
from cskit.i18n import _, ngettext
from cskit.terminal.options import writes
from cskit_property.commands.typed import amount_of, day_of, month_of
from cskit_property.tenants import arrears, invoices, letters

_ISSUED = (
    Column("id", "ID", kind="name"),
    Column("tenant", "Tenant", kind="name"),
    Column("month", "Month"),
    Column("amount", "Amount", "right", "decimal"),
    Column("due", "Due", kind="date"),
    Column("entry", "Ledger entry", kind="name"),
)
_REMINDED = (
    Column("id", "Invoice", kind="name"),
    Column("tenant", "Tenant", kind="name"),
    Column("name", "Name"),
    Column("month", "Month"),
    Column("number", "Reminder", "right", "integer"),
    Column("owed", "Owed", "right", "decimal"),
    Column("days", "Days overdue", "right", "integer"),
)


@click.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The month that is charged.")
@click.option("--project", metavar="ID", help="Only tenants of this project.")
@REASON
@pass_app
def run(app: App, month: str, project: str | None, reason: str | None) -> None:
    """Issue a month's invoices to tenants, each once, and charge them in the ledger.

    A part of a month is charged by its days.

    \b
    Example:
      cskit property invoice run --month 2026-11
    """
    first, own = month_of(month), invoices.project_id(app, project)
    with app.transaction(reason=reason) as tx:
        issued = invoices.run(app, tx, first, own)
    rows(app, invoices.rows(issued.invoices), _ISSUED)
    count = len(issued.invoices)
    said = ngettext("{count} invoice issued", "{count} invoices issued", count).format(count=count)
    if issued.had:
        app.echo(
            ngettext("{count} tenant had theirs", "{count} tenants had theirs", issued.had).format(
                count=issued.had
            )
        )
    saved(app, said, tx.sequence)


@click.command()
@click.argument("id")
@click.argument("amount")
@click.option("--date", metavar="DAY", help="The day of the payment (else today).")
@click.option("--form", metavar="TEXT", help="How it was paid.")
@REASON
@pass_app
def pay(app: App, id: str, amount: str, date: str | None, form: str | None, reason: str | None) -> None:
    """Note a payment of an invoice, in full or in part, in the ledger.

    \b
    Example:
      cskit property invoice pay PI-000001 500 --form transfer
    """
    paid, on = amount_of(amount), day_of(date, "--date")
    with app.transaction(reason=reason) as tx:
        own, left = invoices.pay(app, tx, id, paid, date=on, form=form)
    said = _("{id}: {left} still to be paid") if left else _("{id}: paid in full")
    saved(app, said.format(id=own, left=left), tx.sequence)


@writes(*printing.FORMATS)
@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@REASON
@pass_app
def remind(app: App, ids: tuple[str, ...], reason: str | None) -> None:
    """Remind tenants of invoices that are overdue: those named, or all whose next reminder is due.

    -o html writes the letters, a page each.

    \b
    Example:
      cskit property invoice remind -o html --out letters.html
    """
    with app.transaction(reason=reason) as tx:
        done = arrears.remind(app, tx, ids)
    if views.form(app) in printing.FORMATS:
        printing.write(app, [letters.sheet(app, one) for one in done])
    else:
        rows(app, arrears.rows(done), _REMINDED)
    said = ngettext("{count} reminder noted", "{count} reminders noted", len(done))
    saved(app, said.format(count=len(done)), tx.sequence)
