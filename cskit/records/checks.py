"""Values made into a record, or everything that is wrong with them said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from cskit.errors import Problem
from cskit.i18n import _, mark
from cskit.records.declared import Field, R, fields, is_struct, kind_of, unwrap
from cskit.records.masks import HIDDEN, of_field, told
from cskit.records.wording import explain, placed

REQUIRED = mark("is required")


def build(model: type[R], values: Mapping[str, Any], line: int = 0) -> R | list[Problem]:
    """Make a record from parsed values, or list everything that is wrong with them.

    Unknown names and missing required fields count as wrong, inside parts as well. Numbers must be finite.
    """
    known = fields(model)
    said = ""
    if values.keys() <= known.keys():
        try:
            record = msgspec.convert(values, model, strict=True)
        except (msgspec.ValidationError, ValueError) as error:
            said = explain(error)
        else:
            if all(_sound(values[name], getattr(record, name)) for name in _deep(model) if name in values):
                return record
    found = _problems(known, values, line)
    return found or [Problem(line, "", "", said)]  # a check over several fields


@cache
def _deep(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """Name the fields inside of which msgspec lets something pass that `_faults` finds."""
    safe = {"text", "integer", "boolean", "date", "time", "choice"}
    return tuple(
        name
        for name, info in fields(model).items()
        if info.kind not in safe
        and (info.of is None or is_struct(info.of) or kind_of(unwrap(info.of)[1])[0] not in safe)
    )


def _sound(given: Any, made: Any) -> bool:
    """Tell whether `_faults` finds nothing; a step for each value was half of an import's time."""
    if isinstance(made, msgspec.Struct):
        if type(given) is not dict and not isinstance(given, Mapping):
            return True
        kind = type(made)
        return given.keys() <= fields(kind).keys() and all(
            _sound(given[name], getattr(made, name)) for name in _deep(kind) if name in given
        )
    if isinstance(made, list | tuple):
        return all(map(_sound, given, made))
    if isinstance(made, Mapping):
        return all(_sound(given[name], value) for name, value in made.items())
    return not isinstance(made, Decimal) or (made.is_finite() and -100 < made.adjusted() < 28)


def _faults(given: Any, made: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield where and what is wrong in a value as `made` by msgspec: NaN, infinity, names no part has."""
    if isinstance(made, Decimal):
        # Decimal reckons with 28 digits; a short text such as 1e400000000 would take gigabytes to print.
        if not made.is_finite() or not -100 < made.adjusted() < 28:
            yield path, _("expected a number such as 1234.50")
    elif isinstance(made, msgspec.Struct):
        known = fields(type(made))
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if name not in known:
                yield f"{path}.{name}", unknown_name(name, known)
            else:
                yield from _faults(value, getattr(made, name), f"{path}.{name}")
    elif isinstance(made, Mapping):
        for name, value in made.items():
            yield from _faults(given[name], value, f"{path}.{name}")
    elif isinstance(made, list | tuple):
        for place, (before, value) in enumerate(zip(given, made, strict=True)):
            yield from _faults(before, value, f"{path}[{place}]")


def _problems(known: Mapping[str, Field], values: Mapping[str, Any], line: int) -> list[Problem]:
    """Convert the fields of a bad row one by one, since msgspec stops at the first error."""
    found = []
    for name, value in values.items():
        if name not in known:
            found.append(Problem(line, name, HIDDEN, unknown_name(name, known)))  # it may be anything
            continue
        try:
            made = msgspec.convert(value, known[name].type, strict=True)
        except msgspec.ValidationError as error:
            found.append(Problem(line, name, told(of_field(known[name]), value), explain(error)))
            continue
        for path, said in _faults(value, made):
            said = placed(path.lstrip("."), said)
            found.append(Problem(line, name, told(of_field(known[name]), value), said))
    for name, info in known.items():
        if info.required and name not in values:
            found.append(Problem(line, name, "", _(REQUIRED)))
    return found


def unknown_name(name: str, known: Mapping[str, Field]) -> str:
    """Say that a record has no such field, and which one may have been meant."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return _("no such field; did you mean {name}?").format(name=near[0]) if near else _("no such field")
