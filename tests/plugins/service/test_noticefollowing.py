"""What notices tell others: what is due, timelines, facts, the report, surveys; and what is forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.service.conftest import Run, worked

Stored = Callable[..., Any]
Z1 = "--type Z1 --payment paid --demand chargeable --customer KH7"


def step(service: Run, line: str, **when: str) -> None:
    """Take a step with the notice SN-000001."""
    verb, _space, rest = line.partition(" ")
    worked(service(f"notice {verb} SN-000001 {rest}", **when))


@pytest.mark.parametrize(
    ("steps", "said", "do"),
    [
        ((), "starts: 锁坏", "notice process SN-000001"),
        (
            ("site-survey --head-office",),
            "decide whether the head office is asked: 锁坏",
            "notice approve SN-000001",
        ),
        (
            ("site-survey --head-office", "approve --user S-002"),
            "pass on to logistics: 锁坏",
            "notice logistics SN-000001",
        ),
        (
            ("site-survey --head-office", "refuse --reason x --user S-002"),
            "not approved, survey it again or close it: 锁坏",
            "notice site-survey SN-000001",
        ),
        (
            ("site-survey", "quote --line x=1"),
            "ask whether the customer agrees to the quotation: 锁坏",
            "notice agree SN-000001",
        ),
        (("site-survey", "perform"), "have it signed off: 锁坏", "notice sign-off SN-000001 --by …"),
        (("site-survey", "perform", "sign-off --by x"), "close the notice: 锁坏", "notice close SN-000001"),
        (
            ("site-survey", "quote --line x=1", "agree", "perform", "sign-off --by x", "close"),
            "make the invoice: 锁坏",
            "notice invoice SN-000001",
        ),
    ],
)
def test_what_is_due_is_what_comes_next(service: Run, steps: tuple[str, ...], said: str, do: str) -> None:
    """Of each notice one thing, and what to type for it."""
    worked(service(f"notice add 锁坏 {Z1} --start 2026-10-20 --staff S-008"))
    for line in steps:
        step(service, line)
    rows = [json.loads(line) for line in worked(service("today -o jsonl")).splitlines()]
    mine = [(row["what"], row["do"]) for row in rows if row["id"] == "SN-000001"]
    assert mine == [(said, f"cskit {do}")] or mine == [(said, do)]


def test_a_promised_day_that_is_over(service: Run) -> None:
    """It stands beside what comes next until the customer signed off; an urgent notice stands first."""
    worked(service(f"notice add 锁坏 {Z1} --end 2026-10-19 --urgent"))
    seen = worked(service("today"))
    assert "promised to be done: 锁坏" in seen
    assert "handle at once: 锁坏" in seen
    step(service, "perform")
    step(service, "sign-off --by x")
    assert "promised to be done" not in worked(service("today"))


def test_the_customer_s_timeline(service: Run) -> None:
    """Every step stands in it."""
    worked(service(f"notice add 锁坏 {Z1}"))
    step(service, "site-survey --text 锁芯断裂")
    seen = worked(service("customer timeline C-000001"))
    assert "create: 锁坏" in seen
    assert "survey on site: 锁芯断裂" in seen
    assert "锁坏" not in worked(service("customer timeline C-000002"))


def test_facts(service: Run) -> None:
    """Open ones as they are now; count and last day of the period; nothing of days to come."""
    for day in ("2026-09-10", "2026-10-05", "2026-10-20", "2026-11-01"):
        worked(service(f"notice add 少发 --type Z2 --customer KH7 --date {day}"))
    worked(service("notice close SN-000001"))

    def facts(more: str = "") -> dict[str, Any]:
        row = json.loads(worked(service(f"fact show customer C-000001 -o jsonl {more}")))
        return {name: value for name, value in row.items() if name.startswith("service.")}

    assert facts() == {"service.open": 2, "service.count": 3, "service.last_on": "2026-10-20"}
    september = facts("--period 2026-09")
    assert (september["service.count"], september["service.last_on"]) == (1, "2026-09-10")


def test_the_report(service: Run) -> None:
    """Figures of the month, and the records behind them."""
    worked(service(f"notice add 锁坏 {Z1} --date 2026-10-12 --end 2026-10-21"))
    worked(service("notice add 少发 --type Z2 --date 2026-10-13 --end 2026-10-15 --urgent"))
    for line in (
        "site-survey",
        "quote --line 上门费=80.50",
        "agree",
        "perform",
        "sign-off --by x",
        "close",
        "invoice",
    ):
        step(service, line)
    rows = worked(service("report --month 2026-10 --only service -o jsonl")).splitlines()
    found = {one["figure"]: one.get("value") for one in map(json.loads, rows)}
    assert {
        name.partition(".")[2]: value for name, value in found.items() if name.startswith("notices.")
    } == {
        **{"new": 2, "urgent": 1, "closed": 1, "on-time": 100.0, "open": 1, "late": 1},
    }
    assert (found["orders.agreed"], found["orders.invoiced"]) == (100.0, 80.5)


def test_closed_notices_can_be_asked(service: Run) -> None:
    """A round of a questionnaire asks the customers of what was closed in the period."""
    worked(service(f"notice add 锁坏 {Z1} --urgent --staff S-008"))
    worked(service(f"notice add 还开着 {Z1}"))
    for line in ("perform", "sign-off --by x", "close"):
        step(service, line)
    asked = "survey new repair --population notice --on closed_at --period 2026-10 --size 100% --seed 1"
    worked(service(asked))
    rows = worked(service("survey sample SR-0001 -o jsonl")).splitlines()
    assert [json.loads(row)["about"] for row in rows] == ["SN-000001"]


def test_erasure_leaves_no_byte(service: Run, stored: Stored, tmp_path: Path) -> None:
    """What tells of the customer goes from notices, orders and invoices; figures stay."""
    given = f"{Z1} --contact 王样例甲 --phone 13712345678 --address 样例东路77号 --text 家中无人 --urgent"
    worked(service(f"notice add 书房锁坏 {given} --document SO-7781 --document-date 2026-09-01"))
    for line in (
        *("quote --line 书房上门=80", "agree --text 王样例甲认可", "perform", "sign-off --by 王样例甲"),
        *("close", "invoice"),
    ):
        step(service, line)
    worked(service("customer close C-000001 --erase --reason 本人要求 --yes"))
    worked(service("data compact --yes"))
    notice = stored("notice", "SN-000001")
    assert (notice["description"], notice["status"], notice["system"]) == ("SN-000001", "TZJL", "completed")
    assert stored("service-invoice", "ZFW-00001")["amount"] == 80
    held = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir() if file.is_file())
    for secret in ("王样例甲", "13712345678", "样例东路77号", "家中无人", "书房", "SO-7781"):
        for form in (secret, json.dumps(secret)[1:-1]):
            assert form.encode() not in held, secret


def test_references_hold(service: Run) -> None:
    """A notice with an order cannot be removed, nor its customer."""
    worked(service(f"notice add 锁坏 {Z1} --urgent"))
    step(service, "quote --line x=1")
    assert service("notice remove SN-000001 --yes").exit_code == 4
    assert service("customer remove C-000001 --yes").exit_code == 4


def test_a_batch_of_steps_is_one_change(service: Run, tmp_path: Path, stored: Stored) -> None:
    """Later lines see earlier ones; one that is refused takes all back."""
    worked(service(f"notice add 锁坏 {Z1} --urgent"))
    lines = ("notice perform SN-000001", "notice sign-off SN-000001 --by x", "notice close SN-000001")
    (tmp_path / "steps.txt").write_text("\n".join((*lines, "notice process SN-000001")), encoding="utf-8")
    assert service(f"batch {tmp_path}/steps.txt").exit_code == 1
    assert stored("notice", "SN-000001")["system"] == "outstanding"
    (tmp_path / "steps.txt").write_text("\n".join(lines), encoding="utf-8")
    worked(service(f"batch {tmp_path}/steps.txt"))
    assert stored("notice", "SN-000001")["system"] == "completed"
    worked(service("undo --yes"))
    assert stored("notice", "SN-000001")["system"] == "outstanding"
