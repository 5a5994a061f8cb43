"""Promises to call back: which are due, which are overdue, and which call kept one.

Nothing is noted of that anywhere: a call out that reached the customer keeps what was promised before it, so
that imported calls count as typed ones do. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from cskit import telephones
from cskit.stored import decoder
from cskit_calls.model import UNANSWERED

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

State = Literal["due", "overdue", "kept", "late"]


class Promised(msgspec.Struct, frozen=True, gc=False):
    """What of a stored call its promise needs, or one that keeps others'."""

    id: str
    at: dt.datetime
    direction: str = "in"
    purpose: str | None = None
    staff: str | None = None
    customer: str | None = None
    number: str | None = None
    result: str | None = None
    case: str | None = None
    promise_due: dt.datetime | None = None

    def people(self) -> list[str]:
        """Return what the caller is known again by."""
        digits = telephones.digits(self.number) if self.number else ""
        return [name for name in (self.customer, digits) if name]


class _Having:
    """A store's filter for calls whose text holds something: of the others no more is looked at."""

    model: type[msgspec.Struct] = Promised

    def __init__(self, anchor: bytes) -> None:
        self.anchors: tuple[bytes, ...] = (anchor,)

    def matches(self, document: Any) -> bool:
        return True


class Promise(NamedTuple):
    """A promise to call back: the call it was made in, how it stands, and the call that kept it."""

    call: Promised
    due: dt.datetime
    state: State
    kept: Promised | None = None

    @property
    def open(self) -> bool:
        """Whether the customer still waits."""
        return self.kept is None


def promises(reading: Reading, now: dt.datetime) -> list[Promise]:
    """Return every promise made up to `now` with how it stands then, the earliest due first.

    Kept by the first call out after it that reached the same customer or number; one about another case than
    the promise's does not count. Reads the table twice, decoding only what has a promise or went out.
    """
    decode = decoder("calls", Promised)
    made = [
        (call, call.promise_due)
        for call in map(decode, reading.read("calls", where=_Having(b'"promise_due":')))
        if call.promise_due is not None and call.at <= now
    ]
    if not made:
        return []
    out = (call for call in map(decode, reading.read("calls", where=_Having(b'"direction":"out"'))))
    reached = _Reached(call for call in out if call.result not in UNANSWERED and call.at <= now)
    found = [_stands(call, due, reached.after(call), now) for call, due in made]
    return sorted(found, key=lambda one: (one.due, one.call.id))


def _stands(call: Promised, due: dt.datetime, kept: Promised | None, now: dt.datetime) -> Promise:
    if kept is not None:
        return Promise(call, due, "kept" if kept.at <= due else "late", kept)
    return Promise(call, due, "due" if now <= due else "overdue")


class _Reached:
    """Calls out that reached somebody, by case and by whom they reached, the earliest first."""

    def __init__(self, calls: Iterable[Promised]) -> None:
        self._of_case: dict[str, list[Promised]] = defaultdict(list)
        self._of_person: dict[str, list[Promised]] = defaultdict(list)
        for call in sorted(calls, key=lambda one: (one.at, one.id)):
            if call.direction == "out":
                if call.case:
                    self._of_case[call.case].append(call)
                for name in call.people():
                    self._of_person[name].append(call)

    def after(self, promised: Promised) -> Promised | None:
        """Return the call that kept a promise, None where none did."""
        fitting = [
            call
            for name in promised.people()
            for call in self._of_person.get(name, ())
            if None in (call.case, promised.case) or call.case == promised.case
        ]
        fitting += self._of_case.get(promised.case or "", ())
        later = [call for call in fitting if call.at > promised.at]
        return min(later, key=lambda one: (one.at, one.id), default=None)


def chosen(names: Sequence[str]) -> list[State]:
    """Return the states that options name; those of promises still open where none does."""
    of: dict[str, list[State]] = {"due": ["due"], "overdue": ["overdue"], "kept": ["kept", "late"]}
    return [state for name in names or ("due", "overdue") for state in of[name]]


def rows(app: App, states: Sequence[State]) -> Iterator[dict[str, Any]]:
    """Yield a row for each promise that stands in one of some states; what is unknown is left out."""
    for one in promises(app.reading(), app.now):
        if one.state in states:
            row: dict[str, Any] = {
                "id": one.call.id,
                "due": one.due,
                "state": one.state,
                "customer": one.call.customer,
                "number": one.call.number,
                "purpose": one.call.purpose,
                "staff": one.call.staff,
                "case": one.call.case,
                "kept_by": one.kept.id if one.kept else None,
                "kept_at": one.kept.at if one.kept else None,
            }
            yield {name: value for name, value in row.items() if value is not None}
