"""cskit beside sqlite-utils, jq and stock TinyDB at 1 000, 10 000 and 100 000 customers, as ratios.

    python benchmarks/compare.py [--quick] [--rounds N] [--write]

Whole processes, one after the other in each round, so that all see the same machine; medians of CPU
seconds. sqlite-utils and TinyDB neither validate nor keep a history, jq only reads. `--quick` leaves out the
largest and takes a minute; `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import contest
from contest import TASKS, Task, Tools
from population import Place, make, place

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
OTHERS = ("sqlite-utils", "jq", "TinyDB")


class Cost(NamedTuple):
    """What a process took: seconds of user and system time, and the most bytes it held."""

    seconds: float
    memory: int


def measured(line: list[str], env: dict[str, str]) -> Cost:
    """Run a command line that must succeed, and return what it took."""
    process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(line)[:200]} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss << 10)


def run(task: Task, tools: Tools, to: Place, rounds: int, env: dict[str, str]) -> dict[str, Cost]:
    """Return the median costs of a task for each contestant, after a round that fills caches."""
    costs: dict[str, list[Cost]] = {}
    for turn in range(rounds + 1):
        for name, line in task.lines(tools, to, turn).items():
            if line[0]:
                cost = measured(line, env)
                if turn:
                    costs.setdefault(name, []).append(cost)
    return {
        name: Cost(
            statistics.median(c.seconds for c in taken), int(statistics.median(c.memory for c in taken))
        )
        for name, taken in costs.items()
    }


def main() -> None:
    """Measure everything and print a row for each task and size."""
    asked = _arguments()
    sizes = (1_000, 10_000) if asked.quick else (1_000, 10_000, 100_000)
    tools, lines = contest.tools(), []
    with tempfile.TemporaryDirectory() as name:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env |= {"PYTHONPYCACHEPREFIX": str(Path(name, "compiled")), "CSKIT_PLUGINS": "customers"}
        places = [place(Path(name, str(size)), size) for size in sizes]
        for to in places:
            make(to, tools.cskit, tools.sqlite_utils, env)
        for task in TASKS:
            for to in places:
                costs = run(task, tools, to, asked.rounds, env)
                lines.append(_row(task, to.count, costs))
                print(lines[-1], flush=True)
                if task.what.startswith("filter"):
                    lines.append(_memory(to.count, costs))
                    print(lines[-1], flush=True)
                if asked.write:
                    _write(_page(lines, asked.rounds))


def _row(task: Task, count: int, costs: dict[str, Cost]) -> str:
    ours = costs["cskit"].seconds
    cells = [f"{task.what}", f"{count:,}".replace(",", " "), f"{ours:.2f} s"]
    for name in OTHERS:
        goal = task.goals.get(name) if count == 100_000 else None
        cells.append(_ratio(ours, costs[name].seconds, goal) if name in costs else "")
    return "| " + " | ".join(cells) + " |"


def _memory(count: int, costs: dict[str, Cost]) -> str:
    ours = costs["cskit"].memory
    cells = ["… its peak memory", f"{count:,}".replace(",", " "), f"{ours >> 20} MB"]
    for name in OTHERS:
        goal = contest.MEMORY_GOAL if name == "TinyDB" and count == 100_000 else None
        cells.append(_ratio(ours, costs[name].memory, goal) if name in costs else "")
    return "| " + " | ".join(cells) + " |"


def _ratio(ours: float, theirs: float, goal: float | None) -> str:
    ratio = ours / theirs
    said = f"{ratio:.2f}×"
    return said if goal is None else f"{said} ({'within' if ratio <= goal else 'over'} {goal}×)"


def _page(lines: list[str], rounds: int) -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("sqlite-utils", "tinydb"))
    jq = subprocess.run(["jq", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    head = [
        f"Measured on {dt.datetime.now(dt.UTC):%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; {versions}, {jq}; "
        f"medians of {rounds} rounds.",
        "",
        "| task | customers | cskit | of sqlite-utils | of jq | of stock TinyDB |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *lines])


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def _write(table: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="without the largest, in a minute")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
