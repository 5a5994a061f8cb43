"""Stored documents → values, and what to say of an unreadable one. Must not import click or a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec

from cskit.errors import BadData

if TYPE_CHECKING:
    from cskit.store.protocol import Document

S = TypeVar("S", bound=msgspec.Struct)
_ID = re.compile(rb'\{"id": ?"([^"\\]{1,64})"')
_HINT = "correct that document, then run the command again"


def decoder(table: str, model: type[S]) -> Callable[[Document], S]:
    """Return what decodes the documents of a table, "" where it is not known, as `model`.

    It raises `BadData` naming the document that does not fit. Numbers must be finite: msgspec takes "NaN",
    which no order, condition or JSON does.
    """
    decode = msgspec.json.Decoder(model).decode
    numeric = _numeric(model)

    def decoded(document: Document) -> S:
        try:
            found = decode(document.raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise unreadable(table, document, str(error)) from None
        for name in numeric:
            value = getattr(found, name)
            if value is not None and not (value.is_finite() if type(value) is Decimal else _finite(value)):
                raise unreadable(table, document, f"Expected a finite number - at `$.{name}`")
        return found

    return decoded


def unreadable(table: str, document: Document, why: str) -> BadData:
    """Return the error for a document that cannot be read, which may hold anything."""
    own = _ID.match(document.raw)
    named = f" ({own[1].decode(errors='replace')})" if own else ""
    where = f" of table {table}" if table else ""
    return BadData(f"document {document.number}{where}{named} cannot be read: {why}", _HINT)


@cache
def _numeric(model: type[msgspec.Struct]) -> tuple[str, ...]:
    """Name the fields that hold decimals, or parts that do; looking at the others would take time."""
    return tuple(info.name for info in msgspec.structs.fields(model) if _holds_decimal(info.type))


def _holds_decimal(hint: Any) -> bool:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_numeric(hint))
    return hint is Decimal or any(_holds_decimal(part) for part in get_args(hint))


def _finite(value: Any) -> bool:
    return all(number.is_finite() for number in _decimals(value))


def _decimals(value: Any) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in _numeric(type(value)):
            yield from _decimals(getattr(value, name))
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _decimals(part)
