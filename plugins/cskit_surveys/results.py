"""A round's results: its figures, what changed, what drives them, who is dissatisfied.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, Refused, _, edits
from cskit.i18n import mark
from cskit.stored import decoder
from cskit_surveys import comparing, drivers, limits, rounds, scoring
from cskit_surveys.figures import ANSWERED, Figure, Reader
from cskit_surveys.groups import grouping, looks_up
from cskit_surveys.model import Response, Round
from cskit_surveys.questionnaires import Questionnaire

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

KINDS = {
    "index": mark("index, 0–100"),
    "section": mark("section, 0–100"),
    "csat": mark("satisfied, %"),
    "nps": mark("net promoter score"),
    "ces": mark("easy, %"),
    "share": mark("share, %"),
    "gap": mark("gap, points"),
}


def figures(app: App, survey: Round, by: str | None = None, *, ids: bool = False) -> list[Figure]:
    """Return the figures of a round, for each group of `by` where that is given.

    They are reckoned while the responses are read; with `ids` each names those behind it.
    """
    asked = rounds.asked(app, survey)
    customers = rounds.customers(app.reading(), survey.id) if looks_up(by) else ()
    reader = Reader(asked, limits.load(app), float(survey.confidence))
    group = grouping(app, by, customers)
    return reader.figures(rounds.answers(app.reading(), survey.id), group, ids=ids)


def rows(found: Sequence[Figure], *, ids: bool = False) -> Iterator[dict[str, Any]]:
    """Yield figures as rows: value and interval with one decimal, n, a mark where the answers are few."""
    for figure in found:
        row = {
            "group": figure.group or None,
            "figure": figure.kind,
            "about": figure.about or None,
            "option": figure.option or None,
            "what": figure.what,
            "value": _round(figure.value),
            "low": _round(figure.interval.low if figure.interval else None),
            "high": _round(figure.interval.high if figure.interval else None),
            "mean": None if figure.middle is None else round(figure.middle, 2),
            "n": figure.n,
            "note": _("few answers") if figure.few else None,
            "ids": list(figure.ids) if ids else None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1) + 0.0  # no -0.0


def compared(app: App, before: Round, after: Round, by: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure of two rounds; raises `Refused` where they asked different things."""
    if before.questionnaire != after.questionnaire:
        raise Refused(
            _("{first} asked '{one}' and {second} '{other}': their figures do not compare").format(
                first=before.id, one=before.questionnaire, second=after.id, other=after.questionnaire
            )
        )
    for pair in comparing.compare(figures(app, before, by), figures(app, after, by)):
        figure = pair.after or pair.before
        assert figure is not None  # noqa: S101 - one of the two is there
        change = pair.change
        row = {
            "group": figure.group or None,
            "figure": figure.kind,
            "about": figure.about or None,
            "option": figure.option or None,
            "what": figure.what,
            "before": _round(pair.before.value if pair.before else None),
            "after": _round(pair.after.value if pair.after else None),
            "change": _round(change.difference if change else None),
            "p": None if change is None else round(change.p, 4),
            "n_before": pair.before.n if pair.before else None,
            "n_after": pair.after.n if pair.after else None,
            "says": comparing.verdict(pair),
        }
        yield {name: value for name, value in row.items() if value is not None}


def trend(app: App, questionnaire: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each round of a questionnaire and each of its main figures, the oldest first.

    Main figures are the index, the overall question and the net promoter score; each says how it compares
    with the round before. Raises `NotFound` where there was no round.
    """
    held = [one for one in rounds.all_rounds(app.reading()) if one.questionnaire == questionnaire]
    if not held:
        raise NotFound(
            _("there is no round of '{name}' yet").format(name=questionnaire),
            _("`cskit survey new {name}` draws one").format(name=questionnaire),
        )
    before: list[Figure] = []
    for survey in in_order(held, app.zone):
        found = main(app, survey)
        for pair in comparing.compare(before, found):
            figure = pair.after
            if figure is None:
                continue
            row = next(rows([figure]))
            yield {
                "round": survey.id,
                "period": survey.title,
                **row,
                "says": comparing.verdict(pair) if before else None,
            }
        before = found


def in_order(held: Iterable[Round], zone: dt.tzinfo) -> list[Round]:
    """Return rounds in the order of the days that they stand for."""
    return sorted(held, key=lambda one: (day_of(one, zone), one.id))


def day_of(survey: Round, zone: dt.tzinfo) -> dt.date:
    """Return the day that a round stands for: the last that it is about, else the day it was drawn on."""
    return survey.last_on or survey.drawn_at.astimezone(zone).date()


def main(app: App, survey: Round, *, ids: bool = False) -> list[Figure]:
    """Return the main figures of a round: the index, the overall question, the net promoter score."""
    asked = rounds.asked(app, survey)
    return [one for one in figures(app, survey, ids=ids) if _main(asked, one)]


def _main(asked: Questionnaire, figure: Figure) -> bool:
    return figure.kind in ("index", "nps") or (figure.kind == "csat" and figure.about == asked.overall)


def driving(app: App, survey: Round) -> list[drivers.Driver]:
    """Return what goes along with overall satisfaction, the strongest first; raises `Refused` without one."""
    asked = rounds.asked(app, survey)
    if not asked.overall:
        raise Refused(
            _("the questionnaire '{name}' has no overall question").format(name=survey.questionnaire)
        )
    held = [one for one in rounds.responses(app.reading(), survey.id) if one.state in ANSWERED]
    answered = {
        question.code: {
            one.id: score
            for one in held
            if (score := scoring.points(asked, question, one.ratings.get(question.code))) is not None
        }
        for question in asked.questions()
        if question.type in ("scale", "effort")
    }
    overall = answered.pop(asked.overall, {})
    return drivers.drivers(answered, overall, limits.load(app).few)


# --- who is dissatisfied -----------------------------------------------------------------------------------


def low(reading: Reading, survey: Round, below: Decimal) -> list[Response]:
    """Return the responses of a round with a score below a limit, the lowest first."""
    held = rounds.responses(reading, survey.id)
    found = [one for one in held if one.score is not None and one.score < below]
    return sorted(found, key=lambda one: (one.score or 0, one.id))


def open_cases(app: App, tx: Transaction, survey: Round, below: Decimal) -> dict[str, str]:
    """Open a case for each low response that has none; return response → case.

    Raises `PluginFailed` where no plugin opens cases.
    """
    opened = {}
    open_case = app.actions["case.open"]
    wanted = {one.id for one in low(tx, survey, below) if one.case is None}
    decode = decoder(rounds.RESPONSES, Response)
    for document in list(tx.read(rounds.RESPONSES, where=rounds.InRound(survey.id))):
        one = decode(document)
        if one.id not in wanted:
            continue
        arguments: dict[str, Any] = {
            "content": _("low score {score} in {round}: {words}").format(
                score=one.score, round=survey.title, words=_words(one) or one.record
            )
        }
        if one.customer:
            arguments["customer"] = one.customer
        case = str(open_case(tx, **arguments))
        tx.replace(rounds.RESPONSES, document.number, edits.encode(msgspec.structs.replace(one, case=case)))
        opened[one.id] = case
    return opened


def _words(response: Response) -> str:
    return _("; ").join(response.said.values())


def low_rows(found: Sequence[Response], opened: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each low response."""
    for one in found:
        row = {
            "id": one.id,
            "about": one.record,
            "customer": one.customer,
            "score": one.score,
            "staff": one.staff,
            "department": one.department,
            "words": _words(one) or None,
            "case": opened.get(one.id) or one.case,
        }
        yield {name: value for name, value in row.items() if value is not None}
