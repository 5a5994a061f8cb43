"""What surveys and follow-ups have to be done, and what happened. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cskit import Event, Task, _, ngettext
from cskit.stored import decoder
from cskit_surveys import followups, limits, rounds
from cskit_surveys.model import Response, Round

if TYPE_CHECKING:
    from cskit import App


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield rounds whose day has come, follow-ups that are due, and low scores nobody has followed up."""
    for one in followups.due(app, until):
        yield Task(
            due=one.due,
            what=_("follow up: {subject}").format(subject=one.subject),
            about="followup",
            id=one.id,
            who=one.staff or "",
            do=f"followup done {one.id} --result …",
        )
    held = {one.id: one for one in rounds.all_rounds(app.reading()) if one.state == "open"}
    if not held:
        return
    open_: dict[str, int] = dict.fromkeys(held, 0)
    followed = {one.about for one in followups.all_followups(app.reading()) if one.about}
    bounds = limits.load(app)
    decode = decoder(rounds.RESPONSES, Response)
    for response in map(decode, app.reading().read(rounds.RESPONSES)):
        if response.round in held:
            open_[response.round] += response.state in rounds.WAITING
            yield from _low(app, held[response.round], response, bounds, followed, until)
    for survey in held.values():
        if survey.due is not None and survey.due <= until and open_[survey.id]:
            said = ngettext(
                "{count} still to ask: {title}", "{count} still to ask: {title}", open_[survey.id]
            )
            yield Task(
                due=survey.due,
                what=said.format(count=open_[survey.id], title=survey.title),
                about="survey round",
                id=survey.id,
                do=f"survey sample {survey.id}",
            )


def _low(
    app: App, survey: Round, response: Response, bounds: limits.Limits, followed: set[str], until: dt.date
) -> Iterator[Task]:
    if response.score is None or response.score >= bounds.low or response.at is None:
        return
    due = response.at.astimezone(app.zone).date() + dt.timedelta(days=bounds.follow_up_days)
    if response.case is None and response.id not in followed and due <= until:
        said = _("low score {score}, call back: {record}")
        yield Task(
            due=due,
            what=said.format(score=response.score, record=response.record),
            about="survey response",
            id=response.id,
            who=response.staff or "",
            do=f"survey low {survey.id} --open-cases",
        )


def timeline(app: App, customer: str) -> Iterator[Event]:
    """Yield the answers of a customer, and the follow-ups, planned and made."""
    titles = {one.id: one.title for one in rounds.all_rounds(app.reading())}
    decode = decoder(rounds.RESPONSES, Response)
    for one in map(decode, app.reading().read(rounds.RESPONSES)):
        if one.customer == customer and one.at is not None:
            said = _("answered {title}, score {score}") if one.score is not None else _("answered {title}")
            what = said.format(title=titles.get(one.round, one.round), score=one.score)
            yield Event(one.at, what, "survey response", one.id, one.interviewer or "")
    for followup in followups.all_followups(app.reading()):
        if followup.customer == customer:
            made = followup.done_on is not None
            said = _("followed up: {subject}") if made else _("follow-up planned: {subject}")
            at = followup.done_on or followup.due
            who = followup.done_by or followup.staff or ""
            yield Event(at, said.format(subject=followup.subject), "followup", followup.id, who)
