"""Requests and work orders at the command line: proposed, begun, closed; what lies in the same time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from cskit import App, Column, pass_app, rows
from cskit.crud.choosing import IDS, REASON, WHERE
from cskit.i18n import mark
from cskit.terminal.options import writes
from cskit_service.commands.moves import columns, flow_of, period_of, take
from cskit_service.jobs import dispatching
from cskit_service.jobs.model import DISPATCHES, REQUESTS, Dispatch, Request

_MOVED = ("id", "request", "engineer", "mode", "started_at", "closed_at", "state")


def _dispatches(found: Sequence[Dispatch]) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in _MOVED if getattr(one, name) is not None} for one in found]


def _requests(found: Sequence[Request]) -> list[dict[str, Any]]:
    return [{"id": one.id, "subject": one.subject, "state": one.state} for one in found]


@click.command("cancel")
@IDS
@WHERE
@REASON
@pass_app
def cancel_request(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
    """Cancel requests for which nobody was sent.

    \b
    Example:
      cskit request cancel RQ-000001 --reason "asked twice"
    """
    take(
        app,
        REQUESTS,
        ids,
        where,
        mark("cancel {records}"),
        mark("{records} cancelled"),
        reason,
        lambda tx, documents: dispatching.cancel_requests(app, tx, documents),
        _requests,
        ("id", "subject", "state"),
    )


@click.command()
@click.argument("requests", nargs=-1, required=True, metavar="REQUEST...")
@pass_app
def propose(app: App, requests: tuple[str, ...]) -> None:
    """Propose who goes: the original engineer, how urgent it is, what else they have that day.

    Who goes first is said by the customer's grades, where a plugin keeps them.

    \b
    Example:
      cskit dispatch propose RQ-000001
    """
    shown = [
        *columns(app, DISPATCHES, ("request", "customer")),
        Column("engineer", "Original engineer", kind="name"),
        Column("job", "Known from", kind="name"),
        *columns(app, DISPATCHES, ("priority", "tier")),
        Column("day", "Day planned", kind="date"),
        Column("jobs", "Jobs that day", "right", "integer"),
    ]
    rows(app, dispatching.proposed(app, requests), shown)


def _take(
    app: App,
    verb: str,
    ids: tuple[str, ...],
    where: str | None,
    asks: str,
    says: str,
    reason: str | None,
    text: str | None = None,
) -> None:
    take(
        app,
        DISPATCHES,
        ids,
        where,
        asks,
        says,
        reason,
        lambda tx, documents: dispatching.move(app, tx, documents, verb, text),
        _dispatches,
        _MOVED,
    )


@click.command()
@IDS
@WHERE
@REASON
@pass_app
def start(app: App, ids: tuple[str, ...], where: str | None, reason: str | None) -> None:
    """Note that work orders are begun.

    The service is to be entered on the same day: see `cskit service-record add`.

    \b
    Example:
      cskit dispatch start DP-000001
    """
    _take(app, "start", ids, where, mark("begin {records}"), mark("{records} begun"), reason)


@click.command()
@IDS
@WHERE
@click.option("--result", metavar="TEXT", required=True, help="What came out.")
@REASON
@pass_app
def close(app: App, ids: tuple[str, ...], where: str | None, result: str, reason: str | None) -> None:
    """Close work orders, with what came out.

    The request is done when none of its work orders is open.

    \b
    Example:
      cskit dispatch close DP-000001 --result "filter replaced"
    """
    _take(app, "close", ids, where, mark("close {records}"), mark("{records} closed"), reason, result)


@click.command()
@IDS
@WHERE
@click.option("--reason", metavar="TEXT", required=True, help="Why nobody goes; kept in the work order, too.")
@pass_app
def cancel(app: App, ids: tuple[str, ...], where: str | None, reason: str) -> None:
    """Cancel work orders.

    \b
    Example:
      cskit dispatch cancel DP-000002 --reason "the customer put it right"
    """
    _take(app, "cancel", ids, where, mark("cancel {records}"), mark("{records} cancelled"), reason, reason)


@click.command()
@click.option("--period", metavar="PERIOD", help="Planned in 2026-10, or between two days A..B.")
@pass_app
def overlaps(app: App, period: str | None) -> None:
    """List work orders of an engineer that lie in the same time.

    \b
    Example:
      cskit dispatch overlaps --period 2026-10
    """
    shown = [
        *columns(app, DISPATCHES, ("engineer",)),
        Column("first", "First order", kind="name"),
        Column("from", "First begins", kind="time"),
        Column("until", "First ends", kind="time"),
        Column("second", "Second order", kind="name"),
        Column("at", "Second begins", kind="time"),
        Column("to", "Second ends", kind="time"),
    ]
    rows(app, dispatching.overlap_rows(app, period_of(period)), shown)


@writes("mermaid")
@click.command()
@pass_app
def flow(app: App) -> None:
    """Show which states a work order can have, and what leads from one to another.

    \b
    Example:
      cskit dispatch flow
    """
    flow_of(app, dispatching.FLOW)
