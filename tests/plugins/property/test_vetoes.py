"""What is held whichever way it is tried: in the ledger, by an import, in a batch, by undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.property.money import Run, good, office, stored

ONE = "ST-00001"
NEW = "property settle new PJ-001 --item 保洁费 --period 2026-10 --fee 保洁=1000"


@pytest.fixture
def at(tmp_path: Path) -> Run:
    """Return a `run` for a department of the test's own."""
    return office(tmp_path)


def settled(at: Run) -> None:
    """Make a settlement of 1,000 that three people have signed."""
    good(at(NEW))
    for verb, who in (("submit", "anna"), ("check", "bo"), ("approve", "cai")):
        good(at(f"property settle {verb} {ONE}", by=who))


@pytest.mark.parametrize(
    "change", ["amount=99999", "direction=receivable", "settlement=", 'added+=\'{"item":"x","amount":5}\'']
)
def test_the_ledger_keeps_what_was_approved(at: Run, change: str) -> None:
    """The fee of a settlement is what was approved, also by way of the ledger; its due day may be moved."""
    settled(at)
    done = at(f"customer ledger set FE-000001 customer=C-000003 {change}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"cskit: FE-000001 is the fee of settlement {ONE}, so it stays as it was approved: 1000.00\n"
    )
    good(at("customer ledger set FE-000001 due=2026-12-31"))


def test_the_ledger_keeps_the_fee(at: Run) -> None:
    """A settlement's fee is not removed from under it; taking the approval back takes it away."""
    settled(at)
    done = at("customer ledger remove FE-000001 --yes")
    assert (done.exit_code, done.stdout) == (4, "")
    assert f"settlement {ONE}" in done.stderr
    good(at("undo --yes", by="cai"))
    assert stored(at, "property settle", ONE)["state"] == "checked"
    assert good(at("customer ledger list -o jsonl")) == ""


def test_days_are_settled_once_whatever_is_undone(at: Run) -> None:
    """Once its days are settled anew, a settlement that was cancelled or taken back does not come again."""
    good(at(NEW))
    good(at(f"property settle cancel {ONE}"))
    good(at(NEW))
    good(at("undo --yes"))
    good(at(NEW))
    said = "settlement ST-00003 (draft) is for '保洁费' of project PJ-001 from 2026-10-01 to 2026-10-31"
    for entry in (8, 10):
        done = at(f"undo {entry} --yes")
        assert (done.exit_code, done.stdout) == (1, "")
        assert said in done.stderr
    assert stored(at, "property settle", ONE)["state"] == "cancelled"
