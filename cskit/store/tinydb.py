"""TinyDB's own interface to a table of the store: `Query` objects, documents with doc_ids, all of it logged.

A call that changes something is a transaction of its own.
"""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import msgspec
import tinydb
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from cskit.errors import Usage
from cskit.store.folder import FolderStore, FolderTransaction
from cskit.store.protocol import Origin

Fields = Mapping[str, Any] | Callable[[Any], None]
_ENCODE = msgspec.json.Encoder().encode


class FolderStorage(Storage):
    """One table of the store as a TinyDB storage: everything is read, everything is written."""

    def __init__(self, store: FolderStore, table: str) -> None:
        self.store, self.table = store, table

    def read(self) -> dict[str, dict[str, Any]] | None:
        found = {str(d.number): msgspec.json.decode(d.raw) for d in self.store.reading().read(self.table)}
        return {self.table: found} if found else None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        if any(documents for name, documents in data.items() if name != self.table):
            raise Usage(f"{self.table}.json holds the table {self.table} and no other")
        wanted = {int(number): dict(value) for number, value in data.get(self.table, {}).items()}
        with self.transaction("tinydb write") as tx:
            for document in list(tx.read(self.table)):
                value = wanted.pop(document.number, None)
                if value is None:
                    tx.remove(self.table, document.number)
                elif value != msgspec.json.decode(document.raw):
                    tx.replace(self.table, document.number, _ENCODE(value))
            for number, value in wanted.items():
                tx.insert(self.table, _ENCODE(value), number)

    def transaction(self, command: str) -> Any:
        """Open a transaction of the store in the name of the operating system's user."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        return self.store.transaction(Origin(time=now, user=getpass.getuser(), command=command))


class LineTable(Table):
    """A TinyDB table whose public methods work on lines instead of the whole file."""

    default_query_cache_capacity = 0

    @property
    def _folder(self) -> FolderStorage:
        return cast(FolderStorage, self.storage)

    def _found(self, cond: QueryLike | None = None, reading: Any = None) -> Iterator[Document]:
        for found in (reading or self._folder.store.reading()).read(self.name):
            document = self.document_class(msgspec.json.decode(found.raw), found.number)
            if cond is None or cond(document):
                yield document

    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        numbers = []
        with self._folder.transaction("tinydb insert") as tx:
            for document in documents:
                if not isinstance(document, Mapping):
                    raise ValueError("Document is not a Mapping")
                number = document.doc_id if isinstance(document, Document) else None
                if number is not None and tx.get(self.name, number) is not None:
                    raise ValueError(f"Document with ID {number} already exists")
                numbers.append(tx.insert(self.name, _ENCODE(dict(document)), number))
        return numbers

    def all(self) -> list[Document]:
        return list(self._found())

    def search(self, cond: QueryLike) -> list[Document]:
        return list(self._found(cond))

    def get(  # type: ignore[override]  # TinyDB's overloads, one per argument, as one signature
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> Document | list[Document] | None:
        reading = self._folder.store.reading()
        if doc_id is not None:
            return self._one(reading, doc_id)
        if doc_ids is not None:
            found = (self._one(reading, number) for number in doc_ids)
            return [document for document in found if document is not None]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        return next(self._found(cond, reading), None)

    def _one(self, reading: Any, number: int) -> Document | None:
        raw = reading.get(self.name, number)
        return None if raw is None else self.document_class(msgspec.json.decode(raw), number)

    def contains(self, cond: QueryLike | None = None, doc_id: int | None = None) -> bool:
        return self.get(cond, doc_id) is not None

    def count(self, cond: QueryLike) -> int:
        return sum(1 for _ in self._found(cond))

    def update(
        self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        with self._folder.transaction("tinydb update") as tx:
            return self._update(tx, fields, cond, doc_ids)

    def update_multiple(self, updates: Iterable[tuple[Fields, QueryLike]]) -> list[int]:
        with self._folder.transaction("tinydb update") as tx:
            return [number for fields, cond in updates for number in self._update(tx, fields, cond, None)]

    def _update(
        self, tx: FolderTransaction, fields: Fields, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> list[int]:
        changed = []
        for document in self._chosen(tx, cond, doc_ids):
            if callable(fields):
                fields(document)
            else:
                document.update(fields)
            tx.replace(self.name, document.doc_id, _ENCODE(dict(document)))
            changed.append(document.doc_id)
        return changed

    def _chosen(
        self, tx: FolderTransaction, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> list[Document]:
        if doc_ids is None:
            return list(self._found(cond, tx))
        found = []
        for number in doc_ids:
            document = self._one(tx, number)
            if document is None:
                raise KeyError(number)
            found.append(document)
        return found

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        number = document.doc_id if isinstance(document, Document) else None
        if number is None and cond is None:
            raise ValueError(
                "give a query, or a tinydb.table.Document, which carries the doc_id to update or insert"
            )
        with self._folder.transaction("tinydb upsert") as tx:
            if number is not None:
                known = tx.get(self.name, number) is not None
                changed = self._update(tx, document, None, [number]) if known else []
            else:
                changed = self._update(tx, document, cond, None)
            return changed or [tx.insert(self.name, _ENCODE(dict(document)), number)]

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        with self._folder.transaction("tinydb remove") as tx:
            chosen = [document.doc_id for document in self._chosen(tx, cond, doc_ids)]
            for number in chosen:
                tx.remove(self.name, number)
        return chosen

    def truncate(self) -> None:
        with self._folder.transaction("tinydb truncate") as tx:
            for document in list(tx.read(self.name)):
                tx.remove(self.name, document.number)

    def clear_cache(self) -> None:
        """Do nothing: no query is ever cached."""

    def __len__(self) -> int:
        return sum(1 for _ in self._folder.store.reading().read(self.name))

    def __iter__(self) -> Iterator[Document]:
        return self._found()


class FolderTinyDB(tinydb.TinyDB):
    """A TinyDB over one table of the store; `db.table(name)` and the bare `db` are both that table."""

    table_class = LineTable

    def __init__(self, store: FolderStore, table: str) -> None:
        self.default_table_name = table
        super().__init__(store, table, storage=FolderStorage)
