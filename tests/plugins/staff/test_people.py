"""People: what is masked, what cannot be, what others are told of them, what is due and happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result
from cskit_staff.facts import months_between

Run = Callable[..., Result]
Rows = Callable[[str], list[dict[str, Any]]]


# --- pay ---------------------------------------------------------------------------------------------------


def test_pay_is_masked_and_its_look_noted(desk: Run) -> None:
    """Pay and scores are shown only with --reveal, and the history says who looked."""
    for line in ("staff list --fields id,base_pay", "staff show S-003 -o json", "staff export -o csv"):
        assert "1500" not in desk(line).stdout
    looked = desk("staff show S-003 --reveal --fields base_pay,allowance -o json")
    assert json.loads(looked.stdout) == {"base_pay": 1500, "allowance": 100}
    assert "personal data is shown" in looked.stderr
    assert "S-003" in desk("log --limit 1 -o jsonl").stdout


def test_a_masked_export_comes_back(desk: Run) -> None:
    """A file of masked pay that is imported again changes nothing."""
    exported = desk("staff export -o jsonl").stdout
    done = desk("staff import - --format jsonl", input=exported)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "0 new, 0 changed, 10 unchanged" in done.stderr


@pytest.mark.parametrize("field", ["base_pay", "performance_base", "allowance"])
def test_nobody_is_paid_below_nothing(desk: Run, field: str) -> None:
    """Pay is a Decimal of 0 or more."""
    done = desk(f"staff set S-003 {field}=-1")
    assert (done.exit_code, done.stdout) == (5, "")
    assert f"{field}: expected at least 0" in done.stderr


# --- what cannot be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("staff set S-001 superior=S-003", 1, "S-001: would be above and below themselves at once"),
        ("staff set S-001 superior=S-001", 1, "S-001: would be above and below themselves at once"),
        (
            "staff position set VC-MGR superior=VC-REP",
            1,
            "VC-MGR: would be above and below themselves at once",
        ),
        (
            "staff set S-003 rank=leader-senior",
            1,
            "S-003: the ladder representative has no rank 'leader-senior'",
        ),
        ("staff set S-003 state=left", 5, "who has left needs a last day (left)"),
        ("staff set S-003 state=probation", 5, "a probation needs its last day (probation_until)"),
        ("staff set S-003 left=2020-01-01", 5, "the last day is before the first"),
        ("staff set S-003 position=VC-NONE", 5, "no position has this id or external key"),
        (
            "staff attendance add S-003 --month 2026-10 --days-due 18 --days-present 1",
            4,
            "S-003 has attendance record AT-000031 for 2026-10 already",
        ),
        (
            "staff training add PX-08 --staff S-003",
            4,
            "S-003 has training record TR-00006 for TC-0002 already",
        ),
        (
            "staff attendance add S-003 --month 2026-13 --days-due 1 --days-present 1",
            5,
            "expected text of the form",
        ),
        (
            "staff attendance add S-003 --month 2026-11 --days-due 32 --days-present 1",
            5,
            "days_due: expected 0 to 31",
        ),
        ("staff position remove VC-REP --yes", 4, "cannot remove VC-REP"),
    ],
)
def test_what_is_refused(desk: Run, line: str, code: int, said: str) -> None:
    """What would say two things of a person, or what nobody can be, is refused, and nothing is saved."""
    done = desk(line)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_all_bad_ranks_of_a_file(desk: Run) -> None:
    """A rank by its title in either language is its code; one of another ladder is named."""
    assert desk("staff set S-003 'rank=Ordinary, senior'").exit_code == 0
    assert json.loads(desk("staff show S-003 -o json").stdout)["rank"] == "ordinary-senior"
    assert "普通客服代表高级" in desk("staff show S-003 --lang zh").stdout
    assert desk("staff count --where 'rank == \"普通客服代表高级\"'").stdout == "3\n"
    assert "no ladder has a rank '高级'" in desk("staff list --where 'rank == \"高级\"'").stderr


# --- facts -------------------------------------------------------------------------------------------------

FACTS = (
    ("S-003", "2026-08", "staff.attendance_rate", 97.62),  # 20.5 of 21 days
    ("S-005", "2026-07..2026-08", "staff.late", 5),
    ("S-003", "2026-08", "staff.training_score", 90),
    ("S-003", "2026-Q", "staff.training_hours", 10),
    ("S-002", "2026-08", "staff.training_feedback", 3.8),  # (5 + 4 + 4 + 2 + 4) / 5
    ("S-006", "2026-09", "staff.training_hours", 0),
    ("S-006", "2026-09", "staff.penalties", 1),
    ("S-006", "2026-09", "staff.penalty_amount", 50),
    ("S-006", "2026-08", "staff.penalties", 0),
    ("S-006", "2026-09", "staff.rewards", 0),
    ("S-003", "2026-10", "staff.exam_score", 100),
    ("S-006", "2026-10", "staff.state", "probation"),
    ("S-003", "2026-10", "staff.rank", "ordinary-intermediate"),
    ("S-003", "2026-10", "staff.months", 16),
)


@pytest.mark.parametrize(("who", "period", "name", "value"), FACTS, ids=lambda one: str(one))
def test_facts(rows: Rows, who: str, period: str, name: str, value: Any) -> None:
    """Each fact is what the records of the period come to."""
    period = period.replace("2026-Q", "2026-07..2026-09")
    (found,) = rows(f"fact show staff {who} --names {name} --period {period} --reveal")
    assert found[name] == value


@pytest.mark.parametrize("name", ["staff.attendance_rate", "staff.training_score", "staff.exam_score"])
def test_what_nobody_noted_is_unknown(rows: Rows, name: str) -> None:
    """Without records a rate or a mean is absent, never 0."""
    assert rows(f"fact show staff S-003 --names {name} --period 2025-01") == [{"id": "S-003"}]


def test_a_score_is_masked_as_a_fact(desk: Run) -> None:
    """A fact that is a person's score is shown as personal data is, in every format."""
    line = "fact show staff S-003 --names staff.exam_score,staff.late"
    assert "***" in desk(line).stdout
    assert json.loads(desk(f"{line} -o jsonl").stdout)["staff.exam_score"] == "***"
    assert "100" in desk(f"{line} --reveal").stdout


