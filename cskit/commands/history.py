"""`cskit log` and `cskit undo`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import click

from cskit import history, output, views
from cskit.app import App, pass_app
from cskit.commands.columns import write
from cskit.output import Column
from cskit.store.protocol import Entry

# What people see, and what scripts get: who acted in one column or in two, counts in words or as numbers.
_ENTRY = Column("entry", "Entry", "right", "integer")
_TIME = Column("time", "Time", kind="time")
_REASON = Column("reason", "Reason")
_FIELD = (Column("field", "Field"), Column("before", "Before"), Column("after", "After"))
_SEEN = (_ENTRY, _TIME, Column("by", "By"), Column("did", "Command"))
_KEPT = (
    _ENTRY,
    _TIME,
    Column("user", "User"),
    Column("staff", "Staff"),
    Column("command", "Command"),
    Column("options", "Options", kind="list"),
    Column("undoes", "Undoes", "right", "integer"),
    Column("now", "Now", kind="time"),
)
_RECORD = (Column("table", "Table"), Column("id", "ID"))


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
    rows: Iterator[dict[str, Any]]
    seen: tuple[Column, ...]
    kept: tuple[Column, ...]
    if record is None:
        rows = (_line(app, entry) for entry in itertools.islice(app.store.history(), limit))
        seen, kept = (Column("changes", "Changes"),), (Column("counts", "Counts", kind="map"),)
    else:
        rows = _steps(app, itertools.islice(history.of_record(app, record), limit))
        seen, kept = _FIELD, (*_RECORD, *_FIELD)
    if app.options.fields:
        columns = dict.fromkeys((*_KEPT, *_SEEN, *kept, *seen))
    else:
        columns = dict.fromkeys(_SEEN + seen if views.form(app) == "table" else _KEPT + kept)
    write(app, rows, (*columns, _REASON))


def _line(app: App, entry: Entry) -> dict[str, Any]:
    origin = entry.origin
    return {
        "entry": entry.sequence,
        "time": origin.time,
        "user": origin.user,
        "staff": origin.staff,
        "by": origin.staff or origin.user,
        "command": origin.command,
        "options": list(origin.options) or None,
        "undoes": origin.undoes,
        "now": origin.now,
        "did": _did(entry),
        "counts": entry.counts,
        "changes": history.in_words(app, entry.counts),
        "reason": origin.reason,
    }


def _did(entry: Entry) -> str:
    """Return the command of an entry as it would be typed, without its values."""
    undoes = entry.origin.undoes
    return entry.origin.command if undoes is None else f"{entry.origin.command} {undoes}"


def _steps(app: App, found: Iterator[history.Step]) -> Iterator[dict[str, Any]]:
    for step in found:
        line = {**_line(app, step.entry), "table": step.table, "id": step.id}
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
    found, _ = app.store.changes_of(sequence)
    did, count = _did(found), history.in_words(app, found.counts)
    app.confirm(f"undo entry {sequence}, `{did}` of {output.text(found.origin.time, app.zone)}, {count}")
    _, saved = history.undo(app, sequence, reason)
    app.echo(f"undid {sequence}, `{did}`, {count}; saved as {saved} (`cskit undo {saved}` does it again)")
