"""A department after a quarter: the demonstration's people, scored, confirmed and reviewed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cskit_staff
from cskit.testing import Result, department, run

Run = Callable[..., Result]
DEMO = Path(cskit_staff.__file__).parent / "demo"
NOW = "--now 2026-10-09T10:00"
MONTHS = ("2026-07", "2026-08", "2026-09")


def people(folder: Path) -> None:
    """Make a department with people, attendance and training; S-004 scores, S-002 confirms, S-001 applies."""
    department(
        folder,
        "staff organisation use video-cloud",
        f"staff import {DEMO / 'staff.csv'}",
        f"staff attendance import {DEMO / 'attendance.csv'}",
        f"staff course import {DEMO / 'courses.csv'}",
        f"staff training import {DEMO / 'trainings.csv'}",
    )


def score(folder: Path) -> None:
    """Score the three months, what is missing from sheets."""
    for month in MONTHS:
        sheet = DEMO / f"figures-{month}.csv"
        department(folder, f"staff score --month {month} --enter {sheet} --user S-004 {NOW}")


def confirm(folder: Path) -> None:
    """Confirm all cards that are complete."""
    department(folder, *(f"staff confirm --month {month} --all --user S-002 {NOW}" for month in MONTHS))


def copied(source: Path, to: Path) -> Run:
    """Return a `run` for a copy of a department."""
    shutil.copytree(source, to)
    return department(to)


def listed(folder: Path, line: str) -> list[dict[str, Any]]:
    """Run a line that must succeed and return its rows, unmasked."""
    done = run(f"{line} --reveal -o jsonl", data=folder)
    assert done.exit_code == 0, done.stderr
    return [json.loads(row) for row in done.stdout.splitlines()]
