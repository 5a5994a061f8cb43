"""The history made anew: nothing of the old values is left, nothing else is lost, whenever it is stopped."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cskit.errors import Conflict, Exit, Refused, StorageFailed
from cskit.store import folder, history
from cskit.store.disk import failed
from cskit.store.folder import FolderStore, open_store
from cskit.store.protocol import Checkpoint, Entry, Look, Origin
from tests.core.store import scenario
from tests.core.store.crashes import Bad, left_by_kill
from tests.core.store.disks import Machine, Op
from tests.core.store.medium import Medium

TIME = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
COMPACT = Origin(time=TIME, user="zhang", command="data compact", reason="on request")
DONE = 3  # the steps of the scenario that are there before


def origin(command: str = "customer add", **more: object) -> Origin:
    """Return who asks."""
    return Origin(time=TIME, user="zhang", command=command, **more)  # type: ignore[arg-type]  # as Origin takes


def files(path: Path) -> dict[str, bytes]:
    """Return what every file of a folder holds."""
    return {file.name: file.read_bytes() for file in path.iterdir()}


def entries(store: FolderStore) -> list[tuple[int, str, str | None, bool]]:
    """Return the entries of a history, newest first."""
    return [(e.sequence, e.origin.command, e.origin.reason, e.archived) for e in store.history()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with two customers, of whom one was erased, a removed order, and a look that was noted."""
    store = open_store(tmp_path / "data")
    with store.transaction(origin(reason="两位")) as tx:
        tx.insert("customers", b'{"id":"C-000001","phone":"13800000577"}')
        tx.insert("customers", b'{"id":"C-000002","phone":"13911112222"}')
        assert [tx.next_number("customers", "C") for _number in range(2)] == [1, 2]
    with store.transaction(origin("customer order add", reason="给张三")) as tx:
        tx.insert("orders", b'{"id":"O-000001"}')
        tx.insert("orders", b'{"id":"O-000002"}')
    with store.transaction(
        origin("customer close", reason="张三", erases={"customers": ("C-000001",)})
    ) as tx:
        tx.replace("customers", 1, b'{"id":"C-000001","state":"closed"}')
    with store.transaction(origin("customer order remove", reason="twice")) as tx:
        tx.remove("orders", 2)
    assert store.note(origin("customer list", revealed={"customers": Look(1, ("C-000002",))})) == 5
    return tmp_path / "data"


# --- what it leaves ----------------------------------------------------------------------------------------


def test_no_byte_of_what_was_erased_is_left(path: Path) -> None:
    """Neither the history nor a table nor a leftover of a stopped command holds the value any more."""
    (path / "customers.json.new").write_bytes(b"13800000577")
    (path / "history.jsonl.new").write_bytes(b"13800000577")
    open_store(path).compact(COMPACT)
    assert sorted(files(path)) == ["customers.json", "history.jsonl", "lock", "orders.json"]
    for name, content in files(path).items():
        assert b"13800000577" not in content, name
        assert "张三".encode() not in content or name == "history.jsonl", name
    assert b"13911112222" in files(path)["customers.json"]


def test_the_log_still_tells_who_did_what_and_when(path: Path) -> None:
    """Earlier entries keep all but their values, and their reasons unless they touched who was erased."""
    open_store(path).compact(COMPACT)
    assert entries(open_store(path)) == [
        (6, "data compact", "on request", False),
        (5, "customer list", None, True),
        (4, "customer order remove", "twice", True),
        (3, "customer close", None, True),
        (2, "customer order add", "给张三", True),
        (1, "customer add", None, True),
    ]


def test_the_checkpoint_names_what_it_stands_on(path: Path) -> None:
    """The first entry holds the old head and the horizon; a second compaction also that of the first."""
    store = open_store(path)
    old = store.verify().head
    done = store.compact(COMPACT)
    (first, *_earlier) = store.history()
    assert (done.sequence, done.old_head, done.entries) == (6, old, 5)
    assert first.checkpoint == Checkpoint(sequence=5, time=TIME, head=old)
    assert first.counts == {}
    again = store.compact(COMPACT)
    (second, *earlier) = store.history()
    assert second.checkpoint == Checkpoint(sequence=6, time=TIME, head=done.head, earlier=(old,))
    assert len(earlier) == again.entries == 6


def test_a_reason_goes_when_its_record_is_erased_later(path: Path) -> None:
    """What an earlier compaction kept is looked at again."""
    store = open_store(path)
    store.compact(COMPACT)
    with store.transaction(origin("customer order erase", erases={"orders": ("O-000001",)})) as tx:
        tx.replace("orders", 1, b'{"id":"O-000001","state":"x"}')
    store.compact(COMPACT)
    assert "给张三".encode() not in files(path)["history.jsonl"]
    assert b"twice" in files(path)["history.jsonl"]


