"""Many notices: no table is read more often for 40 of them than for two."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from cskit import Evidence, Period
from cskit.app import App
from cskit.store.snapshot import Snapshot
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_service import noticefacts
from tests.plugins.service.conftest import Run, worked

LINES = (
    "notice list",
    "notice query",
    "notice plan --from 2026-10-01 --to 2026-10-31",
    "notice print - --form service",
    "today --until 2026-10-31",
    "notice site-survey --where 'type == \"Z1\"' --yes",
    "notice quote --where 'type == \"Z1\"' --line 上门费=80 --yes",
    "notice agree --where 'type == \"Z1\"' --yes",
    "notice perform --where 'type == \"Z1\"' --yes",
    "notice sign-off --where 'type == \"Z1\"' --by 王 --yes",
    "notice invoice --where 'type == \"Z1\"' --yes",
    "report --month 2026-10 --only service",
)
OURS = ("service_notices", "service_orders", "service_invoices", "customers")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read."""
    found: Counter[str] = Counter()

    def read(self, table, where=None, ids=None, names=None, *, real=Snapshot.read):
        found[table] += 1
        return real(self, table, where, ids, names)

    monkeypatch.setattr(Snapshot, "read", read)
    return found


def test_no_table_is_read_in_a_loop(tmp_path: Path, reads: Counter[str]) -> None:
    """Neither where notices are looked at nor where something is done about all of them."""
    counts: list[list[dict[str, int]]] = []
    for size in (2, 40):
        run = department(tmp_path / str(size), "customer add 晨屿样例", "customer add 海风样例")
        rows = "description,type,payment,demand,customer,start,date\n"
        row = "锁坏,Z1,paid,chargeable,C-000001,2026-10-20,2026-10-19\n"
        worked(run("notice import - --now 2026-10-19T09:00", input=rows + row * size))
        ids = "".join(f"SN-{number:06d}\n" for number in range(1, size + 1))
        counts.append([])
        for line in LINES:
            reads.clear()
            worked(run(f"{line} --now 2026-10-20T09:00", input=ids if " - " in line else None))
            counts[-1].append({table: reads[table] for table in OURS})
    assert counts[0] == counts[1]


def test_facts_lead_to_their_notices(service: Run, tmp_path: Path) -> None:
    """What was counted is noted by the code that counts."""
    for day in ("2026-09-10", "2026-10-05"):
        worked(service(f"notice add 少发 --type Z2 --customer KH7 --date {day}"))
    worked(service("notice close SN-000001"))
    options = Options()
    options.data = str(tmp_path / "data")
    evidence = Evidence()
    now = dt.datetime(2026, 10, 20, 2, tzinfo=dt.UTC)
    names = ["service.open", "service.count", "service.last_on"]
    found = noticefacts.known(App(options), names, ["C-000001", "C-000002"], now, Period(), evidence)
    assert found["service.count"] == {"C-000001": 2, "C-000002": 0}
    assert evidence["service.open", "C-000001"].ids == ("SN-000002",)
    assert evidence["service.count", "C-000001"].ids == ("SN-000001", "SN-000002")
    assert evidence["service.last_on", "C-000001"].ids == ("SN-000002",)
    assert ("service.last_on", "C-000002") not in evidence
