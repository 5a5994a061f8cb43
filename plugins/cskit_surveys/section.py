"""What surveys and follow-ups have to say in the report of a month; the figures are those of `survey score`.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from cskit import Period, _
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Ids, Section, count
from cskit_surveys import comparing, figures, followups, limits, results, rounds
from cskit_surveys.model import FollowUp, Round

if TYPE_CHECKING:
    from cskit import App

RESPONSE, FOLLOWUP = "survey response", "followup"
_Named = Mapping[tuple[str, str], tuple[str, ...]]  # kind and code of a figure → the responses behind it


def section(app: App, period: Period) -> Section:
    """Return the rounds about a period (else drawn in it), each beside the one before, and the follow-ups."""
    drawn = (one for one in rounds.all_rounds(app.reading()) if one.drawn_at <= app.now)
    every = results.in_order(drawn, app.zone)
    groups = []
    for place, survey in enumerate(every):
        if period.holds(results.day_of(survey, app.zone)):
            before = [one for one in every[:place] if one.questionnaire == survey.questionnaire]
            groups.append(_round(app, survey, before[-1] if before else None))
    due = followups.due_in(followups.all_followups(app.reading()), period, app.today)
    groups.append(Group(_followups(due), "followups", _("Follow-ups")))
    return Section("surveys", _("Satisfaction surveys and follow-ups"), groups)


# --- rounds ------------------------------------------------------------------------------------------------


def _round(app: App, survey: Round, before: Round | None) -> Group:
    found = results.main(app, survey)
    earlier = results.main(app, before) if before else []

    @cache
    def named() -> _Named:  # which reads the responses again, only where somebody asks
        return {(one.kind, one.about): one.ids for one in results.main(app, survey, ids=True)}

    made = [
        _figure(pair.after, partial(_behind, named, pair.after), _change(pair, before))
        for pair in comparing.compare(earlier, found)
        if pair.after is not None
    ]
    limit = limits.load(app).low
    low = results.low(app.reading(), survey, Decimal(limit))
    said = _("Scores below {limit}").format(limit=limit)
    made.append(count("low", said, (one.id for one in low), RESPONSE))
    return Group(made, survey.id, _("{title} ({id})").format(title=survey.title, id=survey.id))


def _behind(named: Callable[[], _Named], one: figures.Figure) -> tuple[str, ...]:
    return named()[one.kind, one.about]


def _figure(one: figures.Figure, ids: Ids, note: str) -> Figure:
    units = {"csat": "%"}
    titles = {
        "index": _("Satisfaction index"),
        "nps": _("Net promoter score"),
        "csat": _("Satisfied overall"),
    }
    return Figure(
        one.kind if one.kind != "nps" else f"nps.{one.about}",
        titles[one.kind],
        one.value,
        one.n,
        RESPONSE,
        ids,
        unit=units.get(one.kind, _("points")),
        interval=one.interval,
        few=one.few and one.n > 0,
        note=note,
    )


def _change(pair: comparing.Compared, before: Round | None) -> str:
    """Say that a figure changed, only where the test says so and there are answers enough."""
    if before is None or pair.change is None or not pair.change.real:
        return ""
    if pair.before is None or pair.after is None or pair.before.few or pair.after.few:
        return ""
    said = _("better than {round}") if pair.change.difference > 0 else _("worse than {round}")
    return said.format(round=before.id)


# --- follow-ups --------------------------------------------------------------------------------------------


def _followups(due: Sequence[FollowUp]) -> list[Figure]:
    ids, made = tuple(one.id for one in due), tuple(one.id for one in due if one.state == "done")
    value = round(Decimal(100 * len(made)) / len(due), 1) if due else None
    return [
        count("due", _("Follow-ups due"), ids, FOLLOWUP),
        Figure(
            "done",
            _("Follow-ups made"),
            value,
            len(ids),
            FOLLOWUP,
            lambda: ids,
            unit="%",
            hits=lambda: made,
            interval=wilson(len(made), len(ids)) if ids else None,
        ),
    ]
