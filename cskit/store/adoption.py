"""Table files that other programs changed, brought into the history: what differs is an entry of its own.

What is written when, under the lock:

1. What a file holds is compared, document by document, with what the history says of its table. A document
   that both changed is refused, unless somebody said which of the two holds.
2. The differences are appended to the history as one entry, which is safe before anything else is done. It
   says when each file was changed. Where nothing differs there is no entry.
3. Each file is written anew in our own form, with the other tables that stand in it, into one that takes its
   name. After a crash before that, the old file is found to differ in nothing from the history, and only
   step 3 is done.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from cskit.errors import Conflict, CskitError
from cskit.i18n import _, ngettext
from cskit.store import lines, names
from cskit.store.foreign import same
from cskit.store.protocol import Adopted, Change, Keep, Origin
from cskit.store.snapshot import Clash, Snapshot, Versions

if TYPE_CHECKING:
    from cskit.store.folder import FolderStore


class Plan:
    """What adopting one file means: its differences from the history, and what the table will hold."""

    def __init__(self, snapshot: Snapshot, table: str, keep: Keep = "") -> None:
        self.table = table
        self.file = snapshot.files[table]
        parts = snapshot.versions(table)
        said = parts.image.documents
        self.documents = {
            number: said[number] if same(said.get(number), raw) else raw
            for number, raw in sorted(_result(parts, keep).items())
        }
        self.changes = [
            Change(table, number, said.get(number), self.documents.get(number))
            for number in sorted(said.keys() | self.documents.keys())
            if said.get(number) != self.documents.get(number)
        ]
        self.next, self.marks = snapshot.next_of(parts), parts.image.marks
        _refuse_twice(table, self.documents, self.changes)

    def told(self) -> Adopted:
        """Return what was done, or would be, as others may know it."""
        when = dt.datetime.fromtimestamp(self.file.handle.mtime // 1_000_000_000, dt.UTC)
        return Adopted(self.table, when, self.changes)


def _result(parts: Versions, keep: Keep) -> Mapping[int, bytes]:
    """Return what a table holds once a file and the history are laid together."""
    if parts.untold:
        if not keep:
            raise parts.untold
        return parts.found if keep == "file" else parts.image.documents
    if parts.clashes and not keep:
        raise Clash(parts.clashes)
    result: dict[int, bytes | None] = {**parts.found, **parts.overlay.documents}
    if keep == "file":
        result |= {one.number: one.theirs for one in parts.clashes}
    return {number: raw for number, raw in result.items() if raw is not None}


def _refuse_twice(table: str, documents: Mapping[int, bytes], changes: Iterable[Change]) -> None:
    """Refuse a file in which somebody gave one id to two documents: it would mean either."""
    owners: dict[bytes, int] = {}
    changed = {change.number for change in changes}
    for number, raw in documents.items():
        own = names.id_text(raw)
        other = owners.setdefault(own, number) if own else number
        if other != number and {other, number} & changed:
            said = _("documents {one} and {other} of {file} have the same id {id}")
            name = msgspec.json.decode(own)
            raise Conflict(
                said.format(one=other, other=number, file=lines.file_name(table), id=name),
                _("give one of them another id in the file"),
            )


# --- before a command's own changes ------------------------------------------------------------------------


def take(store: FolderStore, snapshot: Snapshot, origin: Origin) -> Snapshot:
    """Adopt what can be adopted, under the lock, and return the moment after it.

    A file that cannot be is left as it is; the command may go on as long as it does not change that table.
    """
    foreign = _foreign(store, snapshot)
    plans = []
    for table in foreign:
        if table in snapshot.head.tables or store.owned(table):
            with contextlib.suppress(CskitError):
                plans.append(Plan(snapshot, table))
    if not plans:
        return snapshot
    sequence = carry_out(store, snapshot, plans, msgspec.structs.replace(origin, **_NOBODY))
    if sequence is not None:
        store.notice(_told(plans, sequence))
    return Snapshot(store.disk)


_NOBODY: dict[str, Any] = {
    **{"user": "", "staff": None, "command": "", "options": (), "now": None, "reason": None},
    **{"undoes": None, "revealed": {}, "erases": {}, "migrates": {}},
}
"""What takes the place of who ran the command that noticed a change: nobody knows who made it."""


def _foreign(store: FolderStore, snapshot: Snapshot) -> list[str]:
    """Return the tables whose files are not ours; those that were only touched get their stamps back."""
    found = []
    for table, file in snapshot.files.items():
        if file.stamped:
            continue
        if file.ours and file.tail is not None:
            store.disk.touch(lines.file_name(table), file.tail.stamp)  # copied or touched, but not changed
        elif not file.ours:
            found.append(table)
    return found


def _told(plans: Iterable[Plan], sequence: int) -> str:
    files = [plan for plan in plans if plan.changes]
    count = sum(len(plan.changes) for plan in files)
    said = ngettext(
        "{files}: {count} document was changed by another program; saved as {sequence}",
        "{files}: {count} documents were changed by another program; saved as {sequence}",
        count,
    )
    names = _(", ").join(lines.file_name(plan.table) for plan in files)
    return said.format(files=names, count=count, sequence=sequence)


def carry_out(store: FolderStore, snapshot: Snapshot, plans: list[Plan], origin: Origin) -> int | None:
    """Save what differs as one entry, and write the files in our own form; return the entry, if any."""
    changes = [change for plan in plans for change in plan.changes]
    when = {plan.table: plan.told().changed for plan in plans if plan.changes}
    head, end, sequence = snapshot.head, snapshot.end, None
    if changes:
        entry = Entered()
        head, end = store.commit(snapshot, msgspec.structs.replace(origin, foreign=when), entry, changes)
        sequence = entry.sequence
    else:
        store.make_safe(snapshot)
    for plan in plans:
        pieces = (b'"%d": %s' % document for document in plan.documents.items())
        store.write(store.tail(plan.table, head, end, plan.next, plan.marks), pieces, plan.file.others())
    return sequence


class Entered:
    """What an entry without a transaction of its own is saved as; it gives out no numbers."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[str, int]] = {}
        self.sequence: int | None = None


# --- on purpose --------------------------------------------------------------------------------------------


def plans(snapshot: Snapshot, keep: Keep, tables: Collection[str] = ()) -> Iterator[Plan]:
    """Yield what adopting means for `tables`, or for every file that another program changed."""
    for table, file in snapshot.files.items():
        if not file.ours and (table in tables if tables else not snapshot.stray(table)):
            yield Plan(snapshot, table, keep)


def adopt(
    store: FolderStore, origin: Origin, keep: Keep, tables: Collection[str]
) -> tuple[list[Adopted], int | None]:
    """Adopt on purpose, under the lock; a file whose changes do not all hold is kept under another name."""
    snapshot = Snapshot(store.disk)
    found = list(plans(snapshot, keep, tables))
    if keep == "history":
        for plan in found:
            _keep_aside(store, plan)
    _foreign(store, snapshot)
    sequence = carry_out(store, snapshot, found, origin) if found else None
    return [plan.told() for plan in found], sequence


def _keep_aside(store: FolderStore, plan: Plan) -> None:
    """Keep a copy of what another program wrote, in a file that is none of the store's."""
    name, handle = lines.file_name(plan.table) + ".theirs", plan.file.handle
    writer = store.disk.create(name)
    try:
        for offset in range(0, handle.size, lines.BLOCK):
            writer.write(handle.read(offset, lines.BLOCK))
        writer.sync()
    finally:
        writer.close()
    store.notice(_("what {file} held is kept as {name}").format(file=lines.file_name(plan.table), name=name))
