"""The facts the register gives about customers: what each means, and how it is had. Must not import click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import FactSpec, Period, Usage, _
from cskit.declarations import FactKind, Facts
from cskit_customers import arrears, following
from cskit_customers.documents import decoded
from cskit_customers.model import CustomerState
from cskit_customers.orders import SUMS, Tally, line_with, tally, whole_months

if TYPE_CHECKING:
    from cskit import App


class Card(msgspec.Struct, frozen=True, gc=False):
    """What the facts need of a stored customer."""

    id: str
    member_until: dt.date | None = None
    penalty_until: dt.date | None = None
    service_class: str | None = None
    potential_volume: Decimal | None = None
    usage_depth: int | None = None
    uses_competitor: bool | None = None
    fan: bool = False
    state: CustomerState = "active"
    since: dt.date | None = None
    left_on: dt.date | None = None


def _orders(name: str, kind: FactKind, meaning: str, unit: str = "") -> FactSpec:
    return FactSpec(f"orders.{name}", "customer", kind, meaning, unit, "period")


def _customer(name: str, kind: FactKind, meaning: str, unit: str = "") -> FactSpec:
    return FactSpec(f"customer.{name}", "customer", kind, meaning, unit)


_COUNTED = "the orders that count (open or completed, dated in the period, of the product if one is given)"
SPECS: tuple[FactSpec, ...] = (
    _orders("count", "integer", f"Number of {_COUNTED}; 0 if there are none.", "orders"),
    _orders("quantity", "decimal", f"Quantity of {_COUNTED}; unknown if one of them states none."),
    _orders("amount", "decimal", f"Amount of {_COUNTED}; unknown if one of them states none."),
    _orders("gross_profit", "decimal", f"Gross profit of {_COUNTED}; unknown if one of them states none."),
    _orders("first_on", "date", f"Earliest day of {_COUNTED}; unknown if there are none."),
    _orders("last_on", "date", f"Latest day of {_COUNTED}; unknown if there are none."),
    _orders("open", "integer", "How many of the orders that count are open.", "orders"),
    _orders(
        "quoted",
        "integer",
        "Number of quotations that have not become orders, dated in the period, of the product if given.",
        "quotations",
    ),
    _orders("completed", "integer", "How many of the orders that count are completed.", "orders"),
    _orders(
        "referrals",
        "integer",
        "Number of other customers' orders that would count and name this customer as referrer.",
        "orders",
    ),
    _customer("potential_volume", "decimal", "Business the customer could give, as estimated on the card."),
    _customer("usage_depth", "integer", "How deeply the customer uses what was bought, 0 to 100.", "points"),
    _customer("service_class", "text", "Class of service agreed, as on the card."),
    _customer("uses_competitor", "boolean", "Whether a competitor's product is or was used; as on the card."),
    _customer("fan", "boolean", "Whether the customer is marked as a fan; no if not marked."),
    _customer("penalised", "boolean", "Whether a penalty runs, its last day included; no if none is noted."),
    _customer("member", "boolean", "Whether a membership runs, its last day included; no if none is noted."),
    _customer("active", "boolean", "Whether the customer is active, that is neither lost nor closed."),
    _customer("since", "date", "First day as a customer, as on the card; unknown if nobody noted it."),
    _customer("left_on", "date", "Day on which the customer was lost or closed; unknown of active ones."),
    _customer(
        "months_known",
        "integer",
        "Whole calendar months since the first order (open or completed, any product); unknown without one.",
        "months",
    ),
    *following.SPECS,
    *arrears.SPECS,
)

_OF_ORDERS: dict[str, Callable[[Tally], Any]] = {
    "orders.count": lambda orders: orders.count,
    "orders.quantity": lambda orders: orders.quantity,
    "orders.amount": lambda orders: orders.amount,
    "orders.gross_profit": lambda orders: orders.gross_profit,
    "orders.first_on": lambda orders: orders.first_on,
    "orders.last_on": lambda orders: orders.last_on,
    "orders.open": lambda orders: orders.open,
    "orders.quoted": lambda orders: orders.quoted,
    "orders.completed": lambda orders: orders.completed,
    "orders.referrals": lambda orders: orders.referrals,
}
_OF_CARD: dict[str, Callable[[Card, dt.date], Any]] = {
    "customer.potential_volume": lambda card, day: card.potential_volume,
    "customer.usage_depth": lambda card, day: card.usage_depth,
    "customer.service_class": lambda card, day: card.service_class,
    "customer.uses_competitor": lambda card, day: card.uses_competitor,
    "customer.fan": lambda card, day: card.fan,
    "customer.penalised": lambda card, day: _runs(card.penalty_until, day),
    "customer.member": lambda card, day: _runs(card.member_until, day),
    "customer.active": lambda card, day: card.state == "active",
    "customer.since": lambda card, day: card.since,
    "customer.left_on": lambda card, day: card.left_on,
}
_FEW = 1000
"""So many cards are looked for by id; of more, all are decoded: 100 000 took 0.4 s instead of 1.5 s."""
_MONTHS_KNOWN = "customer.months_known"


def about_customers(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    scope: Mapping[str, str],
) -> Facts:
    """Return the facts `names` about the customers `ids`; of an id not on the register nothing is known.

    Reads each table at most once, and only those that the facts need. Raises `Usage` if facts about
    orders are to be narrowed by something orders cannot be told apart by.
    """
    if any(name in _OF_ORDERS for name in names):
        _check_scope(scope)
    day, reading = now.astimezone(app.zone).date(), app.reading()
    wanted = set(ids)
    documents = reading.read("customers", ids=wanted if len(wanted) <= _FEW else None)
    cards = {card.id: card for card in decoded("customers", documents, Card) if card.id in wanted}
    tallies: dict[str, Tally] = {}
    if any(name in _OF_ORDERS or name == _MONTHS_KNOWN for name in names):
        sums = [name for name in SUMS if f"orders.{name}" in names]
        lines = decoded("orders", reading.read("orders"), line_with(sums))
        tallies = tally(lines, cards, day, period, scope.get("product"), sums)
    elsewhere = following.facts(reading, names, cards, now, app.zone, period)
    elsewhere |= arrears.facts(reading, names, cards, day, period)
    return {
        name: _known(elsewhere[name] if name in elsewhere else _here(name, cards, tallies, day))
        for name in names
    }


def _here(
    name: str, cards: Mapping[str, Card], tallies: Mapping[str, Tally], day: dt.date
) -> Mapping[str, Any]:
    """Return one fact of orders, or of the card, by customer."""
    if name in _OF_ORDERS:
        return {customer: _OF_ORDERS[name](orders) for customer, orders in tallies.items()}
    if name == _MONTHS_KNOWN:
        return {customer: _months_known(orders, day) for customer, orders in tallies.items()}
    return {customer: _OF_CARD[name](card, day) for customer, card in cards.items()}


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact by customer, without those for whom it is unknown."""
    return {customer: value for customer, value in values.items() if value is not None}


def _months_known(orders: Tally, day: dt.date) -> int | None:
    return None if orders.known_since is None else whole_months(orders.known_since, day)


def _runs(until: dt.date | None, day: dt.date) -> bool:
    return until is not None and day <= until


def _check_scope(scope: Mapping[str, str]) -> None:
    unknown = sorted(scope.keys() - {"product"})
    if unknown:
        raise Usage(
            _("orders cannot be narrowed by {names}").format(names=_(", ").join(unknown)),
            _("the scope of orders.* facts is product, as in product=CD"),
        )
