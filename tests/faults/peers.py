"""The same faults on what a user would pick instead: stock TinyDB, and the command line of sqlite-utils."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import fulldisk, sample
from tests.faults.crowds import EACH, SHELLS
from tests.faults.tally import Trial

_FEW = 10  # inserts of each shell into a database: a process takes half a second
SQLITE_UTILS = Path(sysconfig.get_path("scripts")) / "sqlite-utils"
FILLED = 20_000  # documents, about 4 MB
_TINY = """
import sys
from tinydb import TinyDB
table = TinyDB(sys.argv[1], encoding="utf-8", ensure_ascii=False).table("customers")
"""
FILL = _TINY + (
    "table.insert_multiple({'name': '客户%d有限公司' % n, 'phone': '138%08d' % n, 'region': '华东', "
    f"'owner': 'S-%03d' % (n % 20), 'note': 'x' * 80}} for n in range({FILLED}))"
)
CHANGE = _TINY + (
    "for n in range(1, 1000):\n"
    "    table.update({'note': '%d' % n + 'x' * (n % 2 * 4000)}, doc_ids=[1])\n"
    "    print(n, flush=True)\n"
)
FULL = _TINY + "for n in range(5):\n    table.insert({'new': 'x' * 4000})\n"
ADD = _TINY + f"for n in range({EACH}):\n    table.insert({{'shell': int(sys.argv[2]), 'n': n}})\n"


def killed_tinydb(trial: Trial) -> str:
    """Kill a program that changes a document of a TinyDB file of 4 MB, at random moments."""
    return _killed_changes(trial, lambda process, path: time.sleep(trial.chance.uniform(0, 1)))


def killed_writing_tinydb(trial: Trial) -> str:
    """Kill it while it writes: a new text is shorter, and the file is cut only once the disk has answered."""

    def writing(process: subprocess.Popen[bytes], path: Path) -> None:
        before = path.stat().st_mtime_ns
        while path.stat().st_mtime_ns == before and process.poll() is None:
            pass
        time.sleep(trial.chance.uniform(0, 0.01))

    return _killed_changes(trial, writing)


def _killed_changes(trial: Trial, wait: Callable[[subprocess.Popen[bytes], Path], None]) -> str:
    """Kill the program after `wait` in its second change; on a disk, since memory answers at once."""
    found = []
    with tempfile.TemporaryDirectory(prefix="cskit-faults-") as name:
        base, path = Path(name, "base.json"), Path(name, "killed.json")
        subprocess.run([sys.executable, "-c", FILL, str(base)], check=True)
        for _ in range(trial.trials):
            path.write_bytes(base.read_bytes())
            with _python(CHANGE, str(path), stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                wait(process, path)
                process.send_signal(signal.SIGKILL)
                found.append(_whole(path, 1 + len(process.stdout.read().split())))
    return f"{found.count(None)} corrupt, {found.count(False)} silently wrong of {trial.trials}"


def _whole(path: Path, acknowledged: int) -> bool | None:
    """Return whether what was acknowledged is there, None where the file cannot be read."""
    try:
        held = json.loads(path.read_bytes())["customers"]
    except (ValueError, KeyError):
        return None
    return len(held) == FILLED and int(held["1"]["note"].rstrip("x")) >= acknowledged


def killed_sqlite_utils(trial: Trial) -> str:
    """Kill `sqlite-utils insert` of 20 000 rows at random moments."""
    if not SQLITE_UTILS.exists():
        return ""
    source = trial.place / "rows.csv"
    source.write_text(sample.customers(20_000), encoding="utf-8")
    whole = statistics.median(_inserting(trial.place, source, None)[1] for _ in range(2))
    partial = corrupt = 0
    for _ in range(trial.trials):
        moment = whole * trial.chance.uniform(0.4, 1.1)
        count, _seconds = _inserting(trial.place, source, moment)
        corrupt += count is None
        partial += count not in (None, 0, 20_000)
    return f"{corrupt} corrupt, {partial} partial of {trial.trials}"


def _inserting(place: Path, source: Path, moment: float | None) -> tuple[int | None, float]:
    base = place / "killed.db"
    for path in place.glob("killed.db*"):
        path.unlink()
    began = time.monotonic()
    line = [str(SQLITE_UTILS), "insert", str(base), "customers", str(source), "--csv"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if moment is not None:
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
        process.wait()
    taken = time.monotonic() - began
    try:
        with contextlib.closing(sqlite3.connect(base)) as opened:
            return int(opened.execute("select count(*) from customers").fetchone()[0]), taken
    except sqlite3.OperationalError:  # no table yet
        return 0, taken
    except sqlite3.DatabaseError:
        return None, taken


def crowd_on_tinydb(trial: Trial) -> str:
    """Let eight programs insert fifty each into one TinyDB file."""
    there, corrupt = 0, 0
    for _ in range(trial.trials):
        path = trial.place / "crowd.json"
        path.unlink(missing_ok=True)
        adders = [_python(ADD, str(path), str(n), stderr=subprocess.DEVNULL) for n in range(SHELLS)]
        for adder in adders:
            adder.wait()
        held = _documents(path)
        corrupt += held is None
        there += held or 0
    return f"{there} of {SHELLS * EACH * trial.trials} there, {corrupt} of {trial.trials} files corrupt"


def full_tinydb(trial: Trial) -> str:
    """Insert into a TinyDB file on a medium that has no room for all of it again."""
    if fulldisk.why_not():
        return ""
    with fulldisk.medium(trial.place, 16) as place:
        path = place / "full.json"
        subprocess.run([sys.executable, "-c", FILL, str(path)], check=True)
        fulldisk.fill(place, 0)
        line = [sys.executable, "-c", FULL, str(path)]
        subprocess.run(line, stderr=subprocess.DEVNULL, check=False)  # which says that there is no room
        held = _documents(path)
    return "corrupt" if held is None else f"{held} documents there"


def crowd_on_sqlite_utils(trial: Trial) -> str:
    """Let eight shells run `sqlite-utils insert` ten times each, as they would `cskit customer add`."""
    if not SQLITE_UTILS.exists():
        return ""
    wanted = SHELLS * _FEW
    base = trial.place / "crowd.db"
    for path in trial.place.glob("crowd.db*"):
        path.unlink()
    line = (
        f'for n in {" ".join(map(str, range(_FEW)))}; do echo "{{\\"n\\": $n}}" | "$0" insert "$1" t -; done'
    )
    shells = [
        subprocess.Popen(["sh", "-c", line, str(SQLITE_UTILS), str(base)], stderr=subprocess.DEVNULL)
        for _ in range(SHELLS)
    ]
    for shell in shells:
        shell.wait()
    return f"{_rows(base, 't')} of {wanted} there"


def full_sqlite_utils(trial: Trial) -> str:
    """Insert into a database on a medium that has no room left."""
    if fulldisk.why_not() or not SQLITE_UTILS.exists():
        return ""
    source = trial.place / "rows.csv"
    source.write_text(sample.customers(20_000), encoding="utf-8")
    with fulldisk.medium(trial.place, 16) as place:
        base = place / "full.db"
        line = [str(SQLITE_UTILS), "insert", str(base), "t", str(source), "--csv"]
        subprocess.run(line, check=True, stderr=subprocess.DEVNULL)
        fulldisk.fill(place, 0)
        subprocess.run(line, stderr=subprocess.DEVNULL, check=False)
        held = _rows(base, "t")
    return (
        "corrupt" if held is None else "whole" if held == 20_000 else f"{held - 20_000} of 20 000 rows more"
    )


def _rows(base: Path, table: str) -> int | None:
    """Return how many rows a table of a database has, None where it cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(base)) as opened:
            found = opened.execute(f"select count(*) from {table}")  # noqa: S608 - a name of our own
            return int(found.fetchone()[0])
    except sqlite3.DatabaseError:
        return None


def _python(code: str, *arguments: str, **settings: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env={**os.environ}, **settings)  # type: ignore[call-overload,no-any-return]


def _documents(path: Path) -> int | None:
    """Return how many documents a TinyDB file holds, None where it cannot be read."""
    try:
        return len(json.loads(path.read_bytes())["customers"])
    except (ValueError, KeyError):
        return None


TINYDB = {"D1": killed_tinydb, "D2": killed_writing_tinydb, "D5": crowd_on_tinydb, "D7": full_tinydb}
OTHER = {"D1": killed_sqlite_utils, "D5": crowd_on_sqlite_utils, "D7": full_sqlite_utils}
