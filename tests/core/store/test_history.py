"""The history: its exact form, torn ends that are cut, damage that is not, text that forges no line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from cskit.errors import Exit, NotFound, StorageFailed
from cskit.store import folder, history
from cskit.store.folder import FolderStore, open_store
from cskit.store.history import Head
from cskit.store.protocol import Change, Document, Origin

TIME = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
NAMES = ["张三", "李四", "王五", "赵六"]


def origin(command: str = "customer add", minutes: int = 0) -> Origin:
    """Return who does something, `minutes` after the first."""
    return Origin(time=TIME + dt.timedelta(minutes=minutes), user="zhang", command=command)


def raw(number: int, name: str) -> bytes:
    """Return a small document."""
    return f'{{"id":"C-{number:06d}","name":"{name}"}}'.encode()


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave table files as the first commit made them, so that the history alone holds the rest."""
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)


class Made:
    """A folder with one document a transaction, and where its history ended after each."""

    def __init__(self, path: Path, count: int = len(NAMES), names: Sequence[str] = NAMES) -> None:
        self.store, self.file = open_store(path), path / history.NAME
        self.ends, self.documents = [0], []
        for number, name in enumerate(names[:count], 1):
            with self.store.transaction(origin(minutes=number)) as tx:
                tx.next_number("customers", "C")
                tx.insert("customers", raw(number, name))
            self.documents.append(Document(number, raw(number, name)))
            self.ends.append(self.file.stat().st_size)
        self.data = self.file.read_bytes()

    def assert_reads(self, count: int, damaged: bytes) -> None:
        """Assert that with `damaged` as history the first `count` are read, and reading changes nothing."""
        self.file.write_bytes(damaged)
        assert list(self.store.reading().read("customers")) == self.documents[:count]
        assert self.file.read_bytes() == damaged

    def assert_goes_on_after(self, count: int, damaged: bytes) -> None:
        """Assert that with `damaged` as history the first `count` are read, and the next follows them."""
        self.assert_reads(count, damaged)
        with self.store.transaction(origin("after", 90)) as tx:
            number = tx.next_number("customers", "C")
            tx.insert("customers", raw(number, "new"))
        assert (tx.sequence, number) == (count + 1, count + 1)
        again = self.file.read_bytes()
        assert again[: self.ends[count]] == self.data[: self.ends[count]]
        assert again[self.ends[count] :].startswith(b'{"seq":%d,' % (count + 1))
        assert [entry.sequence for entry in self.store.history()] == list(range(count + 1, 0, -1))

    def assert_refused(self, damaged: bytes, entry: int) -> None:
        """Assert that with `damaged` as history all is refused after `entry`, and nothing is changed."""
        self.file.write_bytes(damaged)
        said = f"history.jsonl is damaged after entry {entry}, at byte {self.ends[entry]}"
        for use in (self.store.reading, self.write, self.store.settle):
            with pytest.raises(StorageFailed) as caught:
                use()
            assert caught.value.message == said
            assert caught.value.exit is Exit.STORAGE
            assert caught.value.hint == history.WAY_OUT
        assert self.file.read_bytes() == damaged

    def write(self) -> None:
        """Try to save one more document."""
        with self.store.transaction(origin()) as tx:
            tx.insert("customers", raw(9, "lost"))


# --- form --------------------------------------------------------------------------------------------------


