"""However many calls there are, a command reads each table as often."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cskit.store.snapshot import Snapshot
from cskit.store.transaction import FolderTransaction
from tests.plugins.calls.conftest import Run, worked


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read."""
    found: Counter[str] = Counter()
    for kind in (Snapshot, FolderTransaction):

        def read(self: Any, table: str, *which: Any, real: Any = kind.read, **named: Any) -> Any:
            found[table] += 1
            return real(self, table, *which, **named)

        monkeypatch.setattr(kind, "read", read)
    return found


def rows(count: int) -> str:
    """Return calls in and out as a file: promised, handed to groups, known by their numbers."""
    lines = ["key,at,number,queue,direction,staff,waiting,talking,promise_due"]
    for number in range(count):
        at = f"2026-10-{number % 18 + 1:02} {number % 24:02}:00"
        way, due = ("out", "") if number % 5 == 4 else ("in", "2026-10-20 18:00")
        lines.append(f"{count}-{number},{at},1380000001{number % 9},sales,{way},A1,5,60,{due}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "call add x --number 13800000012 --queue complaint",
        "call add x --queue sales --number 13900000009",
        "call stats --by hour",
        "call stats --by staff --where 'staff == \"S-001\"'",
        "call promises --kept --overdue",
        "call staffing --from 2026-10-01 --to 2026-10-18",
        "call visitors --by group",
        "today",
        "fact show staff S-001 --names calls.handled,calls.aht,calls.transfer,calls.first_contact",
        "report --month 2026-10 --only calls",
        "call import - --format csv",
    ],
)
def test_tables_are_not_read_in_a_loop(hotline: Run, reads: Counter[str], line: str) -> None:
    """A command reads as often over 120 calls as over 30."""
    found = []
    for size in (30, 120):
        worked(hotline("call import - --format csv", input=rows(size)))
        reads.clear()
        worked(hotline(line, input=rows(size) if "import" in line else None))
        found.append(dict(reads))
    assert found[0] == found[1]
