"""The installed `cskit`, run in processes of its own as a shell or cron runs it."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

CSKIT = str(Path(sysconfig.get_path("scripts")) / "cskit")
_OURS = ("CSKIT_", "PYTHON", "LC_", "LANG", "XDG_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PAGER", "COVERAGE")
LIMIT = 120
"""Seconds after which a command counts as hanging."""


class Outcome(NamedTuple):
    """How a process ended: its exit code (negative: the signal that killed it), and what it wrote."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def traced(self) -> bool:
        """Whether Python's innards were shown to the user."""
        return "Traceback (most recent call last)" in self.err or "this is a bug" in self.err

    def told(self) -> str:
        """Return exit code and stderr on one line."""
        return f"exit {self.code}: {' / '.join(self.err.splitlines())[:300]}"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the tester's environment without what is the tester's own taste."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    ours = {
        "CSKIT_DATA": str(folder),
        "CSKIT_PLUGINS": "customers",
        "XDG_CONFIG_HOME": os.devnull,
        "LANGUAGE": "en",
        "LANG": "C.UTF-8",
    }
    return kept | ours | more


def start(
    folder: Path,
    *words: str,
    before: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    **settings: Any,
) -> subprocess.Popen[bytes]:
    """Start a command line; `before` is what stands before `cskit`, such as strace."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
    return subprocess.Popen([*before, CSKIT, *words], env=environment(folder, **(env or {})), **pipes)


def ended(process: subprocess.Popen[bytes], began: float | None = None) -> Outcome:
    """Return how a process ends; raises `TimeoutExpired` where it hangs."""
    since = time.monotonic() if began is None else began
    try:
        out, err = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    taken = time.monotonic() - since
    return Outcome(process.returncode, _text(out), _text(err), taken)


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def run(folder: Path, *words: str, piped: bytes | None = None, **settings: Any) -> Outcome:
    """Run a command line to its end; `piped` is what it reads on stdin."""
    began = time.monotonic()
    if piped is None:
        return ended(start(folder, *words, **settings), began)
    with start(folder, *words, stdin=subprocess.PIPE, **settings) as process:
        out, err = process.communicate(piped, timeout=LIMIT)
    return Outcome(process.returncode, _text(out), _text(err), time.monotonic() - began)
