"""The file of --out: it takes its place only once it is whole. Must not import click."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cskit.errors import NotFound, StorageFailed, Usage
from cskit.i18n import _, reason

if TYPE_CHECKING:
    from cskit.app import App

_MARKED = ("csv", "tsv")
_HELD = re.compile(r"[^/]+\.json|history\.jsonl|cskit\.toml|lock|rules/.+")
"""What is in a data folder, from there: tables, history, settings, the lock, and rules."""


@contextmanager
def replacing(name: str, format: str, encoding: str | None = None) -> Iterator[TextIO]:
    """Yield a file that becomes `name` when the block ends well; a device or pipe is written to directly.

    Without an `encoding` it is UTF-8, with the mark that Excel needs for Chinese where it may open the file.
    """
    path = Path(os.path.realpath(name))  # what a link points to is replaced, not the link
    mode = _mode(path, name, "--out")
    try:
        if mode is not None and not stat.S_ISREG(mode):
            # Nothing may take a device's place
            with open(name, "w", encoding=encoding or "utf-8", newline="") as out:
                yield out
            return
        written = encoding or ("utf-8-sig" if format in _MARKED else "utf-8")
        with _part(path, written, 0o600 if mode is None or not _trusted(path) else stat.S_IMODE(mode)) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        said = _("cannot write {file}: {reason}").format(file=name, reason=reason(error))
        raise StorageFailed(said, _("give another file")) from error


def check(name: str, option: str = "--out") -> int | None:
    """Return the mode of what a file's name stands for now, None where there is nothing yet.

    Raises `Usage` for a folder and `NotFound` where the file's folder is none.
    """
    return _mode(Path(os.path.realpath(name)), name, option)


def refuse_held(name: str, app: App, option: str = "--out") -> None:
    """Raise `Usage` for a name that is one of the data folder's own: what it held would be lost."""
    try:
        folder = app.folder
    except Usage:  # there is none, which a command that needs one says
        return
    path, home = Path(os.path.realpath(name)), Path(os.path.realpath(folder))
    # Some systems take Customers.json for customers.json
    if path.is_relative_to(home) and _HELD.fullmatch(path.relative_to(home).as_posix().lower()):
        said = _("{option}: {file} is a file of the data folder's own").format(option=option, file=name)
        raise Usage(said, _("name a file outside of {folder}").format(folder=folder))


def _mode(path: Path, name: str, option: str) -> int | None:
    if os.path.islink(name) and not _trusted(name):
        said = _("{option}: {file} is a link that another user made").format(option=option, file=name)
        raise Usage(said, _("name a file in a folder of your own"))
    if path.is_dir():
        said = _("{option}: {file} is a folder").format(option=option, file=name)
        raise Usage(said, _("name a file in it"))
    if not path.parent.is_dir():
        said = _("{option}: there is no folder {folder}").format(option=option, folder=path.parent)
        raise NotFound(said, _("make it, or give another file"))
    return path.stat().st_mode if path.exists() else None


def _trusted(name: str | Path) -> bool:
    """Tell whether what has a name, a link itself, was put there by the user or the system.

    In a folder that many write to, a link may lead to a file that its maker could not write, and a file may
    stand ready that all can read.
    """
    return not hasattr(os, "getuid") or os.lstat(name).st_uid in (0, os.getuid())


@contextmanager
def _part(path: Path, encoding: str, mode: int) -> Iterator[TextIO]:
    """Yield a file beside `path` that takes its name once it is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(fd, "w", encoding=encoding, newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.chmod(part, mode)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
