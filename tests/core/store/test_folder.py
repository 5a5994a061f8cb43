"""The data folder: what its files are like, what a transaction does, and that it behaves like a dict."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tinydb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cskit.errors import Conflict, NotFound, Refused
from cskit.store import folder, lines
from cskit.store.disk import FolderDisk
from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Change, Document, Origin, Transaction
from cskit.store.transaction import FolderTransaction

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="zhang", command="customer add")


def raw(number: int, text: str = "张三") -> bytes:
    """Return a document with a generated id."""
    return f'{{"id":"C-{number:06d}","name":"{text}"}}'.encode()


def add(store: FolderStore, *documents: bytes, table: str = "customers") -> int:
    """Save documents in one transaction; return its sequence."""
    with store.transaction(ORIGIN) as tx:
        for document in documents:
            tx.insert(table, document)
    assert tx.sequence is not None
    return tx.sequence


def documents_in(path: Path, table: str = "customers") -> list[Document]:
    """Return what another process would read now."""
    return list(open_store(path).reading().read(table))


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave table files as the first commit made them, so that the history alone holds the rest."""
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)


# --- what the files are like -------------------------------------------------------------------------------


def test_stock_tinydb_opens_every_table(tmp_path: Path) -> None:
    """After every kind of change a stock TinyDB finds the documents under their numbers."""
    store = open_store(tmp_path)
    add(store, raw(1), raw(2, "李四"), raw(3, 'say \\"hi\\" \\u0041'))
    add(store, b'{"id":"O-1","amount":1.50}', table="orders")
    with store.transaction(ORIGIN) as tx:
        tx.remove("customers", 1)
        tx.replace("customers", 2, raw(2, "王五"))
    for table in ("customers", "orders"):
        with tinydb.TinyDB(tmp_path / f"{table}.json", encoding="utf-8") as db:
            found = {d.doc_id: dict(d) for d in db.table(table).all()}
        assert found == {d.number: json.loads(d.raw) for d in store.reading().read(table)}
    assert found == {1: {"id": "O-1", "amount": 1.5}}


@pytest.mark.parametrize(
    ("change", "minus", "plus"),
    [
        (lambda tx: tx.replace("customers", 50, raw(50, "new")), [raw(50)], [raw(50, "new")]),
        (lambda tx: tx.remove("customers", 50), [raw(50)], []),
        (lambda tx: tx.insert("customers", raw(101)), [], [raw(101)]),
    ],
    ids=["replace", "remove", "insert"],
)
def test_a_change_changes_one_line(
    tmp_path: Path, change: Any, minus: list[bytes], plus: list[bytes]
) -> None:
    """In a diff a changed document is its line and the tail; only a comma moves when one comes last."""
    store = open_store(tmp_path)
    add(store, *(raw(n) for n in range(1, 101)))
    before = (tmp_path / "customers.json").read_bytes().splitlines()
    with store.transaction(ORIGIN) as tx:
        change(tx)
    after = (tmp_path / "customers.json").read_bytes().splitlines()
    found: dict[str, list[bytes]] = {"-": [], "+": []}
    for line in difflib.ndiff([a.decode() for a in before], [a.decode() for a in after]):
        if line[0] in found and "_cskit" not in line:
            document = line[2:].rstrip(",").partition(": ")[2].encode()
            found[line[0]].append(document)
    if not minus:
        assert (found["-"], found["+"]) == ([raw(100)], [raw(100), *plus])
    else:
        assert (found["-"], found["+"]) == (minus, plus)


@pytest.mark.parametrize("clock", [1_795_334_400.9, 1_795_334_401.0, 1_795_334_403.5])
def test_the_time_of_change_is_the_stamp(tmp_path: Path, clock: float) -> None:
    """The stamp is even and two seconds past at least, so that a later write shows on any file system."""
    store = FolderStore(FolderDisk(tmp_path), clock=lambda: clock)
    add(store, raw(1))
    path = tmp_path / "customers.json"
    stamp = json.loads(path.read_bytes())["_cskit"]["1"]["stamp"]
    assert path.stat().st_mtime_ns == stamp * 1_000_000_000
    assert stamp % 2 == 0
    assert clock - 4 < stamp <= clock - 2


