"""A crisis: first in the list of today, its checklist, and the memo that ends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cskit.testing import Result

Desk = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
ONE = "CP-20261123-001"
STEPS = ("task-force", "facts", "reply", "press", "close")
MEMO = "# 事件经过\n12 人聚集。\n# 处理结果\n已退费。\n# 经验教训\n提前公告。\n"


@pytest.fixture
def crisis(desk: Desk) -> Desk:
    """Return a desk with a crisis and an older ordinary case that is overdue."""
    for line in ("case add 停电 --people 12 --media", "case add 漏水 --received-at 2026-11-02"):
        assert desk(line).exit_code == 0
    return desk


def test_it_stands_first_until_the_memo_is_written(crisis: Desk, case: Stored) -> None:
    """A crisis stands before everything overdue, also when it is closed, until its memo is there."""
    shown = crisis("today -o jsonl").stdout.splitlines()
    first = json.loads(shown[0])
    assert (first["when"], first["id"]) == ("urgent", ONE)
    assert first["do"] == f"case crisis {ONE} --done task-force"
    assert crisis(f"case reply {ONE} --text 已公告").exit_code == 0
    assert crisis(f"case close {ONE}").exit_code == 0
    done = " ".join(f"--done {step}" for step in STEPS)
    assert crisis(f"case crisis {ONE} {done}").exit_code == 0
    first = json.loads(crisis("today -o jsonl").stdout.splitlines()[0])
    assert first["do"] == f"case crisis {ONE} --memo FILE"
    assert crisis(f"case crisis {ONE} --memo -", input=MEMO).exit_code == 0
    assert ONE not in crisis("today").stdout
    assert case()["memo"] == MEMO.strip()


def test_the_checklist(crisis: Desk) -> None:
    """Each step says who did it when; the memo is the last."""
    crisis(f"case crisis {ONE} --done facts --done facts")
    rows = [json.loads(row) for row in crisis(f"case crisis {ONE} -o jsonl").stdout.splitlines()]
    assert [row["step"] for row in rows] == [*STEPS, "memo"]
    assert [row.get("by") for row in rows] == [None, "S-001", None, None, None, None]


@pytest.mark.parametrize(
    ("memo", "missing"),
    [
        ("", "Course of events, Result, Lessons"),
        ("事件经过\n聚集\n处理结果:\n退费\n", "Lessons"),
        ("Course of events\nResult\n", "Lessons"),
    ],
)
def test_a_memo_with_parts_missing(crisis: Desk, memo: str, missing: str) -> None:
    """A memo needs every part; those it has not are named."""
    done = crisis(f"case crisis {ONE} --memo -", input=memo)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cskit: --memo: the memo has no part {missing}\n")


def test_a_memo_before_its_steps(crisis: Desk) -> None:
    """The memo is written when all steps are done; the open ones are named."""
    crisis(f"case crisis {ONE} --done facts --done reply --done press --done close")
    done = crisis(f"case crisis {ONE} --memo -", input=MEMO)
    assert (done.exit_code, done.stderr) == (
        1,
        f"cskit: case {ONE}: steps of the checklist are open: Form a task force and name its head\n",
    )


def test_only_a_crisis(crisis: Desk) -> None:
    """Of an ordinary case there is no checklist, and a step that there is not is told."""
    refused = crisis("case crisis CP-20261102-001 --done facts")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "cskit: case CP-20261102-001 is of severity 3; only severity 1 is a crisis\n",
    )
    assert crisis("case crisis CP-20261102-001").exit_code == 1
    unknown = crisis(f"case crisis {ONE} --done pray")
    assert unknown.stderr == (
        "cskit: the crisis checklist has no step 'pray'\nthere are task-force, facts, reply, press, close\n"
    )


def test_the_course_is_told_in_the_readers_language(crisis: Desk) -> None:
    """What was ticked off by somebody who reads English stands in Chinese for who reads Chinese."""
    crisis(f"case crisis {ONE} --done facts --reason 现场核实")
    crisis(f"case escalate {ONE} --reason 媒体到场")
    rows = [json.loads(row) for row in crisis(f"case track {ONE} -o jsonl", lang="zh").stdout.splitlines()]
    told = {row["what"]: row["details"] for row in rows if "details" in row}
    assert told["危机处理"] == "内容：书面核实事实经过；原因：现场核实"
    assert told["升级"].startswith("升级到：主管")
    english = crisis(f"case track {ONE} -o jsonl").stdout
    assert "Put the facts down in writing" in english
    assert "Level: supervisor" in english
