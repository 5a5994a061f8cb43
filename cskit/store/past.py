"""What the store knew at an earlier moment: the present, with what came later taken back entry by entry.

Costs what the later entries hold, so that yesterday is nearly as quick as today. Writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager

from cskit.errors import Conflict, NotFound
from cskit.i18n import _
from cskit.past import saves
from cskit.store import history, images
from cskit.store.disk import Disk
from cskit.store.folder import FolderStore
from cskit.store.overlay import Overlay
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

Modern = Callable[[str, bytes], bytes]
"""Brings a document of a table, as it was, to the form that its records have today."""


class Past(Snapshot):
    """The reading of a data folder as it was before the instant `end`."""

    def __init__(self, disk: Disk, end: dt.datetime, modern: Modern) -> None:
        super().__init__(disk)
        self._modern = modern
        self.then = self.head
        """The last entry that counts."""
        self.ended = self.end
        """Where it ends in the history."""
        self._earlier: dict[str, dict[int, bytes | None]] = {}
        if self.history is not None:
            self._go_back(end)

    def _go_back(self, end: dt.datetime) -> None:
        """Take back every entry from `end` on; raises `Conflict` where the history has no values any more."""
        if self.history is None:
            return
        for commit in history.back(self.history, self.head, self.end):
            header = history.header(commit.payload)
            if header.time < end:
                return
            if header.checkpoint is not None:
                if header.checkpoint.time >= end:
                    raise _beyond(header.checkpoint.time)
                return  # it changed nothing
            for change in history.changes(commit.payload):
                self._earlier.setdefault(change.table, {})[change.number] = change.before
            self.then = history.head_at(self.history, commit.head.at) or history.Head()
            self.ended = commit.head.at

    def tables(self) -> list[str]:
        """Name every table that the history knew then."""
        return sorted(self.then.tables)

    def pending(self, table: str) -> Overlay:
        """Return what stood then in the place of what the file of `table` holds now."""
        if table not in self._pending:
            file = self.files.get(table)
            if file is None or file.ours:
                overlay = super().pending(table).copy()
                for number, raw in self._earlier.get(table, {}).items():
                    overlay.put(number, raw and self._modern(table, raw))
            else:
                overlay = self._over_edited(table)
            self._pending[table] = overlay
        return self._pending[table]

    def _over_edited(self, table: str) -> Overlay:
        """Return the same over a file that another program changed, nobody knows when."""
        image = images.replay(self.history, self.then, [table])[table]
        self._marks[table], self._next[table] = image.marks, image.next
        overlay = Overlay()
        for document in self.files[table].foreign():
            overlay.put(document.number, None)
        for number, raw in image.documents.items():
            overlay.put(number, self._modern(table, raw))
        return overlay


def _beyond(horizon: dt.datetime) -> Conflict:
    return Conflict(
        _("the history was compacted, and holds no values from before {time}").format(
            time=horizon.isoformat().replace("+00:00", "Z")
        ),
        _("ask for a later time, or look into a backup from before"),
    )


class PastStore:
    """A store as it was before the instant `end`: it can only be read. See `protocol.Store`."""

    def __init__(self, store: FolderStore, end: dt.datetime, modern: Modern = lambda table, raw: raw) -> None:
        self.store, self._end, self._modern = store, end, modern

    def reading(self) -> Past:
        with self.store.disk.lock(False, ""):
            return Past(self.store.disk, self._end, self._modern)

    def rehearsal(self, origin: Origin) -> FolderTransaction:
        return FolderTransaction(self.reading(), origin, rehearsing=True)

    def note(self, origin: Origin) -> int:
        """Write an entry into the present history: who looks at the past is noted as well."""
        return self.store.note(origin)

    def history(self) -> Iterator[Entry]:
        return (entry for entry in self.store.history() if entry.origin.time < self._end)

    def changes_with(self, name: str) -> Iterator[tuple[Entry, list[Change]]]:
        return (found for found in self.store.changes_with(name) if found[0].origin.time < self._end)

    def changes_of(self, sequence: int) -> tuple[Entry, list[Change]]:
        entry, changes = self.store.changes_of(sequence)
        if entry.origin.time >= self._end:
            said = _("the history had no entry {entry} then").format(entry=sequence)
            raise NotFound(said, _("`cskit log` lists them"))
        return entry, changes

    def touching(self, places: Collection[tuple[str, int]], since: int) -> Iterator[Entry]:
        return (entry for entry in self.store.touching(places, since) if entry.origin.time < self._end)

    def info(self) -> StoreInfo:
        found = self.reading()
        tables = [
            TableInfo(table, sum(1 for _one in found.read(table)), 0, 0, "") for table in found.tables()
        ]
        return StoreInfo(found.then.commit, found.ended, tables)

    def verify(self, head: str | None = None) -> Report:
        return self.store.verify(head)

    # --- what is refused: the past does not change -----------------------------------------------------

    def transaction(
        self, origin: Origin, check: Callable[[Transaction], None] | None = None
    ) -> AbstractContextManager[Transaction]:
        raise saves(origin.command)

    def compact(self, origin: Origin) -> Compacted:
        raise saves(origin.command)

    def foreign(self, keep: Keep = "", tables: Collection[str] = ()) -> list[Adopted]:
        raise saves("data adopt")

    def adopt(
        self, origin: Origin, keep: Keep = "", tables: Collection[str] = ()
    ) -> tuple[list[Adopted], int | None]:
        raise saves(origin.command)

    def settle(self, origin: Origin | None = None) -> list[str]:
        raise saves("data settle")
