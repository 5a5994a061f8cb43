"""A department to try a plugin at, made once and copied for each test, whose clock stands still."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cskit.testing import Result, department

Run = Callable[..., Result]


def built(folder: Path, lines: Iterable[str]) -> Path:
    """Make a department of some lines, in July, by S-001; returns its folder."""
    department(folder, *(f"{line} --now 2026-07-01T09:00 --user S-001" for line in lines))
    return folder


def standing(made: Path, folder: Path, moment: str) -> Run:
    """Return a `run` for a copy of a department: at `moment` and as S-001 unless a line says otherwise."""
    shutil.copytree(made, folder)
    run = department(folder)

    def at(line: str, *, now: str = moment, user: str = "S-001", **settings: Any) -> Result:
        who = "" if "--user" in line else f" --user {user}"
        when = "" if "--now" in line else f" --now {now}"
        return run(f"{line}{who}{when}", **settings)

    return at


def reader(run: Run, group: str = "") -> Callable[[str, str], dict[str, Any]]:
    """Return a function that gives what is stored of a record: `stored("call", "CL-20261020-001")`."""

    def get(noun: str, own: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(worked(run(f"{group} {noun} show {own} -o json --reveal")))
        return found

    return get


def worked(done: Result) -> str:
    """Return what a command wrote on stdout; it must have succeeded."""
    assert done.exit_code == 0, done.stderr
    return done.stdout