def test_numbers_never_come_again(path: Path) -> None:
    """Neither record ids nor document numbers, also where tables are built anew from the history."""
    open_store(path).compact(COMPACT)
    for name in ("customers.json", "orders.json"):
        (path / name).unlink()
    with open_store(path).transaction(origin()) as tx:
        assert tx.next_number("customers", "C") == 3
        assert tx.insert("orders", b'{"id":"O-000003"}') == 3
    assert tx.sequence == 7


def test_every_record_is_there_afterwards(path: Path) -> None:
    """Documents are as they were, each under its number, and all is whole."""
    store = open_store(path)
    before = {table: list(store.reading().read(table)) for table in ("customers", "orders")}
    store.compact(COMPACT)
    assert {table: list(open_store(path).reading().read(table)) for table in before} == before
    assert store.verify().findings == []


def test_the_old_head_is_confirmed(path: Path) -> None:
    """Whoever noted the last chain value sees that the checkpoint stands on it; any other is gone."""
    store = open_store(path)
    first_head = history.head_at(store.reading().history, store.reading().end)  # type: ignore[arg-type]
    assert first_head is not None
    store.compact(COMPACT)
    store.compact(COMPACT)
    assert store.verify(first_head.chain).findings == []
    assert [finding.what for finding in store.verify("0" * 40).findings] == [
        f"the entry with this chain value is gone: {'0' * 40}"
    ]


def test_changes_of_earlier_entries_are_gone(path: Path) -> None:
    """An archived entry and the checkpoint itself answer with no change at all."""
    store = open_store(path)
    store.compact(COMPACT)
    found: list[Entry] = []
    for sequence in (1, 6):
        entry, changes = store.changes_of(sequence)
        found.append(entry)
        assert changes == []
    assert [entry.archived for entry in found] == [True, False]


def test_a_checkpoint_cannot_be_forged(path: Path) -> None:
    """A history that begins with one is held to its hash like any other."""
    store = open_store(path)
    store.compact(COMPACT)
    changed = (path / "history.jsonl").read_bytes().replace(b"13911112222", b"13911112223")
    (path / "history.jsonl").write_bytes(changed)
    assert store.verify().findings != []


# --- when it is refused ------------------------------------------------------------------------------------


def test_nothing_to_compact(tmp_path: Path) -> None:
    """An empty history is left alone."""
    with pytest.raises(Refused, match="nothing to compact"):
        open_store(tmp_path).compact(COMPACT)


def test_a_table_that_another_program_changed(path: Path) -> None:
    """What could not be taken over would never have been in a history."""
    file = path / "customers.json"
    file.write_bytes(file.read_bytes().replace(b'"id":"C-000002"', b'"id":"C-000001"'))
    before = files(path)
    with pytest.raises(Conflict, match=r"^customers\.json was changed by another program"):
        open_store(path).compact(COMPACT)
    assert files(path) == before


def test_damage_is_not_buried(path: Path) -> None:
    """A history that does not fit together stays as it is."""
    file = path / "history.jsonl"
    file.write_bytes(file.read_bytes().replace("两位".encode(), "三位".encode()))
    before = files(path)
    with pytest.raises(StorageFailed) as refused:
        open_store(path).compact(COMPACT)
    assert refused.value.exit == Exit.STORAGE
    assert files(path) == before


def test_an_old_copy_of_a_table_is_refused(path: Path) -> None:
    """A table file from before the erasure, put back, would bring the values back."""
    old = files(path)["customers.json"]
    store = open_store(path)
    with store.transaction(origin()) as tx:
        tx.insert("customers", b'{"id":"C-000003"}')
    store.compact(COMPACT)
    (path / "customers.json").write_bytes(old)
    with pytest.raises(StorageFailed, match="mixed-up copy"):
        open_store(path).reading()


# --- stopped at any moment ---------------------------------------------------------------------------------


@pytest.fixture(params=[(1 << 20, 100), (0, 1)], ids=["at once", "behind"])
def _sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    small, share = request.param
    monkeypatch.setattr(folder, "SMALL", small)
    monkeypatch.setattr(folder, "SHARE", share)


MakeDisk = Callable[[Medium, Callable[[Op], None] | None], Machine]


def _before() -> Medium:
    """Return a medium with the first steps of the scenario on it."""
    medium = Medium()
    for number in range(1, DONE + 1):
        scenario.command(Machine(medium), number)
    return medium


def _moments(medium: Medium, make: MakeDisk, command: Callable[[FolderStore], object]) -> list[Medium]:
    """Run a command on `medium` and return what it would leave, were it killed at each of its operations."""
    moments: list[Medium] = []
    command(scenario.store_on(make(medium, lambda op: moments.extend(left_by_kill(medium, op)))))
    return [*moments, medium.copy()]


