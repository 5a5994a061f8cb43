"""One moment of a data folder: table files, and the lines of the history that they do not hold yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from cskit import stored
from cskit.errors import Conflict, StorageFailed
from cskit.store import history, lines
from cskit.store.disk import Disk, Handle
from cskit.store.lines import TableFile
from cskit.store.protocol import Document, Filter


class Overlay:
    """Documents that stand before those of a file: pending ones, or those of a running transaction."""

    def __init__(self) -> None:
        self.documents: dict[int, bytes | None] = {}
        self._ids: dict[bytes, int] = {}

    def put(self, number: int, raw: bytes | None) -> None:
        """Let `raw` (None: nothing) stand for document `number`."""
        if raw is not None and b"\n" in raw:  # a second line would break the file and the history
            raise ValueError("a document is one line of JSON")
        before = self.documents.get(number)
        if before is not None:
            text = lines.id_text(before)
            if self._ids.get(text) == number:  # another document may have taken the id over
                del self._ids[text]
        self.documents[number] = raw
        if raw is not None:
            self._ids[lines.id_text(raw)] = number

    def copy(self) -> Overlay:
        """Return another that holds the same, to be changed apart from this."""
        copied = Overlay()
        copied.documents = dict(self.documents)
        copied._ids = dict(self._ids)
        return copied

    def over(self, below: Iterator[Document], numbers: Collection[int] | None = None) -> Iterator[Document]:
        """Yield `below` with this laid over it, in the order of numbers; of this, only `numbers`."""
        own = sorted(self.documents if numbers is None else numbers)
        place = 0
        for document in below:
            while place < len(own) and own[place] < document.number:
                raw = self.documents[own[place]]
                if raw is not None:
                    yield Document(own[place], raw)
                place += 1
            if document.number not in self.documents:
                yield document
        for number in own[place:]:
            raw = self.documents[number]
            if raw is not None:
                yield Document(number, raw)

    def holding(self, ids: Collection[bytes]) -> set[int]:
        """Return the numbers of the documents in here that have one of `ids`."""
        return {self._ids[text] for text in ids if text in self._ids}


class Snapshot:
    """The reading of a data folder. Made under a lock; the lock may be gone while it is read."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.history = disk.open(history.NAME)
        self.files = {name: TableFile(name, handle) for name, handle in _table_files(disk)}
        self.head, self.end = self._find_head()
        self._pending: dict[str, Overlay] = {}
        self._marks: dict[str, dict[str, int]] = {}
        self._next: dict[str, int] = {}

    # --- where the history stands ------------------------------------------------------------------------

    def _find_head(self) -> tuple[history.Head, int]:
        """Start from the newest place that a table file vouches for, since that part was on the medium."""
        start, head = 0, history.Head()
        for table, file in self.files.items():
            if file.tail is None:
                continue
            found = self._head_of(table, file)
            if found is not None and file.tail.at > start:
                start, head = file.tail.at, found
        return history.recover(self.history, start, head)

    def _head_of(self, table: str, file: TableFile) -> history.Head | None:
        tail = file.tail
        if tail is None:
            return None
        at = self.history and history.head_at(self.history, tail.at)
        if at and at.commit == tail.seq and at.chain == tail.commit:
            return at
        name = lines.file_name(table)
        if not file.stamped and not file.ours:
            return None  # somebody wrote the file; its tail proves nothing
        reason = "is ahead of" if not at or at.commit < tail.seq else "does not belong to"
        raise StorageFailed(f"{name} {reason} {history.NAME}: the folder is a mixed-up copy", history.WAY_OUT)

    # --- reading -----------------------------------------------------------------------------------------

    def tables(self) -> list[str]:
        """Name every table that has a file or a line in the history."""
        return sorted({*self.files, *self.head.tables})

    def read(
        self, table: str, where: Filter | None = None, ids: Collection[str] | None = None
    ) -> Iterator[Document]:
        """Yield the documents of `table` that match; see `protocol.Reading`."""
        return select(table, self.pending(table), self.files.get(table), where, ids)

    def get(self, table: str, number: int) -> bytes | None:
        """Return document `number` of `table`, None where there is none."""
        overlay = self.pending(table)
        if number in overlay.documents:
            return overlay.documents[number]
        file = self.files.get(table)
        return file.get(number) if file else None

    def next_number(self, table: str) -> int:
        """Return the number that the next document of `table` gets."""
        self.pending(table)
        return self._next[table]

    def marks(self, table: str) -> Mapping[str, int]:
        """Return the highest number given out so far, by series."""
        self.pending(table)
        return self._marks[table]

    def behind(self, table: str, head: history.Head | None = None, end: int = 0) -> int:
        """Return how many bytes of history the file of `table` lacks, now or at a later `head` and `end`."""
        head, end = (head, end) if head else (self.head, self.end)
        seq, at = self._stands_at(self.files.get(table))
        return end - at if seq < head.tables.get(table, 0) else 0

    def pending(self, table: str) -> Overlay:
        """Return what the history holds for `table` that its file does not; read once."""
        if table not in self._pending:
            file = self.files.get(table)
            if file is not None and not file.ours:
                file.foreign()  # may find the tail that somebody's program kept
            tail = file.tail if file else None
            self._marks[table] = dict(tail.marks) if tail else {}
            self._next[table] = tail.next if tail else self._first_free(file)
            self._pending[table] = self._lay(table, file)
        return self._pending[table]

    @staticmethod
    def _first_free(file: TableFile | None) -> int:
        return max((d.number for d in file.foreign()), default=0) + 1 if file else 1

    @staticmethod
    def _stands_at(file: TableFile | None) -> tuple[int, int]:
        return (file.tail.seq, file.tail.at) if file and file.tail else (0, 0)

    def _lay(self, table: str, file: TableFile | None) -> Overlay:
        overlay = Overlay()
        foreign = file is not None and not file.ours
        if (foreign and file and file.tail is None) or not self.behind(table) or self.history is None:
            return overlay  # a foreign file without a tail is read as it stands
        seq, at = self._stands_at(file)
        head = history.head_at(self.history, at)
        if head is None or head.commit != seq or (file and file.tail and head.chain != file.tail.commit):
            raise StorageFailed(
                f"{lines.file_name(table)} does not belong to {history.NAME}", history.WAY_OUT
            )
        first: dict[int, bytes | None] = {}
        for commit in history.walk(self.history, at, head):
            if commit.head.commit > self.head.commit:
                break
            for change in history.changes(commit.payload, table):
                first.setdefault(change.number, change.before)
                overlay.put(change.number, change.after)
                self._next[table] = max(self._next[table], change.number + 1)
            for series, number in history.marks(commit.payload).get(table, {}).items():
                self._marks[table][series] = max(number, self._marks[table].get(series, 0))
        if foreign and file:
            _refuse_edited(table, file, first)
        return overlay


