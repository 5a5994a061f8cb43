"""Promises made for cases: which clocks there are, what they show, what is overdue, and who is to be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result
from tests.plugins.complaints.conftest import Desk, own_repair, rule

Sla = Callable[..., dict[str, Any]]


@pytest.fixture
def sla(desk: Desk) -> Sla:
    """Return a function that reads a clock of a case at a time."""

    def read(clock: str, now: str, own: str = "CP-20261012-001") -> dict[str, Any]:
        done = desk(f"case sla {own} --clock {clock} -o jsonl --now {now}")
        assert (done.exit_code, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else {}

    return read


def add(desk: Desk, words: str = "", at: str = "2026-10-12T10:00") -> None:
    """Register a case at a time: a Monday, unless said otherwise."""
    done = desk(f"case add 漏水 {words} --now {at}")
    assert done.exit_code == 0, done.stderr


def do(desk: Desk, line: str, at: str, **settings: Any) -> Result:
    """Run a verb at a time, which must succeed."""
    done = desk(f"{line} --now {at}", **settings)
    assert done.exit_code == 0, done.stderr
    return done


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("", "2026-10-15T02:00:00Z"),
        ("--kind enquiry", "2026-10-13T02:00:00Z"),
        ("--kind repair", "2026-10-14T02:00:00Z"),
        ("--channel technical", "2026-10-14T02:00:00Z"),
        ("--kind praise", "2026-10-15T02:00:00Z"),
    ],
    ids=["complaint", "enquiry", "fault", "technical", "anything"],
)
def test_answers_are_promised_by_kind(desk: Desk, sla: Sla, words: str, due: str) -> None:
    """One working day for an enquiry, two for a technical matter, three for a complaint (catalogue C08)."""
    add(desk, words)
    assert sla("answer", "2026-10-12T10:00")["due"] == due


def test_a_complaint_of_the_evening(desk: Desk, sla: Sla) -> None:
    """Received at 20:00 it counts from the next opening; the first response runs round the clock."""
    add(desk, at="2026-10-12T20:00")
    assert sla("answer", "2026-10-12T20:30")["due"] == "2026-10-16T01:00:00Z"
    assert sla("first-response", "2026-10-12T20:30")["due"] == "2026-10-13T12:00:00Z"


def test_a_complex_matter_has_a_final_answer(desk: Desk, sla: Sla) -> None:
    """Only cases of severity 1 or 2 promise it."""
    add(desk)
    add(desk, "--people 12")
    assert sla("final", "2026-10-12T10:30") == {}
    assert sla("final", "2026-10-12T10:30", "CP-20261012-002")["due"] == "2026-10-15T02:00:00Z"


def test_a_pause_stops_the_answer_not_the_first_response(desk: Desk, sla: Sla) -> None:
    """While paused there is no due time, only time left; a round-the-clock promise goes on."""
    add(desk)
    do(desk, "case pause CP-20261012-001 --until 2026-10-14 --party 客户 --reason 外出", "2026-10-12T11:00")
    answer = sla("answer", "2026-10-13T17:00")
    assert (answer["state"], answer["used"], answer["left"], "due" in answer) == (
        "paused",
        3600,
        23 * 3600,
        False,
    )
    first = sla("first-response", "2026-10-13T17:00")
    assert (first["state"], first["due"]) == ("missed", "2026-10-13T02:00:00Z")
    spans = [(span["counted"], span.get("why")) for span in answer["spans"]]
    assert spans == [(True, None), (False, "waits for 客户: 外出")]
    do(desk, "case resume CP-20261012-001", "2026-10-14T11:00")
    assert sla("answer", "2026-10-14T11:30")["due"] == "2026-10-19T02:00:00Z"


def test_whom_the_customer_hears_stops_the_first_response(desk: Desk, sla: Sla) -> None:
    """A remark is no response, nor that the customer asked again; being spoken to is."""
    add(desk)
    do(desk, "case comment CP-20261012-001 --text 已记录", "2026-10-12T10:10")
    do(desk, "case chase CP-20261012-001 --text 客户催问", "2026-10-12T10:20")
    assert sla("first-response", "2026-10-12T10:30")["state"] == "running"
    do(desk, "case comment CP-20261012-001 --text 已电话联系 --contact", "2026-10-12T10:40")
    found = sla("first-response", "2026-10-15T10:00")
    assert (found["state"], found["used"], found["stopped"]) == ("met", 40 * 60, "2026-10-12T02:40:00Z")


def settled(desk: Desk) -> None:
    """Register a case, and settle it on the call."""
    add(desk)
    do(desk, "case reply CP-20261012-001 --text 已修好", "2026-10-12T11:00")


@pytest.mark.parametrize(
    ("rule_", "used", "state"),
    [("resume", 2 * 3600, "running"), ("restart", 3600, "running"), ("stay", 3600, "met")],
)
def test_a_reopened_case(desk: Desk, sla: Sla, tmp_path: Path, rule_: str, used: int, state: str) -> None:
    """What happens to a clock when a case is reopened is declared: it goes on, begins anew, or stays."""
    shipped = Path("plugins/cskit_complaints/rules/sla-policies/standard.toml").read_text(encoding="utf-8")
    own = 'replaces = "standard"\n' + shipped.replace('reopening = "resume"', f'reopening = "{rule_}"')
    rule(tmp_path / "data/rules/sla-policies/standard.toml", own)
    settled(desk)
    do(desk, "case reopen CP-20261012-001 --reason 又漏", "2026-10-13T10:00")
    found = sla("answer", "2026-10-13T11:00")
    assert (found["used"], found["state"]) == (used, state)


def test_a_department_has_its_own_deadline(desk: Desk, sla: Sla) -> None:
    """Each assigning gives one, passing on begins another part, and an approved extension moves it."""
    add(desk)
    do(desk, "case assign CP-20261012-001 --to repair --due 2026-10-13T10:00", "2026-10-12T11:00")
    do(desk, "case assign CP-20261012-001 --to property --due 2026-10-14T10:00", "2026-10-12T15:00")
    lines = desk("case sla CP-20261012-001 --clock department -o jsonl --now 2026-10-12T17:00").stdout
    parts = [json.loads(line) for line in lines.splitlines()]
    assert [(part["department"], part["state"], part.get("due")) for part in parts] == [
        ("repair", "met", None),
        ("property", "running", "2026-10-14T02:00:00Z"),
    ]
    do(desk, "case extend CP-20261012-001 --until 2026-10-16T10:00 --reason 配件", "2026-10-12T17:10")
    assert sla("department", "2026-10-12T17:20")["due"] == "2026-10-14T02:00:00Z"
    do(desk, "case approve CP-20261012-001 --user S-002", "2026-10-12T17:30")
    assert sla("department", "2026-10-12T17:40")["due"] == "2026-10-16T02:00:00Z"


def test_an_extension_is_the_departments_that_was_at_work(desk: Desk) -> None:
    """What one department was given more time for is not late with it, nor the next one's deadline."""
    add(desk)
    do(desk, "case assign CP-20261012-001 --to repair --due 2026-10-12T15:00", "2026-10-12T11:00")
    do(desk, "case extend CP-20261012-001 --until 2026-10-13T10:00 --reason 配件", "2026-10-12T14:00")
    do(desk, "case approve CP-20261012-001 --user S-002", "2026-10-12T14:30")
    do(desk, "case assign CP-20261012-001 --to property --due 2026-10-15T10:00", "2026-10-12T17:00")
    lines = desk("case sla CP-20261012-001 --clock department -o jsonl --now 2026-10-14T09:00").stdout
    parts = [json.loads(line) for line in lines.splitlines()]
    assert [(part["department"], part["state"], part.get("due")) for part in parts] == [
        ("repair", "met", None),
        ("property", "running", "2026-10-15T02:00:00Z"),
    ]


