"""Objects out of the JSON of a file: one a line, one array, or printed over several lines."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from cskit.errors import Problem
from cskit.i18n import _
from cskit.intake import strict
from cskit.values import shown

Found = tuple[int, dict[str, Any] | None]

_SPACE = re.compile(r"[ \t\n\r]*")


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
            value = strict.loads(text, strict.ROWS)
        except strict.Fault as fault:
            problems.append(Problem(number, fault.column, fault.value, fault.message))
        else:
            if isinstance(value, dict):
                yield number, value
                continue
            problems.append(Problem(number, "", shown(text), _("is not a JSON object")))
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
            problems.append(Problem(error.lineno, "", _excerpt(text, error.pos), strict.not_json(error)))
            yield error.lineno, None
            return
        except RecursionError:
            problems.append(Problem(line, "", _excerpt(text, counted), _(strict.TOO_DEEP)))
            yield line, None
            return
        gap = between
        if isinstance(value, strict.Fault):
            problems.append(Problem(line, value.column, value.value, value.message))
        elif not isinstance(value, dict):
            problems.append(Problem(line, "", _excerpt(text, counted), _("is not a JSON object")))
        yield line, value if isinstance(value, dict) else None


def _element(text: str, place: int) -> tuple[Any, int]:
    """Return the value that begins at `place`, or the fault in it, and where it ends."""
    try:
        value, end = strict.ROWS.raw_decode(text, place)
        strict.inspect(value, text[place:end])
    except strict.Fault as fault:
        return fault, strict.SKIPPER.raw_decode(text, place)[1]
    return value, end


def _excerpt(text: str, place: int) -> str:
    return shown(text[place : place + 61])
