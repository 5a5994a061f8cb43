"""`grade schemes`, `grade explain`, `grade check`: what schemes say, and why."""

from __future__ import annotations

import click

from cskit import App, BadData, Column, mark, ngettext, pass_app, rows
from cskit.i18n import _
from cskit_grading import available, checking, explaining

_SCHEMES = (
    Column("scheme", "Scheme", kind="name"),
    Column("title", "Title"),
    Column("grades", "Grades"),
    Column("runs", "Runs", kind="boolean"),
    Column("note", "Note"),
    Column("needs", "Needs"),
    Column("source", "Source"),
    Column("ours", "Ours"),
    Column("origin", "From"),
)
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
@pass_app
def schemes(app: App) -> None:
    """List the grading schemes, with their source and what they need.

    They stand in the order in which they run: each after those whose grades it needs.

    \b
    Example:
      cskit grade schemes --fields scheme,title,grades
    """
    rows(app, available.listed(app), _SCHEMES)


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


_FINDINGS = (
    Column(
        "kind",
        "Kind",
        codes=(
            mark("fault"),
            mark("fact"),
            mark("unused"),
            mark("unreachable"),
            mark("unreached"),
            mark("uncovered"),
            mark("borderline"),
            mark("part"),
        ),
    ),
    Column("where", "Where", kind="name"),
    Column("what", "What"),
    Column("example", "Example"),
)


@click.command()
@click.argument("scheme", metavar="SCHEME|FILE.toml")
@click.option("--literal", is_flag=True, help="Probe the rules exactly as the source states them.")
@pass_app
def check(app: App, scheme: str, literal: bool) -> None:
    """Look a scheme over: unknown facts, grades out of reach, cells no grade covers.

    The values around every threshold are tried in all their combinations, and those that no grade covers, or
    only as borderline, are put together to conditions. Exit code 5 says that something must be put right.

    \b
    Example:
      cskit grade check order-volume --literal
    """
    found = checking.check(app, scheme, literal=literal)
    rows(app, ({key: value for key, value in one._asdict().items() if value} for one in found), _FINDINGS)
    wrong = sum(one.kind in checking.WRONG for one in found)
    if wrong:
        raise BadData(
            ngettext("{count} fault in {scheme}", "{count} faults in {scheme}", wrong).format(
                count=wrong, scheme=scheme
            )
        )
    if not found:
        app.echo(_("{scheme} is well: every case has a grade").format(scheme=scheme))
