"""`grade schemes`, `grade explain`, `grade check`: what schemes say, and why."""

from __future__ import annotations

import click

from cskit import App, Column, mark, pass_app, rows
from cskit_grading import explaining

_EXPLAINED = (
    Column(
        "part",
        "Part",
        codes=(
            mark("fact"),
            mark("value"),
            mark("scope"),
            mark("keep"),
            mark("grade"),
            mark("test"),
            mark("literal"),
            mark("doubt"),
            mark("decided"),
            mark("next"),
            mark("held"),
        ),
    ),
    Column("name", "Name", kind="name"),
    Column("rule", "Rule"),
    Column("value", "Value"),
    Column("note", "Note"),
)


@click.command()
@click.argument("customer")
@click.option("--scheme", required=True, metavar="SCHEME", help="The scheme whose decision is explained.")
@pass_app
def explain(app: App, customer: str, scheme: str) -> None:
    """Show how a scheme decides on a customer, condition by condition.

    What is shown is what the code that decides did: the facts it read, each grade it tested, what decided,
    what is unknown and who would know it, and how far the next grade is.

    \b
    Example:
      cskit grade explain C-000001 --scheme order-volume
    """
    rows(app, explaining.explain(app, scheme, customer), _EXPLAINED)
