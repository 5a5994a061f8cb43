"""No table is read inside a loop: commands read tables as often for 5 000 records as for 50."""

from __future__ import annotations

from collections import Counter

import pytest

from cskit.store.folder import FolderTransaction
from cskit.store.snapshot import Snapshot

LINES = {
    "list": "customer list -o jsonl",
    "list by key": "customer list - -o jsonl",
    "count": "customer count --by region",
    "export": "customer order export --out o.csv",
    "set": "customer set - owner=S-1 -o jsonl",
    "set by where": "customer set --where 'known(name)' owner=S-2 --yes -o jsonl",
    "set a reference": "customer order set --where 'known(date)' referred_by=K7 --yes -o jsonl",
    "import again": "customer order import orders.jsonl --create-customers",
    "lost": "customer lost --days 1 -o jsonl",
    "rank": "customer rank -o jsonl",
    "duplicates": "customer duplicates -o jsonl",
    "today": "today --until 2099-12-31 -o jsonl",
    "timeline": "customer timeline KEEP -o jsonl",
    "copy": "customer copy KEEP -o json",
    "handover": "customer handover --from S-2 --to S-3 --yes -o jsonl",
    "open fees": "customer ledger open -o jsonl",
    "merge": "customer merge KEEP - --yes",
    "remove orders": "customer order remove --where 'known(date)' --yes",
    "remove": "customer remove --where 'known(name)' --yes",
}


@pytest.fixture
def reads(monkeypatch):
    """Return how often each table was read."""
    found: Counter[str] = Counter()
    for kind in (Snapshot, FolderTransaction):

        def read(self, table, where=None, ids=None, names=None, *, real=kind.read):
            found[table] += 1
            return real(self, table, where, ids, names)

        monkeypatch.setattr(kind, "read", read)
    return found


def counted(office, reads, size):
    """Run all the command lines in a new folder; return how often each read which table."""
    keys = [f"K{number}" for number in range(size)]
    with open("customers.jsonl", "w") as file:
        file.writelines(f'{{"key":"{key}","name":"{key}"}}\n' for key in keys)
    with open("orders.jsonl", "w") as file:
        file.writelines(f'{{"customer":"{key}x","date":"2026-11-01"}}\n' for key in keys)
    found = {}
    first = {
        "keep": "customer add one --id KEEP",
        "import": "customer import customers.jsonl",
        "create": LINES["import again"],
    }
    for name, line in (first | LINES).items():
        reads.clear()
        done = office(line, data=f"data-{size}", input="\n".join(keys))
        assert done.exit_code == 0, (line, done.stderr)
        found[name] = dict(reads)
    return found


def test_the_same_number_of_reads(office, reads):
    """However many records there are, each command reads each table the same few times."""
    few, many = counted(office, reads, 50), counted(office, reads, 5000)
    assert few == many
    assert max(count for tables in many.values() for count in tables.values()) <= 4, many
