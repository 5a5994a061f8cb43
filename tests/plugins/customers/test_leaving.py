"""The day on which customers leave is noted with their state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cskit.testing import department


def test_the_day_is_noted_with_the_state(tmp_path: Path) -> None:
    """Who is lost or closed left that day, unless another day is given; who is back has not left."""
    run = department(tmp_path / "data", *(f"customer add 样例{n}" for n in "甲乙丙丁"))

    def left() -> dict[str, Any]:
        lines = run("customer list -o jsonl --fields id,left_on").stdout.splitlines()
        return {row["id"][-1]: row.get("left_on") for row in map(json.loads, lines)}

    for line in (
        "customer set C-000001 state=lost --now 2026-11-20T10:00",
        "customer set C-000002 state=closed left_on=2026-10-31 --now 2026-11-20T10:00",
        "customer close C-000003 --erase --yes --now 2026-11-21T10:00",
        "customer set C-000001 state=closed --now 2026-11-25T10:00",
        "customer set C-000002 state=active --now 2026-11-25T10:00",
    ):
        assert run(line).exit_code == 0, line
    assert left() == {"1": "2026-11-20", "2": None, "3": "2026-11-21", "4": None}
    facts = run("fact show customer C-000001 --names customer.active,customer.since,customer.left_on -o json")
    assert json.loads(facts.stdout) == [
        {"id": "C-000001", "customer.active": False, "customer.left_on": "2026-11-20"}
    ]
    assert run("undo --yes").exit_code == 0
    assert left()["2"] == "2026-10-31"
