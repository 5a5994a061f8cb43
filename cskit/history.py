"""What the history answers and takes back: log, the changes of one record, undo. Must not import click."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import migrations, records, register
from cskit.errors import Conflict, NotFound
from cskit.finality import refuse_final
from cskit.i18n import _, ngettext
from cskit.invariants import Orphans
from cskit.nouns import one_record, shortened
from cskit.store.protocol import Change, Document, Entry, Transaction

if TYPE_CHECKING:
    from cskit.app import App

SHOWN = 5  # so many records an error names; the rest it counts


class Step(NamedTuple):
    """One change of one record: the entry that made it, and the fields it touched (before, after)."""

    entry: Entry
    table: str
    id: str
    fields: dict[str, tuple[Any, Any]]


def of_record(app: App, name: str) -> Iterator[Step]:
    """Yield what happened to the record with this id or external key, newest first; removed ones too.

    Raises `NotFound` if nothing ever did.
    """
    found = False
    for own in (name, *_ids_by_key(app, name)):
        for entry, changes in app.store.changes_with(own):
            for change in changes:
                if own in ids_of(change):
                    found = True
                    yield Step(entry, change.table, own, compare(change))
        if found:
            return
    raise NotFound(
        _("the history knows no record {name}").format(name=name), _("`cskit log` lists all that happened")
    )


def _ids_by_key(app: App, key: str) -> Iterator[str]:
    """Yield the id of the record that an external key means, or meant last if that was removed."""
    for _entry, changes in app.store.changes_with(key):
        for change in changes:
            for raw in (change.after, change.before):
                if raw is not None and msgspec.json.decode(raw).get("key") == key:
                    yield register.id_of(Document(change.number, raw))
                    return


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


class _Moved(Conflict):
    """Documents are no longer as an entry left them."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__("changed since")
        self.changes = changes


def latest(app: App) -> int:
    """Return the user's newest entry that is no undo and not undone; raises `NotFound` if there is none."""
    for entry in _standing(app):
        looked = bool(entry.origin.revealed)  # which changed nothing
        if entry.origin.undoes is None and not looked and entry.origin.user == app.user:
            return entry.sequence
    raise NotFound(
        _("{user} has nothing to undo").format(user=app.user),
        _("`cskit undo ENTRY` takes back any entry that `cskit log` lists"),
    )


def _standing(app: App) -> Iterator[Entry]:
    """Yield the entries that no later one has taken back, newest first."""
    undone: set[int] = set()
    for entry in app.store.history():
        if entry.sequence not in undone:
            yield entry
            if entry.origin.undoes is not None:
                undone.add(entry.origin.undoes)


def to_undo(app: App, sequence: int) -> tuple[Entry, list[Change]]:
    """Return an entry that may be undone, as far as can be told without trying; raises `Conflict`."""
    entry, changes = app.store.changes_of(sequence)
    refuse_final(app, entry, changes)
    _refuse_undone(app, sequence)
    return entry, changes


def undo(app: App, sequence: int, reason: str | None = None) -> tuple[Entry, int | None]:
    """Put every document of an entry back as it was before, as a new entry.

    Returns the entry taken back and the number of the new one. Raises `Conflict` naming the later entry
    where a document has changed since, or the records that would point to nothing.
    """
    entry, changes = to_undo(app, sequence)
    try:
        with app.transaction(reason=reason, undoes=sequence) as tx:
            moved = [change for change in changes if tx.get(change.table, change.number) != change.after]
            if moved:
                raise _Moved(moved)
            if app.plugins.missing():  # a table that never had a plugin is nobody's to speak for
                app.plugins.refuse_missing({change.table for change in changes})
            modern = migrations.modern(app)
            for change in changes:
                _put_back(tx, change, modern)
            _refuse_dangling(app, tx, sequence, changes)
    except _Moved as error:  # the history is read again only now that the store is free
        raise _explained(app, sequence, error.changes) from None
    except Orphans as error:
        raise Conflict(
            _("cannot undo {entry}: {why}").format(entry=sequence, why=error.which), error.hint
        ) from None
    return entry, tx.sequence


