"""Who stands where: ranked, lost, and customers that may be one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import telephones
from cskit.testing import Result, department
from cskit_customers.duplicates import same_name

Office = Callable[..., Result]
NOW = "--now 2026-11-28T10:00"


def imported(office: Office, noun: str, rows: list[dict[str, Any]]) -> None:
    """Import rows of one kind."""
    done = office(f"{noun} import -", input="".join(f"{json.dumps(row)}\n" for row in rows))
    assert done.exit_code == 0, done.stderr


def order(customer: str, date: str, amount: float | None = None, **values: Any) -> dict[str, Any]:
    """Return an order as a row."""
    found = {"customer": customer, "date": date, "amount": amount, "state": "completed", **values}
    return {name: value for name, value in found.items() if value is not None}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a `run` for a register of six customers and what they ordered."""
    run = department(tmp_path / "data")
    names = ["甲", "乙", "丙", "丁", "戊", "己"]
    customers = [
        {"key": name, "name": name, "region": "华南" if name in "戊己" else "华东"} for name in names
    ]
    imported(run, "customer", customers)
    imported(
        run,
        "customer order",
        [
            order("甲", "2026-05-31", 100, gross_profit=10, product="桌"),
            order("甲", "2026-11-28", 50.5, gross_profit=20),
            order("甲", "2026-11-29", 999, gross_profit=999),
            order("乙", "2026-06-01", 150.50, gross_profit=1, product="桌", quantity=3),
            order("丙", "2025-01-01", 20, product="椅"),
            order("丙", "2026-11-01", 9999, state="cancelled"),
            order("丁", "2026-06-01"),
            order("戊", "2026-01-01", -40),
        ],
    )
    return run


def rows(office: Office, line: str) -> list[dict[str, Any]]:
    """Run a command at `NOW` and return its rows."""
    done = office(f"{line} {NOW} -o jsonl")
    assert done.exit_code == 0, done.stderr
    return [json.loads(row) for row in done.stdout.splitlines()]


# --- rank --------------------------------------------------------------------------------------------------


def test_rank(office: Office) -> None:
    """Equal sums have one rank; shares are of all ranked; future and cancelled orders do not count."""
    done = office(f"customer rank {NOW} -o csv")
    assert done.stdout.splitlines()[1:] == [
        "1,C-000001,甲,华东,,2,150.5,53.6,53.6",
        "1,C-000002,乙,华东,,1,150.5,53.6,107.1",
        "3,C-000003,丙,华东,,1,20,7.1,114.2",
        "4,C-000005,戊,华南,,1,-40,-14.2,100.0",
    ]
    assert done.stderr == "1 customer is not ranked: an order states no amount\n"


@pytest.mark.parametrize(
    ("options", "ranked"),
    [
        ("--by gross_profit", [(1, "甲", 30), (2, "乙", 1)]),
        ("--by quantity", [(1, "乙", 3)]),
        ("--product 桌", [(1, "乙", 150.5), (2, "甲", 100)]),
        ("--period 2026-06..", [(1, "乙", 150.5), (2, "甲", 50.5)]),
        ("--limit 1", [(1, "甲", 150.5)]),
        ("--where 'region == \"华南\"'", [(1, "戊", -40)]),
        ("--period 2030", []),
    ],
)
def test_what_is_ranked(office: Office, options: str, ranked: list[tuple[int, str, float]]) -> None:
    """By any of three figures, of one product, over a period, some customers, and only the first."""
    by = next((word for word in options.split() if word in ("gross_profit", "quantity")), "amount")
    found = rows(office, f"customer rank {options}")
    assert [(row["rank"], row["name"], row[by]) for row in found] == ranked


def test_no_share_of_nothing(office: Office) -> None:
    """Where the whole is not above zero there are no shares."""
    (row,) = rows(office, "customer rank --where 'name == \"戊\"'")
    assert "share" not in row
    assert "so_far" not in row


# --- lost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (180, ["丙", "戊", "乙", "丁"]),
        (181, ["丙", "戊"]),
        (332, ["丙"]),
        (9999, []),
    ],
)
def test_lost(office: Office, days: int, names: list[str]) -> None:
    """The last order is at least so many days ago; who never ordered is not lost. 1 June is 180 days ago."""
    assert [row["name"] for row in rows(office, f"customer lost --days {days}")] == names


def test_lost_ones_that_are_known(office: Office) -> None:
    """Who is marked as lost or closed is not found again; --where narrows."""
    office("customer set C-000003 state=lost")
    office("customer close C-000005")
    assert [row["name"] for row in rows(office, "customer lost --days 100")] == ["乙", "丁"]
    assert rows(office, "customer lost --days 100 --where 'name == \"乙\"'") == [
        {"id": "C-000002", "name": "乙", "region": "华东", "orders": 1, "last_on": "2026-06-01", "days": 180}
    ]
    assert office("customer lost").exit_code == 2


# --- duplicates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair",
    [
        ("晨屿贸易（上海）", "晨屿 贸易(上海)"),
        ("ACME Ltd", "ａｃｍｅ　ltd"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_that_are_one(pair: tuple[str, str]) -> None:
    """Width, case and blanks make no other name."""
    assert same_name(pair[0]) == same_name(pair[1])


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("138 0000-0577", "13800000577"),
        ("+86 13800000577", "13800000577"),
        ("0086-138-0000-0577", "13800000577"),
        ("１３８０００００５７７", "13800000577"),
        ("021-58881234", "02158881234"),
        ("+86 021 5888 1234", "02158881234"),
        ("8641234", "8641234"),
        ("110", ""),
        ("无", ""),
    ],
)
def test_phones_that_are_one(phone: str, digits: str) -> None:
    """Only digits count, without China's prefix; what is too short is no number of anybody's own."""
    assert telephones.digits(phone) == digits


@given(st.text(max_size=20))
def test_a_name_is_its_own(name: str) -> None:
    """What two spellings have in common is found again in itself."""
    assert same_name(same_name(name)) == same_name(name)


def test_duplicates(tmp_path: Path) -> None:
    """Who shares a phone with one and a name with another is in one group with both, phones masked."""
    office = department(
        tmp_path / "data",
        "customer add 海风 --phone 13800000577",
        "customer add 别家 --phone 13900000000",
        "customer add '海 风' --phone 13800000588",
        "customer add 林小满 --phone '+86 138-0000-0588'",
        "customer add 别家 --region 华东",
    )
    done = office("customer duplicates -o csv")
    assert done.stdout.splitlines() == [
        "group,why,id,name,phone,region,owner,state",
        "1,name,C-000001,海风,138****0577,,,active",
        "1,name and phone,C-000003,海 风,138****0588,,,active",
        "1,phone,C-000004,林小满,'+86 1**-****-0588,,,active",
        "2,name,C-000002,别家,139****0000,,,active",
        "2,name,C-000005,别家,,华东,,active",
    ]
    assert [row["group"] for row in rows(office, "customer duplicates --where 'known(phone)'")] == [1, 1, 1]
    assert office("customer duplicates --where 'region == \"x\"'") == (0, "", "")
