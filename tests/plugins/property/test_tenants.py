"""Tenants: what a month costs, premises handed over, invoices in the ledger, arrears, reminders, figures."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.testing import Result
from cskit_property.tenants import invoices
from cskit_property.tenants.tenancy import Tenant
from tests.plugins.property.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
D = Decimal
METERS = "--item power_meter=1200 --item water_meter=35"
TENANT = "property tenant add 晨屿样例科技 --project cy --customer KH7 --room A-301 --rent 9000 --area 120.5"


# --- what a month costs ------------------------------------------------------------------------------------


def tenant(**fields: Any) -> Tenant:
    """Make a tenant with 9000 a month of rent."""
    return Tenant(id="PT-1", name="甲", project="PJ-001", **({"rent": D(9000)} | fields))


OCTOBER = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    ("moved", "amounts"),
    [
        pytest.param({"moved_in": dt.date(2026, 1, 5)}, [D(9000)], id="a whole month"),
        pytest.param({"moved_in": OCTOBER}, [D(9000)], id="from its first day"),
        pytest.param({"moved_in": dt.date(2026, 10, 10)}, [D("6387.10")], id="22 of 31 days, half-up"),
        pytest.param({"moved_in": dt.date(2026, 10, 31)}, [D("290.32")], id="one day"),
        pytest.param(
            {"moved_in": OCTOBER, "moved_out": dt.date(2026, 10, 15)}, [D("4354.84")], id="out on the 15th"
        ),
        pytest.param({"moved_in": dt.date(2026, 11, 1)}, [], id="not in yet"),
        pytest.param({"moved_in": dt.date(2026, 1, 1), "moved_out": dt.date(2026, 9, 30)}, [], id="out"),
        pytest.param({}, [], id="registered only"),
        pytest.param(
            {"moved_in": OCTOBER, "area": D("86.5"), "fee_rate": D("12.5"), "other_fee": D(30)},
            [D(9000), D("1081.25"), D(30)],
            id="rent, management fee by area, other fees",
        ),
    ],
)
def test_a_months_charges(moved: dict[str, Any], amounts: list[Decimal]) -> None:
    """A month is charged by the days from move in to move out, both included, each line to the fen."""
    assert [charge.amount for charge in invoices.charges(tenant(**moved), OCTOBER)] == amounts


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    st.integers(0, 400),
    st.decimals("1", "99999.99", places=2),
)
def test_each_day_of_a_stay_is_charged_once(first: dt.date, length: int, rent: Decimal) -> None:
    """No month costs more than the rent, and the days of a stay lie in exactly one month's invoice each."""
    one = tenant(rent=rent, moved_in=first, moved_out=first + dt.timedelta(days=length))
    days = 0
    for month in (dt.date(year, number, 1) for year in (2025, 2026, 2027, 2028) for number in range(1, 13)):
        for charge in invoices.charges(one, month):
            assert 0 < charge.amount <= rent
            days += charge.days or calendar.monthrange(month.year, month.month)[1]
    assert days == length + 1


# --- premises ----------------------------------------------------------------------------------------------