def _refuse_edited(table: str, file: TableFile, before: Mapping[int, bytes | None]) -> None:
    """Refuse a file in which somebody changed a document that the history has also changed."""
    found = {d.number: d.raw for d in file.foreign()}
    for number, raw in before.items():
        theirs = found.get(number)
        if (theirs is None) != (raw is None) or (theirs and raw and _differ(theirs, raw)):
            raise Conflict(
                f"document {number} of {lines.file_name(table)} was changed by another program and by cskit",
                "put the file back as it was; or move it away: the next command rebuilds it from history",
            )


def _differ(one: bytes, other: bytes) -> bool:
    return bool(msgspec.json.decode(one) != msgspec.json.decode(other))


def _table_files(disk: Disk) -> Iterator[tuple[str, Handle]]:
    for name in disk.names():
        table = name.removesuffix(".json")
        if table != name and table.replace("_", "").isalnum() and table.islower():
            handle = disk.open(name)
            if handle is not None:
                yield table, handle


def select(
    table: str, overlay: Overlay, file: TableFile | None, where: Filter | None, ids: Collection[str] | None
) -> Iterator[Document]:
    """Yield the documents of a file with an overlay that match a filter, and have one of some ids."""
    below: Iterator[Document]
    numbers: Collection[int] | None = None
    if ids is not None:
        texts = {msgspec.json.encode(name) for name in ids}
        numbers = overlay.holding(texts)
        below = file.find(texts) if file else iter(())
    else:
        below = file.lines(where.anchors if where else ()) if file else iter(())
    found = overlay.over(below, numbers)
    if where is None:
        return found
    decode = stored.decoder(table, where.model)
    return (document for document in found if where.matches(decode(document)))
