"""`make faults`: try every fault on the installed `cskit`, and print what came out as a table."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import families
from tests.faults.tally import Fault, Tally, Trial


def main() -> int:
    """Run the families that were asked for; exit 1 where anything was bad."""
    asked = _arguments()
    chosen = [fault for fault in families.ALL if not asked.only or fault.id in asked.only]
    results = []
    for fault in chosen:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="cskit-faults-", dir=quick()) as place:
            tally = run(fault, Path(place), asked.trials or getattr(fault, asked.scale), asked.seed)
        results.append((fault, tally, time.monotonic() - began))
        print(f"{fault.id:4} {fault.what:44} {tally.trials:6}  {tally.told()}", flush=True)
        for kind, what in tally.bad[:20]:
            print(f"       {kind}: {what}", flush=True)
    return 1 if any(tally.bad for _fault, tally, _seconds in results) else 0


def quick() -> str | None:
    """Return a folder in memory, if there is one: what is killed there is killed sooner."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own in it


def run(fault: Fault, place: Path, trials: int, seed: int) -> Tally:
    """Run all parts of a family; departments that one made are there for the next."""
    whole = Tally()
    for name, part in fault.parts.items():
        chance = random.Random(f"{seed} {name}")  # noqa: S311 - for moments, not for secrets
        whole.add(part(Trial(place, trials, chance)))
    return whole


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ID", help="only these families, such as D1 D7")
    parser.add_argument("--scale", choices=["often", "nightly"], default="often", help="how many trials")
    parser.add_argument("--trials", type=int, help="this many trials for each part of a family")
    parser.add_argument("--seed", type=int, default=1, help="what decides by chance where a trial strikes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
