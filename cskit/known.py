"""The records of a table as they were before an import, by what rows call them. Must not import click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cskit import stored
from cskit.references import Named
from cskit.store.protocol import Document, Transaction


class Known:
    """The records of a table by id and by external key, as they were before the import."""

    def __init__(self, tx: Transaction, table: str) -> None:
        self._by_id: dict[str, Document] = {}
        self._by_key: dict[str, Document] = {}
        decode = stored.decoder(table, Named)
        for document in tx.read(table):
            named = decode(document)
            self._by_id[named.id] = document
            if named.key:
                self._by_key[named.key] = document

    def has(self, name: str) -> bool:
        """Tell whether a record has this id or external key."""
        return name in self._by_id or name in self._by_key

    def find(self, values: Mapping[str, Any], content: str) -> Document | None:
        """Return the record a row means: by its id, else by its external key, else by what it holds."""
        if values.get("id"):
            return self._by_id.get(str(values["id"]))
        return self._by_key.get(content or str(values["key"]))
