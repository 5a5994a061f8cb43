"""What the register tells other plugins about a customer, and what it leaves unknown."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cskit_customers
from cskit import BadData, Period, Usage
from cskit.store.protocol import Document, Filter
from cskit.testing import department
from cskit_customers.facts import SPECS
from cskit_customers.orders import whole_months

if TYPE_CHECKING:
    from cskit import App

NOW = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)
NAMES = [spec.name for spec in SPECS]


class Register:
    """An app whose store is lists of documents by table, and which counts how often each was read."""

    zone = ZoneInfo("Asia/Shanghai")

    def __init__(
        self,
        customers: Sequence[Mapping[str, Any]],
        orders: Sequence[Mapping[str, Any]] = (),
        **tables: Sequence[Mapping[str, Any]],
    ):
        self.tables = {"customers": customers, "orders": orders, **tables}
        self.reads: Counter[str] = Counter()

    def reading(self) -> Register:
        return self

    def read(
        self, table: str, where: Filter | None = None, ids: Collection[str] | None = None
    ) -> Iterator[Document]:
        assert where is None
        self.reads[table] += 1
        for number, document in enumerate(self.tables.get(table, ()), 1):
            if ids is None or document["id"] in ids:
                yield Document(number, msgspec.json.encode(document))


def customer(number: int, **values: Any) -> dict[str, Any]:
    return {"id": f"C-{number}", "name": f"客户{number}", **values}


def order(number: int, date: str, **values: Any) -> dict[str, Any]:
    return {"id": f"O-{date}", "customer": f"C-{number}", "date": date, **values}


def opportunity(number: int, **values: Any) -> dict[str, Any]:
    return {"id": "OP-1", "customer": f"C-{number}", **values}


def activity(number: int, at: str, **values: Any) -> dict[str, Any]:
    return {"id": f"AC-{at}", "customer": f"C-{number}", "at": at, **values}


def fee(number: int | None, amount: str, due: str | None = None, **values: Any) -> dict[str, Any]:
    held = {"id": "FE-1", "customer": number and f"C-{number}", "item": "x", "amount": amount, "due": due}
    return {name: value for name, value in {**held, **values}.items() if value is not None}


def ask(
    register: Register,
    *names: str,
    ids: Sequence[str] = ("C-1",),
    now: dt.datetime = NOW,
    period: Period | None = None,
    scope: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Ask through the hook, as the core does."""
    facts = cskit_customers.cskit_facts(
        cast("App", register), "customer", names, ids, now, period or Period(), scope or {}
    )
    return {name: dict(values) for name, values in facts.items()}


ORDERS = [
    order(1, "2026-03-05", product="办公桌", quantity="20", amount="24000.10", gross_profit="6000"),
    order(
        1,
        "2026-06-01",
        product="办公椅",
        quantity="60",
        amount="0.20",
        gross_profit="-5.5",
        state="completed",
    ),
    order(1, "2026-07-01", product="办公桌", quantity="1", amount="100", state="quoted"),
    order(1, "2026-08-01", product="办公桌", quantity="1", amount="100", state="cancelled"),
    order(
        1, "2026-11-22", product="办公桌", quantity="0.5", amount="9.70", gross_profit="1", state="completed"
    ),
    order(1, "2026-11-23", product="办公桌", quantity="1", amount="1000", gross_profit="500"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders.count", 3),
        ("orders.quantity", Decimal("80.5")),
        ("orders.amount", Decimal("24010.00")),
        ("orders.gross_profit", Decimal("5995.5")),
        ("orders.first_on", dt.date(2026, 3, 5)),
        ("orders.last_on", dt.date(2026, 11, 22)),
        ("orders.open", 1),
        ("orders.quoted", 1),
        ("orders.completed", 2),
        ("orders.referrals", 0),
        ("customer.months_known", 8),
    ],
)
def test_facts_of_orders(name: str, expected: Any) -> None:
    """Open and completed orders count up to today; quotations, cancelled and future orders do not."""
    assert ask(Register([customer(1)], ORDERS), name) == {name: {"C-1": expected}}


