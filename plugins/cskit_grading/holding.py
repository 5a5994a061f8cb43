"""Which grade each customer holds: records laid one over the other. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

TABLE = "grades"


class Held(msgspec.Struct, gc=False):
    """What a grade record says of a customer; `since` is when the grade began to be this one."""

    customer: str
    scheme: str
    at: dt.datetime
    id: str = ""
    grade: str | None = None
    decided_by: Literal["rule", "override"] = "rule"
    rule: str | None = None
    override: str | None = None
    until: dt.date | None = None
    runs: int = 0
    reason: str | None = None
    borderline: list[str] = []
    review: str | None = None
    formerly: str | None = None
    since: dt.datetime | None = None

    @property
    def ruled(self) -> str | None:
        """What the scheme itself said last."""
        return self.rule if self.override or self.runs else self.grade

    def runs_out(self, day: dt.date) -> bool:
        """Tell whether an override was there that no longer counts on `day`."""
        return self.override is not None and self.until is not None and day > self.until

    def in_force(self, day: dt.date) -> str | None:
        """Return the grade that counts on `day`: after an override, what the scheme said last."""
        return self.rule if self.runs_out(day) else self.grade


Holdings = Mapping[str, Mapping[str, Held]]
"""Scheme → customer → what is held."""


class Of:
    """A store's filter for the records of some schemes, or of one customer."""

    def __init__(self, schemes: Collection[str] | None = None, customer: str | None = None) -> None:
        self.model: type[msgspec.Struct] = _Named
        self._schemes, self._customer = schemes, customer
        named = {"customer": customer} if customer else {}
        if schemes is not None and len(schemes) == 1:
            (named["scheme"],) = schemes
        self.anchors: tuple[bytes, ...] = tuple(
            msgspec.json.encode(name) + b":" + msgspec.json.encode(value) for name, value in named.items()
        )

    def matches(self, document: Any) -> bool:
        """Tell whether a record is one of these."""
        return (self._customer is None or document.customer == self._customer) and (
            self._schemes is None or document.scheme in self._schemes
        )


class _Named(msgspec.Struct, gc=False):
    customer: str = ""
    scheme: str = ""


def walk(
    reading: Reading, *, schemes: Collection[str] | None = None, customer: str | None = None
) -> Iterator[Held]:
    """Yield the records, oldest first, in one read; all, or of some schemes, or of one customer."""
    narrow = Of(schemes, customer) if customer or (schemes is not None and len(schemes) == 1) else None
    decode = decoder(TABLE, Held)
    for document in reading.read(TABLE, where=narrow):
        found = decode(document)
        if schemes is None or found.scheme in schemes:
            yield found


def held(
    reading: Reading,
    now: dt.datetime,
    *,
    schemes: Collection[str] | None = None,
    customer: str | None = None,
    later: set[str] | None = None,
) -> dict[str, dict[str, Held]]:
    """Return what customers hold at `now`, by scheme and customer; who never had a grade is not there.

    What a merged customer brought along counts only where the one it became part of has nothing of its own.
    Schemes that have a record after `now` are put into `later`.
    """
    own: dict[str, dict[str, Held]] = {}
    brought: dict[str, dict[str, Held]] = {}
    for found in walk(reading, schemes=schemes, customer=customer):
        if found.at <= now:
            lay(own if found.formerly is None else brought, found)
        elif later is not None:
            later.add(found.scheme)
    for scheme, theirs in brought.items():
        own[scheme] = theirs | own.get(scheme, {})
    return own


def lay(over: dict[str, dict[str, Held]], found: Held) -> None:
    """Lay a record over those before it, unless one of them is later."""
    scheme = over.setdefault(found.scheme, {})
    before = scheme.get(found.customer)
    if before is not None and before.at > found.at:
        return
    same = before is not None and before.grade == found.grade
    found.since = before.since if before is not None and same else found.at
    scheme[found.customer] = found


def since_day(found: Held, day: dt.date, zone: dt.tzinfo) -> dt.date:
    """Return the day since which the grade has counted that counts on `day`."""
    if found.runs_out(day) and found.until is not None:
        return found.until + dt.timedelta(days=1)
    return (found.since or found.at).astimezone(zone).date()
