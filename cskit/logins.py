"""Who runs this process, by its login."""

from __future__ import annotations

import os


def name() -> str:
    """Return the login of who runs this, by the system and not by the environment where the system knows."""
    if os.name == "posix":
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a container's user without an entry
            return os.environ.get("USER") or f"uid-{os.getuid()}"
    return os.environ.get("USERNAME") or "unknown"
