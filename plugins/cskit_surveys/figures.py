"""The figures of a round: each with the number of answers, its interval and the responses behind it.

Terminal, files and reports all take them from here. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cskit.i18n import _
from cskit.intervals import Interval
from cskit_surveys import scoring
from cskit_surveys.intervals import Mean, Promoters, Share, mean, promoters
from cskit_surveys.limits import Limits
from cskit_surveys.model import Response
from cskit_surveys.questionnaires import Question, Questionnaire

Kind = Literal["index", "section", "csat", "nps", "ces", "share", "mean", "gap"]
ANSWERED = ("answered", "partial")


class Figure(NamedTuple):
    """One figure of one group of people.

    `what` is its title, `about` the code of the question or section ("" for the index), `option` that of a
    choice. `value` is in per cent, points, or for `mean` and `gap` in the question's unit; None: nobody
    answered. `basis` is what a test for a change compares. `few`: too few answers to rely on.
    """

    group: str
    kind: Kind
    about: str
    what: str
    value: float | None
    interval: Interval | None
    n: int
    few: bool
    basis: Share | Promoters | Mean
    ids: tuple[str, ...]
    option: str = ""
    middle: float | None = None


class Reader:
    """Reckons the figures of one questionnaire."""

    def __init__(self, asked: Questionnaire, limits: Limits, confidence: float) -> None:
        self._asked, self._limits, self._confidence = asked, limits, confidence

    def figures(self, responses: Iterable[Response], group: Callable[[Response], str]) -> list[Figure]:
        """Return every figure of every group: groups by name, the index first, then section by section."""
        groups: dict[str, list[Response]] = {}
        for response in responses:
            if response.state in ANSWERED:
                groups.setdefault(group(response), []).append(response)
        return [one for name in sorted(groups) for one in self._of_group(name, groups[name])]

    def _of_group(self, group: str, held: Sequence[Response]) -> Iterable[Figure]:
        yield self._mean(group, "index", "", _("satisfaction index"), _scores(held, lambda one: one.score))
        for section in self._asked.sections:
            if section.weight:
                scores = _scores(held, lambda one: one.scores.get(section.code))  # noqa: B023 - used at once
                yield self._mean(group, "section", section.code, str(section.title), scores)
            for question in section.questions:
                yield from self._of_question(group, question, held)

    def _of_question(self, group: str, question: Question, held: Sequence[Response]) -> Iterable[Figure]:
        if question.type in ("scale", "nps", "effort"):
            answers = {one.id: value for one in held if (value := one.ratings.get(question.code)) is not None}
            yield from self._of_numbers(group, question, answers)
            if question.pair:
                yield self._gap(group, question, held)
        elif question.type in ("single", "multi"):
            yield from self._of_options(group, question, held)

    def _of_numbers(self, group: str, question: Question, answers: Mapping[str, int]) -> Iterable[Figure]:
        text, ids, values = str(question.text), tuple(answers), list(answers.values())
        if question.type == "nps":
            score = promoters(values, self._confidence)
            yield self._figure(group, "nps", question.code, text, score, ids)
            return
        middle = mean([float(value) for value in values], self._confidence)
        if question.type == "effort":
            good = sum(self._eased(question, value) for value in values)
            kind: Kind = "ces"
        else:
            good = sum(bool(scoring.satisfied(self._asked, question, value)) for value in values)
            kind = "csat"
        share = Share(good, len(values), self._confidence)
        yield self._figure(group, kind, question.code, text, share, ids)._replace(middle=middle.value)

    def _eased(self, question: Question, value: int) -> bool:
        return (8 - value if question.reverse else value) >= self._limits.effort_good

    def _of_options(self, group: str, question: Question, held: Sequence[Response]) -> Iterable[Figure]:
        chosen = {one.id: one.chosen[question.code].split(";") for one in held if question.code in one.chosen}
        for option in question.options:
            hits = sum(option.code in codes for codes in chosen.values())
            share = Share(hits, len(chosen), self._confidence)
            what = _("{question} {option}").format(question=question.text, option=option.label)
            made = self._figure(group, "share", question.code, what, share, tuple(chosen))
            yield made._replace(option=option.code)

    def _gap(self, group: str, question: Question, held: Sequence[Response]) -> Figure:
        """Return what was found less what was expected, on the mean of those who answered both."""
        pairs = {
            one.id: float(one.ratings[question.code] - one.ratings[question.pair])
            for one in held
            if question.code in one.ratings and question.pair in one.ratings
        }
        what = _("{question} (found less expected)").format(question=question.text)
        return self._mean(group, "gap", question.code, what, pairs)

    def _mean(self, group: str, kind: Kind, about: str, what: str, values: Mapping[str, float]) -> Figure:
        return self._figure(
            group, kind, about, what, mean(list(values.values()), self._confidence), tuple(values)
        )

    def _figure(
        self,
        group: str,
        kind: Kind,
        about: str,
        what: str,
        basis: Share | Promoters | Mean,
        ids: tuple[str, ...],
    ) -> Figure:
        few = basis.n < self._limits.few
        return Figure(group, kind, about, what, basis.value, _interval(kind, basis), basis.n, few, basis, ids)


def _interval(kind: Kind, basis: Share | Promoters | Mean) -> Interval | None:
    if not isinstance(basis, Mean):
        return basis.interval
    value, margin = basis.value, basis.margin
    if value is None or margin is None:
        return None
    low, high = value - margin, value + margin
    return Interval(low, high) if kind == "gap" else Interval(max(0.0, low), min(100.0, high))


def _scores(held: Iterable[Response], score: Callable[[Response], Any]) -> dict[str, float]:
    return {one.id: float(value) for one in held if (value := score(one)) is not None}
