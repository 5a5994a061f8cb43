"""One moment of a data folder: table files, and the lines of the history that they do not hold yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cskit import stored
from cskit.errors import Conflict, Diverged, Diverging, StorageFailed
from cskit.i18n import _, ngettext
from cskit.nouns import shortened
from cskit.store import history, images, lines
from cskit.store.disk import LOCK, Disk, Handle
from cskit.store.lines import TableFile
from cskit.store.overlay import Overlay
from cskit.store.protocol import Document, Filter

OURS = (history.NAME, LOCK, "cskit.toml", "rules")
NEW = ".new"
"""What stands behind a file's name until it is whole and takes that name."""


class MixedUp(StorageFailed):
    """Files of a folder come from different times or places; none of them alone is to blame."""


class Clash(Diverged):
    """Documents were changed by another program and, since it read the file, by cskit as well."""

    def __init__(self, both: Sequence[Diverging]) -> None:
        said = ngettext(
            "document {numbers} of {file} was changed by another program and by cskit",
            "documents {numbers} of {file} were changed by another program and by cskit",
            len(both),
        )
        numbers = shortened([str(one.number) for one in both], 5)
        super().__init__(
            said.format(numbers=numbers, file=lines.file_name(both[0].table)),
            _("`cskit data adopt {table} --keep file`, or --keep history, says which holds").format(
                table=both[0].table
            ),
            both,
        )


class Versions(NamedTuple):
    """A file that another program wrote, beside what the history says of its table.

    `found` are the file's documents, `overlay` what the history holds beyond it, `clashes` what both changed.
    `untold` is the error where old documents cannot be told from changed ones.
    """

    found: Mapping[int, bytes]
    image: images.Image
    overlay: Overlay
    clashes: list[Diverging]
    untold: Conflict | None


