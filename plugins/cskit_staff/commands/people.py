"""People at the command line: what became of targets, and what happened to somebody."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, register, rows, timeline
from cskit.display import views
from cskit.i18n import _, label
from cskit_staff import people, targets

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
