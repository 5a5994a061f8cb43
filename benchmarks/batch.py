"""A thousand customers added by one `cskit batch` beside one `sqlite-utils insert` each, as a ratio of CPU.

    python benchmarks/batch.py [ROUNDS]

Of sqlite-utils 20 processes are run and their time is scaled to a thousand: all would take minutes.
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

LINES = 1000
RUN = 20


def main() -> None:
    """Measure in turn and print the row."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    scripts = Path(sysconfig.get_path("scripts"))
    cskit, peer = str(scripts / "cskit"), str(scripts / "sqlite-utils")
    if not Path(peer).exists():
        sys.exit("sqlite-utils is not installed beside cskit: pip install sqlite-utils")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env["PYTHONPYCACHEPREFIX"] = str(place / "compiled")
        env["CSKIT_DATA"] = str(place / "data")
        lines, base = place / "lines.txt", place / "data.db"
        lines.write_text(
            "".join(f"customer add 客户{n}有限公司 --phone 138{n:08d} --region 华东\n" for n in range(LINES)),
            encoding="utf-8",
        )
        ones = [place / f"{n}.json" for n in range(RUN)]
        for n, one in enumerate(ones):
            row = {"key": n, "name": f"客户{n}有限公司", "phone": f"138{n:08d}", "region": "华东"}
            one.write_text(json.dumps(row), encoding="utf-8")
        times: list[tuple[float, float]] = []
        for turn in range(rounds + 1):
            shutil.rmtree(place / "data", ignore_errors=True)
            base.unlink(missing_ok=True)
            ours = cpu([cskit, "-q", "batch", str(lines)], env)
            theirs = sum(cpu([peer, "insert", str(base), "customers", str(one)], env) for one in ones)
            if turn:  # the first round fills caches
                times.append((ours, theirs * LINES / RUN))
    ours_ms, theirs_ms = (statistics.median(pair[side] for pair in times) for side in (0, 1))
    print(f"medians of {rounds} interleaved runs, CPU seconds; {RUN} of {LINES} processes run, and scaled")
    both = f"cskit {ours_ms / 1000:6.2f} s   sqlite-utils {theirs_ms / 1000:6.2f} s"
    print(f"{f'{LINES} additions, one batch':34} {both}   {ours_ms / theirs_ms:7.4f}×")


if __name__ == "__main__":
    main()
