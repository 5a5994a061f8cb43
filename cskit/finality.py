"""Entries that nothing takes back: looks at personal data, erasures, what they erased, and compacted history.

Must not import click.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit.errors import Conflict
from cskit.i18n import _, mark
from cskit.nouns import shortened
from cskit.register import id_of
from cskit.store.protocol import Change, Document, Entry

if TYPE_CHECKING:
    from cskit.app import App

_LOOK = mark("cannot undo {entry}: it changed nothing, it notes that personal data was shown")
_ERASURE = mark("cannot undo {entry}: it erased personal data, for good")
_MIGRATION = mark("cannot undo {entry}: it brought records to a form that is needed now")
_CHECKPOINT = mark("cannot undo {entry}: it compacted the history, and what it left out is gone")


def refuse_final(app: App, entry: Entry, changes: Sequence[Change]) -> None:
    """Raise `Conflict` where undoing an entry is impossible, or would bring back what was erased."""
    sequence = entry.sequence
    if entry.archived:
        raise _compacted(app, sequence)
    if entry.checkpoint or entry.origin.revealed or entry.origin.erases:
        said = _CHECKPOINT if entry.checkpoint else _ERASURE if entry.origin.erases else _LOOK
        raise Conflict(_(said).format(entry=sequence), _another())
    if entry.origin.migrates:
        raise Conflict(_(_MIGRATION).format(entry=sequence), _another())
    for later in app.store.history():
        if later.sequence <= sequence:
            return
        if later.origin.erases:
            _refuse_bringing_back(app, sequence, changes, later.sequence)


def _another() -> str:
    return _("`cskit undo ENTRY` takes back another entry that `cskit log` lists")


def _compacted(app: App, sequence: int) -> Conflict:
    found = next(entry for entry in app.store.history() if entry.checkpoint)
    horizon = found.checkpoint.sequence if found.checkpoint else 0
    said = _("cannot undo {entry}: entry {by} compacted the history, which holds no values up to {horizon}")
    return Conflict(said.format(entry=sequence, by=found.sequence, horizon=horizon), _another())


def _refuse_bringing_back(app: App, sequence: int, changes: Sequence[Change], erasure: int) -> None:
    _entry, erased = app.store.changes_of(erasure)
    gone = {(change.table, change.number) for change in erased}
    named = [_name(change) for change in changes if (change.table, change.number) in gone]
    if named:
        said = _("cannot undo {entry}: it would bring back what entry {by} erased of {records}")
        raise Conflict(
            said.format(entry=sequence, by=erasure, records=shortened(sorted(named), 5)),
            _("what is still to be changed is changed with `set`"),
        )


def _name(change: Change) -> str:
    return id_of(Document(change.number, change.after or change.before or b"{}"))
