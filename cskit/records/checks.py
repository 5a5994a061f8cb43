"""Values made into a record, or everything that is wrong with them said at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from cskit.errors import Problem
from cskit.i18n import _, mark
from cskit.records.declared import Field, R, fields, is_struct, kind_of, unwrap
from cskit.records.masks import HIDDEN, of_field, told

REQUIRED = mark("is required")
MESSAGES = (  # compiled when a value is bad, which is seldom
    (r"Expected `str` of length >= 1\b", mark("must not be empty")),
    (r"Expected `(?:str|array|object)` of length (.+?)(?: - at|$)", mark("expected a length {0}")),
    (r"Expected `(?:int|float|decimal)` (>=|<=|>|<) (\S+)", mark("expected a number {0} {1}")),
    (r"Expected `str` matching regex (.+?)(?: - at|$)", mark("expected text of the form {0}")),
    (r"Invalid enum value", mark("is not one of the choices")),
    (r"Invalid RFC3339 encoded date\b", mark("expected a date such as 2026-11-22")),
    (r"Invalid RFC3339 encoded datetime", mark("expected a time such as 2026-11-22T16:30:00Z")),
    (
        r"Expected `datetime` with a timezone",
        mark("expected a time with an offset, such as …T16:30:00Z"),
    ),
    (r"Invalid decimal string", mark("expected a number such as 1234.50")),
    (r"Object missing required field `(\w+)`", mark("needs {0}")),
    (r"Object contains unknown field `(.+?)`", mark("has no field {0}")),
    (r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", mark("expected {0}, not {1}")),
)


def explain(error: Exception) -> str:
    """Return what msgspec found wrong in our words."""
    text = str(error)
    for pattern, message in MESSAGES:
        found = re.search(pattern, text)
        if found:
            path = text.partition(" - at `$")[2].rstrip("`").lstrip(".")
            return placed(path, _(message).format(*found.groups()))
    return text


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
            deep = (name for name in _deep(model) if name in values)
            if not any(True for name in deep for _fault in _faults(values[name], getattr(record, name))):
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


def placed(path: str, said: str) -> str:
    """Return what is wrong at a place inside a value, "" for the value itself."""
    return _("{place}: {fault}").format(place=path, fault=said) if path else said
