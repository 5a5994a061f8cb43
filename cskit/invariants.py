"""What the core sees to at every commit, whoever made the changes: names mean one record, none is missed.

Must not import click.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from cskit import numbering
from cskit.errors import Conflict
from cskit.i18n import _
from cskit.nouns import counted, one_record, shortened
from cskit.references import Named, Reference, pointing
from cskit.register import NAMED, keep_number
from cskit.store.protocol import Change, Document, Transaction

if TYPE_CHECKING:
    from cskit.app import App

_FEW = 64  # of more names, finding each takes as long as looking at every record, and more memory
_SHOWN = 5  # so many records fit in one line of an error


class Orphans(Conflict):
    """Records would point to nothing; `which` names them."""

    def __init__(self, what: str, which: str, hint: str) -> None:
        super().__init__(_("cannot remove {what}: {why}").format(what=what, why=which), hint)
        self.which = which


def check(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Conflict` where a name would mean two records of a table, or a record points to one removed.

    Looked at once before the commit, so that a thousand additions cost one pass over the table.
    """
    for table in dict.fromkeys(change.table for change in changes):
        made = [change for change in changes if change.table == table]
        _refuse_twice(app, tx, table, made)
        _refuse_orphans(app, tx, table, made)


# --- names -------------------------------------------------------------------------------------------------


def _refuse_twice(app: App, tx: Transaction, table: str, changes: Iterable[Change]) -> None:
    """Raise `Conflict` where a new id or external key is the id or key of another record as well."""
    numbers: dict[str, int] = {}
    record_type = app.plugins.record_types.get(table)
    dated = record_type is not None and app.record_type(table).dated
    highest: dict[str, tuple[int, str]] = {}
    for change in changes:
        if change.after is None:
            continue
        before, after = _named(change.number, change.before), _named(change.number, change.after)
        for name in (after.id, after.key):
            if not name or name == before.id or name == before.key:
                continue
            read = numbering.read(record_type, name) if record_type is not None else None
            if read is not None:
                highest[read.series] = max(highest.get(read.series, (0, "")), (read.number, name))
                # An id with the number of its document comes from cskit and is new: numbers are given out in
                # order, and above every name of that form. Looking for it would cost a pass over the table.
                if name is after.id and read.number == change.number and not dated:
                    continue
            if numbers.setdefault(name, change.number) != change.number:
                raise _twice(tx, table, name, [numbers[name], change.number])
    for _number, name in highest.values():  # so that no number is given out which is somebody's name
        keep_number(tx, app.record_type(table), name)
    if not numbers:
        return
    few = len(numbers) <= _FEW
    for document in tx.read(table, names=numbers) if few else tx.read(table):
        named = NAMED(document)
        for own in (named.id, named.key):
            if own and numbers.get(own, document.number) != document.number:
                raise _twice(tx, table, own, [document.number, numbers[own]])


_NOBODY = Named()


def _named(number: int, raw: bytes | None) -> Named:
    return NAMED(Document(number, raw)) if raw is not None else _NOBODY


def _twice(tx: Transaction, table: str, name: str, numbers: Sequence[int]) -> Conflict:
    held = [_named(number, tx.get(table, number)) for number in numbers]
    if all(named.id == name for named in held):
        said = _("the id {name} would mean two of {table}")
        return Conflict(said.format(name=name, table=table), _("give one of them another id"))
    if all(named.key == name for named in held):
        said = _("the external key {name} would mean two of {table}: {one} and {other}").format(
            name=name, table=table, one=held[0].id, other=held[1].id
        )
        return Conflict(said, _("give one of them another key"))
    other = next(named.id for named in held if named.id != name)
    said = _("the name {name} would mean two of {table}: it is the id of one and the external key of {other}")
    return Conflict(
        said.format(name=name, table=table, other=other),
        _("give another key; in an import, --map 'COLUMN=id' keeps the company's own codes as ids"),
    )


# --- references --------------------------------------------------------------------------------------------


def _refuse_orphans(app: App, tx: Transaction, table: str, changes: Sequence[Change]) -> None:
    """Raise `Orphans` when what is left points to a record that was removed."""
    gone = {_named(change.number, change.before).id for change in changes if change.after is None}
    if gone:
        gone -= {_named(change.number, change.after).id for change in changes}
    gone.discard("")  # nothing can point to a document without an id
    if not gone:
        return
    app.plugins.refuse_missing(tx.tables())
    held = list(pointing(app, tx, table, gone))
    if held:
        pointers = shortened([_pointer(app, one) for one in held], _SHOWN)
        said = _("{records} would point to nothing").format(records=pointers)
        raise Orphans(_what(app, table, gone), said, _way_out(app, held))


def _what(app: App, table: str, gone: Collection[str]) -> str:
    return next(iter(gone)) if len(gone) == 1 else counted(app.record_type(table), len(gone))


def _pointer(app: App, one: Reference) -> str:
    return _("{record} ({field} {target})").format(
        record=one_record(app.record_type(one.table), one.id), field=one.field, target=one.target
    )


def _way_out(app: App, held: Sequence[Reference]) -> str:
    """Say how to find what points to something that is to go."""
    first = held[0]
    if {(one.table, one.field, one.target) for one in held} != {(first.table, first.field, first.target)}:
        return _("change or remove those first")
    command = app.record_type(first.table).command
    line = f"cskit {command} list --where '{first.field} == \"{first.target}\"'"
    return _("change or remove those first: {command}").format(command=line)
