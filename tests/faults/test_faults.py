"""Every family of faults, as often as each change of the code is worth; `make faults` tries more."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import families, injected
from tests.faults.__main__ import quick, run
from tests.faults.tally import Fault, Tally

if sys.platform != "linux":
    pytest.skip("faults of Linux, with its signals and its /dev", allow_module_level=True)

PARTS = [(fault, part) for fault in families.ALL for part in fault.parts if fault.id != "D4"]
"""D4 is tests/core/store/test_power_loss.py itself."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return a folder in memory where departments stay for the next part."""
    with tempfile.TemporaryDirectory(prefix="cskit-faults-", dir=quick()) as folder:
        yield Path(folder)


@pytest.mark.parametrize(("fault", "part"), PARTS, ids=[f"{f.id}-{p}".replace(" ", "-") for f, p in PARTS])
def test_faults(fault: Fault, part: str, place: Path) -> None:
    """Whatever was done to it: what `must` says holds in every trial."""
    if fault.id == "D3" and (why := injected.why_not()):
        if os.environ.get("CI"):
            pytest.fail(f"{why}: the faults of the system must be tried here")
        pytest.skip(why)
    tally = run(fault, place, fault.often, seed=1, only=part)
    assert tally.trials + len(tally.figures) > 0
    assert tally.bad == [], f"{fault.must}: {tally.told()}"


def test_the_witness_sees_what_is_wrong(place: Path) -> None:
    """What judges the trials is worth something: it finds lost, partial and corrupt states."""
    from tests.faults import sample
    from tests.faults.commands import SUBJECTS, judge
    from tests.faults.witness import Corrupt, look

    base = sample.department(place)
    before = look(base)
    folder = sample.copy(base, place / "witnessed")
    tally = Tally()
    judge(tally, SUBJECTS["add"], before, folder, acknowledged=True, verify=False)
    assert list(tally.kinds()) == ["lost"]
    sample.must(folder, "customer", "remove", "C-000050", "C-000051", "--yes")
    judge(tally, SUBJECTS["add"], before, folder, acknowledged=False, verify=False)
    assert "partial" in tally.kinds()
    history, table = folder / "history.jsonl", folder / "customers.json"
    whole = table.read_bytes()
    for path, bent in (
        (table, whole[:-30]),
        (table, whole.replace("客户1有".encode(), "客户x有".encode(), 1)),
        (history, history.read_bytes()[:-400]),
    ):
        kept = path.read_bytes()
        path.write_bytes(bent)
        with pytest.raises(Corrupt):
            look(folder)
        path.write_bytes(kept)
    look(folder)
