"""The file of --out: it takes its place only once it is whole. Must not import click."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from cskit.errors import NotFound, StorageFailed, Usage


@contextmanager
def replacing(name: str, format: str) -> Iterator[TextIO]:
    """Yield a file that becomes `name` when the block ends well; a device or pipe is written to directly."""
    path = Path(os.path.realpath(name))  # what a link points to is replaced, not the link
    mode = _mode(path, name)
    try:
        if mode is not None and not stat.S_ISREG(mode):
            with open(name, "w", encoding="utf-8", newline="") as out:  # nothing may take a device's place
                yield out
            return
        encoding = "utf-8-sig" if format == "csv" else "utf-8"  # Excel needs the mark for Chinese
        with _part(path, encoding, 0o600 if mode is None else stat.S_IMODE(mode)) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"cannot write {name}: {error.strerror}"
        raise StorageFailed(said, "give another file with --out") from error


def _mode(path: Path, name: str) -> int | None:
    """Return the mode of what `path` is now, None where there is nothing yet."""
    if path.is_dir():
        raise Usage(f"--out: {name} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise NotFound(f"--out: there is no folder {path.parent}", "make it, or give another file")
    return path.stat().st_mode if path.exists() else None


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
