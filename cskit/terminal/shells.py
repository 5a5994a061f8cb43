"""The scripts with which shells complete `cskit` command lines, and the answers to what they ask.

Must not import a plugin or a store.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import click
from click import shell_completion
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from cskit.terminal.completion import OPEN

if TYPE_CHECKING:
    from cskit.app import App

VARIABLE = "_CSKIT_COMPLETE"
PROGRAM = "cskit"
_PATIENCE = 0.3  # seconds to wait for a writer: better no completion than a shell that hangs
_END = "\ue000"  # a private character that stands at the cursor

_BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            open) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a plain open response
    local type key about
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    for type key about in ${response}; do
        [[ $about == _ ]] || key="$key:$about"
        case $type in
            plain) plain+=("$key") ;;
            open) open+=("$key") ;;
            dir) _path_files -/ ;;
            file) _path_files -f ;;
        esac
    done
    (( $#plain )) && _describe -V unsorted plain -U
    (( $#open )) && _describe -V unsorted open -U -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \\
        COMP_CWORD=(commandline -t) %(prog_name)s 2>/dev/null)
    for each in $response
        set -l parts (string split -m 1 "," -- $each)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Bash(ShellComplete):
    """bash, which splits words at = and : as well, and is given only what stands behind the last of them."""

    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Read the line up to the cursor as words; the last is the one being typed."""
        words = split_arg_string(os.environ.get("COMP_LINE", "") + _END)
        incomplete = words[-1].replace(_END, "")
        breaks = [place for place in map(incomplete.rfind, "=:") if place >= 0]
        broken = any(sign in os.environ.get("COMP_WORDBREAKS", "=:") for sign in "=:")
        self._done = incomplete[: max(breaks) + 1] if breaks and broken else ""
        return words[1:-1], incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a line: the type, a comma, and what is to be put in the place of the word."""
        return f"{item.type},{_escaped(item.value.removeprefix(self._done))}"


def _escaped(value: str) -> str:
    return re.sub(r"([^\w@%+=:,./~-])", r"\\\1", value)


class Zsh(shell_completion.ZshComplete):
    """zsh; a colon in a value is escaped, since one stands before the description."""

    source_template: ClassVar[str] = _ZSH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return three lines: type, value, description."""
        about = " ".join((item.help or "_").split())
        return f"{item.type}\n{item.value.replace(':', chr(92) + ':')}\n{about}"


class Fish(shell_completion.FishComplete):
    """fish, which itself sees that no space belongs behind = and the like."""

    source_template: ClassVar[str] = _FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a line: the type, a comma, the value, and a tab before the description."""
        return super().format_completion(_closed(item))


class PowerShell(shell_completion.PowerShellComplete):
    """PowerShell, for which click has the script."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return three lines: type, value, description."""
        return super().format_completion(_closed(item))


def _closed(item: CompletionItem[str]) -> CompletionItem[str]:
    return CompletionItem(item.value, type="plain" if item.type == OPEN else item.type, help=item.help)


SHELLS: Mapping[str, type[ShellComplete]] = {
    "bash": Bash,
    "zsh": Zsh,
    "fish": Fish,
    "powershell": PowerShell,
}


def script(shell: str, root: click.Command) -> str:
    """Return the script that a shell reads once, at its start."""
    return SHELLS[shell](root, {}, PROGRAM, VARIABLE).source()


def answer(root: click.Command, app: App, asked: str) -> None:
    """Write what can be typed next to stdout; `asked` is such as bash_complete.

    Says nothing else, whatever is wrong: a message would stand in the middle of what the user types.
    """
    shell = SHELLS.get(asked.removesuffix("_complete"))
    app.options.lock_timeout = _PATIENCE
    said = ""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
        with contextlib.suppress(Exception, SystemExit):
            if shell is not None:
                said = shell(root, {"obj": app}, PROGRAM, VARIABLE).complete()
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{said}\n" if said else "")
        sys.stdout.flush()
