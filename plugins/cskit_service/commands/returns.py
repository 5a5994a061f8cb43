"""Returns and exchanges at the command line: decided on, received, settled, summed up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE
from cskit.i18n import mark
from cskit.terminal.options import writes
from cskit_service.commands.moves import Act, columns, flow_of, period_of, quantity_of, take
from cskit_service.repairs import returns
from cskit_service.repairs.model import RETURNS, Return

_SHOWN = ("id", "product", "kind", "state", "refund", "replacement", "followup")


def _rows(found: Sequence[Return]) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in _SHOWN if getattr(one, name) is not None} for one in found]


def _take(
    app: App, ids: tuple[str, ...], where: str | None, asks: str, says: str, reason: str | None, act: Act
) -> None:
    take(app, RETURNS, ids, where, asks, says, reason, act, _rows, _SHOWN)


@click.command()
@IDS
@WHERE
@REASON
@pass_app
def approve(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
    """Approve returns and exchanges that somebody else took up.

    \b
    Example:
      cskit return approve RT-000001 --user S-002
    """
    _take(
        app,
        ids,
        where,
        mark("approve {records}"),
        mark("{records} approved"),
        reason,
        lambda tx, documents: returns.decide(app, tx, documents, "approve", reason),
    )


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why; kept in the record, too.")
@pass_app
def refuse(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Refuse returns and exchanges that somebody else took up.

    \b
    Example:
      cskit return refuse RT-000001 --reason "opened and used" --user S-002
    """
    _take(
        app,
        ids,
        where,
        mark("refuse {records}"),
        mark("{records} refused"),
        reason,
        lambda tx, documents: returns.decide(app, tx, documents, "refuse", reason),
    )


@click.command()
@IDS
@WHERE
@click.option("--condition", metavar="TEXT", help="What the goods are like.")
@REASON
@pass_app
def receive(
    app: App, ids: tuple[str, ...], where: str | None, condition: str | None, reason: str | None
) -> None:
    """Note that the goods are back, and in which condition.

    \b
    Example:
      cskit return receive RT-000002 --condition "complete, unused"
    """
    _take(
        app,
        ids,
        where,
        mark("note the goods of {records} as received"),
        mark("the goods of {records} received"),
        reason,
        lambda tx, documents: returns.receive(app, tx, documents, condition),
    )


@click.command()
@IDS
@WHERE
@click.option("--refund", metavar="AMOUNT", help="What is paid back.")
@click.option("--replacement", metavar="TEXT", help="What the customer gets instead.")
@REASON
@pass_app
def settle(
    app: App,
    ids: tuple[str, ...],
    where: str | None,
    refund: str | None,
    replacement: str | None,
    reason: str | None,
) -> None:
    """Settle returns with a refund, exchanges with a replacement.

    A follow-up is planned where a plugin makes them.

    \b
    Example:
      cskit return settle RT-000003 --refund 1280
    """
    paid = quantity_of(refund)
    _take(
        app,
        ids,
        where,
        mark("settle {records}"),
        mark("{records} settled"),
        reason,
        lambda tx, documents: returns.settle(app, tx, documents, refund=paid, replacement=replacement),
    )


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why nothing comes back.")
@pass_app
def cancel(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Cancel returns and exchanges before the goods are here.

    \b
    Example:
      cskit return cancel RT-000001 --reason "the customer keeps it"
    """
    _take(
        app,
        ids,
        where,
        mark("cancel {records}"),
        mark("{records} cancelled"),
        reason,
        lambda tx, documents: returns.cancel(app, tx, documents, reason),
    )


@click.command()
@click.option(
    "--by",
    type=click.Choice(["product", "cause", "kind", "in_warranty"]),
    default="product",
    help="What they are counted by.",
)
@click.option("--period", metavar="PERIOD", help="Asked for in 2026, 2026-10, or between two days A..B.")
@pass_app
def summary(app: App, by: str, period: str | None) -> None:
    """Sum up the returns and exchanges asked for in a period.

    \b
    Example:
      cskit return summary --by cause --period 2026-10
    """
    shown = [
        *columns(app, RETURNS, (by,)),
        Column("asked", "Asked for", "right", "integer"),
        Column("returns", "Returns", "right", "integer"),
        Column("exchanges", "Exchanges", "right", "integer"),
        Column("goods", "Pieces", "right", "integer"),
        Column("settled", "Settled", "right", "integer"),
        Column("refused", "Refused", "right", "integer"),
        Column("open", "Still open", "right", "integer"),
        Column("refunds", "Paid back", "right", "decimal"),
    ]
    rows(app, returns.summary(app, period_of(period), by), shown)


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a return can have, and what leads from one to another.

    \b
    Example:
      cskit return flow
    """
    flow_of(app, returns.FLOW)
