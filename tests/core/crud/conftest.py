"""What the tests of the record commands share: an office with the register, and one with a workflow."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest

from cskit import RecordType
from cskit.records import Part, Record, field
from cskit.testing import Result, department

Office = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a `run` for an empty data folder; files given by name lie in `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    return department(tmp_path / "data")


@pytest.fixture
def register(office: Office) -> Office:
    """Return a `run` for a register of three customers and two orders."""
    for line in (
        "customer add 海风贸易 --kind company --region 华东 --phone 13800000577 --tags 'vip;重点' --key KH1",
        "customer add 林小满 --kind person --region 华南 --custom colour=red",
        "customer set C-000002 behaviour.channel=online",
        "customer add Aurora --potential-volume 1200.50",
        "customer order add KH1 --date 2026-11-20 --product 净水器 --quantity 2 --amount 3998.00",
        "customer order add C-000002 --date 2026-11-21 --amount 12.5 --state completed",
    ):
        done = office(line)
        assert done.exit_code == 0, done.stderr
    return office


class Step(Part, kw_only=True, frozen=True):
    """Something done about a case."""

    text: Annotated[str, field("Text", "内容", min_length=1)]


class Case(Record, kw_only=True, frozen=True):
    """A case whose state a workflow keeps."""

    content: Annotated[str, field("Content", "内容", min_length=1)]
    state: Annotated[Literal["new", "closed"], field("State", "状态", owner="case close")] = "new"
    minutes: Annotated[int, field("Effort", "工时", unit="minutes", ge=0)] | None = None
    steps: Annotated[list[Step], field("Steps", "步骤")] = []  # noqa: RUF012 - msgspec gives each its own


@pytest.fixture
def cases(tmp_path: Path, plugin: Callable[..., types.ModuleType], monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a `run` for an office with nothing but cases, whose state is not for `set`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "crud_cases", sys.modules[Case.__module__])
    kind = RecordType(
        command="case",
        table="cases",
        model="crud_cases:Case",
        number="CP-{:03d}",
        singular="case",
        plural="cases",
        zh="投诉",
        title="content",
        columns=("id", "content", "state"),
    )
    return department(tmp_path / "data", plugins={"cases": plugin(record_types=lambda: [kind])})
