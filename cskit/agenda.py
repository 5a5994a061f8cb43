"""What is to be done, from every plugin: checked, of whom it is asked, in the order to do it.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.declarations import Task
from cskit.errors import Usage
from cskit.i18n import _, mark
from cskit.values import local_moment

if TYPE_CHECKING:
    from cskit.app import App

WHEN = (mark("urgent"), mark("overdue"), mark("today"), mark("tomorrow"), mark("later"))
"""What a task stands under, in the order in which tasks are done."""


class Due(NamedTuple):
    """A task, the plugin it is from, and under which of `WHEN` it stands."""

    when: str
    plugin: str
    task: Task


class Agenda(NamedTuple):
    """What is due; how much else is due that is nobody's in particular, where one person's was asked for."""

    due: Sequence[Due]
    nobodys: int
    people: Sequence[str]
    """Everybody who has something due, asked for or not."""


def collect(app: App, until: dt.date | None = None, who: str | None = None) -> Agenda:
    """Return what is due by the end of the day `until` (today), overdue or not; of `who` alone if given.

    A plugin that fails is named and left out. Raises `Usage` for a day that is over.
    """
    last = app.today if until is None else until
    if last < app.today:
        said = _("--until {day} is over: today is {today}")
        raise Usage(said.format(day=last, today=app.today), _("what is overdue is always listed"))
    found = [
        Due(_when(app, task), plugin, task)
        for plugin, tasks in app.plugins.collect("cskit_tasks", Task, app=app, until=last)
        for task in tasks
        if task.urgent or local_moment(task.due, app.zone)[0] <= last
    ]
    people = sorted({one.task.who for one in found if one.task.who})
    nobodys = 0
    if who is not None:
        nobodys = sum(not one.task.who for one in found)
        found = [one for one in found if one.task.who == who]
    found.sort(key=lambda one: _order(app, one))
    return Agenda(found, nobodys, people)


def _when(app: App, task: Task) -> str:
    if task.urgent:
        return "urgent"
    day, _time = local_moment(task.due, app.zone)
    over = task.due < app.now if isinstance(task.due, dt.datetime) else day < app.today
    if over:
        return "overdue"
    left = (day - app.today).days
    return ("today", "tomorrow")[left] if left < 2 else "later"


def _order(app: App, one: Due) -> tuple[Any, ...]:
    """Return what is compared: a day without a time ends with the day."""
    day, time = local_moment(one.task.due, app.zone)
    task = one.task
    return WHEN.index(one.when), day, time or dt.time.max, task.about, task.id, task.what, task.do


def rows(found: Sequence[Due]) -> Iterator[dict[str, Any]]:
    """Yield a row for each task, without what it does not say."""
    for when, plugin, task in found:
        row = {"when": when, "due": task.due, "what": task.what, "about": task.about, "id": task.id}
        yield row | {
            name: value for name, value in (("who", task.who), ("do", task.do), ("plugin", plugin)) if value
        }
