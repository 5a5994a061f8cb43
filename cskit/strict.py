"""JSON as foreign hands may have written it, read without guessing or dropping anything."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

DEPTH = 64
_LIMIT = 2**63
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


def loads(text: str) -> Any:
    """Decode JSON strictly; numbers with a fraction become `Decimal`.

    Raises `ValueError` naming what is wrong: duplicate keys, NaN, depth over 64, integers beyond 64 bits,
    fractions beyond a double's range, lone surrogates, U+0000.
    """
    try:
        value = json.loads(
            text,
            parse_float=_fraction,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise ValueError(f"nested more than {DEPTH} deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    _inspect(value)
    return value


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -_LIMIT <= int(digits) < _LIMIT:
        raise ValueError(f"the integer {_short(digits)} needs more than 64 bits")
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if math.isinf(float(digits)):  # other readers take it for infinity, or refuse the whole file
        raise ValueError(f"the number {_short(digits)} is too large")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError(f"the number {_short(digits)} is too fine") from None


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:24] + "…"


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {_short(key)!r} stands twice in one object")
            seen.add(key)
    return found


def _inspect(value: Any, depth: int = 0) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise ValueError(f"the text {value[:20]!r} holds U+0000 or half a character")
    elif isinstance(value, dict | list):
        if depth >= DEPTH:
            raise ValueError(f"nested more than {DEPTH} deep")
        for part in value if isinstance(value, list) else [*value, *value.values()]:
            _inspect(part, depth + 1)
