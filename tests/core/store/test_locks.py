"""Several processes at one folder: nothing lost or doubled, one moment for readers, no stale locks."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cskit
from cskit.errors import Conflict, Exit, StorageFailed
from cskit.store import folder, history
from cskit.store.folder import FolderStore, open_store
from cskit.store.history import Head
from cskit.store.protocol import Document, Origin

if sys.platform == "win32":
    pytest.skip("locks of another kind, without signals", allow_module_level=True)
import fcntl

ORIGIN = Origin(time=dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC), user="zhang", command="customer add")
PREAMBLE = """
    import datetime as dt, sys, time
    from pathlib import Path
    from cskit.store.folder import open_store
    from cskit.store.protocol import Origin
    store = open_store(Path(sys.argv[1]), lock_timeout=60)
    origin = Origin(time=dt.datetime.now(dt.UTC), user="zhang", command="customer import")
"""
ADDING = """
    for _ in range(25):
        with store.transaction(origin) as tx:
            number = tx.next_number("customers", "C")
            tx.insert("customers", b'{"id":"C-%06d","by":"%s"}' % (number, sys.argv[2].encode()))
            left = next(d for d in tx.read("stock"))
            tx.replace("stock", left.number, b'{"left":%d}' % (int(left.raw[8:-1]) - 1))
"""
HOLDING = """
    with store.transaction(origin) as tx:
        tx.insert("customers", b'{"id":"held"}')
        print("held", flush=True)
        time.sleep(60)
