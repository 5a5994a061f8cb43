"""TinyDB's own interface to a table of the store: `Query` objects, documents with doc_ids, all of it logged.

A call that changes something is a transaction of its own: all of it is saved, as one entry, or nothing.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, NoReturn, cast

import msgspec
import tinydb
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from cskit.errors import Usage
from cskit.i18n import _
from cskit.intake import strict
from cskit.store.folder import FolderStore
from cskit.store.protocol import Origin, Reading, Transaction

Fields = Mapping[str, Any] | Callable[[Any], None]
_ENCODE = msgspec.json.Encoder().encode


class FolderStorage(Storage):
    """One table of the store as a TinyDB storage: everything is read, everything is written."""

    def __init__(
        self,
        store: FolderStore,
        table: str,
        user: str | None = None,
        opened: Callable[[], AbstractContextManager[Transaction]] | None = None,
        reading: Callable[[], Reading] | None = None,
    ) -> None:
        self.store, self.table = store, table
        self._user = user
        self._opened = opened
        self.reading = reading or store.reading

    def read(self) -> dict[str, dict[str, Any]] | None:
        found = {str(d.number): msgspec.json.decode(d.raw) for d in self.reading().read(self.table)}
        return {self.table: found} if found else None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        for name, documents in data.items():
            if documents and name != self.table:
                self.refuse(name)
        wanted = {int(number): encoded(value) for number, value in data.get(self.table, {}).items()}
        with self.transaction("tinydb write") as tx:
            for document in list(tx.read(self.table)):
                raw = wanted.pop(document.number, None)
                if raw is None:
                    tx.remove(self.table, document.number)
                else:
                    tx.replace(self.table, document.number, raw)
            for number, raw in wanted.items():
                tx.insert(self.table, raw, number)

    def refuse(self, table: str) -> NoReturn:
        """Refuse another table than the one that this is."""
        said = _("this TinyDB holds the table {own}, not {other}").format(own=self.table, other=table)
        raise Usage(said, _("open another for that table"))

    def transaction(self, command: str) -> AbstractContextManager[Transaction]:
        """Open a transaction: as was given, else of the store, in the user's or the login's name."""
        if self._opened is not None:
            return self._opened()
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        user = self._user or getpass.getuser()
        return self.store.transaction(Origin(time=now, user=user, command=command))


def encoded(document: Mapping[str, Any]) -> bytes:
    """Return a document as it is stored.

    Raises `TypeError` as TinyDB's own JSON storage does, and `ValueError` for what would not come back as it
    was: NaN, integers beyond 64 bits, keys that become one, half characters.
    """
    text = json.dumps(dict(document), allow_nan=False, ensure_ascii=False)
    strict.loads(text)
    return _ENCODE(json.loads(text))


class LineTable(Table):
    """A TinyDB table whose public methods work on lines instead of the whole file."""

    default_query_cache_capacity = 0

    @property
    def _folder(self) -> FolderStorage:
        return cast(FolderStorage, self.storage)

    def _found(self, reading: Reading, cond: QueryLike | None = None) -> Iterator[Document]:
        for found in reading.read(self.name):
            document = self.document_class(msgspec.json.decode(found.raw), found.number)
            if cond is None or cond(document):
                yield document

    def _one(self, reading: Reading, number: int) -> Document | None:
        raw = reading.get(self.name, number)
        return None if raw is None else self.document_class(msgspec.json.decode(raw), number)

    # --- reading -----------------------------------------------------------------------------------------

    def all(self) -> list[Document]:
        return list(self)

    def search(self, cond: QueryLike) -> list[Document]:
        return list(self._found(self._folder.reading(), cond))

    def get(  # type: ignore[override]  # TinyDB's overloads, one per argument, as one signature
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None
    ) -> Document | list[Document] | None:
        reading = self._folder.reading()
        if doc_id is not None:
            return self._one(reading, doc_id)
        if doc_ids is not None:
            found = (self._one(reading, number) for number in sorted(set(doc_ids)))
            return [document for document in found if document is not None]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        return next(self._found(reading, cond), None)

    def contains(self, cond: QueryLike | None = None, doc_id: int | None = None) -> bool:
        if cond is None and doc_id is None:
            raise RuntimeError("You have to pass either cond or doc_id")
        return self.get(cond, doc_id) is not None

    def count(self, cond: QueryLike) -> int:
        return sum(1 for _one in self._found(self._folder.reading(), cond))

    def __len__(self) -> int:
        return sum(1 for _one in self._folder.reading().read(self.name))

    def __iter__(self) -> Iterator[Document]:
        return self._found(self._folder.reading())

    def clear_cache(self) -> None:
        """Do nothing: no query is ever cached."""

    # --- writing -----------------------------------------------------------------------------------------

    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        new = [(self._number(document), _encoded_mapping(document)) for document in documents]
        with self._folder.transaction("tinydb insert") as tx:
            return [self._insert(tx, number, raw) for number, raw in new]

    def _number(self, document: Mapping[str, Any]) -> int | None:
        """Return the doc_id that a document brings along, None where it is to get the next one."""
        if not isinstance(document, self.document_class):
            return None
        if not isinstance(document.doc_id, int) or not 0 < document.doc_id < 10**18:
            raise ValueError(f"doc_id {document.doc_id!r}: expected a whole number from 1 up")
        return document.doc_id

    def _insert(self, tx: Transaction, number: int | None, raw: bytes) -> int:
        if number is not None and tx.get(self.name, number) is not None:
            raise ValueError(f"Document with ID {number} already exists")
        return tx.insert(self.name, raw, number)

    def update(
        self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        with self._folder.transaction("tinydb update") as tx:
            return self._update(tx, fields, cond, doc_ids)

    def _update(
        self, tx: Transaction, fields: Fields, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> list[int]:
        chosen = self._chosen(tx, cond, doc_ids)
        for document in chosen:
            self._change(tx, document, fields)
        return [document.doc_id for document in chosen]

    def update_multiple(self, updates: Iterable[tuple[Fields, QueryLike]]) -> list[int]:
        wanted, changed = list(updates), []
        with self._folder.transaction("tinydb update") as tx:
            for document in list(self._found(tx)):
                for fields, cond in wanted:
                    if cond(document):
                        self._change(tx, document, fields)
                        changed.append(document.doc_id)
        return changed

    def _change(self, tx: Transaction, document: Document, fields: Fields) -> None:
        if callable(fields):
            fields(document)
        else:
            document.update(fields)
        tx.replace(self.name, document.doc_id, encoded(document))

    def _chosen(
        self, tx: Transaction, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> list[Document]:
        """Return the documents that have one of `doc_ids`, or that match, or (with neither) all."""
        if doc_ids is None:
            return list(self._found(tx, cond))
        found = (self._one(tx, number) for number in dict.fromkeys(doc_ids))
        return [document for document in found if document is not None]

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        number = self._number(document)
        if number is None and cond is None:
            raise ValueError(
                "If you don't specify a search query, you must specify a doc_id. "
                "Hint: use a table.Document object."
            )
        raw = _encoded_mapping(document)
        with self._folder.transaction("tinydb upsert") as tx:
            changed = self._update(tx, document, cond, None if number is None else [number])
            return changed or [self._insert(tx, number, raw)]

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        return self._remove("tinydb remove", cond, doc_ids)

    def truncate(self) -> None:
        self._remove("tinydb truncate", None, None)

    def _remove(self, command: str, cond: QueryLike | None, doc_ids: Iterable[int] | None) -> list[int]:
        with self._folder.transaction(command) as tx:
            chosen = [document.doc_id for document in self._chosen(tx, cond, doc_ids)]
            for number in chosen:
                tx.remove(self.name, number)
        return chosen


def _encoded_mapping(document: Mapping[str, Any]) -> bytes:
    if not isinstance(document, Mapping):
        raise ValueError("Document is not a Mapping")
    return encoded(document)


class FolderTinyDB(tinydb.TinyDB):
    """A TinyDB over one table of the store; `db.table(name)` and the bare `db` are both that table.

    Unlike in a file of TinyDB's own, a doc_id is never given out again, not even after `truncate`.

    On its own it asks no plugin before it saves. A command gives `opened=app.transaction` and
    `reading=app.reading`: then each call that changes something is one of the command's transactions, with
    vetoes, dry runs and batches, under the command's name.
    """

    table_class = LineTable

    def __init__(
        self,
        store: FolderStore,
        table: str,
        user: str | None = None,
        *,
        opened: Callable[[], AbstractContextManager[Transaction]] | None = None,
        reading: Callable[[], Reading] | None = None,
    ) -> None:
        self.default_table_name = table
        super().__init__(store, table, user, opened, reading, storage=FolderStorage)

    def table(self, name: str, **settings: Any) -> Table:
        """Return the table that this is, the only one."""
        if name != self.default_table_name:
            cast(FolderStorage, self.storage).refuse(name)
        return super().table(name, **settings)
