"""`cskit customer ledger pay` and `open`: what is paid, and what is not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.commands.today import Day
from cskit.crud.choosing import REASON, condition, saved
from cskit.display import views
from cskit.i18n import _
from cskit.records import Field, parse
from cskit_customers import ledger

_OPEN = (
    Column("id", "ID"),
    Column("customer", "Customer", kind="name"),
    Column("name", "Name"),
    Column("item", "Item"),
    Column("charged", "Charged", "right", "decimal"),
    Column("paid", "Paid", "right", "decimal"),
    Column("outstanding", "Outstanding", "right", "decimal"),
    Column("due", "Due on", kind="date"),
    Column("overdue", "Days overdue", "right", "integer"),
    Column("owner", "Owner", kind="name"),
)


class Amount(click.ParamType[Decimal]):
    """An amount of money as people write it, such as 1,234.50."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that a text says."""
        if isinstance(value, Decimal):
            return value
        try:
            return parse(Field("amount", Decimal, "decimal", True, None, "", ""), value, dt.UTC)
        except ValueError as error:
            self.fail(_("{value!r}: {fault}").format(value=value, fault=error), param, ctx)


@click.command()
@click.argument("id", metavar="ID")
@click.argument("amount", type=Amount(), metavar="AMOUNT")
@click.option("--date", type=Day(), metavar="DAY", help="The day of the payment (today).")
@click.option("--form", metavar="TEXT", help="How it was paid.")
@REASON
@pass_app
def pay(
    app: App, id: str, amount: Decimal, date: dt.date | None, form: str | None, reason: str | None
) -> None:
    """Note a payment of a fee, in full or in part.

    \b
    Example:
      cskit customer ledger pay FE-000001 100.00 --form 银行转账
    """
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        done = ledger.pay(app, tx, entry=id, amount=amount, date=date, form=form)
    if views.form(app) == "table":
        views.figure(app, "outstanding", done.outstanding)
    else:
        columns = (Column("id", "ID"), Column("outstanding", "Outstanding", "right", "decimal"))
        rows(app, [{"id": done.entry, "outstanding": done.outstanding}], columns)
    said = _("{amount} of {id} paid, {outstanding} outstanding")
    saved(app, said.format(amount=amount, id=done.entry, outstanding=done.outstanding), tx.sequence)


@click.command("open")
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--payable", is_flag=True, help="What we owe, not what is owed to us.")
@click.option("--where", metavar="EXPR", help="Only customers for whom this holds.")
@pass_app
def open_(app: App, overdue: bool, payable: bool, where: str | None) -> None:
    """List fees that are not paid in full, the earliest due first.

    \b
    Example:
      cskit customer ledger open --overdue
    """
    customers = condition(app, app.record_type("customers"), where)
    rows(app, ledger.open_fees(app, app.reading(), customers, overdue=overdue, payable=payable), _OPEN)
