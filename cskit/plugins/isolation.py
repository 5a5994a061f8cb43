"""Running code that is not ours so that its failure, its exit and its prints stay where they belong.

Must not import click or a store.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from cskit.errors import Terminated

FAILURES = (Exception, SystemExit)
"""What a plugin's code may raise; not Ctrl-C and not termination, which are the user's."""


def told(error: BaseException) -> str:
    """Return an exception as one line: its class and what it says."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send what a plugin prints to stderr: stdout is for the command's result.

    What it raises that is no `Exception`, such as asyncio's CancelledError, becomes one.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except (*FAILURES, KeyboardInterrupt, GeneratorExit, Terminated):
        raise
    except BaseException as error:
        raise RuntimeError(told(error)) from error


def load_target(target: str) -> Any:
    """Import what "package.module:attribute", or "package.module", names."""
    import importlib

    module, _colon, path = target.partition(":")
    with quiet():
        found: Any = importlib.import_module(module)
        for name in filter(None, path.split(".")):
            found = getattr(found, name)
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the one of `known` that a misspelt `name` was most likely meant to be, or nothing."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(known), 1)), "")
