"""The facts of opportunities and follow-ups, and what is planned, in one pass over each table.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import FactSpec, Period
from cskit.declarations import FactKind
from cskit.values import local_moment
from cskit_customers.documents import decoded
from cskit_customers.pursuit import Chance, Mode, Need, OpportunityState

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

# --- opportunities -----------------------------------------------------------------------------------------


class Chosen(msgspec.Struct, frozen=True, gc=False):
    """What the facts need of a stored opportunity."""

    id: str
    customer: str
    need: Need = "unknown"
    chance: Chance = "unknown"
    expected_close: dt.date | None = None
    amount: Decimal | None = None
    state: OpportunityState = "negotiating"


def leading(found: Iterable[Chosen], customers: Collection[str]) -> dict[str, Chosen]:
    """Return the opportunity of each customer that speaks for all of that customer's.

    It is the open one that closes first, one without a date after those with one; where none is open, the
    one noted last.
    """
    best: dict[str, Chosen] = {}
    for one in found:
        if one.customer not in customers:
            continue
        held = best.get(one.customer)
        if held is None or _before(one, held):
            best[one.customer] = one
    return best


def _before(one: Chosen, held: Chosen) -> bool:
    """Tell whether an opportunity that was noted later takes the place of another."""
    if one.state != "negotiating":
        return held.state != "negotiating"
    if held.state != "negotiating":
        return True
    return one.expected_close is not None and (
        held.expected_close is None or one.expected_close < held.expected_close
    )


# --- follow-ups --------------------------------------------------------------------------------------------


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What the facts need of a stored activity."""

    id: str
    customer: str
    at: dt.datetime
    mode: Mode = "phone"
    next_on: dt.date | None = None


class Log:
    """One customer's tracking log so far: last days, visits of a period, and the follow-up agreed last."""

    __slots__ = ("last", "last_visit_on", "planned", "visits")

    def __init__(self) -> None:
        self.last: dt.datetime | None = None
        self.last_visit_on: dt.date | None = None
        self.visits = 0
        self.planned: Entry | None = None

    def add(self, entry: Entry, zone: dt.tzinfo, period: Period) -> None:
        """Take in an activity that happened."""
        if self.last is None or entry.at > self.last:
            self.last = entry.at
        if entry.mode == "visit":
            day = local_moment(entry.at, zone)[0]
            if self.last_visit_on is None or day > self.last_visit_on:
                self.last_visit_on = day
            self.visits += period.holds(day)
        if entry.next_on is not None and (self.planned is None or entry.at >= self.planned.at):
            self.planned = entry

    def open(self, zone: dt.tzinfo) -> Entry | None:
        """Return the activity whose follow-up is still to be done.

        The one agreed last counts; it is done once something happened on its day or later, whoever did it.
        """
        if self.planned is None or self.planned.next_on is None or self.last is None:
            return None
        done = self.last > self.planned.at and local_moment(self.last, zone)[0] >= self.planned.next_on
        return None if done else self.planned


def logs(
    found: Iterable[Entry], customers: Collection[str], now: dt.datetime, zone: dt.tzinfo, period: Period
) -> dict[str, Log]:
    """Put the activities of `customers` together, one log for each; what is after `now` has not happened."""
    made = {customer: Log() for customer in customers}
    for entry in found:
        log = made.get(entry.customer)
        if log is not None and entry.at <= now:
            log.add(entry, zone, period)
    return made


# --- facts -------------------------------------------------------------------------------------------------


def _opportunity(name: str, kind: FactKind, meaning: str) -> FactSpec:
    said = f"{meaning}; of several the open one that closes first, where none is open the one noted last."
    return FactSpec(f"opportunity.{name}", "customer", kind, said)


SPECS: tuple[FactSpec, ...] = (
    _opportunity("need", "text", "Need behind the opportunity: obvious, potential or none"),
    _opportunity("chance", "text", "Whether the opportunity can be won: yes or no"),
    _opportunity("state", "text", "State of the opportunity: negotiating, won or lost"),
    _opportunity("expected_close", "date", "Day on which the opportunity is expected to close"),
    _opportunity("amount", "decimal", "Amount that the opportunity may bring"),
    FactSpec(
        "activity.last_on",
        "customer",
        "date",
        "Day of the latest follow-up that happened; unknown without one.",
    ),
    FactSpec(
        "activity.next_on",
        "customer",
        "date",
        "Day of the follow-up that was agreed last and is still to be done; unknown if none is.",
    ),
    FactSpec(
        "activity.last_visit_on", "customer", "date", "Day of the latest visit; unknown if there was none."
    ),
    FactSpec(
        "activity.visits",
        "customer",
        "integer",
        "Number of visits up to now, in the period if one is given; 0 if there were none.",
        "visits",
        "period",
    ),
)
_OF_OPPORTUNITY: dict[str, Callable[[Chosen], Any]] = {
    "opportunity.need": lambda one: None if one.need == "unknown" else one.need,
    "opportunity.chance": lambda one: None if one.chance == "unknown" else one.chance,
    "opportunity.state": lambda one: one.state,
    "opportunity.expected_close": lambda one: one.expected_close,
    "opportunity.amount": lambda one: one.amount,
}
_OF_LOG: dict[str, Callable[[Log, dt.tzinfo], Any]] = {
    "activity.last_on": lambda log, zone: log.last and local_moment(log.last, zone)[0],
    "activity.next_on": lambda log, zone: (planned := log.open(zone)) and planned.next_on,
    "activity.last_visit_on": lambda log, zone: log.last_visit_on,
    "activity.visits": lambda log, zone: log.visits,
}


def facts(
    reading: Reading,
    names: Sequence[str],
    customers: Collection[str],
    now: dt.datetime,
    zone: dt.tzinfo,
    period: Period,
) -> dict[str, Mapping[str, Any]]:
    """Return those of the facts `names` that are of opportunities or activities, also values of None."""
    found: dict[str, Mapping[str, Any]] = {}
    if of_opportunity := [name for name in names if name in _OF_OPPORTUNITY]:
        best = leading(decoded("opportunities", reading.read("opportunities"), Chosen), customers)
        for name in of_opportunity:
            found[name] = {customer: _OF_OPPORTUNITY[name](one) for customer, one in best.items()}
    if of_log := [name for name in names if name in _OF_LOG]:
        entries = decoded("activities", reading.read("activities"), Entry)
        made = logs(entries, customers, now, zone, period)
        for name in of_log:
            found[name] = {customer: _OF_LOG[name](log, zone) for customer, log in made.items()}
    return found
