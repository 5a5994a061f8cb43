"""What clocks mean for people: how cases stand, what is overdue, who is to be told. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cskit import NotFound, Task, Usage, _, departments, sla
from cskit.calendar import duration, parse_length
from cskit.departments import Department
from cskit.importing import uninterrupted
from cskit.plugins.isolation import nearest
from cskit.sla import Reading
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit_complaints.clocks import Clock, Clocks, Timed
from cskit_complaints.flow import OPEN
from cskit_complaints.model import State

if TYPE_CHECKING:
    from cskit import App

_TYPED = {
    "contact": "case comment {id} --contact --text …",
    "promise": "case promise {id} --due … --text …",
    "resolve": "case resolve {id} --solution …",
    "reply": "case reply {id} --text …",
    "close": "case close {id}",
}
"""What to type for what stops a clock."""


class _Standing(msgspec.Struct, frozen=True, gc=False):
    state: State = "registered"


class StillOpen:
    """A store's filter for cases that are still to be dealt with."""

    model: type[msgspec.Struct] = _Standing
    anchors: tuple[bytes, ...] = ()

    def matches(self, document: Any) -> bool:
        """Tell whether a case is open."""
        return document.state in OPEN


# --- how cases stand ---------------------------------------------------------------------------------------


def standing(
    app: App, documents: Iterable[Document], names: Sequence[str] = (), *, trace: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield a row for each clock of some cases; with `trace` it holds the spans that the reading was made of.

    Lengths are in seconds of working time. Raises `NotFound` for a clock of `names` that there is not.
    """
    cases = list(map(decoder("cases", Timed), documents))
    clocks = Clocks(app, trace=trace)
    for name in names:
        if name not in clocks.policy.clocks:
            near = nearest(name, clocks.policy.clocks)
            raise NotFound(
                _("there is no clock '{name}'").format(name=name),
                _("did you mean '{near}'?").format(near=near)
                if near
                else _("there are {names}").format(names=_(", ").join(clocks.policy.clocks)),
            )
    for case in cases:
        for clock in clocks.of(case, names or None):
            row = _row(case, clock)
            if trace:
                row["spans"] = [_span(one) for one in clock.reading.spans]
            yield row


def _row(case: Timed, clock: Clock) -> dict[str, Any]:
    shown = clock.reading
    row = {
        "id": case.id,
        "clock": clock.name,
        "title": str(clock.rule.label),
        "department": clock.of,
        "state": state_of(clock),
        "target": shown.target,
        "promised": shown.terms.target.said() if not clock.of else "",
        "days": shown.terms.target.days or None,
        "used": shown.used,
        "left": shown.left,
        "share": round(shown.share),
        "started": _when(shown.started),
        "due": _when(shown.due),
        "missed_at": _when(shown.missed_at),
        "stopped": _when(shown.stopped),
        "calendar": shown.terms.calendar.name,
        "soft": clock.rule.soft or None,
    }
    return {key: value for key, value in row.items() if value not in (None, "")}


def state_of(clock: Clock) -> Literal["running", "paused", "met", "missed", "excused"]:
    """Return a clock's state; a miss by force majeure is excused."""
    return "excused" if clock.excused else clock.reading.state


def _span(span: sla.Span) -> dict[str, Any]:
    row = {
        "start": _when(span.start),
        "end": _when(span.end),
        "counted": span.counted,
        "seconds": span.end - span.start,
        "why": span.why,
    }
    return {key: value for key, value in row.items() if value not in (None, "")}


def _when(moment: int | None) -> dt.datetime | None:
    return None if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC)


# --- what is overdue ---------------------------------------------------------------------------------------


