"""Customers that may be one: the same phone, or the same name written otherwise. Must not import click."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import telephones
from cskit.i18n import mark
from cskit_customers.documents import decoded
from cskit_customers.model import CustomerState

if TYPE_CHECKING:
    from cskit.store.protocol import Filter, Reading

WHY = (mark("name"), mark("phone"), mark("name and phone"))


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
    parts = (name if name.isascii() else unicodedata.normalize("NFKC", name)).split()
    if len(parts) == 1:
        return parts[0].casefold()
    return unicodedata.normalize("NFKC", "".join(parts)).casefold()  # what stood apart may combine now


def find(reading: Reading, customers: Filter | None = None) -> Iterator[dict[str, Any]]:
    """Yield the customers that may be one, group by group, each with why it is in its group.

    Who shares a phone with one and a name with another is in one group with both. One pass over the table.
    """
    names: dict[str, Card] = {}
    phones: dict[str, Card] = {}
    shared: dict[tuple[str, str], list[Card]] = {}
    for card in decoded("customers", reading.read("customers", where=customers), Card):
        name = same_name(card.name)
        if (first := names.setdefault(name, card)) is not card:
            shared.setdefault(("name", name), [first]).append(card)
        if card.phone and (digits := telephones.digits(card.phone)):
            if (first := phones.setdefault(digits, card)) is not card:
                shared.setdefault(("phone", digits), [first]).append(card)
    whys: dict[str, set[str]] = defaultdict(set)
    for (why, _value), cards in shared.items():
        for card in cards:
            whys[card.id].add(why)
    for number, group in enumerate(_groups(shared.values()), 1):
        for card in group:
            held = whys[card.id]
            why = WHY[-1] if len(held) == 2 else next(iter(held))
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