def test_the_bytes_of_a_transaction(tmp_path: Path) -> None:
    """Who and when, then each document before and after, then the commit line with the chain."""
    store = open_store(tmp_path)
    given = Origin(
        time=TIME, user="zhang", staff="S-7", command="customer set", options=("--reason",), reason="搬家"
    )
    with store.transaction(origin()) as tx:
        tx.insert("customers", raw(1, "张三"))
        tx.next_number("customers", "C")
    with store.transaction(given) as tx:
        tx.replace("customers", 1, raw(1, "张三丰"))
        tx.insert("orders", b'{"id":"O-1"}')
    with store.transaction(origin("customer remove", 5)) as tx:
        tx.remove("customers", 1)
    assert (tmp_path / "history.jsonl").read_text("utf-8") == (
        '{"seq":1,"time":"2026-11-22T08:30:00Z","user":"zhang","command":"customer add",'
        '"marks":{"customers":{"C":1}}}\n'
        '{"table":"customers","doc":1,"before":null,"after":{"id":"C-000001","name":"张三"}}\n'
        '{"commit":1,"at":0,"bytes":196,"tables":{"customers":1},"prev":"",'
        '"chain":"94d560a2ab79dc4fe9f44ca5ad95add7ae560fe3"}\n'
        '{"seq":2,"time":"2026-11-22T08:30:00Z","user":"zhang","command":"customer set","staff":"S-7",'
        '"options":["--reason"],"reason":"搬家"}\n'
        '{"table":"customers","doc":1,"before":{"id":"C-000001","name":"张三"},'
        '"after":{"id":"C-000001","name":"张三丰"}}\n'
        '{"table":"orders","doc":1,"before":null,"after":{"id":"O-1"}}\n'
        '{"commit":2,"at":314,"bytes":315,"tables":{"customers":2,"orders":2},'
        '"prev":"94d560a2ab79dc4fe9f44ca5ad95add7ae560fe3","chain":"27383425dcb44436d805220fe0e32bc96e05f7b2"}\n'
        '{"seq":3,"time":"2026-11-22T08:35:00Z","user":"zhang","command":"customer remove"}\n'
        '{"table":"customers","doc":1,"before":{"id":"C-000001","name":"张三丰"},"after":null}\n'
        '{"commit":3,"at":800,"bytes":172,"tables":{"customers":3,"orders":2},'
        '"prev":"27383425dcb44436d805220fe0e32bc96e05f7b2","chain":"98d8920ab9e5f197e098ef33939920cd9a4a906b"}\n'
    )


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    """Entries come newest first with their origin and counts; each gives its changes."""
    store = open_store(tmp_path)
    with store.transaction(origin()) as tx:
        tx.insert("customers", raw(1, "张三"))
        tx.insert("customers", raw(2, "李四"))
    later = Origin(time=TIME, user="li", command="x", now=TIME, reason="r", undoes=1, options=("--yes",))
    with store.transaction(later) as tx:
        tx.remove("customers", 1)
        tx.insert("orders", b"{}")
    newest, oldest = store.history()
    assert (newest.sequence, newest.origin, newest.counts) == (2, later, {"customers": 1, "orders": 1})
    assert (oldest.sequence, oldest.origin, oldest.counts) == (1, origin(), {"customers": 2})
    entry, changes = store.changes_of(2)
    assert entry == newest
    assert changes == [Change("customers", 1, raw(1, "张三"), None), Change("orders", 1, None, b"{}")]
    with pytest.raises(NotFound, match="no entry 3"):
        store.changes_of(3)


def test_a_folder_without_history_is_empty(tmp_path: Path) -> None:
    """A folder that is not there has no entries, no tables, and is not made by reading it."""
    store = open_store(tmp_path / "none")
    assert list(store.history()) == []
    assert store.reading().tables() == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("block", [1, 50, 1 << 20])
