"""Importing and filtering a hundred thousand customers beside sqlite-utils, as ratios of CPU medians.

    python benchmarks/records.py [ROUNDS]

Needs sqlite-utils beside cskit (`pip install sqlite-utils`), which neither validates nor keeps a history.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from start import cpu

ROWS = 100_000
WHERE = 'region == "华东" and owner == "S-005"'
SQL = "region = '华东' and owner = 'S-005'"
REGIONS = ("华东", "华北", "华南", "华中", "西南")


def write_csv(path: Path) -> None:
    """Write ten columns of invented customers."""
    with path.open("w", encoding="utf-8") as out:
        out.write("key,name,kind,phone,region,owner,industry,postcode,potential_volume,state\n")
        for n in range(ROWS):
            kind, state = ("company", "person")[n % 2], ("active", "lost")[n % 50 == 0]
            out.write(f"K{n},客户{n}有限公司,{kind},138{n:08d},{REGIONS[n % 5]},S-{n % 20:03d},")
            out.write(f"零售{n % 7},{200000 + n % 999},{n % 1000}.50,{state}\n")


def main() -> None:
    """Measure in turn and print one row a task."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    scripts = Path(sysconfig.get_path("scripts"))
    cskit, peer = str(scripts / "cskit"), str(scripts / "sqlite-utils")
    if not Path(peer).exists():
        sys.exit("sqlite-utils is not installed beside cskit: pip install sqlite-utils")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env["PYTHONPYCACHEPREFIX"] = str(place / "compiled")
        source, folder, base = place / "customers.csv", place / "data", place / "data.db"
        write_csv(source)
        one = place / "one.json"
        one.write_text(json.dumps({"key": "new", "name": "张三"}), encoding="utf-8")
        env["CSKIT_DATA"] = str(folder)
        times: dict[str, list[tuple[float, float]]] = {}
        for turn in range(rounds + 1):
            shutil.rmtree(folder, ignore_errors=True)
            base.unlink(missing_ok=True)
            pairs = {
                "import of 100 000 rows of CSV": (
                    [cskit, "-q", "customer", "import", str(source)],
                    [peer, "insert", str(base), "customers", str(source), "--csv", "--pk", "key"],
                ),
                "filter to JSON lines": (
                    [cskit, "customer", "list", "--where", WHERE, "-o", "jsonl"],
                    [peer, "rows", str(base), "customers", "--nl", "--where", SQL],
                ),
                "get one by id": (
                    [cskit, "customer", "show", "C-050000", "-o", "json"],
                    [peer, "rows", str(base), "customers", "--where", "key = 'K49999'"],
                ),
                "add one": (
                    [cskit, "customer", "add", "张三"],
                    [peer, "upsert", str(base), "customers", str(one), "--pk", "key"],
                ),
            }
            for label, (ours, theirs) in pairs.items():
                taken = cpu(ours, env), cpu(theirs, env)
                if turn:  # the first round fills caches
                    times.setdefault(label, []).append(taken)
    print(f"medians of {rounds} interleaved runs, CPU seconds of the whole process")
    for label, taken_pairs in times.items():
        ours_ms, theirs_ms = (statistics.median(pair[side] for pair in taken_pairs) for side in (0, 1))
        both = f"cskit {ours_ms / 1000:6.2f} s   sqlite-utils {theirs_ms / 1000:6.2f} s"
        print(f"{label:34} {both}   {ours_ms / theirs_ms:5.2f}×")


if __name__ == "__main__":
    main()
