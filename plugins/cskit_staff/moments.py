"""What is due about people, and what happened to them. Must not import click or a store.

Scores and pay stand in neither: who sees them is noted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Task, _
from cskit.i18n import label
from cskit.records import fields
from cskit.stored import decoder
from cskit_staff.facts import CONDUCT, COURSES, SITTINGS, TRAININGS
from cskit_staff.learning.exams import EXAMS
from cskit_staff.people import people, policy
from cskit_staff.people.model import Conduct
from cskit_staff.people.people import Person

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


# --- due ---------------------------------------------------------------------------------------------------


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield inductions and probations that end soon, and what waits for a second person's word.

    An end is due as many days before as the department's policy says: somebody has to decide until then.
    """
    ahead = dt.timedelta(days=policy.load(app).notice_days)
    names: dict[str, str] = {}
    for person in people.everybody(app.reading()):
        names[person.id] = person.name
        yield from _ending(person, until, ahead)
    for table, noun in CONDUCT.items():
        for one in map(decoder(table, Conduct), app.reading().read(table)):
            due = one.proposed_at.astimezone(app.zone).date() if one.proposed_at else one.on or app.today
            if one.state == "proposed" and due <= until:
                said = _("confirm the penalty of {name}: {what}")
                if noun == "staff reward":
                    said = _("confirm the reward of {name}: {what}")
                what = said.format(name=names.get(one.staff, one.staff), what=one.what)
                yield Task(due, what, noun, one.id, do=f"{noun} confirm {one.id}")


def _ending(person: Person, until: dt.date, ahead: dt.timedelta) -> Iterator[Task]:
    """Yield what ends for a person, so long ahead."""
    ends = {
        "induction": (person.induction_until, _("the induction of {name} ends on {day}")),
        "probation": (person.probation_until, _("the probation of {name} ends on {day}")),
    }
    day, said = ends.get(person.state, (None, ""))
    if day is not None and day - ahead <= until:
        what = said.format(name=person.name, day=day)
        yield Task(day - ahead, what, "staff", person.id, person.superior or "", do=f"staff show {person.id}")


# --- happened ----------------------------------------------------------------------------------------------


class _Held(msgspec.Struct, frozen=True, gc=False):
    id: str
    title: str
    on: dt.date | None = None


class _Took(msgspec.Struct, frozen=True, gc=False):
    id: str
    course: str
    staff: str
    state: str = "attended"


class _Sat(msgspec.Struct, frozen=True, gc=False):
    id: str
    exam: str
    staff: str
    on: dt.date


def timeline(app: App, staff: str) -> Iterator[Event]:
    """Yield a person's days of work, courses, exams, rewards and penalties."""
    reading = app.reading()
    for person in people.everybody(reading):
        if person.id == staff:
            yield from _work(person)
    yield from _learned(reading, staff)
    for table, noun in CONDUCT.items():
        for one in map(decoder(table, Conduct), reading.read(table)):
            if one.staff == staff:
                yield from _conduct(one, noun)


def _work(person: Person) -> Iterator[Event]:
    days = (
        (person.hired, _("first day of work")),
        (person.induction_until, _("induction ends")),
        (person.probation_until, _("probation ends")),
        (person.left, _("last day of work")),
    )
    for day, said in days:
        if day is not None:
            yield Event(day, said, "staff", person.id)


def _learned(reading: Reading, staff: str) -> Iterator[Event]:
    courses = {one.id: one for one in map(decoder(COURSES, _Held), reading.read(COURSES))}
    said = {
        "planned": _("is to attend {title}"),
        "attended": _("attended {title}"),
        "absent": _("was not at {title}"),
    }
    for took in map(decoder(TRAININGS, _Took), reading.read(TRAININGS)):
        course = courses.get(took.course)
        if took.staff == staff and course is not None and course.on is not None:
            yield Event(course.on, said[took.state].format(title=course.title), "staff training", took.id)
    exams = {one.id: one for one in map(decoder(EXAMS, _Held), reading.read(EXAMS))}
    for sat in map(decoder(SITTINGS, _Sat), reading.read(SITTINGS)):
        if sat.staff == staff:
            title = exams[sat.exam].title if sat.exam in exams else sat.exam
            yield Event(sat.on, _("sat the exam {title}").format(title=title), "staff exam sitting", sat.id)


def _conduct(one: Conduct, noun: str) -> Iterator[Event]:
    kind = _("reward") if noun == "staff reward" else _("penalty")
    state = label(one.state, fields(Conduct)["state"].choices[one.state])
    at = one.decided_at or one.proposed_at or one.on
    if at is not None:
        what = _("{kind}, {state}: {what}").format(kind=kind, state=state, what=one.what)
        yield Event(at, what, noun, one.id, one.decided_by or one.proposed_by or "")
