"""The hotline's figures of 100 000 calls, beside just decoding them: ratios of CPU medians.

    python benchmarks/calls.py [CALLS] [ROUNDS]

Both sides read the same table through the same store; decoding takes the fields that the figures need, and
does no more. The import, with its checks, is measured beside the same import of as many activities of
customers, which have no turns, numbers or queues to be looked up.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cskit.app import App
from cskit.declarations import Period
from cskit.stored import decoder
from cskit.terminal.options import Options
from cskit.testing import run
from cskit_calls.statistics import grouping, thresholds
from cskit_calls.statistics.counted import Calls, Counted
from cskit_calls.statistics.figures import SEEN

NOW = "2026-11-28T10:00"
CUSTOMERS, AGENTS = 1000, 20


def calls(count: int) -> Iterator[dict[str, Any]]:
    """Yield invented calls of four weeks; the same each time."""
    draw = random.Random(7)  # noqa: S311 - invented figures
    for number in range(count):
        lost = draw.random() < 0.06
        row = {
            "key": f"K{number}",
            "at": f"2026-10-{number % 28 + 1:02}T{draw.randrange(6, 22):02}:{draw.randrange(60):02}:07+08:00",
            "number": f"138{draw.randrange(CUSTOMERS):08}",
            "queue": ("consult", "complaint", "order")[number % 3],
            "waiting": str(draw.randrange(60)),
        }
        if lost:
            yield {**row, "result": "abandoned"}
        else:
            spent = {"talking": str(draw.randrange(20, 600)), "wrap_up": "15"}
            agent = f"A{draw.randrange(AGENTS)}"
            yield {
                **row,
                **spent,
                "staff": agent,
                "result": draw.choice(("settled", "unsettled", "transferred")),
            }


def activities(count: int) -> Iterator[dict[str, Any]]:
    """Yield as many invented activities of customers."""
    for number in range(count):
        yield {
            "key": f"K{number}",
            "customer": f"C-{number % CUSTOMERS + 1:06d}",
            "at": f"2026-10-{number % 28 + 1:02}T{number % 24:02}:00:00+08:00",
            "mode": "phone",
            "result": "谈了价格",
        }


def imported(folder: Path, noun: str, rows: Iterator[dict[str, Any]]) -> float:
    """Import rows and return the CPU seconds it took."""
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    start = time.process_time()
    done = run(f"{noun} import - --now {NOW}", data=folder, input=text)
    assert done.exit_code == 0, done.stderr  # noqa: S101 - a benchmark of nothing is none
    return time.process_time() - start


def measured(rounds: int, work: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median CPU seconds of each piece of work, one after the other in each round."""
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _round in range(rounds):
        for name, do in work.items():
            gc.collect()
            start = time.process_time()
            do()
            spent[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    """Make the calls, measure, and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        imported(
            folder,
            "customer",
            ({"key": f"K{n}", "name": f"客户{n}", "phone": f"138{n:08}"} for n in range(CUSTOMERS)),
        )
        imported(folder, "staff", ({"key": f"A{n}", "name": f"坐席{n}"} for n in range(AGENTS)))
        other = imported(folder, "customer activity", activities(count))
        own = imported(folder, "call", calls(count))

        def app() -> App:
            return App(Options(data=str(folder), now=NOW))

        def decode() -> object:
            return [decoder("calls", Counted)(one) for one in app().reading().read("calls")]

        def stats(by: str) -> object:
            asked = app()
            return list(grouping.stats(Calls.of(asked, Period()), by, SEEN, thresholds.load(asked)))

        work: dict[str, Callable[[], object]] = {"decode": decode}
        work |= {by: lambda by=by: stats(by) for by in ("hour", "day", "staff")}
        found = measured(rounds, work)
    print(f"{count} calls, CPU seconds, the median of {rounds} rounds")
    print(f"import calls          {own:6.2f}   {own / other:5.2f} x importing activities ({other:.2f})")
    for what, seconds in found.items():
        ratio = f"{seconds / found['decode']:5.2f} x decoding" if what != "decode" else ""
        print(f"{'stats --by ' * (what != 'decode')}{what:10} {seconds:6.3f}   {ratio}")


if __name__ == "__main__":
    main()
