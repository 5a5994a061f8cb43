"""What is asked of a large register, beside just decoding the same documents: ratios of CPU medians.

    python benchmarks/register.py [CUSTOMERS] [ROUNDS]

Five orders, three activities and a fee for each customer (100 000 customers if not said otherwise). The other
side reads the same tables through the same store and decodes the few fields that are needed, no more.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cskit import agenda
from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import run
from cskit_customers import duplicates, standing
from cskit_customers.documents import decoded
from cskit_customers.facts import SPECS, Card
from cskit_customers.fees import Fee
from cskit_customers.following import Chosen, Entry
from cskit_customers.orders import line_with

NOW = "2026-11-28T10:00"
TABLES = {
    "customers": (Card, standing.Card, duplicates.Card),
    "orders": (line_with(()), line_with(("amount",))),
    "opportunities": (Chosen,),
    "activities": (Entry,),
    "ledger": (Fee,),
}


def rows(customers: int) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield nouns and invented rows."""
    yield (
        "customer",
        (
            {
                "key": f"K{n}",
                "name": f"客户{n % (customers - 500)}有限公司",
                "phone": f"138{n:08d}",
                "owner": f"S-{n % 20}",
            }
            for n in range(customers)
        ),
    )
    yield (
        "customer order",
        (
            {
                **{
                    "customer": f"C-{n % customers + 1:06d}",
                    "date": f"202{n % 7}-{n % 12 + 1:02}-{n % 28 + 1:02}",
                },
                **{"product": f"P{n % 40}", "amount": f"{n % 9999}.50", "state": "completed", "key": str(n)},
            }
            for n in range(5 * customers)
        ),
    )
    yield (
        "customer activity",
        (
            {
                **{
                    "customer": f"C-{n % customers + 1:06d}",
                    "at": f"2026-{n % 11 + 1:02}-{n % 28 + 1:02}T02:00:00Z",
                },
                **{"mode": ("phone", "visit")[n % 2], "result": "谈了价格", "key": str(n)},
                **({"next_on": "2026-12-15"} if n % 9 == 0 else {}),
            }
            for n in range(3 * customers)
        ),
    )
    yield (
        "customer ledger",
        (
            {
                **{
                    "customer": f"C-{n + 1:06d}",
                    "item": "货款",
                    "amount": "100",
                    "due": "2026-11-01",
                    "key": str(n),
                },
                "payments": [{"date": f"2026-11-{n % 27 + 1:02}", "amount": str(n % 120 + 1)}],
            }
            for n in range(customers)
        ),
    )


def decoding(app: App, *shapes: tuple[str, type[Any]]) -> Callable[[], object]:
    """Return what reads tables and decodes a few fields of each document."""

    def go() -> int:
        reading = app.store.reading()
        return sum(1 for table, shape in shapes for _one in decoded(table, reading.read(table), shape))

    return go


def tasks(data: str, app: App) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return what is measured beside what."""
    names = [spec.name for spec in SPECS]
    ids = [card.id for card in decoded("customers", app.store.reading().read("customers"), Card)]
    order, amount = TABLES["orders"]
    card, ranked, alike = TABLES["customers"]
    rest = (("opportunities", Chosen), ("activities", Entry), ("ledger", Fee))

    def fresh() -> App:
        return App(Options(data=data, now=NOW), installed={"customers": "cskit_customers"})

    return {
        "rank": (
            lambda: standing.rank(app.store.reading(), "amount", app.today),
            decoding(app, ("customers", ranked), ("orders", amount)),
        ),
        "lost": (
            lambda: standing.lost(app.store.reading(), 180, app.today),
            decoding(app, ("customers", ranked), ("orders", order)),
        ),
        "duplicates": (
            lambda: list(duplicates.find(app.store.reading())),
            decoding(app, ("customers", alike)),
        ),
        "today": (
            lambda: agenda.collect(fresh()),
            decoding(app, ("customers", card), *rest),
        ),
        f"all {len(names)} facts": (
            lambda: fresh().facts("customer", names, ids),
            decoding(app, ("customers", card), ("orders", amount), *rest),
        ),
        "activity and fee facts": (
            lambda: fresh().facts("customer", [n for n in names if n.startswith(("activity", "fees"))], ids),
            decoding(app, ("customers", card), ("activities", Entry), ("ledger", Fee)),
        ),
    }


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that some work takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Build the register, measure in turn, and print one row a task."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as name:
        for noun, found in rows(customers):
            source = Path(name) / "rows.jsonl"
            with source.open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
            done = run(f"-q {noun} import {source}", data=f"{name}/data")
            if done.exit_code:
                sys.exit(done.stderr)
        run("-q data settle", data=f"{name}/data")
        app = App(Options(data=f"{name}/data", now=NOW))
        print(f"{customers} customers, medians of {rounds} interleaved runs, CPU seconds in process")
        for label, (ours, beside) in tasks(f"{name}/data", app).items():
            taken = [(cpu(ours), cpu(beside)) for _turn in range(rounds)]
            mine, theirs = (statistics.median(pair[side] for pair in taken) for side in (0, 1))
            print(f"{label:24} {mine:6.2f} s   decoding {theirs:6.2f} s   {mine / theirs:5.2f}×")


if __name__ == "__main__":
    main()
