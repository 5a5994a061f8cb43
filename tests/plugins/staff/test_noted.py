"""What is noted of people: rewards and penalties, training and its effect, targets."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cskit import Period, Usage
from cskit.store.snapshot import Snapshot
from cskit.testing import Result
from cskit_staff.people import targets

Run = Callable[..., Result]
Rows = Callable[[str], list[dict[str, Any]]]


# --- rewards and penalties ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "code", "said"),
    [
        ("S-002", 1, "S-002 proposed RW-00001 and cannot decide on it as well"),
        ("S-003", 1, "RW-00001: nobody decides on what concerns themselves"),
        ("S-001", 0, "1 reward confirmed; saved as"),
    ],
)
def test_four_eyes(desk: Run, rows: Rows, user: str, code: int, said: str) -> None:
    """Neither who proposed it nor whom it is about has the second word; only then does it count."""
    assert desk("staff reward add S-003 --what 客户表扬 --amount 100 --user S-002").exit_code == 0
    assert rows("fact show staff S-003 --names staff.rewards") == [{"id": "S-003", "staff.rewards": 0}]
    done = desk(f"staff reward confirm RW-00001 --user {user}")
    assert done.exit_code == code
    assert said in done.stderr
    counted = rows("fact show staff S-003 --names staff.rewards")[0]["staff.rewards"]
    assert counted == (1 if code == 0 else 0)


def test_what_is_decided_stays(desk: Run) -> None:
    """A penalty is decided on once; its state is no field to set; no file gets round the second."""
    again = desk("staff penalty refuse PN-00001 --user S-001")
    assert (again.exit_code, again.stderr) == (1, "cskit: decided on already: PN-00001\n")
    assert "state" in desk("staff penalty set PN-00001 state=proposed").stderr
    for change in ("amount=5000", "staff=S-003", "on=2026-08-01"):
        more = desk(f"staff penalty set PN-00001 {change}")
        assert (more.exit_code, more.stdout) == (1, "")
        assert "PN-00001: decided on already, so person, day and amount stay as they are" in more.stderr
    assert desk("staff penalty set PN-00001 note=口头说明").exit_code == 0
    forged = "staff,what,state,proposed_by,decided_by\nS-005,x,confirmed,S-002,S-002\n"
    done = desk("staff penalty import - --format csv", input=forged)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "PN-00002: decided on by who proposed it, by the person concerned, or by nobody" in done.stderr


def test_an_amount_is_masked(desk: Run) -> None:
    """Money somebody got or lost is theirs alone to see."""
    assert "***" in desk("staff penalty list").stdout
    assert "50" in desk("staff penalty list --reveal --fields amount").stdout


def test_rates_are_rounded_half_up(desk: Run, rows: Rows) -> None:
    """14.5 of 16 days are 90.625 per cent: 90.63."""
    file = "staff,month,days_due,days_present\nS-003,2026-01,16,14.5\n"
    assert desk("staff attendance import - --format csv", input=file).exit_code == 0
    found = rows("fact show staff S-003 --names staff.attendance_rate --period 2026-01")
    assert found == [{"id": "S-003", "staff.attendance_rate": 90.63}]


# --- training ----------------------------------------------------------------------------------------------


def test_needs_are_met_by_a_course_after_them(desk: Run, rows: Rows) -> None:
    """A course on the topic meets the needs of who was there, on the day or later; the most wanted first."""
    found = [(row["topic"], row["noted"], row["open"], row["people"]) for row in rows("staff training needs")]
    assert found == [
        ("服务礼仪", 3, 3, ["S-005", "S-007", "S-008"]),
        ("直播", 1, 1, ["S-006"]),  # who was absent
        ("投诉沟通", 3, 0, []),
    ]
    assert desk("staff set S-008 left=2026-10-01 state=left").exit_code == 0
    assert rows("staff training needs")[0]["people"] == ["S-005", "S-007"]


def test_what_a_course_did(rows: Rows) -> None:
    """Scores of who has both, and a fact of the months around it, paired; the records stand behind."""
    found = {row["what"]: row for row in rows("staff training report PX-08 --fact staff.attendance_rate")}
    assert (found["score, before"]["value"], found["score, after"]["value"]) == (61.8, 70.8)
    assert (found["score, change"]["value"], found["score, change"]["n"]) == (9, 5)
    assert found["attended"]["ids"] == [f"TR-0000{n}" for n in range(6, 10)] + ["TR-00010"]
    before = [100, 100, 91.3, 86.96, 100]  # July: 23 days due; 2 and 3 missed
    after = [100, 100, 100, 77.27, 100]  # September: 22 days due; 5 missed
    assert found["staff.attendance_rate, before"]["value"] == round(sum(before) / 5, 2)
    assert found["staff.attendance_rate, after"]["value"] == round(sum(after) / 5, 2)


def test_the_mean_of_one_is_left_out(rows: Rows) -> None:
    """A course with one person does not tell that person's score, and is marked."""
    found = {row["what"]: row for row in rows("staff training report PX-11")}
    assert ("value" in found["score, after"], found["score, after"]["few"]) == (False, True)


