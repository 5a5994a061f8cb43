"""JSON as foreign hands may have written it: exact, or refused with what is wrong and where.

Names given twice, NaN, numbers too large or too fine, depth over 64, half a surrogate pair, U+0000.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from cskit.records import shown

DEPTH = 64
TOO_DEEP = f"is nested more than {DEPTH} deep"
_DIGITS = 28
_FINEST = 100
_HUGE = Decimal(f"1e{_DIGITS}")


class Fault(ValueError):
    """What makes a JSON text unfit: `message` says it of the name `column` and the `value`, where known."""

    def __init__(self, message: str, column: str = "", value: str = "") -> None:
        super().__init__(" ".join(part for part in (column, value, message) if part))
        self.message = message
        self.column = column
        self.value = value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise Fault("is named more than once in one object", twice)
    return made


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(1 << 63) <= int(digits) < 1 << 63:
        raise Fault("is a whole number beyond 64 bits; write it as text", value=shown(digits))
    return int(digits)


def _fraction(digits: str) -> Decimal:
    # A short text such as 1e400000000 must not become a number that takes gigabytes to print.
    try:
        number = Decimal(digits)
    except InvalidOperation:
        number = _HUGE
    if len(digits) > _FINEST or not -_FINEST < number.adjusted() < _DIGITS:
        raise Fault("is a number too large or too fine", value=shown(digits))
    return number


def _constant(word: str) -> Any:
    raise Fault("is not a JSON number", value=word)


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_fraction, parse_int=_integer, parse_constant=_constant
)
SKIPPER = json.JSONDecoder(parse_float=str, parse_int=str)


def inspect(value: Any, raw: str) -> None:
    """Raise `Fault` for what the decoder lets through; most texts are cleared without looking inside."""
    if "\\u" in raw or raw.count("{") + raw.count("[") > DEPTH:
        _walk(value, 1)


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Fault("holds the character U+0000", value=shown(value.replace("\0", "\\u0000")))
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Fault("holds half of a surrogate pair", value=shown(json.dumps(value)))
    elif isinstance(value, dict | list):
        if depth > DEPTH:
            raise Fault(TOO_DEEP)
        for part in value:
            _walk(part, depth + 1)
        if isinstance(value, dict):
            for part in value.values():
                _walk(part, depth + 1)


def loads(text: str) -> Any:
    """Decode one JSON text, with Decimal for fractions; raises `Fault` for anything that is not exact."""
    try:
        value = DECODER.decode(text)
        inspect(value, text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise Fault(not_json(error, line), value=shown(text)) from None
    except RecursionError:
        raise Fault(TOO_DEEP, value=shown(text)) from None
    return value


def not_json(error: json.JSONDecodeError, line: str = "") -> str:
    """Say where a text stops being JSON."""
    return f"is not JSON at {line}character {error.colno} ({error.msg[0].lower()}{error.msg[1:]})"
