"""A round's results drawn with characters: scales as stacked bars, scores as bars, drivers on a plane.

Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cskit import _
from cskit.display import charts
from cskit.display.charts import Bar, Point, Stack
from cskit_surveys.drivers import Driver
from cskit_surveys.figures import ANSWERED, Figure
from cskit_surveys.intervals import DETRACTORS, PROMOTERS
from cskit_surveys.model import Response
from cskit_surveys.questionnaires import Question, Questionnaire

if TYPE_CHECKING:
    from cskit_surveys.questionnaires import Scale

HEIGHT = 13
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def drawn(
    asked: Questionnaire, responses: Sequence[Response], found: Sequence[Figure], width: int, *, ascii: bool
) -> Iterator[str]:
    """Yield the lines of a round's chart."""
    scores = [one for one in found if one.kind in ("index", "section")]
    yield from charts.bars([Bar(one.what, one.value, _note(one)) for one in scores], 100, width, ascii=ascii)
    held = [one for one in responses if one.state in ANSWERED]
    for name, scale in asked.scales.items():
        questions = [one for one in asked.questions() if one.type == "scale" and one.scale == name]
        if questions:
            yield ""
            yield from _scale(scale, questions, held, found, width, ascii)
    for question in asked.questions():
        if question.type == "nps":
            yield ""
            yield from _promoters(question, held, found, width, ascii)


def _scale(
    scale: Scale,
    questions: Sequence[Question],
    held: Sequence[Response],
    found: Sequence[Figure],
    width: int,
    ascii: bool,
) -> Iterator[str]:
    values = {one.about: one for one in found if one.kind == "csat"}
    points = range(scale.points, 0, -1)
    rows = []
    for question in questions:
        counts = Counter(one.ratings.get(question.code) for one in held)
        note = _note(values[question.code]) if question.code in values else ""
        rows.append(Stack(str(question.text), [counts[point] for point in points], note))
    yield from charts.stacks(rows, width, ascii=ascii)
    labels = [str(scale.labels[point - 1]) if scale.labels else str(point) for point in points]
    yield _legend(labels, ascii)


def _promoters(
    question: Question, held: Sequence[Response], found: Sequence[Figure], width: int, ascii: bool
) -> Iterator[str]:
    answers = [one.ratings[question.code] for one in held if question.code in one.ratings]
    up, down = sum(one in PROMOTERS for one in answers), sum(one in DETRACTORS for one in answers)
    note = next((_note(one) for one in found if one.kind == "nps" and one.about == question.code), "")
    row = Stack(str(question.text), [up, len(answers) - up - down, down], note)
    yield from charts.stacks([row], width, ascii=ascii)
    yield _legend([_("promoters (9–10)"), _("passives"), _("detractors (0–6)")], ascii)


def _legend(labels: Sequence[str], ascii: bool) -> str:
    return "  ".join(f"{charts.sign(place, ascii)} {label}" for place, label in enumerate(labels))


def _note(figure: Figure) -> str:
    if figure.value is None:
        return _("n=0")
    said = f"{figure.value:.1f}"
    if figure.interval:
        said += f" [{figure.interval.low:.1f}, {figure.interval.high:.1f}]"
    few = _(" few") if figure.few else ""
    return f"{said} n={figure.n}{few}"


def grid(asked: Questionnaire, found: Sequence[Driver], width: int, *, ascii: bool) -> Iterator[str]:
    """Yield the lines of importance (upwards) against performance (to the right), with a legend.

    The middle lines stand at the means of both, so that the upper left is what to improve first.
    """
    known = [one for one in found if one.importance is not None][: len(_LETTERS)]
    if not known:
        return
    importance = _spread([one.importance or 0 for one in known])
    performance = _spread([one.performance for one in known])
    points = [
        Point(right, up, sign) for right, up, sign in zip(performance, importance, _LETTERS, strict=False)
    ]
    yield _("↑ importance: improve | keep")
    yield from charts.plane(points, min(width, 61), HEIGHT, ascii=ascii)
    yield _("  watch | maintain: performance →")
    texts = {question.code: str(question.text) for question in asked.questions()}
    for sign, one in zip(_LETTERS, known, strict=False):
        yield f"{sign} {texts[one.question]} ({one.importance:.2f}, {one.performance:.1f})"


def _spread(values: Sequence[float]) -> list[float]:
    """Return values on 0 to 1 with their mean in the middle."""
    middle = sum(values) / len(values)
    widest = max(abs(value - middle) for value in values) or 1
    return [0.5 + (value - middle) / widest / 2 for value in values]
