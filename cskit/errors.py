"""The errors a user can meet, each with its exit code; `cskit.cli` turns them into one line on stderr."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import NamedTuple

from cskit.i18n import _, mark, ngettext


class Exit(enum.IntEnum):
    """What the exit code of a command means, as a message; the documentation's table is made from this."""

    DONE = 0, mark("done, and committed where something was to be saved")
    REFUSED = 1, mark("refused by a rule or by a plugin's veto")
    USAGE = 2, mark("wrong usage: arguments, --where, configuration, or a missing --yes")
    NOT_FOUND = 3, mark("a record, table or name does not exist")
    CONFLICT = 4, mark("in conflict: stale revision, undo refused, record referred to, or locked")
    BAD_DATA = 5, mark("bad data: rows or documents were refused, nothing was saved")
    PLUGIN = 6, mark("a plugin failed, nothing was saved")
    STORAGE = 7, mark("storage failed: full, read-only, corrupt or mixed up")
    OVERDUE = 8, mark("something is overdue (only where asked)")
    BUG = 70, mark("a bug in cskit; run again with --debug and report it")
    INTERRUPTED = 130, mark("interrupted by Ctrl-C")
    TERMINATED = 143, mark("terminated")

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class Terminated(BaseException):
    """The process was asked to end; not an `Exception`, so that nothing takes it for a failure."""


class CskitError(Exception):
    """A failure the user can act on: `message` says what and which value, `hint` what to do next.

    With `unsaved`, the message says besides that nothing was saved; `plain` is what it says without that, for
    who saves a part: a line of a batch.
    """

    exit = Exit.REFUSED

    def __init__(self, message: str, hint: str = "", *, unsaved: bool = False) -> None:
        super().__init__(message)
        self.plain = message
        self.unsaved = unsaved
        self.hint = hint

    @property
    def message(self) -> str:
        """What went wrong, in one line."""
        return _("{why}; nothing was saved").format(why=self.plain) if self.unsaved else self.plain

    @message.setter
    def message(self, text: str) -> None:
        self.plain, self.unsaved = text, False

    def __str__(self) -> str:
        return self.message


class Refused(CskitError):
    """A rule of the department, or a plugin's veto, says no."""


class Usage(CskitError):
    """The command was called in a way that cannot work."""

    exit = Exit.USAGE


class NotFound(CskitError):
    """Something named by the user does not exist."""

    exit = Exit.NOT_FOUND


class Conflict(CskitError):
    """The records have moved on, are referred to, or are locked by somebody else."""

    exit = Exit.CONFLICT


class Diverged(Conflict):
    """Documents were changed in two places; `both` holds for each its table, number, and two versions."""

    def __init__(self, message: str, hint: str, both: Sequence[Diverging]) -> None:
        super().__init__(message, hint)
        self.both = tuple(both)


class Diverging(NamedTuple):
    """A document that another program and the history both changed: its versions, None where removed."""

    table: str
    number: int
    theirs: bytes | None
    ours: bytes | None


class BadData(CskitError):
    """Values that do not fit; nothing was saved."""

    exit = Exit.BAD_DATA


class PluginFailed(CskitError):
    """A plugin's code failed where going on without it would give a wrong result."""

    exit = Exit.PLUGIN


class StorageFailed(CskitError):
    """The data could not be read or written."""

    exit = Exit.STORAGE


class Problem(NamedTuple):
    """One thing wrong with one cell: `line` counts from 1 in the file the user sees, 0 if there is none."""

    line: int
    column: str
    value: str
    message: str


class BadRows(BadData):
    """All that is wrong with the rows of one file, or the options of one command."""

    def __init__(self, problems: Sequence[Problem], source: str = "", hint: str = "") -> None:
        rows = len({problem.line for problem in problems})
        if source:
            said = ngettext("{count} bad row in {source}", "{count} bad rows in {source}", rows)
        else:
            said = ngettext("{count} bad row", "{count} bad rows", rows)
        super().__init__(said.format(count=rows, source=source), hint, unsaved=True)
        self.problems = tuple(problems)
