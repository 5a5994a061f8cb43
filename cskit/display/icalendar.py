"""What is due as a calendar file: RFC 5545, which Outlook, phones and web calendars read.

Tasks are events, not to-dos, since most calendars show no to-dos. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cskit.agenda import Due
from cskit.declarations import Task
from cskit.digests import blake2b
from cskit.i18n import _
from cskit.values import clean, encode_json

_WIDEST = 75
"""Octets in a line, its end left out (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(found: Sequence[Due], now: dt.datetime) -> str:
    """Return tasks as a calendar; imported again, a task takes the place of what it was before."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(found, now))


def _lines(found: Sequence[Due], now: dt.datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//cskit//today//EN", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{escaped(_('Customer service: what is due'))}"
    times: Counter[str] = Counter()
    for _when, plugin, task in found:
        own = _digest(plugin, task)
        times[own] += 1
        yield from _event(task, f"{own}-{times[own]}@cskit", now)
    yield "END:VCALENDAR"


def _event(task: Task, uid: str, now: dt.datetime) -> Iterator[str]:
    told = [f"{task.about} {task.id}", task.who, task.do and f"cskit {task.do}"]
    yield from ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_instant(now)}")
    if isinstance(task.due, dt.datetime):
        yield f"DTSTART:{_instant(task.due)}"
    else:
        yield f"DTSTART;VALUE=DATE:{task.due:%Y%m%d}"
    yield f"SUMMARY:{escaped(task.what)}"
    yield f"DESCRIPTION:{escaped(chr(10).join(filter(None, told)))}"
    if task.urgent:
        yield "PRIORITY:1"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _digest(plugin: str, task: Task) -> str:
    """Return what tells a task from others, whatever becomes of its time."""
    told = encode_json([plugin, task.about, task.id, task.do or task.what])
    return blake2b(told.encode(), digest_size=12).hexdigest()


def _instant(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a text as a value: no control character is let through, which the format has no place for."""
    plain = "\n".join(text.splitlines())
    return clean(plain, "\n\t").translate(_ESCAPED)


def folded(line: str) -> str:
    """Return a line of any length as lines of at most 75 octets, no character of which is torn apart."""
    return "\r\n ".join(_parts(line))


def _parts(line: str) -> Iterable[str]:
    start = octets = 0
    most = _WIDEST
    for place, letter in enumerate(line):
        size = len(letter.encode())
        if octets + size > most:
            yield line[start:place]
            start, octets, most = place, 0, _WIDEST - 1  # a further line begins with a space
        octets += size
    yield line[start:]
