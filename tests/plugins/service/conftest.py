"""A department that does service: customers, and a clock that stands still."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result, department

Run = Callable[..., Result]
NOW = "2026-10-20T10:00"
"""A Tuesday, in the department's zone."""
LINES = (
    "customer add 晨屿样例家居有限公司 --key KH7 --phone 13800000577 --address 样例路1号",
    "customer add 海风样例贸易有限公司 --phone 13800000588 --address 样例路2号",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the department once."""
    folder = tmp_path_factory.mktemp("service") / "data"
    department(folder, *(f"{line} --now 2026-07-01T09:00 --user S-001" for line in LINES))
    return folder


@pytest.fixture
def service(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the department; `NOW` and S-001 unless a line says otherwise."""
    shutil.copytree(made, tmp_path / "data")
    run = department(tmp_path / "data")

    def at(line: str, *, now: str = NOW, user: str = "S-001", **settings: Any) -> Result:
        who = "" if "--user" in line else f" --user {user}"
        when = "" if "--now" in line else f" --now {now}"
        return run(f"{line}{who}{when}", **settings)

    return at


@pytest.fixture
def stored(service: Run) -> Callable[..., Any]:
    """Return a function that gives what is stored of a record: `stored("notice", "SN-000001")`."""

    def get(noun: str, own: str) -> dict[str, Any]:
        done = service(f"{noun} show {own} -o json --reveal")
        assert done.exit_code == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return get


def worked(done: Result) -> str:
    """Return what a command wrote on stdout; it must have succeeded."""
    assert done.exit_code == 0, done.stderr
    return done.stdout
