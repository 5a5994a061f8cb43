"""A department in one file, and back: which files belong to it, a tar of them, that tar read as a folder.

The tar is not compressed, so that the same records give the same bytes wherever they are written, and nothing
in one can blow up. Nothing is taken from a tar but what a data folder may hold.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import stat
import tarfile
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, NoReturn

from cskit.errors import BadData, Conflict, StorageFailed
from cskit.i18n import _
from cskit.store import history, lines
from cskit.store.disk import Handle, Writer, failed, make_folder
from cskit.store.snapshot import Snapshot

_NAME = re.compile(r"history\.jsonl|[a-z0-9_]+\.json|cskit\.toml|rules(?:/[^\W_][\w.\-]*){1,4}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_SETTINGS = ("cskit.toml", "rules")
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class Item(NamedTuple):
    """A file of a department: its name in the data folder, its time of change, its bytes from a place on."""

    name: str
    size: int
    mtime: int
    read: Callable[[int, int], bytes]

    def blocks(self) -> Iterator[bytes]:
        """Yield all that it holds."""
        for offset in range(0, self.size, lines.BLOCK):
            data = self.read(offset, min(lines.BLOCK, self.size - offset))
            if not data:
                raise StorageFailed(
                    _("{file} ends too early").format(file=self.name), _("run the command again")
                )
            yield data


def allowed(name: str) -> bool:
    """Tell whether a file of this name may stand in a data folder, on any system."""
    parts = name.split("/")
    return bool(
        _NAME.fullmatch(name)
        and len(name) <= 200
        and not any(part.endswith(".") or _DEVICE.match(part) for part in parts)
    )


# --- what belongs to a department --------------------------------------------------------------------------


def contents(folder: str, snapshot: Snapshot) -> list[Item]:
    """Return the files of one moment: the history up to its last entry, tables, settings and rules."""
    if snapshot.history is None or not snapshot.head.commit:
        raise Conflict(_("{folder} holds no records yet").format(folder=folder), _("save something first"))
    saved = int(history.time_at(snapshot.history, snapshot.head).timestamp())
    items = [Item(history.NAME, snapshot.end, saved, snapshot.history.read)]
    for table in snapshot.tables():
        file = snapshot.files.get(table)
        if file is not None:
            stamp = file.tail.stamp if file.tail and file.ours else saved
            items.append(Item(lines.file_name(table), file.handle.size, stamp, file.handle.read))
    for name in _settings(folder):
        items.append(_item(name, _content(os.path.join(folder, name)), saved))
    return sorted(items)


def _item(name: str, data: bytes, mtime: int) -> Item:
    return Item(name, len(data), mtime, lambda offset, length: data[offset : offset + length])


def _settings(folder: str) -> Iterator[str]:
    for name in _SETTINGS:
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            for here, folders, files in os.walk(path):
                folders.sort()
                found = (os.path.relpath(os.path.join(here, file), folder) for file in sorted(files))
                yield from (each.replace(os.sep, "/") for each in found)
        elif os.path.lexists(path):
            yield name


def _content(path: str) -> bytes:
    try:
        fd = os.open(path, _FLAGS)
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                said = _("{path} is not a regular file").format(path=path)
                raise StorageFailed(said, _("move it out of the data folder"))
            return file.read()
    except OSError as error:
        raise failed("read", path, error) from error


# --- in one file -------------------------------------------------------------------------------------------


def save(items: Iterable[Item], path: str, check: Callable[[str], None]) -> None:
    """Write a tar that only its owner can read; it gets its name once `check` finds it whole.

    Raises `Conflict` where something has that name already, a link too: nothing is ever written over.
    """
    part = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}.part")
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            with open(fd, "wb") as out:
                with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    for item in items:
                        tar.addfile(_entry(item), _Stream(item))  # type: ignore[arg-type]  # all that it reads
                out.flush()
                os.fsync(out.fileno())
            check(part)
            _name(part, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
    except FileExistsError:
        said = _("{file} exists already").format(file=path)
        raise Conflict(said, _("give another name: a backup is never written over")) from None
    except OSError as error:
        raise failed("save", path, error) from error


def _name(part: str, path: str) -> None:
    try:
        os.link(part, path)  # which replaces nothing
    except (PermissionError, NotImplementedError, AttributeError):  # a medium without links
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(part, path)


def _entry(item: Item) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(item.name)
    entry.size, entry.mtime, entry.mode = item.size, item.mtime, 0o600
    return entry


class _Stream:
    """An item as a file to be copied from."""

    def __init__(self, item: Item) -> None:
        self._item, self._offset = item, 0

    def read(self, length: int) -> bytes:
        data = self._item.read(self._offset, min(length, self._item.size - self._offset))
        self._offset += len(data)
        return data


# --- and back ----------------------------------------------------------------------------------------------


class _Part:
    """A file in a tar, as a handle."""

    def __init__(self, fd: int, place: int, size: int, mtime: int) -> None:
        self._fd, self._place = fd, place
        self.size, self.mtime = size, mtime * 1_000_000_000

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._fd, max(0, min(length, self.size - offset)), self._place + offset)


class Archive:
    """A backup as a folder that can only be read; see `disk.Disk`.

    Raises `BadData` naming what is in it that no data folder holds.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = open(path, "rb")
        self._parts: dict[str, _Part] = {}
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise

    def _read(self) -> None:
        hint = _("`cskit data backup` writes one")
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                for entry in tar:
                    self._take(entry)
        except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
            raise BadData(_("{file} is no backup: {why}").format(file=self.path, why=error), hint) from None
        if history.NAME not in self._parts:
            raise BadData(_("{file} is no backup: it holds no history").format(file=self.path), hint)

    def _take(self, entry: tarfile.TarInfo) -> None:
        held = entry.isreg() and not entry.sparse and allowed(entry.name) and entry.name not in self._parts
        if not held:
            raise BadData(
                _("{file} holds '{name}', which is in no backup").format(
                    file=self.path, name=entry.name[:80]
                ),
                _("nothing was restored; take a backup that `cskit data backup` wrote"),
            )
        size = os.fstat(self._file.fileno()).st_size
        if entry.offset_data + entry.size > size:
            said = _("{file} is cut: '{name}' is not whole").format(file=self.path, name=entry.name)
            raise BadData(said, _("nothing was restored; take another copy of it"))
        mtime = max(0, min(int(entry.mtime), 1 << 40))
        self._parts[entry.name] = _Part(self._file.fileno(), entry.offset_data, entry.size, mtime)

    def items(self) -> list[Item]:
        """Return the files in it."""
        return [
            Item(name, part.size, part.mtime // 1_000_000_000, part.read)
            for name, part in sorted(self._parts.items())
        ]

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def open(self, name: str) -> Handle | None:
        return self._parts.get(name)

    def names(self) -> list[str]:
        return sorted(self._parts)

    @contextlib.contextmanager
    def lock(self, exclusive: bool, holder: str) -> Iterator[None]:
        yield

    # --- what a backup does not let ------------------------------------------------------------------------

    def create(self, name: str) -> Writer:
        self._refuse()

    def append(self, name: str) -> Writer:
        self._refuse()

    def rename(self, old: str, new: str) -> None:
        self._refuse()

    def remove(self, name: str) -> None:
        self._refuse()

    def sync_folder(self) -> None:
        self._refuse()

    def touch(self, name: str, seconds: int) -> None:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StorageFailed(_("{file} is a backup: it is only read").format(file=self.path))


def unpack(items: Iterable[Item], folder: str) -> None:
    """Write files into a new folder that only its owner can look into, safe on the medium."""
    try:
        os.mkdir(folder, 0o700)
        for item in items:
            path = os.path.join(folder, *item.name.split("/"))
            make_folder(os.path.dirname(path))
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with open(fd, "wb") as out:
                for block in item.blocks():
                    out.write(block)
                out.flush()
                os.utime(path, (item.mtime, item.mtime))
                os.fsync(fd)
    except OSError as error:
        raise failed("save", folder, error) from error


def day(items: Iterable[Item]) -> dt.datetime:
    """Return when the last entry of a backup was made."""
    return dt.datetime.fromtimestamp(next(one.mtime for one in items if one.name == history.NAME), dt.UTC)
