"""Records that others name, looked up by id: one alone, or all at once where several are asked for.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit.store.protocol import Reading

CUSTOMERS = "customers"
T = TypeVar("T", bound=msgspec.Struct)


class Lookup(Generic[T]):
    """The records of one table: the first asked for is read alone, a second brings the whole table.

    A command about one record reads one; an import of a thousand reads the table once.
    """

    def __init__(self, reading: Reading, table: str, model: type[T]) -> None:
        self._reading, self._table = reading, table
        self._decode = decoder(table, model)
        self._found: dict[str, T] = {}
        self._asked: set[str] = set()
        self._whole = False

    def get(self, own: Any) -> T | None:
        """Return the record with an id, None where there is none, or `own` is no id."""
        if not isinstance(own, str):
            return None
        if not self._whole and own not in self._asked:
            self._whole = bool(self._asked)
            ids = None if self._whole else [own]
            for document in self._reading.read(self._table, ids=ids):
                one: Any = self._decode(document)
                self._found[one.id] = one
            self._asked.add(own)
        return self._found.get(own)


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str = ""


def names(reading: Reading, ids: Collection[str]) -> dict[str, str]:
    """Return what some customers are called, where a register says so."""
    found = map(decoder(CUSTOMERS, _Named), reading.read(CUSTOMERS, ids=sorted(ids)))
    return {one.id: one.name for one in found}
