"""Who works here, as far as the plugin of the staff tells. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Refused, _
from cskit.declarations import RecordType
from cskit.nouns import shortened
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

KIND = "staff"
"""The noun of people, as facts are asked for them."""
_FACTS = ("staff.group", "staff.position", "staff.state")
_SHOWN = 5


class Person(NamedTuple):
    """Somebody who works here: "" where nobody knows."""

    id: str
    name: str
    group: str = ""
    position: str = ""


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody without one."""
    return app.staff or app.user


def _type(app: App) -> RecordType | None:
    return next((one for one in app.plugins.record_types.values() if one.command == KIND), None)


def names(app: App, reading: Reading) -> dict[str, str]:
    """Return everybody's name by id; nobody where no plugin keeps staff."""
    record_type = _type(app)
    if record_type is None:
        return {}
    model = msgspec.defstruct("_Called", [("id", str), ("name", str, "")], rename={"name": record_type.title})
    decode: Callable[[Any], Any] = decoder(record_type.table, model)
    return {one.id: one.name for one in map(decode, reading.read(record_type.table))}


def keys(app: App, reading: Reading) -> dict[str, str]:
    """Return ids by what people are called in files and by us; none where no plugin keeps staff."""
    record_type = _type(app)
    if record_type is None:
        return {}
    decode = decoder(record_type.table, _Named)
    found = list(map(decode, reading.read(record_type.table)))
    return {one.key: one.id for one in found if one.key} | {one.id: one.id for one in found}


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str
    key: str | None = None


def people(app: App) -> dict[str, Person]:
    """Return those who work here and have not left, by id, with what is known of them."""
    called = names(app, app.reading())
    known = app.plugins.fact_specs.by_key
    wanted = [name for name in _FACTS if any(one.value.name == name for one in known.values())]
    told = app.facts(KIND, wanted, list(called)) if wanted else {}
    group, position, state = (told.get(name, {}) for name in _FACTS)
    return {
        own: Person(own, name, group.get(own, ""), position.get(own, ""))
        for own, name in called.items()
        if state.get(own) != "left"
    }


def known(app: App, reading: Reading, wanted: Iterable[str]) -> list[str]:
    """Return the ids that names mean, by id or external key; raises `Refused` with those that mean nobody.

    Where no plugin keeps staff everything is taken as it is.
    """
    ids = keys(app, reading)
    asked = list(dict.fromkeys(wanted))
    strange = [name for name in asked if name not in ids] if ids else []
    if strange:
        said = _("no staff member is called {names}").format(names=shortened(strange, _SHOWN))
        raise Refused(said, _("`cskit staff list` shows who works here"))
    return [ids.get(name, name) for name in asked]
