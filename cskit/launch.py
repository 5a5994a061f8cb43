"""The first step of the installed command: Ctrl-C while Python still imports ends it without a traceback.

Must not import click, nor anything of ours before that is settled.
"""

from __future__ import annotations

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and exit; `cskit.cli.main` answers Ctrl-C from then on."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored, as by nohup
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cskit.cli import main as run

    run()