@pytest.mark.parametrize(
    ("period", "scope", "count", "amount", "quoted"),
    [
        pytest.param(Period(), {"product": "办公桌"}, 2, "24009.80", 1, id="product"),
        pytest.param(Period(), {"product": "沙发"}, 0, "0", 0, id="product never ordered"),
        pytest.param(
            Period(dt.date(2026, 3, 5), dt.date(2026, 6, 1)), {}, 2, "24000.30", 0, id="both ends in"
        ),
        pytest.param(Period(dt.date(2026, 3, 6), dt.date(2026, 5, 31)), {}, 0, "0", 0, id="between"),
        pytest.param(Period(last=dt.date(2026, 3, 31)), {}, 1, "24000.10", 0, id="open to the past"),
        pytest.param(Period(first=dt.date(2026, 7, 1)), {}, 1, "9.70", 1, id="open to the future"),
        pytest.param(
            Period(first=dt.date(2026, 4, 1)), {"product": "办公桌"}, 1, "9.70", 1, id="period and product"
        ),
    ],
)
def test_period_and_product_narrow(
    period: Period, scope: dict[str, str], count: int, amount: str, quoted: int
) -> None:
    """A period holds both its ends, never what is still to come; a product is meant exactly."""
    facts = ask(
        Register([customer(1)], ORDERS),
        *("orders.count", "orders.amount", "orders.quoted", "customer.months_known"),
        period=period,
        scope=scope,
    )
    assert facts == {
        "orders.count": {"C-1": count},
        "orders.amount": {"C-1": Decimal(amount)},
        "orders.quoted": {"C-1": quoted},
        "customer.months_known": {"C-1": 8},
    }


@pytest.mark.parametrize(
    ("now", "count"),
    [
        pytest.param(dt.datetime(2026, 11, 22, 15, 59, tzinfo=dt.UTC), 3, id="before midnight there"),
        pytest.param(dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC), 4, id="after midnight there"),
        pytest.param(dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC), 0, id="before the first order"),
    ],
)
def test_today_is_the_departments(now: dt.datetime, count: int) -> None:
    """Which orders have happened is decided by the calendar day in the department's zone."""
    assert ask(Register([customer(1)], ORDERS), "orders.count", now=now) == {"orders.count": {"C-1": count}}


def test_no_orders_is_known_to_be_none() -> None:
    """A customer without orders has 0 of everything that is counted, and no first or last day."""
    facts = ask(Register([customer(1)]), *(name for name in NAMES if name.startswith("orders.")))
    unknown = {name for name, values in facts.items() if not values}
    assert unknown == {"orders.first_on", "orders.last_on"}
    assert {values["C-1"] for name, values in facts.items() if name not in unknown} == {0}


@pytest.mark.parametrize("name", ["quantity", "amount", "gross_profit"])
def test_a_sum_with_a_gap_is_unknown(name: str) -> None:
    """If one order that counts does not state its part, the sum is unknown, whichever comes first."""
    stated, silent = order(1, "2026-03-01", **{name: "5"}), order(1, "2026-04-01")
    for orders in ([stated, silent], [silent, stated]):
        assert ask(Register([customer(1)], orders), f"orders.{name}") == {f"orders.{name}": {}}
    cancelled = {**silent, "state": "cancelled"}
    assert ask(Register([customer(1)], [stated, cancelled]), f"orders.{name}") == {
        f"orders.{name}": {"C-1": Decimal(5)}
    }


def test_sums_keep_every_digit() -> None:
    """Sums are exact where ordinary decimal arithmetic would round."""
    orders = [order(1, "2026-03-01", amount="9" * 28), order(1, "2026-03-02", amount="0.01")]
    assert ask(Register([customer(1)], orders), "orders.amount") == {
        "orders.amount": {"C-1": Decimal("9" * 28 + ".01")}
    }


def test_referrals_are_other_customers_orders() -> None:
    """A referral is an order, open or completed, of somebody else; it narrows like any other order."""
    orders = [
        order(2, "2026-03-01", referred_by="C-1", product="橱柜"),
        order(2, "2026-04-01", referred_by="C-1", state="completed"),
        order(3, "2026-04-02", referred_by="C-1", state="quoted"),
        order(3, "2026-04-03", referred_by="C-1", state="cancelled"),
        order(1, "2026-04-04", referred_by="C-1"),
        order(3, "2026-12-01", referred_by="C-1"),
    ]
    register = Register([customer(1), customer(2), customer(3)], orders)
    assert ask(register, "orders.referrals") == {"orders.referrals": {"C-1": 2}}
    assert ask(register, "orders.referrals", scope={"product": "橱柜"}) == {"orders.referrals": {"C-1": 1}}
    late = Period(first=dt.date(2026, 4, 1))
    assert ask(register, "orders.referrals", "orders.count", ids=["C-1", "C-2"], period=late) == {
        "orders.referrals": {"C-1": 1, "C-2": 0},
        "orders.count": {"C-1": 1, "C-2": 1},
    }


