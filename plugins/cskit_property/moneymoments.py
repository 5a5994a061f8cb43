"""Settlements, matters and sales as tasks and as events. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from cskit import Event, Task, _
from cskit.stored import decoder
from cskit.values import local_moment, one_line
from cskit_property.matters import matters, matterstates
from cskit_property.matters.mattermodel import Matter
from cskit_property.sales import reminders, sales
from cskit_property.sales.salemodel import Sale
from cskit_property.settlements import reductions, settling, statements
from cskit_property.settlements.moneymodel import Reduction, ReductionState, Settlement, SettlementState, Step
from cskit_property.settlements.settlements import PROJECTS, TABLE

if TYPE_CHECKING:
    from cskit import App

_NOUN = "property settle"


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what waits for somebody: signatures, payments, steps, reminders, contracts that end."""
    found = chain(_settlements(app), _reductions(app), _matters(app), _reminders(app), _contracts(app))
    yield from (task for task in found if local_moment(task.due, app.zone)[0] <= until)


class _Signed(msgspec.Struct, frozen=True, gc=False):
    at: dt.datetime
    who: str
    what: str


class _Waiting(msgspec.Struct, frozen=True, gc=False):
    """What tells whom a stored settlement waits for."""

    id: str
    item: str
    total: str
    state: SettlementState = "draft"
    due: dt.date | None = None
    steps: tuple[_Signed, ...] = ()


def _settlements(app: App) -> Iterator[Task]:
    """Yield a task for each settlement that waits for a signature, a revision or its payment."""
    said = {
        "submitted": (_("check settlement of {total}: {item}; submitted by {who}"), "check"),
        "checked": (_("approve settlement of {total}: {item}; checked by {who}"), "approve"),
        "returned": (_("revise settlement of {total}: {item}; sent back by {who}"), "revise"),
        "approved": (_("pay settlement of {total}: {item}; approved by {who}"), "pay"),
    }
    decode = decoder(TABLE, _Waiting)
    for one in map(decode, app.reading().read(TABLE)):
        if one.state not in said or not one.steps:
            continue
        text, verb = said[one.state]
        last = one.steps[-1]
        what = text.format(total=one.total, item=one_line(one.item), who=last.who)
        due = one.due if one.state == "approved" and one.due else _day(app, last.at)
        prepared = [step.who for step in one.steps if step.what == "submit"]
        who = prepared[-1] if one.state == "returned" and prepared else ""
        yield Task(due, what, _NOUN, one.id, who, do=f"{_NOUN} {verb} {one.id}")


class _Reduced(msgspec.Struct, frozen=True, gc=False):
    id: str
    content: str = ""
    amount: str = ""
    state: ReductionState = "registered"
    steps: tuple[_Signed, ...] = ()


def _reductions(app: App) -> Iterator[Task]:
    noun = "property reduction"
    said = {
        "registered": (_("check fee reduction of {amount}: {content}"), "check", ""),
        "checked": (_("confirm fee reduction of {amount}: {content}"), "confirm", ""),
        "confirmed": (_("pass on fee reduction of {amount}: {content}"), "pass", " --to …"),
        "passed": (_("file fee reduction of {amount}: {content}"), "file", " --as …"),
    }
    decode = decoder(reductions.TABLE, _Reduced)
    for one in map(decode, app.reading().read(reductions.TABLE)):
        if one.state in said and one.steps:
            text, verb, rest = said[one.state]
            what = text.format(amount=one.amount, content=one_line(one.content))
            day = _day(app, one.steps[-1].at)
            yield Task(day, what, noun, one.id, do=f"{noun} {verb} {one.id}{rest}")


def _matters(app: App) -> Iterator[Task]:
    """Yield a task for each step of a matter that is due, or that waits for documents."""
    for one in matterstates.open_steps(app):
        if one.state in ("done", "waiting") or one.due is None:
            continue
        own, step = one.matter.id, one.step.code
        if one.state == "documents":
            said = _("matter blocked: {title}: {step} waits for {waits}")
            do = f"property matter receive {own} DOCUMENT"
        else:
            said, do = _("next step of {title}: {step}"), f"property matter step {own} {step}"
        what = said.format(title=one_line(one.matter.title), step=one.step.label, waits=one.waits)
        yield Task(one.due, what, "property matter", own, one.matter.handler or "", do=do)


