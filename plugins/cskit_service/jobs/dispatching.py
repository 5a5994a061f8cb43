"""Requests and the work orders that serve them: who is proposed, who is sent, what becomes of it.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period, Refused, _, register
from cskit.errors import Problem
from cskit.stored import decoder
from cskit.values import shown
from cskit.workflow import Move, Workflow
from cskit_service import moving, servicelimits
from cskit_service.jobs.model import (
    BEFOREHAND,
    DISPATCH_STATES,
    DISPATCHES,
    REQUEST_STATES,
    REQUESTS,
    Dispatch,
    Request,
    RequestState,
)
from cskit_service.jobs.proposals import Proposals
from cskit_service.lookup import Lookup

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

ALWAYS = Period()
Prepared = Callable[[dict[str, Any], bool], list[Problem]]
REQUEST_FLOW = Workflow(
    "request",
    "服务申请",
    moving.states(
        "waiting",
        ("done", "cancelled"),
        {"waiting": "waiting", "dispatched": "dispatched", "done": "done", "cancelled": "cancelled"},
        REQUEST_STATES,
    ),
    (Move("cancel", ("waiting",), "cancelled", "cancel", "取消"),),
)
FLOW = Workflow(
    "dispatch",
    "派工单",
    moving.states(
        "assigned",
        ("closed", "cancelled"),
        {"assigned": "assigned", "under_way": "under way", "closed": "closed", "cancelled": "cancelled"},
        DISPATCH_STATES,
    ),
    (
        Move("start", ("assigned",), "under_way", "begin", "开始处理"),
        Move("close", ("assigned", "under_way"), "closed", "close", "关闭"),
        Move("cancel", ("assigned", "under_way"), "cancelled", "cancel", "取消"),
    ),
)
WAY = moving.Way(DISPATCHES, Dispatch, FLOW)


# --- requests ----------------------------------------------------------------------------------------------


def prepare_request(app: App, reading: Reading) -> Prepared:
    """Return what completes requests; visits and talks are entered beforehand, with their time (A11)."""

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if not new:
            return []
        received = values.setdefault("received_at", app.now)
        planned = values.get("planned_at")
        if values.get("kind") in BEFOREHAND:
            if planned is None:
                return [
                    Problem(0, "planned_at", "", _("a visit or talk is entered beforehand, with its time"))
                ]
            if isinstance(planned, dt.datetime) and isinstance(received, dt.datetime) and planned < received:
                said = _("is over: a visit or talk is entered before it takes place")
                return [Problem(0, "planned_at", shown(planned), said)]
        return []

    return prepared


def cancel_requests(app: App, tx: Transaction, documents: Sequence[Document]) -> list[Request]:
    """Cancel requests for which nobody was sent; raises `Refused` for any other."""
    decode, refused, found = decoder(REQUESTS, Request), [], []
    for document in documents:
        before = decode(document)
        try:
            state = REQUEST_FLOW.after("cancel", before.state, before, id=before.id)
        except Refused as error:
            refused.append(error)
            continue
        found.append((document, msgspec.structs.replace(before, state=state)))
    if refused:
        raise moving.together(refused)
    for document, after in found:
        moving.keep(tx, REQUESTS, document, after)
    return [after for _document, after in found]


# --- work orders -------------------------------------------------------------------------------------------


def prepare_dispatch(app: App, reading: Reading) -> Prepared:
    """Return what completes work orders from their request: whose, who goes, how urgent, how long."""
    minutes = servicelimits.load(app).visit_minutes
    proposals, requests = Proposals(app, reading), Lookup(reading, REQUESTS, Request)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        if not new:
            return []
        request = requests.get(values.get("request"))
        if request is None:
            return []
        if request.state in ("done", "cancelled") and values.get("state") is None:
            said = _("request {id} is {state}, so nobody is sent")
            wrong = said.format(id=request.id, state=REQUEST_FLOW.state(request.state))
            return [Problem(0, "request", request.id, wrong)]
        found = proposals.of(request)
        values["subject"] = values.get("subject") or request.subject
        values["customer"] = request.customer
        values["proposed"] = found.engineer
        values["tier"] = found.tier
        values.setdefault("priority", found.priority)
        values.setdefault("engineer", found.engineer)
        values.setdefault("at", request.planned_at)
        _fill_until(values, dt.timedelta(minutes=minutes))
        if values.get("steps") is None:
            values["steps"] = [moving.step(app, "assign", values.get("engineer"))]
        if not values.get("engineer"):
            said = _("nobody served this customer before, so say who goes")
            return [Problem(0, "engineer", "", said)]
        return _backwards(values)

    return prepared


def _fill_until(values: dict[str, Any], usual: dt.timedelta) -> None:
    at = values.get("at")
    if isinstance(at, dt.datetime) and values.get("until") is None:
        values["until"] = at + usual


def _backwards(values: dict[str, Any]) -> list[Problem]:
    at, until = values.get("at"), values.get("until")
    if isinstance(at, dt.datetime) and isinstance(until, dt.datetime) and until <= at:
        return [Problem(0, "until", shown(until), _("is not after the beginning"))]
    return []


def move(
    app: App, tx: Transaction, documents: Sequence[Document], verb: str, text: str | None = None
) -> list[Dispatch]:
    """Take work orders a step on; return them as they are now. Raises `Refused`."""

    def change(before: Dispatch) -> dict[str, Any]:
        if verb == "start":
            return {"started_at": app.now}
        if verb == "close":
            return {"closed_at": app.now, "result": text, "started_at": before.started_at or app.now}
        return {}

    return moving.take(app, tx, WAY, documents, verb, change, text)


class Job(msgspec.Struct, frozen=True, gc=False):
    """What plans need of a work order."""

    id: str
    engineer: str | None = None
    request: str = ""
    customer: str | None = None
    subject: str = ""
    at: dt.datetime | None = None
    until: dt.datetime | None = None
    started_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    state: str = "assigned"
    mode: str = "on_site"
    priority: str = "ordinary"

    def meets(self, other: Job) -> bool:
        """Whether two work orders of one engineer lie in the same time."""
        if self.engineer != other.engineer or self.id == other.id:
            return False
        if self.at is None or self.until is None or other.at is None or other.until is None:
            return False
        return self.at < other.until and other.at < self.until


def jobs(reading: Reading) -> Iterator[Job]:
    """Yield all work orders, from one pass over the table."""
    return map(decoder(DISPATCHES, Job), reading.read(DISPATCHES))


def _open(reading: Reading) -> Iterator[Job]:
    return (one for one in jobs(reading) if one.state in FLOW.open)


def _on(app: App, one: Job) -> dt.date | None:
    return one.at.astimezone(app.zone).date() if one.at else None


def overlaps(app: App, reading: Reading, period: Period = ALWAYS) -> Iterator[tuple[Job, Job]]:
    """Yield each two open work orders of an engineer that lie in the same time, the earlier first."""
    by_engineer: dict[str, list[Job]] = {}
    for one in _open(reading):
        if one.engineer and one.at and one.until and period.holds(one.at.astimezone(app.zone).date()):
            by_engineer.setdefault(one.engineer, []).append(one)
    for held in by_engineer.values():
        held.sort(key=lambda one: (one.at, one.id))
        for place, first in enumerate(held):
            for second in held[place + 1 :]:
                if second.at is not None and first.until is not None and second.at >= first.until:
                    break
                yield first, second


def overlap_rows(app: App, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a row for each two work orders that lie in the same time."""
    for first, second in overlaps(app, app.reading(), period):
        yield {
            "engineer": first.engineer,
            "first": first.id,
            "from": first.at,
            "until": first.until,
            "second": second.id,
            "at": second.at,
            "to": second.until,
        }


