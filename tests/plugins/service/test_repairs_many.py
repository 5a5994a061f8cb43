"""Many repairs: what is read of the department does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.store.snapshot import Snapshot
from cskit.store.transaction import FolderTransaction
from cskit.testing import Result, department

HEAD = "fault,unit,engineer,reported_at,finished_at,hours,cost,state\n"
LINES = (
    "repair faults --period 2026-10",
    "today --until 2026-11-30",
)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read, by commands that change something as well."""
    found: Counter[str] = Counter()
    for home in (Snapshot, FolderTransaction):

        def read(self: Any, table: str, *rest: Any, real: Any = home.read, **named: Any) -> Any:
            found[table] += 1
            return real(self, table, *rest, **named)

        monkeypatch.setattr(home, "read", read)
    return found


def filled(folder: Path, size: int) -> tuple[Callable[..., Result], dict[str, str]]:
    """Return a department with so many customers and units, and the files of what is done for them."""
    numbers = range(1, size + 1)
    run = department(folder)
    names = "".join(f"客户{number},华东\n" for number in numbers)
    units = "".join(f"C-{number:06d},净水器,SN{number}\n" for number in numbers)
    for line, rows in (
        ("customer import -", f"name,region\n{names}"),
        ("customer unit import -", f"customer,product,serial\n{units}"),
        ("grade set C-000001 service-tier vip --reason x", ""),
    ):
        done = run(line, input=rows)
        assert done.exit_code == 0, done.stderr
    work = "漏水,U-{:06d},S-00{},2026-10-12T09:00,2026-10-13T09:00,1,80,closed\n"
    files = {
        "repair": HEAD + "".join(work.format(number, number % 7) for number in numbers),
        "return": "product,repair\n" + "".join(f"净水器,RP-{number:06d}\n" for number in numbers),
        "delivery": "customer,at\n" + "".join(f"C-{number:06d},2026-11-05T09:00\n" for number in numbers),
    }
    return run, files


def test_no_table_is_read_in_a_loop(tmp_path: Path, reads: Counter[str]) -> None:
    """Importing and looking at 3 or at 40 of them reads each table as often."""
    counts = []
    for size in (3, 40):
        run, files = filled(tmp_path / str(size), size)
        seen = {}
        for noun, text in files.items():
            reads.clear()
            done = run(f"{noun} import - --now 2026-11-02T09:00", input=text)
            assert done.exit_code == 0, done.stderr
            seen[noun] = dict(reads)
        for line in LINES:
            reads.clear()
            assert run(f"{line} --now 2026-11-20T09:00").exit_code == 0
            seen[line] = dict(reads)
        counts.append(seen)
    assert counts[0] == counts[1]
    assert max(counts[0]["repair faults --period 2026-10"].values()) == 1
