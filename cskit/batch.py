"""Many command lines as one transaction: each is a part of it that fails alone or not at all.

Must not import click: who calls `run` says how one command line is carried out.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import register
from cskit.app import App
from cskit.commandlines import Line
from cskit.display import views
from cskit.errors import CskitError, Exit, Usage
from cskit.i18n import _
from cskit.terminal.options import Options

if TYPE_CHECKING:
    import datetime as dt

    from cskit.plugins.contributions import Leaf
    from cskit.store.protocol import Change, Transaction

Attempt = Callable[[Sequence[str], App], int]
"""Carries out the words of a command line with an App, and returns the exit code."""
_ALONE = ("batch", "completion", "config", "data", "demo", "plugins", "undo")
_FIXED = frozenset(
    ("data", "user", "plugin", "lang", "lock_timeout", "dry_run", "as_of", "out", "reveal", "debug")
)
_SHARED = ("data", "user", "lang", "dry_run", "debug", "now", "yes", "quiet", "no_color")
"""Options of the batch that hold for each line, whether a line may have its own or not."""


class Outcome(NamedTuple):
    """What became of one line: its exit code, what it wrote, and why it failed."""

    line: Line
    exit: int
    output: str = ""
    error: str = ""
    hint: str = ""
    details: tuple[str, ...] = ()


class Done(NamedTuple):
    """What became of a batch: `sequence` is the entry of the history, None where nothing was saved."""

    outcomes: list[Outcome]
    changes: list[Change]
    sequence: int | None

    @property
    def failed(self) -> list[Outcome]:
        """The lines that failed."""
        return [outcome for outcome in self.outcomes if outcome.exit]

    @property
    def exit(self) -> int:
        """The exit code that all lines that failed have in common, else 1."""
        codes = {outcome.exit for outcome in self.failed}
        return codes.pop() if len(codes) == 1 else Exit.REFUSED if codes else Exit.DONE


def run(
    app: App, lines: Iterable[Line], attempt: Attempt, *, keep_going: bool = False, reason: str | None = None
) -> Done:
    """Carry out command lines in one transaction, each seeing what those before it did.

    Where any fails, all others are still tried and nothing is saved; to `keep_going` is to save what did not
    fail, with plugins asked line by line. The reason for the history is `reason`, else those of the lines.
    """
    outcomes: list[Outcome] = []
    reasons: dict[str, None] = {}
    app.checks = False
    with contextlib.suppress(_NothingSaved), app.transaction(reason=reason) as tx:
        for line in lines:
            outcomes.append(_one(app, tx, line, attempt, reasons, keep_going))
        failed = any(outcome.exit for outcome in outcomes)
        if failed and not keep_going and not app.options.dry_run:
            raise _NothingSaved
        if reason is None and reasons:
            tx.origin = msgspec.structs.replace(tx.origin, reason="; ".join(reasons))
        app.checks = not keep_going and not failed
    return Done(outcomes, tx.changes if tx.sequence is not None else [], tx.sequence)


class _NothingSaved(Exception):
    """Leaves a transaction in which a line failed."""


class _LineFailed(Exception):
    """Leaves the part of a transaction that belongs to a line that failed."""


def _one(
    app: App, tx: Transaction, line: Line, attempt: Attempt, reasons: dict[str, None], keep_going: bool
) -> Outcome:
    """Carry out one line; what it changed is taken back if it fails."""
    if line.fault:
        return Outcome(line, Exit.USAGE, error=line.fault, hint=line.hint)
    own = LineApp(app, tx, line, checks=keep_going)
    code, written = 0, io.BytesIO()
    with contextlib.suppress(_LineFailed), register.savepoint(tx), _streams(written):
        code = attempt(line.words, own) or own.refuse_binary(written.getvalue())
        if code:
            raise _LineFailed
    if code:
        return own.failed(code)
    reasons.update(dict.fromkeys(own.reasons))
    return Outcome(line, code, written.getvalue().decode())


@contextlib.contextmanager
def _streams(written: io.BytesIO) -> Iterator[None]:
    """Keep what a line writes until all is saved, and what the batch reads from being read by a line."""
    piped, out = (
        sys.stdin,
        io.TextIOWrapper(written, "utf-8", "backslashreplace", newline="", write_through=True),
    )
    sys.stdin = io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        with contextlib.redirect_stdout(out):
            yield
    finally:
        sys.stdin = piped
        out.detach()


class LineApp(App):
    """What one line of a batch works with: the batch's moment, transaction, clock and user."""

    def __init__(self, batch: App, tx: Transaction, line: Line, *, checks: bool) -> None:
        whole = batch.options
        super().__init__(
            Options(
                **{name: getattr(whole, name) for name in _SHARED},
                output="table" if views.form(batch) == "table" else "json",
                fixed=_FIXED,
            )
        )
        for name in ("plugins", "folder", "settings", "store", "user"):
            setattr(self, name, getattr(batch, name))
        self.outer, self.checks = tx, checks
        self.failure = self.hint = ""
        self.details: list[str] = []
        self.reasons: list[str] = []
        self._batch, self._line = batch, line

    @cached_property
    def now(self) -> dt.datetime:
        """The batch's present time, unless the line has a --now of its own."""
        same = self.options.now == self._batch.options.now
        return self._batch.now if same else super().now

    def admit(self, leaf: Leaf) -> None:
        """Refuse what is not a part of one transaction."""
        if leaf.path.partition(" ")[0] in _ALONE or leaf.outside:
            raise Usage(
                _("`cskit {command}` cannot be in a batch").format(command=leaf.path),
                _("run it on its own, before or after the batch"),
            )

    def admit_file(self, option: str) -> None:
        """Refuse an option that writes a file: nothing would take that back."""
        raise Usage(
            _("{option} writes a file, which no line of a batch does").format(option=option),
            _("run it on its own, before or after the batch"),
        )

    @contextlib.contextmanager
    def transaction(self, reason: str | None = None, *, undoes: int | None = None) -> Iterator[Transaction]:
        """Open a part of the batch's transaction."""
        with super().transaction(reason, undoes=undoes) as tx:
            yield tx
        if reason:
            self.reasons.append(reason)

    def confirm(self, doing: str) -> None:
        """Refuse what needs a yes that was not given: nobody is asked while the store is locked."""
        if not self.sure:
            raise Usage(
                _("to {doing} needs a yes, and a batch asks nobody").format(doing=doing),
                _("say --yes on this line, or for the whole batch"),
            )

    def finish(self) -> None:
        """Show nothing: a dry run shows what the whole batch would have changed."""

    # --- speaking to the user -----------------------------------------------------------------------------

    def echo(self, text: str) -> None:
        """Say something on stderr, with the number of the line."""
        if not (self.options.quiet or self._silent):
            self._batch.echo(self._numbered(text))

    def warn(self, text: str) -> None:
        """Say what is wrong on stderr, with the number of the line."""
        self._batch.warn(self._numbered(text))

    def said(self, error: CskitError) -> str:
        """Return what an error says; what of the batch is saved is said once, at its end."""
        return error.plain

    def fail(self, message: str, hint: str) -> None:
        """Keep why the line failed, for the list of those that did."""
        self.failure, self.hint = message, hint

    def say(self, text: str) -> None:
        """Keep what belongs to a failure."""
        self.details.append(text)

    def refuse_binary(self, written: bytes) -> int:
        """Refuse a result that is no text, such as a workbook, since a batch writes one text of all."""
        try:
            written.decode()
        except UnicodeDecodeError:
            self.fail(_("its result is no text"), _("run it on its own, with --out"))
            return Exit.USAGE
        return Exit.DONE

    def failed(self, code: int) -> Outcome:
        """Return what became of the line, which ended with this exit code."""
        error, hint = self.failure, self.hint
        if not error and code == Exit.USAGE:  # where only a person would be shown the help of a group
            error, hint = _("names no command"), _("`cskit --help` lists them")
        error = error or _("ended with exit code {code}").format(code=code)
        return Outcome(self._line, code, "", error, hint, tuple(self.details))

    def _numbered(self, text: str) -> str:
        return _("line {number}: {text}").format(number=self._line.number, text=text)