def _refuse_undone(app: App, sequence: int) -> None:
    for entry in _standing(app):
        if entry.sequence <= sequence:
            return
        if entry.origin.undoes == sequence:
            raise Conflict(
                _("entry {entry} is undone already, by entry {by}").format(entry=sequence, by=entry.sequence),
                _("`cskit undo {entry}` does it again").format(entry=entry.sequence),
            )


def _put_back(tx: Transaction, change: Change, modern: Callable[[str, bytes], bytes]) -> None:
    if change.before is None:
        tx.remove(change.table, change.number)
    elif change.after is not None:
        tx.replace(change.table, change.number, change.before)
    else:
        own = register.id_of(Document(change.number, change.before))
        if any(True for _document in tx.read(change.table, ids=[own])):
            raise Conflict(
                _("{id} exists again; putting the old one back would make it twice").format(id=own),
                _("`cskit log {id}` shows who made the new one").format(id=own),
            )
        tx.insert(change.table, modern(change.table, change.before), change.number)


def _explained(app: App, sequence: int, moved: Sequence[Change]) -> Conflict:
    """Say which records have changed since, in which entries, and in what order those can be undone."""
    named = sorted((max(ids_of(change)), change.table, change.number) for change in moved)
    unnamed = _("document {number} of {table}")
    shown = shortened(
        [own or unnamed.format(number=number, table=table) for own, table, number in named], SHOWN
    )
    places = {(change.table, change.number) for change in moved}
    changed = {entry.sequence for entry in app.store.touching(places, sequence)}
    later = [entry for entry in _in_the_way(app, sequence) if entry in changed]
    if not later:
        said = _("cannot undo {entry}: {records} changed since").format(entry=sequence, records=shown)
        return Conflict(said, _("`cskit data verify` shows whether another program changed the file"))
    said = ngettext(
        "cannot undo {entry}: {records} changed since, in entry {later}",
        "cannot undo {entry}: {records} changed since, in entries {later}",
        len(later),
    )
    first = ngettext("undo {entries} first", "undo these first, in this order: {entries}", len(later))
    return Conflict(
        said.format(entry=sequence, records=shown, later=_numbered(reversed(later))),
        first.format(entries=_numbered(later)),
    )


def _numbered(entries: Iterable[int]) -> str:
    return shortened([str(entry) for entry in entries], SHOWN)


def _in_the_way(app: App, sequence: int) -> Iterator[int]:
    """Yield the entries after `sequence` that stand, newest first, without those that only took one back."""
    for entry in _standing(app):
        if entry.sequence <= sequence:
            return
        if entry.origin.undoes is None or entry.origin.undoes <= sequence:
            yield entry.sequence


def _refuse_dangling(app: App, tx: Transaction, sequence: int, changes: Sequence[Change]) -> None:
    """Refuse to put back what would point to a record that is gone by now."""
    wanted: dict[str, dict[str, str]] = {}
    for change in changes:
        for table, target, pointing in _pointers(app, change):
            wanted.setdefault(table, {}).setdefault(target, pointing)
    for table, targets in wanted.items():
        held = {register.id_of(document) for document in tx.read(table, ids=targets)}
        for target, pointing in targets.items():
            if target not in held:
                raise Conflict(
                    _("cannot undo {entry}: {record} would point to nothing").format(
                        entry=sequence, record=pointing
                    ),
                    _("`cskit log {id}` shows what became of {id}; undo that first").format(id=target),
                )


def _pointers(app: App, change: Change) -> Iterator[tuple[str, str, str]]:
    """Yield the references that putting a document back brings back: table, id, and who points there."""
    if change.before is None or change.table not in app.plugins.record_types:
        return
    for name, (before, _after) in compare(change).items():
        info = records.fields(app.model(change.table)).get(name)
        if info is not None and info.ref and isinstance(before, str):
            own = register.id_of(Document(change.number, change.before))
            said = one_record(app.record_type(change.table), own)
            yield (
                info.ref,
                before,
                _("{record} ({field} {target})").format(record=said, field=name, target=before),
            )
