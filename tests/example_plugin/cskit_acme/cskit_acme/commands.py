"""Acme's own commands: parse, ask, write."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit_acme import checklists, visits

STEPS = (
    Column("step", "Step", align="right", kind="integer"),
    Column("what", "What to do"),
    Column("minutes", "Minutes", align="right", kind="integer"),
)
VISITS = (
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
@click.argument("name", default="service")
@pass_app
def checklist(app: App, name: str) -> None:
    """Show what to do at a visit.

    \b
    Example:
      cskit acme checklist service
    """
    rows(app, checklists.steps(app, name), STEPS)


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
    rows(app, visits.plan(app, first), VISITS)
