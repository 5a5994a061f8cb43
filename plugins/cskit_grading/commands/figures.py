"""The commands that show grades in figures: parse, ask, write."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from cskit import App, Column, Usage, pass_app, rows
from cskit.commands.today import Day
from cskit.i18n import _
from cskit_grading import figures
from cskit_grading.commands.columns import BEFORE, BY, CUSTOMER, GRADE, MOVE, REASON, SCHEME
from cskit_grading.model import MOVES

DAYS = 30  # what is new to somebody who looks once a month
_CHANGES = (
    Column("at", "At", kind="time"),
    CUSTOMER,
    SCHEME,
    BEFORE,
    GRADE,
    MOVE,
    BY,
    Column("recorded_by", "Recorded by"),
    REASON,
    Column("id", "ID", kind="name"),
)


@click.command()
@click.option("--since", type=Day(), metavar="DAY", help="From this day on (else the last 30 days).")
@click.option("--scheme", multiple=True, metavar="SCHEME", help="Only of this scheme; may be repeated.")
@click.option(
    "--move",
    multiple=True,
    type=click.Choice(list(MOVES)),
    metavar="MOVE",
    help="Only such moves: up, down …",
)
@pass_app
def changes(app: App, since: dt.date | None, scheme: tuple[str, ...], move: tuple[str, ...]) -> None:
    """Show which grades changed, newest first.

    \b
    Example:
      cskit grade changes --since 2026-11-01 --move down
    """
    first = since or app.today - dt.timedelta(days=DAYS)
    found = figures.changes(app, first, names=scheme, moves=move)
    if not rows(app, map(msgspec.structs.asdict, found), _CHANGES):
        app.echo(_("no grade changed since {day}").format(day=first))


@click.command()
@click.argument("scheme")
@click.argument("other", required=False)
@click.option("--by", metavar="FIELD", help="A field of the customers' cards (else region).")
@pass_app
def matrix(app: App, scheme: str, other: str | None, by: str | None) -> None:
    """Count customers by grade and region, or by two schemes.

    \b
    Example:
      cskit grade matrix order-volume --by kind
    """
    if other is not None and by is not None:
        raise Usage(_("give a second scheme or --by, not both"))
    found = (
        figures.by_scheme(app, scheme, other)
        if other is not None
        else figures.by_field(app, scheme, by or "region")
    )
    counts = (Column(name, title, "right", "integer") for name, title in found.heads)
    total = Column(figures.TOTAL, "Total", "right", "integer")
    rows(app, found.rows, [GRADE, Column("title", "Title"), *counts, total])