def test_facts_lead_to_their_records(rows: Rows) -> None:
    """With --ids each figure names what it was counted from."""
    found = rows("fact show staff S-006 --names staff.penalties,staff.late --period 2026-09 --ids")
    assert {(row["fact"], row["about"], row["record"]) for row in found} == {
        ("staff.penalties", "staff penalty", "PN-00001"),
        ("staff.late", "staff attendance", "AT-000024"),
    }


@pytest.mark.parametrize(
    ("first", "day", "months"),
    [
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-28", "2026-02-28", 1),
        ("2025-06-02", "2026-06-01", 11),
        ("2025-06-02", "2026-06-02", 12),
        ("2026-06-02", "2026-06-01", None),
    ],
)
def test_months_of_service(first: str, day: str, months: int | None) -> None:
    """Whole months only; who is still to come has none."""
    import datetime as dt

    assert months_between(dt.date.fromisoformat(first), dt.date.fromisoformat(day)) == months


# --- induction, tasks, timeline ----------------------------------------------------------------------------


def test_an_induction_ends_after_three_months(desk: Run) -> None:
    """Catalogue D4: three months; a week ahead it is among the superior's tasks."""
    card = json.loads(desk("staff show S-007 -o json").stdout)
    assert card["induction_until"] == "2026-11-30"
    assert "induction of 李娜" not in desk("today --until 2026-11-22 --who S-002").stdout
    assert "the induction of 李娜 ends on 2026-11-30" in desk("today --until 2026-11-23 --who S-002").stdout


def test_what_waits_for_a_second_word(desk: Run) -> None:
    """A reward that is proposed is a task for whoever may confirm it; a decided one is none."""
    assert "PN-00001" not in desk("today").stdout
    assert desk("staff reward add S-003 --what 客户表扬").exit_code == 0
    assert "$ cskit staff reward confirm RW-00001" in desk("today").stdout


def test_a_timeline_shows_no_scores(desk: Run) -> None:
    """All that happened to somebody, newest first, without a score or an amount."""
    done = desk("staff timeline S-006 -o csv --fields at,what,id")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split(",")[1] for line in done.stdout.splitlines()[1:]] == [
        '"penalty',
        "sat the exam 十月服务规范考试",
        "probation ends",
        "was not at 直播平台故障排查",
        "attended 投诉沟通技巧",
        "attended 视频云产品更新",
        "first day of work",
    ]


# --- erasing -----------------------------------------------------------------------------------------------


def test_who_has_left_can_be_erased(desk: Run, rows: Rows) -> None:
    """Name, pay, telephone and words go, of that person only; figures stay, and undo is refused."""
    here = desk("staff erase S-006 --yes")
    assert (here.exit_code, here.stdout) == (1, "")
    assert here.stderr.startswith("cskit: S-006: only who has left is erased\n")
    before = rows("fact show staff S-006 --names staff.late,staff.penalties --period 2026-09")
    assert desk("staff set S-006 left=2026-10-08 state=left").exit_code == 0
    assert desk("staff erase S-006").exit_code == 2  # needs a yes
    done = desk("staff erase S-006 --yes --reason 离职人员申请")
    assert (done.exit_code, done.stdout) == (0, "ID\n-----\nS-006\n")
    assert desk("undo --yes").exit_code == 4
    card = json.loads(desk("staff show S-006 --reveal -o json").stdout)
    assert card["name"] == "S-006"
    assert {"base_pay", "phone", "skills", "probation_until"} & card.keys() == set()
    assert rows("fact show staff S-006 --names staff.late,staff.penalties --period 2026-09") == before
    assert rows("staff penalty list --fields what --reveal") == [{"what": "-"}]
    assert "内容实用" in desk("staff training export -o csv").stdout  # somebody else's words


def test_an_erased_person_is_nowhere(desk: Run, tmp_path: Path) -> None:
    """After compacting, no file of the folder holds the name."""
    assert desk("staff set S-006 left=2026-10-08 state=left").exit_code == 0
    assert desk("staff erase S-006 --yes").exit_code == 0
    assert desk("data compact --yes").exit_code == 0
    held = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert ("孙浩".encode() in held, "周敏".encode() in held) == (False, True)
