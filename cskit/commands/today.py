"""`cskit today`: what is due, from every plugin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from cskit import agenda
from cskit.app import App, pass_app
from cskit.display import views
from cskit.display.output import Column
from cskit.errors import Usage
from cskit.i18n import _, ngettext
from cskit.nouns import listed
from cskit.plugins.isolation import nearest
from cskit.records import parse_day
from cskit.terminal.options import writes

_DUE = (
    Column("when", "When", codes=agenda.WHEN),
    Column("due", "Due", kind="time"),
    Column("what", "What to do"),
    Column("about", "About", kind="name"),
    Column("id", "ID"),
    Column("who", "Who", kind="name"),
    Column("do", "Command"),
    Column("plugin", "Plugin"),
)


class Day(click.ParamType[dt.date]):
    """A day as people write it, such as 2026-12-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day that a text says."""
        if isinstance(value, dt.date):
            return value
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(_("{value!r}: {fault}").format(value=value, fault=error), param, ctx)


@writes("ics")
@click.command()
@click.option("--who", metavar="STAFF", help="Only what this person is to do.")
@click.option("--until", type=Day(), metavar="DAY", help="Also what is due by the end of this day (today).")
@pass_app
def today(app: App, who: str | None, until: dt.date | None) -> None:
    """Show what is due, and what to type for it.

    What is urgent stands first, then what is overdue. -o ics makes a calendar file of it.

    \b
    Example:
      cskit today --until 2099-12-31 --who S-001
    """
    found = agenda.collect(app, until, who)
    form = views.form(app)
    if form == "ics":
        _calendar(app, found)
    elif form == "table" and not app.options.fields:
        from cskit.display.agenda import lines

        views.page(app, lambda width: lines(found.due, app.zone, width))
    else:
        views.listing(app, agenda.rows(found.due), _DUE)
    _tell(app, found, who)


def _calendar(app: App, found: agenda.Agenda) -> None:
    from cskit.display import icalendar

    if app.options.fields:
        raise Usage(_("--fields: a calendar has no fields to choose from"), _("leave it out"))
    views.document(app, icalendar.calendar(found.due, app.now))


def _tell(app: App, found: agenda.Agenda, who: str | None) -> None:
    """Say what is not in the list: that there is nothing, and what is nobody's."""
    if not found.due and who is None:
        app.echo(_("nothing is due"))
    elif not found.due:
        said = _("nothing is due for {who}").format(who=who)
        near = nearest(who or "", found.people)
        hint = near or listed(found.people[:10])
        app.echo(_("{said}; there is something for {names}").format(said=said, names=hint) if hint else said)
    if found.nobodys:
        said = ngettext(
            "{count} more is nobody's in particular: see `cskit today`",
            "{count} more are nobody's in particular: see `cskit today`",
            found.nobodys,
        )
        app.echo(said.format(count=found.nobodys))