def test_a_miss_by_force_majeure_is_counted_apart(desk: Desk, sla: Sla) -> None:
    """It is excused: not overdue, and in no rate (catalogue C09)."""
    add(desk)
    do(desk, "case set CP-20261012-001 force_majeure=台风", "2026-10-20T10:00")
    assert sla("answer", "2026-10-20T11:00")["state"] == "excused"
    assert desk("case overdue --check --now 2026-10-20T11:00").exit_code == 0
    stats = desk("case stats --figures on-time,excused -o jsonl --now 2026-10-20T11:00")
    assert json.loads(stats.stdout) == {"excused": 1}


def test_promises_change_from_a_day_on(desk: Desk, sla: Sla, tmp_path: Path) -> None:
    """A rule with `since` holds from that day; the time used before stays used, and a breach a breach."""
    shipped = Path("plugins/cskit_complaints/rules/sla-policies/standard.toml").read_text(encoding="utf-8")
    before, last = shipped.rsplit("[[rules]]", 1)
    new = '[[rules]]\nsince = 2026-10-14\ntargets = { answer = "20h" }\n\n[[rules]]' + last
    rule(tmp_path / "data/rules/sla-policies/standard.toml", 'replaces = "standard"\n' + before + new)
    add(desk)
    old, changed = sla("answer", "2026-10-13T18:00"), sla("answer", "2026-10-14T10:00")
    assert (old["target"], old["used"]) == (24 * 3600, 15 * 3600)
    assert (changed["target"], changed["used"], changed["due"]) == (
        20 * 3600,
        16 * 3600,
        "2026-10-14T07:00:00Z",
    )


