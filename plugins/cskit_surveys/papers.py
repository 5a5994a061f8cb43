"""Questionnaires and a round's results as sheets of paper. Must not import click or a store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cskit import _
from cskit.display.paper import Heading, Part, Prose, Question, Sheet
from cskit_surveys import questionnaires

_STACKED = 4  # options that stand in one line; more go below each other


def sheet(asked: questionnaires.Questionnaire) -> Sheet:
    """Return a questionnaire as it is filled in with a pen."""
    numbers = {question.code: number for number, question in enumerate(asked.questions(), 1)}
    parts: list[Part] = []
    if asked.introduction:
        parts.append(Prose(str(asked.introduction)))
    for section in asked.sections:
        parts.append(Heading(str(section.title)))
        parts += (_question(asked, question, numbers) for question in section.questions)
    signed = (_("Asked by:"), _("Channel:"), _("Date:"))
    return Sheet(str(asked.title), parts, signatures=signed)


def _question(
    asked: questionnaires.Questionnaire, question: questionnaires.Question, numbers: dict[str, int]
) -> Question:
    boxes = list(_boxes(asked, question))
    if question.na:
        boxes.append(_("does not apply"))
    notes = []
    if question.type == "multi":
        notes.append(_("more than one may be ticked"))
    if question.ask_if:
        notes.append(_("only if {condition}").format(condition=_numbered(asked, question.ask_if, numbers)))
    long = question.type in ("single", "multi") and len(boxes) > _STACKED
    room = {"text": 2, "number": 1, "date": 1}.get(question.type, 0)
    text = str(question.text)
    return Question(
        f"{numbers[question.code]}.", text, boxes, stacked=long, room=room, note=_("; ").join(notes)
    )


def _numbered(asked: questionnaires.Questionnaire, condition: str, numbers: dict[str, int]) -> str:
    """Return a condition as people read it: numbers of questions and labels in the place of codes."""
    for question in asked.questions():
        if re.search(rf"\b{question.code}\b", condition):
            for option in question.options:
                condition = condition.replace(f'"{option.code}"', f"“{option.label}”")
            number = _("question {number}").format(number=numbers[question.code])
            condition = re.sub(rf"\b{question.code}\b", number, condition)
    return condition.replace("!=", "≠").replace("==", "=")


def _boxes(asked: questionnaires.Questionnaire, question: questionnaires.Question) -> Iterator[str]:
    if question.options:
        yield from (str(option.label) for option in question.options)
        return
    labels = asked.scales[question.scale].labels if question.type == "scale" else []
    for place, number in enumerate(asked.numbers(question)):
        yield f"{number} {labels[place]}" if labels else str(number)