def _step(store: FolderStore) -> None:
    """Carry out the next step of the scenario, whose entry's number a checkpoint has moved."""
    with store.transaction(scenario.origin(DONE + 1, 0)) as tx:
        scenario.do(tx, DONE + 1)


def _read(state: Medium, *steps: int) -> int:
    """Return which of `steps` a folder shows; whatever is not one of them, and whole, is bad."""
    store = scenario.store_on(Machine(state))
    try:
        reading = store.reading()
        held = {t: {d.number: d.raw for d in reading.read(t)} for t in (scenario.CUSTOMERS, scenario.ORDERS)}
        shown = [step for step in steps if scenario.STATES[step].documents == held]
        assert shown, "the documents of no step"
        after = scenario.STATES[shown[0]]
        assert all(reading.next_number(table) == after.next[table] for table in held)
        assert all(reading.marks(table)[scenario.SERIES] == after.marks[table] for table in held)
        told = [entry.sequence for entry in store.history()]
        assert told == list(range(len(told), 0, -1)), "entries are missing"
        # What a torn write leaves may look like damage to one who does not know of the crash.
        assert [f for f in store.verify().findings if not f.place.startswith("byte ")] == []
    except Exception as error:
        raise Bad(f"the folder cannot be read: {error}") from error
    return shown[0]


def _states(moments: list[Medium]) -> Iterator[Medium]:
    """Yield every different folder that a kill, or a loss of power, leaves at some moments."""
    seen = set()
    for moment in moments:
        for state in (moment.copy(), *moment.power_lost()):
            key = state.key()
            if key not in seen:
                seen.add(key)
                yield state


def _search(make: MakeDisk = Machine) -> int:
    """Stop a compaction everywhere, and what comes after it as well; return how many folders there were."""
    stopped = list(_states(_moments(_before(), make, lambda store: store.compact(COMPACT))))
    for state in stopped:
        _read(state, DONE)
        again = state.copy()
        scenario.store_on(Machine(again)).compact(COMPACT)
        _read(again, DONE)
        assert not [name for name in again.names if name.endswith(".new")]
        for later in _states(_moments(state.copy(), Machine, _step)):
            _read(later, DONE, DONE + 1)
    return len(stopped)


@pytest.mark.usefixtures("_sizes")
def test_no_moment_is_a_bad_one_to_stop() -> None:
    """Killed or without power: the old state or the new one is read without repair, and can be built on."""
    assert _search() > 15


def _failing(medium: Medium, place: int) -> Machine:
    """Return a disk on which the operation at `place` among those that change something fails."""
    count = itertools.count()

    def before(op: Op) -> None:
        if op.kind in _FAIL and next(count) == place:
            raise failed("save", op.name, OSError(errno.ENOSPC, ""))

    return Machine(medium, before)


_FAIL = {"create", "write", "sync", "rename", "sync_folder", "remove"}


@pytest.mark.usefixtures("_sizes")
def test_a_medium_that_fails() -> None:
    """Whatever cannot be written: the records are as they were, and it is said whether it was saved."""
    ends = set()
    for place in itertools.count():
        medium = _before()
        store = scenario.store_on(_failing(medium, place))
        try:
            store.compact(COMPACT)
        except StorageFailed as error:
            saved = error.message.startswith(f"saved as {DONE + 1}, but ")
            ends.add(saved)
        else:
            break
        _read(medium, DONE)
        told = len(list(scenario.store_on(Machine(medium)).history()))
        assert told == (DONE + 1 if saved else DONE)
        assert history.NAME + ".new" not in medium.names
        scenario.store_on(Machine(medium)).compact(COMPACT)
        _read(medium, DONE)
    assert ends == {True, False}


class _NoSyncOfHistory(Machine):
    """The new history gets its name before its bytes are safe."""

    def writer(self, name: str, file: int) -> folder.Writer:
        found = super().writer(name, file)
        if name == history.NAME + ".new":
            found.sync = lambda: None  # type: ignore[method-assign]  # that is what is forgotten
        return found


class _Forgetful(Machine):
    """One of the syncs of the folder is left out."""

    forgotten = 0
    count = 0

    def sync_folder(self) -> None:
        self.count += 1
        if self.count != self.forgotten:
            super().sync_folder()


class _NoSyncOfTables(_Forgetful):
    """Table files may go back behind what the new history lists."""

    forgotten = 1


class _NoSyncOfName(_Forgetful):
    """Table files move on before the new history's name is safe."""

    forgotten = 2


@pytest.mark.parametrize("make", [_NoSyncOfHistory, _NoSyncOfTables, _NoSyncOfName])
def test_each_sync_is_needed(make: MakeDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compaction that forgets one of its safeguards is found out."""
    monkeypatch.setattr(folder, "SMALL", 0)
    monkeypatch.setattr(folder, "SHARE", 1)
    with pytest.raises(Bad):
        _search(make)
