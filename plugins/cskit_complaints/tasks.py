"""What cases ask for today beside their clocks: crises, promises, approvals, payments, cases to be closed.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from cskit import Task, _
from cskit.stored import decoder
from cskit.values import one_line
from cskit_complaints import policy
from cskit_complaints.crisis import CRISIS
from cskit_complaints.flow import OPEN
from cskit_complaints.model import Compensation, Done, Extension, Promise, State

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document

_SHOWN = 30
"""So many characters of a case's content stand in a task."""


class _Waiting(msgspec.Struct, frozen=True, gc=False):
    """What tells whether something is to be done about a stored case."""

    id: str
    content: str = ""
    received_at: dt.datetime | None = None
    severity: int | None = None
    state: State = "registered"
    handler: str | None = None
    supervised_by: str | None = None
    promises: tuple[Promise, ...] = ()
    extensions: tuple[Extension, ...] = ()
    compensation: tuple[Compensation, ...] = ()
    crisis: tuple[Done, ...] = ()
    memo: str | None = None


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is to be done about cases by the end of a day, from one pass over the table."""
    decode = decoder("cases", _Waiting)
    steps = [step.code for step in policy.load(app).crisis]
    for document in app.reading().read("cases"):
        case = decode(document)
        yield from _crisis(app, case, steps)
        yield from _promises(case)
        yield from _money(app, case)
        if case.state in OPEN:
            yield from _extensions(app, case, document)


def _crisis(app: App, case: _Waiting, steps: list[str]) -> Iterator[Task]:
    if case.severity != CRISIS or case.memo is not None or case.state == "rejected":
        return
    had = {one.step for one in case.crisis}
    left = [step for step in steps if step not in had]
    if left:
        what = _("crisis: {done} of {all} steps done: {content}")
        do = f"case crisis {case.id} --done {left[0]}"
    else:
        what, do = _("crisis: write the review memo: {content}"), f"case crisis {case.id} --memo FILE"
    said = what.format(done=len(steps) - len(left), all=len(steps), content=_content(case))
    yield Task(case.received_at or app.now, said, "case", case.id, case.handler or "", urgent=True, do=do)


def _promises(case: _Waiting) -> Iterator[Task]:
    open_ones = [place for place, one in enumerate(case.promises, 1) if one.kept_at is None]
    for place in open_ones:
        one = case.promises[place - 1]
        number = f" --number {place}" if len(open_ones) > 1 else ""
        said = _("promised: {text}").format(text=one_line(one.text))
        do = f"case keep {case.id}{number}"
        yield Task(one.due, said, "case", case.id, case.handler or one.by, do=do)


def _money(app: App, case: _Waiting) -> Iterator[Task]:
    for place, offer in enumerate(case.compensation, 1):
        if offer.state == "proposed":
            said = _("approve compensation of {amount}, proposed by {who}")
            do = f"case approve {case.id} --compensation {place}"
        elif offer.state == "approved":
            said, do = _("pay compensation of {amount}"), f"case pay {case.id} --number {place}"
        else:
            continue
        what = said.format(amount=offer.amount, who=offer.proposed_by)
        yield Task(_day(app, offer.proposed_at), what, "case", case.id, do=do)


def _extensions(app: App, case: _Waiting, document: Document) -> Iterator[Task]:
    who = case.handler or ""
    for place, asked in enumerate(case.extensions, 1):
        if asked.state == "asked":
            said = _("approve an extension, asked for by {who}").format(who=asked.asked_by)
            do = f"case approve {case.id} --extension {place}"
            yield Task(_day(app, asked.asked_at), said, "case", case.id, case.supervised_by or "", do=do)
    if case.state == "replied":
        said = _("close: {content}").format(content=_content(case))
        yield Task(
            _day(app, _since(document) or app.now), said, "case", case.id, who, do=f"case close {case.id}"
        )


class _Event(msgspec.Struct, frozen=True, gc=False):
    at: dt.datetime


class _Events(msgspec.Struct, frozen=True, gc=False):
    events: tuple[_Event, ...] = ()


_EVENTS = decoder("cases", _Events)


def _since(document: Document) -> dt.datetime | None:
    """Return when a case last moved or had something noted."""
    return max((event.at for event in _EVENTS(document).events), default=None)


def _day(app: App, moment: dt.datetime) -> dt.date:
    """Return the day of what is to be done the same day, at whatever time."""
    return moment.astimezone(app.zone).date()


def _content(case: _Waiting) -> str:
    text = one_line(case.content)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
