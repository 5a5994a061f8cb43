"""Training: what is needed, and what a course did. Must not import click or a store.

The effect of a course is what those who took it score after it, less what they scored before it; and, where a
fact is named, what that says of their months before and after. Both are paired: only who has both counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Usage, _, facts, register
from cskit.stored import decoder
from cskit.where.terms import plus_months
from cskit_staff.facts import COURSES, TRAININGS
from cskit_staff.learning.learning import Course, Need, Training
from cskit_staff.people import people, policy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

NEEDS = "staff_needs"


# --- what is needed ----------------------------------------------------------------------------------------


class _Given(msgspec.Struct, frozen=True, gc=False):
    id: str
    topic: str | None = None
    on: dt.date | None = None


def needs(app: App) -> list[dict[str, Any]]:
    """Return a row for each topic that somebody needs, the most wanted first: how many, how urgent, met.

    A need is met once its person attended a course on the topic, on the day it was noted or later. Only who
    still works here counts. Each table is read once.
    """
    reading = app.reading()
    here = {person.id for person in people.everybody(reading) if person.works_on(app.today)}
    taught = _taught(reading)
    found: dict[str, list[tuple[Need, bool]]] = {}
    for need in map(decoder(NEEDS, Need), reading.read(NEEDS)):
        if need.staff in here:
            last = taught.get((need.staff, need.topic))
            met = last is not None and (need.on is None or last >= need.on)
            found.setdefault(need.topic, []).append((need, met))
    rows = [_topic(topic, noted) for topic, noted in found.items()]
    return sorted(rows, key=lambda row: (-row["open"], -row["urgency"], row["topic"]))


def _taught(reading: Reading) -> dict[tuple[str, str], dt.date]:
    """Return the last day on which somebody attended a course on a topic."""
    courses = {one.id: one for one in map(decoder(COURSES, _Given), reading.read(COURSES))}
    found: dict[tuple[str, str], dt.date] = {}
    for one in map(decoder(TRAININGS, Training), reading.read(TRAININGS)):
        course = courses.get(one.course)
        if course is not None and course.topic and course.on and one.state == "attended":
            key = (one.staff, course.topic)
            found[key] = max(found.get(key, course.on), course.on)
    return found


def _topic(topic: str, noted: Sequence[tuple[Need, bool]]) -> dict[str, Any]:
    waiting = [need for need, met in noted if not met]
    return {
        "topic": topic,
        "noted": len(noted),
        "open": len(waiting),
        "urgency": round(Decimal(sum(need.urgency for need, _met in noted)) / len(noted), 1),
        "people": sorted({need.staff for need in waiting}),
    }


# --- what a course did -------------------------------------------------------------------------------------


def report(app: App, name: str, *, fact: str | None = None, months: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the figures of a course: who was there, what they thought, what it did (catalogue F19).

    `fact` is a number about staff that is asked for the `months` calendar months before the course's month
    and after it. Raises `NotFound` for a course or fact that there is not, `Usage` for a fact that is no
    number, or while those months are not over.
    """
    reading = app.reading()
    (document,) = register.find(app, reading, app.record_type(COURSES), [name])
    course = decoder(COURSES, Course)(document)
    took = [
        one for one in map(decoder(TRAININGS, Training), reading.read(TRAININGS)) if one.course == course.id
    ]
    there = [one for one in took if one.state == "attended"]
    yield _figure(_("invited"), len(took), took)
    yield _figure(_("attended"), len(there), there)
    heard = [one for one in there if one.feedback is not None]
    yield _figure(_("feedback, 1–5"), _mean([one.feedback or 0 for one in heard]), heard)
    few = policy.load(app).few
    tested = [one for one in there if one.before is not None and one.after is not None]
    yield from _effect(_("score"), [(one.before, one.after, one) for one in tested], few)
    if fact is not None:
        yield from _effect(fact, _around(app, course, there, fact, months), few)


def _figure(what: str, value: Any, from_: Iterable[Training]) -> dict[str, Any]:
    ids = [one.id for one in from_]
    return {"what": what, "value": value, "n": len(ids), "ids": ids}


def _mean(values: Sequence[Decimal | int]) -> Decimal | None:
    return round(Decimal(sum(values)) / len(values), 2) if values else None


_Pair = tuple[Any, Any, Training]


def _effect(what: str, pairs: Sequence[_Pair], few: int) -> Iterator[dict[str, Any]]:
    """Yield what something was before and after, and the difference; marked where few people have both.

    The mean of one person would be that person's score, which is nobody else's to see: it is left out.
    """
    sides = ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    before, after = (_mean(side) if len(side) > 1 else None for side in sides)
    from_ = [training for _before, _after, training in pairs]
    marked = {"few": len(pairs) < few}
    yield _figure(_("{what}, before").format(what=what), before, from_) | marked
    yield _figure(_("{what}, after").format(what=what), after, from_) | marked
    change = after - before if after is not None and before is not None else None
    yield _figure(_("{what}, change").format(what=what), change, from_) | marked


def _around(app: App, course: Course, there: Sequence[Training], fact: str, months: int) -> list[_Pair]:
    """Return what a fact says of each person in the months before and after that of the course."""
    if facts.spec(app.plugins, "staff", fact).value.type not in ("integer", "decimal"):
        raise Usage(_("--fact {name}: this fact is no number").format(name=fact))
    month = course.on.replace(day=1)
    after = Period(plus_months(month, 1), plus_months(month, 1 + months) - dt.timedelta(days=1))
    if after.last is not None and after.last >= app.today:
        said = _("--fact {name}: the months after the course end on {day}")
        raise Usage(said.format(name=fact, day=after.last), _("ask again then, or leave out --fact"))
    ids = [one.staff for one in there]
    before = Period(plus_months(month, -months), month - dt.timedelta(days=1))
    was, became = (app.facts("staff", [fact], ids, period=period)[fact] for period in (before, after))
    return [
        (was[one.staff], became[one.staff], one) for one in there if one.staff in was.keys() & became.keys()
    ]
