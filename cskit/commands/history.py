"""`cskit log` and `cskit undo`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
import msgspec

from cskit import history, masking
from cskit.app import App, pass_app
from cskit.display import output, views
from cskit.display.output import Column
from cskit.display.views import listing
from cskit.i18n import _, ngettext
from cskit.nouns import counted_all
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
    Column("revealed", "Revealed", kind="map"),
    Column("erases", "Erases", kind="map"),
    Column("foreign", "Changed elsewhere", kind="map"),
    Column("migrates", "Form before", kind="map"),
    Column("checkpoint", "Checkpoint", kind="map"),
)
_TOLD = ("--reveal", "--erase")
"""Options that a line of the log names, since they make another thing of a command."""
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
    if app.outer is not None:
        app.echo(_("the history as it was before this batch"))
    rows: Iterable[Mapping[str, Any]]
    seen: tuple[Column, ...]
    kept: tuple[Column, ...]
    if record is None:
        rows = (_line(app, entry) for entry in itertools.islice(app.store.history(), limit))
        seen, kept = (Column("changes", "Changes"),), (Column("counts", "Counts", kind="map"),)
    else:
        rows = masking.changes(app, _steps(app, itertools.islice(history.of_record(app, record), limit)))
        seen, kept = _FIELD, (*_RECORD, *_FIELD)
    if app.options.fields:
        columns = (*_KEPT, *_SEEN, *kept, *seen)
    else:
        columns = _SEEN + seen if views.form(app) in views.PEOPLE else _KEPT + kept
    each = {column.name: column for column in columns}
    listing(app, rows, (*each.values(), _REASON))


def _line(app: App, entry: Entry) -> dict[str, Any]:
    origin = entry.origin
    return {
        "entry": entry.sequence,
        "time": origin.time,
        "user": origin.user or None,
        "staff": origin.staff,
        "by": origin.staff or origin.user or None,
        "command": origin.command,
        "options": list(origin.options) or None,
        "undoes": origin.undoes,
        "now": origin.now,
        "did": _did(entry),
        "counts": entry.counts,
        "changes": _changes(app, entry),
        "revealed": msgspec.to_builtins(origin.revealed) or None,
        "erases": msgspec.to_builtins(origin.erases) or None,
        "foreign": msgspec.to_builtins(origin.foreign) or None,
        "migrates": msgspec.to_builtins(origin.migrates) or None,
        "checkpoint": msgspec.to_builtins(entry.checkpoint),
        "reason": origin.reason,
    }


def _did(entry: Entry) -> str:
    """Return the command of an entry as it would be typed, without its values."""
    told = [option for option in _TOLD if option in entry.origin.options]
    undoes = [] if entry.origin.undoes is None else [str(entry.origin.undoes)]
    command = entry.origin.command or _("external change")
    return " ".join([command, *undoes, *told])


def _changes(app: App, entry: Entry) -> str:
    """Return what an entry changed, or of whom it showed personal data."""
    types = app.plugins.record_types
    if entry.checkpoint is not None:
        count = entry.checkpoint.sequence
        return ngettext("{count} entry emptied", "{count} entries emptied", count).format(count=count)
    if entry.origin.revealed:
        looks = {table: look.count for table, look in entry.origin.revealed.items()}
        return _("{records} shown").format(records=counted_all(types, looks))
    counted = counted_all(types, entry.counts)
    if entry.origin.foreign:
        files = [
            _("{table}.json, changed {time}").format(table=table, time=output.text(when, app.zone))
            for table, when in sorted(entry.origin.foreign.items())
        ]
        return _("{records} ({files})").format(records=counted, files=_(", ").join(files))
    return counted


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
    found, _changes = history.to_undo(app, sequence)
    did, count = _did(found), counted_all(app.plugins.record_types, found.counts)
    doing = _("undo entry {entry}, `{command}` of {time}, {records}").format(
        entry=sequence, command=did, time=output.text(found.origin.time, app.zone), records=count
    )
    app.confirm(doing)
    _entry, saved = history.undo(app, sequence, reason)
    said = _("undid {entry}, `{command}`, {records}; saved as {saved} (`cskit undo {saved}` does it again)")
    app.echo(said.format(entry=sequence, command=did, records=count, saved=saved))
