"""Customers that may be one: the same phone, or the same name written otherwise. Must not import click."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit.i18n import mark
from cskit_customers.documents import decoded
from cskit_customers.model import CustomerState

if TYPE_CHECKING:
    from cskit.store.protocol import Filter, Reading

WHY = (mark("name"), mark("phone"), mark("name and phone"))
_SHORTEST = 7  # digits of a number that can be called from anywhere in its area
_CHINA = re.compile(r"(?:00)?86(1\d{10}|0?[1-9]\d{8,10})")
_BLANK = re.compile(r"\s+")


class Card(msgspec.Struct, frozen=True, gc=False):
    """What is compared of a stored customer, and shown."""

    id: str
    name: str
    phone: str | None = None
    region: str | None = None
    owner: str | None = None
    state: CustomerState = "active"


def same_name(name: str) -> str:
    """Return what two spellings of a name have in common: width, case and blanks do not count."""
    return _BLANK.sub("", name if name.isascii() else unicodedata.normalize("NFKC", name)).casefold()


def same_phone(phone: str) -> str:
    """Return the digits by which a number is the same, "" for what is too short to be one.

    China's prefix +86 or 0086 is left out, as nobody dials it at home.
    """
    digits = "".join(
        letter for letter in unicodedata.normalize("NFKC", phone) if letter.isascii() and letter.isdigit()
    )
    found = _CHINA.fullmatch(digits)
    digits = found[1] if found else digits
    return digits if len(digits) >= _SHORTEST else ""


def find(reading: Reading, customers: Filter | None = None) -> Iterator[dict[str, Any]]:
    """Yield the customers that may be one, group by group, each with why it is in its group.

    Who shares a phone with one and a name with another is in one group with both. One pass over the table.
    """
    alike: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in decoded("customers", reading.read("customers", where=customers), Card):
        alike["name", same_name(card.name)].append(card)
        if card.phone and (digits := same_phone(card.phone)):
            alike["phone", digits].append(card)
    shared = [(why, cards) for (why, _value), cards in alike.items() if len(cards) > 1]
    whys: dict[str, set[str]] = defaultdict(set)
    for why, cards in shared:
        for card in cards:
            whys[card.id].add(why)
    for number, group in enumerate(_groups(cards for _why, cards in shared), 1):
        for card in group:
            held = whys[card.id]
            why = "name and phone" if len(held) == 2 else next(iter(held))
            yield {"group": number, "why": why, **msgspec.structs.asdict(card)}


def _groups(shared: Iterable[list[Card]]) -> list[list[Card]]:
    """Join lists that have a customer in common; groups and their customers are in the order of the ids."""
    above: dict[str, str] = {}
    known: dict[str, Card] = {}

    def top(own: str) -> str:
        while above[own] != own:
            above[own] = above[above[own]]  # so that the way is shorter next time
            own = above[own]
        return own

    for cards in shared:
        for card in cards:
            known[card.id] = card
            above.setdefault(card.id, card.id)
            above[top(card.id)] = top(cards[0].id)
    groups: dict[str, list[Card]] = defaultdict(list)
    for own in sorted(known):
        groups[top(own)].append(known[own])
    return sorted(groups.values(), key=lambda group: group[0].id)
