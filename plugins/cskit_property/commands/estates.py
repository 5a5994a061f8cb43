"""Projects at the command line: buildings, ranking, what happened there; the service standards."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, register, rows, timeline
from cskit.crud.choosing import REASON, saved
from cskit.i18n import _
from cskit_property.checks import standards
from cskit_property.commands.typed import PERIOD, period_of
from cskit_property.estates import estates, ranking, reading

_RANKED = (
    Column("rank", "Rank", "right", "integer"),
    Column("project", "Project", kind="name"),
    Column("name", "Name"),
    Column("score", "Score", "right", "decimal"),
    Column("checks", "Checks", "right", "integer"),
    Column("findings", "Findings", "right", "integer"),
    Column("serious", "Serious", "right", "integer"),
    Column("on_time", "On time %", "right", "decimal"),
    Column("satisfaction", "Satisfaction", "right", "decimal"),
    Column("open_events", "Open events", "right", "integer"),
)
_HAPPENED = (
    Column("at", "Time", kind="time"),
    Column("what", "What"),
    Column("about", "About"),
    Column("id", "ID", kind="name"),
    Column("who", "By whom"),
)
_STANDARDS = (
    Column("name", "Name", kind="name"),
    Column("title", "Title"),
    Column("items", "Items", "right", "integer"),
    Column("points", "Worth", "right", "integer"),
    Column("source", "Source"),
)
_ITEMS = (
    Column("item", "Checked item", kind="name"),
    Column("area", "Area"),
    Column("text", "What is looked at"),
    Column("points", "Worth", "right", "integer"),
    Column("serious", "Serious", kind="boolean"),
)


@click.command()
@click.argument("project")
@click.option("--name", required=True, metavar="NAME", help="The building's name, such as 1#.")
@click.option("--floors", type=click.IntRange(min=1), metavar="N", help="How many floors it is to have.")
@click.option("--built", type=click.IntRange(min=0), metavar="N", help="How many of them stand.")
@click.option("--units", type=click.IntRange(min=0), metavar="N", help="How many homes or offices are in it.")
@REASON
@pass_app
def building(
    app: App,
    project: str,
    name: str,
    floors: int | None,
    built: int | None,
    units: int | None,
    reason: str | None,
) -> None:
    """Put down a building of a project, or how far it has come.

    \b
    Example:
      cskit property project building PJ-001 --name 1# --floors 31 --built 16
    """
    with app.transaction(reason=reason) as tx:
        one = estates.put_building(app, tx, project, building=name, floors=floors, built=built, units=units)
    said = _("building {name}: {built} of {floors} floors stand")
    saved(app, said.format(name=one.name, built=one.built, floors=one.floors), tx.sequence)


@click.command("timeline")
@click.argument("id")
@pass_app
def timeline_(app: App, id: str) -> None:
    """Show everything every plugin knows of a project, newest first.

    \b
    Example:
      cskit property project timeline PJ-001
    """
    (document,) = register.find(app, app.reading(), app.record_type(estates.PROJECTS), [id])
    found = timeline.collect(app, "property project", register.id_of(document))
    rows(app, reading.happened(found), _HAPPENED)


@click.command()
@PERIOD
@pass_app
def rank(app: App, period: str | None) -> None:
    """Rank the projects by what their checks scored.

    \b
    Example:
      cskit property rank --period 2026-10
    """
    rows(app, ranking.ranked(app, period_of(period)), _RANKED)


@click.command("list")
@pass_app
def standards_(app: App) -> None:
    """List the service standards there are.

    \b
    Example:
      cskit property standard list
    """
    rows(app, reading.standards(app), _STANDARDS)


@click.command("show")
@click.argument("standard")
@pass_app
def standard(app: App, standard: str) -> None:
    """Show what a service standard looks at.

    \b
    Example:
      cskit property standard show residential
    """
    rows(app, reading.items(standards.load(app, standard).value), _ITEMS)
