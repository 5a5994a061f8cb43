"""Exams: questions drawn from the bank by a seed, put on paper, marked. Must not import click or a store.

A single choice is right or wrong. Of a multiple choice with nothing wrong but something missing, a share of
the points counts that the department's policy gives; the exam keeps the share it was drawn with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from cskit import NotFound, Refused, _, register
from cskit.display.paper import Part, Prose, Sheet
from cskit.display.paper import Question as OnPaper
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_staff.facts import SITTINGS
from cskit_staff.learning.learning import Drawn, Exam, Question
from cskit_staff.people import policy
from cskit_staff.people.entering import actor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

QUESTIONS, EXAMS = "staff_questions", "staff_exams"


# --- drawing -----------------------------------------------------------------------------------------------


class Wish(NamedTuple):
    """What an exam is to be: None where the department's policy, or chance, decides."""

    title: str
    topics: Sequence[str] = ()
    questions: int | None = None
    seed: int | None = None
    pass_mark: int | None = None
    course: str | None = None
    on: dt.date | None = None


def draw(app: App, tx: Transaction, wish: Wish) -> Exam:
    """Draw an exam from the questions in use, of some topics if there are any, and add it.

    The order hangs on the seed and each question's id alone, so the same seed draws the same again; where
    none is wished, it is taken from the moment, and noted. Raises `NotFound` for a topic of which there is no
    question, `Refused` where there are fewer than asked for.
    """
    rules = policy.load(app)
    found = _in_use(tx, wish.topics)
    count = wish.questions if wish.questions is not None else min(rules.exam_questions, len(found))
    if not found or count > len(found):
        said = _("{count} questions are wanted, and the bank has {there}")
        hint = _("`cskit staff question import FILE` adds some, or draw fewer with --questions")
        raise Refused(said.format(count=count or rules.exam_questions, there=len(found)), hint)
    seed = wish.seed if wish.seed is not None else int(app.now.timestamp()) % 1_000_000
    values: dict[str, Any] = {
        "title": wish.title,
        "on": wish.on,
        "course": wish.course,
        "topics": list(wish.topics),
        "seed": seed,
        "bank": len(found),
        "pass_mark": Decimal(wish.pass_mark if wish.pass_mark is not None else rules.pass_mark),
        "partial": rules.incomplete_share,
        "questions": [_drawn(one) for one in in_order(found, seed)[:count]],
        "drawn_by": actor(app),
        "drawn_at": app.now,
    }
    given = {name: value for name, value in values.items() if value is not None}
    return cast("Exam", register.create(app, tx, app.record_type(EXAMS), given))


def _in_use(reading: Reading, topics: Sequence[str]) -> list[Question]:
    """Return the questions in use, of some topics only if any are given, from one pass over the bank."""
    found = [one for one in map(decoder(QUESTIONS, Question), reading.read(QUESTIONS)) if one.active]
    there = dict.fromkeys(one.topic for one in found if one.topic)
    missing = [topic for topic in topics if topic not in there]
    if missing:
        said = _("there is no question on {topics}").format(topics=listed(missing))
        raise NotFound(said, _("there are {names}").format(names=listed(there)) if there else "")
    return [one for one in found if not topics or one.topic in topics]


def in_order(found: Iterable[Question], seed: int) -> list[Question]:
    """Return questions in the random order that a seed gives; new questions move no other."""

    def place(one: Question) -> tuple[bytes, str]:
        return blake2b(f"{seed}:{one.id}".encode(), digest_size=8).digest(), one.id

    return sorted(found, key=place)


def _drawn(one: Question) -> Drawn:
    answer = "".join(sorted(one.answer))
    return Drawn(
        question=one.id, kind=one.kind, text=one.text, options=one.options(), answer=answer, points=one.points
    )


def one_exam(app: App, reading: Reading, name: str) -> Exam:
    """Return the exam of an id or external key; raises `NotFound`."""
    (document,) = register.find(app, reading, app.record_type(EXAMS), [name])
    return decoder(EXAMS, Exam)(document)


# --- on paper ----------------------------------------------------------------------------------------------


def sheet(app: App, exam: Exam, *, answers: bool = False) -> Sheet:
    """Return an exam as it is handed out, or, with `answers`, as it is marked by."""
    total = sum(one.points for one in exam.questions)
    said = _("{count} questions, {points} points; passed from {mark} of 100 on.")
    head = said.format(count=len(exam.questions), points=f"{total:f}", mark=f"{exam.pass_mark:f}")
    parts: list[Part] = [Prose(head)]
    for number, one in enumerate(exam.questions, 1):
        notes = [_("{points} points").format(points=f"{one.points:f}")]
        if one.kind == "multi":
            notes.append(_("more than one may be right"))
        if answers:
            notes.append(_("right: {answer}").format(answer=one.answer))
        boxes = [f"{letter}. {text}" for letter, text in one.options.items()]
        parts.append(OnPaper(f"{number}.", one.text, boxes, stacked=True, note=_("; ").join(notes)))
    signed = (_("Name:"), _("Staff ID:"), _("Date:"))
    return Sheet(exam.title, parts, number=exam.id, signatures=() if answers else signed)


# --- marking -----------------------------------------------------------------------------------------------


def marked(exam: Exam, answers: Mapping[str, str]) -> Decimal:
    """Return what answers (number of the question, from 1 → letters) come to, 0 to 100, to two places."""
    most = sum(one.points for one in exam.questions)
    got = sum(
        one.points * share(one, answers.get(str(number), ""), exam.partial)
        for number, one in enumerate(exam.questions, 1)
    )
    return (100 * Decimal(got) / most).quantize(_CENTS, ROUND_HALF_UP) if most else Decimal(0)


def share(one: Drawn, given: str, partial: Decimal) -> Decimal:
    """Return the share of a question's points that an answer gets."""
    if set(given) == set(one.answer):
        return Decimal(1)
    incomplete = one.kind == "multi" and given and set(given) < set(one.answer)
    return partial if incomplete else Decimal(0)


_CENTS = Decimal("0.01")


class _Answers(msgspec.Struct, frozen=True, gc=False):
    exam: str
    answers: dict[str, str] = {}


def items(app: App, reading: Reading, exam: Exam) -> Iterator[dict[str, Any]]:
    """Yield for each question how many answered it, and how many of them right: what was not understood."""
    sat = [
        one.answers for one in map(decoder(SITTINGS, _Answers), reading.read(SITTINGS)) if one.exam == exam.id
    ]
    for number, one in enumerate(exam.questions, 1):
        given = [answers.get(str(number), "") for answers in sat]
        right = sum(set(answer) == set(one.answer) for answer in given)
        yield {
            "number": number,
            "question": one.question,
            "text": one.text,
            "answer": one.answer,
            "sat": len(sat),
            "blank": sum(not answer for answer in given),
            "right": right,
            "share": round(Decimal(100 * right) / len(sat), 1) if sat else None,
        }