def test_files_are_private_under_any_umask(tmp_path: Path) -> None:
    """Only the owner reads a department's records: folder 0700, files 0600, no temporary file left."""
    path = tmp_path / "deep" / "data"
    before = os.umask(0)
    try:
        add(open_store(path), raw(1))
        add(open_store(path), raw(2))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()}
    assert modes == dict.fromkeys(["customers.json", "history.jsonl", "lock"], 0o600)


def test_a_folder_behind_a_link_is_a_folder(tmp_path: Path) -> None:
    """A data folder may be reached through a symbolic link; only its files may not be links."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    add(open_store(tmp_path / "link"), raw(1))
    assert documents_in(tmp_path / "real") == [Document(1, raw(1))]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    """Files whose names no table can have are neither read nor touched, folders included."""
    for name in ("Notes.json", "my-list.json", "cskit.toml", "customers.json.new", "a.json.bak"):
        (tmp_path / name).write_text("not JSON")
    (tmp_path / "rules").mkdir()
    store = open_store(tmp_path)
    add(store, raw(1))
    assert store.reading().tables() == ["customers"]
    assert (tmp_path / "Notes.json").read_text() == "not JSON"


# --- transactions ------------------------------------------------------------------------------------------


def test_a_transaction_reads_its_own_changes(tmp_path: Path) -> None:
    """Inside a transaction its changes show by number, by id and in a list; outside nothing does yet."""
    store = open_store(tmp_path)
    add(store, raw(1), raw(2))
    outside = open_store(tmp_path).reading()
    with store.transaction(ORIGIN) as tx:
        assert tx.insert("customers", raw(3)) == 3
        tx.remove("customers", 1)
        tx.replace("customers", 2, raw(2, "new"))
        expected = [Document(2, raw(2, "new")), Document(3, raw(3))]
        assert list(tx.read("customers")) == expected
        assert list(tx.read("customers", ids=["C-000003", "C-000001"])) == expected[1:]
        assert tx.get("customers", 1) is None
        assert tx.changes == [
            Change("customers", 3, None, raw(3)),
            Change("customers", 1, raw(1), None),
            Change("customers", 2, raw(2), raw(2, "new")),
        ]
        assert list(outside.read("customers")) == [Document(1, raw(1)), Document(2, raw(2))]
    assert list(outside.read("customers")) == [Document(1, raw(1)), Document(2, raw(2))]
    assert documents_in(tmp_path) == expected


def test_two_documents_can_exchange_ids(tmp_path: Path) -> None:
    """An id that another document has taken over is still found after the first one lets go of it."""
    store = open_store(tmp_path)
    add(store, raw(1), raw(2))
    with store.transaction(ORIGIN) as tx:
        tx.replace("customers", 1, raw(1))
        tx.replace("customers", 2, raw(2))
        tx.replace("customers", 1, raw(2))
        tx.replace("customers", 2, raw(1))
        assert list(tx.read("customers", ids=["C-000002"])) == [Document(1, raw(2))]
        assert list(tx.read("customers", ids=["C-000001"])) == [Document(2, raw(1))]


def nothing(tx: FolderTransaction) -> None:
    """Change nothing."""


def there_and_back(tx: FolderTransaction) -> None:
    """Change a document and put it back as it was; add one and take it out again."""
    tx.replace("customers", 1, raw(1, "new"))
    tx.replace("customers", 1, raw(1))
    tx.remove("customers", tx.insert("customers", raw(2)))


@pytest.mark.parametrize("change", [nothing, there_and_back])
def test_what_changes_nothing_is_not_saved(tmp_path: Path, change: Any) -> None:
    """Without a difference there is no entry, no call of the check, and no file is touched."""
    store = open_store(tmp_path)
    add(store, raw(1))
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with store.transaction(ORIGIN, check=lambda tx: pytest.fail("nothing to check")) as tx:
        change(tx)
    assert tx.sequence is None
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda tx: tx.insert("customers", raw(9), 1), Conflict, "document 1 of customers exists already"),
        (lambda tx: tx.replace("customers", 7, raw(7)), NotFound, "customers has no document 7"),
        (lambda tx: tx.remove("orders", 1), NotFound, "orders has no document 1"),
        (lambda tx: tx.insert("customers", b'{"id":\n"x"}'), ValueError, "a document is one line of JSON"),
    ],
    ids=["taken", "replace-none", "remove-none", "two-lines"],
)
def test_impossible_changes_are_refused(tmp_path: Path, change: Any, error: Any, said: str) -> None:
    """A change that cannot be made ends the transaction, with what came before it."""
    store = open_store(tmp_path)
    add(store, raw(1))

    def run() -> None:
        with store.transaction(ORIGIN) as tx:
            tx.insert("customers", raw(2))
            change(tx)

    with pytest.raises(error, match=said):
        run()
    assert documents_in(tmp_path) == [Document(1, raw(1))]
    assert add(store, raw(2)) == 2


def test_the_check_may_add_or_refuse(tmp_path: Path) -> None:
    """What the check adds is in the same entry; what it refuses leaves no trace, not even a number."""
    store = open_store(tmp_path)

    def grow(tx: Transaction) -> None:
        tx.insert("log", b"{}")

    def veto(tx: Transaction) -> None:
        raise Refused("no")

    with store.transaction(ORIGIN, check=grow) as tx:
        tx.insert("customers", raw(1))
    assert [change.table for change in store.changes_of(1)[1]] == ["customers", "log"]

    def refused() -> None:
        with store.transaction(ORIGIN, check=veto) as tx:
            tx.next_number("customers", "C")
            tx.insert("customers", raw(2))

    with pytest.raises(Refused):
        refused()
    assert documents_in(tmp_path) == [Document(1, raw(1))]
    assert dict(store.reading().marks("customers")) == {}


@pytest.mark.usefixtures("pending")
def test_settling_brings_files_up_to_the_history(tmp_path: Path) -> None:
    """Before: the file lacks what is pending. After: stock TinyDB sees all, and nothing is left to do."""
    store = open_store(tmp_path)
    add(store, raw(1))
    add(store, raw(2))
    add(store, b"{}", table="orders")
    assert list(json.loads((tmp_path / "customers.json").read_bytes())["customers"]) == ["1"]
    assert store.settle() == ["customers"]
    assert list(json.loads((tmp_path / "customers.json").read_bytes())["customers"]) == ["1", "2"]
    assert store.settle() == []
    assert documents_in(tmp_path) == [Document(1, raw(1)), Document(2, raw(2))]


# --- a dict would do the same ------------------------------------------------------------------------------


class Red:
    """The filter colour == "red", with the text a matching document must hold."""

    class model(msgspec.Struct):
        """What the filter decodes."""

        colour: str | None = None

    anchors: tuple[bytes, ...] = (b'"colour":"red"',)

    def matches(self, document: Any) -> bool:
        """Tell whether the colour is red."""
        return bool(document.colour == "red")


class Model:
    """Tables as dicts, with the numbers given out."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, bytes]] = {}
        self.next: dict[str, int] = {}
        self.marks: dict[str, dict[str, int]] = {}
        self.gone: dict[str, dict[int, bytes]] = {}
        self.saved: dict[str, set[int]] = {}

    def highest(self, table: str) -> int:
        """Return the highest number a document of `table` was ever saved under."""
        return max(self.saved.get(table, {0}))

    def copy(self) -> Model:
        """Return one that changes apart from this."""
        copied = Model()
        for name in ("tables", "marks", "gone"):
            setattr(copied, name, {table: dict(held) for table, held in getattr(self, name).items()})
        copied.next = dict(self.next)
        copied.saved = {table: set(numbers) for table, numbers in self.saved.items()}
        return copied


