"""The report of a round for those concerned: who answered, the figures, what to do first, people's words.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import _
from cskit.display.paper import Cell, Grid, Part, Prose, Rows, Sheet
from cskit.i18n import mark
from cskit_surveys import comparing, limits, results, rounds
from cskit_surveys.drivers import Driver
from cskit_surveys.groups import titled
from cskit_surveys.model import Response, Round
from cskit_surveys.questionnaires import Questionnaire

if TYPE_CHECKING:
    from cskit import App

ADVICE = {
    "improve": mark("important and weak: improve first"),
    "keep": mark("important and strong: keep it up"),
    "watch": mark("less important and weak: watch"),
    "maintain": mark("less important and strong: as it is"),
}
_QUOTED = 20  # so many remarks; the rest is in the responses


def driver_rows(asked: Questionnaire, found: Sequence[Driver]) -> Iterator[dict[str, Any]]:
    """Yield a row for each question that satisfaction may hang on."""
    texts = {question.code: str(question.text) for question in asked.questions()}
    for driver in found:
        row = {
            "question": driver.question,
            "text": texts[driver.question],
            "importance": None if driver.importance is None else round(driver.importance, 2),
            "performance": round(driver.performance, 1),
            "n": driver.n,
            "advice": _(ADVICE[driver.quadrant])
            if driver.quadrant
            else _("cannot be told from so few answers"),
        }
        yield {name: value for name, value in row.items() if value is not None}


def sheet(app: App, survey: Round, by: str | None) -> Sheet:
    """Return the report of a round; every figure in it is what `survey score` shows."""
    held = rounds.responses(app.reading(), survey.id)
    asked = rounds.asked(app, survey)
    (left,) = comparing.nonresponse({"": [one.state for one in held]})
    parts: list[Part] = [_about(survey, asked, left), _figures(app, survey, None, _("Figures"))]
    if by:
        parts.append(_figures(app, survey, by, _("By {group}").format(group=titled(by))))
    if asked.overall:
        parts.append(_driving(app, survey, asked))
    words = _words(held)
    if words:
        parts.append(Rows((_("About"), _("Words")), words, _("In their words")))
    low = results.low(app.reading(), survey, Decimal(limits.load(app).low))
    if low:
        ids = _(", ").join(one.id for one in low)
        parts.append(
            Prose(ids, _("To be called back: scores below {limit}").format(limit=limits.load(app).low))
        )
    foot = _("Intervals at {confidence} % (Wilson for shares). Questionnaire {hash}.").format(
        confidence=f"{survey.confidence * 100:.4g}", hash=survey.rule_hash[:12]
    )
    return Sheet(survey.title, parts, survey.id, (_("Prepared by:"), _("Reviewed by:"), _("Date:")), foot)


def _about(survey: Round, asked: Questionnaire, left: comparing.Left) -> Grid:
    row = left.row()
    span = f"{survey.first_on} – {survey.last_on}" if survey.first_on and survey.last_on else ""
    return Grid(
        [
            Cell(_("Questionnaire"), str(asked.title)),
            Cell(_("Period"), span),
            Cell(_("Population"), str(survey.eligible)),
            Cell(_("Sample"), _("{size}, seed {seed}").format(size=survey.size, seed=survey.seed)),
            Cell(_("Answered"), str(left.answered + left.partial)),
            Cell(_("Response rate"), f"{row['response_rate']} %"),
        ]
    )


def _figures(app: App, survey: Round, by: str | None, title: str) -> Rows:
    headings = [
        *([titled(by)] if by else []),
        _("Figure"),
        _("What"),
        _("Value"),
        _("From – to"),
        "n",
        _("Note"),
    ]
    rows = []
    for row in results.rows(results.figures(app, survey, by)):
        if by and row["figure"] not in ("index", "nps"):
            continue
        span = f"{row['low']} – {row['high']}" if "low" in row else ""
        cells = [
            _(results.KINDS[row["figure"]]),
            row["what"],
            str(row.get("value", "–")),
            span,
            str(row["n"]),
        ]
        rows.append([*([row["group"]] if by else []), *cells, row.get("note", "")])
    return Rows(headings, rows, title)


def _driving(app: App, survey: Round, asked: Questionnaire) -> Rows:
    headings = (_("Question"), _("Importance"), _("Performance"), "n", _("Advice"))
    rows = [
        [row["text"], _two(row.get("importance")), str(row["performance"]), str(row["n"]), row["advice"]]
        for row in driver_rows(asked, results.driving(app, survey))
    ]
    return Rows(headings, rows, _("What overall satisfaction hangs on"))


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _words(held: Sequence[Response]) -> list[list[str]]:
    found = [[one.record, text] for one in held for text in one.said.values() if text]
    return found[:_QUOTED]