# --- targets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        ("2026-02", dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        ("2028-Q1", dt.date(2028, 1, 1), dt.date(2028, 3, 31)),
        ("2026-Q4", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
    ],
)
def test_periods(text: str, first: dt.date, last: dt.date) -> None:
    """Years, months and quarters are whole days."""
    assert targets.span(text) == Period(first, last)


@pytest.mark.parametrize("text", ["2026-Q5", "2026-13", "26", "2026-1", ""])
def test_no_periods(text: str) -> None:
    """Anything else is wrong usage."""
    with pytest.raises(Usage):
        targets.span(text)


def test_plan_and_actual(rows: Rows) -> None:
    """Counted for a department, a group, a person; entered for a region; unknown is no zero."""
    found = [
        (row["whose"], row.get("actual"), row.get("attained"), row.get("state"))
        for row in rows("staff target report --period 2026")
    ]
    assert found == [
        ("客户服务部", 97.42, 100.4, "met"),
        ("一组", 5, 60, "missed"),  # five times late where three were allowed
        ("S-005", 10, 100, "met"),  # exactly the plan
        ("华东", 112.5, 93.8, "missed"),
        ("客户服务部", None, None, None),
    ]
    assert [row["id"] for row in rows("staff target report --period 2026-Q3")] == [
        f"TG-0000{n}" for n in range(1, 5)
    ]


@pytest.mark.parametrize(
    ("actual", "better", "day", "state"),
    [
        ("100", "higher", "2026-11-15", "met"),
        ("99", "higher", "2026-11-15", "under_way"),
        ("99", "higher", "2026-12-01", "missed"),
        ("100", "lower", "2026-11-15", "under_way"),  # it may still grow
        ("100", "lower", "2026-12-01", "met"),
        ("101", "lower", "2026-12-01", "missed"),
    ],
)
def test_met_or_missed(desk: Run, actual: str, better: str, day: str, state: str) -> None:
    """Less is only known to be less once the period is over."""
    line = f"staff target add 来电量 --period 2026-11 --plan 100 --actual {actual} --better {better}"
    assert desk(line).exit_code == 0
    done = desk(f"staff target report --period 2026-11 -o csv --fields state --now {day}T09:00")
    assert done.stdout == f"state\n{state}\n"


def test_a_score_is_no_target_for_all_to_see(desk: Run, rows: Rows) -> None:
    """One person's score is left out of the report; with --reveal it is there, and noted."""
    line = "staff target add staff.exam_score --period 2026-10 --plan 90 --staff S-003"
    assert desk(line).exit_code == 0
    report = "staff target report --period 2026-10"
    assert "actual" not in rows(report)[0]
    assert rows(f"{report} --reveal")[0]["actual"] == 100
    assert Decimal(rows(report)[0]["plan"]) == 90


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("staff.lates", "there is no fact 'staff.lates' about a staff"),
        ("staff.state", "this fact is no number"),
    ],
)
def test_a_measure_must_be_known(desk: Run, measure: str, said: str) -> None:
    """A measure with a dot is a fact, which somebody gives as a number."""
    done = desk(f"staff target add {measure} --period 2026-10 --plan 1")
    assert (done.exit_code, done.stdout) == (5, "")
    assert said in done.stderr


def test_a_target_of_two(desk: Run) -> None:
    """A target is one person's, group's, department's or region's, or everybody's."""
    done = desk("staff target add 来电量 --period 2026-10 --plan 1 --group 一组 --region 华东")
    assert (done.exit_code, done.stdout) == (5, "")


# --- reads -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "tables"),
    [
        ("staff tree --people", {"staff", "positions"}),
        ("staff headcount --by department", {"staff", "positions"}),
        ("staff training needs", {"staff", "staff_needs", "staff_courses", "staff_trainings"}),
        (
            "staff target report --period 2026-Q3",
            {"staff", "positions", "staff_targets", "staff_attendance", "staff_courses", "staff_trainings"},
        ),
    ],
)
def test_each_table_is_read_once(
    desk: Run, monkeypatch: pytest.MonkeyPatch, line: str, tables: set[str]
) -> None:
    """However many people, positions and targets there are, a table is read once."""
    reads: Counter[str] = Counter()

    def read(self: Any, table: str, *given: Any, real: Any = Snapshot.read, **named: Any) -> Any:
        reads[table] += 1
        return real(self, table, *given, **named)

    monkeypatch.setattr(Snapshot, "read", read)
    assert desk(line).exit_code == 0
    assert reads == dict.fromkeys(tables, 1)
