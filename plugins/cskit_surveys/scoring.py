"""Answers made into scores: one person's on each section and the whole. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Mapping
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


class Scorer:
    """Reckons people's scores on one questionnaire: what it says of its questions is looked up once."""

    def __init__(self, asked: Questionnaire) -> None:
        self._sections = [
            (
                section.code,
                section.weight,
                [
                    (one.code, one.weight, _bounds(asked, one, best=False), _bounds(asked, one, best=True))
                    for one in section.questions
                    if one.scored
                ],
            )
            for section in asked.sections
        ]

    def scores(self, answers: Mapping[str, Any]) -> Scores:
        """Return one person's scores: weighted means of what was answered (satisfaction index, ISO 10004).

        Weights are renormalised over what there is: a question that does not apply is not a zero, and a
        section without an answer does not pull the index down.
        """
        sections = {}
        reached, whole = 0.0, 0
        for section, weight, questions in self._sections:
            added, total = 0.0, 0
            for code, own, worst, best in questions:
                answer = answers.get(code)
                if answer is not None and answer != NOT_APPLICABLE:
                    added += 100 * (answer - worst) / (best - worst) * own
                    total += own
            if total:
                sections[section] = score = added / total
                reached += score * weight
                whole += weight
        return Scores(sections, reached / whole if whole else None)


def _bounds(asked: Questionnaire, question: Question, *, best: bool) -> int:
    numbers = asked.numbers(question)
    return numbers[-1] if best != question.reverse else numbers[0]


def scores(asked: Questionnaire, answers: Mapping[str, Any]) -> Scores:
    """Return one person's scores on a questionnaire; for many people, keep a `Scorer`."""
    return Scorer(asked).scores(answers)
