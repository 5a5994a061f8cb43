"""Calendars for tests: a week's hours, and days that are not as their weekday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cskit.calendar import Calendar, Day
from cskit.calendar.files import parse_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE_TO_FIVE = ["09:00-17:00"]


def calendar(
    hours: list[str] | None = None,
    *,
    weekdays: str = "12345",
    zone: str = "Asia/Shanghai",
    days: Mapping[str, list[str]] | None = None,
    name: str = "test",
) -> Calendar:
    """Return a calendar worked at some hours on `weekdays` (Monday is 1); `days` are otherwise."""
    usual = parse_hours(hours or NINE_TO_FIVE)
    special = {dt.date.fromisoformat(day): parse_hours(texts) for day, texts in (days or {}).items()}

    def day(wanted: dt.date) -> Day:
        if wanted in special:
            return Day(special[wanted], "special")
        return Day(usual if str(wanted.isoweekday()) in weekdays else ())

    return Calendar(name, ZoneInfo(zone), day)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    """Return an instant from "2026-10-09 16:30" on the wall."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def said(moment: int, zone: str = "Asia/Shanghai") -> str:
    """Return an instant as the clock on the wall has it."""
    return dt.datetime.fromtimestamp(moment, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
