"""JSON as foreign hands may have written it: exact, or refused with what is wrong and where.

Names given twice, NaN, numbers too large or too fine, depth over 64, half a surrogate pair, U+0000.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from cskit.i18n import _, mark
from cskit.values import shown

DEPTH = 64
TOO_DEEP = mark("is nested more than 64 deep")
_OUT_OF_RANGE = mark("is a number too large or too fine")


class Fault(ValueError):
    """What makes a JSON text unfit: `message` says it of the name `column` and the `value`, where known.

    As a text it is one sentence that stands alone; the value is not repeated where it is the `whole` text.
    """

    def __init__(self, message: str, column: str = "", value: str = "", *, whole: bool = False) -> None:
        if column:
            sentence = _("the key '{name}' {fault}").format(name=column, fault=message)
        elif value and not whole:
            sentence = _("'{value}' {fault}").format(value=value, fault=message)
        else:
            sentence = message.removeprefix("is ")
        super().__init__(sentence)
        self.message = message
        self.column = column
        self.value = value


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _plain(text: str) -> str:
    """Return the beginning of a text on one line, with what cannot be printed as JSON escapes it."""
    return shown(_UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:61]))


# --- decoding ----------------------------------------------------------------------------------------------


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
        raise Fault(_("is named more than once in one object"), _plain(twice))
    return made


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(1 << 63) <= int(digits) < 1 << 63:
        raise Fault(_("is a whole number beyond 64 bits; write it as text"), value=_plain(digits))
    return int(digits)


def _fraction(digits: str) -> Decimal:
    # A short text such as 1e400000000 or 0e-400000000 must not become one that takes gigabytes to print.
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise Fault(_(_OUT_OF_RANGE), value=_plain(digits)) from None
    if not -324 <= number.adjusted() <= 308 or math.isinf(float(number)):
        raise Fault(_(_OUT_OF_RANGE), value=_plain(digits))
    return number


def _amount(digits: str) -> Decimal:
    # Decimal calculates with 28 digits: a sum would round what is larger, and rounding to cents would fail.
    number = _fraction(digits)
    if len(digits) > 100 or not -100 < number.adjusted() < 28:
        raise Fault(_(_OUT_OF_RANGE), value=_plain(digits))
    return number


def _constant(word: str) -> Any:
    raise Fault(_("is not a JSON number"), value=word)


def _decoder(fraction: Callable[[str], Decimal]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_object, parse_float=fraction, parse_int=_integer, parse_constant=_constant
    )


DECODER = _decoder(_fraction)
"""For what is kept as it stands: fractions may be whatever a double can hold, as stock TinyDB writes them."""
ROWS = _decoder(_amount)
"""For values on their way into records: fractions must be numbers one can calculate with."""
SKIPPER = json.JSONDecoder(parse_float=str, parse_int=str)
"""Finds where a value ends, whatever is wrong with it."""


def loads(text: str, decoder: json.JSONDecoder = DECODER) -> Any:
    """Decode one JSON text, with Decimal for fractions; raises `Fault` for anything that is not exact."""
    try:
        value = decoder.decode(text)
        inspect(value, text)
    except json.JSONDecodeError as error:
        line = error.lineno if error.lineno > 1 else 0
        raise Fault(not_json(error, line), value=shown(text), whole=True) from None
    except RecursionError:
        raise Fault(_(TOO_DEEP), value=shown(text), whole=True) from None
    return value


def not_json(error: json.JSONDecodeError, line: int = 0) -> str:
    """Say why and where a text stops being JSON, with the number of the `line` where that is not said yet."""
    said = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
    reason = _(said)
    if error.doc.startswith("\ufeff", error.pos):
        reason = _("unexpected byte order mark")  # invisible in an editor
    if not line:
        return _("is not JSON: {reason} at character {place}").format(reason=reason, place=error.colno)
    return _("is not JSON: {reason} at line {line}, character {place}").format(
        reason=reason, line=line, place=error.colno
    )


_PYTHON_SAYS = (
    mark("expecting value"),
    mark("expecting property name enclosed in double quotes"),
    mark("expecting ':' delimiter"),
    mark("expecting ',' delimiter"),
    mark("illegal trailing comma before end of object"),
    mark("illegal trailing comma before end of array"),
    mark("expecting a comma or the end of the array"),
    mark("extra data"),
    mark("unterminated string starting"),
    mark("invalid control character"),
    mark("invalid \\escape"),
    mark("invalid \\uXXXX escape"),
    mark("unexpected UTF-8 BOM (decode using utf-8-sig)"),
)
"""What the module json finds wrong with a text, as `not_json` writes it."""


# --- what the decoder lets through -------------------------------------------------------------------------

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def inspect(value: Any, raw: str) -> None:
    """Raise `Fault` for what the decoder lets through; most texts are cleared without looking inside."""
    if _SUSPECT.search(raw) or raw.count("{") + raw.count("[") > DEPTH or not _is_utf8(raw):
        _walk(value, 1)


def _is_utf8(raw: str) -> bool:
    """Tell whether a text can be UTF-8; a third of the time a search for surrogates takes."""
    try:
        raw.encode()
    except UnicodeEncodeError:
        return False
    return True


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Fault(_("holds the character U+0000"), value=_plain(value))
        if not value.isascii() and not _is_utf8(value):
            raise Fault(_("holds half of a surrogate pair"), value=_plain(value))
    elif isinstance(value, dict | list):
        if depth > DEPTH:
            raise Fault(_(TOO_DEEP))
        for part in value:
            _walk(part, depth + 1)
        if isinstance(value, dict):
            for part in value.values():
                _walk(part, depth + 1)
