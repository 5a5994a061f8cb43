"""What is due as people read it: under headings, each task with what to type for it.

Must not import click or a store.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from cskit.agenda import Due
from cskit.display.wrapping import wrapped
from cskit.i18n import _
from cskit.values import one_line, text

_INDENT = "  "
_TIME = len("2026-11-28 09:00")
_BESIDE = 2


def lines(found: Sequence[Due], zone: ZoneInfo, width: int | None) -> Iterator[str]:
    """Yield the lines of a list of tasks; long ones are broken where the terminal's `width` is known."""
    for number, (when, group) in enumerate(itertools.groupby(found, key=lambda one: one.when)):
        if number:
            yield ""
        heading = _(when)
        yield heading[:1].upper() + heading[1:]
        for one in group:
            yield from _task(one, zone, width)


def _task(one: Due, zone: ZoneInfo, width: int | None) -> Iterator[str]:
    task = one.task
    beside = " " * (len(_INDENT) + _TIME + _BESIDE)
    said = " · ".join(one_line(part) for part in (task.what, task.id, task.who) if part)
    parts = list(wrapped(said, max(width - len(beside), 20))) if width else [said]
    yield f"{_INDENT}{text(task.due, zone):<{_TIME + _BESIDE}}{parts[0]}"
    yield from (beside + part for part in parts[1:])
    if task.do:  # whole, however long, so that it can be copied
        yield f"{beside}$ cskit {one_line(task.do)}"
