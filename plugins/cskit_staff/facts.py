"""What the plugin tells others of its staff: what was noted of them in a period, and who they are.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import FactSpec, Period, Usage, _
from cskit.declarations import FactKind
from cskit.stored import decoder
from cskit_staff.people import people

if TYPE_CHECKING:
    from cskit import App, Evidence
    from cskit.store.protocol import Reading

ATTENDANCE = "staff_attendance"
CONDUCT = {"staff_rewards": "staff reward", "staff_penalties": "staff penalty"}
"""The tables of rewards and penalties, and their nouns."""
COURSES, TRAININGS, SITTINGS = "staff_courses", "staff_trainings", "staff_sittings"


PERSONAL = ("training_score", "exam_score", "reward_amount", "penalty_amount")
"""Scores and money, which only who asks for them by --reveal sees."""


def _spec(name: str, kind: FactKind, meaning: str, unit: str = "") -> FactSpec:
    return FactSpec(f"staff.{name}", "staff", kind, meaning, unit, "period", name in PERSONAL)


def _instant(name: str, kind: FactKind, meaning: str, unit: str = "") -> FactSpec:
    return FactSpec(f"staff.{name}", "staff", kind, meaning, unit)


_COURSES = "courses of the period that the person attended"
SPECS: tuple[FactSpec, ...] = (
    _spec(
        "attendance_rate",
        "decimal",
        "Days present of the days due, in the months of the period; unknown if none was noted.",
        "per cent",
    ),
    _spec("late", "integer", "Times late in the months of the period; unknown if none was noted.", "times"),
    _spec("training_score", "decimal", f"Mean score after the {_COURSES}; unknown without one.", "points"),
    _spec("training_hours", "decimal", f"Hours of the {_COURSES}; 0 without any.", "hours"),
    _spec(
        "training_feedback",
        "decimal",
        "Mean feedback on the courses of the period that the person held; unknown without any.",
        "1–5",
    ),
    _spec(
        "exam_score", "decimal", "Mean score of the exams sat in the period; unknown without one.", "points"
    ),
    _spec("rewards", "integer", "Number of rewards of the period that were confirmed; 0 without any."),
    _spec("penalties", "integer", "Number of penalties of the period that were confirmed; 0 without any."),
    _spec("reward_amount", "decimal", "What the confirmed rewards of the period come to; 0 without any."),
    _spec("penalty_amount", "decimal", "What the confirmed penalties of the period come to; 0 without any."),
    _instant("state", "text", "State: induction, regular, probation or left."),
    _instant("rank", "text", "Rank on the position's ladder; unknown without one."),
    _instant("position", "text", "Code of the position; unknown without one."),
    _instant("group", "text", "Group in which the person works; unknown without one."),
    _instant("months", "integer", "Whole months since the first day of work; unknown without one.", "months"),
)


def known(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
    evidence: Evidence | None = None,
) -> dict[str, dict[str, Any]]:
    """Return facts about staff, from one pass over each table needed; raises `Usage` for any scope."""
    if scope:
        said = _("staff cannot be narrowed by {names}")
        raise Usage(said.format(names=_(", ").join(sorted(scope))))
    wanted = {name.partition(".")[2] for name in names}
    day, asked = now.astimezone(app.zone).date(), frozenset(ids)
    found: dict[str, dict[str, Any]] = {}
    for of, count in _COUNTED.items():
        if wanted.intersection(of):
            found |= count(app.reading(), asked, Period(period.first, _until(period, day)), evidence)
    if wanted.intersection(_OF_PERSON):
        found |= _persons(app.reading(), asked, day)
    return {f"staff.{name}": found[name] for name in wanted}


def _until(period: Period, day: dt.date) -> dt.date:
    """Return the last day that counts: what is still to come has not happened."""
    return day if period.last is None else min(period.last, day)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _mean(values: Sequence[Decimal | int]) -> Decimal:
    return _rounded(Decimal(sum(values)) / len(values))


Found = dict[str, dict[str, Any]]


class _Noted:
    """Values by person, and the records that they are from."""

    def __init__(self, about: str) -> None:
        self.about = about
        self.values: dict[str, list[Any]] = {}
        self.ids: dict[str, list[str]] = {}

    def add(self, person: str, value: Any, own: str) -> None:
        """Take in what one record says of a person."""
        self.values.setdefault(person, []).append(value)
        self.ids.setdefault(person, []).append(own)

    def told(self, name: str, make: Callable[[list[Any]], Any], evidence: Evidence | None) -> dict[str, Any]:
        """Return a fact by person, and note which records it is from."""
        if evidence is not None:
            for person, ids in self.ids.items():
                evidence.note(f"staff.{name}", person, self.about, ids)
        return {person: make(values) for person, values in self.values.items()}


# --- attendance --------------------------------------------------------------------------------------------


class _Month(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    month: str
    days_due: Decimal
    days_present: Decimal
    late: int = 0


def _attendance(reading: Reading, ids: Collection[str], period: Period, evidence: Evidence | None) -> Found:
    noted = _Noted("staff attendance")
    for one in map(decoder(ATTENDANCE, _Month), reading.read(ATTENDANCE)):
        if one.staff in ids and period.holds(dt.date.fromisoformat(f"{one.month}-01")):
            noted.add(one.staff, one, one.id)
    rates = noted.told("attendance_rate", _rate, evidence)
    return {
        "attendance_rate": {person: rate for person, rate in rates.items() if rate is not None},
        "late": noted.told("late", lambda months: sum(one.late for one in months), evidence),
    }


def _rate(months: Sequence[_Month]) -> Decimal | None:
    due = sum(one.days_due for one in months)
    return _rounded(100 * Decimal(sum(one.days_present for one in months)) / due) if due else None


# --- training ----------------------------------------------------------------------------------------------


class _Held(msgspec.Struct, frozen=True, gc=False):
    id: str
    on: dt.date
    trainer: str | None = None
    hours: Decimal | None = None


class _Attended(msgspec.Struct, frozen=True, gc=False):
    id: str
    course: str
    staff: str
    state: str = "attended"
    after: Decimal | None = None
    feedback: int | None = None


def _training(reading: Reading, ids: Collection[str], period: Period, evidence: Evidence | None) -> Found:
    courses = {one.id: one for one in map(decoder(COURSES, _Held), reading.read(COURSES))}
    scores, hours, feedback = (_Noted("staff training") for _each in range(3))
    for one in map(decoder(TRAININGS, _Attended), reading.read(TRAININGS)):
        course = courses.get(one.course)
        if course is None or one.state != "attended" or not period.holds(course.on):
            continue
        if one.staff in ids:
            hours.add(one.staff, course.hours or Decimal(0), one.id)
            if one.after is not None:
                scores.add(one.staff, one.after, one.id)
        if course.trainer in ids and one.feedback is not None:
            feedback.add(course.trainer or "", one.feedback, one.id)
    none = dict.fromkeys(ids, Decimal(0))
    return {
        "training_score": scores.told("training_score", _mean, evidence),
        "training_hours": none | hours.told("training_hours", lambda all_: Decimal(sum(all_)), evidence),
        "training_feedback": feedback.told("training_feedback", _mean, evidence),
    }


class _Sat(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    on: dt.date
    score: Decimal


def _exams(reading: Reading, ids: Collection[str], period: Period, evidence: Evidence | None) -> Found:
    noted = _Noted("staff exam sitting")
    for one in map(decoder(SITTINGS, _Sat), reading.read(SITTINGS)):
        if one.staff in ids and period.holds(one.on):
            noted.add(one.staff, one.score, one.id)
    return {"exam_score": noted.told("exam_score", _mean, evidence)}


# --- rewards and penalties ---------------------------------------------------------------------------------


class _Decided(msgspec.Struct, frozen=True, gc=False):
    id: str
    staff: str
    state: str = "proposed"
    on: dt.date | None = None
    amount: Decimal | None = None


def _conduct(reading: Reading, ids: Collection[str], period: Period, evidence: Evidence | None) -> Found:
    found: Found = {}
    for table, noun in CONDUCT.items():
        noted = _Noted(noun)
        for one in map(decoder(table, _Decided), reading.read(table)):
            if one.state == "confirmed" and one.staff in ids and one.on is not None and period.holds(one.on):
                noted.add(one.staff, one.amount or Decimal(0), one.id)
        plural, amount = table.removeprefix("staff_"), f"{noun.removeprefix('staff ')}_amount"
        found[plural] = dict.fromkeys(ids, 0) | noted.told(plural, len, evidence)
        amounts = noted.told(amount, lambda all_: Decimal(sum(all_)), evidence)
        found[amount] = dict.fromkeys(ids, Decimal(0)) | amounts
    return found


_Count = Callable[["Reading", Collection[str], Period, "Evidence | None"], Found]
_COUNTED: dict[tuple[str, ...], _Count] = {
    ("attendance_rate", "late"): _attendance,
    ("training_score", "training_hours", "training_feedback"): _training,
    ("exam_score",): _exams,
    ("rewards", "penalties", "reward_amount", "penalty_amount"): _conduct,
}


# --- the people themselves ---------------------------------------------------------------------------------

_OF_PERSON = ("state", "rank", "position", "group", "months")


def _persons(reading: Reading, ids: Collection[str], day: dt.date) -> Found:
    found: Found = {name: {} for name in _OF_PERSON}
    for person in people.everybody(reading):
        if person.id in ids:
            values = {
                "state": person.state,
                "rank": person.rank,
                "position": person.position,
                "group": person.group,
                "months": months_between(person.hired, day),
            }
            for name, value in values.items():
                if value is not None:
                    found[name][person.id] = value
    return found


def months_between(first: dt.date | None, day: dt.date) -> int | None:
    """Return the whole months from the first day of work to a day, None where it is not known or to come."""
    if first is None or first > day:
        return None
    return (day.year - first.year) * 12 + day.month - first.month - (day.day < first.day)
