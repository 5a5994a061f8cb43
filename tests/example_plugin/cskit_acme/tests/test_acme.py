"""Acme's machines, visits, fact and veto, as its staff meet them on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import run

NOW = "--now 2026-11-22T10:00"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A department with two customers, three machines and an open order."""
    folder = tmp_path / "department"
    for line in (
        "customer add 晨屿样例贸易有限公司 --region 华东",
        "customer add 栖木样例家居有限公司",
        "customer order add C-000001 --date 2026-11-03",
        "acme machine add CM-1 --customer C-000001 --model duo --installed 2026-05-31"
        " --warranty-until 2027-05-30 --hours 812.5",
        "acme machine add CM-2 --customer C-000002 --installed 2026-05-18 --service-every 3",
        "acme machine add CM-3 --customer C-000001 --installed 2026-09-01",
    ):
        done = run(f"{line} {NOW}", data=folder)
        assert done.exit_code == 0, done.stderr
    return folder


def lines(data: Path, command: str) -> list[dict[str, Any]]:
    """Run a command that lists, and return its rows."""
    done = run(f"{command} {NOW} -o jsonl", data=data)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_machine_is_noted(data: Path) -> None:
    """A machine gets a number of its own and keeps the company's fields."""
    machine = lines(data, "acme machine list --where 'serial == \"CM-1\"' --fields id,model,hours,installed")
    assert machine == [{"id": "AM-00001", "model": "duo", "hours": 812.5, "installed": "2026-05-31"}]


def test_a_machine_stands_somewhere(data: Path) -> None:
    """A machine at a customer who is not on the register is refused as bad data."""
    done = run(f"acme machine add CM-9 --customer C-000099 --installed 2026-11-01 {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (5, "")
    assert "C-000099" in done.stderr
    assert len(lines(data, "acme machine list")) == 3


def test_the_visits_of_a_month(data: Path) -> None:
    """A visit falls on the day of installation, or the last of a shorter month, every so many months."""
    assert lines(data, "acme visitplan --month 2026-11") == [
        {
            "date": "2026-11-18",
            "customer": "C-000002",
            "name": "栖木样例家居有限公司",
            "machine": "AM-00002",
            "model": "solo",
            "warranty": False,
            "open_orders": 0,
        },
        {
            "date": "2026-11-30",
            "customer": "C-000001",
            "name": "晨屿样例贸易有限公司",
            "region": "华东",
            "machine": "AM-00001",
            "model": "duo",
            "warranty": True,
            "open_orders": 1,
        },
    ]


@pytest.mark.parametrize(
    ("option", "machines"),
    [
        pytest.param("", ["AM-00002", "AM-00001"], id="this month"),
        pytest.param("--month 2026-08", ["AM-00002"], id="every three months"),
        pytest.param("--month 2027-03", ["AM-00003"], id="every six months"),
        pytest.param("--month 2026-05", [], id="the month of installation"),
        pytest.param("--month 2026-12", [], id="between visits"),
    ],
)
def test_which_machines_are_due(data: Path, option: str, machines: list[str]) -> None:
    """Only machines whose months are full are due; without a month the present one is meant."""
    assert [row["machine"] for row in lines(data, f"acme visitplan {option}")] == machines


def test_what_is_no_month(data: Path) -> None:
    """A month that cannot be read is wrong usage, and the message shows how to write it."""
    done = run(f"acme visitplan --month November {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'November' is not a month" in done.stderr
    assert "2026-11" in done.stderr


def test_the_fact(data: Path) -> None:
    """Other plugins learn how many machines a customer has."""
    facts = run(f"fact show customer C-000001 C-000002 --names acme.machines {NOW} -o json", data=data)
    assert facts.exit_code == 0, facts.stderr
    assert [row["acme.machines"] for row in json.loads(facts.stdout)] == [2, 1]


@pytest.mark.parametrize(
    "command",
    [
        "acme machine add CM-9 --customer C-000001 --installed 2026-11-23",
        "acme machine set AM-00003 installed=2026-11-23",
    ],
)
def test_the_future_is_refused(data: Path, command: str) -> None:
    """A machine cannot have been installed tomorrow, whichever command says so; nothing is saved."""
    before = lines(data, "acme machine list")
    done = run(f"{command} {NOW}", data=data)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "2026-11-23" in done.stderr
    assert lines(data, "acme machine list") == before
