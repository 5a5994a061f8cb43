"""Promises, extensions by other eyes, compensation by tiers, and what is noted on a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result
from tests.plugins.complaints.conftest import own_repair

Desk = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
ONE, TWO = "CP-20261123-001", "CP-20261123-002"
AT = "2026-11-23T02:00:00Z"


@pytest.fixture
def given(desk: Desk, tmp_path: Path) -> Desk:
    """Return a desk with a case that the repair department has, where S-008 and S-009 have roles."""
    roles = '[roles]\nsupervisor = ["S-008"]\nmanager = ["S-009"]\ndirector = ["S-010", "S-011"]\n'
    own_repair(tmp_path / "data", roles)
    for line in ("case add 漏水 --customer KH7", f"case assign {ONE} --to repair"):
        assert desk(line).exit_code == 0
    return desk


# --- promises ----------------------------------------------------------------------------------------------


def test_a_promise_is_kept(given: Desk, case: Stored) -> None:
    """A promise has a time, stands in `today` until it is kept, and both are in the course."""
    line = f"case promise {ONE} --due 2026-11-23T15:00 --text 下午回电"
    assert given(line).exit_code == 0
    shown = given("today").stdout
    assert "promised: 下午回电" in shown
    assert f"cskit case keep {ONE}" in shown
    assert given(f"case keep {ONE} --text 已回电 --now 2026-11-23T14:00").exit_code == 0
    assert "promised" not in given("today --now 2026-11-23T14:01").stdout
    assert case()["promises"] == [
        {
            "text": "下午回电",
            "due": "2026-11-23T07:00:00Z",
            "by": "S-001",
            "at": "2026-11-23T02:00:00Z",
            "kept_at": "2026-11-23T06:00:00Z",
            "kept_by": "S-001",
        }
    ]


def test_which_promise(given: Desk, case: Stored) -> None:
    """Of several open promises one must be named; none open is refused."""
    for text in ("回电", "上门"):
        assert given(f"case promise {ONE} --due 3d --text {text}").exit_code == 0
    refused = given(f"case keep {ONE}")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"cskit: case {ONE}: which promise? open are 1, 2\nsay it with --number\n",
    )
    assert given(f"case keep {ONE} --number 2").exit_code == 0
    assert given(f"case keep {ONE}").exit_code == 0
    assert all(one["kept_at"] for one in case()["promises"])
    assert given(f"case keep {ONE}").stderr == f"cskit: case {ONE}: no promise is open\n"


def test_a_promise_in_the_past(given: Desk) -> None:
    """What cannot be kept is not promised."""
    done = given(f"case promise {ONE} --due 2026-11-20 --text 回电")
    assert (done.exit_code, done.stderr) == (
        2,
        "cskit: --due lies in the past\npromise what can still be kept\n",
    )


# --- extensions --------------------------------------------------------------------------------------------


def test_an_extension_is_approved_by_another(given: Desk, case: Stored) -> None:
    """Who asks for a later deadline cannot approve it; another can, and then the deadline moves."""
    before = case()["due"]
    assert given(f"case extend {ONE} --until 2026-12-10 --reason 配件进口").exit_code == 0
    assert case()["due"] == before
    assert f"cskit case approve {ONE} --extension 1" in given("today").stdout
    own = given(f"case approve {ONE}")
    assert (own.exit_code, own.stdout, own.stderr) == (
        1,
        "",
        f"cskit: case {ONE}: S-001 asked for this extension, so somebody else has to approve it\n",
    )
    assert given(f"case approve {ONE} --user S-008").exit_code == 0
    found = case()
    assert found["due"] == "2026-12-10T15:59:59Z"
    assert (found["extensions"][0]["state"], found["extensions"][0]["decided_by"]) == ("approved", "S-008")


def test_an_extension_is_refused(given: Desk, case: Stored) -> None:
    """Saying no needs a reason, and leaves the deadline."""
    before = case()["due"]
    given(f"case extend {ONE} --until 2026-12-10 --reason 配件进口")
    assert given(f"case approve {ONE} --refuse --user S-008").exit_code == 2
    assert given(f"case approve {ONE} --refuse --user S-008 --reason 有库存").exit_code == 0
    found = case()
    assert (found["due"], found["extensions"][0]["state"]) == (before, "refused")
    assert (found["events"][-1]["what"], found["events"][-1]["reason"]) == ("refuse", "有库存")


def test_what_cannot_be_extended(given: Desk) -> None:
    """No deadline, an earlier one, one asked for already: each is refused."""
    given("case add 停电")
    assert "has no deadline to extend" in given(f"case extend {TWO} --until 9d --reason x").stderr
    early = given(f"case extend {ONE} --until 2026-11-24 --reason x")
    assert "that is not later than its deadline" in early.stderr
    assert given(f"case extend {ONE} --until 9d --reason x").exit_code == 0
    twice = given(f"case extend {ONE} --until 10d --reason x")
    assert (twice.exit_code, twice.stderr) == (
        1,
        f"cskit: case {ONE}: an extension waits for approval already\n",
    )


# --- compensation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "granted"),
    [
        ("compensation", {"amount": 99999, "proposed_by": "S-001", "state": "approved"}),
        (
            "compensation",
            {"amount": 9, "proposed_by": "S-1", "state": "paid", "approvals": [{"by": "S-1", "at": AT}]},
        ),
        ("extensions", {"until": AT, "reason": "x", "asked_by": "S-1", "state": "approved"}),
    ],
)
def test_no_file_gets_round_the_second_person(desk: Desk, field: str, granted: dict[str, Any]) -> None:
    """A case that is imported brings no money or time with it that nobody else has approved."""
    times = {"proposed_at": AT} if field == "compensation" else {"asked_at": AT, "decided_by": "S-1"}
    row = json.dumps({"content": "漏水", "category": "leaks", field: [granted | times]})
    done = desk("case import - --format jsonl", input=row)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "compensation or an extension that no second person approved" in done.stderr
    row = row.replace('"approved"', '"refused"').replace('"paid"', '"refused"')
    assert desk("case import - --format jsonl", input=row).exit_code == 0


@pytest.mark.parametrize(
    ("amount", "approvers"),
    [
        ("0.01", ["S-008"]),
        ("500", ["S-008"]),
        ("500.01", ["S-009"]),
        ("5000", ["S-009"]),
        ("5000.01", ["S-010", "S-011"]),
    ],
)
def test_compensation_by_tiers(given: Desk, case: Stored, amount: str, approvers: list[str]) -> None:
    """The amount decides who approves and how many; only then it can be paid."""
    assert given(f"case compensate {ONE} --amount {amount} --charge-to 工程维修中心").exit_code == 0
    assert given(f"case pay {ONE}").stderr.startswith(
        f"cskit: case {ONE}: its compensation is not approved yet\n"
    )
    others = [one for one in ("S-008", "S-009", "S-010") if one not in approvers]
    for other in others:
        refused = given(f"case approve {ONE} --user {other}")
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert f"compensation of {amount} takes the " in refused.stderr
    for approver in approvers:
        assert "state" not in case()["compensation"][0]  # proposed
        assert given(f"case approve {ONE} --user {approver}").exit_code == 0
    assert given(f"case pay {ONE} --user S-020").exit_code == 0
    (paid,) = case()["compensation"]
    assert (paid["state"], paid["amount"], paid["charged_to"]) == ("paid", float(amount), "repair")
    assert [one["by"] for one in paid["approvals"]] == approvers


def test_four_eyes(given: Desk) -> None:
    """Who proposed does not approve, and nobody approves twice."""
    given(f"case compensate {ONE} --amount 9000 --user S-010")
    own = given(f"case approve {ONE} --user S-010")
    said = f"cskit: case {ONE}: S-010 proposed this compensation, so somebody else has to approve it\n"
    assert (own.exit_code, own.stderr) == (1, said)
    given(f"case compensate {TWO} --amount 9000")
    assert given(f"case approve {ONE} --user S-011").exit_code == 0
    twice = given(f"case approve {ONE} --user S-011")
    assert "S-011 has approved this compensation already, so another has to" in twice.stderr


@pytest.mark.parametrize("amount", ["0", "-3", "1.005", "NaN", "1e999", "viel"])
def test_an_amount_that_is_none(given: Desk, amount: str) -> None:
    """Money has two decimals and is more than nothing."""
    done = given(f"case compensate {ONE} --amount={amount}")
    assert (done.exit_code, done.stdout) == (2, "")


def test_both_wait(given: Desk, case: Stored) -> None:
    """Where an extension and compensation wait, one of them has to be named."""
    given(f"case extend {ONE} --until 2026-12-10 --reason 配件进口")
    given(f"case compensate {ONE} --amount 100")
    refused = given(f"case approve {ONE} --user S-008")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"cskit: case {ONE}: an extension and compensation wait; say which\n"
        "say it with --extension N or --compensation N\n",
    )
    assert given(f"case approve {ONE} --compensation 1 --user S-008").exit_code == 0
    assert given(f"case approve {ONE} --extension 1 --user S-008").exit_code == 0
    assert (case()["compensation"][0]["state"], case()["extensions"][0]["state"]) == ("approved", "approved")


# --- notes -------------------------------------------------------------------------------------------------


def test_chased_escalated_supervised(given: Desk, case: Stored) -> None:
    """How often the customer asked again is counted; levels rise one by one, to who has the role."""
    for _round in range(2):
        assert given(f"case chase {ONE} --text 催问进度").exit_code == 0
    assert given(f"case escalate {ONE} --reason 客户不满").exit_code == 0
    assert given(f"case escalate {ONE} --level 3 --reason 媒体来电").exit_code == 0
    assert given(f"case supervise {ONE} --by S-099").exit_code == 0
    found = case()
    assert (found["chased"], found["escalated"], found["supervised_by"]) == (2, 3, "S-099")
    raised = [event for event in found["events"] if event["what"] == "escalate"]
    assert [(event["party"], event["handler"]) for event in raised] == [
        ("supervisor", "S-008"),
        ("director", "S-010"),
    ]
    again = given(f"case escalate {ONE} --reason x")
    assert again.stderr == f"cskit: case {ONE} is at level 3 already\n"
    none = given(f"case escalate {ONE} --level 9 --reason x")
    assert none.stderr == ("cskit: there is no level 9\nthere are 1 supervisor, 2 manager, 3 director\n")


def test_a_comment_with_files(given: Desk, case: Stored, tmp_path: Path) -> None:
    """Of a file its name, size and digest are noted, once; a file that is not there is named."""
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(b"picture")
    assert given(f"case comment {ONE} --attach {photo} --text 现场照片 --contact").exit_code == 0
    assert given(f"case comment {ONE} --attach {photo}").exit_code == 0
    digest = hashlib.sha256(b"picture").hexdigest()
    assert case()["attachments"] == [{"name": "现场.jpg", "digest": digest, "size": 7}]
    assert case()["events"][-1]["text"] == "attached: 现场.jpg"
    assert given(f"case comment {ONE} --attach {tmp_path / 'nothing.jpg'}").exit_code == 2
    assert given(f"case comment {ONE}").stderr.startswith("cskit: there is nothing to note\n")


def test_linked_both_ways(given: Desk, case: Stored) -> None:
    """A link stands in both cases, once; a case that is removed leaves no link."""
    given("case add 也漏水")
    assert given(f"case link {ONE} --to {TWO} --reason 同一管道").exit_code == 0
    assert (case()["links"], case(TWO)["links"]) == ([TWO], [ONE])
    assert "nothing to save" in given(f"case link {ONE} --to {TWO}").stderr
    assert given(f"case link {ONE} --to {ONE}").stderr == f"cskit: case {ONE} cannot be linked to itself\n"
    assert given(f"case link {ONE} --to CP-1").exit_code == 3
    assert given(f"case remove {TWO} --yes").exit_code == 0
    assert "links" not in case()


@pytest.mark.parametrize(
    "line",
    [
        "chase",
        "escalate --reason x",
        "supervise",
        "promise --due 3d --text x",
        "extend --until 3d --reason x",
    ],
)
def test_what_has_ended(desk: Desk, line: str) -> None:
    """On a case that has ended nothing more is promised, chased or raised."""
    desk("case add 漏水")
    desk(f"case reject {ONE} --reason 红线外 --text 已转")
    done = desk(f"case {line.partition(' ')[0]} {ONE} {line.partition(' ')[2]}")
    assert (done.exit_code, done.stderr) == (
        1,
        f"cskit: case {ONE} has ended\n",
    )
