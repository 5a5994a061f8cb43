"""`cskit batch`: many command lines as one change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from cskit import batch as batches
from cskit import commandlines
from cskit.app import App, pass_app
from cskit.batch import Done, Outcome
from cskit.crud.choosing import REASON, saved
from cskit.display import preview, views
from cskit.display.output import Column
from cskit.errors import Exit, Usage
from cskit.i18n import _, ngettext
from cskit.intake import tabular
from cskit.intake.strict import Fault, loads
from cskit.terminal.echoes import Echoes

_LISTED = 100  # so many lines that failed are named; nobody reads more
_ROW = (
    Column("line", "Line", "right", "integer"),
    Column("cmd", "Command", kind="list"),
    Column("exit", "Exit code", "right", "integer"),
    Column("output", "Output"),
    Column("error", "Error"),
)


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option("--keep-going", is_flag=True, help="Save what can be done, though some lines fail.")
@REASON
@pass_app
@click.pass_context
def batch(ctx: click.Context, app: App, file: str, keep_going: bool, reason: str | None) -> None:
    """Run many commands as one change: all or nothing.

    Each line is a command as you would type it, or an object such as {"cmd": ["customer", "show", "C-1"]}.
    Later lines see what earlier ones did. If any line fails, nothing is saved; all that fail are listed.

    \b
    Example:
      cskit batch commands.txt --dry-run
    """
    from cskit.cli import attempt, root

    views.form(app)  # refused before anything is done
    if app.options.reveal:
        raise Usage(_("a batch shows no personal data"), _("run the command that is to show it on its own"))
    lines = list(commandlines.read(*tabular.read_source(file)))
    group = root()  # one for all lines, for it keeps the commands that it has found
    done = batches.run(
        app, lines, lambda words, own: attempt(words, own, group), keep_going=keep_going, reason=reason
    )
    echoes = Echoes(app, group)
    _write(app, done, keep_going, echoes)
    _list_failed(app, done.failed, echoes)
    _say_what_was_done(app, done, keep_going)
    ctx.exit(done.exit)


def _write(app: App, done: Done, keep_going: bool, echoes: Echoes) -> None:
    """Write what the lines wrote; of lines that are not saved only what was wrong is true."""
    true = keep_going or not done.failed
    if views.form(app) != "table":
        views.listing(app, _rows(done.outcomes, true, echoes), _ROW)
    elif true:
        with views.target(app) as out:
            out.writelines(outcome.output for outcome in done.outcomes)


def _rows(outcomes: Sequence[Outcome], true: bool, echoes: Echoes) -> Iterator[dict[str, Any]]:
    for outcome in outcomes:
        echo = echoes.of(outcome.line)
        row: dict[str, Any] = {
            "line": outcome.line.number,
            "cmd": echo.words,
            "exit": int(outcome.exit),
            "output": _read_back(outcome.output) if true else None,
            "error": echo.clean(outcome.error) or None,
        }
        yield row


def _read_back(text: str) -> Any:
    """Return what a line wrote as the value it stands for, or as it is where it is no JSON."""
    try:
        return loads(text) if text else None
    except Fault:
        return text


def _list_failed(app: App, failed: Sequence[Outcome], echoes: Echoes) -> None:
    """Say of each line that failed which it is, why, and once what to do about it."""
    hints = {""}
    for outcome in failed[:_LISTED]:
        echo = echoes.of(outcome.line)
        app.say(
            _("line {number}: {command}: {error}").format(
                number=outcome.line.number, command=echo.line(), error=echo.clean(outcome.error)
            )
        )
        if outcome.exit != Exit.USAGE:  # there it is the way to use the command
            for detail in outcome.details[:_LISTED]:
                app.say(f"  {echo.clean(detail)}")
        if outcome.hint not in hints:
            app.say(echo.clean(outcome.hint))
            hints.add(outcome.hint)
    more = len(failed) - _LISTED
    if more > 0:
        app.say(ngettext("and {count} more line", "and {count} more lines", more).format(count=more))


def _say_what_was_done(app: App, done: Done, keep_going: bool) -> None:
    count, failed = len(done.outcomes), len(done.failed)
    if failed:
        said = _said(app, done, keep_going)
        hint = "" if keep_going else _("--keep-going saves what the other lines do")
        app.fail(said.format(failed=failed, count=count, sequence=done.sequence), hint)
    elif not count:
        app.echo(_("there are no commands in it"))
    else:
        lines = ngettext("{count} line done", "{count} lines done", count).format(count=count)
        changed = preview.in_words(app, done.changes)
        text = _("{lines}: {changes}").format(lines=lines, changes=changed) if changed else lines
        saved(app, text, done.sequence)


def _said(app: App, done: Done, keep_going: bool) -> str:
    """Return how to say that lines failed, and what of the others is saved."""
    if app.options.dry_run:
        if keep_going:
            return _("{failed} of {count} lines would fail; the others would be saved")
        return _("{failed} of {count} lines would fail, so nothing would be saved")
    if done.sequence is None:
        return _("{failed} of {count} lines failed; nothing was saved")
    return _("saved as {sequence}, but {failed} of {count} lines failed")
