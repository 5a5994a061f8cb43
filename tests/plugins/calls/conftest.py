"""A hotline to try things at: two agents, two customers, and a clock that stands still."""

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
    "staff add 林晓 --key A1",
    "staff add 周宁 --key A2",
    "customer add 晨屿样例科技有限公司 --phone 13800000011 --key KH7",
    "customer add 王样例 --phone 13800000012",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the hotline once."""
    return built(tmp_path_factory.mktemp("hotline") / "data", LINES)


@pytest.fixture
def hotline(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the hotline; `NOW` and S-001 unless a line says otherwise."""
    return standing(made, tmp_path / "data", NOW)


@pytest.fixture
def stored(hotline: Run) -> Callable[..., Any]:
    """Return a function that gives what is stored of a record: `stored("call", "CL-20261020-001")`."""
    return reader(hotline)