def test_another_severity_takes_nothing_back(desk: Desk, sla: Sla) -> None:
    """A promise that was missed at one severity stays missed at the next; that it changed is an event."""
    add(desk, "--people 3")
    do(desk, "case set CP-20261012-001 people=1 --reason 误登", "2026-10-20T10:00")
    found = sla("final", "2026-10-21T10:00")
    assert (found["state"], found["missed_at"]) == ("missed", "2026-10-15T02:00:00Z")
    shown = json.loads(desk("case show CP-20261012-001 -o json").stdout)
    assert (shown["severity"], shown["events"][-1]["what"], shown["events"][-1]["number"]) == (
        3,
        "classify",
        2,
    )
    do(desk, "case set CP-20261012-001 people=12", "2026-10-22T10:00")
    assert sla("final", "2026-10-22T11:00")["missed_at"] == "2026-10-15T02:00:00Z"


# --- what is overdue ---------------------------------------------------------------------------------------


def test_overdue_lists_the_severest_first(desk: Desk, tmp_path: Path) -> None:
    """Open cases whose promises are missed, who is to be told by how late it is, and the code for scripts."""
    own_repair(tmp_path / "data", '[roles]\nmanager = ["S-009"]\ndirector = ["S-010"]\n')
    add(desk)
    add(desk, "--people 3", at="2026-10-13T10:00")
    settled_at = "2026-10-12T12:00"
    do(desk, "case assign CP-20261012-001 --to repair --handler S-007 --due 2026-10-30", settled_at)
    do(desk, "case comment CP-20261012-001 CP-20261013-001 --text 回电 --contact", "2026-10-13T10:00")
    done = desk("case overdue -o jsonl --now 2026-10-16T11:00")
    late = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row["clock"], row["late"], row.get("tell")) for row in late] == [
        ("CP-20261013-001", "answer", 3600, None),
        ("CP-20261013-001", "final", 3600, None),
        ("CP-20261012-001", "answer", 9 * 3600, "S-009"),
    ]
    assert (done.exit_code, desk("case overdue --check --now 2026-10-16T11:00").exit_code) == (0, 8)
    told = desk("case overdue CP-20261012-001 -o jsonl --now 2026-10-19T18:00").stdout
    assert json.loads(told.splitlines()[0])["tell"] == "S-010"


