"""What is held whichever way it is tried: in the ledger, by an import, in a batch, by undoing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.property.money import Run, good, office, stored

ONE = "ST-00001"
NEW = "property settle new PJ-001 --item 保洁费 --period 2026-10 --fee 保洁=1000"


@pytest.fixture
def at(tmp_path: Path) -> Run:
    """Return a `run` for a department of the test's own."""
    return office(tmp_path)


def settled(at: Run) -> None:
    """Make a settlement of 1,000 that three people have signed."""
    good(at(NEW))
    for verb, who in (("submit", "anna"), ("check", "bo"), ("approve", "cai")):
        good(at(f"property settle {verb} {ONE}", by=who))


@pytest.mark.parametrize(
    "change", ["amount=99999", "direction=receivable", "settlement=", 'added+=\'{"item":"x","amount":5}\'']
)
def test_the_ledger_keeps_what_was_approved(at: Run, change: str) -> None:
    """The fee of a settlement is what was approved, also by way of the ledger; its due day may be moved."""
    settled(at)
    done = at(f"customer ledger set FE-000001 customer=C-000003 {change}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"cskit: FE-000001 is the fee of settlement {ONE}, so it stays as it was approved: 1000.00\n"
    )
    good(at("customer ledger set FE-000001 due=2026-12-31"))


def test_the_ledger_keeps_the_fee(at: Run) -> None:
    """A settlement's fee is not removed from under it; taking the approval back takes it away."""
    settled(at)
    done = at("customer ledger remove FE-000001 --yes")
    assert (done.exit_code, done.stdout) == (4, "")
    assert f"settlement {ONE}" in done.stderr
    good(at("undo --yes", by="cai"))
    assert stored(at, "property settle", ONE)["state"] == "checked"
    assert good(at("customer ledger list -o jsonl")) == ""


def test_days_are_settled_once_whatever_is_undone(at: Run) -> None:
    """Once its days are settled anew, a settlement that was cancelled or taken back does not come again."""
    good(at(NEW))
    good(at(f"property settle cancel {ONE}"))
    good(at(NEW))
    good(at("undo --yes"))
    good(at(NEW))
    said = "settlement ST-00003 (draft) is for '保洁费' of project PJ-001 from 2026-10-01 to 2026-10-31"
    for entry in (8, 10):
        done = at(f"undo {entry} --yes")
        assert (done.exit_code, done.stdout) == (1, "")
        assert said in done.stderr
    assert stored(at, "property settle", ONE)["state"] == "cancelled"


# --- invoices ----------------------------------------------------------------------------------------------

BILL = "PI-000001"


def billed(at: Run) -> None:
    """Issue the October invoice of a tenant."""
    good(at("property tenant add 陈示例 --project PJ-001 --customer C-000001 --rent 3000"))
    meters = "--item power_meter=1 --item water_meter=1 --rest-ok"
    good(at(f"property tenant move-in PT-0001 --on 2026-10-01 {meters}"))
    good(at("property invoice run --month 2026-10"))


def test_a_removed_invoice_is_owed_no_more(at: Run) -> None:
    """Its fee goes with it, so that the month can be charged anew, once; undoing brings both back."""
    billed(at)
    good(at(f"property invoice remove {BILL} --yes"))
    assert good(at("customer ledger list -o jsonl")) == ""
    good(at("undo --yes"))
    assert stored(at, "customer ledger", "FE-000001")["amount"] == 3000
    good(at(f"property invoice remove {BILL} --yes"))
    good(at("property invoice run --month 2026-10"))
    assert good(at("customer ledger count")) == "1\n"
    done = at("undo 12 --yes")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "tenant PT-0001 has invoice PI-000002 for 2026-10 already" in done.stderr


def test_a_paid_invoice_stays(at: Run) -> None:
    """An invoice of which something was paid is not removed."""
    billed(at)
    good(at(f"property invoice pay {BILL} 100"))
    done = at(f"property invoice remove {BILL} --yes")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"invoice {BILL}: its fee FE-000001 was paid, in part at least" in done.stderr
    assert good(at("property invoice count")) == "1\n"


# --- rooms -------------------------------------------------------------------------------------------------

SALE = "PS-00001"


