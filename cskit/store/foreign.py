"""What other programs wrote into a table's file, read strictly: documents, other tables, where it is wrong.

Imported only where a file is not in our own form. Knows no history and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from cskit.errors import StorageFailed
from cskit.i18n import _
from cskit.intake import strict
from cskit.store.history import REBUILD
from cskit.store.protocol import Document

OWN = "_cskit"
_KEY = re.compile(r"0|[1-9][0-9]{0,17}")
_LINE = re.compile(r'"(?:0|[1-9][0-9]{0,17})": (.*?),?')
_ENCODER = msgspec.json.Encoder(decimal_format="number")  # a foreign number stays a number


class Damaged(StorageFailed):
    """A file that cannot be read exactly: why, and in which of its lines (0: no line alone is to blame)."""

    def __init__(self, file: str, why: str, line: int) -> None:
        said = _("{file} is damaged: {why} (line {number})") if line else _("{file} is damaged: {why}")
        super().__init__(said.format(file=file, why=why, number=line), _(REBUILD))
        self.why, self.line = why, line


class NotTinyDB(StorageFailed):
    """A file that is whole, but holds no tables of documents."""


def tables(name: str, data: bytes) -> dict[str, dict[str, Any]]:
    """Return every TinyDB table in the bytes of the file `name`.

    Raises `StorageFailed` with file, line and reason for anything that is not exact, `NotTinyDB` for another
    kind of JSON.
    """
    try:
        text = data.decode("utf-8-sig")
        content = strict.loads(text) if text.strip() else None
    except ValueError as error:
        raise Damaged(name, str(error), _line(data)) from None
    if content is None:
        raise StorageFailed(_("{file} is empty").format(file=name), _(REBUILD))
    if not _is_tinydb(content):
        said = _("{file} is not a TinyDB file").format(file=name)
        raise NotTinyDB(said, _("move it out of the data folder"))
    return dict(content)


def documents(name: str, held: Mapping[str, Any]) -> list[Document]:
    """Return a table's documents in the order of their numbers; raises `StorageFailed` for a bad number."""
    return sorted(Document(_number(name, key), encoded(value)) for key, value in held.items())


def encoded(document: Any) -> bytes:
    """Return a decoded document as it is stored."""
    return _ENCODER.encode(document)


def others(table: str, content: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the tables of a file beside its own as they stand before our tail: a line each, not closed."""
    return b"".join(
        b"},%s: {%s\n" % (msgspec.json.encode(name), encoded(held)[1:-1])
        for name, held in content.items()
        if name not in (table, OWN)
    )


def same(one: bytes | None, other: bytes | None) -> bool:
    """Tell whether two documents hold the same values, however they are written."""
    if one is None or other is None or one == other:
        return one == other
    try:
        return _equal(strict.loads(one.decode()), strict.loads(other.decode()))
    except ValueError:
        return False


def _equal(one: Any, other: Any) -> bool:
    """Compare as JSON has it: true is not 1, and a whole number no fraction."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)


def _is_tinydb(content: Any) -> bool:
    return isinstance(content, dict) and all(
        isinstance(table, dict) and all(isinstance(document, dict) for document in table.values())
        for table in content.values()
    )


def _number(name: str, key: str) -> int:
    if not _KEY.fullmatch(key):
        said = key if len(key) <= 40 else key[:39] + "…"
        why = _("{file} is damaged: {text} is not a document number").format(file=name, text=repr(said))
        raise StorageFailed(why, _(REBUILD))
    return int(key)


def _line(data: bytes) -> int:
    """Return the line that is damaged, 0 where no line alone is to blame."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            found = _LINE.fullmatch(text.rstrip("\r"))
            if found:
                strict.loads(found[1])
        except ValueError:
            return number
    return 0
