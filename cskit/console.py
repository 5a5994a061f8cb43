"""Speaking to the user, on stderr: stdout is for results. Must not import a plugin or a store."""

from __future__ import annotations

import contextlib
import sys

import click

from cskit.errors import Refused, Usage


def say(text: str) -> None:
    """Write a line to stderr, harmless for a terminal; a stderr that is gone stops nothing."""
    with contextlib.suppress(OSError):
        click.echo(_cleaned(text), err=True)


def confirm(doing: str) -> None:
    """Ask before `doing` something ("remove 3 customers").

    Raises `Refused` when the answer is no and `Usage` when there is no terminal to ask at.
    """
    if not at_terminal():
        raise Usage(f"to {doing} needs a yes, and there is nobody to ask", "say --yes if you mean it")
    # Not click.confirm: it writes part of its question to stdout.
    click.echo(_cleaned(f"{doing[:1].upper()}{doing[1:]}? [y/N] "), err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused(f"not confirmed: {doing}", "nothing was changed")


def at_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _cleaned(text: str) -> str:
    from cskit.values import clean

    return clean(text)
