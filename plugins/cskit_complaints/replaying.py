"""A case rebuilt from a foreign system's log: each row a step of our flow, or a comment where it fits none.

Pure: knows no file, no store and no click.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, get_args

import msgspec

from cskit.workflow import BACK
from cskit_complaints.flow import FLOW
from cskit_complaints.model import Event, State

COMMENT = "comment"
STATES: tuple[str, ...] = get_args(State)
MEANINGS = (*STATES, COMMENT)
"""What an activity of a foreign system can mean: the state it leads to, or nothing but a remark."""


class Logged(NamedTuple):
    """One row of a log: what happened to `case`, when, by whom; `values` are the case's own by field."""

    line: int
    case: str
    activity: str
    at: dt.datetime
    who: str
    group: str
    reason: str
    values: Mapping[str, Any]


class Rebuilt(NamedTuple):
    """A case as a log tells it: its values by field, its events, and how many rows became comments.

    `remarks` are rows that mean nothing but a comment, `unfit` those that fit no transition of the flow.
    """

    values: dict[str, Any]
    events: list[Event]
    remarks: int
    unfit: int


def rebuild(
    rows: Sequence[Logged], meanings: Mapping[str, str], contacts: Collection[str] = (), source: str = ""
) -> Rebuilt:
    """Return the case that rows tell of, which stand in the order of time and are not empty."""
    told = _Told(rows[0], source)
    for row in rows:
        told.take(row, meanings.get(row.activity, COMMENT), row.activity in contacts)
    return told.done()


class _Told:
    """A case while its log is read: the state it is in, and what has been written down."""

    def __init__(self, first: Logged, source: str) -> None:
        self._first, self._source = first, source
        self._state: State = "registered"
        self._back: State = "registered"
        self._handler = self._group = ""
        self._values: dict[str, Any] = {}
        self._reopened = self._remarks = self._unfit = 0
        self._closed: dt.datetime | None = None
        self._events: list[Event] = []
        self._write(first, "register", None, "registered")

    def take(self, row: Logged, meaning: str, contact: bool) -> None:
        """Write down one row, as the steps that lead to the state it means."""
        self._values.update(row.values)
        if row is self._first and meaning == "registered":
            self._mark(contact)
            return
        verbs = way(self._state, self._back, meaning) if meaning != COMMENT else ()
        handed = self._handed(row, meaning, verbs)
        for verb in (*verbs, *handed):
            self._step(row, verb)
        if not verbs and not handed:
            self._write(row, "comment", self._state, self._state)
            self._remarks += meaning == COMMENT
            self._unfit += meaning != COMMENT
        self._mark(contact)

    def _handed(self, row: Logged, meaning: str, verbs: Sequence[str]) -> Sequence[str]:
        """Return what follows where somebody else takes the case on than had it."""
        if meaning not in ("assigned", "handling") or not row.who or row.who == self._handler:
            return ()
        if "assign" in verbs or not self._handler:
            return ()
        return ("assign",) if meaning == "assigned" else ("assign", "start")

    def _step(self, row: Logged, verb: str) -> None:
        before, move = self._state, FLOW.move(verb, self._state)
        assert move is not None  # noqa: S101 - `way` walks the same table
        after = self._back if move.target == BACK else move.target
        if verb == "pause":
            self._back = before
        if verb in ("assign", "start"):
            self._handler, self._group = row.who or self._handler, row.group or self._group
        self._reopened += verb == "reopen"
        self._closed = row.at if verb == "close" else None if verb == "reopen" else self._closed
        self._state = after  # type: ignore[assignment]  # a state of the flow
        self._write(row, verb, before, self._state)

    def _write(self, row: Logged, what: str, before: State | None, after: State) -> None:
        handed = what in ("assign", "start")
        self._events.append(
            Event(
                at=row.at,
                who=row.who,
                what=what,  # type: ignore[arg-type]  # the flow's verbs are happenings
                before=before,
                after=after,
                department=(row.group or None) if handed else None,
                handler=(row.who or None) if handed else None,
                reason=(row.reason or row.activity) if what == "pause" else row.reason or None,
                text=row.activity if what == "comment" else None,
                contact=what in ("reply", "reject"),
                source=self._source or None,
                activity=row.activity,
            )
        )

    def _mark(self, contact: bool) -> None:
        if contact:
            self._events[-1] = msgspec.structs.replace(self._events[-1], contact=True)

    def done(self) -> Rebuilt:
        """Return what has been told."""
        values = {
            **self._values,
            "received_at": self._first.at,
            "state": self._state,
            "handler": self._handler or None,
            "reopened": self._reopened,
            "closed_at": self._closed,
        }
        return Rebuilt(
            {name: value for name, value in values.items() if value is not None},
            self._events,
            self._remarks,
            self._unfit,
        )


@cache
def way(state: State, back: State, target: str) -> tuple[str, ...]:
    """Return the fewest verbs that lead from a state to another, none where there is no way or no need.

    `back` is the state before a pause. Ways go forward where they can: a case is reopened, or sent back, only
    where nothing else leads there. Nothing is paused, or rejected, on the way to something else.
    """
    ways = (_way(state, back, target, without) for without in (("return", "reopen"), ("return",), ()))
    return next(filter(None, ways), ()) if state != target else ()


def _way(state: State, back: State, target: str, without: Collection[str]) -> tuple[str, ...]:
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(state, ())])
    seen: set[str] = {state}
    while waiting:
        here, verbs = waiting.popleft()
        for verb in (verb for verb in FLOW.verbs(here) if verb not in without):
            move = FLOW.move(verb, here)
            there = back if move is None or move.target == BACK else move.target
            if there == target:
                return (*verbs, verb)
            if there not in seen and there not in ("paused", "rejected"):
                seen.add(there)
                waiting.append((there, (*verbs, verb)))
    return ()
