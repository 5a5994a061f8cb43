"""`make faults`: try every fault on the installed `cskit`, and print what came out as a table."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import families, injected, peers, report
from tests.faults.tally import Fault, Tally, Trial


def main() -> int:
    """Run the families that were asked for; exit 1 where anything was bad."""
    asked = _arguments()
    results = []
    for fault in families.ALL:
        if asked.only and fault.id not in asked.only:
            continue
        began = time.monotonic()
        trials = asked.trials or getattr(fault, asked.scale)
        with tempfile.TemporaryDirectory(prefix="cskit-faults-", dir=quick()) as place:
            tally = run(fault, Path(place), trials, asked.seed)
            trial = Trial(Path(place), trials, random.Random(asked.seed))  # noqa: S311 - for moments
            tinydb, other = (
                side[fault.id](trial) if asked.peers and fault.id in side else ""
                for side in (peers.TINYDB, peers.OTHER)
            )
        results.append(report.Result(fault, tally, tinydb, other))
        _show(results[-1], time.monotonic() - began)
        if asked.write:
            report.write(results)
    return 1 if any(result.tally.bad for result in results) else 0


def _show(result: report.Result, seconds: float) -> None:
    fault, tally, tinydb, other = result
    print(f"{fault.id:4} {fault.what:60} {tally.trials:6}  {tally.told()}  ({seconds:.0f} s)", flush=True)
    for kind, what in tally.bad[:20]:
        print(f"       {kind}: {what}", flush=True)
    for name, said in (("stock TinyDB", tinydb), ("sqlite-utils", other)):
        if said:
            print(f"       {name}: {said}", flush=True)


def quick() -> str | None:
    """Return a folder in memory, if there is one: what is killed there is killed sooner."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own in it


def run(fault: Fault, place: Path, trials: int, seed: int, only: str = "") -> Tally:
    """Run all parts of a family, or one; departments that one made are there for the next."""
    whole = Tally()
    for name, part in fault.parts.items():
        if only in ("", name):
            chance = random.Random(f"{seed} {name}")  # noqa: S311 - for moments, not for secrets
            whole.add(part(Trial(place, trials, chance)))
    return whole


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ID", help="only these families, such as D1 D7")
    parser.add_argument("--scale", choices=["often", "nightly"], default="often", help="how many trials")
    parser.add_argument("--trials", type=int, help="this many trials for each part of a family")
    parser.add_argument("--seed", type=int, default=1, help="what decides by chance where a trial strikes")
    parser.add_argument("--peers", action="store_true", help="do the same to stock TinyDB and sqlite-utils")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    asked = parser.parse_args()
    if why := injected.why_not():
        parser.error(f"D3 needs strace: {why}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
