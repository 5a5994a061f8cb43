"""D12: much at once: many rows, wide rows, long cells, files larger than is reasonable."""

from __future__ import annotations

import signal
import sys
import time
from functools import partial
from pathlib import Path

from tests.faults import sample
from tests.faults.command import run, start
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

EACH = 1_500
"""Bytes of memory for a row of an import, at most; below are those for Python and our code."""
OWN = 60 << 20


def rows(number: int, trial: Trial) -> Tally:
    """Import many rows, list them, and interrupt the import half way."""
    tally = Tally()
    count = number if trial.trials > 1 else number // 5
    source, folder = trial.place / "rows.csv", trial.place / "rows"
    source.write_text(sample.customers(count), encoding="utf-8")
    began = time.monotonic()
    code, memory = _measured(folder, "-q", "customer", "import", str(source))
    whole = time.monotonic() - began
    tally.expect(code == 0, "exit code", f"import of {count} rows: {code}")
    tally.expect(memory < OWN + EACH * count, "memory", f"import of {count} rows: {memory >> 20} MB")
    tally.figures[f"import of {count} rows"] = f"{memory >> 20} MB"
    code, memory = _measured(folder, "customer", "list", "--where", 'owner == "S-003"', "-o", "jsonl")
    tally.expect(
        code == 0 and memory < OWN, "memory", f"filter of {count} rows: exit {code}, {memory >> 20} MB"
    )
    tally.figures["filter"] = f"{memory >> 20} MB"
    again = trial.place / "again"
    with start(again, "customer", "import", str(source)) as process:
        time.sleep(whole / 2)
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        _out, said = process.communicate()
        waited = time.monotonic() - asked
    tally.expect(process.returncode in (130, 0) and b"Traceback" not in said, "exit code", said.decode())
    tally.expect(waited < 2 + whole / 10, "late", f"{waited:.1f} s to stop an import")
    tally.expect(look(again).entries == (0 if process.returncode else 1), "partial", "an interrupted import")
    tally.trials += 3
    return tally


def wide_and_long(trial: Trial) -> Tally:
    """Keep a field of 1 MB, refuse one larger, and read a file of ten thousand columns."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place), trial.place / "wide")
    long, columns = trial.place / "long.jsonl", trial.place / "columns.csv"
    text = "长" * ((1 << 20) // 3)
    long.write_text(f'{{"name":"长","note":"{text}"}}\n', encoding="utf-8")
    code, memory = _measured(folder, "-q", "customer", "import", str(long))
    tally.expect(
        code == 0 and memory < OWN + (60 << 20), "memory", f"1 MB field: exit {code}, {memory >> 20} MB"
    )
    shown = run(folder, "customer", "list", "--where", 'name == "长"', "--fields", "note", "-o", "jsonl")
    tally.expect(text in shown.out, "lost", "a field of 1 MB")
    heads = ",".join(["name", *(f"custom.c{n}" for n in range(9_999))])
    columns.write_text(f"{heads}\n宽{',1' * 9_999}\n", encoding="utf-8")
    began = time.monotonic()
    code, memory = _measured(folder, "-q", "customer", "import", str(columns))
    tally.expect(
        code in (0, 5) and memory < OWN + (200 << 20), "memory", f"10 000 columns: {memory >> 20} MB"
    )
    tally.expect(time.monotonic() - began < 60, "late", "10 000 columns")
    checked = run(folder, "data", "verify")
    tally.expect(checked.code == 0, "not whole", checked.told())
    tally.trials += 3
    return tally


def too_large(trial: Trial) -> Tally:
    """Refuse a file of more than a gigabyte at once, without having read it."""
    tally, source = Tally(), trial.place / "large.csv"
    with source.open("wb") as file:
        file.write(b"name\n")
        file.truncate((1 << 30) + 1)
    began = time.monotonic()
    code, memory = _measured(trial.place / "large", "customer", "import", str(source))
    tally.expect(code == 5 and memory < OWN, "memory", f"1 GB: exit {code}, {memory >> 20} MB")
    tally.expect(time.monotonic() - began < 30, "late", "a gigabyte refused")
    tally.trials += 1
    return tally


def _measured(folder: Path, *words: str) -> tuple[int, int]:
    """Run a command; return its exit code and the most bytes of memory it held.

    It is started by a small process in between: what the one that starts it holds would count as well.
    """
    between = [sys.executable, "-I", "-S", "-c", _BETWEEN]
    done = run(folder, *words, before=between)
    code, memory = done.out.split()
    return int(code), int(memory) << 10


_BETWEEN = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_pid, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss)
"""

LOADED = Fault(
    "D12",
    "many rows, 1 MB field, 10 000 columns, over 1 GB",
    "memory in proportion; refused or interrupted at once; nothing partial",
    {"rows": partial(rows, 100_000), "wide and long": wide_and_long, "too large": too_large},
    often=1,
    nightly=2,
)
