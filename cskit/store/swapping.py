"""Two folders that take each other's name at one stroke, where the system can do that."""

from __future__ import annotations

import os
import sys

_HERE = -100  # AT_FDCWD: paths are as they are given
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux


def exchanged(one: str, other: str) -> bool:
    """Exchange two names; return False where that cannot be done here, and nothing was."""
    if sys.platform != "linux":
        return False
    import ctypes  # which only putting a backup back needs

    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