@pytest.mark.parametrize(
    ("card", "name", "expected"),
    [
        ({"potential_volume": "180000.50"}, "potential_volume", Decimal("180000.50")),
        ({}, "potential_volume", None),
        ({"usage_depth": 0}, "usage_depth", 0),
        ({}, "usage_depth", None),
        ({"service_class": "A"}, "service_class", "A"),
        ({}, "service_class", None),
        ({"uses_competitor": True}, "uses_competitor", True),
        ({"uses_competitor": False}, "uses_competitor", False),
        ({}, "uses_competitor", None),
        ({"fan": True}, "fan", True),
        ({}, "fan", False),
        ({"penalty_until": "2026-11-21"}, "penalised", False),
        ({"penalty_until": "2026-11-22"}, "penalised", True),
        ({}, "penalised", False),
        ({"member_until": "2026-11-21"}, "member", False),
        ({"member_until": "2026-11-22"}, "member", True),
        ({}, "member", False),
        ({}, "active", True),
        ({"state": "lost"}, "active", False),
        ({"state": "closed"}, "active", False),
    ],
)
def test_facts_of_the_card(card: dict[str, Any], name: str, expected: Any) -> None:
    """What nobody noted is unknown, but a mark that was not given, and a term that was not set, mean no."""
    known = {} if expected is None else {"C-1": expected}
    assert ask(Register([customer(1, **card)]), f"customer.{name}") == {f"customer.{name}": known}


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-11-22", "2026-11-22", 0),
        ("2026-10-23", "2026-11-22", 0),
        ("2026-10-22", "2026-11-22", 1),
        ("2025-11-22", "2026-11-22", 12),
        ("2025-11-23", "2026-11-22", 11),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2024-02-29", "2025-02-28", 12),
        ("2023-12-31", "2024-02-28", 1),
        ("2023-12-31", "2024-02-29", 2),
    ],
)
def test_whole_months(first: str, last: str, months: int) -> None:
    """A month is full on the same day of the next, or on its last day where it has no such day."""
    assert whole_months(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == months


def test_months_known_needs_an_order() -> None:
    """Quotations, cancelled orders and orders to come do not make a customer known."""
    orders = [
        order(1, "2026-01-01", state="quoted"),
        order(1, "2026-01-02", state="cancelled"),
        order(1, "2026-11-23"),
    ]
    assert ask(Register([customer(1)], orders), "customer.months_known") == {"customer.months_known": {}}


def test_of_a_stranger_nothing_is_known() -> None:
    """An id that is not on the register has no facts, not even counts of 0."""
    facts = ask(Register([customer(1)], [order(9, "2026-03-01")]), *NAMES, ids=["C-9"])
    assert facts == {name: {} for name in NAMES}


def test_of_other_things_nothing_is_known() -> None:
    """The register knows customers only."""
    register = cast("App", Register([customer(1)], ORDERS))
    assert cskit_customers.cskit_facts(register, "staff", ["orders.count"], ["C-1"], NOW, Period(), {}) == {}


def test_only_what_was_asked_is_answered() -> None:
    """The answer holds the names and the ids that were asked for, no others."""
    register = Register([customer(1), customer(2)], [*ORDERS, order(2, "2026-03-01")])
    assert ask(register, "orders.count", "customer.fan") == {
        "orders.count": {"C-1": 3},
        "customer.fan": {"C-1": False},
    }


@pytest.mark.parametrize("size", [50, 10_000])
def test_each_table_is_read_once(size: int) -> None:
    """All facts about all customers come from one reading of each table, however many there are."""
    register = Register(
        [customer(number) for number in range(size)], [order(n, "2026-03-01") for n in range(size)]
    )
    facts = ask(register, *NAMES, ids=[f"C-{number}" for number in range(size)])
    tables = ("customers", "orders", "opportunities", "activities", "ledger")
    assert register.reads == dict.fromkeys(tables, 1)
    assert set(facts["orders.count"].values()) == {1}
    assert len(facts["orders.count"]) == size


def test_orders_are_left_alone_when_not_needed() -> None:
    """Facts from the card alone do not read the orders."""
    register = Register([customer(1)], ORDERS)
    ask(register, "customer.fan", "customer.member")
    assert register.reads == {"customers": 1}


def test_an_unknown_scope_is_refused() -> None:
    """Orders cannot be narrowed by what they do not hold, rather than silently not being narrowed."""
    with pytest.raises(Usage, match=r"^orders cannot be narrowed by prodct$") as caught:
        ask(Register([customer(1)]), "orders.count", scope={"prodct": "CD"})
    assert caught.value.hint == "the scope of orders.* facts is product, as in product=CD"


def test_a_scope_of_others_does_not_touch_the_card() -> None:
    """Facts that count nothing stay the same when somebody else's facts are narrowed beside them."""
    assert ask(Register([customer(1)]), "customer.fan", scope={"category": "x"}) == {
        "customer.fan": {"C-1": False}
    }


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            order(1, "22.11.2026"),
            "date: expected a date such as 2026-11-22",
            id="not a date",
        ),
        pytest.param(
            order(1, "2026-03-01", state="paid"),
            "state: is not one of the choices",
            id="no such state",
        ),
        pytest.param(
            order(1, "2026-03-01", amount="NaN"),
            "amount: expected a number such as 1234.50",
            id="not a number",
        ),
        pytest.param(
            order(1, "2026-03-01", amount="Infinity"),
            "amount: expected a number such as 1234.50",
            id="infinite",
        ),
    ],
)
def test_a_spoilt_document_is_named(document: dict[str, Any], message: str) -> None:
    """A document that an editor spoilt stops the facts: a wrong figure must not pass for a known one."""
    with pytest.raises(BadData) as caught:
        ask(Register([customer(1)], [document]), "orders.amount")
    start = f"document 1 of table orders ({document['id']}) cannot be read: "
    assert caught.value.message == start + message


