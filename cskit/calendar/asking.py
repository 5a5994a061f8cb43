"""What people ask of a calendar: the days of a month, a deadline, the time between. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cskit.calendar.lengths import parse_length
from cskit.calendar.worktime import Calendar, Interval
from cskit.errors import Usage
from cskit.facts import parse_period
from cskit.i18n import _, mark
from cskit.records import parse_time

if TYPE_CHECKING:
    from cskit.app import App

WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


def days(app: App, calendar: Calendar, period: str | None) -> Iterator[dict[str, Any]]:
    """Yield a row for each day of a period such as 2026-10 or 2026; raises `Usage`."""
    asked = parse_period(period or f"{app.today:%Y-%m}")
    if asked.first is None or asked.last is None or (asked.last - asked.first).days > 3660:
        raise Usage(_("{period}: expected a year, a month or a day").format(period=period))
    for ordinal in range(asked.first.toordinal(), asked.last.toordinal() + 1):
        each = dt.date.fromordinal(ordinal)
        calendar.opening(int(dt.datetime.combine(each, dt.time(), calendar.zone).timestamp()))
        found = calendar.day(each)
        seconds = sum(end - start for start, end in found.hours)
        row = {"date": each, "weekday": WEEKDAYS[each.weekday()], "minutes": seconds // 60}
        texts = {"hours": " ".join(map(_written, found.hours)), "why": found.why}
        yield row | {key: text for key, text in texts.items() if text}


def deadline(app: App, calendar: Calendar, start: str, length: str) -> str:
    """Return the end of a length of working time from `start`, as ISO text in the calendar's zone."""
    try:
        asked = parse_length(length)
    except ValueError as error:
        raise Usage(_("'{length}': {fault}").format(length=length, fault=error)) from error
    return _iso(calendar.after(_moment(app, calendar, start), asked), calendar)


def between(app: App, calendar: Calendar, start: str, end: str) -> dict[str, Any]:
    """Return how much is worked between two times: `days` whole working days, or `minutes` in all."""
    first, last = _moment(app, calendar, start), _moment(app, calendar, end)
    if last < first:
        raise Usage(
            _("{end} is before {start}").format(start=start, end=end), _("give the earlier one first")
        )
    worked = calendar.worked(first, last)
    return {"days": calendar.days(first, last), "hours": round(worked / 3600, 2), "minutes": worked // 60}


def _moment(app: App, calendar: Calendar, text: str) -> int:
    if text == "now":
        return int(app.now.timestamp())
    try:
        return int(parse_time(text, calendar.zone).timestamp())
    except ValueError as error:
        raise Usage(_("'{text}': {fault}").format(text=text, fault=error)) from error


def _iso(moment: int, calendar: Calendar) -> str:
    """Return a time to the minute, unless it has seconds."""
    local = dt.datetime.fromtimestamp(moment, calendar.zone)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def _written(interval: Interval) -> str:
    """Return hours as a rule file has them; those of a night end on the next day."""
    start, end = (at if at <= 86_400 else at - 86_400 for at in interval)
    return f"{start // 3600:02}:{start // 60 % 60:02}-{end // 3600:02}:{end // 60 % 60:02}"
