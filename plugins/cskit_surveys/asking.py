"""What an interview needs of the records: whose turn it is, and keeping what was said.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Conflict, NotFound, Usage, _, edits
from cskit.i18n import label
from cskit.records import fields
from cskit.stored import decoder
from cskit_surveys import reading as call_lists
from cskit_surveys import rounds
from cskit_surveys.course import Course
from cskit_surveys.model import CHANNELS, Response, Round

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction


def next_of(reading: Reading, survey: Round, who: str | None) -> Response:
    """Return whom to ask: `who`, or the next in the order of the draw who was not asked yet.

    Interviews that were begun come before new ones, people who were not reached after them. Raises
    `NotFound`, and `Conflict` for somebody who has answered.
    """
    waiting = rounds.to_ask(reading, survey, every=who is not None)
    if who is None:
        if not waiting:
            raise NotFound(_("everybody in the sample of {round} was asked").format(round=survey.id))
        turns = {"partial": 0, "sampled": 1, "unreached": 2}
        return min(waiting, key=lambda one: turns[one.state])
    found = [one for one in waiting if who in (one.id, one.record, one.customer)]
    if not found:
        raise NotFound(_("not in the sample of {round}: {names}").format(round=survey.id, names=who))
    if len(found) > 1:
        raise Conflict(
            _("{name} is in the sample of {round} more than once").format(name=who, round=survey.id),
            _("give one of {ids}").format(ids=", ".join(one.id for one in found)),
        )
    if found[0].state not in rounds.WAITING:
        raise Conflict(_("{ids}: answered already").format(ids=found[0].id))
    return found[0]


def whom(app: App, response: Response) -> str:
    """Say whom an interview is with, by name where the register knows it."""
    (row,) = call_lists.call_list(app, [response])
    if row.get("name"):
        said = _("{id}, about {record}: {name}")
        return said.format(id=response.id, record=response.record, name=row["name"])
    return _("{id}, about {record}").format(id=response.id, record=response.record)


def keep(
    app: App,
    tx: Transaction,
    own: str,
    course: Course,
    answers: Mapping[str, Any],
    *,
    how: str,
    channel: str,
) -> str:
    """Keep what was said in an interview; return the response's state as people read it.

    `how` is "refused", "unreached" or "". Raises `Conflict` where somebody else noted answers meanwhile.
    """
    if channel not in CHANNELS:
        raise Usage(
            _("--channel {channel}: there is no such channel").format(channel=channel),
            _("there are {names}").format(names=", ".join(CHANNELS)),
        )
    decode = decoder(rounds.RESPONSES, Response)
    (document,) = tx.read(rounds.RESPONSES, ids=[own])
    before = decode(document)
    if before.state not in rounds.WAITING:
        raise Conflict(_("{ids}: answered already").format(ids=own))
    noted: dict[str, Any] = {
        "channel": channel,
        "interviewer": app.staff or app.user,
        "attempts": before.attempts + 1,
    }
    after = msgspec.structs.replace(before, **noted)
    if answers:
        after = course.filled(msgspec.structs.replace(after, at=app.now), answers)
    if how:
        after = msgspec.structs.replace(after, state=how)
    tx.replace(rounds.RESPONSES, document.number, edits.encode(after))
    return label(after.state, fields(Response)["state"].choices[after.state])


def left(reading: Reading, survey: Round) -> int:
    """Return how many of a sample are still to ask."""
    return len(rounds.to_ask(reading, survey, every=False))
