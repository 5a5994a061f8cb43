"""Training at the command line: what is needed, what a course did."""

from __future__ import annotations

import click

from cskit import App, Column, pass_app, rows
from cskit.display import views
from cskit_staff.learning import training

_NEEDS = (
    Column("topic", "Topic"),
    Column("noted", "Noted", "right", "integer"),
    Column("open", "Not met", "right", "integer"),
    Column("urgency", "Urgency", "right", "decimal"),
    Column("people", "Staff", kind="list"),
)
_REPORT = (
    Column("what", "Figure"),
    Column("value", "Value", "right", "decimal"),
    Column("n", "People", "right", "integer"),
    Column("few", "Few", kind="boolean"),
)


@click.command("needs")
@pass_app
def needs(app: App) -> None:
    """Show what the staff need to learn, the most wanted first.

    A need is met once its person has attended a course on the topic.

    \b
    Example:
      cskit staff training needs
    """
    rows(app, training.needs(app), _NEEDS)


@click.command("report")
@click.argument("course", metavar="COURSE")
@click.option("--fact", metavar="NAME", help="A figure about staff, in the months before and after.")
@click.option("--months", type=click.IntRange(1, 12), default=1, show_default=True, help="So many months.")
@pass_app
def report(app: App, course: str, fact: str | None, months: int) -> None:
    """Show who took a course, what they thought of it, and what it did.

    Scores before and after are compared for who has both; so is --fact, such as complaints.correct_rate.

    \b
    Example:
      cskit staff training report TC-0001
    """
    found = list(training.report(app, course, fact=fact, months=months))
    ids = () if views.form(app) in views.PEOPLE else (Column("ids", "Records", kind="list"),)
    rows(app, found, (*_REPORT, *ids))
