"""What the history says that a table held, made by following it from its beginning. Reads no table file.

Costs a pass over the whole history: for files that somebody else wrote, and for looking back.
"""

from __future__ import annotations

from collections.abc import Collection

from cskit.store import history
from cskit.store.disk import Handle


class Image:
    """A table as the history has it: documents by number, the next number, the highest given by series."""

    def __init__(self) -> None:
        self.documents: dict[int, bytes] = {}
        self.next = 1
        self.marks: dict[str, int] = {}

    def size(self) -> int:
        """Return how many bytes the documents have."""
        return sum(map(len, self.documents.values()))


def replay(handle: Handle | None, head: history.Head, tables: Collection[str]) -> dict[str, Image]:
    """Return an image of each of `tables` as it was after the entry of `head`."""
    found = {table: Image() for table in tables}
    if handle is None:
        return found
    for commit in history.walk(handle, 0, history.Head()):
        if commit.head.commit > head.commit:
            break
        _follow(found, commit.payload)
    return found


def _follow(found: dict[str, Image], payload: bytes) -> None:
    only = next(iter(found)) if len(found) == 1 else None
    for change in history.changes(payload, only):
        image = found.get(change.table)
        if image is None:
            continue
        image.next = max(image.next, change.number + 1)
        if change.after is None:
            image.documents.pop(change.number, None)
        else:
            image.documents[change.number] = change.after
    given = history.header(payload)
    for table, image in found.items():
        image.next = max(image.next, given.next.get(table, 1))
        for series, number in given.marks.get(table, {}).items():
            image.marks[series] = max(number, image.marks.get(series, 0))
