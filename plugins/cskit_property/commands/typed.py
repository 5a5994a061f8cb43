"""What several commands read and write alike: periods, days, amounts, tables of states."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

import click

from cskit import App, Column, Period, Usage, rows
from cskit.display import views
from cskit.facts import parse_period
from cskit.i18n import _
from cskit.records import parse_day, parse_time
from cskit.workflow import Workflow
from cskit_property import flows

PERIOD = click.option("--period", metavar="PERIOD", help="2026, 2026-10, or two days with .. between them.")
_CLOCK = re.compile(r"\d[:：]\d|T\d")
_FLOW = (
    Column("state", "State"),
    Column("title", "Title"),
    Column("verb", "Step"),
    Column("to", "Leads to"),
    Column("means", "Meaning"),
)


def period_of(text: str | None) -> Period:
    """Return the period that a text means, all time for None; raises `Usage`."""
    return parse_period(text) if text else Period()


def term_of(text: str) -> Period:
    """Return the period that a text means, which may be a quarter or a half-year; raises `Usage`."""
    found = re.fullmatch(r"(\d{4})-?([QqHh])([1-4])", text.strip(), re.ASCII)
    if found is None or (found[2] in "Hh" and int(found[3]) > 2):
        return parse_period(text)
    length = 3 if found[2] in "Qq" else 6
    first = length * (int(found[3]) - 1) + 1
    return parse_period(f"{found[1]}-{first:02d}..{found[1]}-{first + length - 1:02d}")


def month_of(text: str) -> dt.date:
    """Return the first day of the month that a text means; raises `Usage`."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise Usage(_("--month {month}: expected a month, such as 2026-10").format(month=text)) from None


def amount_of(text: str) -> Decimal:
    """Return the amount that a text means; raises `Usage`."""
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Usage(_("'{amount}' is no amount").format(amount=text), _("such as 1200 or 99.50"))
    return amount


def day_of(text: str | None, option: str) -> dt.date | None:
    """Return the day that an option names, None where it is not given; raises `Usage`."""
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None


def flow_of(app: App, workflow: Workflow) -> None:
    """Write a table of states as rows, or as a diagram."""
    if views.form(app) == "mermaid":
        views.document(app, workflow.mermaid())
    else:
        rows(app, flows.table(workflow), _FLOW)


def moment_of(app: App, text: str | None, option: str) -> dt.datetime | None:
    """Return the time that an option names, of a day alone its last second; raises `Usage`."""
    if text is None:
        return None
    try:
        moment = parse_time(text, app.zone)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None
    if _CLOCK.search(text):
        return moment
    day = moment.astimezone(app.zone).date()
    return dt.datetime.combine(day, dt.time(23, 59, 59), app.zone).astimezone(dt.UTC)
