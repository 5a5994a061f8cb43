"""The rota at the command line: the week, laying it out, exchanging, covering, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import printing, views
from cskit.i18n import _, ngettext
from cskit.terminal.options import writes
from cskit_calls import coverage, covering, planning, shiftlimits, shifts, supporting, weeks
from cskit_calls.commands.spans import day_of, month_of
from cskit_calls.rotamodel import Shift

_SHIFTS = (
    Column("id", "ID", kind="name"),
    Column("staff", "Person", kind="name"),
    Column("on", "Day", kind="date"),
    Column("shift", "Shift", kind="name"),
    Column("begins", "Begins", kind="time"),
    Column("ends", "Ends", kind="time"),
)
_COVERED = (
    Column("shift", "Shift", kind="name"),
    Column("on", "Day", kind="date"),
    Column("code", "Shift", kind="name"),
    Column("staff", "Absent", kind="name"),
    Column("by", "Covered by", kind="name"),
    Column("cover", "Covering shift", kind="name"),
)
_GAPS = (
    Column("day", "Day", kind="date"),
    Column("begins", "From"),
    Column("ends", "To"),
    Column("have", "People", "right", "integer"),
    Column("need", "Needed", "right", "integer"),
    Column("missing", "Missing", "right", "integer"),
)
_GROUP = click.option("--group", metavar="NAME", help="Only this group.")


def _made(app: App, made: Iterable[Shift]) -> None:
    titles = shifts.titles(app)["shift"] if views.form(app) in views.PEOPLE else {}
    named = [one._replace(choices=titles) if one.name == "shift" else one for one in _SHIFTS]
    found = ({one.name: getattr(one_shift, one.name) for one in _SHIFTS} for one_shift in made)
    rows(app, found, named, shifts.TABLE)


@writes(*printing.FORMATS)
@click.command("shifts")
@click.option("--week", metavar="WEEK", help="2026-W42, or a day of the week (else this week).")
@_GROUP
@pass_app
def week(app: App, week: str | None, group: str | None) -> None:
    """Show the rota of a week; -o html or docx prints it.

    \b
    Example:
      cskit call shifts --week 2026-W42
    """
    found = weeks.week(app, weeks.first_of(app, week), group)
    if views.form(app) in printing.FORMATS:
        printing.write(app, [weeks.sheet(found, group)])
        return
    people = views.form(app) in views.PEOPLE
    rows(app, weeks.rows(found, counted=people), weeks.columns(found))
    for line in weeks.remarks(found):
        app.echo(line)


@click.command()
@click.option("--from", "first", required=True, metavar="DAY", help="The first day.")
@click.option("--to", "last", required=True, metavar="DAY", help="The last day.")
@click.option("--pattern", default="six-day", show_default=True, metavar="NAME", help="By which pattern.")
@click.option("--group", metavar="NAME", help="Everybody in this group.")
@click.option("--staff", multiple=True, metavar="ID", help="These people, in this order; can be repeated.")
@REASON
@pass_app
def plan(
    app: App,
    first: str,
    last: str,
    pattern: str,
    group: str | None,
    staff: tuple[str, ...],
    reason: str | None,
) -> None:
    """Lay out a rota by a pattern; days on which somebody is absent are left out.

    \b
    Example:
      cskit call shift plan --from 2026-12-01 --to 2026-12-31 --staff S-001 --staff S-002 --staff S-003
    """
    wish = planning.Wish(day_of(first, "--from"), day_of(last, "--to"), pattern, group, staff)
    with app.transaction(reason=reason) as tx:
        laid = planning.lay_out(app, tx, wish)
    _made(app, laid.made)
    for own, day in laid.away:
        app.echo(_("{staff} is absent on {day}: left out").format(staff=own, day=day))
    count = len(laid.made)
    said = ngettext("{count} shift laid out", "{count} shifts laid out", count).format(count=count)
    saved(app, said, tx.sequence)


@click.command()
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@REASON
@pass_app
def swap(app: App, first: str, second: str, reason: str | None) -> None:
    """Let two people exchange their shifts.

    \b
    Example:
      cskit call shift swap SH-00001 SH-00002
    """
    with app.transaction(reason=reason) as tx:
        done = shifts.swap(app, tx, first, second)
    _made(app, done)
    saved(app, _("shifts exchanged"), tx.sequence)


@click.command()
@click.argument("absence", metavar="ABSENCE")
@click.option("--by", multiple=True, metavar="STAFF", help="Who works instead (else who has least to do).")
@REASON
@pass_app
def cover(app: App, absence: str, by: tuple[str, ...], reason: str | None) -> None:
    """Give the shifts of somebody absent to others.

    Of the same group, the one with the fewest hours that week whom it gives enough rest; --by says who, each
    of several in turn.

    \b
    Example:
      cskit call shift cover AB-00001
    """
    with app.transaction(reason=reason) as tx:
        done = covering.cover(app, tx, absence, by)
    found = (
        {
            "shift": one.shift.id,
            "on": one.shift.on,
            "code": one.shift.shift,
            "staff": one.shift.staff,
            "by": one.by,
            "cover": one.cover,
        }
        for one in done
    )
    rows(
        app, ({name: value for name, value in row.items() if value} for row in found), _COVERED, shifts.TABLE
    )
    left = sum(one.by is None for one in done)
    if left:
        said = ngettext("nobody can work {count} of them", "nobody can work {count} of them", left)
        app.echo(said.format(count=left))
    said = ngettext("{count} shift covered", "{count} shifts covered", len(done) - left)
    saved(app, said.format(count=len(done) - left), tx.sequence)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="Which month (else this one).")
@click.option(
    "--pattern", default="six-day", show_default=True, metavar="NAME", help="Shifts of this pattern."
)
@REASON
@pass_app
def support(app: App, month: str | None, pattern: str, reason: str | None) -> None:
    """Put inspectors and trainers on the telephones for their days of a month.

    \b
    Example:
      cskit call shift support --month 2026-12
    """
    first = month_of(app, month).first or app.today
    with app.transaction(reason=reason) as tx:
        made, left = supporting.support(app, tx, first, pattern)
    _made(app, made)
    for one in left:
        said = _("{name}: {have} of {want} days on the telephones")
        app.echo(said.format(name=one.person.name, have=one.have, want=one.want))
    said = ngettext("{count} shift laid out", "{count} shifts laid out", len(made))
    saved(app, said.format(count=len(made)), tx.sequence)


@click.command()
@click.option("--from", "first", metavar="DAY", help="The first day (else today).")
@click.option("--to", "last", metavar="DAY", help="The last day (else six days later).")
@pass_app
def gaps(app: App, first: str | None, last: str | None) -> None:
    """List the hours in which fewer people work than are needed.

    \b
    Example:
      cskit call shift gaps --from 2026-12-01 --to 2026-12-07
    """
    begins = day_of(first, "--from") if first else app.today
    ends = day_of(last, "--to") if last else begins + dt.timedelta(days=6)
    found = coverage.gaps(shifts.every(app.reading()), shiftlimits.load(app).need, app.zone, begins, ends)
    rows(app, (gap.row() for gap in found), _GAPS)
