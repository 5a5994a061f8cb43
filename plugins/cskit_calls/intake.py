"""Calls and visitors as they come in: codes for titles, whose number it is, whose turn it is.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from cskit import NotFound, Refused, _, telephones
from cskit.errors import Problem
from cskit.store.protocol import Change, Document
from cskit.stored import decoder
from cskit.values import shown
from cskit_calls import queues
from cskit_calls.model import UNANSWERED
from cskit_calls.turns import Turns

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

R = TypeVar("R", bound=msgspec.Struct)


class Owner(msgspec.Struct, frozen=True, gc=False):
    """What tells whose number it is, of a stored customer."""

    id: str
    phone: str | None = None


class Register:
    """Finds customers by their numbers, in one pass over the register when first asked."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def owner(self, number: str) -> str | None:
        """Return the customer who alone has a number, None where nobody has it, or several."""
        return self._owners.get(telephones.digits(number))

    @cached_property
    def _owners(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {"": None}
        decode = decoder("customers", Owner)
        for document in self._reading.read("customers"):
            customer = decode(document)
            if customer.phone and (digits := telephones.digits(customer.phone)):
                found[digits] = None if digits in found else customer.id
        return found


class _Codes:
    """What queues and groups are called, looked up once for each name."""

    def __init__(self, app: App) -> None:
        self._find = queues.finders(app)
        self._known: dict[tuple[str, str], str] = {}

    def put(self, values: dict[str, Any], field: str) -> Iterator[Problem]:
        """Put the code in the place of what a field names; yield the problem where it names nothing."""
        name = values.get(field)
        if not isinstance(name, str):
            return
        try:
            if (field, name) not in self._known:
                self._known[field, name] = self._find[field](name)
            values[field] = self._known[field, name]
        except NotFound as error:
            yield Problem(
                0, field, shown(name), "; ".join(part for part in (error.message, error.hint) if part)
            )


def calls(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes the values of calls for one command; see `RecordType.prepare`."""
    codes, register, turns = _Codes(app), Register(reading), Turns(app, reading)
    known = queues.queues(app)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        problems = [*codes.put(values, "queue"), *codes.put(values, "group")]
        if not new:
            return problems
        number = values.get("number")
        if isinstance(number, str) and not values.get("customer"):
            if owner := register.owner(number):
                values["customer"] = owner
        queue = known.get(values.get("queue", "consult"))
        answered = values.get("direction", "in") == "in" and values.get("result") != "abandoned"
        if queue and queue.in_turn and answered and not values.get("group"):
            turns.put(values, "number")
        return [*problems, *(Problem(0, name, "", said) for name, said in faults(values))]

    return prepared


def visitors(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes the values of visitors for one command; see `RecordType.prepare`."""
    codes, register, turns = _Codes(app), Register(reading), Turns(app, reading)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        problems = list(codes.put(values, "group"))
        if not new:
            return problems
        phone = values.get("phone")
        if isinstance(phone, str) and not values.get("customer") and (owner := register.owner(phone)):
            values["customer"] = owner
        if not values.get("group"):
            turns.put(values, "phone")
        left, came = values.get("left_at"), values.get("at")
        if left is not None and came is not None and left < came:
            problems.append(Problem(0, "left_at", "", _("lies before the visitor came")))
        return problems

    return prepared


def faults(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each field of a call that does not fit the others, and why."""
    direction, result = values.get("direction", "in"), values.get("result")
    if result == "abandoned" and direction == "out":
        yield "result", _("only who calls us can give up waiting; a call out is unreached")
    if result == "unreached" and direction == "in":
        yield "result", _("only calls out do not reach anybody; a caller who gave up is abandoned")
    if result == "abandoned" and values.get("staff"):
        yield "staff", _("nobody answered an abandoned call")
    if result in UNANSWERED and any(values.get(name) for name in ("talking", "hold")):
        yield "talking", _("nobody was spoken to in this call")
    if values.get("transferred_to") and result in UNANSWERED:
        yield "transferred_to", _("a call that nobody answered is not transferred")
    due, at = values.get("promise_due"), values.get("at")
    if due is not None and at is not None and due <= at:
        yield "promise_due", _("lies before the call")


class _Whole(msgspec.Struct, frozen=True, gc=False):
    """What of a stored call has to fit together."""

    id: str
    at: Any = None
    direction: str = "in"
    result: str | None = None
    staff: str | None = None
    talking: int | None = None
    hold: int = 0
    transferred_to: str | None = None
    promise_due: Any = None


def refuse_misfits(changes: Sequence[Change]) -> None:
    """Raise `Refused` where changed calls hold what does not fit, naming the first three."""
    decode = decoder("calls", _Whole)
    found = []
    for change in changes:
        if change.table == "calls" and change.after is not None:
            call = decode(Document(change.number, change.after))
            found += [f"{call.id}: {name}: {said}" for name, said in faults(msgspec.structs.asdict(call))]
    if found:
        more = _(" … and {count} more").format(count=len(found) - 3) if len(found) > 3 else ""
        raise Refused("; ".join(found[:3]) + more, _("change both fields in one command"))
