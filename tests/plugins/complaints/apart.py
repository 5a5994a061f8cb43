"""The help desk's figures reckoned apart from cskit: its own loop over rows, its own calendar.

The promise is an answer within one working day of 9–12 and 13–18 in Shanghai; waiting does not count.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
WAITS, ANSWERS, WORKS = (
    ("Wait", "Require upgrade"),
    ("Resolve ticket", "RESOLVED", "Closed"),
    "Take in charge ticket",
)


@cache
def hours(day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return what is worked on a day."""
    if not chinese_calendar.is_workday(day):
        return []
    return [
        tuple(dt.datetime.combine(day, dt.time(hour), ZONE) for hour in pair) for pair in ((9, 12), (13, 18))
    ]  # type: ignore[misc]  # two each


def worked(start: dt.datetime, end: dt.datetime) -> float:
    """Return the working seconds between two times, day by day."""
    days = (start.date() + dt.timedelta(days=n) for n in range((end.date() - start.date()).days + 1))
    spans = ((max(a, start), min(b, end)) for day in days for a, b in hours(day))
    return sum((b - a).total_seconds() for a, b in spans if a < b)


def deadline(start: dt.datetime) -> dt.datetime:
    """Return the same time of day on the next working day, from the next opening where nobody works."""
    day = start.date()
    while not (left := [(a, b) for a, b in hours(day) if start <= b]):
        day += dt.timedelta(days=1)
    start = max(start, left[0][0])
    day += dt.timedelta(days=1)
    while not hours(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, start.timetz())


def figures(log: Path, now: dt.datetime) -> dict[str, float]:
    """Return the share answered on time, the share of time waited, and how often cases were reopened."""
    cases: dict[str, list[tuple[dt.datetime, str]]] = {}
    with gzip.open(log, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = dt.datetime.fromisoformat(row["time:timestamp"]).astimezone(ZONE)
            cases.setdefault(row["case"], []).append((at, row["concept:name"]))
    met = missed = reopened = 0
    waited = lived = 0.0
    for rows in cases.values():
        rows.sort(key=lambda row: row[0])
        started = since = rows[0][0]
        running, waiting, used, paused, stopped = True, None, 0.0, 0.0, now
        for at, what in rows:
            if running and waiting is not None and what in (*ANSWERS, WORKS):
                paused, waiting = paused + worked(waiting, at), None
                since = at
            if running and what in WAITS and waiting is None:
                used, waiting = used + worked(since, at), at
            elif running and what in ANSWERS:
                used, running, stopped = used + worked(since, at), False, at
            elif not running and what == WORKS:
                running, since, stopped, reopened = True, at, now, reopened + 1
        if running:
            used += 0 if waiting else worked(since, now)
            paused += worked(waiting, now) if waiting else 0
        late = used > worked(started, deadline(started))
        met, missed = met + (not running and not late), missed + late
        waited, lived = waited + paused, lived + worked(started, stopped)
    return {
        "on-time": round(100 * met / (met + missed), 1),
        "waiting": round(100 * waited / lived, 1),
        "reopenings": reopened,
    }