def test_nothing_is_overdue(desk: Desk) -> None:
    """Then it says so, and --check exits 0; --within adds what comes due."""
    add(desk)
    do(desk, "case comment CP-20261012-001 --text 回电 --contact", "2026-10-12T10:00")
    now = "--now 2026-10-14T17:00"
    assert desk(f"case overdue --check {now}") == (0, "", "nothing is overdue\n")
    soon = desk(f"case overdue --within 4h --check -o jsonl {now}")
    assert (soon.exit_code, json.loads(soon.stdout)["clock"], json.loads(soon.stdout)["left"]) == (
        0,
        "answer",
        7200,
    )
    assert desk(f"case overdue --within 2d {now}").stderr == (
        "cskit: --within 2d: expected hours or minutes of working time\n"
    )


def test_a_table_for_people(desk: Desk) -> None:
    """Lengths read as hours and minutes, and --spans says what counted and why not."""
    add(desk, at="2026-10-12T17:30")
    done = desk("case sla CP-20261012-001 --clock answer --now 2026-10-13T09:15")
    assert done.stdout.splitlines()[2].split() == (
        "Answer running 3 working days 0:45 23:15 2026-10-15 17:30".split()
    )
    spans = desk("case sla CP-20261012-001 --clock answer --spans --now 2026-10-13T09:15").stdout
    assert [line.split()[1:] for line in spans.splitlines()[2:]] == [
        "2026-10-12 17:30 2026-10-12 18:00 yes 0:30".split(),
        "2026-10-12 18:00 2026-10-13 09:00 no 15:00 outside working hours".split(),
        "2026-10-13 09:00 2026-10-13 09:15 yes 0:15".split(),
    ]
    add(desk, at="2026-10-13T09:15")
    both = desk("case sla CP-20261012-001 CP-20261013-001 --clock answer --now 2026-10-13T09:15").stdout
    assert [line.split()[0] for line in both.splitlines()] == [
        "Case",
        "-" * 15,
        "CP-20261012-001",
        "CP-20261013-001",
    ]


def test_an_unknown_clock(desk: Desk) -> None:
    """A clock that there is not is named with the nearest."""
    add(desk)
    done = desk("case sla CP-20261012-001 --clock anser")
    assert (done.exit_code, done.stderr) == (3, "cskit: there is no clock 'anser'\ndid you mean 'answer'?\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('targets = { anser = "1d" }', "there is no clock 'anser'"),
        ('targets = { answer = "soon" }', "answer = 'soon': expected a length such as 3d"),
        (
            'kinds = ["compliant"]\ntargets = {}',
            "'compliant' is not one of the choices; did you mean 'complaint'?",
        ),
    ],
    ids=["clock", "length", "kind"],
)
def test_what_a_policy_cannot_say(desk: Desk, tmp_path: Path, text: str, fault: str) -> None:
    """A mistake in a policy is told with its file, before anything is reckoned by it."""
    shipped = Path("plugins/cskit_complaints/rules/sla-policies/standard.toml").read_text(encoding="utf-8")
    rule(
        tmp_path / "data/rules/sla-policies/standard.toml",
        f'replaces = "standard"\n{shipped}\n[[rules]]\n{text}\n',
    )
    add(desk)
    done = desk("case sla CP-20261012-001")
    assert (done.exit_code, done.stdout) == (2, "")
    assert fault in done.stderr
    assert "standard.toml" in done.stderr


def test_today_tells_of_clocks(desk: Desk) -> None:
    """Promises due by the end of the day, missed ones, and waiting that is over, with what to type."""
    add(desk)
    do(desk, "case comment CP-20261012-001 --text 回电 --contact", "2026-10-12T10:00")
    found = [json.loads(line) for line in desk("today -o jsonl --now 2026-10-15T09:30").stdout.splitlines()]
    assert [(one["what"], one["do"]) for one in found if one["id"] == "CP-20261012-001"][:2] == [
        ("Solution or plan is late by 47 h 30 min", "case promise CP-20261012-001 --due … --text …"),
        ("Answer: 30 min left", "case reply CP-20261012-001 --text …"),
    ]
    do(desk, "case pause CP-20261012-001 --until 2026-10-16 --party 客户 --reason x", "2026-10-15T09:30")
    found = [json.loads(line) for line in desk("today -o jsonl --now 2026-10-16T09:30").stdout.splitlines()]
    assert "case resume CP-20261012-001" in {one["do"] for one in found}
