"""Pay sheets: base, performance by score, allowance, rewards, sales; what is open, and what is masked."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cskit.testing import department
from cskit_staff.pay.payrules import PayRules
from tests.plugins.staff import quarter
from tests.plugins.staff.quarter import NOW, Run, copied, listed

D = Decimal
FACTORS = [
    {"over": 80, "factor": D("1.2")},
    {"from": 70, "factor": D(1)},
    {"from": 50, "factor": D("0.8")},
    {"from": 0, "factor": D("0.5")},
]
RULES = msgspec.convert(
    {"induction": 1200, "other": 1500, "unscored": 1, "base": {"manager": 2000}, "factors": FACTORS}, PayRules
)


@pytest.mark.parametrize(
    ("score", "factor"),
    [
        ("100", "1.2"),
        ("80.01", "1.2"),
        ("80", "1"),
        ("70", "1"),
        ("69.99", "0.8"),
        ("50", "0.8"),
        ("49.99", "0.5"),
        ("0", "0.5"),
    ],
)
def test_factors_at_every_boundary(score: str, factor: str) -> None:
    """The bands of pay are those of the review."""
    assert RULES.factor(D(score)) == D(factor)


def test_factors_that_leave_a_score_out() -> None:
    """A score of 0 needs a factor as well."""
    with pytest.raises(msgspec.ValidationError, match="no factor is for a score of 0"):
        msgspec.convert(
            {"induction": 1, "other": 1, "unscored": 1, "base": {}, "factors": FACTORS[:2]}, PayRules
        )


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department whose September is scored and confirmed, but for one person's card."""
    folder = tmp_path_factory.mktemp("confirmed") / "data"
    quarter.people(folder)
    quarter.score(folder)
    department(
        folder,
        f"staff confirm S-003 S-004 S-005 S-006 S-007 S-009 --month 2026-09 --user S-002 {NOW}",
        "staff penalty add S-006 --what 迟到 --amount 50 --on 2026-09-30 --user S-002",
        "staff penalty confirm PN-00001 --user S-001",
    )
    return folder


