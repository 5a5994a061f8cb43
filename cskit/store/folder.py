"""The default store: a folder of TinyDB files and the history that every change is first written to.

The commit is one append and one fsync of the history; table files follow by temp file and rename, at once
where they are small. Nothing is ever written in place but the end of the history.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping

import msgspec

from cskit.errors import Conflict, NotFound, StorageFailed
from cskit.store import history, lines, splicing
from cskit.store.disk import Disk, FolderDisk, Writer
from cskit.store.history import Commit
from cskit.store.lines import TableFile, Tail
from cskit.store.protocol import (
    Change,
    Document,
    Entry,
    Filter,
    Origin,
    Report,
    StoreInfo,
    TableInfo,
    Transaction,
)
from cskit.store.snapshot import Overlay, Snapshot, select

SMALL = 1 << 20  # a table file up to here is rewritten at every commit: 3 ms, and git sees each change
SHARE = 100  # a larger one when it is behind by more than this part of its size


class FolderTransaction:
    """What is about to become one entry of the history; reads see its own changes."""

    def __init__(self, snapshot: Snapshot, touch: Callable[[str, int], None]) -> None:
        self._snapshot = snapshot
        self._touch = touch
        self._overlays: dict[str, Overlay] = {}
        self._before: dict[tuple[str, int], bytes | None] = {}
        self._next: dict[str, int] = {}
        self.marks: dict[str, dict[str, int]] = {}
        self.sequence: int | None = None

    def tables(self) -> list[str]:
        return sorted({*self._snapshot.tables(), *self._overlays})

    def read(
        self, table: str, where: Filter | None = None, ids: Collection[str] | None = None
    ) -> Iterator[Document]:
        overlay = self._overlays.get(table) or self._snapshot.pending(table)
        return select(table, overlay, self._snapshot.files.get(table), where, ids)

    def get(self, table: str, number: int) -> bytes | None:
        overlay = self._overlays.get(table)
        if overlay is None:
            return self._snapshot.get(table, number)
        if number in overlay.documents:
            return overlay.documents[number]
        file = self._snapshot.files.get(table)
        return file.get(number) if file else None

    def insert(self, table: str, raw: bytes, number: int | None = None) -> int:
        overlay = self._writable(table)
        if number is None:
            number = self._next[table]
        elif self.get(table, number) is not None:
            raise Conflict(f"document {number} of {table} exists already")
        self._put(overlay, table, number, None, raw)
        self._next[table] = max(self._next[table], number + 1)
        return number

    def replace(self, table: str, number: int, raw: bytes) -> None:
        overlay = self._writable(table)
        self._put(overlay, table, number, self._existing(table, number), raw)

    def remove(self, table: str, number: int) -> None:
        overlay = self._writable(table)
        self._put(overlay, table, number, self._existing(table, number), None)

    def next_number(self, table: str, series: str) -> int:
        given = self._series(table)
        given[series] = given.get(series, self._snapshot.marks(table).get(series, 0)) + 1
        return given[series]

    def reserve(self, table: str, series: str, number: int) -> None:
        given = self._series(table)
        highest = given.get(series, self._snapshot.marks(table).get(series, 0))
        if number > highest:
            given[series] = number

    @property
    def changes(self) -> list[Change]:
        found = []
        for (table, number), before in self._before.items():
            after = self._overlays[table].documents[number]
            if before != after:
                found.append(Change(table, number, before, after))
        return found

    def state(self, table: str) -> tuple[Mapping[int, bytes | None], int, Mapping[str, int]]:
        """Return what is to be laid over the table's file, its next number, and the numbers given out."""
        overlay = self._overlays.get(table) or self._snapshot.pending(table)
        number = self._next.get(table) or self._snapshot.next_number(table)
        return overlay.documents, number, {**self._snapshot.marks(table), **self.marks.get(table, {})}

    def _series(self, table: str) -> dict[str, int]:
        self._writable(table)
        return self.marks.setdefault(table, {})

    def _writable(self, table: str) -> Overlay:
        if table not in self._overlays:
            file = self._snapshot.files.get(table)
            if file is not None and not file.ours:
                raise Conflict(
                    f"{lines.file_name(table)} was changed by another program: cskit reads it, no more",
                    "put it back as it was; or move it away (the next command rebuilds it from the history) "
                    "and import what it held",
                )
            if file is not None and not file.stamped and file.tail is not None:
                self._touch(lines.file_name(table), file.tail.stamp)  # copied or touched, but not changed
            self._overlays[table] = self._snapshot.pending(table).copy()
            self._next[table] = self._snapshot.next_number(table)
        return self._overlays[table]

    def _existing(self, table: str, number: int) -> bytes:
        raw = self.get(table, number)
        if raw is None:
            raise NotFound(f"{table} has no document {number}")
        return raw

    def _put(
        self, overlay: Overlay, table: str, number: int, before: bytes | None, after: bytes | None
    ) -> None:
        if after is not None and b"\n" in after:
            raise ValueError(f"a document is one line of JSON, not {after[:40]!r}")
        self._before.setdefault((table, number), before)
        overlay.put(number, after)


