"""A hotline to try things at: two agents, two customers, and a clock that stands still."""

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
    "staff add 林晓 --key A1",
    "staff add 周宁 --key A2",
    "customer add 晨屿样例科技有限公司 --phone 13800000011 --key KH7",
    "customer add 王样例 --phone 13800000012",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the hotline once."""
    folder = tmp_path_factory.mktemp("hotline") / "data"
    department(folder, *(f"{line} --now 2026-07-01T09:00 --user S-001" for line in LINES))
    return folder


@pytest.fixture
def hotline(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the hotline; `NOW` and S-001 unless a line says otherwise."""
    shutil.copytree(made, tmp_path / "data")
    run = department(tmp_path / "data")

    def at(line: str, *, now: str = NOW, user: str = "S-001", **settings: Any) -> Result:
        who = "" if "--user" in line else f" --user {user}"
        when = "" if "--now" in line else f" --now {now}"
        return run(f"{line}{who}{when}", **settings)

    return at


@pytest.fixture
def stored(hotline: Run) -> Callable[..., Any]:
    """Return a function that gives what is stored of a record: `stored("call", "CL-20261020-001")`."""

    def get(noun: str, own: str) -> dict[str, Any]:
        done = hotline(f"{noun} show {own} -o json --reveal")
        assert done.exit_code == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return get


def worked(done: Result) -> str:
    """Return what a command wrote on stdout; it must have succeeded."""
    assert done.exit_code == 0, done.stderr
    return done.stdout
