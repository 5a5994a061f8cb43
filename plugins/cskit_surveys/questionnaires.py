"""Questionnaires as rule files: their form, and what in one cannot work. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from cskit import NotFound, _, rules
from cskit.errors import Usage
from cskit.where import Expression, NameType, expression

if TYPE_CHECKING:
    from cskit import App

KIND = "questionnaires"
Type = Literal["scale", "nps", "effort", "single", "multi", "text", "number", "date"]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
RANGES = {"nps": range(11), "effort": range(1, 8)}  # 0 to 10 (Reichheld 2003); 1 to 7 (CES 2.0)


class Scale(msgspec.Struct, frozen=True):
    """How people answer with a number from 1 to `points`, and which of them count as satisfied.

    Labels name the points from 1 on, all of them or none.
    """

    points: Annotated[int, msgspec.Meta(ge=2, le=10)]
    satisfied: Annotated[list[int], msgspec.Meta(min_length=1)]
    labels: list[rules.Label] = []


class Option(msgspec.Struct, frozen=True):
    """One of the answers to choose from."""

    code: Code
    label: rules.Label


class Question(msgspec.Struct, frozen=True):
    """One question; which keys it needs depends on its type.

    `reverse`: a high answer is a bad one. `na`: "does not apply" can be answered. `ask_if`: a condition on
    earlier answers. `pair` names what was expected before, where this question asks what was found.
    """

    code: Code
    text: rules.Label
    type: Type
    scale: str = ""
    options: list[Option] = []
    required: bool = True
    reverse: bool = False
    na: bool = False
    ask_if: str = ""
    pair: str = ""
    weight: Annotated[int, msgspec.Meta(ge=1)] = 1

    @property
    def scored(self) -> bool:
        """Whether an answer counts towards the index of its section."""
        return self.type in ("scale", "effort")


class Section(msgspec.Struct, frozen=True):
    """Questions that belong together; `weight` is the section's part in the index, 0 leaves it out."""

    code: Code
    title: rules.Label
    questions: Annotated[list[Question], msgspec.Meta(min_length=1)]
    weight: Annotated[int, msgspec.Meta(ge=0)] = 1


class Questionnaire(msgspec.Struct, frozen=True):
    """A rule file of the kind questionnaires.

    `overall` is the code of the scale question about the whole, which the others are held against.
    """

    title: rules.Label
    source: str
    sections: Annotated[list[Section], msgspec.Meta(min_length=1)]
    scales: dict[str, Scale] = {}
    overall: str = ""
    introduction: rules.Label | None = None

    def questions(self) -> Iterator[Question]:
        """Yield the questions in the order they are asked."""
        for section in self.sections:
            yield from section.questions

    def numbers(self, question: Question) -> range:
        """Return the numbers that answer a scale, nps or effort question; none answer others."""
        if question.type == "scale":
            return range(1, self.scales[question.scale].points + 1)
        return RANGES.get(question.type, range(0))


def load(app: App, name: str) -> rules.Rule:
    """Return the questionnaire that is called `name`; raises `NotFound`, and `Usage` if it cannot work."""
    found = rules.load(app, KIND)
    if name not in found:
        raise NotFound(
            _("there is no questionnaire '{name}'").format(name=name),
            _("there are {names}").format(names=", ".join(found)),
        )
    rule = found[name]
    wrong = [f"{rule.path}: {fault}" for fault in faults(rule.value)]
    if wrong:
        raise Usage("\n".join(wrong), _("`cskit survey check` looks at a questionnaire before it is used"))
    return rule


# --- what cannot work --------------------------------------------------------------------------------------


def faults(asked: Questionnaire) -> Iterator[str]:
    """Yield what in a questionnaire cannot work, though its form is right, a sentence each."""
    yield from _codes(asked)
    for name, scale in asked.scales.items():
        yield from _scale(name, scale)
    before: dict[str, Question] = {}
    for question in asked.questions():
        yield from _question(asked, question, before)
        before.setdefault(question.code, question)
    if asked.overall and (asked.overall not in before or before[asked.overall].type != "scale"):
        yield _("overall: '{name}' is no question with a scale").format(name=asked.overall)
    if not any(section.weight for section in asked.sections):
        yield _("sections: one of them needs a weight")


def _codes(asked: Questionnaire) -> Iterator[str]:
    for what, codes in (
        (_("sections"), [section.code for section in asked.sections]),
        (_("questions"), [question.code for question in asked.questions()]),
    ):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        for code in twice:
            yield _("{what}: the code '{code}' stands there twice").format(what=what, code=code)


def _scale(name: str, scale: Scale) -> Iterator[str]:
    outside = [point for point in scale.satisfied if not 1 <= point <= scale.points]
    if outside:
        yield _("scale {name}: {point} is not a point from 1 to {points}").format(
            name=name, point=outside[0], points=scale.points
        )
    if scale.labels and len(scale.labels) != scale.points:
        yield _("scale {name}: {points} points have {labels} labels").format(
            name=name, points=scale.points, labels=len(scale.labels)
        )


def _question(asked: Questionnaire, question: Question, before: Mapping[str, Question]) -> Iterator[str]:
    def said(text: str) -> str:
        return _("question {code}: {fault}").format(code=question.code, fault=text)

    if question.type == "scale" and question.scale not in asked.scales:
        yield said(_("there is no scale '{name}'").format(name=question.scale))
    if question.type != "scale" and question.scale:
        yield said(_("only a question of the type scale has one"))
    chosen = question.type in ("single", "multi")
    if chosen and len(question.options) < 2:
        yield said(_("it needs two options or more"))
    if not chosen and question.options:
        yield said(_("only single and multi have options"))
    codes = [option.code for option in question.options]
    if len(set(codes)) < len(codes):
        yield said(_("two of its options have one code"))
    if question.reverse and not question.scored:
        yield said(_("only scale and effort can be reversed"))
    if question.pair and not _alike(asked, question, before.get(question.pair)):
        yield said(_("pair: '{name}' is no earlier question of as many points").format(name=question.pair))
    if question.ask_if:
        try:
            skipping(asked, question, before)
        except Usage as error:
            yield said(f"ask_if: {error.message}")


def _alike(asked: Questionnaire, question: Question, other: Question | None) -> bool:
    """Tell whether two questions have as many points, so that their answers can be subtracted."""
    points = [
        asked.scales[one.scale].points for one in (question, other) if one and one.scale in asked.scales
    ]
    return len(points) == 2 and points[0] == points[1]


def skipping(asked: Questionnaire, question: Question, before: Mapping[str, Question]) -> Expression | None:
    """Return the condition on which a question is asked, over the answers to those `before` it; None: always.

    An answer that was not given is unknown, and what is unknown is not asked. Raises `Usage`.
    """
    if not question.ask_if:
        return None
    names = {code: _answers(asked, one) for code, one in before.items()}
    moment = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # conditions on answers know no present
    return expression(question.ask_if, names, zone=ZoneInfo("UTC"), now=moment)


def _answers(asked: Questionnaire, question: Question) -> NameType:
    if question.type in ("single", "multi"):
        choice = NameType("choice", {one.code: one.label.zh for one in question.options})
        return choice if question.type == "single" else NameType("list", of=choice)
    if question.type == "number":
        return NameType("decimal")
    if question.type == "date":
        return NameType("date")
    return NameType("text" if question.type == "text" else "integer")
