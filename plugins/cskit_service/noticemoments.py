"""What is due about notices, orders and invoices, and what happened. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Event, Task, _
from cskit.stored import decoder
from cskit.values import one_line
from cskit_service.notices import course, desk, policy
from cskit_service.notices.model import FIRST, SURVEYED, TABLE, Notice, NoticeType, SystemStatus

if TYPE_CHECKING:
    from cskit import App
    from cskit_service.notices.flow import Quoted

_SHOWN = 30
"""So many characters of a notice's description stand in a task."""


class _At(msgspec.Struct, frozen=True, gc=False):
    at: dt.datetime


class _Steps(msgspec.Struct, frozen=True, gc=False):
    """When steps were made, which only open notices are asked: of most it need not be read."""

    steps: tuple[_At, ...] = ()


class _Waiting(msgspec.Struct, frozen=True, gc=False):
    """What tells whether something is to be done about a stored notice."""

    id: str
    type: NoticeType
    description: str = ""
    urgent: bool = False
    date: dt.date | None = None
    reporter: str | None = None
    staff: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    status: str = FIRST
    system: SystemStatus = "outstanding"
    postponed_until: dt.date | None = None
    head_office: bool = False
    forwarded_at: dt.datetime | None = None
    performed_on: dt.date | None = None
    signed_on: dt.date | None = None

    @property
    def what(self) -> str:
        """The description, as far as a line has room for it."""
        said = one_line(self.description)
        return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due about notices by the end of a day, from one pass over each table.

    Of each notice that is the one thing that comes next, and the promised end where it is reached.
    """
    reading = app.reading()
    decode = decoder(TABLE, _Waiting)
    found = [(decode(document), document) for document in reading.read(TABLE)]
    if not found:
        return
    steps = decoder(TABLE, _Steps)
    known = desk.orders(reading)
    decides = next(iter(policy.supervisors(app, policy.load(app))), "")
    for one, document in found:
        order = known.get(one.id)
        if one.system == "completed":
            yield from _unbilled(one, order)
            continue
        if one.system == "postponed":
            if one.postponed_until is not None and one.postponed_until <= until:
                said = _("postponed to this day: {what}")
                yield _task(one, one.postponed_until, said, f"notice process {one.id}")
            continue
        last = max((step.at for step in steps(document).steps), default=app.now)
        yield from _next(one, last.astimezone(app.zone).date(), order, decides, until)
        if one.end is not None and one.end <= until and one.signed_on is None:
            yield _task(one, one.end, _("promised to be done: {what}"), f"notice flow {one.id}")


def _task(one: _Waiting, due: dt.date, said: str, do: str, who: str | None = None) -> Task:
    responsible = who if who is not None else one.staff or one.reporter or ""
    return Task(due, said.format(what=one.what), "notice", one.id, responsible, urgent=one.urgent, do=do)


def _next(one: _Waiting, last: dt.date, order: Quoted | None, decides: str, until: dt.date) -> Iterator[Task]:
    """Yield what comes next of a notice that is not postponed, where due; `last` is its last step's day."""
    if one.status in SURVEYED and one.head_office:
        said = _("decide whether the head office is asked: {what}")
        yield _task(one, last, said, f"notice approve {one.id}", decides)
    elif one.status == "ZGPZ":
        if one.forwarded_at is None:
            yield _task(one, last, _("pass on to logistics: {what}"), f"notice logistics {one.id}")
        else:
            said = _("wait for the department's reply: {what}")
            yield _task(one, last, said, f"notice reply {one.id} --text …")
    elif one.status == "BPZ":
        said = _("not approved, survey it again or close it: {what}")
        yield _task(one, last, said, f"notice site-survey {one.id}")
    elif order is not None and order.state == "quoted":
        said = _("ask whether the customer agrees to the quotation: {what}")
        yield _task(one, last, said, f"notice agree {one.id}")
    elif one.signed_on is not None or (order is not None and order.state == "declined"):
        yield _task(one, last, _("close the notice: {what}"), f"notice close {one.id}")
    elif one.performed_on is not None:
        yield _task(
            one, one.performed_on, _("have it signed off: {what}"), f"notice sign-off {one.id} --by …"
        )
    elif one.urgent or (one.start is not None and one.start <= until):
        due = one.start or one.date or last
        if due <= until:
            said = _("handle at once: {what}") if one.urgent else _("starts: {what}")
            yield _task(one, due, said, f"notice process {one.id}")


def _unbilled(one: _Waiting, order: Quoted | None) -> Iterator[Task]:
    if order is not None and order.state == "agreed" and order.invoice is None and one.signed_on is not None:
        yield _task(one, one.signed_on, _("make the invoice: {what}"), f"notice invoice {one.id}")


# --- what happened -----------------------------------------------------------------------------------------


class _Customer(msgspec.Struct, frozen=True, gc=False):
    customer: str | None = None


class _Of:
    """A store's filter for the notices of one customer."""

    def __init__(self, customer: str) -> None:
        self._customer = customer
        self.model: type[msgspec.Struct] = _Customer
        self.anchors: tuple[bytes, ...] = (b'"customer":' + msgspec.json.encode(customer),)

    def matches(self, document: Any) -> bool:
        return bool(document.customer == self._customer)


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened to a notice, or to all notices of a customer."""
    reading = app.reading()
    if kind == "customer":
        documents = reading.read(TABLE, where=_Of(id))
    elif kind == "notice":
        documents = reading.read(TABLE, ids=[id])
    else:
        return
    decode = decoder(TABLE, Notice)
    for document in documents:
        notice = decode(document)
        for step in notice.steps:
            what = course.done(step.what)
            said = one_line(notice.description) if step.what == "add" else course.said(step)
            told = _("{what}: {details}").format(what=what, details=said) if said else what
            yield Event(step.at, told, "notice", notice.id, step.who)
