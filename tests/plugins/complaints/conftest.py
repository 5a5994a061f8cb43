"""A desk to try cases at: a department with a customer, and a clock that stands still."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result, department

Desk = Callable[..., Result]
MONDAY = "2026-11-23T10:00"
"""A working day, in the department's zone."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a department with one customer, made once, for every test to copy."""
    folder = tmp_path_factory.mktemp("desk") / "data"
    department(folder, "customer add 晨屿样例贸易有限公司 --key KH7")
    return folder


@pytest.fixture
def desk(tmp_path: Path, built: Path) -> Desk:
    """Return a `run` for a department with one customer; `--now` is a Monday unless a line says otherwise."""
    shutil.copytree(built, tmp_path / "data")
    run = department(tmp_path / "data")

    def at(line: str, *, now: str = MONDAY, user: str = "S-001", **settings: Any) -> Result:
        who = "" if "--user" in line else f" --user {user}"
        when = "" if "--now" in line else f" --now {now}"
        return run(f"{line}{who}{when}", **settings)

    return at


@pytest.fixture
def case(desk: Desk) -> Callable[..., Any]:
    """Return a function that gives what is stored of a case."""

    def stored(own: str = "CP-20261123-001") -> dict[str, Any]:
        done = desk(f"case show {own} -o json")
        assert done.exit_code == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return stored


def rule(file: Path, text: str) -> None:
    """Write a rule file, or the settings, as only their owner may."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)


def own_repair(data: Path, roles: str) -> None:
    """Put the company's own repair department in the place of ours, with who is who in it."""
    label = 'replaces = "repair"\nlabel = { en = "Works", zh = "工程维修中心" }\n'
    rule(data / "rules/departments/repair.toml", label + roles)