def document(number: int, colour: str, size: int) -> bytes:
    """Return a document with an id of one of three forms, sometimes with the filter's text elsewhere."""
    name = (f"C-{number:06d}", f'客"{number}\\', f"X-{number + 1}")[number % 3]
    decoy = [{"id": f"C-{number + 1:06d}", "colour": "red"}] if size % 2 else []
    return msgspec.json.encode({"id": name, "colour": colour, "text": "x," * size, "parts": decoy})


OPERATION = st.tuples(
    st.sampled_from(["insert", "insert", "insert", "replace", "remove", "back", "ahead", "next", "reserve"]),
    st.sampled_from(["customers", "customers", "orders"]),
    st.integers(0, 30),
    st.sampled_from(["red", "blue"]),
    st.sampled_from([0, 1, 40, 3000]),
)
STEP = st.one_of(
    st.just("settle"),
    st.tuples(
        st.sampled_from(["commit", "commit", "commit", "abort", "veto"]), st.lists(OPERATION, max_size=9)
    ),
)


def apply(tx: FolderTransaction, model: Model, operation: tuple[str, str, int, str, int]) -> None:
    """Do one operation on both, and compare what it returns."""
    kind, table, pick, colour, size = operation
    held, gone = model.tables.get(table, {}), model.gone.get(table, {})
    number = sorted(held)[pick % len(held)] if held else 0
    if kind in ("replace", "remove") and not held:
        return
    if kind in ("next", "reserve"):
        series = model.marks.setdefault(table, {})
        if kind == "next":
            series["C"] = series.get("C", 0) + 1
            assert tx.next_number(table, "C") == series["C"]
        else:
            series["C"] = max(series.get("C", 0), pick + 1)
            tx.reserve(table, "C", pick + 1)
        return
    held = model.tables.setdefault(table, {})
    gone = model.gone.setdefault(table, {})
    free = model.next.get(table, 1)
    for again in (free, free + 2):  # a number that was given and taken back in one transaction comes again
        gone.pop(again, None)
    if kind == "insert":
        assert tx.insert(table, document(free, colour, size)) == free
        held[free], model.next[table] = document(free, colour, size), free + 1
    elif kind == "ahead":
        tx.insert(table, document(free + 2, colour, size), free + 2)
        held[free + 2], model.next[table] = document(free + 2, colour, size), free + 3
    elif kind == "back" and gone:
        number = sorted(gone)[pick % len(gone)]
        held[number] = gone.pop(number)
        tx.insert(table, held[number], number)
        model.next[table] = max(free, number + 1)
    elif kind == "replace":
        held[number] = document(number, colour, size)
        tx.replace(table, number, held[number])
    elif kind == "remove":
        gone[number] = held.pop(number)
        tx.remove(table, number)


