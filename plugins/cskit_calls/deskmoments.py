"""What is due, and what happened, of calls, visitors and interviews. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Event, Task, _
from cskit.i18n import label
from cskit.stored import decoder
from cskit.values import one_line
from cskit_calls import plans, promises
from cskit_calls.model import DIRECTIONS, RESULTS, Call
from cskit_calls.reception import KINDS, Plan, Visitor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

_SHOWN = 30
"""So many characters of a purpose stand in a task."""


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield whom to call back and whom to interview by the end of a day."""
    reading = app.reading()
    for one in promises.promises(reading, app.now):
        if one.open and one.due.astimezone(app.zone).date() <= until:
            yield _back(one)
    for plan in plans.open_plans(reading, until):
        said = _("interview by telephone: {subject}").format(subject=_short(plan.subject))
        do = f"call add --direction out --plan {plan.id}"
        yield Task(plan.due, said, "call plan", plan.id, plan.staff or "", do=do)


def _back(one: promises.Promise) -> Task:
    call = one.call
    about = _short(call.purpose or call.id)
    whom = call.customer or ""
    said = _("call back {customer}: {purpose}") if whom else _("call back: {purpose}")
    about_case = f" --case {call.case}" if call.case else ""
    do = f"call add --direction out{f' --customer {whom}' if whom else ''}{about_case}"
    what = said.format(customer=whom, purpose=about)
    return Task(one.due, what, "call", call.id, call.staff or "", do=do)


def _short(text: str) -> str:
    found = one_line(text)
    return found if len(found) <= _SHOWN else f"{found[: _SHOWN - 1]}…"


# --- what happened -----------------------------------------------------------------------------------------


class _Of:
    """A store's filter for what is kept of one thing under one field."""

    def __init__(self, field: str, own: str) -> None:
        self._field, self._own = field, own
        self.model: type[msgspec.Struct] = msgspec.defstruct("_Of", [(field, str | None, None)], gc=False)
        self.anchors: tuple[bytes, ...] = (msgspec.json.encode(field) + b":" + msgspec.json.encode(own),)

    def matches(self, document: Any) -> bool:
        return bool(getattr(document, self._field) == self._own)


def timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Yield when a customer called, came or was interviewed; the calls about a case."""
    if kind == "case":
        return _calls(app.reading(), _Of("case", id))
    return _of_customer(app.reading(), id) if kind == "customer" else ()


def _of_customer(reading: Reading, own: str) -> Iterator[Event]:
    where = _Of("customer", own)
    yield from _calls(reading, where)
    for visitor in map(decoder("call_visitors", Visitor), reading.read("call_visitors", where=where)):
        kind = label(visitor.kind, KINDS[visitor.kind])
        said = _("Came to the front desk ({kind})").format(kind=kind)
        what = f"{said}: {one_line(visitor.purpose)}" if visitor.purpose else said
        yield Event(visitor.at, what, "call visitor", visitor.id, visitor.staff or "")
    for plan in map(decoder(plans.TABLE, Plan), reading.read(plans.TABLE, where=where)):
        if plan.state != "dropped":
            said = _("Interview planned: {subject}") if plan.state == "planned" else _("Interview: {subject}")
            what = said.format(subject=one_line(plan.subject))
            yield Event(plan.done_on or plan.due, what, "call plan", plan.id, plan.staff or "")


def _calls(reading: Reading, where: _Of) -> Iterator[Event]:
    for call in map(decoder("calls", Call), reading.read("calls", where=where)):
        parts = [label(_DIRECTIONS[call.direction], DIRECTIONS[call.direction])]
        if call.result:
            parts.append(label(call.result, RESULTS[call.result]))
        said = _("Call ({how})").format(how=_(", ").join(parts))
        what = f"{said}: {one_line(call.purpose)}" if call.purpose else said
        yield Event(call.at, what, "call", call.id, call.staff or "")


_DIRECTIONS = {"in": "in", "out": "out"}
