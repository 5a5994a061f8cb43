"""Checks of what a plugin says is due, and of what it says happened, for the demonstration's records."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from cskit import register
from cskit.app import App
from cskit.contract.subject import NotChecked, Subject
from cskit.declarations import Event, Task
from cskit.errors import CskitError
from cskit.i18n import _
from cskit.plugins.contributions import check
from cskit.plugins.isolation import FAILURES, quiet, told
from cskit.values import local_moment

_AHEAD = dt.timedelta(days=366)
_NO_ID = "no-such-id"
T = TypeVar("T")


def moments(subject: Subject) -> Iterator[str]:
    """Each task and event is well-formed, of a record that is there, and says what can be typed."""
    hooks = {
        hook for hook in ("cskit_tasks", "cskit_timeline") if subject.name in subject.app.plugins.having(hook)
    }
    if not hooks:
        raise NotChecked(_("it has no tasks and no events"))
    app = subject.trying()
    known = {
        one.command: {register.id_of(document) for document in app.reading().read(one.table)}
        for one in app.plugins.record_types.values()
    }
    if "cskit_tasks" in hooks:
        yield from _tasks(subject, app, known)
    if "cskit_timeline" in hooks:
        yield from _events(subject, app, known)


def _tasks(subject: Subject, app: App, known: Mapping[str, set[str]]) -> Iterator[str]:
    for until in (app.today, app.today + _AHEAD):
        tasks, fault = asked(subject, app, "cskit_tasks", Task, until=until)
        yield from fault
        for task in tasks:
            if not task.urgent and local_moment(task.due, app.zone)[0] > until:
                yield _("a task of {id} is due only on {due}, later than was asked for").format(
                    id=task.id, due=task.due
                )
            if task.do and not _typed(app, task.do):
                yield _("a task of {id} says `cskit {do}`, which is no command").format(
                    id=task.id, do=task.do
                )
            yield from _led(known, task)


def _events(subject: Subject, app: App, known: Mapping[str, set[str]]) -> Iterator[str]:
    for kind, ids in known.items():
        for own in [*sorted(ids)[:20], _NO_ID]:
            events, fault = asked(subject, app, "cskit_timeline", Event, kind=kind, id=own)
            yield from fault
            if events and own == _NO_ID:
                yield _("it has events of a {kind} that is not there").format(kind=kind)
                continue
            for event in events:
                yield from _led(known, event)


def asked(
    subject: Subject, app: App, hook: str, of: type[T], **arguments: object
) -> tuple[Sequence[T], list[str]]:
    """Return what a hook answers, and what is wrong with that."""
    try:
        with quiet():
            found = tuple(app.plugins.call(subject.name, hook, app=app, **arguments) or ())
    except CskitError as error:
        return (), [error.message]
    except FAILURES as error:
        return (), [f"{hook}: {told(error)}"]
    faults = [fault for item in found if (fault := check(item, of))]
    return (() if faults else found), faults


def _led(known: Mapping[str, set[str]], item: Task | Event) -> Iterator[str]:
    """Say which record a task or event is of that is not there."""
    if item.about not in known:
        yield _("'{about}' of {id} is no noun of records").format(about=item.about, id=item.id)
    elif item.id not in known[item.about]:
        yield _("there is no {about} {id}, of which it says something").format(about=item.about, id=item.id)


def _typed(app: App, line: str) -> bool:
    """Tell whether a line begins with a command."""
    try:
        words = shlex.split(line)
    except ValueError:
        return False
    return any(" ".join(words[:end]) in app.plugins.leaves for end in range(1, len(words) + 1))
