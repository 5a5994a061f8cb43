"""Killed, or without power, at every step of taking over an edited file: nothing lost, nothing done twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Hashable, Iterator

import pytest

from cskit.store import folder
from cskit.store.folder import FolderStore
from cskit.store.protocol import Origin
from tests.core.store.crashes import left_by_kill
from tests.core.store.disks import Machine, Op
from tests.core.store.medium import Content, File, Medium
from tests.core.store.test_foreign import raw

TABLE = "customers"
ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="u", command="test")


def store_on(medium: Medium) -> FolderStore:
    """Return a store on a medium."""
    return FolderStore(Machine(medium), clock=lambda: 1_700_000_100.0)


def held(medium: Medium) -> dict[int, str]:
    """Return the names in the table by number, as the next process reads them."""
    return {d.number: json.loads(d.raw)["name"] for d in store_on(medium).reading().read(TABLE)}


def whole(medium: Medium) -> Medium:
    """Bring everything that was done onto the medium."""
    for file in range(len(medium.files)):
        medium.sync(file)
    medium.sync_names()
    return medium


def edited(pending: bool) -> Medium:
    """Return a folder whose table another program has changed: in form, in document 1, and with a new one."""
    medium = Medium()
    with store_on(medium).transaction(ORIGIN) as tx:
        for number in (1, 2, 3):
            tx.insert(TABLE, raw(number, "as it was"))
    if pending:
        folder.SMALL, folder.SHARE = -1, 1e-9  # type: ignore[assignment]  # the file stays behind from here
        with store_on(medium).transaction(ORIGIN) as tx:
            tx.replace(TABLE, 2, raw(2, "pending"))
            tx.remove(TABLE, 3)
    file = medium.names[f"{TABLE}.json"]
    content = json.loads(medium.files[file].seen.data)
    content[TABLE]["1"]["name"] = "edited"
    content[TABLE]["9"] = {"id": "X-9", "name": "theirs"}
    theirs = Content(json.dumps(content, indent=1).encode())
    medium.files[file] = File(theirs, theirs)
    return whole(medium)


def command(medium: Medium, own: int = 20) -> list[Medium]:
    """Add a customer, and return what is left by a kill at each operation."""
    moments: list[Medium] = []

    def before(op: Op) -> None:
        moments.extend(left_by_kill(medium, op))

    store = FolderStore(Machine(medium, before), clock=lambda: 1_700_000_100.0)
    with store.transaction(ORIGIN) as tx:
        tx.insert(TABLE, raw(own, "ours"))
    return moments


def after(moments: list[Medium]) -> Iterator[Medium]:
    """Yield every folder that a kill, and a loss of power after it, may leave; each once."""
    seen: set[Hashable] = set()
    for moment in moments:
        for state in (moment, *moment.power_lost()):
            if state.key() not in seen:
                seen.add(state.key())
                yield state.copy()


@pytest.mark.parametrize("pending", [False, True], ids=["settled", "behind"])
def test_at_every_step(monkeypatch: pytest.MonkeyPatch, pending: bool) -> None:
    """Their change always shows, ours once it was saved; one entry tells of theirs, however often tried."""
    monkeypatch.setattr(folder, "SMALL", folder.SMALL)
    monkeypatch.setattr(folder, "SHARE", folder.SHARE)
    medium = edited(pending)
    theirs = held(medium)
    assert theirs == (
        {1: "edited", 2: "pending", 9: "theirs"}
        if pending
        else {1: "edited", 2: "as it was", 3: "as it was", 9: "theirs"}
    )
    moments = command(medium)
    ours = {**theirs, 10: "ours"}
    assert held(medium) == ours
    count = 0
    for state in after(moments):
        count += 1
        found = held(state)
        assert found in (theirs, ours)
        command(state, 21)
        number = max(found) + 1
        assert held(state) == {**found, number: "ours"}
        entries = [entry for entry in store_on(state).history() if entry.origin.foreign]
        assert len(entries) == 1
        store_on(state).settle()
        assert store_on(state).verify().findings == []
    assert count > 50
    for state in after([medium]):
        assert held(state) == ours  # what was acknowledged is there
