"""A department with a project, a company and two customers, made once and copied for every test."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cskit.testing import Result, department, run

Run = Callable[..., Result]
MONDAY = "2026-11-23T10:00"
PLUGINS = {
    "customers": "cskit_customers",
    "property": "cskit_property",
    "surveys": "cskit_surveys",
}


@cache
def _made() -> Path:
    """Return the folder of the department, which this process makes once."""
    place = tempfile.TemporaryDirectory(prefix="cskit-money-")
    atexit.register(place.cleanup)
    folder = Path(place.name) / "data"
    department(
        folder,
        "customer add 陈示例",
        "customer add 王示例",
        "customer add 安和物业 --kind company",
        "property company add 安和物业 --customer C-000003",
        "property project add 云栖苑 --company PC-001 --residential-area 12000.55 --other-area 800 "
        "--residential-rate 1.80 --other-rate 2.5",
        "property project add 海棠里 --company PC-001",
        plugins=PLUGINS,
    )
    return folder


def office(folder: Path) -> Run:
    """Return a `run` for a copy of the department; `--now` is a Monday, and somebody else acts if named."""
    data = folder / "data"
    shutil.copytree(_made(), data)

    def at(line: str, *, by: str = "anna", now: str = MONDAY, **settings: Any) -> Result:
        return run(f"{line} --user {by} --now {now}", data=data, plugins=PLUGINS, **settings)

    return at


def good(done: Result) -> str:
    """Return what a command wrote that must succeed."""
    assert done.exit_code == 0, done.stderr
    return done.stdout


def stored(at: Run, noun: str, own: str) -> dict[str, Any]:
    """Return what is stored of a record."""
    rows = good(at(f"{noun} export {own} -o jsonl"))
    found: dict[str, Any] = json.loads(rows)
    return found


def rows(done: Result) -> list[dict[str, Any]]:
    """Return the rows of a command that wrote JSON lines."""
    return [json.loads(line) for line in good(done).splitlines()]


def rule(folder: Path, kind: str, name: str, text: str) -> None:
    """Write a rule file of the department's own."""
    file = folder / "data" / "rules" / kind / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    for made in (file.parent.parent, file.parent):
        made.chmod(0o700)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
