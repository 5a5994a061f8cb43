"""What customers and orders hold, how their fields are headed, and whether the sample files fit."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

import cskit_customers
from cskit.errors import Problem
from cskit.records import Record, build, fields
from cskit.testing import run
from cskit_customers.entry import Addition, Entry, Invoice, Lead, Payment
from cskit_customers.model import Contact, Customer, Order, Unit
from cskit_customers.pursuit import Activity, Opportunity
from cskit_customers.sample import STEPS

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEMO = Path(cskit_customers.__file__).parent / "demo"
MODELS = [Customer, Order]
CUSTOMER = {"id": "C-000001", "name": "晨屿"}
ORDER = {"id": "O-000001", "customer": "C-000001", "date": dt.date(2026, 11, 22)}


@pytest.mark.parametrize("model", MODELS)
def test_titles_are_told_apart(model: type[Record]) -> None:
    """Every field of a record type has titles of its own, or imports would be ambiguous."""
    infos = list(fields(model).values())
    assert len({info.en for info in infos}) == len(infos)
    assert len({info.zh for info in infos}) == len(infos)
    assert [info.name for info in infos if info.zh.isascii()] == []


def parts(model: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """Return a struct and all structs its fields hold, at any depth."""
    held = [info.of for info in fields(model).values() if isinstance(info.of, type)]
    return [model, *(part for of in held if issubclass(of, msgspec.Struct) for part in parts(of))]


@pytest.mark.parametrize("model", MODELS)
def test_choices_have_chinese_titles(model: type[Record]) -> None:
    """Every code of every choice has a Chinese title, also inside parts."""
    choices = [info for part in parts(model) for info in fields(part).values() if info.kind == "choice"]
    assert choices
    for info in choices:
        assert set(info.choices) == set(info.of), info.name
        assert all(not title.isascii() for title in info.choices.values())


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Customer, {"phone", "fax", "email", "address", "gender", "birth_year", "occupation"}),
        (Order, set()),
        (Contact, {"phone", "email"}),
        (Lead, {"phone"}),
        *((model, set()) for model in (Activity, Addition, Entry, Invoice, Opportunity, Payment, Unit)),
    ],
)
def test_personal_data_is_marked(model: type[Record], expected: set[str]) -> None:
    """The fields that tables and exports mask are exactly these."""
    assert {name for name, info in fields(model).items() if info.personal} == expected


def test_references_of_an_order() -> None:
    """Customer and referrer are on the register; only the customer may be made on the way."""
    known = fields(Order)
    assert (known["customer"].ref, known["customer"].create) == ("customers", "customer.create")
    assert (known["referred_by"].ref, known["referred_by"].create) == ("customers", "")


@pytest.mark.parametrize(
    ("model", "values", "stored"),
    [
        pytest.param(Customer, CUSTOMER, {"id": "C-000001", "name": "晨屿"}, id="customer"),
        pytest.param(
            Order, ORDER, {"id": "O-000001", "customer": "C-000001", "date": "2026-11-22"}, id="order"
        ),
    ],
)
def test_a_name_is_enough(model: type[Record], values: dict[str, object], stored: dict[str, object]) -> None:
    """Little is required, the id comes first, and what was not given takes no room in the stored document."""
    record = build(model, values)
    assert isinstance(record, model)
    raw = msgspec.json.encode(record)
    assert json.loads(raw) == stored
    assert raw.startswith(b'{"id":')


def test_a_full_card_survives_storing() -> None:
    """A customer with every kind of field reads back as it was written, money to the cent."""
    card = build(
        Customer,
        {
            **CUSTOMER,
            "behaviour": {"frequency": "每月", "average_spend": Decimal("1999.90"), "channel": "both"},
            "needs": {"product": "耐用", "environment": "样品间"},
            "consent": {"date": dt.date(2026, 3, 1), "scope": "回访"},
            "profile": {"毕业院校": "某大学"},
            "custom": {"门牌": "8"},
            "tags": ["重点", "批发"],
            "potential_volume": Decimal("180000.50"),
            "birth_year": 1980,
            "uses_competitor": False,
        },
    )
    assert isinstance(card, Customer)
    assert msgspec.json.decode(msgspec.json.encode(card), type=Customer) == card
    assert json.loads(msgspec.json.encode(card))["potential_volume"] == "180000.50"


@pytest.mark.parametrize(
    ("model", "values", "column"),
    [
        pytest.param(Customer, {**CUSTOMER, "name": ""}, "name", id="empty name"),
        pytest.param(Customer, {**CUSTOMER, "usage_depth": 101}, "usage_depth", id="too deep"),
        pytest.param(Customer, {**CUSTOMER, "usage_depth": -1}, "usage_depth", id="below nothing"),
        pytest.param(Customer, {**CUSTOMER, "birth_year": 85}, "birth_year", id="two-digit year"),
        pytest.param(Customer, {**CUSTOMER, "state": "gone"}, "state", id="no such state"),
        pytest.param(Customer, {**CUSTOMER, "consent": {"scope": "all"}}, "consent", id="undated consent"),
        pytest.param(Customer, {"id": "C-000001"}, "name", id="no name"),
        pytest.param(Order, {**ORDER, "state": "paid"}, "state", id="no such order state"),
        pytest.param(Order, {**ORDER, "amount": Decimal("NaN")}, "amount", id="not a number"),
        pytest.param(Order, {"id": "O-1", "customer": "C-000001"}, "date", id="undated order"),
    ],
)
def test_what_does_not_fit_is_named(model: type[Record], values: dict[str, object], column: str) -> None:
    """A value that a card or an order cannot hold is refused, and the field is named."""
    problems = build(model, values)
    assert isinstance(problems, list)
    assert [problem.column for problem in problems] == [column]


def read(name: str, noun: str, model: type[Record], folder: Path) -> list[Record]:
    """Return what an import of one of the demonstration's workbooks makes of it."""
    result = run(["customer", "import", str(DEMO / "customers.xlsx")], data=folder)
    assert result.exit_code == 0, result.stderr
    if noun != "customer":
        assert run([*noun.split(), "import", str(DEMO / name)], data=folder).exit_code == 0
    exported = run(f"{noun} list -o jsonl --reveal", data=folder).stdout
    return [msgspec.json.decode(line, type=model) for line in exported.splitlines()]


