"""Grades of customers who are merged, removed or erased, and what undo makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.grading.conftest import Office, moves, order, rows, run

CANARY = "金丝雀"


@pytest.fixture
def graded(office: Office) -> Office:
    """Return an office in which everybody was graded in February."""
    run(office, "2026-02-01")
    return office


def grade(office: Office, customer: str, day: str = "2026-05-01") -> object:
    """Return the grade that counts for a customer on a day."""
    found = office(f"fact show customer {customer} --names grade.size --now {day} -o json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)[0].get("grade.size")


# --- merging -----------------------------------------------------------------------------------------------


def test_a_merge_brings_history_not_the_grade(graded: Office) -> None:
    """The one who stays keeps their own grade; what the other held is history, marked whose it was."""
    assert graded("grade set C-000001 size C --reason x --now 2026-03-01").exit_code == 0
    assert graded("customer merge C-000003 C-000001 --yes").exit_code == 0
    assert grade(graded, "C-000003") == "C"
    found = rows(graded, "grade list --where 'known(formerly)'")
    assert [(row["customer"], row["formerly"], row["grade"]) for row in found] == [
        ("C-000003", "C-000001", "A"),
        ("C-000003", "C-000001", "C"),
    ]
    assert moves(run(graded, "2026-05-02"))["3"] == ("C", "A", "up")


def test_a_merge_into_one_without_a_grade(graded: Office) -> None:
    """Where the one who stays never had a grade, what was brought along counts until the next run."""
    assert graded("customer merge C-000004 C-000001 --yes").exit_code == 0
    assert grade(graded, "C-000004") == "A"
    assert moves(run(graded, "2026-05-02"))["4"] == ("A", "A", "unchanged")


def test_undo_of_a_merge(graded: Office) -> None:
    """Taken back, every grade is whose it was, without a mark."""
    before = rows(graded, "grade list --fields id,customer,grade,formerly")
    assert graded("customer merge C-000003 C-000001 --yes").exit_code == 0
    assert graded("undo --yes").exit_code == 0
    assert rows(graded, "grade list --fields id,customer,grade,formerly") == before


# --- removing ----------------------------------------------------------------------------------------------


def test_what_a_rule_decided_goes_with_the_customer(graded: Office) -> None:
    """Grades by the rule are no reason to keep a customer who was put on the register by mistake."""
    assert graded("customer order remove O-000006 --yes").exit_code == 0
    assert graded("customer remove C-000003 --yes").exit_code == 0
    assert graded("grade count --where 'customer == \"C-000003\"'").stdout == "0\n"
    assert graded("undo --yes").exit_code == 0
    assert grade(graded, "C-000003") == "C"


def test_what_somebody_decided_keeps_the_customer(graded: Office) -> None:
    """A grade set by hand points to its customer as any record does."""
    assert graded("grade set C-000004 size A --reason x --now 2026-03-01").exit_code == 0
    done = graded("customer remove C-000004 --yes")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "GR-000004" in done.stderr


# --- erasing -----------------------------------------------------------------------------------------------


def test_what_is_left_after_erasing(graded: Office, tmp_path: Path) -> None:
    """Of an erased customer codes and days stay, for the figures; reasons, facts and notes leave no byte."""
    line = f"grade set C-000003 size A --reason {CANARY}的表弟 --now 2026-03-01"
    assert graded(line).exit_code == 0
    assert (
        graded(f"grade gift add C-000003 --gift flowers --on 2026-03-02 --note {CANARY}喜欢花").exit_code == 0
    )
    done = graded("customer close C-000003 --erase --yes")
    assert done.exit_code == 0, done.stderr
    left = rows(graded, "grade list --where 'customer == \"C-000003\"'")
    assert [(row["grade"], row.get("reason"), row.get("facts")) for row in left] == [
        ("C", None, None),
        ("A", None, None),
    ]
    assert "note" not in rows(graded, "grade gift list --fields id,gift,note")[0]
    assert graded("data compact --yes").exit_code == 0
    held = {
        path.name
        for path in (tmp_path / "data").rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    }
    assert held == set()


def test_others_keep_theirs(graded: Office) -> None:
    """Erasing one customer takes nothing from another."""
    before = rows(graded, "grade list --where 'customer == \"C-000001\"'")
    assert graded("customer close C-000003 --erase --yes").exit_code == 0
    assert rows(graded, "grade list --where 'customer == \"C-000001\"'") == before


def test_after_erasing_runs_go_on(graded: Office) -> None:
    """A closed customer is outside of the scheme; the next run ends the grade and says no more of it."""
    assert graded("customer close C-000003 --erase --yes").exit_code == 0
    assert moves(run(graded, "2026-05-01"))["3"] == ("C", None, "ungraded")
    assert "C-000003" not in run(graded, "2026-06-01")
    order(graded, 4)
    assert moves(run(graded, "2026-06-02"))["4"] == (None, "C", "new")
