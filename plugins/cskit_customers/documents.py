"""Stored documents → the few fields a fact needs. Must not import click or a store."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from cskit import stored
from cskit.store.protocol import Document

S = TypeVar("S", bound=msgspec.Struct)


def decoded(table: str, documents: Iterable[Document], shape: type[S]) -> Iterator[S]:
    """Return the documents of `table` as `shape`; raises `BadData` naming the one that does not fit."""
    return map(stored.decoder(table, shape), documents)