def test_every_fact_says_what_it_is() -> None:
    """Facts have names of their own, a meaning in a sentence, and values of the type they declare."""
    assert len(set(NAMES)) == len(SPECS) == 33
    types = {"integer": int, "decimal": Decimal, "text": str, "date": dt.date, "boolean": bool}
    days = {"since": "2020-01-01", "left_on": "2026-11-01"}
    card = customer(1, potential_volume="1", usage_depth=5, service_class="A", uses_competitor=True, **days)
    register = Register(
        [card],
        ORDERS,
        opportunities=[opportunity(1, need="none", chance="no", amount="5", expected_close="2027-01-01")],
        activities=[activity(1, "2026-11-20T02:00:00Z", mode="visit", next_on="2026-11-30")],
    )
    facts = ask(register, *NAMES)
    for spec in SPECS:
        assert spec.about == "customer"
        assert spec.meaning.endswith(".")
        counted = spec.name.startswith("orders.") or spec.name in ("activity.visits", "fees.late_payments")
        assert spec.span == ("period" if counted else "instant")
        assert type(facts[spec.name]["C-1"]) is types[spec.type], spec.name


_order = st.fixed_dictionaries(
    {
        "customer": st.sampled_from(["C-1", "C-2", "C-3"]),
        "date": st.dates(dt.date(2026, 11, 15), dt.date(2026, 11, 25)).map(str),
        "state": st.sampled_from(["quoted", "open", "completed", "cancelled"]),
    },
    optional={
        "product": st.sampled_from(["办公桌", "办公椅"]),
        "amount": st.decimals(-99, 99, places=2).map(str),
        "referred_by": st.sampled_from(["C-1", "C-2", "C-3"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_order, max_size=12), st.sampled_from([{}, {"product": "办公桌"}]))
def test_facts_follow_their_meaning(orders: list[dict[str, Any]], scope: dict[str, str]) -> None:
    """Whatever was ordered, the facts equal what their meaning says, worked out one customer at a time."""
    orders = [{"id": f"O-{number}", **values} for number, values in enumerate(orders)]
    ids = ["C-1", "C-2", "C-3"]
    names = ["orders.count", "orders.amount", "orders.open", "orders.completed", "orders.referrals"]
    facts = ask(Register([customer(number) for number in (1, 2, 3)], orders), *names, ids=ids, scope=scope)
    counted = [
        one
        for one in orders
        if one["state"] in ("open", "completed")
        and one["date"] <= "2026-11-22"
        and (not scope or one.get("product") == scope["product"])
    ]
    for who in ids:
        own = [one for one in counted if one["customer"] == who]
        amounts = [Decimal(one["amount"]) for one in own if "amount" in one]
        expected = {
            "orders.count": len(own),
            "orders.amount": sum(amounts, Decimal(0)) if len(amounts) == len(own) else None,
            "orders.open": sum(one["state"] == "open" for one in own),
            "orders.completed": sum(one["state"] == "completed" for one in own),
            "orders.referrals": sum(
                one.get("referred_by") == who and one["customer"] != who for one in counted
            ),
        }
        assert {name: facts[name].get(who) for name in names} == expected


# --- opportunities -----------------------------------------------------------------------------------------

_SOON = {"need": "obvious", "chance": "yes", "expected_close": "2026-12-01", "amount": "100.50"}
_LATER = {"need": "potential", "expected_close": "2027-03-01"}
_OPPORTUNITY = ("need", "chance", "state", "expected_close", "amount")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param([], {}, id="none"),
        pytest.param([{}], {"state": "negotiating"}, id="nothing known"),
        pytest.param([_LATER, _SOON], {**_SOON, "state": "negotiating"}, id="the first to close"),
        pytest.param([_SOON, _LATER], {**_SOON, "state": "negotiating"}, id="whatever the order"),
        pytest.param([{"need": "none"}, _LATER], {**_LATER, "state": "negotiating"}, id="one with a date"),
        pytest.param(
            [{**_SOON, "state": "won"}, {"need": "none"}],
            {"need": "none", "state": "negotiating"},
            id="an open one before one that is won",
        ),
        pytest.param(
            [{**_SOON, "state": "won"}, {**_LATER, "state": "lost"}],
            {**_LATER, "state": "lost"},
            id="the last one where none is open",
        ),
        pytest.param([_SOON, {**_SOON, "amount": "7"}], {**_SOON, "state": "negotiating"}, id="the same day"),
    ],
)
def test_facts_of_opportunities(held: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    """One opportunity speaks for a customer: the open one that closes first, else the one noted last."""
    register = Register([customer(1)], opportunities=[opportunity(1, **one) for one in held])
    facts = ask(register, *(f"opportunity.{name}" for name in _OPPORTUNITY))
    found = {name: facts[f"opportunity.{name}"].get("C-1") for name in _OPPORTUNITY}
    assert {name: str(value) for name, value in found.items() if value is not None} == expected


# --- follow-ups --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "last", "planned"),
    [
        pytest.param([], None, None, id="none"),
        pytest.param([("2026-11-20T02:00:00Z", {})], "2026-11-20", None, id="nothing agreed"),
        pytest.param(
            [("2026-11-10T02:00:00Z", {"next_on": "2026-11-20"})], "2026-11-10", "2026-11-20", id="missed"
        ),
        pytest.param(
            [("2026-11-10T02:00:00Z", {"next_on": "2026-11-20"}), ("2026-11-19T15:59:59Z", {})],
            "2026-11-19",
            "2026-11-20",
            id="not yet done the evening before",
        ),
        pytest.param(
            [("2026-11-10T02:00:00Z", {"next_on": "2026-11-20"}), ("2026-11-19T16:00:00Z", {})],
            "2026-11-20",
            None,
            id="done on the day, which begins in the department's zone",
        ),
        pytest.param(
            [("2026-11-10T02:00:00Z", {"next_on": "2026-11-20"}), ("2026-11-21T02:00:00Z", {})],
            "2026-11-21",
            None,
            id="done late",
        ),
        pytest.param(
            [
                ("2026-11-12T02:00:00Z", {"next_on": "2026-12-24"}),
                ("2026-11-10T02:00:00Z", {"next_on": "2026-11-20"}),
            ],
            "2026-11-12",
            "2026-12-24",
            id="the day agreed last, whatever the order",
        ),
        pytest.param(
            [("2026-11-10T02:00:00Z", {"next_on": "2026-11-01"})],
            "2026-11-10",
            "2026-11-01",
            id="an activity does not do its own follow-up",
        ),
        pytest.param(
            [("2026-11-10T02:00:00Z", {}), ("2026-11-22T05:00:00Z", {"next_on": "2026-11-30"})],
            "2026-11-10",
            None,
            id="what is still to come has not happened",
        ),
    ],
)
def test_the_next_follow_up(
    held: list[tuple[str, dict[str, Any]]], last: str | None, planned: str | None
) -> None:
    """The follow-up agreed last is to be done until something happens on its day or later."""
    register = Register([customer(1)], activities=[activity(1, at, **values) for at, values in held])
    facts = ask(register, "activity.last_on", "activity.next_on")
    assert [str(facts[f"activity.{name}"].get("C-1")) for name in ("last_on", "next_on")] == [
        str(last),
        str(planned),
    ]