class Snapshot:
    """The reading of a data folder. Made under a lock; the lock may be gone while it is read."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.history = disk.open(history.NAME)
        self.files = {name: TableFile(name, handle) for name, handle in _table_files(disk)}
        self._stood: dict[str, tuple[int, int]] = {}
        self._strays: dict[str, bool] = {}
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
            if found is not None and found[1] > start:
                head, start = found
        return history.recover(self.history, start, head)

    def _head_of(self, table: str, file: TableFile) -> tuple[history.Head, int] | None:
        """Return the head that a table file stands at, and where it ends."""
        tail = file.tail
        if tail is None:
            return None
        at = self.history and history.head_at(self.history, tail.at)
        if at and at.commit == tail.seq and at.chain == tail.commit:
            return at, tail.at
        first = self._checkpoint(table, file)
        if first is not None:
            self._stood[table] = first.head.commit, first.end
            return first.head, first.end
        if not file.ours:
            return None  # somebody wrote the file; its tail proves nothing yet
        raise _mixed_up(table, ahead=not at or at.commit < tail.seq)

    def _checkpoint(self, table: str, file: TableFile) -> history.Commit | None:
        """Return the checkpoint that holds what is in a table file from before it.

        `data compact` was stopped before it came to give this file its place in the new history.
        """
        first = history.beginning(self.history) if self.history and file.tail else None
        if first is None or self.history is None or file.tail is None:
            return None
        tail = file.tail
        if first.stood.get(table) != history.Stood(tail.seq, tail.commit, tail.sum):
            return None
        return next(history.walk(self.history, 0, history.Head()), None)

    # --- reading -----------------------------------------------------------------------------------------

    def tables(self) -> list[str]:
        """Name every table that has a line in the history, or a file that holds it."""
        return sorted({*self.head.tables, *(table for table in self.files if not self.stray(table))})

    def stray(self, table: str) -> bool:
        """Tell whether a file is in the folder by chance: nothing knows its table, not even its content."""
        if table in self.head.tables or table not in self.files or self.files[table].tail is not None:
            return False
        if table not in self._strays:
            try:
                self._strays[table] = table not in self.files[table].whole()
            except StorageFailed:
                self._strays[table] = True
        return self._strays[table]

    def strangers(self) -> list[str]:
        """Name the files of the folder that are not the store's: of no form of ours, or tables of nobody."""
        stray = {lines.file_name(table) for table in self.files if self.stray(table)}
        return [name for name in self._disk.names() if name in stray or is_stranger(name)]

    def read(
        self,
        table: str,
        where: Filter | None = None,
        ids: Collection[str] | None = None,
        names: Collection[str] | None = None,
    ) -> Iterator[Document]:
        """Yield the documents of `table` that match; see `protocol.Reading`."""
        return select(table, self.pending(table), self.files.get(table), where, ids, names)

    def tally(self, table: str, field: str | None = None) -> Mapping[bytes, int] | None:
        """Count the documents of `table` by what they hold in a field; see `protocol.Reading`."""
        from cskit.store.tallies import tally  # loads what only counting needs

        return tally(self.files.get(table), self.pending(table), field)

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

    def mark(self, table: str, series: str) -> int:
        """Return the highest number given out in a series of `table`, 0 where none was."""
        return self.marks(table).get(series, 0)

    def behind(self, table: str, head: history.Head | None = None, end: int = 0) -> int:
        """Return how many bytes of history the file of `table` lacks, now or at a later `head` and `end`."""
        head, end = (head, end) if head else (self.head, self.end)
        if table in self._stood:
            return end  # so that the next command gives the file its place
        seq, at = self._stands_at(table)
        return end - at if seq < head.tables.get(table, 0) else 0

    def pending(self, table: str) -> Overlay:
        """Return what the history holds for `table` that its file does not; read once."""
        if table not in self._pending:
            file = self.files.get(table)
            if file is not None and not file.ours:
                self._pending[table] = self._over_foreign(table)
            else:
                self._marks[table] = dict(file.tail.marks) if file and file.tail else {}
                self._next[table] = file.tail.next if file and file.tail else 1
                self._pending[table] = self._lay(table)[0]
        return self._pending[table]

    def _over_foreign(self, table: str) -> Overlay:
        """Return what the history holds beyond a file that another program wrote; raises as `versions`.

        Raises `Clash` where both changed a document, `Conflict` where that cannot be told.
        """
        parts = self.versions(table)
        self._marks[table], self._next[table] = parts.image.marks, self.next_of(parts)
        if parts.untold:
            raise parts.untold
        if parts.clashes:
            raise Clash(parts.clashes)
        return parts.overlay

    def versions(self, table: str) -> Versions:
        """Return a file that another program wrote, and what the history says of its table.

        Raises `StorageFailed` where the file is damaged, `MixedUp` where its tail is of another history.
        """
        file = self.files[table]
        found = {document.number: document.raw for document in file.foreign()}  # which may find a tail
        image = self.image(table)
        if file.tail is None:
            if image.size() > lines.SMALL and _differ(found, image.documents):
                return Versions(found, image, Overlay(), [], _untold(table))
            return Versions(found, image, Overlay(), [], None)  # a small table's file is never behind
        self.refuse_mixed_up(table, file)
        self._marks[table], self._next[table] = {}, 1
        overlay, before = self._lay(table)
        return Versions(found, image, overlay, _clashes(table, found, before, overlay), None)

    def refuse_mixed_up(self, table: str, file: TableFile) -> None:
        """Raise `MixedUp` where the tail of a file, one from elsewhere too, is not of this history."""
        if file.tail is not None and self._head_of(table, file) is None:
            at = self.history and history.head_at(self.history, file.tail.at)
            raise _mixed_up(table, ahead=not at or at.commit < file.tail.seq)

    @staticmethod
    def next_of(parts: Versions) -> int:
        """Return the number that the next document gets, above all that either side gave."""
        return max(parts.image.next, max(parts.found, default=0) + 1)

    def image(self, table: str) -> images.Image:
        """Return what the history says that `table` holds, whatever its file does."""
        return images.replay(self.history, self.head, [table])[table]

    def _stands_at(self, table: str) -> tuple[int, int]:
        file = self.files.get(table)
        at_first = (file.tail.seq, file.tail.at) if file and file.tail else (0, 0)
        return self._stood.get(table, at_first)

    def _lay(self, table: str) -> tuple[Overlay, Mapping[int, bytes | None]]:
        """Return what the history holds beyond a file, and what those documents were before."""
        overlay, file = Overlay(), self.files.get(table)
        first: dict[int, bytes | None] = {}
        if not self.behind(table) or self.history is None:
            return overlay, first
        seq, at = self._stands_at(table)
        head = history.head_at(self.history, at)
        own = file.tail.commit if file and file.tail and table not in self._stood else None
        if head is None or head.commit != seq or (own is not None and head.chain != own):
            raise _mixed_up(table)
        for commit in history.walk(self.history, at, head):
            if commit.head.commit > self.head.commit:
                break
            for change in history.changes(commit.payload, table):
                first.setdefault(change.number, change.before)
                overlay.put(change.number, change.after)
                self._next[table] = max(self._next[table], change.number + 1)
            given = history.header(commit.payload)
            self._next[table] = max(self._next[table], given.next.get(table, 1))
            for series, number in given.marks.get(table, {}).items():
                self._marks[table][series] = max(number, self._marks[table].get(series, 0))
        return overlay, first


