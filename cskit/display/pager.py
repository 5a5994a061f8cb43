"""What is longer than the screen goes through a pager. Light: a pager is started only when it is needed.

Must not import click, a plugin or a store.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from cskit.display.console import say
from cskit.i18n import _, reason

if TYPE_CHECKING:
    from cskit.app import App

NONE = "cat"
"""The pager that is none: what is long scrolls by."""
_LESS = "less -FRX"  # ends at once where all fits, keeps colours, leaves what was read on the screen


class Screen(io.StringIO):
    """What is written for the terminal, kept until it is known how long it is."""

    def isatty(self) -> bool:
        """Tell who writes that it is a terminal's."""
        return True


def wanted(app: App) -> bool:
    """Tell whether output may go through a pager: on a terminal that can do more than print."""
    return (
        not app.options.no_pager
        and sys.stdout.isatty()
        and os.environ.get("TERM", "dumb") != "dumb"
        and _command(app) != NONE
    )


def _command(app: App) -> str:
    """Return the pager's command line: CSKIT_PAGER, else the user's own setting, else PAGER, else less."""
    return app.settings.pager or usual(os.environ)[0]


def usual(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the pager where cskit's settings name none, and the variable that names it."""
    if environ.get("PAGER"):
        return environ["PAGER"], "PAGER"
    import shutil

    return (_LESS if shutil.which("less") else NONE), ""


@contextlib.contextmanager
def screen(app: App, *, paged: bool = True) -> Iterator[TextIO]:
    """Yield standard output, or what is shown through the pager once the block has ended well."""
    if not (paged and wanted(app)):
        yield sys.stdout
        return
    held = Screen()
    yield held
    show(app, held.getvalue())


def show(app: App, text: str) -> None:
    """Write text to the terminal, through the pager where it is longer than the screen.

    Who leaves the pager has seen enough: that is no failure.
    """
    if text.count("\n") < _height() or not _paged(_command(app), text):
        sys.stdout.write(text)


def _height() -> int:
    given = os.environ.get("LINES", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def _paged(command: str, text: str) -> bool:
    """Run the pager; return whether it could be started."""
    import shlex
    import signal
    import subprocess

    environ = {"LESSCHARSET": "utf-8", **os.environ}  # or less shows Chinese as bytes where LANG is C
    sys.stdout.flush()
    try:
        # The user's own choice of program, as in every other tool; no shell, so nothing else is run.
        process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, env=environ)  # noqa: S603
    except (OSError, ValueError, IndexError) as error:
        said = reason(error) if isinstance(error, OSError) else str(error)
        say(
            _("cskit: the pager '{command}' cannot be started: {reason}").format(command=command, reason=said)
        )
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's while it runs
    try:
        with contextlib.suppress(BrokenPipeError):
            process.communicate(text.encode("utf-8", "backslashreplace"))
        process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return True
