"""tabulate, imported so that a table costs little. Must not import click or a store."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


def _imported() -> Any:
    """Import tabulate, without importlib.metadata, which it asks for its own version and nothing else.

    With it, a table takes half as long again to be drawn: 20 ms of CPU of each command that shows one.
    """
    name = "importlib.metadata"
    if name in sys.modules or "tabulate" in sys.modules:
        import tabulate

        return tabulate
    instead = ModuleType(name)
    instead.version, instead.PackageNotFoundError = lambda _of: "", ImportError  # type: ignore[attr-defined]  # all it asks
    sys.modules[name] = instead
    try:
        import tabulate
    except ImportError:  # a version that asks for more
        del sys.modules[name]
        import tabulate
    if sys.modules.get(name) is instead:
        del sys.modules[name]
    return tabulate


tabulate = _imported()
