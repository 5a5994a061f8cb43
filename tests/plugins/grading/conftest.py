"""A department that grades by a scheme of its own, small enough to see at a glance what is decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result, department

Office = Callable[..., Result]
MakeOffice = Callable[..., Office]

SIZE = """
title = {{ en = "Size", zh = "规模" }}
source = {{ en = "made for tests", zh = "测试用" }}
scope = 'state != "closed"'
{extra}
[needs]
state = {{ field = "state" }}
count = {{ fact = "orders.count", plugin = "customers" }}

[[grades]]
code = "A"
title = {{ en = "large", zh = "大" }}
when = "count >= 3"

[[grades]]
code = "B"
title = {{ en = "middling", zh = "中" }}
when = "count == 2"

[[grades.doubts]]
when = "days_since('2026-06-01') > 0"
why = {{ en = "the middle was to be looked at by June", zh = "中档应在六月前复核" }}

[[grades]]
code = "C"
title = {{ en = "small", zh = "小" }}
when = "count == 1"
"""


@pytest.fixture
def make_office(tmp_path: Path) -> MakeOffice:
    """Return a function that makes a department with the scheme size, to which lines may be added.

    `orders` says how many orders each customer C-000001, C-000002 … has.
    """

    def make(*extra: str, orders: tuple[int, ...] = (3, 2, 1, 0)) -> Office:
        data = tmp_path / "data"
        rules = data / "rules" / "grading-schemes"
        rules.mkdir(parents=True, mode=0o700)
        data.chmod(0o700)
        (data / "rules").chmod(0o700)
        (rules / "size.toml").write_text(SIZE.format(extra="\n".join(extra)), encoding="utf-8")
        (rules / "size.toml").chmod(0o600)
        office = department(data, *(f"config set staff.{name} S-00{n}" for n, name in enumerate(NAMES, 1)))
        regions = ("华东", "华南")
        lines = [
            json.dumps({"name": f"客户{n}", "region": regions[n % 2], "owner": "S-001"})
            for n in range(1, len(orders) + 1)
        ]
        assert office("customer import -", input="\n".join(lines)).exit_code == 0
        for number, count in enumerate(orders, 1):
            order(office, number, count)
        return office

    return make


NAMES = ("lin", "wang")
"""The logins lin and wang are the staff S-001 and S-002."""


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Return a `run` for a department whose four customers have three orders, two, one and none."""
    return make_office()


def order(office: Office, number: int, count: int = 1, date: str = "2026-01-05") -> None:
    """Note orders of a customer."""
    for _each in range(count):
        done = office(f"customer order add C-{number:06d} --date {date} --amount 100 --state completed")
        assert done.exit_code == 0, done.stderr


def run(office: Office, day: str, options: str = "--scheme size --user lin") -> dict[str, dict[str, Any]]:
    """Grade on a day; return what is said of each customer."""
    done = office(f"grade run {options} --now {day}T09:00 -o jsonl")
    assert done.exit_code == 0, done.stderr
    return {row["customer"]: row for row in map(json.loads, done.stdout.splitlines())}


def moves(rows: dict[str, dict[str, Any]]) -> dict[str, tuple[str | None, str | None, str]]:
    """Return grade before, grade after and move of each customer."""
    return {own[-1]: (row.get("previous"), row.get("grade"), row["move"]) for own, row in rows.items()}


def rows(office: Office, line: str) -> list[dict[str, Any]]:
    """Return what a command writes as JSON lines."""
    done = office(f"{line} -o jsonl")
    assert done.exit_code == 0, done.stderr
    return [json.loads(row) for row in done.stdout.splitlines()]
