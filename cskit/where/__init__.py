"""Conditions: the `--where` and rule language, over a record's fields or over named facts.

The text is parsed into a tree, each node of which must be allowed, and becomes closures; nothing is ever
evaluated as Python. Must not import click, a store or tinydb.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from cskit.i18n import _, mark
from cskit.records import Field, Record, fields
from cskit.where.terms import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    TEXT,
    Get,
    Named,
    NameType,
    NoSuchName,
    Term,
)
from cskit.where.text import Source, WhereError
from cskit.where.tree import Translation
from cskit.where.types import nearest
from cskit.where.watching import Bound, Seen, Watch

__all__ = [
    "Bound",
    "Condition",
    "Expression",
    "NameType",
    "NoSuchName",
    "Reader",
    "Seen",
    "Watch",
    "WhereError",
    "condition",
    "expression",
    "reader",
]

_NONE: Mapping[str, Any] = MappingProxyType({})
_TYPES: tuple[tuple[type, NameType], ...] = (
    (bool, BOOLEAN),
    (int, INTEGER),
    (Decimal, DECIMAL),
    (str, TEXT),
    (dt.date, DATE),
)
_ANCHORED: dict[str, type] = {"text": str, "choice": str, "date": dt.date, "boolean": bool, "integer": int}


class Condition:
    """A condition on one record type, which a store can use as its filter.

    `model` decodes only the fields that are named, `anchors` stand in the text of every matching document,
    `names` are the dotted names used.
    """

    __slots__ = ("_value", "anchors", "model", "names", "text")

    def __init__(self, text: str, term: Term, names: Iterable[str], model: type[Record]) -> None:
        self.text = text
        self.names = tuple(names)
        self.anchors = tuple(dict.fromkeys(term.anchors))
        self.model = _smallest(model, {name.partition(".")[0] for name in self.names})
        self._value: Get = term.value

    def matches(self, document: Any) -> bool:
        """Tell whether a decoded `model`, or a whole record, satisfies it; unknown counts as no."""
        return self._value(document) is True

    def value(self, document: Any) -> bool | None:
        """Return True, False, or None where it is unknown."""
        result: bool | None = self._value(document)
        return result


class Expression:
    """A condition over named facts, or a value made of them; a fact that is absent, or None, is unknown.

    `value` computes it from a mapping of facts (from a row of them, where it was read for rows): True, False
    or any other value of `type`, and None where it is unknown. `names` are the facts it may read.
    """

    __slots__ = ("names", "text", "type", "value")

    def __init__(self, text: str, term: Term, names: Iterable[str]) -> None:
        self.text = text
        self.names = tuple(names)
        self.type = term.type
        self.value: Get = term.value


def condition(
    text: str,
    model: type[Record],
    *,
    zone: ZoneInfo,
    now: dt.datetime,
    codes: Mapping[str, Callable[[str], str]] = _NONE,
) -> Condition:
    """Read a condition on the fields of `model`; dates are days in `zone`. Raises `WhereError`.

    `codes` find, by field, the code that a text means which a field is compared with.
    """
    source = Source(text)
    translation = Translation(source, _Fields(model, codes), zone, now)
    term = translation.whole()
    return Condition(source.text, term, translation.used, model)


def expression(
    text: str,
    names: Mapping[str, NameType],
    *,
    zone: ZoneInfo,
    now: dt.datetime,
    constants: Mapping[str, Any] = _NONE,
    rows: bool = False,
    truth: bool = True,
    watch: Watch | None = None,
) -> Expression:
    """Read a condition on facts, whose dotted names are flat keys of `names`. Raises `WhereError`.

    `constants` are names that stand for one value. With `rows`, facts come as sequences in the order of
    `names`, checked already. Without `truth` the text may come out as any value, not only as yes or no. A
    `watch` keeps what is done with each row, which costs time.
    """
    source = Source(text)
    translation = Translation(source, _Facts(names, constants, rows), zone, now, watch)
    term = translation.whole() if truth else translation.value()
    return Expression(source.text, term, translation.used)


class Reader(NamedTuple):
    """How to read some fields of a record type: `model` decodes just those, `fields` are type and getter."""

    model: type[msgspec.Struct]
    fields: Mapping[str, tuple[NameType, Get]]


def reader(model: type[Record], paths: Iterable[str], own: Iterable[str] = ("id",)) -> Reader:
    """Return how to read dotted fields of `model`, beside its `own` whole ones; raises `NoSuchName`."""
    found = {path: _Fields(model).find(path.split(".")) for path in paths}
    parts = {named.name.partition(".")[0] for named in found.values()}
    return Reader(
        _smallest(model, {*own, *parts}), {path: (named.type, named.get) for path, named in found.items()}
    )


# --- names of facts --------------------------------------------------------------------------------------


class _Facts:
    """Dotted names as flat keys of a mapping, or as places in a row; and those that stand for constants."""

    def __init__(self, names: Mapping[str, NameType], constants: Mapping[str, Any], rows: bool) -> None:
        self._names = names
        self._constants = constants
        self._places = {name: place for place, name in enumerate(names)} if rows else {}

    def find(self, parts: Sequence[str]) -> Named:
        """Return what a fact is and how to read it."""
        name = ".".join(parts)
        if name in self._constants:
            constant = self._constants[name]
            type_ = next(type_ for kind, type_ in _TYPES if isinstance(constant, kind))
            return Named(name, type_, lambda row: constant, fixed=True, constant=constant)
        if name not in self._names:
            raise _unknown(0, _NO_FACT, name, [*self._names, *self._constants])
        if self._places:
            return Named(name, self._names[name], itemgetter(self._places[name]), sound=True)
        return Named(name, self._names[name], lambda facts: facts.get(name))


# --- names of fields -------------------------------------------------------------------------------------


class _Step(NamedTuple):
    """One part of a field's path: its name in JSON, and what the document leaves out."""

    name: str
    encoded: str
    default: Any


