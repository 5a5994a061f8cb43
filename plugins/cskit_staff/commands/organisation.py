"""The organisation at the command line: the tree, headcount, job sheets, and patterns to begin with."""

from __future__ import annotations

from typing import cast

import click

from cskit import App, Column, mark, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import views
from cskit.i18n import ngettext
from cskit_staff.people import organisation, patterns, people


def _count(name: str, title: str) -> Column:
    return Column(name, title, "right", "integer")


_COUNTS = (
    _count("planned", mark("Planned")),
    _count("actual", mark("Actual")),
    _count("open", mark("To fill")),
)
_TREE = (
    Column("title", "Position"),
    Column("id", "Code", kind="name"),
    *_COUNTS,
    _count("planned_below", mark("Planned in all")),
    _count("actual_below", mark("Actual in all")),
)
_DATA = (
    _count("level", mark("Level")),
    Column("superior", "Superior", kind="name"),
    Column("department", "Department"),
    Column("people", "Staff", kind="list"),
)


@click.command()
@click.argument("position", required=False, metavar="[POSITION]")
@click.option("--people", "names", is_flag=True, help="Also who works in each position.")
@pass_app
def tree(app: App, position: str | None, names: bool) -> None:
    """Draw the organisation: positions below each other, planned and actual headcount.

    \b
    Example:
      cskit staff tree --people
    """
    tops, nowhere = organisation.tree(app, position)
    drawn = views.form(app) in views.PEOPLE
    rows(
        app,
        organisation.rows(tops, nowhere, drawn=drawn, names=names),
        _TREE if drawn else (*_TREE, *_DATA),
        people.POSITIONS,
    )


_BY = ("position", "department", "family", "group")
_TITLES = {
    "position": mark("Position"),
    "department": mark("Department"),
    "family": mark("Job family"),
    "group": mark("Group"),
}


@click.command()
@click.option(
    "--by", type=click.Choice(_BY), default="department", show_default=True, help="What is counted apart."
)
@pass_app
def headcount(app: App, by: str) -> None:
    """Count planned, actual and open posts.

    \b
    Example:
      cskit staff headcount --by position
    """
    counts = _COUNTS if by != "group" else _COUNTS[1:2]
    columns = (
        Column(by, _TITLES[by]),
        *((Column("title", "Title"),) if by == "position" else ()),
        *counts,
        _count("induction", mark("Induction")),
        _count("regular", mark("Regular")),
        _count("probation", mark("Probation")),
    )
    ids = () if views.form(app) in views.PEOPLE else (Column("people", "Staff", kind="list"),)
    rows(app, organisation.headcount(app, cast("organisation.By", by)), (*columns, *ids))


# --- patterns ----------------------------------------------------------------------------------------------

_PATTERNS = (
    Column("name", "Name", kind="name"),
    Column("title", "Title"),
    _count("positions", mark("Positions")),
    _count("people", mark("Planned people")),
    Column("source", "Source"),
)
_POSTS = (
    Column("title", "Position"),
    Column("code", "Code", kind="name"),
    Column("department", "Department"),
    _count("planned", mark("Planned")),
    Column("duties", "Duties", kind="list"),
)


@click.command("list")
@pass_app
def list_patterns(app: App) -> None:
    """List the organisations to begin with.

    \b
    Example:
      cskit staff organisation list
    """
    rows(app, patterns.listed(app), _PATTERNS)


@click.command("show")
@click.argument("name", metavar="NAME")
@pass_app
def show_pattern(app: App, name: str) -> None:
    """Show the positions of an organisation to begin with.

    \b
    Example:
      cskit staff organisation show typical-team
    """
    rows(app, patterns.posts(app, name, drawn=views.form(app) in views.PEOPLE), _POSTS)


@click.command("use")
@click.argument("name", metavar="NAME")
@click.option("--under", metavar="POSITION", help="The position of ours that its top is under.")
@REASON
@pass_app
def use_pattern(app: App, name: str, under: str | None, reason: str | None) -> None:
    """Add the positions of an organisation to ours, as one change.

    \b
    Example:
      cskit staff organisation use typical-team
    """
    with app.transaction(reason=reason) as tx:
        made = patterns.use(app, tx, name, under=under)
    rows(app, made, _MADE, people.POSITIONS)
    said = ngettext("{count} position added", "{count} positions added", len(made))
    saved(app, said.format(count=len(made)), tx.sequence)


_MADE = (Column("id", "Code", kind="name"), Column("title", "Position"), Column("superior", "Superior"))
