"""Commands that show what cases go by: the flow, the categories, one case's course."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.display import views
from cskit.terminal.options import writes
from cskit_complaints import showing
from cskit_complaints.flow import FLOW

_FLOW = (
    Column("state", "State"),
    Column("title", "Title"),
    Column("verb", "Command"),
    Column("to", "Leads to"),
    Column("means", "Meaning"),
)
_CATEGORIES = (
    Column("code", "Code"),
    Column("title", "Title"),
    Column("part", "Part of the monthly sheet"),
    Column("path", "Path"),
)
_COURSE = (
    Column("at", "Time", kind="time"),
    Column("what", "Event"),
    Column("state", "State then"),
    Column("who", "By whom"),
    Column("details", "Details"),
)


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a case can have, and what leads from one to another.

    \b
    Example:
      cskit case flow -o mermaid
    """
    if views.form(app) == "mermaid":
        views.document(app, FLOW.mermaid())
    else:
        rows(app, showing.flow(), _FLOW)


@click.command()
@click.option("--tree", metavar="NAME", help="Only this tree.")
@pass_app
def categories(app: App, tree: str | None) -> None:
    """List the categories that cases can have.

    \b
    Example:
      cskit case categories --tree power
    """
    rows(app, showing.categories(app, tree), _CATEGORIES)


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_app
def track(app: App, ids: tuple[str, ...]) -> None:
    """Show the course of cases: what happened, what was promised, what is still to come.

    \b
    Example:
      cskit case track CP-20261122-003
    """
    rows(app, showing.course(app, ids), _COURSE)