def assert_equal(reading: Any, model: Model, table: str) -> None:
    """Assert that a reading, or a transaction, shows what the model holds."""
    held = [Document(n, data) for n, data in sorted(model.tables.get(table, {}).items())]
    assert list(reading.read(table)) == held
    red = [d for d in held if json.loads(d.raw)["colour"] == "red"]
    assert list(reading.read(table, where=Red())) == red
    names = [json.loads(d.raw)["id"] for d in held]
    for wanted in (names[:1], names[-2:], [*names, "none", "C-000002"], names[::3]):
        expected = [d for d in held if json.loads(d.raw)["id"] in wanted]
        assert list(reading.read(table, ids=wanted)) == expected
        assert list(reading.read(table, where=Red(), ids=wanted)) == [d for d in expected if d in red]
    for number in range(model.next.get(table, 1) + 1):
        assert reading.get(table, number) == model.tables.get(table, {}).get(number)


def run(store: FolderStore, model: Model, step: Any, sequence: int) -> tuple[Model, int]:
    """Do one step on both; return the model after it and the last sequence."""
    if step == "settle":
        store.settle()
        return model, sequence
    fate, operations = step
    trial = model.copy()

    def veto(tx: Transaction) -> None:
        raise Refused("no")

    with contextlib.suppress(Refused), store.transaction(ORIGIN, veto if fate == "veto" else None) as tx:
        for operation in operations:
            apply(tx, trial, operation)
        for table in ("customers", "orders"):
            assert_equal(tx, trial, table)
        if fate == "abort":
            raise Refused("no")
    changed = {
        Change(
            table, number, model.tables.get(table, {}).get(number), trial.tables.get(table, {}).get(number)
        )
        for table in ("customers", "orders")
        for number in range(trial.next.get(table, 1))
    }
    changed = {change for change in changed if change.before != change.after}
    if fate != "commit" or not changed:
        assert tx.sequence is None
        return model, sequence
    assert tx.sequence == sequence + 1
    assert sorted(store.changes_of(tx.sequence)[1]) == sorted(changed)
    for change in changed:
        trial.saved.setdefault(change.table, set()).add(change.number)
    return trial, tx.sequence