def test_premises_are_handed_over_and_taken_back(estate: Run, stored: Stored) -> None:
    """The whole list is looked at on both days; what is damaged and what was used follows."""
    worked(estate(TENANT))
    done = estate(f"property tenant move-in PT-0001 --on 2026-10-10 {METERS} --item walls=旧划痕 --rest-ok")
    assert done.stderr.startswith("tenant PT-0001 moved in; saved as ")
    out = estate(
        "property tenant move-out PT-0001 --item power_meter=1950.5 --item water_meter=60 "
        "--item walls=涂鸦 --item doors=门锁损坏 --rest-ok -o json"
    )
    rows = {row["item"]: row for row in json.loads(worked(out))}
    assert (rows["power_meter"]["used"], rows["power_meter"]["unit"]) == (750.5, "kWh")
    assert rows["doors"]["damaged"] is True
    assert "damaged" not in rows["walls"]  # it was not in order before
    kept = stored("tenant", "PT-0001")
    assert (kept["state"], kept["moved_in"], kept["moved_out"]) == ("out", "2026-10-10", "2026-10-20")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "move-in PT-0001 --item power_meter=x --item roof=ok --item keys=ok --item keys=ok",
            5,
            "power_meter: 'x': expected a reading in kWh\n",
        ),
        ("move-in PT-0001 --rest-ok", 5, "--item: still to be said: power_meter, water_meter\n"),
        ("move-out PT-0001 --rest-ok", 1, "cskit: tenant PT-0001 is not in\n"),
        ("handover PT-0009", 3, "cskit: no tenant PT-0009\n"),
    ],
)
def test_what_no_handover_is(estate: Run, line: str, code: int, said: str) -> None:
    """Everything on the list has to be said, meters as numbers; nobody moves out who is not in."""
    worked(estate(TENANT))
    done = estate(f"property tenant {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_nobody_moves_twice(estate: Run) -> None:
    """A tenant moves in once, and not out before."""
    worked(estate(TENANT))
    worked(estate(f"property tenant move-in PT-0001 --on 2026-10-10 {METERS} --rest-ok"))
    again = estate(f"property tenant move-in PT-0001 {METERS} --rest-ok")
    assert again.stderr.startswith("cskit: tenant PT-0001 moved in on 2026-10-10\n")
    early = estate(f"property tenant move-out PT-0001 --on 2026-10-09 {METERS} --rest-ok")
    assert (early.exit_code, early.stderr) == (
        1,
        "cskit: tenant PT-0001 moved in on 2026-10-10, so not out before\n",
    )


def test_what_no_tenant_is(estate: Run) -> None:
    """Amounts are not below zero, and a lease ends after it begins."""
    done = estate(
        "property tenant add 甲 --project PJ-001 --rent=-1 --lease-from 2026-10-01 --lease-until 2026-09-01"
    )
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == (
        "rent: '-1': cannot be below zero\n"
        "lease_until: '2026-09-01': the lease would end before it begins on 2026-10-01\n"
        "cskit: 2 values do not fit; nothing was saved\n"
    )


# --- invoices ----------------------------------------------------------------------------------------------


@pytest.fixture
def let(estate: Run) -> Run:
    """Return an estate with a tenant who moved in on 10 August and has two invoices, both overdue."""
    worked(estate(TENANT, now="2026-08-01T09:00"))
    worked(
        estate(f"property tenant move-in PT-0001 --on 2026-08-10 {METERS} --rest-ok", now="2026-08-10T09:00")
    )
    worked(estate("property invoice run --month 2026-08", now="2026-09-01T09:00"))
    worked(estate("property invoice run --month 2026-09", now="2026-10-01T09:00"))
    return estate


def test_an_invoice_is_issued_once(let: Run, stored: Stored) -> None:
    """A second run issues nothing; the invoice is a fee of the customer in the ledger."""
    again = let("property invoice run --month 2026-09")
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "1 tenant had theirs\n0 invoices issued; nothing to save\n"
    invoice = stored("invoice", "PI-000001")
    assert (invoice["amount"], invoice["due"], invoice["entry"]) == (6387.10, "2026-09-11", "FE-000001")
    assert invoice["amount"] == sum(charge["amount"] for charge in invoice["charges"])
    fee = json.loads(worked(let("customer ledger show FE-000001 -o json")))
    assert (fee["amount"], fee["customer"], fee["due"]) == (6387.10, "C-000001", "2026-09-11")


def test_who_has_no_customer_is_not_charged(let: Run) -> None:
    """A tenant without a customer is named, and nobody's invoice is issued."""
    worked(let("property tenant add 乙 --project PJ-001 --rent 100"))
    worked(let(f"property tenant move-in PT-0002 --on 2026-10-01 {METERS} --rest-ok"))
    done = let("property invoice run --month 2026-10")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: no customer to charge: PT-0002\n"
        "`cskit property tenant set PT-0002 customer=C-000001` says who pays\n"
    )
    elsewhere = let("property invoice run --month 2026-10 --project PJ-002")
    assert elsewhere.stderr == "0 invoices issued; nothing to save\n"
    assert let("property invoice run --month 2026-10 --project PJ-009").exit_code == 3
    assert let("property invoice run --month October").exit_code == 2


def test_payments_stand_in_the_ledger(let: Run) -> None:
    """What is paid by invoice or by ledger entry is the same; more than is owed is refused."""
    part = let("property invoice pay PI-000001 6000 --form 转账 --date 2026-10-02")
    assert part.stderr.startswith("PI-000001: 387.10 still to be paid; saved as ")
    worked(let("customer ledger pay FE-000001 100"))
    more = let("property invoice pay PI-000001 300")
    assert (more.exit_code, more.stdout) == (1, "")
    assert "300 is more than the 287.10 still to be paid" in more.stderr
    assert let("property invoice pay PI-000001 287.10").stderr.startswith("PI-000001: paid in full; ")
    assert let("property invoice pay PI-000001 x").stderr == (
        "cskit: 'x' is no amount\nsuch as 1200 or 99.50\n"
    )