def overdue(
    app: App, documents: Iterable[Document], *, within: str | None = None, soft: bool = False
) -> list[dict[str, Any]]:
    """Return a row for each clock of an open case that is missed and still to be met, the severest first.

    `within` adds those due in so much working time ("4h"); `soft` those that only warn. Each names who is to
    be told by the policy's levels. Raises `Usage` for a length that is none.
    """
    ahead = _seconds(within)
    decode = decoder("cases", Timed)
    with uninterrupted():
        cases = [case for case in map(decode, documents) if case.state in OPEN]
    clocks = Clocks(app)
    known = departments.load(app)
    found = []
    for case in cases:
        for clock in clocks.of(case):
            if (soft or not clock.rule.soft) and _pressing(clock, ahead):
                role = role_of(clocks, clock.reading)
                row = _row(case, clock) | {
                    "late": -clock.reading.left if clock.reading.state == "missed" else None,
                    "kind": case.kind,
                    "severity": case.severity,
                    "content": case.content,
                    "department": clock.of or case.department,
                    "handler": case.handler,
                    "role": role,
                    "tell": who(case, role, known),
                }
                found.append({key: value for key, value in row.items() if value not in (None, "")})
    return sorted(found, key=_first)


def _seconds(length: str | None) -> int | None:
    if length is None:
        return None
    try:
        found = parse_length(length)
    except ValueError as error:
        raise Usage(_("--within {length}: {fault}").format(length=length, fault=error)) from None
    if found.days:
        raise Usage(_("--within {length}: expected hours or minutes of working time").format(length=length))
    return found.seconds


def _pressing(clock: Clock, ahead: int | None) -> bool:
    shown = clock.reading
    if shown.stopped is not None or clock.excused:
        return False
    return shown.state == "missed" or (ahead is not None and shown.state == "running" and shown.left <= ahead)


def _first(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row.get("severity", 3), row.get("missed_at") or row.get("due"), row["id"], row["clock"])


def role_of(clocks: Clocks, shown: Reading) -> str:
    """Return the role to be told by the part of the target that is used, "" below the first level."""
    reached = sla.level(shown, [level.at for level in clocks.policy.levels])
    return next((level.role for level in clocks.policy.levels if level.at == reached), "")


def who(case: Timed, role: str, known: Mapping[str, Department]) -> str:
    """Return the staff id that has a role for a case, else its handler's, "" where there is none."""
    department = known.get(case.department or "")
    found = department.who(role) if department and role != "handler" else ""
    return found or case.handler or ""


# --- what is to be done ------------------------------------------------------------------------------------


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what clocks ask for by the end of a day: promises due or missed, and waiting that is over."""
    end = int(dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), app.zone).timestamp())
    decode = decoder("cases", Timed)
    cases = [decode(document) for document in app.reading().read("cases", where=StillOpen())]
    clocks = Clocks(app)
    known = departments.load(app)
    for case in cases:
        for clock in clocks.of(case):
            shown = clock.reading
            if shown.stopped is None and not clock.excused and shown.due is not None and shown.due < end:
                yield _task(case, clock, shown, who(case, role_of(clocks, shown), known))
        if case.state == "paused" and (waiting := _waiting(case)) and waiting.timestamp() < end:
            yield Task(
                waiting,
                _("The waiting is over: go on with it, or say how long it still takes"),
                "case",
                case.id,
                case.handler or "",
                do=f"case resume {case.id}",
            )


def _task(case: Timed, clock: Clock, shown: Reading, tell: str) -> Task:
    if shown.state == "missed":
        said = _("{clock} is late by {length}").format(clock=clock.rule.label, length=duration(-shown.left))
    else:
        said = _("{clock}: {length} left").format(clock=clock.rule.label, length=duration(shown.left))
    due = _when(shown.due) or dt.datetime.fromtimestamp(shown.started, dt.UTC)
    stop = next((one for one in clock.rule.stops if one in _TYPED), "")
    do = _TYPED[stop].format(id=case.id) if stop else ""
    return Task(due, said, "case", case.id, tell, urgent=False, do=do)


def _waiting(case: Timed) -> dt.datetime | None:
    """Return until when a paused case was to wait, None where nobody said."""
    return next((event.until for event in reversed(case.events) if event.what == "pause"), None)