def test_the_demonstrations_files_fit(tmp_path: Path) -> None:
    """Every row of the sample files is a good record, and orders name only customers that are there."""
    customers = read("customers.xlsx", "customer", Customer, tmp_path / "a")
    orders = read("orders.xlsx", "customer order", Order, tmp_path / "b")
    assert (len(customers), len(orders)) == (24, 60)
    assert len({customer.key for customer in customers} - {None}) == 24
    codes = {customer.id for customer in customers}
    assert len({order.key for order in orders} - {None}) == 60
    for order in orders:
        assert isinstance(order, Order)
        assert order.customer in codes
        assert order.referred_by is None or order.referred_by in codes - {order.customer}
        assert dt.date(2026, 3, 1) <= order.date <= dt.date(2026, 11, 20)


def test_the_demonstration_invents_its_people(tmp_path: Path) -> None:
    """Sample phones and mail addresses are plainly made up, and names say that they are samples."""
    for customer in read("customers.xlsx", "customer", Customer, tmp_path):
        assert isinstance(customer, Customer)
        assert customer.phone is not None
        assert customer.phone.startswith("1380000")
        assert customer.email is None or customer.email.endswith(".example")
        assert "示例" in customer.name or "样例" in customer.name


def test_the_demonstration_needs_no_terminal() -> None:
    """Each step says what it is for, finds its files, and answers questions beforehand."""
    assert len(STEPS) == 29
    for step in STEPS:
        assert step.say.endswith((".", "?"))
        assert Path(step.folder) == DEMO
        for argument in step.arguments:
            if argument.startswith("{data}"):
                assert Path(argument.format(data=step.folder)).is_file()
        assert step.arguments[0] != "undo" or "--yes" in step.arguments


def test_the_plugin_loads_light() -> None:
    """Declaring the record types imports neither msgspec nor the record types themselves."""
    code = (
        "import sys, cskit_customers as plugin; list(plugin.cskit_record_types());"
        "list(plugin.cskit_actions());"
        "print([name for name in ('msgspec', 'click', 'cskit.records', 'cskit_customers.model')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_problem_lines_reach_the_user() -> None:
    """A bad row of an import is told by its line."""
    problems = build(Customer, {**CUSTOMER, "usage_depth": 300}, 7)
    assert problems == [Problem(7, "usage_depth", "300", "expected a number <= 100")]
