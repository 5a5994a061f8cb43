"""`python -m cskit`, for where the command itself is not on the path."""

import contextlib
import os
import sys


def start() -> None:
    """Run the command line without the working folder on `sys.path`, where Python puts it for -m.

    Anybody may have left a json.py there, or a plugin.
    """
    with contextlib.suppress(OSError):  # a working folder that was deleted
        if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:
            del sys.path[0]
    from cskit.launch import main

    main()


start()
