"""The ten people of the demonstration with all that is noted of them, made once and copied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result, run
from cskit_staff.sample import PEOPLE

AT = "2026-10-09T09:00"
Run = Callable[..., Result]


@pytest.fixture(scope="session")
def ten_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demonstration's steps on people that change anything."""
    place = tmp_path_factory.mktemp("ten")
    for step in PEOPLE:
        if step.arguments[1] not in ("tree", "headcount", "show", "timeline"):
            done = run([*step.typed(str(place)), "--data", str(place / "data")])
            assert done.exit_code == step.exits, done.stderr
    return place / "data"


@pytest.fixture
def desk(ten_people: Path, tmp_path: Path) -> Run:
    """Return a `run` in a copy of them, on the day of the demonstration."""
    data = tmp_path / "data"
    shutil.copytree(ten_people, data)

    def go(line: str, **options: Any) -> Result:
        return run(line if "--now" in line else f"{line} --now {AT}", data=data, **options)

    return go


@pytest.fixture
def rows(desk: Run) -> Callable[[str], list[dict[str, Any]]]:
    """Return what runs a line that must succeed, and returns its rows."""

    def ask(line: str) -> list[dict[str, Any]]:
        done = desk(f"{line} -o jsonl")
        assert done.exit_code == 0, done.stderr
        return [json.loads(row) for row in done.stdout.splitlines()]

    return ask
