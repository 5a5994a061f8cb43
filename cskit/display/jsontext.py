"""Rows as JSON and JSON lines. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from cskit.values import escaped, in_utc, json_encoder

if TYPE_CHECKING:
    from cskit.display.output import Column

_SHAPES = 1000
"""Of how many shapes of rows it is remembered which columns they have."""


def held(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return what a row holds under `names`, all of which it has, in their order, without what is nothing."""
    return {
        name: value if type(value) is str else in_utc(value)
        for name in names
        if (value := item[name]) is not None
    }


def _objects(items: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> Iterator[str]:
    names = [column.name for column in columns]
    shapes: dict[tuple[str, ...], list[str]] = {}  # rows have few shapes, of which each is put in order once
    encode = json_encoder()
    for item in items:
        shape = tuple(item)
        present = shapes.get(shape)
        if present is None:
            present = [name for name in names if name in item]
            if len(shapes) < _SHAPES:
                shapes[shape] = present
        yield escaped(encode(held(item, present)).decode())


def json(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO) -> int:
    """Write rows as one JSON list, a row a line, and return how many there were."""
    count = 0
    for count, line in enumerate(_objects(items, columns), 1):
        out.write((",\n  " if count > 1 else "[\n  ") + line)
    out.write("\n]\n" if count else "[]\n")
    return count


def jsonl(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], out: TextIO) -> int:
    """Write rows as JSON, one a line, and return how many there were."""
    count = 0
    for line in _objects(items, columns):
        out.write(line + "\n")
        count += 1
    return count
