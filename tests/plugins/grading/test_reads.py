"""Deciding reads each table as often for many customers as for few."""

from __future__ import annotations

from collections import Counter

import pytest

from cskit.app import App
from cskit.store.snapshot import Snapshot
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_grading import deciding


@pytest.fixture
def reads(monkeypatch):
    """Return how often each table was read."""
    found: Counter[str] = Counter()

    def read(self, table, where=None, ids=None, *, real=Snapshot.read):
        found[table] += 1
        return real(self, table, where, ids)

    monkeypatch.setattr(Snapshot, "read", read)
    return found


def test_no_table_is_read_in_a_loop(tmp_path, reads):
    """All schemes at once read orders once for all time and once for the last year, for 5 or for 2 000."""
    counts = []
    for size in (5, 2000):
        (tmp_path / "orders.jsonl").write_text(
            "".join(f'{{"customer":"K{n}","date":"2026-11-01","amount":{n}}}\n' for n in range(size))
        )
        folder = tmp_path / f"data-{size}"
        department(folder, f"customer order import {tmp_path / 'orders.jsonl'} --create-customers")
        reads.clear()
        outcome = deciding.decide(App(Options(data=str(folder), now="2026-11-22")), None)
        assert len(outcome.decisions["order-volume"]) == size
        counts.append(dict(reads))
    assert counts[0] == counts[1]
    assert counts[0]["orders"] == 2
    assert max(counts[0].values()) <= 3
