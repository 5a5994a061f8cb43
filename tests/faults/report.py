"""The table of faults in docs/reliability.md: what was tried, how often, and what came out."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.tally import Fault, Tally

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


class Result(NamedTuple):
    """A family, what it came to, and what the same did to others."""

    fault: Fault
    tally: Tally
    tinydb: str
    other: str


def table(results: Sequence[Result]) -> str:
    """Return the table, with the day and what it was measured with."""
    lines = [
        f"Measured on {dt.datetime.now(dt.UTC):%Y-%m-%d}: cskit {importlib.metadata.version('cskit')}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}, "
        f"{os.cpu_count()} cores"
        f"{_versions()}.",
        "",
        "| | fault | trials | cskit | stock TinyDB | sqlite-utils |",
        "|---|---|---|---|---|---|",
    ]
    for fault, tally, tinydb, other in results:
        count = f"{tally.trials:,}".replace(",", " ")
        lines.append(f"| {fault.id} | {fault.what} | {count} | {tally.told()} | {tinydb} | {other} |")
    return "\n".join(lines)


def _versions() -> str:
    found = []
    for name in ("tinydb", "sqlite-utils"):
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return "".join(f", {one}" for one in found)


def write(results: Sequence[Result], page: Path = PAGE) -> None:
    """Put the table into the page, in the place of the last one; rows of other families stay."""
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    old, _, tail = rest.partition(END)
    kept: Mapping[str, str] = {
        row.split("|")[1].strip(): row for row in old.splitlines() if row.startswith("| D")
    }
    new = table(results).splitlines()
    rows = {**kept, **{row.split("|")[1].strip(): row for row in new if row.startswith("| D")}}
    order = sorted(rows, key=lambda name: int(name[1:]))
    said = [line for line in new if not line.startswith("| D")]
    body = "\n".join([*said, *(rows[name] for name in order)])
    page.write_text(f"{head}{BEGIN}\n\n{body}\n\n{END}{tail}", encoding="utf-8")
