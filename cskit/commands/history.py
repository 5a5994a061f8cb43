"""`cskit log` and `cskit undo`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import click

from cskit import history, output, views
from cskit.app import App, pass_app
from cskit.output import Column
from cskit.store.protocol import Entry

_ENTRY = [
    Column("entry", "Entry", "right", "integer"),
    Column("time", "Time", kind="time"),
    Column("user", "User"),
    Column("command", "Command"),
]
_LOG = [*_ENTRY, Column("changes", "Changes"), Column("reason", "Reason")]
_STEPS = [
    *_ENTRY,
    Column("field", "Field"),
    Column("before", "Before"),
    Column("after", "After"),
    Column("reason", "Reason"),
]


@click.command()
@click.argument("record", required=False, metavar="[ID]")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many entries."
)
@pass_app
def log(app: App, record: str | None, limit: int) -> None:
    """Show what was changed, newest first.

    With the ID of a record, show what happened to it, field by field.

    \b
    Example:
      cskit log --limit 5
    """
    if record is None:
        views.rows(app, (_line(entry) for entry in itertools.islice(app.store.history(), limit)), _LOG)
    else:
        views.rows(app, _steps(itertools.islice(history.of_record(app, record), limit)), _STEPS)


def _line(entry: Entry) -> dict[str, Any]:
    origin = entry.origin
    command = f"{origin.command} {origin.undoes}" if origin.undoes is not None else origin.command
    changes = ", ".join(f"{count} {table}" for table, count in entry.counts.items())
    line = {
        "entry": entry.sequence,
        "time": origin.time,
        "user": origin.staff or origin.user,
        "command": command,
    }
    return {**line, "changes": changes, "reason": origin.reason}


def _steps(found: Iterator[history.Step]) -> Iterator[dict[str, Any]]:
    for step in found:
        line = {**_line(step.entry), "table": step.table}
        for field, (before, after) in step.fields.items():
            yield {**line, "field": field, "before": before, "after": after}


@click.command()
@click.argument("entry", required=False, type=click.IntRange(min=1), metavar="[ENTRY]")
@click.option("--reason", metavar="TEXT", help="Why, for the history.")
@pass_app
def undo(app: App, entry: int | None, reason: str | None) -> None:
    """Take back your latest change, or the entry named.

    Undoing an undo does it again. Nothing is taken back that later changes stand on.

    \b
    Example:
      cskit undo --yes
    """
    sequence = entry if entry is not None else history.latest(app)
    found, changes = app.store.changes_of(sequence)
    told = f"entry {sequence}, `{found.origin.command}` of {output.text(found.origin.time, app.zone)}"
    app.confirm(f"undo {told} ({len(changes)} records)")
    _, saved = history.undo(app, sequence, reason)
    app.echo(f"undid {told}; saved as {saved} (`cskit undo {saved}` does it again)")
