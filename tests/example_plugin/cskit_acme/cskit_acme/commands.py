"""Acme's own command: parse, ask, write."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit_acme import visits

COLUMNS = (
    Column("date", "Date", kind="date"),
    Column("customer", "Customer"),
    Column("name", "Name"),
    Column("region", "Region"),
    Column("machine", "Machine"),
    Column("model", "Model"),
    Column("warranty", "Warranty", kind="boolean"),
    Column("open_orders", "Open orders", align="right", kind="integer"),
)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="The month to plan; this month if not given.")
@pass_app
def visitplan(app: App, month: str | None) -> None:
    """List the visits due in a month.

    \b
    Example:
      cskit acme visitplan --month 2026-11
    """
    first = visits.month_of(month) if month else app.today.replace(day=1)
    rows(app, visits.plan(app, first), COLUMNS)
