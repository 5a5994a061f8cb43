"""Real purchases: the CDNOW sample as an old system's fixed-width file, imported as orders."""

from __future__ import annotations

import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from cskit.testing import department

ROOT = Path(__file__).parents[3]
EXCERPT = ROOT / "tests" / "data" / "cdnow-excerpt.txt"
SAMPLE = Path(os.environ.get("CSKIT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "cdnow-sample.txt"
LINE = (
    "customer order import {file} --columns 'customer=8-11 date=13-20 quantity=22-23 amount=25-32' "
    "--set state=completed --create-customers"
)


def read_apart(file):
    """Read the purchases without cskit: customer, day, number and dollars of each."""
    found = []
    for line in file.read_text(encoding="ascii").splitlines():
        _, customer, day, quantity, amount = line.split()
        found.append((customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(quantity), Decimal(amount)))
    return found


def taken_over(run):
    """Return the orders as cskit lists them, in the same form."""
    keys = {record["id"]: record["key"] for record in listed(run, "customer")}
    return [
        (keys[order["customer"]], order["date"], order["quantity"], order["amount"])
        for order in listed(run, "customer order")
    ]


def listed(run, noun):
    """Return records as JSON, with exact numbers."""
    lines = run(f"{noun} list -o jsonl").stdout.splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines]


@pytest.mark.parametrize(
    ("file", "orders", "customers"),
    [
        pytest.param(EXCERPT, 38, 11, id="excerpt"),
        pytest.param(
            SAMPLE,
            6919,
            2357,
            id="whole-sample",
            marks=pytest.mark.skipif(not SAMPLE.exists(), reason=f"there is no {SAMPLE}"),
        ),
    ],
)
def test_purchases(tmp_path, file, orders, customers):
    """Every purchase arrives exactly, those that are alike too; the same file again changes nothing."""
    run = department(tmp_path)
    assert run(LINE.format(file=file)) == (
        0,
        "",
        f"orders: {orders} new, 0 changed, 0 unchanged; {customers} customers created; "
        "saved as 1 (`cskit undo` takes it back)\n",
    )
    apart, held = read_apart(file), taken_over(run)
    assert len(apart) == orders
    assert held == apart
    assert sum(amount for *_, amount in held) == sum(amount for *_, amount in apart)
    history = run("log").stdout, (tmp_path / "history.jsonl").stat().st_size
    assert run(LINE.format(file=file)) == (
        0,
        "",
        f"orders: 0 new, 0 changed, {orders} unchanged; nothing to save\n",
    )
    assert (run("log").stdout, (tmp_path / "history.jsonl").stat().st_size) == history


def test_what_can_be_asked(tmp_path):
    """Counting by customer gives what a count apart gives, and one undo takes the whole file back."""
    run = department(tmp_path, LINE.format(file=EXCERPT))
    keys = {record["id"]: record["key"] for record in listed(run, "customer")}
    counts = [
        json.loads(line) for line in run("customer order count --by customer -o jsonl").stdout.splitlines()
    ]
    assert {keys[row["customer"]]: row["count"] for row in counts} == Counter(
        row[0] for row in read_apart(EXCERPT)
    )
    assert run(
        "customer order list --where 'customer == \"C-000011\"' --fields date,amount -o csv"
    ).stdout == ("date,amount\n1997-02-22,11.77\n1997-02-22,11.77\n")
    assert run("undo --yes").exit_code == 0
    assert (run("customer count").stdout, run("customer order count").stdout) == ("0\n", "0\n")


def test_exact_sum_of_the_excerpt():
    """The excerpt's dollars as awk adds them up, so that the reading apart is checked as well."""
    assert sum(amount for *_, amount in read_apart(EXCERPT)) == Decimal("1589.35")
