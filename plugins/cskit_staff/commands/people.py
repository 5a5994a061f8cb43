"""People at the command line: what became of targets, and what happened to somebody."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, register, rows, timeline
from cskit.crud.choosing import REASON, names_in
from cskit.display import views
from cskit.i18n import _, label
from cskit.nouns import counted, shortened
from cskit_staff import erasing
from cskit_staff.people import people, targets

_STATES = {"met": mark("met"), "missed": mark("missed"), "under_way": mark("under way")}
_SOURCES = {"facts": mark("counted"), "entered": mark("entered")}


def _reached() -> tuple[Column, ...]:
    return (
        Column("id", "ID", kind="name"),
        Column("whose", "Whose"),
        Column("measure", "Measure", kind="name"),
        Column("period", "Period", kind="name"),
        Column("plan", "Plan", "right", "decimal"),
        Column("actual", "Actual value", "right", "decimal"),
        Column("attained", "Attained %", "right", "decimal"),
        Column("state", "State", choices={code: _(text) for code, text in _STATES.items()}),
        Column("source", "Source", choices={code: _(text) for code, text in _SOURCES.items()}),
    )


@click.command()
@click.option("--period", metavar="PERIOD", help="2026, 2026-10 or 2026-Q4, and what lies in it; else all.")
@pass_app
def report(app: App, period: str | None) -> None:
    """Show targets with plan and actual.

    A measure that is a fact is counted; of several people it is their sum, or their mean. What was entered as
    actual goes before it. One person's score is shown with --reveal only. Where less is better, attained is
    plan by actual.

    \b
    Example:
      cskit staff target report --period 2026-Q4
    """
    people_look = views.form(app) in views.PEOPLE
    found = targets.rows(app, targets.reached(app, period, records=not people_look))
    more = (Column("people", "People", "right", "integer"), Column("records", "Records", kind="list"))
    rows(app, found, _reached() if people_look else (*_reached(), *more))


@click.command("timeline")
@click.argument("id", metavar="ID")
@pass_app
def timeline_(app: App, id: str) -> None:
    """Show everything known of a staff member, newest first.

    \b
    Example:
      cskit staff timeline S-001
    """
    (document,) = register.find(app, app.reading(), app.record_type(people.STAFF), [id])
    found = timeline.collect(app, "staff", register.id_of(document))
    nouns = {one.command: label(one.singular, one.zh) for one in app.plugins.record_types.values()}
    columns = (
        Column("at", "When", kind="time"),
        Column("what", "Event"),
        Column("about", "Record", kind="name", choices=nouns),
        Column("id", "ID"),
        Column("who", "By", kind="name"),
    )
    events = ({key: value for key, value in one._asdict().items() if value} for one in found)
    rows(app, events, columns)


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@REASON
@pass_app
def erase(app: App, ids: tuple[str, ...], reason: str | None) -> None:
    """Take the personal data of people who left out, for good.

    Their number, position, rank and days stay, and so do scores and attendance, so that figures of past years
    stay as they are; names, pay and whatever was said in words go. It cannot be undone. `cskit data compact`
    then takes the values out of the history, too.

    \b
    Example:
      cskit staff erase S-004 --yes
    """
    names = names_in(ids)
    record_type = app.record_type(people.STAFF)
    if names:
        app.confirm(_("erase for good the personal data of {records}").format(records=shortened(names, 5)))
    with app.transaction(reason=reason) as tx:
        gone = erasing.erase(app, tx, names)
    rows(app, ({"id": own} for own in gone), (Column("id", "ID", kind="name"),))
    if tx.sequence is not None:
        said = _("{records} erased; saved as {sequence}, which stays")
        app.echo(said.format(records=counted(record_type, len(gone)), sequence=tx.sequence))
        app.echo(_("`cskit data compact` takes what was erased out of the history, too"))