def sold(at: Run) -> None:
    """Sell room 1-101 of one project to the first customer, and 1-102 to the second."""
    for room, customer in (("1-101", 1), ("1-102", 2)):
        good(at(f"property sale add {room} --project PJ-001 --customer C-00000{customer} --price 1200000"))


def test_a_room_is_in_one_sale_whatever_is_done(at: Run) -> None:
    """A returned room that was sold anew does not come back; no other way leads to two sales of one room."""
    sold(at)
    good(at(f"property sale move return {SALE} --text 退"))
    good(at("property sale move change-room PS-00002 --room 1-101"))
    good(at("property sale add 1-101 --project PJ-002 --customer C-000001 --price 5"))
    for line in (
        "undo 9 --yes",
        "property sale set PS-00003 project=PJ-001",
    ):
        done = at(line)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "room 1-101 is sold already, as PS-00002" in done.stderr
    good(at("property sale add 1-103 --project PJ-001 --customer C-000001 --price 5"))
    done = at("property sale move change-room PS-00004 --room ' 1-101'")
    assert (done.exit_code, done.stdout) == (1, "")


def test_a_room_is_not_renamed_by_the_way(at: Run, tmp_path: Path) -> None:
    """A room stays its customer's where one is made at once; merged customers take theirs along."""
    sold(at)
    lines = tmp_path / "lines.txt"
    lines.write_text(f"customer add 新人 --key N\nproperty sale set {SALE} customer=N\n", encoding="utf-8")
    table = tmp_path / "sales.csv"
    table.write_text(f"id,customer\n{SALE},N\n", encoding="utf-8")
    for line in (f"batch {lines}", f"property sale import {table} --create-customers"):
        done = at(line)
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"sale {SALE}: the room is C-000001's" in done.stderr
    good(at("customer merge C-000002 C-000001 --yes"))
    assert stored(at, "property sale", SALE)["customer"] == "C-000002"
    good(at("undo --yes"))
    assert stored(at, "property sale", SALE)["customer"] == "C-000001"


# --- reductions --------------------------------------------------------------------------------------------


def test_a_reduction_is_signed_also_in_a_file(at: Run, tmp_path: Path) -> None:
    """A file cannot say that one was confirmed which nobody signed, or one person alone; a backup can."""
    good(at("property reduction add 优惠 --project PJ-001 --amount 120 --customer C-000001", by="anna"))
    for verb, who in (("check", "bo"), ("confirm", "cai")):
        good(at(f"property reduction {verb} FR-00001", by=who))
    held = stored(at, "property reduction", "FR-00001")
    good(at("property reduction remove FR-00001 --yes"))
    file = tmp_path / "reductions.jsonl"
    alone = [{**step, "who": "bo"} for step in held["steps"]]
    for steps in ([], held["steps"][:2], alone):
        file.write_text(json.dumps({**held, "steps": steps}), encoding="utf-8")
        done = at(f"property reduction import {file} --map rev=")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "reduction FR-00001 is confirmed, but was not signed by different people" in done.stderr
    file.write_text(json.dumps(held), encoding="utf-8")
    good(at(f"property reduction import {file} --map rev="))


def test_a_checked_reduction_stays_its_customers(at: Run) -> None:
    """Whose it is does not change once it was checked, but for customers that are merged."""
    good(at("property reduction add 优惠 --project PJ-001 --amount 120 --customer C-000001", by="anna"))
    good(at("property reduction check FR-00001", by="bo"))
    done = at("property reduction set FR-00001 customer=C-000002")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "so its amount, kind, project and customer stay as they are" in done.stderr
    good(at("customer merge C-000002 C-000001 --yes"))
    assert stored(at, "property reduction", "FR-00001")["customer"] == "C-000002"


# --- putting right -----------------------------------------------------------------------------------------


def test_no_file_verifies_what_one_did_oneself(at: Run, tmp_path: Path) -> None:
    """What was put right is verified by a second person, also in a file."""
    file, heading = tmp_path / "found.csv", "finding,project,state,done_by,verified_by"
    for who, code in (("bo,bo", 1), ("bo,", 1), ("bo,cai", 0)):
        file.write_text(f"{heading}\n灯坏,PJ-001,verified,{who}\n", encoding="utf-8")
        done = at(f"property rectification import {file}")
        assert (done.exit_code, done.stdout) == (code, "")
        assert ("no second person has verified it" in done.stderr) == bool(code)
