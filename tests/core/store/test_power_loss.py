"""Power lost after every operation of killed and surviving processes: nothing acknowledged is ever lost."""

from __future__ import annotations

import pytest

from cskit.store import folder, history
from tests.core.store import mutants
from tests.core.store.crashes import Bad, MakeDisk, Search
from tests.core.store.disks import Machine

SIZES = {
    "at once": (1 << 20, 100),  # every table file follows every commit
    "behind": (0, 1),  # a table file follows when it is behind by more than its own size, or when settled
}
CARELESS = (
    mutants.NoSyncAfterAppend,
    mutants.NoSyncBeforeAppend,
    mutants.NoSyncOfEmptied,
    mutants.NoSyncBeforeSettling,
    mutants.NoSyncOfTable,
    mutants.NoSyncOfFolder,
    mutants.FolderSyncedLast,
    mutants.TablesBeforeCommit,
    mutants.NoCut,
    mutants.TablesInPlace,
)


@pytest.fixture(params=list(SIZES.values()), ids=list(SIZES))
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be rewritten at every commit, or left pending for a while."""
    small, share = request.param
    monkeypatch.setattr(folder, "SMALL", small)
    monkeypatch.setattr(folder, "SHARE", share)


@pytest.mark.usefixtures("sizes")
def test_no_crash_leaves_a_bad_state() -> None:
    """Whatever was killed, and whatever a loss of power left: whole steps, and all the acknowledged ones."""
    search = Search()
    search.everything()
    assert search.states > 8_000, f"only {search.states} states were reached"
    assert search.moments > 10_000, f"only {search.moments} moments were tried"


@pytest.mark.parametrize("make", CARELESS, ids=lambda make: make.__name__)
def test_every_mutant_is_caught(make: MakeDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that forgets any one of its safeguards is found out."""
    monkeypatch.setattr(folder, "SMALL", 0)
    monkeypatch.setattr(folder, "SHARE", 1)
    with pytest.raises(Bad):
        Search(make).everything()


def test_unchecked_hash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history whose commit lines are taken at their word shows what was never written."""
    monkeypatch.setattr(history, "good", mutants.good_without_hash)
    with pytest.raises(Bad):
        Search(Machine).everything()