def told(app: App, pairs: Iterable[tuple[Job, Job]], concerned: Collection[str]) -> list[str]:
    """Return what is to be said of overlaps that concern some work orders."""
    said = _("{engineer} has {first} and {second} at the same time")
    return [
        said.format(engineer=first.engineer, first=first.id, second=second.id)
        for first, second in pairs
        if first.id in concerned or second.id in concerned
    ]


def proposed(app: App, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each request: who should go and why, what they have on that day, how urgent it is."""
    reading = app.reading()
    proposals = Proposals(app, reading)
    requests = map(decoder(REQUESTS, Request), register.find(app, reading, app.record_type(REQUESTS), names))
    held = list(_open(reading))
    for request in requests:
        found = proposals.of(request)
        day = (request.planned_at or app.now).astimezone(app.zone).date()
        jobs = [one for one in held if one.engineer == found.engineer and _on(app, one) == day]
        row: dict[str, Any] = {
            "request": request.id,
            "customer": request.customer,
            "engineer": found.engineer,
            "job": found.job,
            "priority": found.priority,
            "tier": found.tier,
            "day": day,
            "jobs": len(jobs) if found.engineer else None,
        }
        yield {name: value for name, value in row.items() if value is not None}


# --- what becomes of a request -----------------------------------------------------------------------------


class _State(msgspec.Struct, frozen=True, gc=False):
    id: str
    request: str
    state: str = "assigned"


def follow(tx: Transaction, requests: Collection[str]) -> None:
    """Bring the states of some requests up to their work orders, from one pass over these."""
    states: dict[str, set[str]] = {own: set() for own in requests}
    for one in map(decoder(DISPATCHES, _State), tx.read(DISPATCHES)):
        if one.request in states:
            states[one.request].add(one.state)
    decode = decoder(REQUESTS, Request)
    for document in list(tx.read(REQUESTS, ids=sorted(requests))):
        before = decode(document)
        state = _follows(before.state, states[before.id])
        if state != before.state:
            after = msgspec.structs.replace(before, state=state)
            moving.keep(tx, REQUESTS, document, after)


def _follows(before: RequestState, states: Collection[str]) -> RequestState:
    if before == "cancelled" and not states - {"cancelled"}:  # type: ignore[operator]  # a set
        return before
    if "assigned" in states or "under_way" in states:
        return "dispatched"
    return "done" if "closed" in states else "waiting"
