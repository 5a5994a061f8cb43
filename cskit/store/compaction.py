"""The history made anew without values: a checkpoint with all documents, and the headers of what was before.

What is written when, under the lock:

1. Table files are brought up to the old history, and the folder is synced. From here on nothing changes what
   the tables hold: the old history and the new one both belong to these files, in these bytes.
2. The new history is written whole into a file of another name, and synced. It lists where each table file
   stands in the old history (`stood`), so that those files are known to be part of it as they are.
3. It takes the old history's name, in one step. After a crash before that, the old history is there with
   tables that stand in it; after it, the new one with tables that it lists. Which of both a loss of power
   leaves is all the same, for each fits the files. The folder is synced before anything is built on it: here,
   or by the next command, which knows by the checkpoint being the last entry (`FolderStore._cut_torn_end`).
4. Each table file is written anew with its place in the new history, into a file that takes its name. One
   that this did not come to is read as listed; the next command that saves, or settles, gives it its place.
5. What stopped commands left goes, and the folder is synced, lest a leftover comes back with old values.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import msgspec

from cskit.errors import Conflict, Refused, StorageFailed
from cskit.i18n import _
from cskit.store import history, lines
from cskit.store.disk import Disk
from cskit.store.history import Archived
from cskit.store.protocol import Change, Checkpoint, Compacted, Origin
from cskit.store.snapshot import NEW, Snapshot, is_stranger
from cskit.store.verify import TORN, verify


def compact(disk: Disk, origin: Origin, bring_up: Callable[[Snapshot], list[str]]) -> Compacted:
    """Make the history anew, under the lock; `bring_up` settles a snapshot's tables.

    See `protocol.Store.compact`.
    """
    _refuse_unfit(Snapshot(disk))
    bring_up(Snapshot(disk))
    old = Snapshot(disk)
    disk.sync_folder()  # else a table file could come back that the new history does not list
    entries = _archive(old)
    try:
        head = _write(disk, old, entries, origin)
        disk.rename(history.NAME + NEW, history.NAME)
    except BaseException:
        with contextlib.suppress(StorageFailed):
            disk.remove(history.NAME + NEW)  # on a medium that is full it would take the last room
        raise
    try:
        bring_up(Snapshot(disk))  # which first makes the new name safe, as after a crash
        strangers = _tidy(disk)
        disk.sync_folder()
    except StorageFailed as error:
        said = _("saved as {sequence}, but {message}").format(sequence=head.commit, message=error.message)
        raise StorageFailed(said, error.hint) from error
    return Compacted(head.commit, head.chain, old.head.chain, len(entries), strangers)


def _refuse_unfit(snapshot: Snapshot) -> None:
    """Raise where a history made of this would bury damage, or what another program wrote."""
    if not snapshot.head.commit:
        raise Refused(_("the history is empty; there is nothing to compact"))
    for table, file in snapshot.files.items():
        if not file.ours and not snapshot.stray(table):
            raise Conflict(
                _("{file} was changed by another program: the history does not hold what is in it").format(
                    file=lines.file_name(table)
                ),
                _("put it back as it was; or move it away, and import what it held"),
            )
    if any(finding.what != TORN for finding in verify(lambda: snapshot).findings):
        raise StorageFailed(
            _("the records are not whole, so the history is left as it is"),
            _("`cskit data verify` shows what is wrong"),
        )


# --- what is kept of earlier entries -----------------------------------------------------------------------


def _archive(snapshot: Snapshot) -> list[Archived]:
    """Return every entry so far without values, and without a reason that may tell of who was erased."""
    found: list[Archived] = []
    erased: set[tuple[str, int]] = set()
    if snapshot.history is None:
        return found
    for commit in history.walk(snapshot.history, 0, history.Head()):
        if commit.head.at == 0:
            found += history.archived(commit.payload)
        entry = history.entry(commit)
        reason = entry.origin.reason is not None
        touched = _touched(commit.payload) if (reason or entry.origin.erases) and not entry.checkpoint else {}
        if entry.origin.erases:
            erased |= {(table, number) for table, numbers in touched.items() for number in numbers}
        kept = Archived(
            entry=entry.sequence,
            counts=dict(entry.counts),
            checkpoint=entry.checkpoint,
            touched=touched if reason else {},
            **msgspec.structs.asdict(entry.origin),
        )
        found.append(kept)
    return [_without_reason(one) if _tells_of(one, erased) else one for one in found]


def _touched(payload: bytes) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for change in history.changes(payload):
        found.setdefault(change.table, []).append(change.number)
    return {table: tuple(numbers) for table, numbers in found.items()}


def _tells_of(entry: Archived, erased: set[tuple[str, int]]) -> bool:
    return any((table, number) in erased for table, held in entry.touched.items() for number in held)


def _without_reason(entry: Archived) -> Archived:
    return msgspec.structs.replace(entry, reason=None, touched={})


# --- the new history ---------------------------------------------------------------------------------------


def _write(disk: Disk, old: Snapshot, entries: list[Archived], origin: Origin) -> history.Head:
    """Write the new history beside the old one, safe on the medium, and return its head."""
    writer = disk.create(history.NAME + NEW)
    try:
        digest, length = history.digest(), 0
        for block in history.blocks(_pieces(old, entries, origin)):
            writer.write(block)
            digest.update(block)
            length += len(block)
        begun = history.Head(commit=old.head.commit, prev="", chain=old.head.chain)
        tables = dict.fromkeys(old.tables(), old.head.commit + 1)
        head, line = history.sealed(begun, 0, length, digest, tables)
        writer.write(line)
        writer.sync()
        return head
    finally:
        writer.close()


def _pieces(old: Snapshot, entries: list[Archived], origin: Origin) -> Iterator[bytes]:
    last, before = entries[-1], [one.checkpoint for one in entries if one.checkpoint is not None]
    header = history.Header(
        seq=old.head.commit + 1,
        checkpoint=Checkpoint(
            sequence=old.head.commit,
            time=last.time,
            head=old.head.chain,
            earlier=tuple(one.head for one in before),
        ),
        stood={
            table: history.Stood(file.tail.seq, file.tail.commit, file.tail.sum)
            for table, file in old.files.items()
            if file.tail is not None
        },
        next={table: old.next_number(table) for table in old.tables()},
        marks={table: dict(old.marks(table)) for table in old.tables() if old.marks(table)},
        **msgspec.structs.asdict(msgspec.structs.replace(origin, time=max(last.time, origin.time))),
    )
    yield history.first_line(header)
    for entry in entries:
        yield history.first_line(entry)
    for table in old.tables():
        for document in old.read(table):
            yield history.change_line(Change(table, document.number, None, document.raw))


def _tidy(disk: Disk) -> list[str]:
    """Remove what stopped commands left, and name the files that are not the store's."""
    strangers = []
    for name in disk.names():
        table = name.removesuffix(NEW).removesuffix(".json")
        if name.endswith(NEW) and (name == history.NAME + NEW or lines.file_name(table) + NEW == name):
            disk.remove(name)
        elif is_stranger(name):
            strangers.append(name)
    return strangers
