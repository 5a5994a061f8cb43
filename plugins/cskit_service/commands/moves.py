"""What commands that take records a step on have alike: options, the table that is shown, what is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cskit import App, Column, Period, Usage, rows
from cskit.crud.choosing import chosen, saved
from cskit.display import views
from cskit.facts import parse_period
from cskit.i18n import _
from cskit.nouns import counted
from cskit.records import parse_day, parse_time
from cskit.store.protocol import Document, Transaction
from cskit.workflow import Workflow
from cskit_service import moving
from cskit_service.stock import stock

_FLOW = (
    Column("state", "State"),
    Column("title", "Title"),
    Column("verb", "Step"),
    Column("to", "Leads to"),
    Column("means", "Meaning"),
)
Act = Callable[[Transaction, Sequence[Document]], Sequence[Any]]


def take(
    app: App,
    table: str,
    ids: tuple[str, ...],
    where: str | None,
    asks: str,
    says: str,
    reason: str | None,
    act: Act,
    shown: Callable[[Sequence[Any]], Sequence[Mapping[str, Any]]],
    names: Sequence[str],
    titles: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Take the records that are meant a step on, and show where they are."""
    record_type = app.record_type(table)
    choice = chosen(app, record_type, ids, where, asks)
    views.form(app)  # refused before anything is saved
    with app.transaction(reason=reason) as tx:
        done = act(tx, choice.documents(app, tx))
    titled = [
        one._replace(choices=titles[one.name]) if titles and one.name in titles else one
        for one in columns(app, table, names)
    ]
    rows(app, shown(done), titled)
    saved(app, _(says).format(records=counted(record_type, len(done))), tx.sequence)


def columns(app: App, table: str, names: Sequence[str]) -> list[Column]:
    """Return fields of a record type as columns, with their own titles."""
    model = app.model(table)
    return [views.column(model, place) for place in views.places(model, names, "--fields")]


def flow_of(app: App, workflow: Workflow) -> None:
    """Write a table of states as rows, or as a diagram."""
    if views.form(app) == "mermaid":
        views.document(app, workflow.mermaid())
    else:
        rows(app, moving.table(workflow), _FLOW)


# --- what is typed -----------------------------------------------------------------------------------------


def period_of(text: str | None) -> Period:
    """Return the period that a text means, all time for None; raises `Usage`."""
    return parse_period(text) if text else Period()


def quantity_of(text: str | None) -> Decimal | None:
    """Return the number that an option means, None where it is not given; raises `Usage`."""
    return None if text is None else stock.amount(text)


def day_of(text: str | None, option: str) -> dt.date | None:
    """Return the day that an option names, None where it is not given; raises `Usage`."""
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None


def moment_of(app: App, text: str | None, option: str) -> dt.datetime | None:
    """Return the time that an option names, None where it is not given; raises `Usage`."""
    if text is None:
        return None
    try:
        return parse_time(text, app.zone)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None
