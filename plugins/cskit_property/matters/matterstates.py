"""Where matters stand: steps done, ready, waiting or late. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cskit import _
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_property.matters import procedures
from cskit_property.matters.mattermodel import Matter
from cskit_property.matters.matters import TABLE, lacking
from cskit_property.matters.procedures import Named, Step

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document

StepState = Literal["done", "ready", "documents", "waiting"]


class Standing(NamedTuple):
    """Where a step of a matter stands on a day.

    `ready` ones can be taken, `documents` lack papers only, `waiting` ones wait for other steps. `due` is
    known once everything before it is done: so many working days later. `late` is days over it.
    """

    matter: Matter
    step: Step
    state: StepState
    done: dt.date | None
    due: dt.date | None
    late: int
    waits: str


class Course:
    """Reckons where matters stand, with each procedure and calendar looked up once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._procedures: Mapping[str, Named] = procedures.load(app)

    def of(self, matter: Matter) -> Iterator[Standing]:
        """Yield where each step of a matter stands today, in the order of the procedure."""
        named = procedures.find(self._procedures, matter.procedure)
        had = {one.step: one.date for one in matter.taken}
        for step in named.procedure.steps:
            missing = [named.procedure.step(code) for code in step.needs if code not in had]
            done = had.get(step.code)
            due = None if missing else self._due(named, matter, step, had)
            papers = [] if done else lacking(matter, step)
            state: StepState = (
                "done" if done else "waiting" if missing else "documents" if papers else "ready"
            )
            waits = procedures.titles(missing) if missing else listed(papers)
            day = done or matter.ended or self._app.today
            late = max((day - due).days, 0) if due else 0
            yield Standing(matter, step, state, done, due, late, waits)

    def _due(self, named: Named, matter: Matter, step: Step, had: Mapping[str, dt.date]) -> dt.date:
        """Return the day by which a step normally is done: working days after it could begin."""
        begun = max([matter.opened, *(had[code] for code in step.needs)])
        calendar = self._app.calendars.named(named.procedure.calendar)
        noon = dt.datetime.combine(begun, dt.time(12), self._app.zone)
        moment = calendar.shifted(int(noon.timestamp()), step.days)
        return dt.datetime.fromtimestamp(moment, self._app.zone).date()


def all_of(app: App, documents: Iterable[Document]) -> Iterator[Standing]:
    """Yield where each step of some matters stands."""
    course, decode = Course(app), decoder(TABLE, Matter)
    for document in documents:
        yield from course.of(decode(document))


def course(app: App, documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """Yield a row for each step of matters, whether done or not."""
    return map(row, all_of(app, documents))


def blocked(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each step of open matters that cannot be taken, with what it waits for."""
    for one in open_steps(app):
        if one.state in ("waiting", "documents"):
            yield row(one)


def overdue(app: App) -> list[dict[str, Any]]:
    """Return a row for each step of open matters that should be done by now, the latest first."""
    found = [one for one in open_steps(app) if one.state != "done" and one.late]
    found.sort(key=lambda one: (-one.late, one.matter.id))
    return [row(one) for one in found]


def open_steps(app: App) -> Iterator[Standing]:
    """Yield where each step of open matters stands, from one pass over the table."""
    found, decode = Course(app), decoder(TABLE, Matter)
    for matter in map(decode, app.reading().read(TABLE)):
        if matter.state == "open":
            yield from found.of(matter)


def row(one: Standing) -> dict[str, Any]:
    """Return a standing as a row."""
    return {
        "id": one.matter.id,
        "title": one.matter.title,
        "step": one.step.code,
        "name": str(one.step.label),
        "state": one.state,
        "done": one.done,
        "due": one.due,
        "late": one.late or None,
        "waits": one.waits or None,
        "handler": one.matter.handler,
    }


def listing(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each step of each procedure that there is."""
    for code, named in procedures.load(app).items():
        for step in named.procedure.steps:
            yield {
                "procedure": code,
                "title": str(named.procedure.label),
                "step": step.code,
                "name": str(step.label),
                "needs": step.needs,
                "documents": [
                    _("{code} ({title})").format(code=one.code, title=one.label) for one in step.documents
                ],
                "days": step.days,
            }


def titles(app: App, matter: Matter) -> dict[str, str]:
    """Return what people call the steps of a matter, by code; nothing where its procedure is gone."""
    named = procedures.load(app).get(matter.procedure)
    return {step.code: str(step.label) for step in named.procedure.steps} if named else {}
