"""Stored documents → values, and what to say of an unreadable one. Must not import click or a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec

from cskit.errors import BadData
from cskit.i18n import _, mark
from cskit.nouns import document_name

if TYPE_CHECKING:
    from cskit.store.protocol import Document

S = TypeVar("S", bound=msgspec.Struct)
_ID = re.compile(rb'\{"id": ?"([^"\\]{1,64})"')
_HINT = mark("correct that document, then run the command again")


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
            raise unreadable(table, document, _why(error)) from None
        for name in numeric:
            value = getattr(found, name)
            if value is not None and not (value.is_finite() if type(value) is Decimal else _finite(value)):
                fault = _("expected a number such as 1234.50")
                raise unreadable(table, document, _("{place}: {fault}").format(place=name, fault=fault))
        return found

    return decoded


def _why(error: Exception) -> str:
    from cskit.records.wording import explain  # which a document that can be read does without

    return explain(error)


def unreadable(table: str, document: Document, why: str) -> BadData:
    """Return the error for a document that cannot be read, which may hold anything."""
    own = _ID.match(document.raw)
    number = document.number
    named = document_name(number, table) if table else _("document {number}").format(number=number)
    if own:
        named = _("{document} ({id})").format(document=named, id=own[1].decode(errors="replace"))
    return BadData(_("{document} cannot be read: {why}").format(document=named, why=why), _(_HINT))


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
