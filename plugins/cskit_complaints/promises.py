"""What customers were promised, and deadlines that somebody wants later (domain C09, C16).

Each function returns the step that `acting.act` makes on every case. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from cskit import Refused, Usage, _
from cskit_complaints.acting import Acting, Step, refuse_ended
from cskit_complaints.model import Case, Extension, Promise

if TYPE_CHECKING:
    from cskit import App

T = TypeVar("T")


def promise(app: App, *, due: dt.datetime, text: str, reason: str | None = None) -> Step:
    """Note what the customers were promised and by when; raises `Usage` for a time that has passed."""
    if due <= app.now:
        raise Usage(_("--due lies in the past"), _("promise what can still be kept"))
    acting = Acting.of(app)
    made = Promise(text=text, due=due, by=acting.who, at=acting.now)

    def step(case: Case) -> Case:
        refuse_ended(case)
        number = len(case.promises) + 1
        values = {"promises": [*case.promises, made]}
        told = {"number": number, "until": due, "text": text, "contact": True}
        return acting.note(case, "promise", values, **told, reason=reason)

    return step


def keep(app: App, *, number: int | None = None, text: str | None = None, reason: str | None = None) -> Step:
    """Note that a promise was kept: the `number`-th of a case, else the only one that is open."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        places = [place for place, one in enumerate(case.promises) if one.kept_at is None]
        place = chosen(case, places, number, _("promise"), "--number")
        kept = msgspec.structs.replace(case.promises[place], kept_at=acting.now, kept_by=acting.who)
        values = {"promises": with_one(case.promises, place, kept)}
        told = {"number": place + 1, "text": text or kept.text, "contact": True}
        return acting.note(case, "keep", values, **told, reason=reason)

    return step


def extend(app: App, *, until: dt.datetime, reason: str) -> Step:
    """Ask for a later deadline (延期); it holds once somebody else approves it."""
    acting = Acting.of(app)
    asked = Extension(until=until, reason=reason, asked_by=acting.who, asked_at=acting.now)

    def step(case: Case) -> Case:
        refuse_ended(case)
        if case.due is None:
            said = _("case {id} has no deadline to extend")
            raise Refused(said.format(id=case.id), _("`cskit case assign` gives one"))
        if until <= case.due:
            raise Refused(_("case {id}: that is not later than its deadline").format(id=case.id))
        if any(one.state == "asked" for one in case.extensions):
            said = _("case {id}: an extension waits for approval already")
            raise Refused(said.format(id=case.id))
        values = {"extensions": [*case.extensions, asked]}
        told = {"number": len(case.extensions) + 1, "until": until}
        return acting.note(case, "extend", values, **told, reason=reason)

    return step


def decided(acting: Acting, case: Case, place: int, approved: bool, reason: str | None) -> Case:
    """Return a case with an extension approved, which moves its deadline, or refused.

    Raises `Refused` to who asked for it: four eyes.
    """
    asked = case.extensions[place]
    if asked.asked_by == acting.who:
        said = _("case {id}: {who} asked for this extension, so somebody else has to approve it")
        raise Refused(said.format(id=case.id, who=acting.who))
    state = "approved" if approved else "refused"
    done = msgspec.structs.replace(asked, state=state, decided_by=acting.who, decided_at=acting.now)
    values: dict[str, object] = {"extensions": with_one(case.extensions, place, done)}
    if approved:
        values["due"] = asked.until
    what, told = "approve" if approved else "refuse", {"number": place + 1, "until": asked.until}
    return acting.note(case, what, values, **told, party="extension", reason=reason)  # type: ignore[arg-type]  # one of two


def chosen(case: Case, places: Sequence[int], number: int | None, what: str, option: str) -> int:
    """Return the place that `number` (from 1) means among those that wait, the only one where it is None."""
    if number is not None and number - 1 in places:
        return number - 1
    if number is None and len(places) == 1:
        return places[0]
    waiting = ", ".join(str(place + 1) for place in places)
    if not places:
        raise Refused(_("case {id}: no {what} is open").format(id=case.id, what=what))
    said = _("case {id}: which {what}? open are {numbers}").format(id=case.id, what=what, numbers=waiting)
    raise Refused(said, _("say it with {option}").format(option=option))


def with_one(items: Sequence[T], place: int, item: T) -> list[T]:
    """Return a list with one of its items in the place of another."""
    return [item if each == place else one for each, one in enumerate(items)]
