"""Service records at the command line: how many were entered on the same day, and which are missing."""

from __future__ import annotations

from typing import Literal

import click

from cskit import App, Column, pass_app, rows
from cskit.i18n import _
from cskit_service.commands.moves import columns, period_of
from cskit_service.jobs import servicerecords
from cskit_service.jobs.model import DISPATCHES

_PERIOD = click.option(
    "--period", metavar="PERIOD", help="Services of 2026, 2026-10, or two days with .. between them."
)


def _clock() -> dict[str, str]:
    return {"missing": _("not entered in time"), "running": _("still in time")}


@click.command()
@_PERIOD
@click.option("--by", type=click.Choice(["engineer", "mode"]), default="engineer", help="Of whom, or how.")
@pass_app
def stats(app: App, period: str | None, by: Literal["engineer", "mode"]) -> None:
    """Show how many services were entered on the same day, late, or not at all.

    The share is of those whose day is over, with its 95 % interval.

    \b
    Example:
      cskit service-record stats --period 2026-10
    """
    shown = [
        *columns(app, DISPATCHES, (by,)),
        Column("services", "Services", "right", "integer"),
        Column("on_time", "Same day", "right", "integer"),
        Column("late", "Entered late", "right", "integer"),
        Column("missing", "Not entered", "right", "integer"),
        Column("running", "Still in time", "right", "integer"),
        Column("rate", "Same day %", "right", "decimal"),
        Column("low", "From %", "right", "decimal"),
        Column("high", "To %", "right", "decimal"),
    ]
    rows(app, servicerecords.stats(app, period_of(period), by), shown)


@click.command()
@_PERIOD
@pass_app
def missing(app: App, period: str | None) -> None:
    """List services that nobody entered yet, the longest overdue first.

    \b
    Example:
      cskit service-record missing --period 2026-10
    """
    shown = [
        Column("dispatch", "Work order", kind="name"),
        *columns(app, DISPATCHES, ("engineer", "mode")),
        Column("day", "Day of service", kind="date"),
        Column("due", "To be entered by", kind="time"),
        Column("shown", "Same-day clock", kind="choice", choices=_clock()),
    ]
    rows(app, servicerecords.missing_rows(app, period_of(period)), shown)
