"""Records that turn out to be one: what points to them moves, what the kept one lacks is filled in.

Must not import click.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import edits, nouns, records, register, stored
from cskit.edits import Edit
from cskit.errors import BadRows, Conflict, Usage
from cskit.i18n import _
from cskit.records import Field, Record
from cskit.references import Pointer, pointers
from cskit.register import Changed
from cskit.store.protocol import Document, Reading, Transaction

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType

_NAMING = ("id", "key", "schema")  # what a record is called, which is no content
_SHOWN = 5  # so many records fit in one line


class Pair(NamedTuple):
    """The id of the record that stays, and those of the records that become part of it."""

    keep: str
    others: list[str]

    def reason(self, given: str | None) -> str:
        """Return what the history says: why, and which record went where."""
        first = ", ".join(self.others[:_SHOWN]) + (", …" if len(self.others) > _SHOWN else "")
        way = f"{first} → {self.keep}"
        return f"{given} ({way})" if given else way


class Merged(NamedTuple):
    """What a merge did: fields that changed, values and external keys dropped, and records moved by table.

    `rows` name the table of each, and hold the values dropped as well: under the id of the record they were
    in, with what counts now after them.
    """

    rows: list[tuple[str, Changed]]
    dropped: list[Changed]
    keys: list[str]
    moved: Mapping[str, int]


def pair(app: App, reading: Reading, record_type: RecordType, keep: str, names: Sequence[str]) -> Pair:
    """Return the ids that names (ids or external keys) mean; raises `NotFound`, or `Usage` for KEEP twice."""
    first, *others = register.find(app, reading, record_type, [keep, *names])
    kept = register.NAMED(first)
    if kept.id in names or kept.key in names:
        raise Usage(
            _("{id} cannot become part of itself").format(id=kept.id),
            _("name the record that stays first, then the others"),
        )
    return Pair(kept.id, [register.id_of(one) for one in others])


def merge(app: App, tx: Transaction, record_type: RecordType, wanted: Pair, *, fill: bool = True) -> Merged:
    """Make records part of another one: what points to them points there, and they are gone.

    With `fill` what the kept record lacks comes from the others, in their order; its own values win.
    Raises `Conflict` where a record would then name the kept one in two fields, or itself.
    """
    app.plugins.refuse_missing(tx.tables())
    if not wanted.others:
        return Merged([], [], [], {})
    keep, *others = register.find(app, tx, record_type, [wanted.keep, *wanted.others])
    gone = frozenset(wanted.others)
    filled, dropped, keys = _fill(app, tx, record_type, keep, others, gone, fill)
    rows, moved = _point(app, tx, record_type.table, wanted.keep, gone)
    for other in others:
        tx.remove(record_type.table, other.number)
    table = record_type.table
    shown = [*((table, row) for row in filled), *rows, *((table, row) for row in dropped)]
    return Merged(shown, dropped, keys, moved)


# --- what points to them -----------------------------------------------------------------------------------


def _point(
    app: App, tx: Transaction, table: str, keep: str, gone: Collection[str]
) -> tuple[list[tuple[str, Changed]], dict[str, int]]:
    """Let whatever names one of `gone` name `keep`; return what changed, and in how many records by table."""
    found = [one for one in pointers(app, tx, table, gone) if one.table != table or one.id not in gone]
    _refuse_doubled(app, table, keep, gone, found)
    rows: list[tuple[str, Changed]] = []
    for name in dict.fromkeys(one.table for one in found):
        pointing = [
            (one.document, [Edit((field,), "=", keep) for field, held in one.held.items() if held in gone])
            for one in found
            if one.table == name
        ]
        changed = register.change_each(app, tx, app.record_type(name), pointing)
        rows += [(name, row) for row in changed.rows]
    return rows, dict(Counter(one.table for one in found))


def _refuse_doubled(app: App, table: str, keep: str, gone: Collection[str], found: Sequence[Pointer]) -> None:
    """Raise `Conflict` where a record would name itself, or in two fields what were two records before."""
    doubled = []
    for one in found:
        names = {name: held for name, held in one.held.items() if held == keep or held in gone}
        if (one.table, one.id) == (table, keep):
            raise Conflict(
                _("cannot merge: {record} would name itself").format(record=_said(app, one, names)),
                _way_out(app, one, names),
            )
        if len(set(names.values())) > 1:
            doubled.append((one, names))
    if not doubled:
        return
    shown = nouns.shortened([_said(app, one, names) for one, names in doubled], _SHOWN)
    raise Conflict(
        _("cannot merge: {records} would name {id} twice").format(records=shown, id=keep),
        _way_out(app, *doubled[0]),
    )


def _said(app: App, one: Pointer, names: Mapping[str, str]) -> str:
    held = nouns.listed(f"{name} {value}" for name, value in names.items())
    return f"{nouns.noun(app.record_type(one.table), 1)} {one.id} ({held})"


def _way_out(app: App, one: Pointer, names: Mapping[str, str]) -> str:
    """Say which field to clear, where one of them may be empty."""
    known = records.fields(app.model(one.table))
    free = [name for name in names if not known[name].required and not known[name].owner]
    command = app.record_type(one.table).command
    if not free:
        return _("change that first: cskit {command} set {id} FIELD=ID").format(command=command, id=one.id)
    return _("clear that first: cskit {command} set {id} {field}=").format(
        command=command, id=one.id, field=free[-1]
    )


# --- what they held ----------------------------------------------------------------------------------------


def _fill(
    app: App,
    tx: Transaction,
    record_type: RecordType,
    keep: Document,
    others: Sequence[Document],
    gone: Collection[str],
    fill: bool,
) -> tuple[list[Changed], list[Changed], list[str]]:
    """Give the kept record what it lacks; return what changed in it, what was dropped, and dropped keys."""
    model = app.model(record_type.table)
    decode = stored.decoder(record_type.table, model)
    before, raw = decode(keep), keep.raw
    mine = before
    dropped: list[Changed] = []
    keys: list[str] = []
    for document in others:
        theirs = decode(document)
        made = _Filling(mine, theirs, {*gone, mine.id}, fill)
        made.key()
        made.level(model, mine, theirs, ())
        if fill:
            made.strangers(raw, document.raw, model)
        mine, raw = _applied(model, raw, made)
        dropped += made.dropped
        keys += made.keys
    if raw != keep.raw:
        tx.replace(record_type.table, keep.number, raw)
    return list(register.differences(before, mine)), dropped, keys


def _applied(model: type[Record], raw: bytes, made: _Filling) -> tuple[Record, bytes]:
    if not made.edits:
        return made.mine, raw
    try:
        return edits.apply(model, raw, made.edits)
    except BadRows as error:
        named = [one._replace(column=f"{made.mine.id} {one.column}".rstrip()) for one in error.problems]
        raise edits.refused(named, _("--no-fill leaves the values of the kept record as they are")) from None


class _Filling:
    """What one record gives to another: the `edits` that fill its gaps, and what is `dropped`."""

    def __init__(self, mine: Record, theirs: Record, merging: Collection[str], fill: bool) -> None:
        self.mine, self.theirs = mine, theirs
        self.edits: list[Edit] = []
        self.dropped: list[Changed] = []
        self.keys: list[str] = []
        self._merging, self._filling = merging, fill

    def key(self) -> None:
        """Take over the external key where there is none: an import that brings it again then means this."""
        if self.theirs.key and self.mine.key is None:
            self.edits.append(Edit(("key",), "=", self.theirs.key))
        elif self.theirs.key:
            self.keys.append(self.theirs.key)
            self._drop(("key",), self.theirs.key, self.mine.key)

    def level(self, model: type[msgspec.Struct], mine: Any, theirs: Any, path: tuple[str, ...]) -> None:
        """Fill the fields of a record, or of a group in it."""
        for name, info in records.fields(model).items():
            value, given = getattr(mine, name), getattr(theirs, name)
            if (name in _NAMING and not path) or given in (None, [], {}, info.default, value):
                continue
            self._field(info, value, given, (*path, name))

    def _field(self, info: Field, value: Any, given: Any, path: tuple[str, ...]) -> None:
        if info.owner or info.apart or not self._filling:
            self._drop(path, given, value)
        elif info.kind == "list":
            if missing := [part for part in given if part not in (value or [])]:
                self.edits.append(Edit(path, "+=", missing))
        elif info.kind == "map":
            for key, part in given.items():
                self._single((*path, key), (value or {}).get(key), part)
        elif info.kind == "struct" and value is not None:
            self.level(info.of, value, given, path)
        elif info.ref and given in self._merging:
            self._drop(path, given, value)
        else:
            self._single(path, value, given)

    def _single(self, path: tuple[str, ...], value: Any, given: Any) -> None:
        if value is None:
            self.edits.append(Edit(path, "=", given))
        elif value != given:
            self._drop(path, given, value)

    def _drop(self, path: tuple[str, ...], given: Any, value: Any) -> None:
        self.dropped.append(
            Changed(self.theirs.id, ".".join(path), given, None if value in ([], {}) else value)
        )

    def strangers(self, raw: bytes, given: bytes, model: type[Record]) -> None:
        """Take over the keys of a document that its type does not know: a newer plugin may."""
        held, more = msgspec.json.decode(raw), msgspec.json.decode(given)
        for name in _unknown(more, model):
            if name not in held:
                self.edits.append(Edit((name,), "=", more[name]))


def _unknown(document: Mapping[str, Any], model: type[Record]) -> Iterator[str]:
    return (name for name in document if name not in model.__struct_fields__)
