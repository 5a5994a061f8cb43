"""Importing and exporting twenty thousand rows as a workbook beside the bare libraries, as ratios.

    python benchmarks/excel.py [ROUNDS]

The peers only move cells: they validate nothing, know no record and keep no history.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import xlsxwriter

ROWS = 20_000
REGIONS = ("华东", "华北", "华南", "华中", "西南")
TITLES = (
    "外部编号",
    "客户名称",
    "客户类型",
    "电话",
    "区域",
    "负责人",
    "成立日期",
    "邮编",
    "业务潜在量",
    "使用竞品",
)
FIELDS = "key,name,kind,phone,region,owner,founded,postcode,potential_volume,uses_competitor"
READ = """
import sys
from python_calamine import CalamineWorkbook
rows = list(CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
"""
WRITE = f"""
import sys, xlsxwriter
book = xlsxwriter.Workbook(sys.argv[1], {{"constant_memory": True}})
sheet = book.add_worksheet()
for n in range({ROWS}):
    for c in range(8):
        sheet.write_string(n, c, f"客户{{n}}有限公司")
    sheet.write_number(n, 8, n)
    sheet.write_number(n, 9, n)
book.close()
"""


def write_workbook(path: Path) -> None:
    """Write ten columns of invented customers as an office has them."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("客户")
        sheet.write_row(0, 0, TITLES)
        for n in range(1, ROWS + 1):
            kind, used = ("法人", "自然人")[n % 2], ("是", "否")[n % 2]
            texts = f"K{n}", f"客户{n}有限公司", kind, f"138{n:08d}", REGIONS[n % 5], f"S-{n % 20:03d}"
            sheet.write_row(n, 0, texts)
            sheet.write_datetime(n, 6, dt.datetime(2000 + n % 20, 1 + n % 12, 1 + n % 28), day)  # noqa: DTZ001 - a sheet knows no zone
            sheet.write_row(n, 7, (str(200000 + n % 999), n % 1000 + 0.5, used))


def measured(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Return the seconds of CPU of a command with all that it starts, and the most MB one of them held.

    Both are asked of a process in between, since what this one held would count as well.
    """
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *command],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024


def main() -> None:
    """Measure in turn and print one row a task."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cskit = str(Path(sysconfig.get_path("scripts")) / "cskit")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CSKIT_", "PYTHON"))}
        env["PYTHONPYCACHEPREFIX"] = str(place / "compiled")
        env["CSKIT_DATA"] = str(place / "data")
        source, target = str(place / "in.xlsx"), str(place / "out.xlsx")
        write_workbook(Path(source))
        pairs = {
            "import with validation / reading cells": (
                [cskit, "-q", "customer", "import", source],
                [sys.executable, "-c", READ, source],
            ),
            "the same file again / reading cells": (
                [cskit, "-q", "customer", "import", source],
                [sys.executable, "-c", READ, source],
            ),
            "export / writing cells": (
                [cskit, "-q", "customer", "export", "--fields", FIELDS, "--out", target],
                [sys.executable, "-c", WRITE, target],
            ),
        }
        taken: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = {}
        for turn in range(rounds + 1):
            shutil.rmtree(place / "data", ignore_errors=True)
            for label, (ours, theirs) in pairs.items():
                both = measured(ours, env), measured(theirs, env)
                if turn:  # the first round fills caches
                    taken.setdefault(label, []).append(both)
    print(f"{ROWS} rows of ten columns; medians of {rounds} interleaved runs, CPU seconds and peak memory")
    for label, runs in taken.items():
        ours_s, theirs_s = (statistics.median(run[side][0] for run in runs) for side in (0, 1))
        ours_mb, theirs_mb = (statistics.median(run[side][1] for run in runs) for side in (0, 1))
        both_s = f"{ours_s:5.2f} s / {theirs_s:5.2f} s  {ours_s / theirs_s:5.2f}×"
        print(f"{label:40} {both_s}   {ours_mb:4.0f} MB / {theirs_mb:4.0f} MB")


if __name__ == "__main__":
    main()