def test_arrears_by_age(let: Run) -> None:
    """What is open stands under the age of its oldest day; paid invoices are gone."""
    found = json.loads(worked(let("property tenant arrears -o json")))
    assert found == [
        {"tenant": "PT-0001", "name": "晨屿样例科技", "1_30": 9000, "31_60": 6387.10, "total": 15387.10}
    ]
    table = worked(let("property tenant arrears"))
    assert table.splitlines()[0].split("  ")[0] == "Tenant"
    assert "31–60 days" in table
    worked(let("property invoice pay PI-000001 6387.10"))
    (left,) = json.loads(worked(let("property tenant arrears -o json --project PJ-001")))
    assert left["total"] == 9000
    assert json.loads(worked(let("property tenant arrears -o json --project PJ-002"))) == []


def test_reminders_grow_firmer(let: Run, stored: Stored, tmp_path: Path) -> None:
    """Each invoice has the reminder that its days have reached, one at a time; letters come as pages."""
    letters = tmp_path / "letters.html"
    done = let(f"property invoice remind -o html --out {letters}")
    assert done.stderr.startswith("2 reminders noted; saved as ")
    page = letters.read_text(encoding="utf-8")
    assert page.count("Friendly reminder") >= 2
    assert "6,387.10" in page
    again = json.loads(worked(let("property invoice remind -o json")))
    assert [(row["id"], row["number"], row["days"]) for row in again] == [("PI-000001", 2, 39)]
    assert (
        let("property invoice remind").stderr
        == "1 reminder noted; saved as 11 (`cskit undo` takes it back)\n"
    )
    assert let("property invoice remind").stderr == "0 reminders noted; nothing to save\n"
    assert [one["number"] for one in stored("invoice", "PI-000001")["reminders"]] == [1, 2, 3]
    worked(let("property invoice pay PI-000002 9000"))
    paid = let("property invoice remind PI-000002")
    assert (paid.exit_code, paid.stderr) == (1, "cskit: not overdue: PI-000002\n")


def test_figures_of_a_quarter(let: Run) -> None:
    """Moves, area let, what was invoiced and came in, in the quarter; what is open of it."""
    worked(let("property invoice pay PI-000001 6000 --date 2026-10-05"))
    worked(let("property mediation add PT-0001 --other 李四 --subject 噪音 --on 2026-09-09"))
    (third,) = json.loads(worked(let("property tenant figures --period 2026-Q3 -o json")))
    assert third == {
        "project": "PJ-001",
        "moved_in": 1,
        "moved_out": 0,
        "tenants": 1,
        "area": 120.5,
        "invoices": 1,
        "invoiced": 6387.10,
        "collected": 0,
        "outstanding": 387.10,
        "reminders": 0,
        "mediations": 1,
    }
    (half,) = json.loads(worked(let("property tenant figures --period 2026-H2 -o json")))
    assert (half["invoices"], half["invoiced"], half["collected"]) == (2, 15387.10, 6000)
    assert let("property tenant figures --period 2026-H3").exit_code == 2


def test_tasks_of_tenants(let: Run) -> None:
    """Due are reminders, and leases that end within sixty days."""
    worked(let("property tenant set PT-0001 lease_until=2026-12-15 staff=S-002"))
    found = json.loads(worked(let("today --until 2026-10-20 -o json")))
    assert [
        (row["due"], row["what"]) for row in found if row["about"] in ("property invoice", "property tenant")
    ] == [
        ("2026-09-11", "remind 晨屿样例科技 of 6,387.10 for 2026-08"),
        ("2026-10-11", "remind 晨屿样例科技 of 9,000.00 for 2026-09"),
        ("2026-10-20", "the lease of 晨屿样例科技 ends on 2026-12-15: renew, or prepare the move out"),
    ]


def test_what_goes_with_an_erased_customer(let: Run, stored: Stored) -> None:
    """Names, telephones and words go for good; days, amounts and meters stay."""
    worked(let("property tenant set PT-0001 phone=13812340577 contact=王芳 note=老客户"))
    worked(let("property mediation add PT-0001 --other 李四 --subject 噪音 --course 面谈 --on 2026-09-09"))
    for own in ("PI-000001 6387.10", "PI-000002 9000"):
        worked(let(f"property invoice pay {own}"))
    worked(let("customer close KH7 --erase --yes"))
    left = stored("tenant", "PT-0001")
    assert (left["name"], left.get("phone"), left.get("contact"), left.get("note")) == (
        "PT-0001",
        None,
        None,
        None,
    )
    assert left["rent"] == 9000
    one = stored("mediation", "PM-0001")
    assert (one["other"], one["subject"], one.get("course")) == ("-", "PM-0001", None)
