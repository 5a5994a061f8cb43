"""A department that does service: customers, and a clock that stands still."""

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
    "customer add 晨屿样例家居有限公司 --key KH7 --phone 13800000577 --address 样例路1号",
    "customer add 海风样例贸易有限公司 --phone 13800000588 --address 样例路2号",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the department once."""
    return built(tmp_path_factory.mktemp("service") / "data", LINES)


@pytest.fixture
def service(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of the department; `NOW` and S-001 unless a line says otherwise."""
    return standing(made, tmp_path / "data", NOW)


@pytest.fixture
def stored(service: Run) -> Callable[..., Any]:
    """Return a function that gives what is stored of a record: `stored("notice", "SN-000001")`."""
    return reader(service)
