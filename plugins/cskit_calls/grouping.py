"""Calls by the hour, day, weekday, queue or agent, with the hours in which nobody called.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import NotFound, _, mark
from cskit.calendar.asking import WEEKDAYS
from cskit.importing import uninterrupted
from cskit.plugins.isolation import nearest
from cskit_calls.counted import Calls, Counted
from cskit_calls.figures import FIGURES, Group, Measuring

if TYPE_CHECKING:
    from cskit_calls.thresholds import Thresholds

BY: Mapping[str, str] = {
    "hour": mark("Hour"),
    "day": mark("Day"),
    "weekday": mark("Weekday"),
    "queue": mark("Queue"),
    "staff": mark("Agent"),
}
"""What calls can be counted apart by."""
Key = str | int


def by_of(name: str) -> str:
    """Return what calls are to be counted by; raises `NotFound` for what there is not."""
    if name not in BY:
        near = nearest(name, BY)
        raise NotFound(
            _("calls cannot be counted by '{name}'").format(name=name),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are {names}").format(names=_(", ").join(BY)),
        )
    return name


def groups(calls: Calls, by: str) -> Iterator[tuple[Key | None, Group]]:
    """Yield what calls are counted by, in order, each with its calls; None is what is not known.

    Of hours and days also those between the first and the last in which there were none.
    """
    sorted_: dict[Key | None, list[Counted]] = defaultdict(list)
    key = _key(calls, by)
    with uninterrupted():
        for call in calls.chosen:
            sorted_[key(call)].append(call)
        for one in [*_all(calls, by, sorted_), *([None] if None in sorted_ else [])]:
            group = Group(by, one)
            for call in sorted_.get(one, ()):
                group.add(call)
            yield one, group


def _key(calls: Calls, by: str) -> Callable[[Counted], Key | None]:
    of = calls.clock.of
    keys: Mapping[str, Callable[[Counted], Key | None]] = {
        "hour": lambda call: of(call).hour,
        "day": lambda call: of(call).day,
        "weekday": lambda call: of(call).weekday,
        "queue": lambda call: call.queue,
        "staff": lambda call: call.staff,
    }
    return keys[by]


def _all(calls: Calls, by: str, found: Iterable[Key | None]) -> Sequence[Key]:
    had: list[Any] = sorted(key for key in found if key is not None)
    if by == "weekday":
        return range(1, 8) if had else []
    if by == "hour":
        return range(had[0], had[-1] + 1) if had else []
    if by == "day" and (had or (calls.period.first and calls.period.last)):
        first = calls.period.first or dt.date.fromisoformat(had[0])
        last = calls.period.last or dt.date.fromisoformat(had[-1])
        return [(first + dt.timedelta(days=one)).isoformat() for one in range((last - first).days + 1)]
    return had


def together(calls: Calls) -> Group:
    """Return all calls that were chosen as one group."""
    group = Group()
    for call in calls.chosen:
        group.add(call)
    return group


def summary(calls: Calls, names: Sequence[str], thresholds: Thresholds) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure: its value, of how many calls, and its definition."""
    measuring, group = Measuring(calls.all, thresholds, calls.rota), together(calls)
    for name in names:
        kind = FIGURES[name]
        made = kind.formula(measuring, group)
        row: dict[str, Any] = {
            "figure": name,
            "title": _(kind.title),
            "n": made.n,
            "unit": kind.unit,
            "definition": kind.defined(thresholds),
        }
        yield row if made.value is None else row | {"value": made.value}


def stats(calls: Calls, by: str, names: Sequence[str], thresholds: Thresholds) -> Iterator[dict[str, Any]]:
    """Yield a row of figures for each group of calls; what cannot be known is left out."""
    measuring = Measuring(calls.all, thresholds, calls.rota)
    for key, group in groups(calls, by):
        row = _keyed(by, key)
        for name in names:
            value = FIGURES[name].formula(measuring, group).value
            if value is not None:
                row[name] = value
        yield row


def behind(calls: Calls, by: str, name: str, thresholds: Thresholds) -> Iterator[dict[str, Any]]:
    """Yield a row for each call that a figure counts, with the group it is in."""
    measuring, formula = Measuring(calls.all, thresholds, calls.rota), FIGURES[name].formula
    if not by:
        yield from ({"id": own} for own in formula(measuring, together(calls)).ids)
        return
    for key, group in groups(calls, by):
        for own in formula(measuring, group).ids:
            yield {**_keyed(by, key), "id": own}


def _keyed(by: str, key: Key | None) -> dict[str, Any]:
    """Return what a row is about: of a weekday its name, of an hour when it begins."""
    if key is None:
        return {}
    if by == "weekday":
        return {by: WEEKDAYS[int(key) - 1]}
    return {by: f"{key:02d}:00" if by == "hour" else key}
