"""`cskit calendar`: what is worked on which days, deadlines, the working time between, days from a table."""

from __future__ import annotations

import click

from cskit.app import App, pass_app
from cskit.calendar import DEFAULT, asking
from cskit.display.output import Column
from cskit.display.views import figure, listing

_DAYS = (
    Column("date", "Date", kind="date"),
    Column("weekday", "Weekday", codes=asking.WEEKDAYS),
    Column("hours", "Hours"),
    Column("minutes", "Minutes", align="right", kind="integer"),
    Column("why", "Why"),
)
_BETWEEN = (
    Column("days", "Working days", align="right", kind="integer"),
    Column("hours", "Hours", align="right", kind="decimal"),
    Column("minutes", "Minutes", align="right", kind="integer"),
)
_WRITTEN = (
    Column("path", "File"),
    Column("rows", "Rows", align="right", kind="integer"),
    Column("whole", "Complete for"),
)
_calendar = click.option(
    "--calendar", "name", default=DEFAULT, show_default=True, metavar="NAME", help="Whose working time."
)


@click.command()
@click.argument("period", required=False, metavar="[PERIOD]")
@_calendar
@pass_app
def show(app: App, period: str | None, name: str) -> None:
    """Show what is worked on the days of a month or year.

    Without a period it is this month.

    \b
    Example:
      cskit calendar show 2026-10
    """
    listing(app, asking.days(app, app.calendars.named(name), period), _DAYS)


@click.command()
@click.argument("start", metavar="TIME")
@click.argument("length", metavar="LENGTH")
@_calendar
@pass_app
def add(app: App, start: str, length: str, name: str) -> None:
    """Add working time to a time: when does it end?

    Days are shifted, 3d is the same time of day three working days on; hours and minutes (4h, 1d 30m) are
    measured. What begins outside working hours counts from the next opening. TIME may be "now".

    \b
    Example:
      cskit calendar add 2026-09-30T17:00 3d
    """
    figure(app, "end", asking.deadline(app, app.calendars.named(name), start, length))


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@_calendar
@pass_app
def between(app: App, start: str, end: str, name: str) -> None:
    """Measure the working time between two times.

    \b
    Example:
      cskit calendar between 2026-09-30T17:00 2026-10-10T17:00
    """
    listing(app, [asking.between(app, app.calendars.named(name), start, end)], _BETWEEN)


@click.command("import")
@click.argument("file")
@click.option("--name", metavar="RULE", help="What the rule file is called; as the table if not given.")
@click.option("--calendars", metavar="A,B", default="", help="Only in these calendars.")
@pass_app
def import_(app: App, file: str, name: str | None, calendars: str) -> None:
    """Take days off and days worked from a table into the calendars.

    The columns are date (日期), until (至), work (off or make-up; 休 or 班), hours (such as 09:00-12:00) and
    name (名称); a row without work and hours is a day off. Without --calendars they hold in all calendars
    that keep public holidays. The rule file takes the place of an older one of its name.

    \b
    Example:
      cskit calendar import holidays-2027.csv
    """
    from cskit.calendar.importing import bring_in

    wanted = [each.strip() for each in calendars.split(",") if each.strip()]
    done = bring_in(app, file, name=name, calendars=wanted)
    listing(app, [done._asdict()], _WRITTEN)
