"""Objects out of JSON text, exact or refused: names given twice, NaN, huge numbers, half surrogates."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from cskit.errors import Problem
from cskit.records import shown

DEEPEST = 64
Found = tuple[int, dict[str, Any] | None]

_SPACE = re.compile(r"[ \t\n\r]*")
_TOO_DEEP = f"is nested more than {DEEPEST} deep"
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


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_fraction, parse_int=_integer, parse_constant=_constant
)
_SKIPPER = json.JSONDecoder(parse_float=str, parse_int=str)


def _check(value: Any, raw: str) -> None:
    """Raise `Fault` for what the decoder lets through; most texts are cleared without looking inside."""
    if "\\u" in raw or raw.count("{") + raw.count("[") > DEEPEST:
        _walk(value, 1)


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Fault("holds the character U+0000", value=shown(value.replace("\0", "\\u0000")))
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Fault("holds half of a surrogate pair", value=shown(json.dumps(value)))
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise Fault(_TOO_DEEP)
        for part in value:
            _walk(part, depth + 1)
        if isinstance(value, dict):
            for part in value.values():
                _walk(part, depth + 1)


def loads(text: str) -> Any:
    """Decode one JSON text, with Decimal for fractions; raises `Fault` for anything that is not exact."""
    try:
        value = _DECODER.decode(text)
        _check(value, text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise Fault(_not_json(error, line), value=shown(text)) from None
    except RecursionError:
        raise Fault(_TOO_DEEP, value=shown(text)) from None
    return value


def objects(plain: bytes, problems: list[Problem]) -> Iterator[Found]:
    """Yield line and object of a JSON Lines text, of one array, or of objects printed over several lines.

    `plain` is UTF-8. What cannot be taken is appended to `problems` and yielded as None.
    """
    start = re.match(rb"[ \t\r\n]*(\[|\{[ \t]*\r?\n)?", plain)
    if start and start[1]:
        array = start[1] == b"["
        return _document(plain.decode(), start.end() if array else 0, array, problems)
    return _lines(plain, problems)


def _lines(plain: bytes, problems: list[Problem]) -> Iterator[Found]:
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(plain), "utf-8", newline="\n"), 1):
        text = line.strip(" \t\r\n")
        if not text:
            continue
        try:
            value = loads(text)
        except Fault as fault:
            problems.append(Problem(number, fault.column, fault.value, fault.message))
        else:
            if isinstance(value, dict):
                yield number, value
                continue
            problems.append(Problem(number, "", shown(text), "is not a JSON object"))
        yield number, None


_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_END = re.compile(r"[ \t\n\r]*\Z")
_END_OF_ARRAY = re.compile(r"[ \t\n\r]*\][ \t\n\r]*\Z")


def _document(text: str, place: int, array: bool, problems: list[Problem]) -> Iterator[Found]:
    """Yield the objects of one array that opens before `place`, or objects that simply follow one another.

    After a fault inside an element the next one is found; after broken syntax nothing is.
    """
    end, between = (_END_OF_ARRAY, _COMMA) if array else (_END, _SPACE)
    gap, line, counted = _SPACE, 1, 0
    while not end.match(text, place):
        try:
            found = gap.match(text, place)
            if not found:
                raise json.JSONDecodeError("Expecting a comma or the end of the array", text, place)
            line, counted = line + text.count("\n", counted, found.end()), found.end()
            value, place = _element(text, counted)
        except json.JSONDecodeError as error:
            problems.append(Problem(error.lineno, "", _excerpt(text, error.pos), _not_json(error)))
            yield error.lineno, None
            return
        except RecursionError:
            problems.append(Problem(line, "", _excerpt(text, counted), _TOO_DEEP))
            yield line, None
            return
        gap = between
        if isinstance(value, Fault):
            problems.append(Problem(line, value.column, value.value, value.message))
        elif not isinstance(value, dict):
            problems.append(Problem(line, "", _excerpt(text, counted), "is not a JSON object"))
        yield line, value if isinstance(value, dict) else None


def _element(text: str, place: int) -> tuple[Any, int]:
    """Return the value that begins at `place`, or the fault in it, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, place)
        _check(value, text[place:end])
    except Fault as fault:
        return fault, _SKIPPER.raw_decode(text, place)[1]
    return value, end


def _excerpt(text: str, place: int) -> str:
    return shown(text[place : place + 61])


def _not_json(error: json.JSONDecodeError, line: str = "") -> str:
    return f"is not JSON at {line}character {error.colno} ({error.msg[0].lower()}{error.msg[1:]})"
