"""Whose turn it is: visitors and sales calls go to the groups one after the other (catalogue C27).

Turns are not counted anywhere: the group after that of the last record is next, so that undo, import and
reading the records again all come to the same. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import telephones
from cskit.stored import decoder
from cskit_calls import queues

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


class Handed(msgspec.Struct, frozen=True, gc=False):
    """What tells whose turn it was, of a stored call or visitor."""

    id: str
    at: dt.datetime = EARLIEST
    group: str | None = None
    customer: str | None = None
    number: str | None = None
    phone: str | None = None


class Turns:
    """Hands out groups in turn; who was received before goes to the same group again."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading
        self._last = ""
        self._before: dict[str, str] = {}

    def put(self, values: dict[str, Any], number: str) -> None:
        """Put a group into the values of a new record, whose telephone number is the field `number`."""
        order = self._order
        if not order:
            return
        names = _names(values.get("customer"), values.get(number))
        group = next((self._before[name] for name in names if self._before.get(name) in order), "")
        if not group:
            place = order.index(self._last) + 1 if self._last in order else 0
            group = self._last = order[place % len(order)]
        self._before.update(dict.fromkeys(names, group))
        values["group"] = group

    @cached_property
    def _order(self) -> list[str]:
        """The groups in their order; the records are read with them, when the first turn is asked for."""
        order = list(queues.groups(self._app))
        if order:
            for one in sorted(self._handed(), key=lambda one: (one.at, one.id)):
                names = _names(one.customer, one.number or one.phone)
                group = one.group or ""
                if not any(self._before.get(name) == group for name in names):
                    self._last = group
                self._before.update(dict.fromkeys(names, group))
        return order

    def _handed(self) -> list[Handed]:
        found = []
        for table in ("calls", "call_visitors"):
            decode = decoder(table, Handed)
            found += [one for one in map(decode, self._reading.read(table)) if one.group]
        return found


def _names(customer: object, number: object) -> list[str]:
    """Return what a person is known again by."""
    digits = telephones.digits(number) if isinstance(number, str) else ""
    return [name for name in (customer, digits) if isinstance(name, str) and name]
