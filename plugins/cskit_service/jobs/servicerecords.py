"""Service records: what was done, entered on the same day or late. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from cskit import Period, _
from cskit.errors import Problem
from cskit.intervals import wilson
from cskit.stored import decoder
from cskit.values import shown
from cskit_service.jobs import dispatching
from cskit_service.jobs.model import DISPATCHES, SERVICE_RECORDS
from cskit_service.lookup import Lookup
from cskit_service.servicelimits import WorkingDays
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

Shown = Literal["on_time", "late", "missing", "running"]


def due(days: WorkingDays, began: dt.datetime, ended: dt.datetime | None = None) -> dt.datetime:
    """Return until when a service is to be entered: the end of the working day on which it ended.

    A job that runs past midnight is due on the day it ended; what is served on a day without work, on the
    next working day (catalogue A11: the same day).
    """
    return days.same_day(ended or began)


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], list[Problem]]:
    """Return what completes service records from their work order, and says until when each was due."""

    jobs, days = Lookup(reading, DISPATCHES, dispatching.Job), WorkingDays(app)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        wrong = list(stock.below_zero(values, ("hours",)))
        if not new:
            return wrong
        job = jobs.get(values.get("dispatch"))
        values.setdefault("entered_at", app.now)
        if job is not None:
            values.setdefault("engineer", job.engineer)
            values.setdefault("customer", job.customer)
            values.setdefault("served_at", job.started_at or app.now)
        began, ended = values.get("served_at"), values.get("until")
        if not isinstance(began, dt.datetime):
            return wrong
        if isinstance(ended, dt.datetime) and ended < began:
            return [Problem(0, "until", shown(ended), _("is before the beginning"))]
        if began > app.now:
            return [Problem(0, "served_at", shown(began), _("has not happened yet"))]
        last = ended if isinstance(ended, dt.datetime) else _closed(job, began)
        values.setdefault("due", due(days, began, last))
        return wrong

    return prepared


def _closed(job: dispatching.Job | None, began: dt.datetime) -> dt.datetime | None:
    return job.closed_at if job is not None and job.closed_at is not None and job.closed_at >= began else None


# --- the clock ---------------------------------------------------------------------------------------------


class Entered(msgspec.Struct, frozen=True, gc=False):
    """What the clock needs of a stored record."""

    id: str
    dispatch: str
    engineer: str | None = None
    customer: str | None = None
    served_at: dt.datetime | None = None
    entered_at: dt.datetime | None = None
    due: dt.datetime | None = None


class Clock(NamedTuple):
    """What is known of the record of one service: of which work order, until when, and whether in time."""

    dispatch: str
    engineer: str | None
    mode: str
    day: dt.date
    due: dt.datetime
    shown: Shown
    record: str | None


def clocks(app: App, period: Period = dispatching.ALWAYS) -> Iterator[Clock]:
    """Yield the clock of every service of a period that has begun, from one pass over each table.

    A work order that was begun or closed needs a record; one that has several is shown with each.
    """
    reading, days = app.reading(), WorkingDays(app)
    entered: dict[str, list[Entered]] = {}
    for one in map(decoder(SERVICE_RECORDS, Entered), reading.read(SERVICE_RECORDS)):
        entered.setdefault(one.dispatch, []).append(one)
    for job in dispatching.jobs(reading):
        for record in entered.get(job.id, ()):
            if (clock := _of_record(app, job, record)) is not None and period.holds(clock.day):
                yield clock
        began = job.started_at or job.closed_at
        if job.id in entered or began is None or job.state == "cancelled" or began > app.now:
            continue
        until = due(days, began, _closed(job, began))
        day = began.astimezone(app.zone).date()
        if period.holds(day):
            shown: Shown = "missing" if until < app.now else "running"
            yield Clock(job.id, job.engineer, job.mode, day, until, shown, None)


def _of_record(app: App, job: dispatching.Job, one: Entered) -> Clock | None:
    if one.served_at is None or one.due is None or one.entered_at is None:
        return None
    day = one.served_at.astimezone(app.zone).date()
    shown: Shown = "on_time" if one.entered_at <= one.due else "late"
    return Clock(job.id, one.engineer or job.engineer, job.mode, day, one.due, shown, one.id)


def stats(app: App, period: Period, by: Literal["engineer", "mode"]) -> Iterator[dict[str, Any]]:
    """Yield a row for each engineer or mode: services, entered on time, late, missing, and the share.

    What is still running is in neither side of the share; the interval is Wilson's at 95 %.
    """
    found: dict[str, Counter[str]] = {}
    for clock in clocks(app, period):
        found.setdefault(getattr(clock, by) or "", Counter())[clock.shown] += 1
    for name, counts in sorted(found.items()):
        decided = counts["on_time"] + counts["late"] + counts["missing"]
        row: dict[str, Any] = {
            by: name,
            "services": counts.total(),
            "on_time": counts["on_time"],
            "late": counts["late"],
            "missing": counts["missing"],
            "running": counts["running"],
        }
        if decided:
            low, high = wilson(counts["on_time"], decided)
            row |= {
                "rate": round(100 * counts["on_time"] / decided, 1),
                "low": round(low, 1),
                "high": round(high, 1),
            }
        yield row


def missing_rows(app: App, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a row for each service of which no record was entered, the longest overdue first."""
    found = [one for one in clocks(app, period) if one.record is None]
    for one in sorted(found, key=lambda clock: (clock.due, clock.dispatch)):
        yield {
            "dispatch": one.dispatch,
            "engineer": one.engineer,
            "mode": one.mode,
            "day": one.day,
            "due": one.due,
            "shown": one.shown,
        }
