"""Fields as people name them: by name, by Chinese or English title, dotted for what is inside.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec

from cskit.i18n import _
from cskit.records import Field, fields


class Place(NamedTuple):
    """A field of a record, or a part or key inside it; `info` describes what is there."""

    path: tuple[str, ...]
    info: Field

    @property
    def name(self) -> str:
        """The dotted name."""
        return ".".join(self.path)

    def of(self, record: Any) -> Any:
        """Return what a record holds there, None where it holds nothing."""
        value = record
        for name in self.path:
            if value is None:
                return None
            value = value.get(name) if isinstance(value, dict) else getattr(value, name)
        return value


def find(model: type[msgspec.Struct], text: str) -> Place:
    """Return the field that `text` names; raises `ValueError` saying which may have been meant."""
    known, names = fields(model), _names(model)
    own = names.get(_folded(text))
    if own is not None:
        return Place((own,), known[own])
    first, dot, rest = text.partition(".")
    own = names.get(_folded(first))
    if own is None:
        raise ValueError(_unknown(first, names))
    return _inside(known[own], rest.strip()) if dot else Place((own,), known[own])


def _inside(info: Field, rest: str) -> Place:
    if info.kind == "struct":
        inner = find(info.of, rest)
        return Place((info.name, *inner.path), inner.info)
    if info.kind != "map":
        raise ValueError(_("has no parts; only maps and groups of fields take a dot"))
    if not rest:
        raise ValueError(_("names no key; write it behind the dot"))
    return Place((info.name, rest), _element(info.of)._replace(name=rest, en=rest, zh=rest))


@cache
def _element(hint: Any) -> Field:
    """Describe what a map holds under each key, as if it were an optional field."""
    holder = msgspec.defstruct("_Holder", [("element", hint, None)])
    return fields(holder)["element"]


@cache
def _names(model: type[msgspec.Struct]) -> Mapping[str, str]:
    """Return the names and titles of all fields; a name goes before a title."""
    known = fields(model).values()
    names = {_folded(info.name): info.name for info in known}
    for info in known:
        names.setdefault(_folded(info.en), info.name)
        names.setdefault(_folded(info.zh), info.name)
    return names


def _folded(text: str) -> str:
    return text.strip().casefold().replace("-", "_")


def _unknown(text: str, names: Mapping[str, str]) -> str:
    import difflib  # rarely needed, and takes as long to import as msgspec

    near = difflib.get_close_matches(_folded(text), names, 1)
    if not near:
        return _("no such field")
    meant = names[near[0]] if near[0].isascii() else near[0]
    return _("no such field; did you mean {name}?").format(name=meant)