def test_forwards_and_backwards_agree(tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walking on from any entry, and back from any, passes through the same transactions."""
    monkeypatch.setattr(history, "_BLOCK", block)
    made = Made(tmp_path)
    handle = made.store.disk.open(history.NAME)
    assert handle is not None
    forward = list(history.walk(handle, 0, Head()))
    assert [commit.end for commit in forward] == made.ends[1:]
    for count, commit in enumerate(forward):
        assert list(history.walk(handle, commit.end, commit.head)) == forward[count + 1 :]
        assert list(history.back(handle, commit.head, commit.end)) == forward[count::-1]
        assert history.head_at(handle, commit.end) == commit.head
        assert history.head_at(handle, commit.end - 1) is None
    assert history.head_at(handle, handle.size + 1) is None


def test_long_commit_lines_are_found(tmp_path: Path) -> None:
    """A department with hundreds of tables has commit lines longer than what is read at first."""
    store = open_store(tmp_path)
    with store.transaction(origin()) as tx:
        for number in range(90):
            tx.insert(f"table{'_with_a_long_name' * 11}_{number}", b"{}")
    assert len((tmp_path / history.NAME).read_bytes().split(b"\n")[-2]) > 16_384
    with store.transaction(origin()) as tx:
        tx.insert("orders", b"{}")
    assert [entry.sequence for entry in store.history()] == [2, 1]


def test_time_never_goes_back(tmp_path: Path) -> None:
    """With the clock set back, an entry has the time of the one before it."""
    store = open_store(tmp_path)
    for minutes in (10, -500, 3, 20):
        with store.transaction(origin(minutes=minutes)) as tx:
            tx.insert("customers", b"{}")
    times = [entry.origin.time for entry in store.history()]
    assert [(time - TIME) // dt.timedelta(minutes=1) for time in times] == [20, 10, 10, 10]


# --- torn ends ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pending")
def test_a_transaction_cut_at_any_byte_never_was(tmp_path: Path) -> None:
    """Whatever was written of the last transaction, the next command reads and goes on as if nothing was."""
    made = Made(tmp_path)
    for size in range(made.ends[-2], made.ends[-1]):
        made.assert_reads(3, made.data[:size])
    for size in (*range(made.ends[-2], made.ends[-1], 9), made.ends[-1] - 1):
        made.assert_goes_on_after(3, made.data[:size])


@pytest.mark.usefixtures("pending")
def test_the_end_of_another_history_is_not_a_continuation(tmp_path: Path) -> None:
    """Entries that are whole in themselves, from a history as long, do not follow on ours."""
    made = Made(tmp_path / "ours")
    other = Made(tmp_path / "theirs", names=["钱七", *NAMES[1:]])
    assert other.ends == made.ends
    made.assert_refused(made.data[: made.ends[1]] + other.data[other.ends[1] :], 1)


@pytest.mark.usefixtures("pending")
@pytest.mark.parametrize("vouched", [True, False], ids=["table-file", "no-table-file"])
def test_a_torn_first_transaction_never_was(tmp_path: Path, vouched: bool) -> None:
    """The same holds where no table file tells which part of the history was safe."""
    made = Made(tmp_path, 1 if not vouched else 2)
    if not vouched:
        (tmp_path / "customers.json").unlink()
    for size in range(made.ends[-2], made.ends[-1], 11):
        made.assert_goes_on_after(len(made.ends) - 2, made.data[:size])
        if not vouched:
            (tmp_path / "customers.json").unlink()


def torn(data: bytes) -> dict[str, bytes]:
    """Return what a power loss may leave of a transaction's bytes that were not yet synced."""
    line = data.index(b'{"commit":')
    middle = len(data) // 2
    return {
        "nothing": b"",
        "payload-zeroed": bytes(line) + data[line:],
        "all-zeroed": bytes(len(data)),
        "commit-line-zeroed": data[:line] + bytes(len(data) - line),
        "second-half-zeroed": data[:middle] + bytes(len(data) - middle),
        "first-half-zeroed": bytes(middle) + data[middle:],
        "one-block-zeroed": data[:20] + bytes(30) + data[50:],
        "suffix-lost": data[:line],
        "line-end-lost": data[:-1],
        "line-end-zeroed": data[:-1] + b"\0",
        "prefix-lost": data[middle:],
    }


@pytest.mark.usefixtures("pending")
@pytest.mark.parametrize("kind", list(torn(b'{"commit":')))
def test_a_torn_transaction_of_any_kind_never_was(tmp_path: Path, kind: str) -> None:
    """Zeroed, swapped and missing blocks of the last transaction are recognised and cut."""
    made = Made(tmp_path)
    start = made.ends[-2]
    made.assert_goes_on_after(3, made.data[:start] + torn(made.data[start:])[kind])


def test_what_a_table_file_holds_is_no_torn_end(tmp_path: Path) -> None:
    """A transaction that already stands in a table file was acknowledged: losing it is not passed over."""
    made = Made(tmp_path)
    made.file.write_bytes(made.data[:-1])
    with pytest.raises(StorageFailed, match=r"customers\.json is ahead of history\.jsonl"):
        made.store.reading()


# --- damage ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pending")
@pytest.mark.parametrize("following", [1, 2])
@pytest.mark.parametrize("how", ["flipped", "zeroed", "line-end"])
def test_damage_before_good_transactions_is_never_cut(tmp_path: Path, how: str, following: int) -> None:
    """A changed byte in a transaction that others follow is an error, or what followed would be lost."""
    made = Made(tmp_path)
    entry = len(NAMES) - following - 1  # the last good one before the damage
    for place in range(made.ends[entry], made.ends[entry + 1]):
        new = {"flipped": made.data[place] ^ 1, "zeroed": 0, "line-end": 10}[how]
        if made.data[place] != new:
            made.assert_refused(made.data[:place] + bytes([new]) + made.data[place + 1 :], entry)


@pytest.mark.usefixtures("pending")
@pytest.mark.parametrize(
    "change",
    [
        lambda data, ends: data[: ends[1]] + data[ends[2] :],
        lambda data, ends: (
            data[: ends[1]] + data[ends[2] : ends[3]] + data[ends[1] : ends[2]] + data[ends[3] :]
        ),
        lambda data, ends: data[: ends[2]] + data[ends[1] :],
        lambda data, ends: data.replace("李四".encode(), "李五".encode(), 1),
    ],
    ids=["removed", "swapped", "twice", "rewritten"],
)
def test_tampering_with_entries_is_found(tmp_path: Path, change: object) -> None:
    """An entry taken out, moved, repeated or rewritten breaks the chain of those that follow."""
    made = Made(tmp_path)
    assert callable(change)
    data = change(made.data, made.ends)
    assert data != made.data
    made.file.write_bytes(data)
    with pytest.raises(StorageFailed, match=r"history\.jsonl is damaged after entry [12], at byte \d+"):
        made.store.reading()


@pytest.mark.parametrize("entry", [1, 2, 3])
def test_damage_in_the_settled_part_is_found_by_reading_the_history(tmp_path: Path, entry: int) -> None:
    """Where the table files already hold an entry, its damage stops the log at that entry, by name."""
    made = Made(tmp_path)
    place = made.ends[entry - 1] + 20
    made.file.write_bytes(made.data[:place] + b"#" + made.data[place + 1 :])
    assert list(made.store.reading().read("customers")) == made.documents
    said = rf"history\.jsonl is damaged at entry {entry}, byte {made.ends[entry - 1]}$"
    with pytest.raises(StorageFailed, match=said):
        list(made.store.history())


def test_damage_to_the_last_settled_entry_stops_the_next(tmp_path: Path) -> None:
    """The next transaction needs the time of the last; that this is unreadable is said in words."""
    made = Made(tmp_path)
    place = made.ends[-2] + 20
    made.file.write_bytes(made.data[:place] + b"\xff" + made.data[place + 1 :])
    with pytest.raises(StorageFailed, match=r"history\.jsonl is damaged at entry 4, byte"):
        made.write()


# --- forging -----------------------------------------------------------------------------------------------

FORGED = (
    '\n{"seq":2,"time":"2026-11-22T08:30:00Z","user":"x","command":"y"}\n{"commit":2,"at":0}\n',
    '"}\n{"commit":',
    "\r\n\x00\x1b[2J\u2028\u2029\x85",
    ',"chain":"0000"}',
)


@pytest.mark.parametrize("text", FORGED)
def test_text_cannot_forge_a_line(tmp_path: Path, text: str) -> None:
    """Line ends and commit lines inside names, reasons and values stay text: one record a line."""
    store = open_store(tmp_path)
    document = msgspec.json.encode({"id": text, "name": text})
    given = Origin(time=TIME, user=text, staff=text, command=text, reason=text, options=(text, text))
    for _ in range(2):
        with store.transaction(given) as tx:
            tx.insert("customers", document)
            tx.reserve("customers", text, 5)
    found = (tmp_path / history.NAME).read_bytes()
    assert found.count(b"\n") == 2 * 3
    assert [next(iter(json.loads(line))) for line in found.splitlines()] == ["seq", "table", "commit"] * 2
    assert [entry.origin for entry in store.history()] == [given, given]
    assert [d.raw for d in fresh(tmp_path).reading().read("customers", ids=[text])] == [document, document]
    assert fresh(tmp_path).reading().marks("customers") == {text: 5}


def fresh(path: Path) -> FolderStore:
    """Return the store as another process would open it."""
    return open_store(path)
