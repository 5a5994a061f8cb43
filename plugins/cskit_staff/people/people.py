"""Who works here, in which position: what figures about people need of the records, read once.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

STAFF, POSITIONS = "staff", "positions"


class Person(msgspec.Struct, frozen=True, gc=False):
    """What figures need of a stored member of staff."""

    id: str
    name: str
    position: str | None = None
    rank: str | None = None
    department: str | None = None
    group: str | None = None
    superior: str | None = None
    hired: dt.date | None = None
    left: dt.date | None = None
    state: str = "regular"
    induction_until: dt.date | None = None
    probation_until: dt.date | None = None

    def works_on(self, day: dt.date) -> bool:
        """Tell whether the person is one of the staff on a day: the first and the last day count."""
        if self.hired is not None and self.hired > day:
            return False
        return self.left >= day if self.left is not None else self.state != "left"


class Post(msgspec.Struct, frozen=True, gc=False):
    """What figures need of a stored position."""

    id: str
    title: str
    department: str | None = None
    family: str | None = None
    superior: str | None = None
    headcount: int = 1


def everybody(reading: Reading) -> Iterator[Person]:
    """Yield all staff, those who left as well, from one pass over the table."""
    yield from map(decoder(STAFF, Person), reading.read(STAFF))


def posts(reading: Reading) -> dict[str, Post]:
    """Return all positions by code, from one pass over the table."""
    return {post.id: post for post in map(decoder(POSITIONS, Post), reading.read(POSITIONS))}


def department_of(person: Person, held: Mapping[str, Post]) -> str | None:
    """Return somebody's department: their own, else their position's."""
    if person.department is not None:
        return person.department
    post = held.get(person.position or "")
    return post.department if post is not None else None
