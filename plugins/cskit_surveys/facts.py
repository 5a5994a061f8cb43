"""What surveys and follow-ups tell other plugins of customers, staff and projects. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import FactSpec, Period
from cskit.stored import decoder
from cskit_surveys import followups, questionnaires, rounds, scoring
from cskit_surveys.figures import ANSWERED
from cskit_surveys.intervals import promoters

if TYPE_CHECKING:
    from cskit import App, Evidence

_WITHIN = "answered in the period"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "surveys.csat",
        "customer",
        "decimal",
        f"Share of satisfied answers to overall questions {_WITHIN}; unknown without answers.",
        "%",
        "period",
    ),
    FactSpec(
        "surveys.last_score",
        "customer",
        "decimal",
        f"Score of the latest response {_WITHIN}, 0 to 100; unknown without one.",
        "points",
        "period",
    ),
    FactSpec("surveys.last_on", "customer", "date", f"Day of the latest response {_WITHIN}.", span="period"),
    FactSpec(
        "surveys.nps",
        "customer",
        "decimal",
        f"Net promoter score of what was {_WITHIN}, −100 to 100; unknown without answers.",
        "points",
        "period",
    ),
    FactSpec(
        "surveys.satisfaction",
        "staff",
        "decimal",
        f"Mean score of the responses that concern this person, {_WITHIN}; unknown without any.",
        "points",
        "period",
    ),
    FactSpec(
        "surveys.answers",
        "staff",
        "integer",
        f"Number of responses that concern this person, {_WITHIN}; 0 without any.",
        "responses",
        "period",
    ),
    FactSpec(
        "followups.done_rate",
        "staff",
        "decimal",
        "Share of this person's follow-ups due in the period that were made; unknown if none was due.",
        "%",
        "period",
    ),
    FactSpec(
        "surveys.satisfaction",
        "project",
        "decimal",
        f"Mean score of the responses about this project, {_WITHIN}; unknown without any.",
        "points",
        "period",
    ),
)


class _Answer(msgspec.Struct, frozen=True, gc=False):
    """What the facts need of a stored response."""

    id: str
    round: str
    customer: str | None = None
    staff: str | None = None
    project: str | None = None
    state: str = "sampled"
    at: dt.datetime | None = None
    ratings: dict[str, int] = {}
    score: Decimal | None = None


def known(
    app: App,
    kind: str,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
    evidence: Evidence | None = None,
) -> dict[str, dict[str, Any]]:
    """Return facts about customers, staff or projects from one pass over each table that is needed.

    Responses count in the period, and where `scope` names a `round`, of that round. Which records a fact
    about staff or a project is counted from is noted in `evidence`.
    """
    found: dict[str, dict[str, Any]] = {}
    if any(name.startswith("surveys.") for name in names):
        held = _answers(app, kind, ids, now, period, scope.get("round"))
        if kind == "customer":
            found |= _of_customers(app, names, held)
        else:
            found["surveys.satisfaction"] = {own: _mean(answers) for own, answers in held.items()}
            found["surveys.answers"] = {own: len(held.get(own, ())) for own in ids}
            found["surveys.satisfaction"] = _without_none(found["surveys.satisfaction"])
            if evidence is not None:
                for own, answers in held.items():
                    scored = [one.id for one in answers if one.score is not None]
                    evidence.note("surveys.satisfaction", own, "survey response", scored)
                    evidence.note("surveys.answers", own, "survey response", [one.id for one in answers])
    if "followups.done_rate" in names:
        found["followups.done_rate"] = _done_rates(app, ids, now, period, evidence)
    return {name: values for name, values in found.items() if name in names}


def _answers(
    app: App, kind: str, ids: Sequence[str], now: dt.datetime, period: Period, round: str | None
) -> dict[str, list[_Answer]]:
    wanted = set(ids)
    decode = decoder(rounds.RESPONSES, _Answer)
    found: dict[str, list[_Answer]] = {}
    for answer in map(decode, app.reading().read(rounds.RESPONSES)):
        own = getattr(answer, kind)
        if own not in wanted or answer.state not in ANSWERED or answer.at is None or answer.at > now:
            continue
        if round is not None and answer.round != round:
            continue
        if period.holds(answer.at.astimezone(app.zone).date()):
            found.setdefault(own, []).append(answer)
    return found


def _of_customers(
    app: App, names: Sequence[str], held: Mapping[str, Sequence[_Answer]]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {name: {} for name in names if name.startswith("surveys.")}
    latest = {own: max(answers, key=lambda one: one.at or app.now) for own, answers in held.items()}
    if "surveys.last_on" in found:
        found["surveys.last_on"] = {
            own: one.at.astimezone(app.zone).date() for own, one in latest.items() if one.at
        }
    if "surveys.last_score" in found:
        found["surveys.last_score"] = _without_none({own: one.score for own, one in latest.items()})
    if {"surveys.csat", "surveys.nps"} & found.keys():
        asked = _asked(app)
        for own, answers in held.items():
            share, score = _judged(asked, answers)
            if share is not None and "surveys.csat" in found:
                found["surveys.csat"][own] = share
            if score is not None and "surveys.nps" in found:
                found["surveys.nps"][own] = score
    return found


def _asked(app: App) -> dict[str, questionnaires.Questionnaire]:
    """Return the questionnaire of every round whose file is still there."""
    from cskit import rules

    files = rules.load(app, questionnaires.KIND)
    every = rounds.all_rounds(app.reading())
    return {one.id: files[one.questionnaire].value for one in every if one.questionnaire in files}


def _judged(
    asked: Mapping[str, questionnaires.Questionnaire], answers: Sequence[_Answer]
) -> tuple[Decimal | None, Decimal | None]:
    """Return the share of satisfied answers to overall questions, and the net promoter score."""
    good: list[bool] = []
    ratings: list[int] = []
    for answer in answers:
        if answer.round not in asked:
            continue
        for question in asked[answer.round].questions():
            value = answer.ratings.get(question.code)
            if value is not None and question.code == asked[answer.round].overall:
                good.append(bool(scoring.satisfied(asked[answer.round], question, value)))
            elif value is not None and question.type == "nps":
                ratings.append(value)
    share = _rounded(100 * sum(good) / len(good)) if good else None
    score = promoters(ratings).value
    return share, None if score is None else _rounded(score)


def _done_rates(
    app: App, ids: Sequence[str], now: dt.datetime, period: Period, evidence: Evidence | None
) -> dict[str, Decimal]:
    today = now.astimezone(app.zone).date()
    counts: dict[str, dict[str, bool]] = {}
    wanted = set(ids)
    for one in followups.due_in(followups.all_followups(app.reading()), period, today):
        if one.staff in wanted and one.staff is not None:
            counts.setdefault(one.staff, {})[one.id] = one.state == "done"
    if evidence is not None:
        for own, made in counts.items():
            evidence.note("followups.done_rate", own, "followup", made, sum(made.values()))
    return {own: _rounded(100 * sum(made.values()) / len(made)) for own, made in counts.items()}


def _mean(answers: Sequence[_Answer]) -> Decimal | None:
    scores = [answer.score for answer in answers if answer.score is not None]
    return _rounded(float(sum(scores)) / len(scores)) if scores else None


def _rounded(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {own: value for own, value in values.items() if value is not None}
