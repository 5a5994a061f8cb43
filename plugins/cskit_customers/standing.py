"""Where customers stand among each other: ranked by what they bought, and lost. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from cskit import Period
from cskit_customers.documents import decoded
from cskit_customers.fees import total
from cskit_customers.model import CustomerState
from cskit_customers.orders import Tally, line_with, tally

if TYPE_CHECKING:
    from cskit.store.protocol import Filter, Reading

Measure = Literal["gross_profit", "amount", "quantity"]
MEASURES: tuple[Measure, ...] = ("gross_profit", "amount", "quantity")


class Card(msgspec.Struct, frozen=True, gc=False):
    """What a ranking shows of a stored customer."""

    id: str
    name: str
    region: str | None = None
    owner: str | None = None
    state: CustomerState = "active"

    def row(self) -> dict[str, Any]:
        """Return the customer as the beginning of a row."""
        return {"id": self.id, "name": self.name, "region": self.region, "owner": self.owner}


def _tallies(
    reading: Reading,
    customers: Filter | None,
    day: dt.date,
    period: Period,
    product: str | None,
    sums: tuple[str, ...],
) -> tuple[dict[str, Card], dict[str, Tally]]:
    """Return the customers with their orders counted, in one pass over each table."""
    cards = {card.id: card for card in decoded("customers", reading.read("customers", where=customers), Card)}
    lines = decoded("orders", reading.read("orders"), line_with(sums))
    return cards, tally(lines, cards, day, period, product, sums)


# --- ranked ------------------------------------------------------------------------------------------------


class Ranking(NamedTuple):
    """The customers that ordered, the best first; and how many have a sum that is unknown."""

    rows: list[dict[str, Any]]
    unknown: int


def rank(
    reading: Reading,
    by: Measure,
    day: dt.date,
    *,
    period: Period | None = None,
    product: str | None = None,
    customers: Filter | None = None,
) -> Ranking:
    """Rank customers by what their orders (open or completed, up to `day`) come to.

    Equal sums have one rank, and the next one is left out (1, 2, 2, 4). `share` is a customer's part of all
    that is ranked, `so_far` that of the customer and all before, in percent to a tenth; both are left out
    where the whole is not above zero. A customer one of whose orders states no `by` is counted as unknown.
    """
    cards, tallies = _tallies(reading, customers, day, period or Period(), product, (by,))
    known: list[tuple[Decimal, str]] = []
    unknown = 0
    for own, orders in tallies.items():
        value = getattr(orders, by)
        if value is None:
            unknown += 1
        elif orders.count:
            known.append((value, own))
    known.sort(key=lambda pair: (-pair[0], pair[1]))
    whole = total([value for value, _own in known])
    rows = list(_ranked(known, cards, tallies, whole, by))
    return Ranking(rows, unknown)


def _ranked(
    known: list[tuple[Decimal, str]],
    cards: Mapping[str, Card],
    tallies: Mapping[str, Tally],
    whole: Decimal,
    by: Measure,
) -> Iterator[dict[str, Any]]:
    before: Decimal | None = None
    place, running = 0, Decimal(0)
    for number, (value, own) in enumerate(known, 1):
        if value != before:
            place, before = number, value
        row = {"rank": place, **cards[own].row(), "orders": tallies[own].count, by: value}
        if whole > 0:
            running = total([running, value])
            row |= {"share": _percent(value, whole), "so_far": _percent(running, whole)}
        yield row


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(Decimal("0.1"))


# --- lost --------------------------------------------------------------------------------------------------


def lost(
    reading: Reading, days: int, day: dt.date, *, customers: Filter | None = None
) -> list[dict[str, Any]]:
    """Return the active customers whose last order is at least `days` days before `day`, the longest first.

    Orders that are open or completed count, up to `day`. Who has never ordered is no customer lost, but one
    to win; who is marked as lost, or closed, is known (catalogue A14: lost = no order for N days).
    """
    cards, tallies = _tallies(reading, customers, day, Period(), None, ())
    found = []
    for own, orders in tallies.items():
        card = cards[own]
        if orders.last_on is None or card.state != "active":
            continue
        gone = (day - orders.last_on).days
        if gone >= days:
            found.append({**card.row(), "orders": orders.count, "last_on": orders.last_on, "days": gone})
    found.sort(key=lambda row: (-row["days"], row["id"]))
    return found