class FolderStore:
    """A department's data folder; see `protocol.Store`."""

    def __init__(self, disk: Disk, *, clock: Callable[[], float] = time.time) -> None:
        self.disk = disk
        self._clock = clock

    def reading(self) -> Snapshot:
        with self.disk.lock(False, ""):
            return Snapshot(self.disk)

    @contextlib.contextmanager
    def transaction(
        self, origin: Origin, check: Callable[[Transaction], None] | None = None
    ) -> Iterator[FolderTransaction]:
        with self.disk.lock(True, origin.command):
            snapshot = Snapshot(self.disk)
            tx = FolderTransaction(snapshot, self.disk.touch)
            yield tx
            if check is not None and tx.changes:
                check(tx)
            changes = tx.changes
            if not changes:
                return
            head, end = self._commit(snapshot, origin, tx, changes)
            try:
                self._settle_due(snapshot, tx, head, end)
            except StorageFailed as error:
                raise StorageFailed(f"saved as {tx.sequence}, but {error.message}", error.hint) from error

    def _commit(
        self, snapshot: Snapshot, origin: Origin, tx: FolderTransaction, changes: list[Change]
    ) -> tuple[history.Head, int]:
        sequence = snapshot.head.commit + 1
        if snapshot.history is not None and sequence > 1:
            before = history.time_at(snapshot.history, snapshot.head)
            origin = msgspec.structs.replace(origin, time=max(before, origin.time))  # a clock set back
        payload = history.payload(sequence, origin, tx.marks, changes)
        touched = {change.table: sequence for change in changes} | {
            table: sequence for table, given in tx.marks.items() if given
        }
        head, line = history.commit(snapshot.head, snapshot.end, payload, touched)
        self._append(snapshot, payload + line, tx, sequence)
        return head, snapshot.end + len(payload) + len(line)

    def _append(self, snapshot: Snapshot, data: bytes, tx: FolderTransaction, sequence: int) -> None:
        """Write the history's next entry so that it is whole on the medium, or not there at all."""
        writer = self.disk.append(history.NAME)
        try:
            self._cut_torn_end(snapshot, writer)
            if snapshot.history is None or snapshot.history.size == 0:
                self.disk.sync_folder()  # the name of a new file must be safe too, or all of it could vanish
            try:
                writer.write(data)
                writer.sync()
                tx.sequence = sequence  # from here on it is saved, whatever interrupts; before, it is not
            except BaseException as error:
                _take_back(writer, snapshot.end, error)
                raise
        finally:
            writer.close()

    @staticmethod
    def _cut_torn_end(snapshot: Snapshot, writer: Writer) -> None:
        """Make safe what killed processes left of the history, before anything is built on it."""
        if snapshot.history is None:
            return
        if snapshot.history.size > snapshot.end:
            writer.truncate(snapshot.end)  # the torn end of a transaction nobody was told of
        writer.sync()  # they may have written an entry, or cut one, and not come to their own sync

    def settle(self) -> list[str]:
        """Bring every table file up to the history, however large; return the tables rewritten.

        A file that another program changed is left alone: it holds what the history does not.
        """
        with self.disk.lock(True, "data settle"):
            snapshot = Snapshot(self.disk)
            foreign = {table for table, file in snapshot.files.items() if not file.ours}
            behind = [
                table for table in snapshot.head.tables if snapshot.behind(table) and table not in foreign
            ]
            if behind:
                writer = self.disk.append(history.NAME)
                try:
                    self._cut_torn_end(snapshot, writer)
                finally:
                    writer.close()
            for table in behind:
                documents, number, marks = FolderTransaction(snapshot, self.disk.touch).state(table)
                tail = self._tail(table, snapshot.head, snapshot.end, number, marks)
                self._rewrite(snapshot.files.get(table), documents, tail)
            return behind

    def _settle_due(self, snapshot: Snapshot, tx: FolderTransaction, head: history.Head, end: int) -> None:
        """Bring up to date the files of small tables, and of those that reading would find far behind."""
        for table in head.tables:
            file = snapshot.files.get(table)
            size = file.handle.size if file else 0
            behind = snapshot.behind(table, head, end)
            if behind and (size <= SMALL or behind > size // SHARE) and (file is None or file.ours):
                documents, number, marks = tx.state(table)
                self._rewrite(file, documents, self._tail(table, head, end, number, marks))

    def _tail(self, table: str, head: history.Head, end: int, number: int, marks: Mapping[str, int]) -> Tail:
        return Tail(
            table=table,
            seq=head.commit,
            at=end,
            commit=head.chain,
            next=number,
            marks=dict(sorted(marks.items())),
            sum="",
            stamp=(int(self._clock()) - 2) & ~1,  # in the past and even: any later write shows, even on FAT
        )

    def _rewrite(self, file: TableFile | None, documents: Mapping[int, bytes | None], tail: Tail) -> None:
        name = lines.file_name(tail.table)
        writer = self.disk.create(name + ".new")
        try:
            splicing.write(writer, tail.table, splicing.splice(file, documents), tail)
            writer.touch(tail.stamp)
            writer.sync()
        finally:
            writer.close()
        self.disk.rename(name + ".new", name)  # should the new name be lost, the history still has it all

    def history(self) -> Iterator[Entry]:
        for commit in self.commits():
            yield history.entry(commit)

    def changes_with(self, name: str) -> Iterator[tuple[Entry, list[Change]]]:
        text = msgspec.json.encode(name)
        named = (b'"id":' + text, b'"key":' + text)
        for commit in self.commits():
            if any(needle in commit.payload for needle in named):
                found = [
                    change
                    for change in history.changes(commit.payload)
                    if any(needle in (image or b"") for needle in named for image in change[2:])
                ]
                yield history.entry(commit), found

    def changes_of(self, sequence: int) -> tuple[Entry, list[Change]]:
        for commit in self.commits():
            if commit.head.commit == sequence:
                return history.entry(commit), list(history.changes(commit.payload))
        raise NotFound(f"the history has no entry {sequence}", "`cskit log` lists them")

    def commits(self) -> Iterator[Commit]:
        """Yield the committed transactions, newest first."""
        snapshot = self.reading()
        if snapshot.history is not None:
            yield from history.back(snapshot.history, snapshot.head, snapshot.end)

    def info(self) -> StoreInfo:
        snapshot = self.reading()
        tables = []
        for table in snapshot.tables():
            file = snapshot.files.get(table)
            state = "" if file is None or file.ours else "changed by another program"
            size = file.handle.size if file else 0
            count = sum(1 for _ in snapshot.read(table))
            tables.append(TableInfo(table, count, size, snapshot.behind(table), state))
        return StoreInfo(snapshot.head.commit, snapshot.end, tables)

    def verify(self, head: str | None = None) -> Report:
        from cskit.store.verify import verify

        return verify(self.reading, head)


def _take_back(writer: Writer, end: int, error: BaseException) -> None:
    """Cut an entry that could not be made safe; where not even that is possible, say so."""
    try:
        writer.truncate(end)
        writer.sync()
    except BaseException as another:  # the medium again, or a second Ctrl-C
        said = error.message if isinstance(error, StorageFailed) else "interrupted while saving"
        raise StorageFailed(
            f"{said}; it may have been saved all the same",
            "check the medium, then look at `cskit log` before doing it again",
        ) from another


def open_store(
    folder: str | os.PathLike[str],
    *,
    lock_timeout: float = 10.0,
    notice: Callable[[str], None] = lambda text: None,
) -> FolderStore:
    """Return the store in `folder`, which is made when something is first saved in it."""
    return FolderStore(FolderDisk(folder, lock_timeout=lock_timeout, notice=notice))