@settings(max_examples=80, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(STEP, min_size=1, max_size=8),
    small=st.sampled_from([-1, 500, 1 << 20]),
    share=st.sampled_from([1e-9, 1, 100]),
    block=st.sampled_from([16, 1 << 20]),
)
def test_the_store_behaves_like_a_dict(steps: Sequence[Any], small: int, share: float, block: int) -> None:
    """Whatever is settled or pending, opened anew after each step, every reading equals the model's.

    The number of a document that was added and removed within one transaction may or may not come again.
    """
    model, sequence = Model(), 0
    with tempfile.TemporaryDirectory() as path, pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "SMALL", small)
        patch.setattr(folder, "SHARE", share)
        patch.setattr(lines, "BLOCK", block)
        for step in steps:
            model, sequence = run(open_store(Path(path)), model, step, sequence)
            reading = open_store(Path(path)).reading()
            for table in ("customers", "orders"):
                assert_equal(reading, model, table)
                assert dict(reading.marks(table)) == model.marks.get(table, {})
                assert model.highest(table) < reading.next_number(table) <= model.next.get(table, 1)
                model.next[table] = reading.next_number(table)
            assert reading.head.commit == sequence


def test_a_document_put_back_does_not_set_the_numbers_back(tmp_path: Path) -> None:
    """After an undo has put document 1 back, the next one is still numbered after the highest."""
    store = open_store(tmp_path)
    add(store, raw(1), raw(2), raw(3))
    with store.transaction(ORIGIN) as tx:
        tx.remove("customers", 1)
        assert tx.insert("customers", raw(1), 1) == 1
        assert tx.insert("customers", raw(4)) == 4
    assert [d.number for d in documents_in(tmp_path)] == [1, 2, 3, 4]


@pytest.mark.parametrize("settled", [True, False])
def test_numbers_are_never_given_twice(
    tmp_path: Path, settled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a document's number nor a record's comes back when the highest is removed."""
    if not settled:
        monkeypatch.setattr(folder, "SMALL", -1)
        monkeypatch.setattr(folder, "SHARE", 1e-9)
    given_out = []
    for _ in range(4):
        with open_store(tmp_path).transaction(ORIGIN) as tx:
            given_out.append((tx.insert("customers", raw(1)), tx.next_number("customers", "C")))
        with open_store(tmp_path).transaction(ORIGIN) as tx:
            tx.remove("customers", given_out[-1][0])
    assert given_out == [(1, 1), (2, 2), (3, 3), (4, 4)]
