"""Another policy: what was met stays met, what was missed stays missed; --as-of knows the one of then."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.complaints.conftest import Desk, rule

SHIPPED = Path("plugins/cskit_complaints/rules/sla-policies/standard.toml").read_text(encoding="utf-8")
DAY = 8 * 3600


@pytest.fixture
def promise(tmp_path: Path) -> Callable[..., None]:
    """Return a function that puts a policy with another answer target into the place of ours."""

    def write(answer: str, more: str = "") -> None:
        text = SHIPPED.replace('answer = "3d", leader', f'answer = "{answer}", leader')
        assert (text == SHIPPED) is (answer == "3d")
        rule(tmp_path / "data/rules/sla-policies/standard.toml", f'replaces = "standard"\n{more}{text}')

    return write


def answer(desk: Desk, own: str, now: str, options: str = "") -> dict[str, Any]:
    """Return how the answer clock of a case stands."""
    done = desk(f"case sla {own} --clock answer -o jsonl --now {now} {options}")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_another_policy_takes_nothing_back(desk: Desk, promise: Callable[..., None]) -> None:
    """Met stays met, missed stays missed, and what was used counts against the new target at once."""
    for line in (
        "case add 已答复 --now 2026-10-12T10:00",
        "case add 已超时 --now 2026-10-12T10:00",
        "case reply CP-20261012-001 --text 好 --now 2026-10-14T10:00",
        "case add 办理中 --now 2026-10-16T10:00",
    ):
        assert desk(line).exit_code == 0
    promise("1d")
    found = answer(desk, "CP-20261016-001", "2026-10-19T09:00")
    assert (found["target"], found["used"], found["state"]) == (DAY, 7 * 3600, "running")
    assert answer(desk, "CP-20261012-001", "2026-10-19T09:00")["state"] == "met"
    assert desk("case comment CP-20261016-001 --text 查 --now 2026-10-19T09:00").exit_code == 0
    assert answer(desk, "CP-20261016-001", "2026-10-19T10:01")["missed_at"] == "2026-10-19T02:00:00Z"
    promise("9d")
    late = answer(desk, "CP-20261012-002", "2026-10-20T10:00")
    assert (late["state"], late["missed_at"], late["target"]) == ("missed", "2026-10-15T02:00:00Z", 9 * DAY)
    assert answer(desk, "CP-20261016-001", "2026-10-20T10:00")["state"] == "missed"
    assert answer(desk, "CP-20261012-001", "2026-10-20T10:00")["target"] == 3 * DAY
    before = answer(desk, "CP-20261016-001", "2026-10-16T18:00")
    assert (before["target"], before["state"]) == (3 * DAY, "running")


def test_editions_are_kept_once(desk: Desk, promise: Callable[..., None]) -> None:
    """Every policy that cases were promised by is listed, with its hash; other words around it are none."""
    desk("case add 漏水 --now 2026-10-12T10:00")
    desk("case add 停电 --now 2026-10-12T11:00")
    promise("3d", "# no other promise\n")
    desk("case add 噪音 --now 2026-10-13T10:00")
    promise("2d")
    desk("case add 电梯 --now 2026-10-14T10:00")
    lines = [json.loads(line) for line in desk("case policy list -o jsonl").stdout.splitlines()]
    assert [(one["id"], one["since"]) for one in lines] == [
        ("PV-0001", "2026-10-12T02:00:00Z"),
        ("PV-0002", "2026-10-14T02:00:00Z"),
    ]
    assert all(len(one["hash"]) == 64 for one in lines)
    assert '"answer":"2d"' in lines[1]["values"]


def test_a_policy_that_cannot_be_read_keeps_nobody_from_registering(
    desk: Desk, promise: Callable[..., None]
) -> None:
    """A complaint is taken; who asks for clocks is told what is wrong."""
    promise("3d", "mian = 1\n")
    assert desk("case add 漏水").exit_code == 0
    assert desk("case policy list -o jsonl").stdout == ""
    refused = desk("case sla CP-20261123-001")
    assert (refused.exit_code, "mian" in refused.stderr) == (2, True)


def test_what_was_known_then_is_read_by_the_policy_of_then(
    desk: Desk, promise: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--as-of uses what was recorded by that day, and says that today's policy is another."""

    def at(day: int) -> None:
        monkeypatch.setattr("cskit.app._clock", lambda: dt.datetime(2026, 12, day, 2, tzinfo=dt.UTC))

    at(14)
    desk("case add 漏水 --now 2026-12-14T10:00")
    at(15)
    promise("1d")
    desk("case add 停电 --now 2026-12-15T10:00")
    at(22)
    line = "case sla CP-20261214-001 --clock answer -o jsonl --now 2026-12-15T11:00"
    then = desk(f"{line} --as-of 2026-12-14")
    assert (then.exit_code, then.stderr) == (
        0,
        "cskit: clocks are read by the policy of 2026-12-14; today's is another\n",
    )
    assert json.loads(then.stdout)["target"] == 3 * DAY
    now = desk(line)
    assert (now.stderr, json.loads(now.stdout)["target"]) == ("", DAY)
    assert desk(f"{line} --as-of 2026-12-15").stderr == ""


def test_the_grade_counts_that_the_customer_had_when_the_case_came(desk: Desk, tmp_path: Path) -> None:
    """Who is of grade A later has no other promise for an earlier case; another customer brings their own."""
    more = '[[rules]]\ntiers = ["A"]\ntargets = { answer = "4h" }\n\n'
    before, after = SHIPPED.split("[[rules]] # a consultation", 1)
    text = f'replaces = "standard"\n{before}{more}[[rules]] # a consultation{after}'
    rule(tmp_path / "data/rules/sla-policies/standard.toml", text)
    for line in ("customer add 样例乙", "case add 漏水 --customer C-000001 --now 2026-10-12T10:00"):
        assert desk(line).exit_code == 0
    for line in (
        "customer set C-000001 potential_volume=200000",
        "grade run --scheme order-volume --now 2026-10-12T11:00",
        "case add 停电 --customer C-000001 --now 2026-10-12T12:00",
        "case add 别人的 --customer C-000002 --now 2026-10-12T12:00",
    ):
        assert desk(line).exit_code == 0, line
    cases = {one["id"][-1]: one.get("tier") for one in map(json.loads, _listed(desk))}
    targets = [answer(desk, f"CP-20261012-00{n}", "2026-10-12T13:00")["target"] for n in (1, 2, 3)]
    assert (cases, targets) == ({"1": None, "2": "A", "3": None}, [3 * DAY, 4 * 3600, 3 * DAY])
    desk("case set CP-20261012-003 customer=C-000001 --now 2026-10-12T13:00")
    assert answer(desk, "CP-20261012-003", "2026-10-12T13:00")["target"] == 4 * 3600


def _listed(desk: Desk) -> list[str]:
    return desk("case list -o jsonl --fields id,tier").stdout.splitlines()
