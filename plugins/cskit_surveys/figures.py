"""The figures of a round: each with the number of answers, its interval and the responses behind it.

Terminal, files and reports all take them from here. Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from cskit.i18n import _
from cskit.intervals import Interval
from cskit_surveys import scoring
from cskit_surveys.intervals import Mean, Promoters, Share, mean_of, promoters_of
from cskit_surveys.limits import Limits
from cskit_surveys.model import Answer
from cskit_surveys.questionnaires import Question, Questionnaire

Kind = Literal["index", "section", "csat", "nps", "ces", "share", "mean", "gap"]
ANSWERED = ("answered", "partial")
INDEX = ""


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


class Tally:
    """How often each answer was given in one group of people, and, where `ids` are wanted, by whom.

    Every figure follows from it, so that a hundred thousand responses are never held at once.
    """

    def __init__(self, asked: Questionnaire, *, ids: bool) -> None:
        self.scores: dict[str, Counter[float]] = {section.code: Counter() for section in asked.sections}
        self.scores[INDEX] = Counter()
        self.ratings: dict[str, Counter[int]] = {}
        self.chosen: dict[str, Counter[str]] = {}
        self.gaps: dict[str, Counter[float]] = {}
        for question in asked.questions():
            if question.type in ("single", "multi"):
                self.chosen[question.code] = Counter()
            elif asked.numbers(question):
                self.ratings[question.code] = Counter()
            if question.pair:
                self.gaps[question.code] = Counter()
        self._pairs = [(one.code, one.pair) for one in asked.questions() if one.pair]
        self._ids: dict[tuple[str, str], list[str]] | None = {} if ids else None

    def add(self, one: Answer) -> None:
        """Count one response."""
        for code, value in one.ratings.items():
            if code in self.ratings:
                self.ratings[code][value] += 1
        for code, text in one.chosen.items():
            if code in self.chosen:
                self.chosen[code][text] += 1
        for code, score in one.scores.items():
            if code in self.scores:
                self.scores[code][float(score)] += 1
        if one.score is not None:
            self.scores[INDEX][float(one.score)] += 1
        for code, expected in self._pairs:
            if code in one.ratings and expected in one.ratings:
                self.gaps[code][float(one.ratings[code] - one.ratings[expected])] += 1
        if self._ids is not None:
            self._name(self._ids, one)

    def _name(self, ids: dict[tuple[str, str], list[str]], one: Answer) -> None:
        kinds = [("rating", code) for code in one.ratings] + [("choice", code) for code in one.chosen]
        kinds += [("score", code) for code in one.scores]
        kinds += [("score", INDEX)] if one.score is not None else []
        kinds += [("gap", code) for code, other in self._pairs if {code, other} <= one.ratings.keys()]
        for kind in kinds:
            ids.setdefault(kind, []).append(one.id)

    def ids(self, kind: str, code: str) -> tuple[str, ...]:
        """Return whose answers a figure is made of, if that is wanted."""
        return tuple(self._ids.get((kind, code), ())) if self._ids else ()


class Reader:
    """Reckons the figures of one questionnaire."""

    def __init__(self, asked: Questionnaire, limits: Limits, confidence: float) -> None:
        self._asked, self._limits, self._confidence = asked, limits, confidence

    def figures(
        self, responses: Iterable[Answer], group: Callable[[Answer], str], *, ids: bool = False
    ) -> list[Figure]:
        """Return every figure of every group: groups by name, the index first, then section by section."""
        groups: dict[str, Tally] = {}
        for response in responses:
            if response.state in ANSWERED:
                name = group(response)
                if name not in groups:
                    groups[name] = Tally(self._asked, ids=ids)
                groups[name].add(response)
        return [one for name in sorted(groups) for one in self._of_group(name, groups[name])]

    def _of_group(self, group: str, tally: Tally) -> Iterable[Figure]:
        yield self._mean(
            group, "index", "", _("satisfaction index"), tally.scores[INDEX], tally.ids("score", INDEX)
        )
        for section in self._asked.sections:
            if section.weight:
                counts, ids = tally.scores[section.code], tally.ids("score", section.code)
                yield self._mean(group, "section", section.code, str(section.title), counts, ids)
            for question in section.questions:
                yield from self._of_question(group, question, tally)

    def _of_question(self, group: str, question: Question, tally: Tally) -> Iterable[Figure]:
        code = question.code
        if code in tally.ratings:
            yield self._of_numbers(group, question, tally.ratings[code], tally.ids("rating", code))
        elif code in tally.chosen:
            yield from self._of_options(group, question, tally.chosen[code], tally.ids("choice", code))
        if code in tally.gaps:
            what = _("{question} (found less expected)").format(question=question.text)
            yield self._mean(group, "gap", code, what, tally.gaps[code], tally.ids("gap", code))

    def _of_numbers(
        self, group: str, question: Question, counts: Mapping[int, int], ids: tuple[str, ...]
    ) -> Figure:
        text = str(question.text)
        if question.type == "nps":
            score = promoters_of(counts, self._confidence)
            return self._figure(group, "nps", question.code, text, score, ids)
        middle = mean_of({float(value): times for value, times in counts.items()}, self._confidence)
        good = sum(times for value, times in counts.items() if self._good(question, value))
        kind: Kind = "ces" if question.type == "effort" else "csat"
        share = Share(good, sum(counts.values()), self._confidence)
        return self._figure(group, kind, question.code, text, share, ids)._replace(middle=middle.value)

    def _good(self, question: Question, value: int) -> bool:
        if question.type == "effort":
            return (8 - value if question.reverse else value) >= self._limits.effort_good
        return bool(scoring.satisfied(self._asked, question, value))

    def _of_options(
        self, group: str, question: Question, counts: Mapping[str, int], ids: tuple[str, ...]
    ) -> Iterable[Figure]:
        n, hits = sum(counts.values()), Counter[str]()
        for text, times in counts.items():
            for code in text.split(";"):
                hits[code] += times
        for option in question.options:
            share = Share(hits[option.code], n, self._confidence)
            what = _("{question} {option}").format(question=question.text, option=option.label)
            made = self._figure(group, "share", question.code, what, share, ids)
            yield made._replace(option=option.code)

    def _mean(
        self,
        group: str,
        kind: Kind,
        about: str,
        what: str,
        counts: Mapping[float, int],
        ids: tuple[str, ...],
    ) -> Figure:
        return self._figure(group, kind, about, what, mean_of(counts, self._confidence), ids)

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
