"""An interview, question by question: back, skip, save and quit. Knows no terminal.

Must not import click or a store.
"""

from __future__ import annotations

from typing import Any

from cskit_surveys.answers import blank
from cskit_surveys.course import Course
from cskit_surveys.questionnaires import Question


class Interview:
    """One person's interview, begun anew or taken up where it was left.

    `question` is the one to ask now, None at the end. What a correction makes nobody ask is forgotten.
    """

    def __init__(self, course: Course, answers: dict[str, Any] | None = None) -> None:
        self._course = course
        self.answers = dict(answers or {})
        self._skipped: set[str] = set()
        self._trail: list[str] = []
        self.question = self._next()

    @property
    def place(self) -> tuple[int, int]:
        """The number of the question asked now, and of those to ask as things stand."""
        wanted = [question.code for question in self._course.to_ask(self.answers)]
        at = wanted.index(self.question.code) + 1 if self.question else len(wanted)
        return at, len(wanted)

    def answer(self, text: str) -> None:
        """Take an answer as typed, and go on; raises `ValueError` that says what is allowed."""
        question = self._asked()
        if blank(text):
            self.skip()
            return
        self.answers[question.code] = self._course.parse(question, text)
        self._skipped.discard(question.code)
        for code in self._course.unasked(self.answers):
            del self.answers[code]
        self._go_on()

    def skip(self) -> None:
        """Go on without an answer; one that was given is forgotten. The question stays open."""
        question = self._asked()
        self.answers.pop(question.code, None)
        self._skipped.add(question.code)
        self._go_on()

    def back(self) -> bool:
        """Return to the question before; False at the first."""
        if not self._trail:
            return False
        code = self._trail.pop()
        self._skipped.discard(code)
        self.question = next(one for one in self._course.questions if one.code == code)
        return True

    def _asked(self) -> Question:
        if self.question is None:
            raise ValueError("the interview is over")
        return self.question

    def _go_on(self) -> None:
        self._trail.append(self._asked().code)
        self.question = self._next()

    def _next(self) -> Question | None:
        done = set(self._trail)
        for question in self._course.to_ask(self.answers):
            known = question.code in self.answers or question.code in self._skipped
            if question.code not in done and not known:
                return question
        return None