@pytest.mark.parametrize(
    ("period", "visits"),
    [
        (Period(), 3),
        (Period(dt.date(2026, 11, 1), dt.date(2026, 11, 2)), 2),
        (Period(first=dt.date(2026, 11, 2)), 1),
        (Period(last=dt.date(2026, 9, 30)), 0),
    ],
    ids=["ever", "both days", "from", "before"],
)
def test_visits_are_counted_by_days_of_the_zone(period: Period, visits: int) -> None:
    """A visit at 00:30 in Shanghai is of that day; calls are none; the last visit is of no period."""
    held = [
        activity(1, "2026-10-15T02:00:00Z", mode="visit"),
        activity(1, "2026-11-01T02:00:00Z", mode="visit"),
        activity(1, "2026-11-01T16:30:00Z", mode="visit"),
        activity(1, "2026-11-02T02:00:00Z"),
        activity(2, "2026-11-02T02:00:00Z", mode="visit"),
    ]
    facts = ask(
        Register([customer(1)], activities=held), "activity.visits", "activity.last_visit_on", period=period
    )
    assert facts == {
        "activity.visits": {"C-1": visits},
        "activity.last_visit_on": {"C-1": dt.date(2026, 11, 2)},
    }


# --- fees --------------------------------------------------------------------------------------------------