class _Fields:
    """Dotted names as fields of a record, by name or Chinese title, down into groups and maps."""

    def __init__(self, model: type[Record], codes: Mapping[str, Callable[[str], str]] = _NONE) -> None:
        self._model = model
        self._codes = codes

    def find(self, parts: Sequence[str]) -> Named:
        """Return what a field is and how to read it."""
        return self._below(self._model, parts, 0, [], lambda document: document)

    def _below(
        self, level: type[msgspec.Struct], parts: Sequence[str], index: int, steps: list[_Step], outer: Get
    ) -> Named:
        """Find the part number `index` among the fields of `level`, and what follows it below that field."""
        info = _field(level, parts[index])
        if info is None:
            raise _unknown(index, _NO_FIELD, parts[index], fields(level))
        steps = [*steps, _Step(info.name, _encoded(level, info.name), info.default)]
        get = _through(outer, attrgetter(info.name)) if index else attrgetter(info.name)
        index += 1
        if index == len(parts):
            found = _named(steps, type_of(info), get)
            return found._replace(code=self._codes.get(info.name)) if len(steps) == 1 else found
        if info.kind == "struct":
            return self._below(info.of, parts, index, steps, get)
        if info.kind != "map":
            raise NoSuchName(
                index, _("{name} has no parts").format(name=info.name), _("only a group of fields has")
            )
        key = ".".join(parts[index:])
        if key.startswith("_"):
            raise NoSuchName(index, _("{name} has no entry '{key}'").format(name=info.name, key=key))
        return _named(
            [*steps, _Step(key, key, None)], _element(info), _through(get, lambda held: held.get(key))
        )


def _named(steps: list[_Step], type_: NameType, get: Get) -> Named:
    name = ".".join(step.name for step in steps)
    return Named(name, type_, get, lambda constant: _fragments(steps, type_, constant))


def _field(level: type[msgspec.Struct], part: str) -> Field | None:
    """Find a field by its name, else by its Chinese title as Python reads identifiers."""
    known = fields(level)
    if part in known:
        return known[part]
    titled = [info for info in known.values() if unicodedata.normalize("NFKC", info.zh) == part]
    return titled[0] if len(titled) == 1 else None


def _encoded(level: type[msgspec.Struct], name: str) -> str:
    return next(info.encode_name for info in msgspec.structs.fields(level) if info.name == name)


