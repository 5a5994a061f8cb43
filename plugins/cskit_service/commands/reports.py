"""What repairs come to, at the command line: faults, and a month of each repairer."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit_service.commands.moves import columns, period_of
from cskit_service.repairs import reports
from cskit_service.repairs.model import REPAIRS


@click.command()
@click.option("--by", type=click.Choice(reports.FAULTS_BY), default="fault", help="What they are counted by.")
@click.option("--period", metavar="PERIOD", help="Reported in 2026, 2026-10, or between two days A..B.")
@pass_app
def faults(app: App, by: str, period: str | None) -> None:
    """Count the repairs of a period by fault, cause, product or engineer.

    Repeated are those whose unit came back with the same fault.

    \b
    Example:
      cskit repair faults --by product --period 2026-10
    """
    (first,) = columns(app, REPAIRS, (by,))
    shown = [
        first,
        Column("repairs", "Number of repairs", "right", "integer"),
        Column("share", "Share %", "right", "decimal"),
        Column("covered", "Under warranty", "right", "integer"),
        Column("repeated", "Repeated", "right", "integer"),
        Column("hours", "Hours worked", "right", "decimal"),
        Column("cost", "Cost of repairs", "right", "decimal"),
    ]
    rows(app, reports.faults(app, period_of(period), by), shown)


@click.command()
@click.argument("engineers", nargs=-1, metavar="[STAFF]...")
@click.option("--month", "--period", "period", metavar="PERIOD", help="Finished in 2026-10, 2026, or A..B.")
@pass_app
def monthly(app: App, engineers: tuple[str, ...], period: str | None) -> None:
    """Show a month of each repairer: jobs, hours, on time, first-time fix, satisfaction.

    Beside each share stands how many repairs decide it.

    \b
    Example:
      cskit repair monthly --month 2026-10
    """
    shown = [
        *columns(app, REPAIRS, ("engineer",)),
        Column("jobs", "Repairs done", "right", "integer"),
        Column("hours", "Hours worked", "right", "decimal"),
        Column("on_time", "On time %", "right", "decimal"),
        Column("of_due", "Of due", "right", "integer"),
        Column("first_time", "First-time fix %", "right", "decimal"),
        Column("of_fixed", "Of decided", "right", "integer"),
        Column("satisfaction", "Satisfaction score", "right", "decimal"),
        Column("said", "Said at the sign-off", "right", "decimal"),
        Column("cost", "Cost of repairs", "right", "decimal"),
        Column("charge", "Charged to customers", "right", "decimal"),
    ]
    rows(app, reports.monthly(app, period_of(period), engineers), shown)
