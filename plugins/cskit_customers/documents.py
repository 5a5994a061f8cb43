"""Stored documents → the few fields a fact needs. Must not import click or a store."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from cskit import BadData
from cskit.store.protocol import Document

S = TypeVar("S", bound=msgspec.Struct)


def decoded(table: str, documents: Iterable[Document], shape: type[S]) -> Iterator[S]:
    """Decode the documents of `table` as `shape`; raises `BadData` naming the one that does not fit."""
    decode = msgspec.json.Decoder(shape).decode
    for document in documents:
        try:
            yield decode(document.raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadData(
                f"document {document.number} of table {table} cannot be read: {error}",
                "correct that document, then run the command again",
            ) from error
