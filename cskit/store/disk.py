"""All file access of the TinyDB store: one folder, a handful of operations.

Tests count, fail and lose these operations, so nothing else in the store may touch a file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

from cskit.errors import StorageFailed
from cskit.i18n import _, mark, reason
from cskit.store import lock

LOCK = "lock"
_CANNOT = {
    "read": mark("cannot read {path}: {why}"),
    "write": mark("cannot write {path}: {why}"),
    "cut": mark("cannot cut {path}: {why}"),
    "stamp": mark("cannot stamp {path}: {why}"),
    "save": mark("cannot save {path}: {why}"),
    "create": mark("cannot create {path}: {why}"),
    "replace": mark("cannot replace {path}: {why}"),
    "remove": mark("cannot remove {path}: {why}"),
    "lock": mark("cannot lock {path}: {why}"),
}
_OURS = ("history.jsonl", "cskit.toml")  # one of them stands in every data folder
_LOCKLESS = {errno.ENOENT, errno.EROFS, errno.EACCES, errno.EPERM}  # nobody can be writing there
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Handle(Protocol):
    """A file as it was when opened; later writers rename a new file over it or append beyond `size`."""

    size: int
    mtime: int  # nanoseconds

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        ...


class Writer(Protocol):
    """A file being written; nothing is safe before `sync` has returned."""

    def write(self, data: bytes) -> None:
        """Put all of `data` at the end."""
        ...

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def touch(self, seconds: int) -> None:
        """Set the time of last change, in whole seconds since 1970."""
        ...

    def sync(self) -> None:
        """Return once what was written is on the medium."""
        ...

    def close(self) -> None:
        """Give the file back; errors of the medium show in `sync`, not here."""
        ...


class Disk(Protocol):
    """What the store needs of a folder."""

    def open(self, name: str) -> Handle | None:
        """Open `name` for reading; None where there is none."""
        ...

    def create(self, name: str) -> Writer:
        """Make a new, empty file, taking the place of a leftover of that name."""
        ...

    def append(self, name: str) -> Writer:
        """Open `name` for writing at its end, making it if need be."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give `old` the name `new`, whose file is replaced in one step."""
        ...

    def remove(self, name: str) -> None:
        """Take a file out of the folder, if it is there."""
        ...

    def sync_folder(self) -> None:
        """Return once the names of created and renamed files are on the medium."""
        ...

    def touch(self, name: str, seconds: int) -> None:
        """Set the time of last change of a file."""
        ...

    def names(self) -> list[str]:
        """List the files of the folder."""
        ...

    def lock(self, exclusive: bool, holder: str) -> contextlib.AbstractContextManager[None]:
        """Keep others out (or, shared, writers out); raises `Conflict` when that takes too long."""
        ...


class _OpenFile:
    """A handle on an inode: renaming over it or appending to it changes nothing of what it shows."""

    def __init__(self, path: str, fd: int) -> None:
        info = os.fstat(fd)
        self._path, self._fd = path, fd
        self.size, self.mtime = info.st_size, info.st_mtime_ns

    def read(self, offset: int, length: int) -> bytes:
        try:
            return os.pread(self._fd, length, offset)
        except OSError as error:
            raise failed("read", self._path, error) from error

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._fd)


class _ReadFile:
    """The whole content at once, for systems where an open file cannot be renamed over."""

    def __init__(self, fd: int) -> None:
        with open(fd, "rb") as file:
            self._data = file.read()
            info = os.fstat(file.fileno())
        self.size, self.mtime = len(self._data), info.st_mtime_ns

    def read(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]


class _FileWriter:
    def __init__(self, path: str, fd: int) -> None:
        self._path, self._fd = path, fd

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise failed("write", self._path, error) from error

    def truncate(self, size: int) -> None:
        try:
            os.ftruncate(self._fd, size)
        except OSError as error:
            raise failed("cut", self._path, error) from error

    def touch(self, seconds: int) -> None:
        try:
            os.utime(self._fd if os.utime in os.supports_fd else self._path, (seconds, seconds))
        except OSError as error:
            raise failed("stamp", self._path, error) from error

    def sync(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise failed("save", self._path, error) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):  # by now it is saved, or that it is not has been said
            os.close(self._fd)


