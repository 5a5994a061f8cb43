"""Fields that name records of another table: which one is meant, and who names it. Must not import click."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import records, stored
from cskit.errors import Problem
from cskit.i18n import _
from cskit.nouns import noun
from cskit.records import Field, Record
from cskit.store.protocol import Document, Reading
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App


class Reference(NamedTuple):
    """A record that points to another: `id` of `table` names `target` in its `field`."""

    table: str
    id: str
    field: str
    target: str


class Named(msgspec.Struct, gc=False):
    """What a record is called: by us, and in the file it came from."""

    id: str = ""
    key: str | None = None


class References:
    """Looks up what reference fields name, by id or external key, reading each table at most twice."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading
        self._names: dict[str, dict[str, str]] = {}

    def resolve(self, info: Field, name: str) -> str | None:
        """Return the id of the record that `name` means, None if there is none."""
        return self.known(info.ref).get(name)

    def one(self, info: Field, name: str) -> str | None:
        """Resolve a single name without reading the whole table."""
        if info.ref in self._names:
            return self.resolve(info, name)
        decode = stored.decoder(info.ref, Named)
        found = [decode(document) for document in self._reading.read(info.ref, names=[name])]
        return next((one.id for one in sorted(found, key=lambda one: one.id != name)), None)

    def add(self, table: str, name: str, own: str) -> None:
        """Remember a record that was just made."""
        self.known(table)[name] = own

    def known(self, table: str) -> dict[str, str]:
        """Return every id and external key of a table with the id it means; an id goes before a key."""
        if table not in self._names:
            decode = stored.decoder(table, Named)
            found = [decode(document) for document in self._reading.read(table)]
            self._names[table] = {named.key: named.id for named in found if named.key}
            self._names[table] |= {named.id: named.id for named in found}
        return self._names[table]

    def missing(self, info: Field) -> str:
        """Say that a reference names nothing."""
        record_type = self._app.plugins.record_types.get(info.ref)
        if record_type is None:
            return _("no record of {table} has this id or external key").format(table=info.ref)
        return _("no {noun} has this id or external key").format(noun=noun(record_type, 1))


def resolve(known: References, model: type[Record], values: dict[str, Any]) -> list[Problem]:
    """Put ids in the place of what the reference fields of `values` name; return those that name nothing."""
    problems = []
    for name, info in records.fields(model).items():
        if info.ref and isinstance(values.get(name), str):
            found = known.one(info, values[name])
            if found is None:
                problems.append(Problem(0, name, shown(values[name]), known.missing(info)))
            else:
                values[name] = found
    return problems


class Pointer(NamedTuple):
    """A document that names some of a table's records; `held` are its reference fields to that table."""

    table: str
    id: str
    document: Document
    held: dict[str, str]


def pointers(app: App, reading: Reading, table: str, ids: Collection[str]) -> Iterator[Pointer]:
    """Yield every record that names one of `ids` of `table`, reading each table that may hold some once."""
    for record_type in app.plugins.record_types.values():
        known = records.fields(app.model(record_type.table))
        named = [info.name for info in known.values() if info.ref == table]
        if not named:
            continue
        small = msgspec.defstruct(
            "_Pointing", [("id", str, ""), *((name, str | None, None) for name in named)]
        )
        decode: Callable[[Document], Any] = stored.decoder(record_type.table, small)
        for document in reading.read(record_type.table):
            found = decode(document)
            held = {name: value for name in named if (value := getattr(found, name)) is not None}
            if any(value in ids for value in held.values()):
                yield Pointer(record_type.table, found.id, document, held)


def pointing(app: App, reading: Reading, table: str, ids: Collection[str]) -> Iterator[Reference]:
    """Yield every reference to one of `ids` of `table`."""
    for pointer in pointers(app, reading, table, ids):
        for name, target in pointer.held.items():
            if target in ids:
                yield Reference(pointer.table, pointer.id, name, target)


def underlying_first(app: App, plugins: Collection[str]) -> list[str]:
    """Return plugins by name, each after those whose records its own refer to."""
    needs: dict[str, set[str]] = {name: set() for name in plugins}
    for table in app.plugins.record_types:
        owner = app.plugins.owner(table)
        if owner in needs:
            refs = {app.plugins.owner(info.ref) for info in records.fields(app.model(table)).values()}
            needs[owner] |= refs & needs.keys() - {owner}
    found: list[str] = []
    while len(found) < len(needs):
        left = [name for name in sorted(needs) if name not in found]
        free = [name for name in left if needs[name] <= set(found)]
        found.append((free or left)[0])  # two that refer to each other: by name
    return found
