"""TOML files made into values, or one line that says where and why not. Must not import click or a store."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cskit.errors import Usage
from cskit.i18n import _

if TYPE_CHECKING:
    from decimal import Decimal

LARGEST = 1_000_000
"""Bytes; rules and settings are written by people, by hand."""
_DEEPEST = 32
_LONG_KEY = r"(?:[^\s.,=\[\]{}#]+[ \t]*\.[ \t]*){32}"  # compiled when there is a file to read
"""Keys of many parts take tomllib time with the square of their number: 20 000 parts 7 s."""


def parse(path: str, raw: bytes) -> dict[str, Any]:
    """Return what a TOML file holds, numbers with a point as Decimal; raises `Usage` naming file and line."""
    import tomllib

    if len(raw) > LARGEST:
        raise Usage(_("{file} is larger than {size} MB").format(file=path, size=LARGEST // 1_000_000))
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Usage(
            _("{file} is not UTF-8 text (byte {place})").format(file=path, place=error.start + 1)
        ) from error
    try:
        values = tomllib.loads(text, parse_float=_decimal) if not re.search(_LONG_KEY, text) else None
    except RecursionError:
        values = None
    except ValueError as error:  # of which TOMLDecodeError is one
        said, line = _place(str(error))
        where = f"{path}:{line}" if line else path
        raise Usage(_("{file} is not TOML: {fault}").format(file=where, fault=said)) from error
    if values is None or _depth(values) > _DEEPEST:
        raise Usage(_("{file} is not TOML that a person wrote: it nests too deep").format(file=path))
    return values


def _decimal(text: str) -> Decimal:
    from decimal import Decimal  # few settings are a number with a point

    return Decimal(text.replace("_", ""))


def _place(said: str) -> tuple[str, str]:
    """Split what tomllib says into its words and the line, which editors jump to when it follows the path."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", said, re.DOTALL)
    return (found[1], found[2]) if found else (said, "")


def _depth(value: Any) -> int:
    """Return how deep tables and lists lie in each other, counted level by level."""
    level, depth = [value], 0
    while level := [part for each in level for part in _parts(each)]:
        depth += 1
        if depth > _DEEPEST:
            break
    return depth


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
