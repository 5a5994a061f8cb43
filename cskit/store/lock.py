"""The lock on a data folder: many readers or one writer, who leaves word for those that wait."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator

import msgspec

from cskit.errors import Conflict
from cskit.i18n import _

_PLACE = 1 << 30  # the byte that Windows locks, far behind the writer's name, which must stay readable


class _Holder(msgspec.Struct):
    pid: int
    command: str


@contextlib.contextmanager
def held(
    fd: int, exclusive: bool, holder: str, folder: str, timeout: float, notice: Callable[[str], None]
) -> Iterator[None]:
    """Hold the lock of an open lock file; raises `Conflict`, naming who holds it, after `timeout` seconds."""
    _wait(fd, exclusive, folder, timeout, notice)
    if exclusive:
        _sign(fd, _Holder(os.getpid(), holder))
    try:
        yield
    finally:
        if exclusive:
            _sign(fd, None)


def _wait(fd: int, exclusive: bool, folder: str, timeout: float, notice: Callable[[str], None]) -> None:
    start, pause, said = time.monotonic(), 0.001, False
    while not _try(fd, exclusive):
        waited = time.monotonic() - start
        if waited >= timeout:
            raise Conflict(
                _("the records in {folder} are in use by {holder}; gave up after {seconds} s").format(
                    folder=folder, holder=_named(fd), seconds=round(waited)
                ),
                _("wait for it, or give --lock-timeout SECONDS"),
            )
        if waited >= 1 and not said:
            said = True
            notice(_("waiting for {holder} …").format(holder=_named(fd)))
        time.sleep(min(pause, max(0.0, timeout - waited)))
        pause = min(pause * 2, 0.05)


def _try(fd: int, exclusive: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(fd, _PLACE, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # flock: 0.3 ms to import against 28 for filelock

    try:
        fcntl.flock(fd, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def _sign(fd: int, holder: _Holder | None) -> None:
    """Leave word of who holds the lock, for those who wait; failing to is no reason to stop."""
    with contextlib.suppress(OSError):
        os.ftruncate(fd, 0)
        os.lseek(fd, 0, os.SEEK_SET)
        if holder is not None:
            os.write(fd, msgspec.json.encode(holder))


def _named(fd: int) -> str:
    try:
        os.lseek(fd, 0, os.SEEK_SET)
        holder = msgspec.json.decode(os.read(fd, 4096), type=_Holder)
    except (OSError, msgspec.MsgspecError):
        return _("a reader")  # only writers leave their name
    try:
        os.kill(holder.pid, 0)
    except PermissionError:
        pass  # somebody else's process, and alive
    except OSError:
        return _("a reader")  # a dead writer's name is not believed
    return _("process {number} ({command})").format(number=holder.pid, command=holder.command)
