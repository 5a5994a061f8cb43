"""What is due at estates, and what happened there. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from cskit import Event, Task, _
from cskit.stored import decoder
from cskit.values import local_moment, one_line
from cskit_property import limits
from cskit_property.checks import findings, rectifications, scores
from cskit_property.checks.inspection import Audit, Check, Happened, Patrol, Rectification
from cskit_property.estates import events, ranking
from cskit_property.estates.liaison import LiaisonEvent
from cskit_property.tenants import tenants

if TYPE_CHECKING:
    from cskit import App

_SHOWN = 30
"""So many characters of a finding stand in a task."""


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due at the estates by the end of a day, from one pass over each table."""
    found = chain(
        _rectifications(app), _events(app), _checks(app), _patrols(app, until), tenants.tasks(app, until)
    )
    yield from (task for task in found if task.urgent or local_moment(task.due, app.zone)[0] <= until)


def _rectifications(app: App) -> Iterator[Task]:
    for one in rectifications.every(app.reading()):
        if one.state == "open" and one.due is not None:
            said = _("put right at {project}: {finding}").format(
                project=one.project, finding=_short(one.finding)
            )
            do = f"property rectification done {one.id}"
            yield Task(one.due, said, "property rectification", one.id, one.owner or "", one.serious, do)
        elif one.state == "done" and one.done_at is not None:
            said = _("verify what {who} put right: {finding}")
            do = f"property rectification verify {one.id}"
            day = one.done_at.astimezone(app.zone).date()
            what = said.format(who=one.done_by, finding=_short(one.finding))
            yield Task(day, what, "property rectification", one.id, do=do)


def _events(app: App) -> Iterator[Task]:
    for one in events.pending(app.reading()):
        if one.due is not None:
            said = _("see through: {title}").format(title=_short(one.title))
            yield Task(
                one.due, said, "property event", one.id, one.owner or "", do=f"property event show {one.id}"
            )


def _checks(app: App) -> Iterator[Task]:
    for one in map(decoder(scores.CHECKS, Check), app.reading().read(scores.CHECKS)):
        if one.state == "drawn":
            left = sum(not item.recorded for item in one.items)
            said = _("check {project}: items left {left}").format(project=one.project, left=left)
            do = f"property check items {one.id} --left"
            yield Task(one.on, said, "property check", one.id, one.checker or "", do=do)


def _patrols(app: App, until: dt.date) -> Iterator[Task]:
    """Yield a task for each managed project that nobody has walked through for too long.

    One that was never patrolled is due today: nothing says since when.
    """
    reading = app.reading()
    last, days = findings.last_patrols(app, reading), limits.load(app).patrol_days
    for own, estate in ranking.estates(reading).items():
        if estate.state != "managed":
            continue
        due = last[own] + dt.timedelta(days=days) if own in last else app.today
        if due <= until:
            said = _("walk through {name}").format(name=estate.name)
            do = f"property patrol add {own}"
            yield Task(due, said, "property project", own, estate.staff or "", do=do)


# --- what happened -----------------------------------------------------------------------------------------


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened at a project: checks, findings put right, events, audits, patrols, tenants."""
    if kind != "property project":
        return
    reading = app.reading()
    for check in map(decoder(scores.CHECKS, Check), reading.read(scores.CHECKS)):
        if check.project == id and check.score is not None:
            said = _("checked by {standard}: score {score}, findings {findings}").format(
                standard=check.standard, score=check.score, findings=check.findings
            )
            yield Event(check.on, said, "property check", check.id, check.checker or "")
    for found in map(decoder(rectifications.TABLE, Rectification), reading.read(rectifications.TABLE)):
        if found.project == id:
            if found.found_at is not None:
                said = _("found: {finding}").format(finding=_short(found.finding))
                yield Event(found.found_at, said, "property rectification", found.id)
            yield from _steps("property rectification", found.id, found.steps)
    for one in map(decoder(events.TABLE, LiaisonEvent), reading.read(events.TABLE)):
        if one.project == id:
            yield from _of_event(one)
    yield from _walks(app, id)
    yield from tenants.timeline(app, id)


def _walks(app: App, project: str) -> Iterator[Event]:
    reading = app.reading()
    for audit in map(decoder(findings.AUDITS, Audit), reading.read(findings.AUDITS)):
        if audit.project == project:
            said = _("audited: {topic}; findings {findings}").format(
                topic=audit.topic, findings=audit.findings
            )
            yield Event(audit.on, said, "property audit", audit.id, audit.lead or "")
    for patrol in map(decoder(findings.PATROLS, Patrol), reading.read(findings.PATROLS)):
        if patrol.project == project and patrol.at is not None:
            said = _("patrolled: {seen}").format(seen=_short(patrol.seen or "–"))
            yield Event(patrol.at, said, "property patrol", patrol.id, patrol.staff or "")


def _of_event(one: LiaisonEvent) -> Iterator[Event]:
    if one.raised_at is not None:
        said = _("raised: {title}").format(title=_short(one.title))
        yield Event(one.raised_at, said, "property event", one.id, one.owner or "")
    for decision in one.decisions:
        said = _("decided: {text}").format(text=_short(decision.text))
        yield Event(decision.at, said, "property event", one.id, decision.by)
    yield from _steps("property event", one.id, one.steps)


def _steps(about: str, own: str, steps: list[Happened]) -> Iterator[Event]:
    known = {move.verb: str(move) for flow in (rectifications.FLOW, events.FLOW) for move in flow.moves}
    known["note"] = _("noted")
    for step in steps:
        what = known.get(step.what, step.what)
        said = f"{what}: {_short(step.text)}" if step.text else what
        yield Event(step.at, said, about, own, step.who)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
