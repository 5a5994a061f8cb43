"""What cases tell of a customer, or of themselves, for a timeline. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Event
from cskit.stored import decoder
from cskit.values import one_line
from cskit_complaints import happenings
from cskit_complaints.model import Case

if TYPE_CHECKING:
    from cskit import App


class _Customer(msgspec.Struct, frozen=True, gc=False):
    customer: str | None = None


class _Of:
    """A store's filter for the cases of one customer."""

    def __init__(self, customer: str) -> None:
        self._customer = customer
        self.model: type[msgspec.Struct] = _Customer
        self.anchors: tuple[bytes, ...] = (b'"customer":' + msgspec.json.encode(customer),)

    def matches(self, document: Any) -> bool:
        return bool(document.customer == self._customer)


def events(app: App, kind: str, own: str) -> Iterator[Event]:
    """Yield every event of a case, or of all cases of a customer."""
    reading = app.reading()
    found = {
        "customer": lambda: reading.read("cases", where=_Of(own)),
        "case": lambda: reading.read("cases", ids=[own]),
    }
    if kind not in found:
        return
    known, decode = happenings.words(app), decoder("cases", Case)
    for document in found[kind]():
        case = decode(document)
        for event in case.events:
            said = happenings.details(event, known)
            if event.what == "register":
                said = one_line(case.content)
            what = happenings.happening(event.what)
            yield Event(event.at, f"{what}: {said}" if said else what, "case", case.id, event.who)
