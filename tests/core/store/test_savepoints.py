"""Savepoints of a transaction, and transactions that are never saved."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Change, Origin
from cskit.store.transaction import FolderTransaction
from tests.core.store.test_costs import Counted

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="zhang", command="batch")


class Wrong(Exception):
    """What a part of a transaction fails with."""


def raw(own: str, text: str = "", key: str | None = None) -> bytes:
    """Return a document."""
    return msgspec.json.encode({"id": own, **({"key": key} if key else {}), "name": text})


def seen(tx: FolderTransaction) -> dict[str, object]:
    """Return all that a transaction shows, by every way there is to look, and would save."""
    tables = tx.tables()
    return {
        "documents": {table: list(tx.read(table)) for table in tables},
        "by id": {
            (table, own): list(tx.read(table, ids=[own])) for table in tables for own in ("A", "B", "C", "D")
        },
        "by name": {
            (table, name): list(tx.read(table, names=[name]))
            for table in tables
            for name in ("A", "C", "0", "3")
        },
        "one": {(table, number): tx.get(table, number) for table in tables for number in range(1, 8)},
        "changes": sorted(tx.changes),
        "state": {table: tx.state(table) for table in tables},
        "origin": tx.origin,
        "marks": {table: dict(given) for table, given in tx.marks.items() if given},
    }


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "remove", "number", "reserve", "part", "failing"]),
        st.sampled_from(["customers", "orders"]),
        st.integers(1, 6),
        st.sampled_from("ABCD"),
    ),
    max_size=8,
)


def apply(tx: FolderTransaction, operations: list[tuple[str, str, int, str]]) -> None:
    """Do what can be done of some operations; a part holds all that come after it."""
    for place, (kind, table, number, own) in enumerate(operations):
        if kind in ("part", "failing"):
            with contextlib.suppress(Wrong), tx.savepoint():
                apply(tx, operations[place + 1 :])
                if kind == "failing":
                    raise Wrong
            return
        there = tx.get(table, number) is not None
        if kind == "insert":
            tx.insert(table, raw(own, str(place), str(place) if place % 2 else ""), None if there else number)
        elif kind == "number":
            tx.next_number(table, own)
        elif kind == "reserve":
            tx.reserve(table, own, number)
        elif there and kind == "replace":
            tx.replace(table, number, raw(own, str(place), str(number)))
        elif there:
            tx.remove(table, number)


@given(before=OPERATIONS, inside=OPERATIONS)
@settings(max_examples=150, deadline=None)
def test_a_failed_part_was_never_there(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, str, int, str]],
    inside: list[tuple[str, str, int, str]],
) -> None:
    """Whatever a part changes, also in parts of its own: when it fails, all is as it was before."""
    store = open_store(tmp_path_factory.mktemp("data"))
    with store.transaction(ORIGIN) as tx:
        for own in "AB":
            tx.insert("customers", raw(own))
    with store.transaction(ORIGIN) as tx:
        apply(tx, before)
        as_before = seen(tx)
        with contextlib.suppress(Wrong), tx.savepoint() as part:
            apply(tx, inside)
            tx.origin = msgspec.structs.replace(ORIGIN, reason="of the part")
            assert {change[:2] for change in part.changes} >= {
                change[:2] for change in set(tx.changes) - set(as_before["changes"])
            }
            raise Wrong
        assert seen(tx) == as_before
    saved = store.reading()
    for table, documents in as_before["documents"].items():  # type: ignore[attr-defined]
        assert list(saved.read(table)) == documents


def test_a_part_tells_its_own_changes(tmp_path: Path) -> None:
    """A part's changes start from what the transaction had made of a document before."""
    store = open_store(tmp_path)
    with store.transaction(ORIGIN) as tx:
        tx.insert("customers", raw("A", "1"))
    with store.transaction(ORIGIN) as tx:
        tx.replace("customers", 1, raw("A", "2"))
        with tx.savepoint() as part:
            tx.replace("customers", 1, raw("A", "3"))
            with tx.savepoint():
                tx.insert("customers", raw("B"))
            assert part.changes == [
                Change("customers", 1, raw("A", "2"), raw("A", "3")),
                Change("customers", 2, None, raw("B")),
            ]
        assert tx.changes == [
            Change("customers", 1, raw("A", "1"), raw("A", "3")),
            Change("customers", 2, None, raw("B")),
        ]


def test_many_parts_are_one_entry(tmp_path: Path) -> None:
    """Of a document that many parts changed, the history has two states; each file is written once."""
    disk = Counted(tmp_path)
    with FolderStore(disk).transaction(ORIGIN) as tx:
        for number in range(100):
            with tx.savepoint():
                tx.insert("customers", raw(f"C-{number}"))
                tx.replace("customers", 1, raw("C-0", f"{number}"))
    assert tx.sequence == 1
    history = (tmp_path / "history.jsonl").read_bytes()
    table = (tmp_path / "customers.json").stat().st_size
    assert history.count(b'"doc":') == 100
    assert history.count(b'"doc":1,') == 1
    assert disk.written == {"history.jsonl": len(history), "customers.json.new": table}


def test_a_rehearsal_writes_nothing_and_blocks_nobody(tmp_path: Path) -> None:
    """It reads and changes like any other, while another writer saves, and leaves no trace in the folder."""
    with open_store(tmp_path).transaction(ORIGIN) as tx:
        tx.insert("customers", raw("A"))
    os.utime(tmp_path / "customers.json", (1_000, 1_000))  # a stamp that a writer would mend
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    disk = Counted(tmp_path)
    rehearsal = FolderStore(disk).rehearsal(ORIGIN)
    rehearsal.replace("customers", 1, raw("A", "new"))
    assert [document.raw for document in rehearsal.read("customers")] == [raw("A", "new")]
    assert disk.written == {}
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before
    with open_store(tmp_path, lock_timeout=0).transaction(ORIGIN) as tx:
        tx.insert("customers", raw("B"))
    assert tx.sequence == 2
    assert rehearsal.sequence is None


def test_a_rehearsal_needs_no_folder(tmp_path: Path) -> None:
    """Where nothing was saved yet, nothing is made."""
    rehearsal = open_store(tmp_path / "none").rehearsal(ORIGIN)
    assert rehearsal.insert("customers", raw("A")) == 1
    assert not (tmp_path / "none").exists()


def test_an_origin_may_be_completed(tmp_path: Path) -> None:
    """What a transaction learns of its reason while it runs is written to the history."""
    store = open_store(tmp_path)
    with store.transaction(ORIGIN) as tx:
        tx.insert("customers", raw("A"))
        tx.origin = msgspec.structs.replace(tx.origin, reason="asked for it")
    assert [entry.origin.reason for entry in store.history()] == ["asked for it"]