class FolderDisk:
    """The operations on a real folder; files are made 0600, the folder 0700."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        lock_timeout: float = 10.0,
        notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.folder = os.fspath(folder)
        self._timeout = lock_timeout
        self._notice = notice

    def open(self, name: str) -> Handle | None:
        path = os.path.join(self.folder, name)
        try:
            fd = os.open(path, os.O_RDONLY | _FLAGS | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise failed("read", path, error) from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            said = _("{path} is not a regular file").format(path=path)
            raise StorageFailed(said, _("move it out of the data folder"))
        return _ReadFile(fd) if sys.platform == "win32" else _OpenFile(path, fd)

    def create(self, name: str) -> Writer:
        path = os.path.join(self.folder, name)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return _FileWriter(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600))
        except OSError as error:
            raise failed("create", path, error) from error

    def append(self, name: str) -> Writer:
        path = os.path.join(self.folder, name)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _FLAGS, 0o600)
        except OSError as error:
            raise failed("write", path, error) from error
        return _FileWriter(path, fd)

    def rename(self, old: str, new: str) -> None:
        try:
            os.replace(os.path.join(self.folder, old), os.path.join(self.folder, new))
        except OSError as error:
            raise failed("replace", os.path.join(self.folder, new), error) from error

    def remove(self, name: str) -> None:
        path = os.path.join(self.folder, name)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        except OSError as error:
            raise failed("remove", path, error) from error

    def sync_folder(self) -> None:
        if sys.platform == "win32":
            return  # a folder cannot be opened there; its file system keeps renames in order
        here = os.path.realpath(self.folder)
        try:
            _sync_names(here)
            device = os.stat(here).st_dev
            while here != (here := os.path.dirname(here)) and os.stat(here).st_dev == device:
                with contextlib.suppress(PermissionError):
                    _sync_names(here)  # the folder may be new itself, and so may those it stands in
        except OSError as error:
            raise failed("save", self.folder, error) from error

    def touch(self, name: str, seconds: int) -> None:
        with contextlib.suppress(OSError):  # a stamp saves time, nothing depends on it
            os.utime(os.path.join(self.folder, name), (seconds, seconds))

    def names(self) -> list[str]:
        try:
            with _scanned(self.folder) as found:
                return sorted(entry.name for entry in found)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise failed("read", self.folder, error) from error

    @contextlib.contextmanager
    def lock(self, exclusive: bool, holder: str) -> Iterator[None]:
        while True:
            fd = self._lock_file(exclusive)
            if fd is None:
                yield  # a folder that is not there yet, or a read-only medium: nobody can be writing to it
                return
            try:
                with lock.held(fd, exclusive, holder, self.folder, self._timeout, self._notice):
                    if self._is_the_lock(fd):
                        yield
                        return
            finally:
                os.close(fd)

    def _is_the_lock(self, fd: int) -> bool:
        """Tell whether this is the folder's lock still: `data restore` puts another folder in its place."""
        if sys.platform == "win32":
            return True  # a folder with an open file in it cannot be renamed there
        try:
            there = os.stat(os.path.join(self.folder, LOCK), follow_symlinks=False)
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(fd))

    def _lock_file(self, exclusive: bool) -> int | None:
        """Open the lock file; a reader makes it in a data folder only, and does without where it cannot."""
        path = os.path.join(self.folder, LOCK)
        try:
            if exclusive:
                make_folder(self.folder)
            making = os.O_CREAT if exclusive or self._is_ours() else 0
            return os.open(path, os.O_RDWR | making | _FLAGS, 0o600)
        except OSError as error:
            if exclusive or error.errno not in _LOCKLESS:
                raise failed("lock", path, error) from error
        try:
            return os.open(path, os.O_RDONLY | _FLAGS)
        except OSError as error:
            if error.errno not in _LOCKLESS:
                raise failed("lock", path, error) from error
            return None

    def _is_ours(self) -> bool:
        return any(os.path.lexists(os.path.join(self.folder, name)) for name in _OURS)


def _scanned(folder: str) -> os._ScandirIterator[str]:
    """Open a folder, again where a signal came in between: that alone Python does not do by itself."""
    while True:
        with contextlib.suppress(InterruptedError):
            return os.scandir(folder)


def make_folder(folder: str) -> None:
    """Make a folder that only its owner can look into, and those above it that are missing."""
    if folder and not os.path.isdir(folder):
        make_folder(os.path.dirname(folder))
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)


def _sync_names(folder: str) -> None:
    fd = os.open(folder, os.O_RDONLY | _FLAGS)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):  # a file system that has no such thing
            raise
    finally:
        os.close(fd)


def failed(verb: str, path: str, error: OSError) -> StorageFailed:
    """Say what could not be done to which file, and what would help."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = _("make room on that medium, then run the command again")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = _("check the owner and mode of the data folder, or give another with --data")
    elif error.errno == errno.ELOOP:
        hint = _("a symbolic link stands where a data file belongs; remove it")
    else:
        hint = _("check the medium; `cskit data verify` tells whether the records are whole")
    return StorageFailed(_(_CANNOT[verb]).format(path=path, why=reason(error)), hint)
