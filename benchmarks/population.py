"""Invented customers in the form each contestant keeps them: data folder, database, JSON lines, TinyDB."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FIELDS = (
    "key",
    "name",
    "kind",
    "phone",
    "region",
    "owner",
    "industry",
    "postcode",
    "potential_volume",
    "state",
)
REGIONS = ("华东", "华北", "华南", "华中", "西南")
INSERT = """
import csv, sys
from tinydb import TinyDB
table = TinyDB(sys.argv[2], encoding="utf-8", ensure_ascii=False).table("customers")
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    table.insert_multiple(csv.DictReader(file))
"""


class Place(NamedTuple):
    """Where a population lies, in every form."""

    count: int
    csv: Path
    folder: Path
    database: Path
    lines: Path
    tinydb: Path


def place(at: Path, count: int) -> Place:
    """Return where a population of a size is to lie."""
    at.mkdir(exist_ok=True)
    return Place(count, at / "in.csv", at / "data", at / "data.db", at / "data.jsonl", at / "tiny.json")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield customers; a hundredth has each industry, a twentieth each owner, a fifth each region."""
    for n in range(count):
        kind, state = ("company", "person")[n % 2], ("active", "lost")[n % 50 == 0]
        yield (
            *(f"K{n}", f"客户{n}有限公司", kind, f"138{n:08d}", REGIONS[n % 5], f"S-{n % 20:03d}"),
            *(f"行业{n % 100}", str(200000 + n % 999), f"{n % 1000}.50", state),
        )


def make(to: Place, cskit: str, sqlite_utils: str, env: dict[str, str]) -> None:
    """Make a population in every form; the database gets the indexes that its user would give it."""
    with to.csv.open("w", encoding="utf-8") as out, to.lines.open("w", encoding="utf-8") as lines:
        out.write(",".join(FIELDS) + "\n")
        for row in rows(to.count):
            out.write(",".join(row) + "\n")
            lines.write(json.dumps(dict(zip(FIELDS, row, strict=True)), ensure_ascii=False) + "\n")
    for command in (
        [cskit, "-q", "customer", "import", str(to.csv), "--data", str(to.folder)],
        [sqlite_utils, "insert", str(to.database), "customers", str(to.csv), "--csv", "--pk", "key"],
        [sqlite_utils, "create-index", str(to.database), "customers", "region", "owner"],
        [sqlite_utils, "create-index", str(to.database), "customers", "industry"],
        [sys.executable, "-c", INSERT, str(to.csv), str(to.tinydb)],
    ):
        subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
