"""What the history answers and takes back: log, the changes of one record, undo. Must not import click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import register
from cskit.errors import Conflict, NotFound
from cskit.store.protocol import Change, Document, Entry, Transaction

if TYPE_CHECKING:
    from cskit.app import App


class Step(NamedTuple):
    """One change of one record: the entry that made it, and the fields it touched (before, after)."""

    entry: Entry
    table: str
    id: str
    fields: dict[str, tuple[Any, Any]]


def of_record(app: App, name: str) -> Iterator[Step]:
    """Yield what happened to the record with this id, newest first; raises `NotFound` if nothing ever did."""
    found = False
    for entry, changes in app.store.changes_with(name):
        for change in changes:
            if name in ids_of(change):
                found = True
                yield Step(entry, change.table, name, compare(change))
    if not found:
        raise NotFound(f"the history knows no record {name}", "`cskit log` lists all that happened")


def ids_of(change: Change) -> set[str]:
    """Return the record's id before and after a change, which are the same but for foreign documents."""
    return {register.id_of(Document(0, raw)) for raw in (change.before, change.after) if raw is not None}


def compare(change: Change) -> dict[str, tuple[Any, Any]]:
    """Return the top-level fields in which a document differs before and after; None is absent."""
    before = msgspec.json.decode(change.before) if change.before else {}
    after = msgspec.json.decode(change.after) if change.after else {}
    names = dict.fromkeys([*before, *after])
    return {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}


# --- undo --------------------------------------------------------------------------------------------------


def latest(app: App) -> int:
    """Return the user's newest entry that is no undo and not undone; raises `NotFound` if there is none."""
    cancelled: set[int] = set()
    for entry in app.store.history():
        if entry.sequence in cancelled:
            continue
        if entry.origin.undoes is not None:
            cancelled.add(entry.origin.undoes)
        elif entry.origin.user == app.user:
            return int(entry.sequence)
    raise NotFound(f"{app.user} has nothing to undo", "`cskit undo SEQ` takes back somebody else's entry")


def undo(app: App, sequence: int, reason: str | None = None) -> tuple[Entry, int | None]:
    """Put every document of an entry back as it was before, as a new entry.

    Returns the entry taken back and the number of the new one. Raises `Conflict` naming the later entry
    where a document has changed since, or the records that would point to nothing.
    """
    entry, changes = app.store.changes_of(sequence)
    with app.transaction(reason=reason, undoes=sequence) as tx:
        moved = [change for change in changes if tx.get(change.table, change.number) != change.after]
        if moved:
            raise _moved(app, sequence, moved)
        for change in changes:
            _put_back(tx, change)
        _refuse_orphans(app, tx, sequence, changes)
    return entry, tx.sequence


def _put_back(tx: Transaction, change: Change) -> None:
    if change.before is None:
        tx.remove(change.table, change.number)
    elif change.after is not None:
        tx.replace(change.table, change.number, change.before)
    else:
        own = register.id_of(Document(change.number, change.before))
        if any(True for _ in tx.read(change.table, ids=[own])):
            raise Conflict(f"{own} exists again; putting the old one back would make it twice")
        tx.insert(change.table, change.before, change.number)


def _moved(app: App, sequence: int, moved: Sequence[Change]) -> Conflict:
    """Say which records have changed since, and in which entry first."""
    wanted = {(change.table, change.number) for change in moved}
    later = None
    for entry in app.store.history():
        if entry.sequence <= sequence:
            break
        touched = {(change.table, change.number) for change in app.store.changes_of(entry.sequence)[1]}
        if touched & wanted:
            later = entry.sequence
    ids = sorted({name for change in moved for name in ids_of(change)})
    shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
    since = f" (first in entry {later})" if later else ""
    return Conflict(
        f"cannot undo {sequence}: {shown} changed since{since}",
        f"undo {later} first" if later else "`cskit data verify` shows files that another program changed",
    )


def _refuse_orphans(app: App, tx: Transaction, sequence: int, changes: Sequence[Change]) -> None:
    gone: dict[str, set[str]] = {}
    for change in changes:
        if change.before is None and change.after is not None:
            gone.setdefault(change.table, set()).add(register.id_of(Document(change.number, change.after)))
    for table, ids in gone.items():
        register.refuse_orphans(app, tx, table, ids, f"undo {sequence}")
