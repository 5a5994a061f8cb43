"""What a dry run shows: the records it would have changed, field by field, before and after.

Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from cskit import masking, nouns, register, stored
from cskit.display import output, views
from cskit.display.output import Column
from cskit.errors import CskitError, Diverging
from cskit.i18n import _, mark
from cskit.records import Record
from cskit.store.protocol import Change, Document
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App

_NESTED = ("json", "jsonl")
_TABLE = Column("table", "Table")
_ROW = (Column("field", "Field"), Column("before", "Before"), Column("after", "After"))
_KINDS = (mark("added"), mark("changed"), mark("removed"))
_RECORD = (_TABLE, Column("id", "Record"), Column("change", "Change", codes=_KINDS))
_OBJECT = (*_RECORD, Column("before", "Before", kind="map"), Column("after", "After", kind="map"))
_ELSEWHERE = ("id", "schema")  # the one has a column of its own, the other is the program's


VERSIONS = 10  # so many documents that were changed in two places an error shows


class Difference(NamedTuple):
    """One record before and after: its `fields` by dotted name, only those that differ."""

    table: str
    id: str
    change: Literal["added", "changed", "removed"]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    fields: Sequence[str]


# --- what is shown -----------------------------------------------------------------------------------------


def show(app: App, changes: Sequence[Change]) -> None:
    """Write what would be changed as the global options say, and the sum of it."""
    listed(app, changes)
    tell(app, changes)


def listed(app: App, changes: Sequence[Change]) -> None:
    """Write changes as the global options say: a row for each field, or an object for each record."""
    found = differences(app, changes)
    if views.form(app) in _NESTED:
        views.listing(app, (each._asdict() for each in found), _OBJECT)
    elif views.form(app) == "table":
        views.listing(app, _for_people(_rows(found)), (*_RECORD[1:], *_ROW))
    else:
        views.listing(app, _rows(found), (*_RECORD, *_ROW))


def tell(app: App, changes: Sequence[Change]) -> None:
    """Say on stderr what a dry run would have changed, in numbers."""
    done = in_words(app, changes)
    if done:
        app.echo(_("dry run: {done}; nothing was saved").format(done=done))
    else:
        app.echo(_("dry run: nothing would be changed"))


def _rows(found: Iterable[Difference]) -> Iterator[dict[str, Any]]:
    """Yield a row for each field that differs, and for each record at least one."""
    for each in found:
        for name in each.fields or [""]:
            yield {
                "table": each.table,
                "id": each.id,
                "change": each.change,
                "field": name,
                "before": each.before.get(name),
                "after": each.after.get(name),
            }


def _for_people(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Name a record and what becomes of it once, on its first row."""
    last = None
    for row in rows:
        place = (row["table"], row["id"])
        if place == last:
            yield {**row, "id": None, "change": None}
        else:
            yield row
        last = place


def in_words(app: App, changes: Iterable[Change]) -> str:
    """Return what changes come to as people say it: "3 customers changed, 2 orders added"."""
    counts = Counter((change.table, _kind(change)) for change in changes)
    said = {
        "added": _("{records} added"),
        "changed": _("{records} changed"),
        "removed": _("{records} removed"),
    }
    types = app.plugins.record_types
    return nouns.listed(
        said[kind].format(records=nouns.counted_all(types, {table: count}))
        for (table, kind), count in counts.items()
    )


def _kind(change: Change) -> Literal["added", "changed", "removed"]:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def versions(app: App, both: Sequence[Diverging]) -> Iterator[str]:
    """Yield a line for each field in which two versions of a document differ, personal data masked."""
    held = [Change(one.table, one.number, one.theirs, one.ours) for one in both[:VERSIONS]]
    said = _("{record}, {field}: {theirs} in the file, {ours} in the history")
    for each in differences(app, held):
        gone = {"added": _("{record}: removed in the file"), "removed": _("{record}: removed in the history")}
        if each.change in gone:
            yield gone[each.change].format(record=each.id)
            continue
        for name in each.fields:
            theirs, ours = (
                _("'{value}'").format(value=shown(output.text(found[name], app.zone)))
                if name in found
                else "-"
                for found in (each.before, each.after)
            )
            yield said.format(record=each.id, field=name, theirs=theirs, ours=ours)


# --- what differs ------------------------------------------------------------------------------------------


def differences(app: App, changes: Iterable[Change]) -> Iterator[Difference]:
    """Yield the records in which documents differ, also those of tables that no plugin knows."""
    models: dict[str, type[Record] | None] = {}
    hidden: dict[str, masking.Masks] = {}
    for change in changes:
        if change.table not in models:
            known = change.table in app.plugins.record_types
            models[change.table] = app.model(change.table) if known else None
            hidden[change.table] = masking.by_field(app, change.table)
        model = models[change.table]
        before = _held(model, change.table, change.number, change.before)
        after = _held(model, change.table, change.number, change.after)
        differing = [name for name in {**after, **before} if before.get(name) != after.get(name)]
        differing.sort(key=_place(model))
        yield Difference(
            change.table,
            _name(change),
            _kind(change),
            {name: _shown(hidden[change.table], name, before[name]) for name in differing if name in before},
            {name: _shown(hidden[change.table], name, after[name]) for name in differing if name in after},
            differing,
        )


def _place(model: type[Record] | None) -> Callable[[str], int]:
    """Return what sorts fields as the record type declares them, unknown ones behind those."""
    order = {name: place for place, name in enumerate(model.__struct_fields__)} if model else {}
    return lambda name: order.get(name.partition(".")[0], len(order))


def _name(change: Change) -> str:
    """Return the id of the record, or the number of a document that has none."""
    document = Document(change.number, change.after or change.before or b"")
    try:
        own = register.id_of(document)
    except CskitError:
        own = ""
    return own or _("document {number} of {table}").format(number=change.number, table=change.table)


def _held(model: type[Record] | None, table: str, number: int, raw: bytes | None) -> dict[str, Any]:
    """Return all that a document holds by dotted name; as plain JSON where it fits no record type."""
    if raw is None:
        return {}
    held: dict[str, Any] = msgspec.json.decode(raw)
    if model is not None:
        try:
            record = stored.decoder(table, model)(Document(number, raw))
        except CskitError:
            pass
        else:
            held |= msgspec.structs.asdict(record)
    return dict(_flat(held))


def _flat(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what is held, the parts of groups and maps under their own names."""
    for name, value in held.items():
        if name in _ELSEWHERE:
            continue
        inside = msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else value
        if isinstance(inside, Mapping):
            for part, held_there in inside.items():
                if not _nothing(held_there):
                    yield f"{name}.{part}", held_there
        elif not _nothing(inside):
            yield name, inside


def _nothing(value: Any) -> bool:
    return value is None or value in ([], {})


def _shown(hidden: masking.Masks, name: str, value: Any) -> Any:
    """Return a value as it may be shown; personal data masked: a dry run could not note a look at it."""
    mask = hidden(name)
    return value if mask is None else mask.hide(value)
