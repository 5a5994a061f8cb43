"""Answers made into scores: one person's on each section and the whole. Must not import click or a store."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cskit_surveys.questionnaires import Question, Questionnaire

NOT_APPLICABLE = "na"


class Scores(NamedTuple):
    """One person's scores, 0 to 100: `sections` by code, those without an answer left out, and `whole`.

    That is the index, None where no section that has a weight was answered.
    """

    sections: Mapping[str, float]
    whole: float | None


def points(asked: Questionnaire, question: Question, answer: Any) -> float | None:
    """Return an answer on 0 to 100, the best 100; None where there is none, or it does not apply.

    The lowest number of the scale is 0 and the highest 100, a reversed question the other way round.
    """
    numbers = asked.numbers(question)
    if answer is None or answer == NOT_APPLICABLE or not numbers:
        return None
    share: float = (answer - numbers[0]) / (numbers[-1] - numbers[0])
    return 100 * (1 - share if question.reverse else share)


def satisfied(asked: Questionnaire, question: Question, answer: Any) -> bool | None:
    """Tell whether an answer to a scale question counts as satisfied; None where there is none."""
    if question.type != "scale" or answer is None or answer == NOT_APPLICABLE:
        return None
    scale = asked.scales[question.scale]
    return (scale.points + 1 - answer if question.reverse else answer) in scale.satisfied


def scores(asked: Questionnaire, answers: Mapping[str, Any]) -> Scores:
    """Return one person's scores: weighted means of what was answered (satisfaction index, ISO 10004).

    Weights are renormalised over what there is: a question that does not apply is not a zero, and a section
    without an answer does not pull the index down.
    """
    sections = {}
    for section in asked.sections:
        score = _weighted(
            (points(asked, question, answers.get(question.code)), question.weight)
            for question in section.questions
            if question.scored
        )
        if score is not None:
            sections[section.code] = score
    whole = _weighted((sections.get(section.code), section.weight) for section in asked.sections)
    return Scores(sections, whole)


def _weighted(parts: Iterable[tuple[float | None, int]]) -> float | None:
    held = [(value, weight) for value, weight in parts if value is not None and weight]
    total = sum(weight for _value, weight in held)
    return math.fsum(value * weight for value, weight in held) / total if total else None