def _through(outer: Get, inner: Get) -> Get:
    """Read one part further; a missing group has no parts."""

    def get(document: Any) -> Any:
        group = outer(document)
        return None if group is None else inner(group)

    return get


def type_of(info: Field) -> NameType:
    """Return the type of a record's field as conditions see it."""
    if info.kind == "choice":
        return NameType("choice", {code: info.choices.get(code, "") for code in info.of})
    if info.kind in ("list", "map"):
        return NameType(info.kind, of=_element(info))
    return NameType(info.kind)


def _element(info: Field) -> NameType:
    """Return the type of what a list or map holds, found out as if it were a field."""
    holder = msgspec.defstruct("Holder", [("element", info.of)])
    element = type_of(fields(holder)["element"])
    if element.kind == "choice" and info.choices:
        return NameType("choice", {code: info.choices.get(code, "") for code in element.choices})
    return element


_NO_FACT = (mark("no fact '{name}'"), mark("no fact '{name}', did you mean '{near}'?"))
_NO_FIELD = (mark("no field '{name}'"), mark("no field '{name}', did you mean '{near}'?"))


def _unknown(part: int, what: tuple[str, str], name: str, known: Iterable[str]) -> NoSuchName:
    """Say that there is no such name, and what may have been meant."""
    listed = list(known)
    said = _(what[0]).format(name=name)
    if name.lower() in ("true", "false"):
        return NoSuchName(part, _(what[1]).format(name=name, near=name.capitalize()))
    if name.lower() in ("null", "none", "nil"):
        return NoSuchName(part, said, _("use known(x) or not known(x) for what is missing"))
    if name.lower() in ("yes", "no", "是", "否"):
        return NoSuchName(part, said, _("write True or False"))
    near = nearest(name, listed)
    if near:
        hint = "" if part else _('or put a text in quotes: "{name}"').format(name=name)
        return NoSuchName(part, _(what[1]).format(name=name, near=near), hint)
    there = _("there are {names}") if part else _('put a text in quotes: "{name}"; there are {names}')
    return NoSuchName(part, said, there.format(name=name, names=_(", ").join(listed)))


# --- shortcuts for the store -----------------------------------------------------------------------------


def _fragments(steps: Sequence[_Step], type_: NameType, constant: Any) -> tuple[bytes, ...]:
    """Return the JSON that holds a field equal to `constant`; nothing if that is not certain.

    A default is left out of the stored text, and so is a group that equals its own default; the elements of
    a list stand alone.
    """
    kind = type_.of.kind if type_.kind == "list" and type_.of else type_.kind
    if type(constant) is not _ANCHORED.get(kind):
        return ()
    if any(_holds(step.default, steps[index + 1 :], constant) for index, step in enumerate(steps)):
        return ()
    if isinstance(constant, int) and abs(constant) >= 2**63:
        return ()
    value = msgspec.json.encode(constant)
    if type_.kind == "list":
        return (value,) if isinstance(constant, str) else ()
    return (msgspec.json.encode(steps[-1].encoded) + b":" + value,)


def _holds(default: Any, steps: Sequence[_Step], constant: Any) -> bool:
    """Tell whether a value left out of the document would equal `constant`, or hold it, at `steps`."""
    for step in steps:
        default = (
            default.get(step.name) if isinstance(default, Mapping) else getattr(default, step.name, None)
        )
    return default == constant or (isinstance(default, (list, tuple)) and constant in default)


def _smallest(model: type[Record], names: Iterable[str]) -> type[msgspec.Struct]:
    """Define a struct with some of a record's fields; their types and defaults are the record's own."""
    wanted = set(names)
    chosen: list[tuple[str, Any, Any]] = []
    for info in msgspec.structs.fields(model):
        if info.name in wanted:
            options: dict[str, Any] = {"name": info.encode_name}
            if info.default is not msgspec.NODEFAULT:
                options["default"] = info.default
            if info.default_factory is not msgspec.NODEFAULT:
                options["default_factory"] = info.default_factory
            chosen.append((info.name, info.type, msgspec.field(**options)))
    # Without cycle collection: what JSON decodes to has no cycles, and 100 000 tracked objects cost a pass.
    return msgspec.defstruct(f"{model.__name__}Fields", chosen, kw_only=True, frozen=True, gc=False)