def is_stranger(name: str) -> bool:
    """Tell whether a file cannot be the store's, by its name."""
    table = name.removesuffix(NEW).removesuffix(".json")
    return name.removesuffix(NEW) not in OURS and not (
        name.removesuffix(NEW) == lines.file_name(table) and table.replace("_", "").isalnum()
    )


def _mixed_up(table: str, ahead: bool = False) -> MixedUp:
    if ahead:
        said = _("{file} is ahead of {history}: the folder is a mixed-up copy")
    else:
        said = _("{file} does not belong to {history}: the folder is a mixed-up copy")
    return MixedUp(said.format(file=lines.file_name(table), history=history.NAME), _(history.WAY_OUT))


def _clashes(
    table: str, found: Mapping[int, bytes], before: Mapping[int, bytes | None], overlay: Overlay
) -> list[Diverging]:
    """Return the documents that somebody changed in a file and the history has changed otherwise."""
    from cskit.store.foreign import same

    both = []
    for number, raw in before.items():
        theirs, ours = found.get(number), overlay.documents[number]
        if not same(theirs, raw) and not same(theirs, ours):
            both.append(Diverging(table, number, theirs, ours))
    return both


def _differ(found: Mapping[int, bytes], held: Mapping[int, bytes]) -> bool:
    from cskit.store.foreign import same

    return found.keys() != held.keys() or not all(same(found[number], raw) for number, raw in held.items())


def _untold(table: str) -> Conflict:
    return Conflict(
        _("{file} lost its last line to another program: old and changed look the same in it").format(
            file=lines.file_name(table)
        ),
        _("`cskit data adopt {table} --keep file` takes it as it is, --keep history what it was").format(
            table=table
        ),
    )


def _table_files(disk: Disk) -> Iterator[tuple[str, Handle]]:
    for name in disk.names():
        table = name.removesuffix(".json")
        if table != name and table.replace("_", "").isalnum() and table.islower():
            handle = disk.open(name)
            if handle is not None:
                yield table, handle


def select(
    table: str,
    overlay: Overlay,
    file: TableFile | None,
    where: Filter | None,
    ids: Collection[str] | None,
    named: Collection[str] | None,
) -> Iterator[Document]:
    """Yield the documents of a file with an overlay that match, as `protocol.Reading.read` says."""
    below: Iterator[Document]
    numbers: Collection[int] | None = None
    asked = ids if named is None else named
    if asked is not None:
        texts = {msgspec.json.encode(name) for name in asked}
        keys: Collection[bytes] = () if named is None else texts
        numbers = overlay.called(texts, keys)
        below = file.find(texts, keys) if file else iter(())
    else:
        below = file.lines(where.anchors if where else ()) if file else iter(())
    found = overlay.over(below, numbers)
    if where is None:
        return found
    decode = stored.decoder(table, where.model)
    return (document for document in found if where.matches(decode(document)))
