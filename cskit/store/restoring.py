"""One table's file put back from an old copy: brought up to the history at once, or refused."""

from __future__ import annotations

import os
from typing import NamedTuple

from cskit.errors import Conflict, StorageFailed
from cskit.i18n import _
from cskit.store import foreign, lines
from cskit.store.disk import FolderDisk, Handle
from cskit.store.folder import FolderStore
from cskit.store.lines import TableFile
from cskit.store.snapshot import MixedUp, Snapshot


class Forward(NamedTuple):
    """A table whose file was put back: the entry that the copy stood at, and the one it stands at now."""

    table: str
    stood: int
    stands: int


def table(store: FolderStore, path: str, command: str, *, rehearsing: bool = False) -> Forward:
    """Put a copy of a table's file into the folder, and write what it lacks from the history.

    Raises `Conflict` for a file that another program wrote, which belongs to `data adopt`, and `MixedUp` for
    one of another history.
    """
    handle = FolderDisk(os.path.dirname(os.path.abspath(path))).open(os.path.basename(path))
    if handle is None:
        raise StorageFailed(_("there is no file {file}").format(file=path), _("check the path"))
    name = _named(path, handle)
    copy = TableFile(name, handle)
    if not copy.ours or copy.tail is None:
        raise Conflict(
            _("{file} is no table as cskit wrote it").format(file=path),
            _adopting(path),
        )
    with store.disk.lock(not rehearsing, command):
        snapshot = Snapshot(store.disk)
        try:
            snapshot.refuse_mixed_up(name, copy)
        except MixedUp as error:
            said = _("{file} is a copy from another history: {why}").format(file=path, why=error.message)
            raise StorageFailed(said, _adopting(path)) from None
        if not rehearsing:
            _put(store, name, copy)
            store.bring_up(Snapshot(store.disk))
        return Forward(name, copy.tail.seq, snapshot.head.commit)


def _adopting(path: str) -> str:
    return _("`cskit data adopt {file}` brings in the records that are in it").format(file=path)


def _named(path: str, handle: Handle) -> str:
    """Return the table that a file is of: the one that its last line names."""
    content = foreign.tables(os.path.basename(path), handle.read(0, handle.size))
    own = content.get(foreign.OWN, {}).get("1", {}).get("table")
    return own if isinstance(own, str) and own in content else os.path.basename(path).partition(".")[0]


def _put(store: FolderStore, name: str, copy: TableFile) -> None:
    file = lines.file_name(name)
    writer = store.disk.create(file + ".new")
    try:
        for offset in range(0, copy.handle.size, lines.BLOCK):
            writer.write(copy.handle.read(offset, lines.BLOCK))
        if copy.tail is not None:
            writer.touch(copy.tail.stamp)
        writer.sync()
    finally:
        writer.close()
    store.disk.rename(file + ".new", file)
