"""Speaking to the user, on stderr: stdout is for results. Must not import a plugin or a store."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping

import click

from cskit.errors import Refused, Usage
from cskit.i18n import _

_YES = ("y", "yes", "是", "好")


def say(text: str, *, plain: bool = False) -> None:
    """Write a line to stderr, harmless for a terminal; a stderr that is gone stops nothing.

    What went wrong stands behind the program's name, which is red on a terminal unless it is to be `plain`.
    """
    said = _cleaned(text)
    if said.startswith(_NAME):
        said = click.style(_NAME, fg="red", bold=True) + said[len(_NAME) :]
    with contextlib.suppress(OSError):
        click.echo(said, err=True, color=False if plain else colours(os.environ))


_NAME = "cskit:"


def colours(environ: Mapping[str, str]) -> bool | None:
    """Return whether to write colours by the usual variables, None where that is up to the terminal."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    forced = (environ.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    return True if any(forced) else None


def confirm(doing: str) -> None:
    """Ask before `doing` something ("remove 3 customers").

    Raises `Refused` when the answer is no and `Usage` when there is no terminal to ask at.
    """
    if not at_terminal():
        raise Usage(
            _("to {do} needs a yes, and there is nobody to ask").format(do=doing),
            _("say --yes if you mean it"),
        )
    # Not click.confirm: it writes part of its question to stdout.
    question = _("{Do}? [y/N] ").format(Do=f"{doing[:1].upper()}{doing[1:]}")
    click.echo(_cleaned(question), err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in _YES:
        raise Refused(_("not confirmed: {do}").format(do=doing), _("nothing was changed"))


def at_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _cleaned(text: str) -> str:
    from cskit.values import clean

    return clean(text)