def _reminders(app: App) -> Iterator[Task]:
    for one in reminders.due(app, app.reading().read(sales.TABLE)):
        said = _("send {form} for room {room}: {about}")
        form = reminders.named(one.what)
        what = said.format(form=form, room=one_line(one.sale.room), about=one.reminder.label)
        do = f"property sale remind {one.sale.id}"
        yield Task(one.due, what, "property sale", one.sale.id, do=do)


class _Contract(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str
    staff: str | None = None
    contract_until: dt.date | None = None
    state: str = "managed"


def _contracts(app: App) -> Iterator[Task]:
    """Yield a task for each project whose contract ends soon, from so many days before on."""
    days = settling.load(app).expiring_days
    decode = decoder(PROJECTS, _Contract)
    for one in map(decode, app.reading().read(PROJECTS)):
        if one.contract_until is None or one.state == "ended":
            continue
        left = (one.contract_until - app.today).days
        if left <= days:
            said = (
                _("contract of {project} ended on {day}")
                if left < 0
                else _("contract of {project} ends on {day}")
            )
            what = said.format(project=one_line(one.name), day=one.contract_until)
            day = min(app.today, one.contract_until)
            yield Task(
                day, what, "property project", one.id, one.staff or "", do=f"property project show {one.id}"
            )


def _day(app: App, moment: dt.datetime) -> dt.date:
    return moment.astimezone(app.zone).date()


# --- what happened -----------------------------------------------------------------------------------------


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened to a project's settlements and matters, or to a customer's rooms and reductions."""
    if kind in ("project", "property project"):
        yield from _of_settlements(app, project=id)
        yield from _of_matters(app, project=id)
    elif kind == "customer":
        yield from _of_sales(app, customer=id)
        yield from _of_reductions(app, customer=id)
    elif kind == _NOUN:
        yield from _of_settlements(app, own=id)
    elif kind == "property matter":
        yield from _of_matters(app, own=id)
    elif kind == "property sale":
        yield from _of_sales(app, own=id)
    elif kind == "property reduction":
        yield from _of_reductions(app, own=id)


def _of_settlements(app: App, *, project: str = "", own: str = "") -> Iterator[Event]:
    decode = decoder(TABLE, Settlement)
    for one in map(decode, app.reading().read(TABLE, ids=[own] if own else None)):
        if own or one.project == project:
            for step in one.steps:
                said = _("settlement {item}, {verb}: {amount}")
                amount = one.total if step.amount is None else step.amount
                what = said.format(item=one_line(one.item), verb=statements.done(step.what), amount=amount)
                yield Event(step.at, what, _NOUN, one.id, step.who)


def _of_matters(app: App, *, project: str = "", own: str = "") -> Iterator[Event]:
    decode = decoder(matters.TABLE, Matter)
    for one in map(decode, app.reading().read(matters.TABLE, ids=[own] if own else None)):
        if own or one.project == project:
            yield Event(
                one.opened, _("{title}: opened").format(title=one_line(one.title)), "property matter", one.id
            )
            steps = matterstates.titles(app, one)
            for taken in one.taken:
                what = f"{one_line(one.title)}: {steps.get(taken.step, taken.step)}"
                yield Event(taken.date, what, "property matter", one.id, taken.who)


def _of_sales(app: App, *, customer: str = "", own: str = "") -> Iterator[Event]:
    decode = decoder(sales.TABLE, Sale)
    for one in map(decode, app.reading().read(sales.TABLE, ids=[own] if own else None)):
        if own or one.customer == customer:
            for event in one.events:
                said = _("room {room}: {what}")
                what = said.format(room=one_line(one.room), what=sales.happening(event.what))
                yield Event(event.date, what, "property sale", one.id, event.who)


def _of_reductions(app: App, *, customer: str = "", own: str = "") -> Iterator[Event]:
    decode = decoder(reductions.TABLE, Reduction)
    for one in map(decode, app.reading().read(reductions.TABLE, ids=[own] if own else None)):
        if own or one.customer == customer:
            for step in one.steps:
                yield Event(step.at, _reduced(one, step), "property reduction", one.id, step.who)


def _reduced(one: Reduction, step: Step) -> str:
    said = _("fee reduction of {amount}, {state}: {content}")
    state = reductions.FLOW.state(step.after)
    return said.format(amount=one.amount, state=state, content=one_line(one.content))
