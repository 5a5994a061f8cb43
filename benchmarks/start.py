"""What starting costs: whole processes beside a bare click hello, as ratios of medians of CPU time.

python benchmarks/start.py [ROUNDS]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

HELLO = """\
import click

@click.command()
@click.option("--name", default="world")
def hello(name):
    click.echo(f"hello {name}")

hello()
"""
ROWS = 100_000


def cpu(command: list[str], env: dict[str, str]) -> float:
    """Return the milliseconds of user and system time that a command took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def fill(cskit: str, folder: Path, env: dict[str, str]) -> None:
    """Put a hundred thousand customers into a folder."""
    source = folder.with_suffix(".csv")
    with source.open("w", encoding="utf-8") as out:
        out.write("name,phone,region,owner\n")
        for number in range(ROWS):
            out.write(f"客户{number},138{number:08d},华东,S-{number % 20:03d}\n")
    subprocess.run(
        [cskit, "-q", "customer", "import", str(source), "--data", str(folder)], env=env, check=True
    )


def main() -> None:
    """Measure and print one row a command."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    cskit = str(Path(sysconfig.get_path("scripts")) / "cskit")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        hello = place / "hello.py"
        hello.write_text(HELLO, encoding="utf-8")
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env["PYTHONPYCACHEPREFIX"] = str(place / "compiled")  # everything compiled, as when installed
        fill(cskit, place / "full", env)
        bare = [sys.executable, str(hello)]
        commands: dict[str, Callable[[int], list[str]]] = {
            "bare click hello": lambda turn: bare,
            "cskit --version": lambda turn: [cskit, "--version"],
            "cskit --help": lambda turn: [cskit, "--help"],
            "customer add, empty store": lambda turn: [
                *(cskit, "customer", "add", "张三", "--data", str(place / f"empty{turn}"))
            ],
            "customer add, 100 000 customers": lambda turn: [
                *(cskit, "customer", "add", "张三", "--data", str(place / "full"))
            ],
            "customer show, 100 000 customers": lambda turn: [
                *(cskit, "customer", "show", "C-050000", "-o", "json", "--data", str(place / "full"))
            ],
        }
        times: dict[str, list[float]] = {label: [] for label in commands}
        for turn in range(rounds + 1):
            for label, command in commands.items():
                taken = cpu(command(turn), env)
                if turn:  # the first round fills caches
                    times[label].append(taken)
    base = statistics.median(times["bare click hello"])
    print(f"medians of {rounds} interleaved runs, CPU milliseconds of the whole process")
    for label, values in times.items():
        middle = statistics.median(values)
        print(f"{label:34} {middle:7.1f} ms   {middle / base:5.2f}× hello")


if __name__ == "__main__":
    main()
