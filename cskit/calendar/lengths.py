"""Lengths of working time as people write them: "3d", "4h", "1d 30m". Must not import click or a store."""

from __future__ import annotations

import re
from typing import NamedTuple

from cskit.i18n import _, ngettext

DAY, HOUR, MINUTE = "d", "h", "m"
_UNITS = {
    "d": DAY,
    "day": DAY,
    "days": DAY,
    "天": DAY,
    "日": DAY,
    "个工作日": DAY,
    "工作日": DAY,
    "h": HOUR,
    "hour": HOUR,
    "hours": HOUR,
    "小时": HOUR,
    "个小时": HOUR,
    "m": MINUTE,
    "min": MINUTE,
    "minutes": MINUTE,
    "分": MINUTE,
    "分钟": MINUTE,
}
_PART = re.compile(r"\s*(\d{1,6})\s*(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")(?![a-z])")
_SECONDS = {HOUR: 3600, MINUTE: 60}


class Length(NamedTuple):
    """So many working days, and so many seconds of working time after them.

    The two do not add up: a day is the same clock time on the next working day, however long that is.
    """

    days: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        """Return the length as `parse_length` reads it: "1d 4h"."""
        hours, minutes = divmod(self.seconds // 60, 60)
        parts = ((self.days, DAY), (hours, HOUR), (minutes, MINUTE))
        return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0h"

    def said(self) -> str:
        """Return the length as people say it, in the user's language."""
        days = ngettext("{count} working day", "{count} working days", self.days).format(count=self.days)
        if not self.seconds:
            return days if self.days else duration(0)
        return f"{days} {duration(self.seconds)}" if self.days else duration(self.seconds)


def parse_length(text: str) -> Length:
    """Read a length: days, hours and minutes, each once and in this order; raises `ValueError`."""
    counts: dict[str, int] = {}
    place = 0
    lowered = text.strip().lower()
    while place < len(lowered):
        part = _PART.match(lowered, place)
        if part is None or any(unit in counts for unit in _from(_UNITS[part[2]])):
            break
        counts[_UNITS[part[2]]] = int(part[1])
        place = part.end()
    if not counts or place < len(lowered):
        raise ValueError(_("expected a length such as 3d, 4h or 1d 30m"))
    seconds = sum(counts.get(unit, 0) * size for unit, size in _SECONDS.items())
    return Length(counts.get(DAY, 0), seconds)


def _from(unit: str) -> str:
    """Return a unit and the smaller ones, after which it cannot stand."""
    order = DAY + HOUR + MINUTE
    return order[order.index(unit) :]


def duration(seconds: int) -> str:
    """Return seconds as hours and minutes, such as "26 h 30 min"; below a minute as seconds."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    if 0 < seconds < 60:
        return _("{sign}{seconds} s").format(sign=sign, seconds=seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if not minutes:
        return _("{sign}{hours} h").format(sign=sign, hours=hours)
    if not hours:
        return _("{sign}{minutes} min").format(sign=sign, minutes=minutes)
    return _("{sign}{hours} h {minutes} min").format(sign=sign, hours=hours, minutes=minutes)


def face(seconds: int) -> str:
    """Return seconds as hours and minutes for a narrow column, such as "26:30"; "-0:05" is over."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}"