@pytest.fixture
def office(confirmed: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of that department."""
    return copied(confirmed, tmp_path / "data")


def paid(folder: Path, line: str = "") -> dict[str, dict[str, Any]]:
    """Return the rows of September's pay by person."""
    return {row["staff"]: row for row in listed(folder, f"staff pay --month 2026-09 {line}")}


def test_a_month(confirmed: Path) -> None:
    """1500 + 500 × 1.2 + 100 for a score above 80; a penalty that was confirmed is taken off."""
    rows = paid(confirmed)
    up = {name: rows["S-003"][name] for name in ("base", "allowance", "factor", "performance", "total")}
    assert up == {"base": 1500, "allowance": 100, "factor": 1.2, "performance": 600, "total": 2200}
    low = {name: rows["S-006"][name] for name in ("performance", "penalty", "total")}
    assert low == {"performance": 250, "penalty": 50, "total": 1800}


def test_what_is_open_is_not_nothing(confirmed: Path, office: Run) -> None:
    """Without a confirmed card the total is open; a position without a scheme has the plain amount."""
    rows = paid(confirmed)
    assert ("total" in rows["S-008"], rows["S-008"]["note"]) == (False, "open: no confirmed score card")
    assert (rows["S-002"]["total"], rows["S-002"]["note"]) == (2700, "no KPI scheme: factor 1")
    assert office("staff pay --month 2026-09").stderr == (
        "S-001, S-002, S-010: no KPI scheme: factor 1\n"
        "S-008: open: no confirmed score card\n"
        "1 total is open: a score is missing\n"
    )


def test_masked_without_reveal(office: Run) -> None:
    """No figure of pay is shown; who looks is noted, with whose."""
    shown = office("staff pay S-003 --month 2026-09 -o csv").stdout
    assert shown.splitlines()[1] == ("S-003,周敏,Customer representative,***,***,***,***,***,***,***,,,,***,")
    done = office("staff pay S-003 --month 2026-09 -o csv --reveal --user S-001")
    assert "2200.00" in done.stdout
    assert done.stderr.startswith("noted as ")
    entry = json.loads(office("log -o jsonl").stdout.splitlines()[0])
    assert (entry["user"], entry["command"]) == ("S-001", "staff pay")
    assert entry["revealed"] == {"staff": {"count": 1, "ids": ["S-003"]}}


def test_a_workbook(office: Run, tmp_path: Path) -> None:
    """The sheet of all people, with numbers as numbers."""
    file = tmp_path / "pay.xlsx"
    done = office(f"staff pay --month 2026-09 --reveal --out {file}")
    assert done.exit_code == 0
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>2200</v>" in sheet


def test_a_later_move_changes_no_earlier_month(office: Run, tmp_path: Path) -> None:
    """What took effect on the first of October counts for October, not for September."""
    quarter.confirm(tmp_path / "data")
    before = paid(tmp_path / "data")["S-003"]
    for line in (
        "staff review --quarter 2026-Q3 --user S-004",
        "staff confirm S-003 --quarter 2026-Q3 --user S-002",
        "staff apply --quarter 2026-Q3 --on 2026-10-01 --user S-001",
    ):
        assert office(f"{line} {NOW}").exit_code == 0
    assert paid(tmp_path / "data")["S-003"] == before
    (october,) = listed(tmp_path / "data", "staff pay S-003 --month 2026-10 --now 2026-11-02")
    assert (october["base"], "total" in october) == (1700, False)


@pytest.mark.parametrize(
    ("fields", "base"),
    [
        ("--state induction", 1200),  # 003 L197
        ("--position MGR", 2000),  # 003 L199
        ("--position REP", 1500),  # 003 L200
        ("--base-pay 1800", 1800),
    ],
)
def test_base_pay_of_the_source(tmp_path: Path, fields: str, base: int) -> None:
    """Catalogue D4: 1 200 in induction, 2 000 the manager, 1 500 others; what was agreed goes first."""
    department(
        tmp_path,
        "staff position add 经理 --id MGR --scheme manager",
        "staff position add 代表 --id REP",
        f"staff add 周敏 {fields}",
    )
    (row,) = listed(tmp_path, "staff pay --month 2026-09")
    assert row["base"] == base


def test_fen_are_rounded_half_up(tmp_path: Path) -> None:
    """0.125 is 0.13, never the even fen; the total is the sum of what is shown."""
    folder = tmp_path / "data"
    department(folder, "staff add 周敏 --performance-base 100.125 --base-pay 0.005")
    (row,) = listed(folder, "staff pay --month 2026-09")
    assert (row["performance"], row["base"], row["total"]) == (100.13, 0.01, 100.14)


SALES = """
[rules.sales-pay.standard]
state = "on"
"""


def test_sales(tmp_path: Path) -> None:
    """Off until switched on; then a missed target takes a share of base, and the season has a champion."""
    folder = tmp_path / "data"
    office = department(
        folder,
        "staff position add 课程顾问 --id sales-consultant",
        "staff add 周敏 --position sales-consultant --base-pay 2000 --group 一组",
        "staff add 赵晴 --position sales-consultant --base-pay 2000 --group 一组",
        "staff target add sales --staff S-001 --period 2026-09 --plan 100 --actual 120",
        "staff target add sales --staff S-002 --period 2026-09 --plan 100 --actual 59",
        "staff target add received --staff S-001 --period 2026-09 --plan 1 --actual 50000",
    )
    assert {row["total"] for row in listed(folder, "staff pay --month 2026-09")} == {2000}
    with (folder / "cskit.toml").open("a", encoding="utf-8") as settings:
        settings.write(SALES)
    first, second = listed(folder, "staff pay --month 2026-09")
    assert (first["commission"], first["champion"], first["total"]) == (50, 500, 2550)
    assert first["note"] == "no KPI scheme: factor 1; target reached to 120.0 %; champion of the season"
    assert (second["deduction"], second["total"]) == (400, 1600)  # 20 % of 2000, below 60 %
    assert second["note"].endswith("target reached to 59.0 %; last of the season")
    assert office("staff pay --month 2026-08").exit_code == 0