"""


def process(path: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another process that works on the folder."""
    code = textwrap.dedent(PREAMBLE) + textwrap.dedent(script)
    environment = {**os.environ, "PYTHONPATH": str(Path(cskit.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the folder's lock inside a transaction that it never ends."""
    with process(path, HOLDING) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def raw(number: int) -> bytes:
    """Return a document with a generated id."""
    return b'{"id":"C-%06d"}' % number


def add(store: FolderStore, number: int) -> None:
    """Save one document."""
    with store.transaction(ORIGIN) as tx:
        tx.insert("customers", raw(number))


# --- many writers ------------------------------------------------------------------------------------------


def test_four_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    """A hundred additions from four processes: a hundred documents, ids and entries, and the sum is right.

    A reader beside them sees customers and stock of one moment only.
    """
    store = open_store(tmp_path, lock_timeout=60)
    with store.transaction(ORIGIN) as tx:
        tx.insert("stock", b'{"left":100}')
    writers = [process(tmp_path, ADDING, str(n)) for n in range(4)]
    seen = []
    while any(writer.poll() is None for writer in writers):
        reading = store.reading()
        count = sum(1 for _ in reading.read("customers"))
        (stock,) = reading.read("stock")
        assert int(stock.raw[8:-1]) == 100 - count
        seen.append(count)
    assert [(writer.wait(), writer.communicate()[1]) for writer in writers] == [(0, "")] * 4
    assert seen == sorted(seen)
    documents = list(store.reading().read("customers"))
    assert [d.number for d in documents] == list(range(1, 101))
    assert [d.raw[7:15] for d in documents] == [b"C-%06d" % n for n in range(1, 101)]
    assert {sum(1 for d in documents if d.raw.endswith(b'"%d"}' % by)) for by in range(4)} == {25}
    assert [entry.sequence for entry in store.history()] == list(range(101, 0, -1))
    handle = store.disk.open(history.NAME)
    assert handle is not None
    assert sum(1 for _ in history.walk(handle, 0, Head())) == 101


# --- one moment --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settled", [True, False])
def test_a_reading_keeps_its_moment(tmp_path: Path, settled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held does not change while others add, replace and remove, and it holds nobody up."""
    if not settled:
        monkeypatch.setattr(folder, "SMALL", -1)
        monkeypatch.setattr(folder, "SHARE", 1e-9)
    store = open_store(tmp_path, lock_timeout=0)
    for number in (1, 2, 3):
        add(store, number)
    reading = store.reading()
    begun = reading.read("customers")
    assert next(begun) == Document(1, raw(1))
    with store.transaction(ORIGIN) as tx:
        tx.remove("customers", 2)
        tx.replace("customers", 3, b'{"id":"C-000003","new":1}')
        tx.insert("customers", raw(4))
    store.settle()
    assert list(begun) == [Document(2, raw(2)), Document(3, raw(3))]
    assert list(reading.read("customers")) == [Document(n, raw(n)) for n in (1, 2, 3)]
    assert reading.get("customers", 2) == raw(2)
    assert [d.number for d in store.reading().read("customers")] == [1, 3, 4]


def test_a_reading_keeps_its_moment_over_a_torn_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a writer puts in the place of a torn end is not seen by a reading made before."""
    monkeypatch.setattr(folder, "SMALL", -1)
    monkeypatch.setattr(folder, "SHARE", 1e-9)
    store = open_store(tmp_path)
    add(store, 1)
    add(store, 2)
    with (tmp_path / history.NAME).open("ab") as file:
        file.write(b'{"seq":3,' + b" " * 5000)
    reading = store.reading()
    add(store, 3)
    assert [d.number for d in reading.read("customers")] == [1, 2]
    assert [d.number for d in store.reading().read("customers")] == [1, 2, 3]


def test_readers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A reader is let in beside another; a writer is not, and is told that a reader is at it."""
    store = open_store(tmp_path, lock_timeout=0)
    add(store, 1)
    fd = os.open(tmp_path / "lock", os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
        assert [d.number for d in store.reading().read("customers")] == [1]
        with pytest.raises(Conflict, match="in use by a reader; gave up after 0 s"):
            add(store, 2)
    finally:
        os.close(fd)
    add(store, 2)


# --- waiting -----------------------------------------------------------------------------------------------

WAITERS: list[Callable[[FolderStore], object]] = [
    lambda store: add(store, 2),
    lambda store: store.reading(),
    lambda store: store.settle(),
    lambda store: list(store.history()),
]


def test_waiting_ends_with_the_name_of_the_holder(tmp_path: Path) -> None:
    """After the timeout, not long after: exit code 4, the holder's process and command, and what to do."""
    add(open_store(tmp_path), 1)
    said: list[str] = []
    with held(tmp_path) as holder:
        for waiter in WAITERS:
            store = open_store(tmp_path, lock_timeout=0.3)
            start = time.monotonic()
            with pytest.raises(Conflict) as caught:
                waiter(store)
            assert 0.3 <= time.monotonic() - start < 1.3
            assert caught.value.exit is Exit.CONFLICT
            assert caught.value.message == (
                f"the records in {tmp_path} are in use by process {holder.pid} (customer import); "
                "gave up after 0 s"
            )
            assert "--lock-timeout" in caught.value.hint
        with pytest.raises(Conflict, match="gave up after 1 s"):
            add(open_store(tmp_path, lock_timeout=1.2, notice=said.append), 2)
    assert said == [f"waiting for process {holder.pid} (customer import) …"]


def test_who_waits_gets_in_when_the_holder_is_done(tmp_path: Path) -> None:
    """A short wait is no error: the change is made on top of the holder's."""
    script = HOLDING.replace("sleep(60)", "sleep(0.3)")
    with process(tmp_path, script) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        add(open_store(tmp_path, lock_timeout=30), 2)
        assert holder.wait() == 0
    assert [d.raw for d in open_store(tmp_path).reading().read("customers")] == [b'{"id":"held"}', raw(2)]


@pytest.mark.parametrize("stopped", [False, True], ids=["killed", "stopped-and-killed"])
def test_a_killed_holder_blocks_nobody(tmp_path: Path, stopped: bool) -> None:
    """The lock goes with its process; what that had not committed never was, and its name is forgotten."""
    add(open_store(tmp_path), 1)
    with held(tmp_path) as holder:
        if stopped:
            holder.send_signal(signal.SIGSTOP)
            with pytest.raises(Conflict, match=f"process {holder.pid} "):
                add(open_store(tmp_path, lock_timeout=0.1), 2)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    store = open_store(tmp_path, lock_timeout=5)
    add(store, 2)
    assert [d.raw for d in store.reading().read("customers")] == [raw(1), raw(2)]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"pid":"x"}', b'{"pid":999999999,"command":"gone"}', b"\xff\xfe", bytes(5000)],
    ids=["empty", "cut", "list", "no-pid", "dead", "binary", "zeros"],
)
def test_whatever_stands_in_the_lock_file_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    """The lock is the system's, not the text in the file: what is left there names and stops nobody."""
    (tmp_path / "lock").write_bytes(content)
    add(open_store(tmp_path, lock_timeout=0), 1)
    assert (tmp_path / "lock").read_bytes() == b""
    (tmp_path / "lock").write_bytes(content)
    fd = os.open(tmp_path / "lock", os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="in use by a reader"):
            open_store(tmp_path, lock_timeout=0).reading()
    finally:
        os.close(fd)


def test_a_failed_command_gives_the_lock_back(tmp_path: Path) -> None:
    """After an error inside a transaction the next one begins at once."""

    def fail() -> None:
        with open_store(tmp_path).transaction(ORIGIN) as tx:
            tx.insert("customers", raw(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    add(open_store(tmp_path, lock_timeout=0), 1)
    assert [d.number for d in open_store(tmp_path).reading().read("customers")] == [1]


def test_looking_makes_no_lock_in_a_folder_without_records(tmp_path: Path) -> None:
    """A reader leaves a folder that is no data folder as it is; beside a history it makes the lock."""
    assert list(open_store(tmp_path).reading().read("customers")) == []
    assert os.listdir(tmp_path) == []
    add(open_store(tmp_path), 1)
    (tmp_path / "lock").unlink()
    open_store(tmp_path).reading()
    assert (tmp_path / "lock").exists()


def test_a_lock_that_cannot_be_taken_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader goes without the lock only where nobody can be writing, not when files have run out."""
    add(open_store(tmp_path), 1)

    def full(path: Path, flags: int, mode: int = 0o777) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(StorageFailed, match=r"cannot lock .*: Too many open files"):
        open_store(tmp_path).reading()


def test_a_read_only_medium_is_read_without_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no lock file can be made the records are read all the same; saving fails with what to check."""
    add(open_store(tmp_path), 1)
    (tmp_path / "lock").unlink()
    system_open = os.open

    def read_only(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return system_open(path, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    assert [d.number for d in open_store(tmp_path).reading().read("customers")] == [1]
    with pytest.raises(StorageFailed, match=r"cannot lock .*: Read-only file system") as caught:
        add(open_store(tmp_path), 2)
    assert caught.value.hint.startswith("check the owner and mode of the data folder")
