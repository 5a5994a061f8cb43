"""Documents that stand before those of a table's file, found by number and by name. Knows no file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from cskit.store import names
from cskit.store.protocol import Document


class Overlay:
    """Documents that stand before those of a file: pending ones, or those of a running transaction."""

    def __init__(self) -> None:
        self.documents: dict[int, bytes | None] = {}
        self._named: names.Places | None = None  # until somebody asks by name, which an import does once

    def put(self, number: int, raw: bytes | None) -> None:
        """Let `raw` (None: nothing) stand for document `number`."""
        if raw is not None and b"\n" in raw:  # a second line would break the file and the history
            raise ValueError("a document is one line of JSON")
        if self._named is not None:
            before = self.documents.get(number)
            if before is not None:
                self._named.drop(before, number)
            if raw is not None:
                self._named.add(raw, number)
        self.documents[number] = raw

    def keep(self, number: int) -> Callable[[], None]:
        """Return what takes back that something is about to be put for document `number`."""
        known, held = number in self.documents, self.documents.get(number)

        def take_back() -> None:
            self.put(number, held)
            if not known:
                del self.documents[number]

        return take_back

    def copy(self) -> Overlay:
        """Return another that holds the same, to be changed apart from this."""
        copied = Overlay()
        copied.documents = dict(self.documents)
        copied._named = self._named and self._named.copy()
        return copied

    def over(self, below: Iterator[Document], numbers: Collection[int] | None = None) -> Iterator[Document]:
        """Yield `below` with this laid over it, in the order of numbers; of this, only `numbers`."""
        if not self.documents:
            yield from below
            return
        own = sorted(self.documents if numbers is None else numbers)
        place = 0
        for document in below:
            while place < len(own) and own[place] < document.number:
                raw = self.documents[own[place]]
                if raw is not None:
                    yield Document(own[place], raw)
                place += 1
            if document.number not in self.documents:
                yield document
        for number in own[place:]:
            raw = self.documents[number]
            if raw is not None:
                yield Document(number, raw)

    def called(self, ids: Collection[bytes], keys: Collection[bytes]) -> set[int]:
        """Return the numbers of the documents in here that have one of some ids or external keys."""
        if self._named is None:
            self._named = names.Places()
            for number, raw in self.documents.items():
                if raw is not None:
                    self._named.add(raw, number)
        return self._named.of(names.wanted(ids, keys))
