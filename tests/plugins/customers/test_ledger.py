"""The fee ledger at the command line, and as other plugins use it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cskit import NotFound, PluginFailed, Refused
from cskit.app import App
from cskit.errors import BadRows
from cskit.terminal.options import Options
from cskit.testing import Result, department

Office = Callable[..., Result]
NOW = "--now 2026-11-28T10:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a `run` for two customers and four fees."""
    return department(
        tmp_path / "data",
        "customer add 海风 --owner S-001 --region 华东 --key H",
        "customer add 林小满",
        "customer ledger add H --item 物业费 --amount 300.50 --due 2026-11-20",
        "customer ledger add C-000002 --item 保养 --amount 80 --due 2026-12-01",
        "customer ledger add C-000002 --item 押金 --amount 50",
        "customer ledger add H --item 退款 --amount 20 --due 2026-11-01 --direction 应付",
    )


@pytest.fixture
def app(office: Office, tmp_path: Path) -> App:
    """Return an App of the same department, as another plugin has it."""
    return App(Options(data=str(tmp_path / "data"), now="2026-11-28T10:00", quiet=True))


# --- paying ------------------------------------------------------------------------------------------------


def test_pay_in_parts(office: Office) -> None:
    """A payment is today's unless said otherwise; what is left stands on stdout. Equal ones are two."""
    assert office(f"customer ledger pay FE-000001 100.25 --form 现金 {NOW}") == (
        0,
        "200.25\n",
        "100.25 of FE-000001 paid, 200.25 outstanding; saved as 7 (`cskit undo` takes it back)\n",
    )
    again = office(f"customer ledger pay FE-000001 100.25 --form 现金 {NOW} -o json")
    assert json.loads(again.stdout) == [{"id": "FE-000001", "outstanding": 100.0}]
    office("customer ledger pay FE-000001 1,00.00 --date 2026/11/21")
    office("customer ledger pay FE-000001 100 --date 2026-11-21 --reason 收据0042")
    shown = json.loads(office("customer ledger show FE-000001 -o json").stdout)
    assert shown["payments"] == [
        {"date": "2026-11-28", "amount": 100.25, "form": "现金"},
        {"date": "2026-11-28", "amount": 100.25, "form": "现金"},
        {"date": "2026-11-21", "amount": 100},
    ]
    assert json.loads(office("log --limit 1 -o jsonl").stdout)["reason"] == "收据0042"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("FE-000001 300.51", 1, "FE-000001: 300.51 is more than the 300.50 still to be paid"),
        ("FE-000001 0", 1, "FE-000001: a payment of 0 is none"),
        ("FE-000009 1", 3, "no ledger entry FE-000009"),
        ("FE-000001 x", 2, "'x': expected a number such as 1234.50"),
        ("FE-000001 1 --date 2026-12-31", 2, "2026-12-31 is still to come, so nothing was paid on it"),
        ("FE-000001 1 --date soon", 2, "'soon': expected a date such as 2026-11-22"),
        ("FE-000001 nan", 2, "'nan': expected a number such as 1234.50"),
    ],
)
def test_what_is_no_payment(office: Office, line: str, code: int, said: str) -> None:
    """More than is owed, nothing, or what is no amount is refused, and nothing is saved."""
    done = office(f"customer ledger pay {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert json.loads(office("log --limit 1 -o jsonl").stdout)["entry"] == 6


def test_a_fee_of_nobody(office: Office) -> None:
    """A fee has a customer, or the settlement that it pays."""
    done = office("customer ledger set FE-000001 customer=")
    assert (done.exit_code, done.stdout) == (5, "")
    assert "needs a customer or a settlement" in done.stderr
    assert office("customer ledger set FE-000001 customer= settlement=ST-1").exit_code == 0


# --- what is open ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("", ["FE-000001", "FE-000002", "FE-000003"]),
        ("--overdue", ["FE-000001"]),
        ("--payable", ["FE-000004"]),
        ("--where 'region == \"华东\"'", ["FE-000001"]),
        ("--overdue --where 'region == \"华南\"'", []),
    ],
)
def test_open_fees(office: Office, options: str, ids: list[str]) -> None:
    """Not paid in full, the earliest due first and those without a day last; what we owe apart."""
    done = office(f"customer ledger open {options} {NOW} -o jsonl")
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ids


def test_an_open_fee(office: Office) -> None:
    """The row says whose it is, what is paid and how long it has been due; paid in full it is gone."""
    office("customer ledger pay FE-000001 0.50 --date 2026-11-10")
    office('customer ledger set FE-000001 \'added+={"item":"加急","amount":"10"}\'')
    (row,) = office(f"customer ledger open --overdue {NOW} -o jsonl").stdout.splitlines()
    assert json.loads(row) == {
        "id": "FE-000001",
        "customer": "C-000001",
        "name": "海风",
        "item": "物业费",
        "charged": 310.5,
        "paid": 0.5,
        "outstanding": 310.0,
        "due": "2026-11-20",
        "overdue": 8,
        "owner": "S-001",
    }
    office("customer ledger pay FE-000001 310 --date 2026-11-28")
    assert office(f"customer ledger open --overdue {NOW}").stdout == ""


# --- for other plugins -------------------------------------------------------------------------------------


def test_charge_and_pay(app: App, office: Office) -> None:
    """Another plugin notes a settlement that we owe, without a customer, and that it is paid."""
    with app.transaction() as tx:
        own = app.actions["ledger.charge"](
            tx,
            item="物业结算",
            amount=Decimal("860.10"),
            direction="payable",
            settlement="ST-000001",
            due=dt.date(2026, 11, 1),
            payee={"name": "绿城物业", "phone": "0571-88880000"},
        )
        left = app.actions["ledger.pay"](tx, entry=own, amount=Decimal("800.10"), form="转账")
    assert (own, left) == ("FE-000005", ("FE-000005", Decimal("60.00")))
    (row,) = office(f"customer ledger open --payable --overdue {NOW} -o jsonl").stdout.splitlines()[1:]
    assert json.loads(row) == {
        "id": "FE-000005",
        "item": "物业结算",
        "charged": 860.1,
        "paid": 800.1,
        "outstanding": 60.0,
        "due": "2026-11-01",
        "overdue": 27,
    }
    assert office("customer ledger show FE-000005 -o json").stdout.count("0571-88880000") == 0


@pytest.mark.parametrize(
    ("action", "arguments", "error"),
    [
        ("ledger.charge", {"item": "x", "amount": Decimal(1)}, BadRows),
        ("ledger.charge", {"item": "", "amount": Decimal(1), "customer": "H"}, BadRows),
        ("ledger.charge", {"item": "x", "amount": Decimal(1), "customer": "C-9"}, BadRows),
        ("ledger.charge", {"item": "x"}, PluginFailed),
        ("ledger.pay", {"entry": "FE-9", "amount": Decimal(1)}, NotFound),
        ("ledger.pay", {"entry": "FE-000001", "amount": Decimal(-1)}, Refused),
        ("ledger.pay", {"entry": "FE-000001", "amount": Decimal(999)}, Refused),
        ("ledger.pay", {"entry": "FE-000001", "amount": Decimal(1), "when": 1}, PluginFailed),
    ],
)
def test_what_actions_refuse(app: App, action: str, arguments: dict[str, object], error: type) -> None:
    """What does not fit is refused by the same rules, and the caller's transaction is not saved."""
    with pytest.raises(error), app.transaction() as tx:
        app.actions[action](tx, **arguments)
    assert app.saved is None
