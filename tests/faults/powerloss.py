"""D4: power lost at every moment, by the model in tests/core/store, over the store's own code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cskit.store import folder, history
from tests.core.store import mutants
from tests.core.store.crashes import Bad, Search
from tests.core.store.disks import Machine
from tests.core.store.test_power_loss import CARELESS, SIZES
from tests.faults.tally import Fault, Tally, Trial


@contextlib.contextmanager
def _sizes(small: int, share: int) -> Iterator[None]:
    before = folder.SMALL, folder.SHARE
    folder.SMALL, folder.SHARE = small, share
    try:
        yield
    finally:
        folder.SMALL, folder.SHARE = before


def exhausted(trial: Trial) -> Tally:
    """Search through every crash and every loss of power, where tables follow at once and where they lag."""
    tally, moments = Tally(), 0
    for small, share in SIZES.values():
        search = Search()
        with _sizes(small, share):
            try:
                search.everything()
            except Bad as error:
                tally.wrong("bad state", str(error))
        tally.trials += search.states
        moments += search.moments
    tally.figures["moments to die at"] = f"{moments:,}".replace(",", " ")
    return tally


def mutated(trial: Trial) -> Tally:
    """Take each safeguard away: the search must notice."""
    tally, caught = Tally(), 0
    with _sizes(0, 1):
        for make in CARELESS:
            caught += _is_caught(Search(make))
        good, history.good = history.good, mutants.good_without_hash
        try:
            caught += _is_caught(Search(Machine))
        finally:
            history.good = good
    tally.expect(caught == len(CARELESS) + 1, "not caught", f"{caught} of {len(CARELESS) + 1} mutants")
    tally.figures["mutants caught"] = f"{caught} of {len(CARELESS) + 1}"
    return tally


def _is_caught(search: Search) -> bool:
    try:
        search.everything()
    except Bad:
        return True
    return False


POWER = Fault(
    "D4",
    "power loss: every crash, every subset of what was not synced",
    "no bad state; each safeguard taken away is noticed",
    {"states": exhausted, "mutants": mutated},
    often=1,
    nightly=1,
)
