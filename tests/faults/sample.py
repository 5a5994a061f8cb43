"""Departments that faults are tried on, made by the installed `cskit` and copied for each trial."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.faults.command import run

REGIONS = ("华东", "华北", "华南", "华中", "西南")


def customers(count: int, first: int = 1) -> str:
    """Return invented customers as CSV."""
    rows = [
        f"K{n},客户{n}有限公司,138{n:08d},{REGIONS[n % 5]},S-{n % 20:03d}" for n in _numbers(count, first)
    ]
    return "\n".join(["key,name,phone,region,owner", *rows, ""])


def orders(count: int, buyers: int) -> str:
    """Return invented orders of the first `buyers` customers as CSV."""
    rows = [f"K{n % buyers + 1},2026-11-{n % 28 + 1:02d},水{n},{n % 9 + 1},{n}.50" for n in range(count)]
    return "\n".join(["customer,date,product,quantity,amount", *rows, ""])


def _numbers(count: int, first: int) -> Iterator[int]:
    return iter(range(first, first + count))


def department(place: Path, people: int = 60, buying: int = 40) -> Path:
    """Make a department with some customers, the first of which have orders, and a change to undo."""
    folder = place / f"department-{people}-{buying}"
    if folder.exists():
        return folder
    must(folder, "customer", "import", "-", "--format", "csv", piped=customers(people))
    if buying:
        must(folder, "customer", "order", "import", "-", "--format", "csv", piped=orders(buying, buying // 2))
    must(folder, "customer", "set", "C-000001", "C-000002", "C-000003", "note=a change to take back")
    return folder


THINGS = 300
_OLDER = """
from cskit import Migration, Record, RecordType, field, hookimpl
from typing import Annotated

class Thing(Record, kw_only=True):
    title: Annotated[str, field("Title", "名称")]
    size: Annotated[str, field("Size", "尺寸")] | None = None

def to_width(document):
    return {**document, "size": document["title"] + " mm"}

@hookimpl
def cskit_record_types():
    named = ("thing", "things", "物品", "title", ("id",))
    return [RecordType("thing", "things", "things:Thing", "T-{:06d}", *named)]
"""
NEWER = (
    _OLDER
    + """
@hookimpl
def cskit_migrations():
    return [Migration("things", 2, "things:to_width", "Everything has a size.")]
"""
)
"""A plugin as it is now, which stores its records in another form than when the department was made."""


def with_plugin(place: Path, newer: str) -> Path:
    """Make a department with records of an older plugin, and put the newer one beside it."""
    file, folder = place / "things.py", place / "department-things"
    if not folder.exists():
        copy(department(place), folder)
        _write(file, _OLDER)
        rows = "\n".join(["title", *(str(number) for number in range(THINGS)), ""])
        must(folder, "--plugin", str(file), "thing", "import", "-", "--format", "csv", piped=rows)
    _write(file, newer)
    return folder


def _write(file: Path, code: str) -> None:
    file.write_text(code, encoding="utf-8")
    file.chmod(0o600)


def must(folder: Path, *words: str, piped: str | None = None) -> str:
    """Run a command that has to succeed, and return what it wrote."""
    done = run(folder, "-q", *words, piped=None if piped is None else piped.encode())
    if done.code:
        raise RuntimeError(f"cskit {' '.join(words)}: {done.told()}")
    return done.out


def copy(folder: Path, to: Path) -> Path:
    """Return a copy of a department, with its times of change."""
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(folder, to))