def test_facts_of_fees() -> None:
    """Overdue amounts are added up, days are those of the oldest, each late fee counts once."""
    late = [{"date": "2026-10-20", "amount": "10"}, {"date": "2026-10-25", "amount": "10"}]
    held = [
        fee(1, "100.10", "2026-11-01", payments=[{"date": "2026-11-01", "amount": "50"}]),
        fee(1, "30", "2026-10-15", payments=late),
        fee(1, "20", "2026-09-01", payments=[{"date": "2026-09-02", "amount": "20"}]),
        fee(1, "999", "2026-11-22"),
        fee(1, "999"),
        fee(1, "999", "2026-01-01", direction="payable"),
        fee(None, "999", "2026-01-01", settlement="ST-1"),
        fee(2, "5", "2026-11-20"),
    ]
    names = ["fees.overdue_amount", "fees.overdue_days", "fees.late_payments"]
    register = Register([customer(number) for number in (1, 2, 3)], ledger=held)
    assert ask(register, *names, ids=["C-1", "C-2", "C-3"]) == {
        "fees.overdue_amount": {"C-1": Decimal("60.10"), "C-2": Decimal(5), "C-3": Decimal(0)},
        "fees.overdue_days": {"C-1": 38, "C-2": 2, "C-3": 0},
        "fees.late_payments": {"C-1": 2, "C-2": 0, "C-3": 0},
    }
    october = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert ask(register, "fees.late_payments", period=october) == {"fees.late_payments": {"C-1": 1}}
    assert register.reads == {"customers": 2, "ledger": 2}


def test_single_fees(tmp_path: Path) -> None:
    """A fee is known by its entry: charged, paid in the period, open, overdue; what is no fee is left out."""
    cskit = department(
        tmp_path / "data",
        "customer add A",
        "customer ledger add C-000001 --item rent --amount 100.10 --due 2026-11-01",
        "customer ledger pay FE-000001 40 --date 2026-11-05",
        "customer ledger pay FE-000001 0.10 --date 2026-12-05 --now 2026-12-05T12:00",
    )
    asked = "fact show 'customer ledger' FE-000001 -o json --now 2026-11-11T12:00"
    done = cskit(asked)
    assert (done.exit_code, done.stderr) == (0, "")
    known = {"id": "FE-000001", "fee.charged": 100.10, "fee.paid": 40}
    assert json.loads(done.stdout) == [known | {"fee.outstanding": 60.10, "fee.overdue_days": 10}]
    before = json.loads(cskit(f"{asked} --period 2026-10 --names fee.paid").stdout)
    assert before == [{"id": "FE-000001", "fee.paid": 0}]
