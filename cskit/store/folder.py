"""The default store: a folder of TinyDB files and the history that every change is first written to.

The commit is one append and one fsync of the history; table files follow by temp file and rename, at once
where they are small. Nothing is ever written in place but the end of the history.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from cskit.errors import Conflict, NotFound, StorageFailed
from cskit.i18n import _
from cskit.store import history, lines, splicing
from cskit.store.disk import Disk, FolderDisk, Writer
from cskit.store.history import Commit
from cskit.store.lines import SMALL, TableFile, Tail
from cskit.store.protocol import (
    Adopted,
    Change,
    Compacted,
    Entry,
    Keep,
    Origin,
    Report,
    StoreInfo,
    TableInfo,
    Transaction,
)
from cskit.store.snapshot import Snapshot
from cskit.store.transaction import FolderTransaction

if TYPE_CHECKING:
    from cskit.store.adoption import Entered

SHARE = 100  # a larger one when it is behind by more than this part of its size


class FolderStore:
    """A department's data folder; see `protocol.Store`."""

    def __init__(
        self,
        disk: Disk,
        *,
        clock: Callable[[], float] = time.time,
        notice: Callable[[str], None] = lambda text: None,
        owned: Callable[[str], bool] = lambda table: True,
    ) -> None:
        self.disk = disk
        self._clock = clock
        self._held: Snapshot | None = None
        self.notice = notice
        self.owned = owned
        """Tells whether a table that the history does not know, but has a file, belongs here."""

    def reading(self) -> Snapshot:
        if self._held is not None:  # a transaction of ours has the lock, and would be waited for in vain
            return self._held
        with self.disk.lock(False, ""):
            return Snapshot(self.disk)

    @contextlib.contextmanager
    def transaction(
        self, origin: Origin, check: Callable[[Transaction], None] | None = None
    ) -> Iterator[FolderTransaction]:
        with self._writing(origin.command) as before:
            self._held = snapshot = self._adopted(before, origin)
            tx = FolderTransaction(snapshot, origin)
            yield tx
            if check is not None and tx.changes:
                check(tx)
            changes = tx.changes
            if not changes:
                return
            head, end = self.commit(snapshot, tx.origin, tx, changes)
            try:
                self._settle_due(snapshot, tx, head, end)
            except StorageFailed as error:
                said = _("saved as {entry}, but {why}").format(entry=tx.sequence, why=error.message)
                raise StorageFailed(said, error.hint) from error

    @contextlib.contextmanager
    def _writing(self, command: str) -> Iterator[Snapshot]:
        """Hold the lock of who writes, and the moment before; whoever holds it already is refused."""
        if self._held is not None:
            raise Conflict(
                _("a transaction is open already, and holds the lock that this needs"),
                _("run it on its own, before or after"),
            )
        with self.disk.lock(True, command):
            self._held = snapshot = Snapshot(self.disk)
            try:
                yield snapshot
            finally:
                self._held = None

    def rehearsal(self, origin: Origin) -> FolderTransaction:
        return FolderTransaction(self.reading(), origin, rehearsing=True)

    def _adopted(self, snapshot: Snapshot, origin: Origin) -> Snapshot:
        """Return a moment in which every file is as this program wrote it, as far as that can be had."""
        if all(file.stamped for file in snapshot.files.values()):
            return snapshot
        from cskit.store import adoption

        return adoption.take(self, snapshot, origin)

    def commit(
        self, snapshot: Snapshot, origin: Origin, tx: FolderTransaction | Entered, changes: list[Change]
    ) -> tuple[history.Head, int]:
        """Save an entry, and return the head after it and where it ends; the lock must be held."""
        sequence = snapshot.head.commit + 1
        if snapshot.history is not None and sequence > 1:
            before = history.time_at(snapshot.history, snapshot.head)
            origin = msgspec.structs.replace(origin, time=max(before, origin.time))  # a clock set back
        payload = history.payload(sequence, origin, tx.marks, changes)
        touched = {change.table: sequence for change in changes} | {
            table: sequence for table, given in tx.marks.items() if given
        }
        return self._append(snapshot, payload, touched, tx)

    def _append(
        self,
        snapshot: Snapshot,
        payload: Iterable[bytes],
        touched: Mapping[str, int],
        tx: FolderTransaction | Entered,
    ) -> tuple[history.Head, int]:
        """Write the history's next entry so that it is whole on the medium, or not there at all."""
        writer = self.disk.append(history.NAME)
        try:
            self._cut_torn_end(snapshot, writer)
            if snapshot.history is None or snapshot.history.size == 0:
                self.disk.sync_folder()  # the name of a new file must be safe too, or all of it could vanish
            try:
                head, end = _written(writer, snapshot, payload, touched)
                writer.sync()
                tx.sequence = head.commit  # from here on it is saved, whatever interrupts; before, it is not
            except BaseException as error:
                _take_back(writer, snapshot.end, error)
                raise
        finally:
            writer.close()
        return head, end

    def _cut_torn_end(self, snapshot: Snapshot, writer: Writer) -> None:
        """Make safe what killed processes left of the history, before anything is built on it."""
        if snapshot.history is None:
            return
        if snapshot.head.at == 0 and snapshot.head.prev:
            self.disk.sync_folder()  # a compaction may have been stopped before its history's name was safe
        if snapshot.history.size > snapshot.end:
            writer.truncate(snapshot.end)  # the torn end of a transaction nobody was told of
        writer.sync()  # they may have written an entry, or cut one, and not come to their own sync

    def note(self, origin: Origin) -> int:
        from cskit.store.adoption import Entered

        with self._writing(origin.command) as snapshot:
            head, _end = self.commit(snapshot, origin, Entered(), [])
            return head.commit

    def compact(self, origin: Origin) -> Compacted:
        from cskit.store.compaction import compact

        with self.disk.lock(True, origin.command):
            self._adopted(Snapshot(self.disk), origin)
            return compact(self.disk, origin, self.bring_up)

    def foreign(self, keep: Keep = "", tables: Collection[str] = ()) -> list[Adopted]:
        from cskit.store import adoption

        return [plan.told() for plan in adoption.plans(self.reading(), keep, tables)]

    def adopt(
        self, origin: Origin, keep: Keep = "", tables: Collection[str] = ()
    ) -> tuple[list[Adopted], int | None]:
        from cskit.store import adoption

        with self.disk.lock(True, origin.command):
            return adoption.adopt(self, origin, keep, tables)

    def settle(self, origin: Origin | None = None) -> list[str]:
        """Bring every table file up to the history, however large; return the tables rewritten.

        A file that another program changed is left alone where nobody says who acts: it holds what the
        history does not.
        """
        with self.disk.lock(True, "data settle"):
            snapshot = Snapshot(self.disk)
            return self.bring_up(snapshot if origin is None else self._adopted(snapshot, origin))

    def bring_up(self, snapshot: Snapshot) -> list[str]:
        """Settle all that lags behind in `snapshot`, under a lock that is held."""
        foreign = {table for table, file in snapshot.files.items() if not file.ours}
        behind = [table for table in snapshot.head.tables if snapshot.behind(table) and table not in foreign]
        if behind:
            self.make_safe(snapshot)
        for table in behind:
            number, marks = snapshot.next_number(table), snapshot.marks(table)
            self._rewrite(
                snapshot.files.get(table),
                snapshot.pending(table).documents,
                self.tail(table, snapshot.head, snapshot.end, number, marks),
            )
        return behind

    def make_safe(self, snapshot: Snapshot) -> None:
        """Bring what the history holds onto the medium, before a table file is written that says so."""
        writer = self.disk.append(history.NAME)
        try:
            self._cut_torn_end(snapshot, writer)
        finally:
            writer.close()

    def _settle_due(self, snapshot: Snapshot, tx: FolderTransaction, head: history.Head, end: int) -> None:
        """Bring up to date the files of small tables, and of those that reading would find far behind."""
        for table in head.tables:
            file = snapshot.files.get(table)
            size = file.handle.size if file else 0
            behind = snapshot.behind(table, head, end)
            if behind and (size <= SMALL or behind > size // SHARE) and (file is None or file.ours):
                documents, number, marks = tx.state(table)
                self._rewrite(file, documents, self.tail(table, head, end, number, marks))

    def tail(self, table: str, head: history.Head, end: int, number: int, marks: Mapping[str, int]) -> Tail:
        """Return the tail of a file that stands at `head`, and gives out `number` next."""
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
        self.write(tail, splicing.splice(file, documents), file.others() if file else b"")

    def write(self, tail: Tail, pieces: Iterable[bytes], others: bytes) -> None:
        """Write a table's file anew; see `splicing.write`."""
        name = lines.file_name(tail.table)
        writer = self.disk.create(name + ".new")
        try:
            splicing.write(writer, tail.table, pieces, tail, others)
            writer.touch(tail.stamp)
            writer.sync()
        finally:
            writer.close()
        self.disk.rename(name + ".new", name)  # should the new name be lost, the history still has it all

    def history(self) -> Iterator[Entry]:
        for commit in self.commits():
            yield from history.entries(commit)

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
            if commit.head.commit == sequence or commit.head.at == 0:  # the first may tell of earlier ones
                for entry in history.entries(commit):
                    if entry.sequence == sequence:
                        gone = entry.archived or entry.checkpoint
                        return entry, [] if gone else list(history.changes(commit.payload))
        said = _("the history has no entry {entry}").format(entry=sequence)
        raise NotFound(said, _("`cskit log` lists them"))

    def touching(self, places: Collection[tuple[str, int]], since: int) -> Iterator[Entry]:
        for commit in self.commits():
            if commit.head.commit <= since:
                return
            found = history.header(commit.payload)
            if found.checkpoint is None and any(
                (change.table, change.number) in places for change in history.changes(commit.payload)
            ):
                yield history.entry(commit)

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
            state = "" if file is None or file.ours else _("changed by another program")
            size = file.handle.size if file else 0
            count = sum(1 for _one in snapshot.read(table))
            tables.append(TableInfo(table, count, size, snapshot.behind(table), state))
        return StoreInfo(snapshot.head.commit, snapshot.end, tables, snapshot.strangers())

    def verify(self, head: str | None = None) -> Report:
        from cskit.store.verify import verify

        return verify(self.reading, head, lambda: self.disk.open(history.NAME))


def _written(
    writer: Writer, snapshot: Snapshot, payload: Iterable[bytes], touched: Mapping[str, int]
) -> tuple[history.Head, int]:
    """Write payload and commit line, a small entry at once; return the head it makes and where it ends."""
    digest, length, held = history.digest(), 0, b""
    for block in history.blocks(payload):
        if held:
            writer.write(held)
        digest.update(block)
        length += len(block)
        held = block
    head, line = history.sealed(snapshot.head, snapshot.end, length, digest, touched)
    writer.write(held + line)
    return head, snapshot.end + length + len(line)


def _take_back(writer: Writer, end: int, error: BaseException) -> None:
    """Cut an entry that could not be made safe; where not even that is possible, say so."""
    try:
        writer.truncate(end)
        writer.sync()
    except BaseException as another:  # the medium again, or a second Ctrl-C
        why = error.message if isinstance(error, StorageFailed) else _("interrupted while saving")
        raise StorageFailed(
            _("{why}; it may have been saved all the same").format(why=why),
            _("check the medium, then look at `cskit log` before doing it again"),
        ) from another


def open_store(
    folder: str | os.PathLike[str],
    *,
    lock_timeout: float = 10.0,
    notice: Callable[[str], None] = lambda text: None,
    owned: Callable[[str], bool] = lambda table: True,
) -> FolderStore:
    """Return the store in `folder`, which is made when something is first saved in it."""
    disk = FolderDisk(folder, lock_timeout=lock_timeout, notice=notice)
    return FolderStore(disk, notice=notice, owned=owned)
