"""The course of an interview: which question follows on which answers, and a response filled in.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from cskit_surveys import answers as one_answer
from cskit_surveys import scoring
from cskit_surveys.model import Response
from cskit_surveys.questionnaires import Question, Questionnaire, skipping
from cskit_surveys.scoring import NOT_APPLICABLE

_NOTHING: tuple[Any, ...] = (None, "", [])


class Course:
    """A questionnaire with its conditions read once, for many people's answers."""

    def __init__(self, asked: Questionnaire) -> None:
        self.asked = asked
        self.questions = list(asked.questions())
        before: dict[str, Question] = {}
        self._conditions = []
        for question in self.questions:
            self._conditions.append((question, skipping(asked, question, before)))
            before[question.code] = question
        self._skips = any(condition for _question, condition in self._conditions)
        self._scorer = scoring.Scorer(asked)

    def question(self, code: str) -> Question:
        """Return the question of a code."""
        return next(one for one in self.questions if one.code == code)

    def parse(self, question: Question, text: str) -> Any:
        """Return the answer that a text means; raises `ValueError` that says what is allowed."""
        return one_answer.parse(self.asked, question, text)

    def to_ask(self, answers: Mapping[str, Any]) -> Iterator[Question]:
        """Yield the questions that are to be asked, given what was answered so far."""
        facts = {code: None if value == NOT_APPLICABLE else value for code, value in answers.items()}
        for question, condition in self._conditions:
            if condition is None or condition.value(facts):
                yield question

    def missing(self, answers: Mapping[str, Any]) -> Iterator[Question]:
        """Yield the required questions that are to be asked and have no answer yet."""
        for question in self.to_ask(answers) if self._skips else self.questions:
            if question.required and answers.get(question.code) in _NOTHING:
                yield question

    def unasked(self, answers: Mapping[str, Any]) -> list[str]:
        """Return the questions that were answered though, after the other answers, nobody asks them."""
        if not self._skips:
            return []
        wanted = {question.code for question in self.to_ask(answers)}
        return [code for code, value in answers.items() if value not in _NOTHING and code not in wanted]

    def given(self, response: Response) -> dict[str, Any]:
        """Return the answers that a response holds, by question."""
        found: dict[str, Any] = dict.fromkeys(response.na, NOT_APPLICABLE)
        if not (response.ratings or response.chosen or response.said):
            return found
        for question in self.questions:
            code = question.code
            if code in response.ratings:
                found[code] = response.ratings[code]
            elif code in response.chosen:
                value = response.chosen[code]
                found[code] = value.split(";") if question.type == "multi" else value
            elif code in response.said:
                found[code] = _said(question, response.said[code])
        return found

    def filled(
        self, response: Response, answers: Mapping[str, Any], about: Mapping[str, Any] | None = None
    ) -> Response:
        """Return a response with these answers in the place of what it held, its scores and its state.

        It is answered when nothing required is missing, else partial. `about` are other fields to set.
        """
        ratings: dict[str, int] = {}
        chosen: dict[str, str] = {}
        said: dict[str, str] = {}
        na: list[str] = []
        for question in self.questions:
            answer: Any = answers.get(question.code)
            if answer in _NOTHING:
                continue
            if answer == NOT_APPLICABLE and question.na:
                na.append(question.code)
            elif question.type in ("single", "multi"):
                chosen[question.code] = ";".join(answer) if isinstance(answer, list) else answer
            elif question.type in ("text", "number", "date"):
                said[question.code] = str(answer)
            else:
                ratings[question.code] = answer
        scores = self._scorer.scores(answers)
        return msgspec.structs.replace(
            response,
            ratings=ratings,
            chosen=chosen,
            said=said,
            na=na,
            scores={code: _rounded(score) for code, score in scores.sections.items()},
            score=None if scores.whole is None else _rounded(scores.whole),
            state="partial" if any(True for _question in self.missing(answers)) else "answered",
            **(about or {}),
        )


def _said(question: Question, text: str) -> Any:
    if question.type == "number":
        return Decimal(text)
    return dt.date.fromisoformat(text) if question.type == "date" else text


def _rounded(score: float) -> Decimal:
    """Return a score as it is kept, with two places: what is added up later is exact."""
    return Decimal(str(round(score, 2)))
