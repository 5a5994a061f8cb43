"""Spare parts at the command line: received, issued, put back, counted, too few."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import REASON, saved
from cskit.display import views
from cskit.i18n import ngettext
from cskit_service.commands.moves import columns
from cskit_service.stock import stock
from cskit_service.stock.model import MOVEMENTS, PARTS, Movement

_WANTED = click.argument("parts", nargs=-1, required=True, metavar="PART[=QUANTITY]...")


def _tell(app: App, made: Sequence[Movement], sequence: int | None) -> None:
    """Show what was moved."""
    shown = columns(app, MOVEMENTS, ("id", "part", "kind", "quantity", "balance", "job"))
    rows(app, stock.moved(made), shown)
    said = ngettext("{count} movement booked", "{count} movements booked", len(made))
    saved(app, said.format(count=len(made)), sequence)


@click.command()
@_WANTED
@REASON
@pass_app
def receive(app: App, parts: tuple[str, ...], reason: str | None) -> None:
    """Put spare parts into stock.

    \b
    Example:
      cskit part receive SP-0002=20 --reason "purchase 2610-4"
    """
    wanted = stock.read(parts)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        made = stock.receive(app, tx, wanted, why=reason)
    _tell(app, made, tx.sequence)


@click.command()
@_WANTED
@click.option("--job", required=True, metavar="ID", help="The record they are for, such as a work order.")
@REASON
@pass_app
def issue(app: App, parts: tuple[str, ...], job: str, reason: str | None) -> None:
    """Take spare parts out of stock for a job.

    For a repair say `cskit repair parts`, which also reckons what it costs.

    \b
    Example:
      cskit part issue SP-0002=2 --job DP-000001
    """
    wanted = stock.read(parts)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        made = stock.issue(app, tx, wanted, job=job, why=reason)
    _tell(app, made, tx.sequence)


@click.command("return")
@_WANTED
@click.option("--job", required=True, metavar="ID", help="The record that did not need them.")
@REASON
@pass_app
def return_(app: App, parts: tuple[str, ...], job: str, reason: str | None) -> None:
    """Put spare parts back into stock that a job did not need.

    \b
    Example:
      cskit part return SP-0002 --job DP-000001
    """
    wanted = stock.read(parts)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        made = stock.take_back(app, tx, wanted, job=job, why=reason)
    _tell(app, made, tx.sequence)


@click.command()
@click.argument("counted", nargs=-1, required=True, metavar="PART=QUANTITY...")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may differ; kept with the difference.")
@pass_app
def stocktake(app: App, counted: tuple[str, ...], reason: str) -> None:
    """Book what was counted; a difference to the stock needs a reason.

    \b
    Example:
      cskit part stocktake SP-0002=18 --reason "stocktaking in October"
    """
    found = stock.read_counted(counted)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        made = stock.count(app, tx, found, why=reason)
    _tell(app, made, tx.sequence)


@click.command()
@pass_app
def low(app: App) -> None:
    """List spare parts below their minimum.

    \b
    Example:
      cskit part low
    """
    shown = [
        *columns(app, PARTS, ("id", "name", "stock", "minimum")),
        Column("missing", "Too few by", "right", "decimal"),
        *columns(app, PARTS, ("place", "supplier")),
    ]
    rows(app, stock.rows(stock.below_minimum(app.reading())), shown)
