"""How a record type is declared, and what its fields are. Must not import click or a store.

Annotations are left as they are, not as text: a record type of forty fields is read 5 ms sooner.
"""

import datetime as dt
import types
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

Kind = Literal["text", "integer", "decimal", "boolean", "date", "time", "choice", "list", "map", "struct"]
PersonalKind = Literal["phone", "email", "address", "identity", "other"]
"""What personal data is, which decides what of it a mask shows."""
Filling = Literal["", "now", "staff"]
"""What `add` puts into a field that is not given: the present, or the staff id of who acts."""
EXTRA = "cskit"
R = TypeVar("R", bound="Record")


class Record(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A document that a table holds; record types add their fields to these.

    `id` is ours and never changes, `key` the name the record had in the file it was imported from, `schema`
    the version of the document's form.
    """

    id: str
    key: str | None = None
    schema: int = 1


class Part(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A group of fields inside a record, or one element of a list in it."""


class _Label(NamedTuple):
    """What `field` keeps beside a type until `fields` reads it back."""

    en: str
    zh: str
    unit: str
    ref: str
    create: str
    choices: Mapping[str, str]
    personal: PersonalKind | None
    owner: str
    fill: Filling


def field(
    en: str,
    zh: str,
    *,
    unit: str = "",
    ref: str = "",
    create: str = "",
    choices: Mapping[str, str] | None = None,
    personal: bool | PersonalKind = False,
    owner: str = "",
    fill: Filling = "",
    **limits: Any,
) -> msgspec.Meta:
    """Describe a record's field, inside `Annotated[type, field(…)]`.

    `en` and `zh` are its titles in tables and files; `unit` what a number counts; `ref` the table whose
    records it names (only in a text field of the record itself),
    `create` the action that makes a missing one; `choices` code → Chinese title;
    `personal` marks personal data, which is shown masked, as what it is (True: none of the kinds there are);
    `owner` names the workflow that alone may change it; `fill` says what `add` puts in where nothing is
    given. `limits` (`ge`, `le`, `min_length`, `max_length`, `pattern`) are checked by msgspec; `examples` are
    values for help pages and JSON Schema, where a text has a form.
    """
    kind = ("other" if personal else None) if isinstance(personal, bool) else personal
    if kind not in (None, *get_args(PersonalKind)):
        raise TypeError(f"personal= is one of {', '.join(get_args(PersonalKind))}, not {kind}")
    label = _Label(en, zh, unit, ref, create, dict(choices or {}), kind, owner, fill)
    return msgspec.Meta(title=en, extra={EXTRA: label}, **limits)


class Field(NamedTuple):
    """One field of a record type as the commands see it; `of` is the element's type of a list or map."""

    name: str
    type: Any
    kind: Kind
    required: bool
    default: Any
    en: str
    zh: str
    unit: str = ""
    ref: str = ""
    create: str = ""
    choices: Mapping[str, str] = types.MappingProxyType({})
    personal: PersonalKind | None = None
    owner: str = ""
    fill: Filling = ""
    of: Any = None


_PLAIN: dict[Any, Kind] = {
    str: "text",
    int: "integer",
    Decimal: "decimal",
    bool: "boolean",
    dt.date: "date",
    dt.datetime: "time",
}
_OWN = {
    "id": ("ID", "编号"),
    "key": ("External key", "外部编号"),
    "schema": ("Schema", "格式版本"),
}


@cache
def fields(model: type[msgspec.Struct]) -> Mapping[str, Field]:
    """Return the fields of a record type or part by name, in the order they were declared."""
    found = {info.name: _field(info) for info in msgspec.structs.fields(model)}
    for info in found.values():
        _check_reference(model, info)
    return found


def _check_reference(model: type[msgspec.Struct], info: Field) -> None:
    """Raise `TypeError` where a reference stands in a place in which nothing would look for it."""
    inner = unwrap(info.of)[0] if info.kind in ("list", "map") else None
    if (info.ref and (info.kind != "text" or not issubclass(model, Record))) or (inner and inner.ref):
        raise TypeError(f"{model.__name__}.{info.name}: ref= needs a text field of the record itself")
    part = unwrap(info.of)[1] if info.kind in ("list", "map", "struct") else None
    if is_struct(part) and part is not model:
        fields(part)


def _field(info: msgspec.structs.FieldInfo) -> Field:
    label, bare = unwrap(info.type)
    kind, of = kind_of(bare)
    en, zh = _OWN.get(info.name, (info.name.replace("_", " ").capitalize(), info.name))
    default = info.default if info.default is not msgspec.NODEFAULT else None
    if info.default_factory is not msgspec.NODEFAULT:
        default = info.default_factory()
    named = label or _Label(en, zh, "", "", "", {}, None, "", "")
    return Field(info.name, info.type, kind, info.required, default, *named, of)


def unwrap(hint: Any) -> tuple[_Label | None, Any]:
    """Return the label and the bare type of a field's annotation, whether optional or not."""
    label: _Label | None = None
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *metas = get_args(hint)
            for meta in metas:
                if isinstance(meta, msgspec.Meta) and meta.extra and EXTRA in meta.extra:
                    label = meta.extra[EXTRA]
        elif origin in (types.UnionType, Union):
            rest = [part for part in get_args(hint) if part is not type(None)]
            if len(rest) != 1:
                raise TypeError(f"a record's field holds one type or None, not {hint}")
            hint = rest[0]
        else:
            return label, hint


def kind_of(bare: Any) -> tuple[Kind, Any]:
    """Return what a bare type is to us, and what its elements, choices or parts are."""
    if bare in _PLAIN:
        return _PLAIN[bare], None
    origin = get_origin(bare)
    if origin is Literal:
        return "choice", get_args(bare)
    if origin in (list, tuple):
        return "list", get_args(bare)[0]
    if origin is dict:
        return "map", get_args(bare)[1]
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return "struct", bare
    raise TypeError(f"a record's field cannot hold {bare}")


def is_struct(hint: Any) -> bool:
    """Tell whether a type is a group of fields."""
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)
