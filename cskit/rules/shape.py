"""Whether what a rule file holds fits its model: everything that is wrong, by its place in the file.

msgspec stops at the first error and speaks of types; whoever writes rules wants all of it, in words.
Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from cskit import i18n
from cskit.i18n import _, mark
from cskit.plugins.isolation import nearest
from cskit.records.declared import is_struct, unwrap
from cskit.records.wording import explain
from cskit.values import shown


class Label(msgspec.Struct, frozen=True):
    """A text in both languages, as a rule file has it: `label = { en = "Filter", zh = "滤芯" }`."""

    en: str
    zh: str

    def __str__(self) -> str:
        return i18n.label(self.en, self.zh)


_EXPECTED: Mapping[Any, str] = {
    str: mark("expected text, not {value}"),
    int: mark("expected a whole number, not {value}"),
    Decimal: mark("expected a number, not {value}"),
    float: mark("expected a number, not {value}"),
    bool: mark("expected true or false, not {value}"),
    dt.date: mark("expected a date such as 2026-11-22, not {value}"),
    dt.time: mark("expected a time of day such as 09:30:00, not {value}"),
    dt.datetime: mark("expected a time such as 2026-11-22T16:30:00+08:00, not {value}"),
    list: mark("expected a list, not {value}"),
    dict: mark("expected a table of keys and values, not {value}"),
}


def faults(hint: Any, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield key path and message for everything in `value` that does not fit the type `hint`."""
    bare = _bare(hint)
    inside: list[tuple[str, str]] = []
    if is_struct(bare):
        inside = list(_in_struct(bare, value, path))
    elif get_origin(bare) in (list, tuple, set, frozenset):
        inside = list(_in_list(get_args(bare)[0], value, path))
    elif get_origin(bare) is dict:
        inside = list(_in_table(get_args(bare)[1], value, path))
    elif isinstance(value, Decimal) and not value.is_finite():
        inside = [(path, _expected(Decimal, value))]
    if inside:
        yield from inside
        return
    try:
        msgspec.convert(value, hint, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        yield path, _said(bare, value, error)


def join(path: str, key: str) -> str:
    """Return the path of a key inside another."""
    return f"{path}.{key}" if path else key


def _bare(hint: Any) -> Any:
    try:
        return unwrap(hint)[1]
    except TypeError:  # one of several types: as a whole it fits or not
        return hint


def _in_struct(model: type[msgspec.Struct], value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, _expected(dict, value)
        return
    known = _fields(model)
    for key in value:
        if key not in known:
            yield join(path, key), _unknown(key, known)
    for key, info in known.items():
        if key in value:
            yield from faults(info.type, value[key], join(path, key))
        elif info.required:
            yield join(path, key), _("is missing")


@cache
def _fields(model: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """Return a struct's fields by key; a file has the same few structs hundreds of times."""
    return {info.encode_name: info for info in msgspec.structs.fields(model)}


def _unknown(key: str, known: Mapping[str, Any]) -> str:
    near = nearest(key, known)
    if near:
        return _("there is no such key; did you mean '{near}'?").format(near=near)
    return _("there is no such key; there are {known}").format(known=", ".join(known))


def _in_list(of: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, _expected(list, value)
        return
    for place, part in enumerate(value, 1):
        yield from faults(of, part, f"{path}[{place}]")


def _in_table(of: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, _expected(dict, value)
        return
    for key, part in value.items():
        yield from faults(of, part, join(path, key))


def _expected(kind: Any, value: Any) -> str:
    return _(_EXPECTED[kind]).format(value=_quoted(value))


def _said(bare: Any, value: Any, error: Exception) -> str:
    """Say what was expected where the type is wrong, what else is wrong where it is right."""
    if get_origin(bare) is Literal:
        known = [str(choice) for choice in get_args(bare)]
        near = nearest(str(value), known)
        if near:
            return _("{value} is not one of the choices; did you mean '{near}'?").format(
                value=_quoted(value), near=near
            )
        return _("{value} is not one of {known}").format(value=_quoted(value), known=", ".join(known))
    if bare in _EXPECTED and not _is(value, bare):
        return _expected(bare, value)
    return explain(error)


def _is(value: Any, kind: Any) -> bool:
    if kind in (Decimal, float):
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if kind is dt.date:
        return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return type(value) is kind


def _quoted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{shown(value)}'" if isinstance(value, str) else shown(str(value))
