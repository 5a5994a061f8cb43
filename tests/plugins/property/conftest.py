"""An estate to try things at: two projects, a company, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.standing import Run, built, reader, standing, worked

__all__ = ["NOW", "Run", "worked"]
NOW = "2026-10-20T10:00"
"""A Tuesday, in the department's zone."""
LINES = (
    "property company add 晨屿物业服务有限公司 --phone 02112345678",
    "property project add 晨屿花园 --company PC-001 --key cy --residential-area 12000 --other-area 800",
    "property project add 晨屿中心 --company PC-001",
    "customer add 晨屿样例科技有限公司 --key KH7",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the estate once."""
    return built(tmp_path_factory.mktemp("estate") / "data", LINES)


@pytest.fixture
def estate(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the estate; `NOW` and S-001 unless a line says otherwise."""
    return standing(made, tmp_path / "data", NOW)


@pytest.fixture
def stored(estate: Run) -> Callable[..., Any]:
    """Return a function that gives what is stored of a record: `stored("check", "CK-0001")`."""
    return reader(estate, "property")
