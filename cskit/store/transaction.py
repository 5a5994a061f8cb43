"""What one transaction of a data folder holds until it is saved, and its savepoints. Writes no file.

A savepoint costs what is changed inside it, however much was changed before: a batch has one for every line.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping

from cskit.errors import Conflict, CskitError, NotFound
from cskit.i18n import _
from cskit.store import lines
from cskit.store.overlay import Overlay
from cskit.store.protocol import Change, Document, Filter, Origin
from cskit.store.snapshot import Snapshot, select


class FolderTransaction:
    """What is about to become one entry of the history, or only rehearsed; reads see its own changes."""

    def __init__(self, snapshot: Snapshot, origin: Origin, *, rehearsing: bool = False) -> None:
        self._snapshot = snapshot
        self._rehearsing = rehearsing
        self._overlays: dict[str, Overlay] = {}
        self._before: dict[tuple[str, int], bytes | None] = {}
        self._next: dict[str, int] = {}
        self._points: list[_Point] = []
        self._counted: list[Change] | None = None
        self.marks: dict[str, dict[str, int]] = {}
        self.origin = origin
        self.sequence: int | None = None

    # --- reading -----------------------------------------------------------------------------------------

    def tables(self) -> list[str]:
        written = (table for table, overlay in self._overlays.items() if overlay.documents)
        return sorted({*self._snapshot.tables(), *written})

    def read(
        self,
        table: str,
        where: Filter | None = None,
        ids: Collection[str] | None = None,
        names: Collection[str] | None = None,
    ) -> Iterator[Document]:
        overlay = self._overlays.get(table) or self._snapshot.pending(table)
        return select(table, overlay, self._snapshot.files.get(table), where, ids, names)

    def tally(self, table: str, field: str | None = None) -> Mapping[bytes, int] | None:
        from cskit.store.tallies import tally

        overlay = self._overlays.get(table) or self._snapshot.pending(table)
        return tally(self._snapshot.files.get(table), overlay, field)

    def get(self, table: str, number: int) -> bytes | None:
        overlay = self._overlays.get(table)
        if overlay is None:
            return self._snapshot.get(table, number)
        if number in overlay.documents:
            return overlay.documents[number]
        file = self._snapshot.files.get(table)
        return file.get(number) if file else None

    @property
    def changes(self) -> list[Change]:
        if self._counted is None:  # asked for by everybody who looks at a transaction before it is saved
            self._counted = self.since(self._before)
        return list(self._counted)

    def since(self, before: Mapping[tuple[str, int], bytes | None]) -> list[Change]:
        """Return how documents differ from what they were `before`."""
        found = []
        for (table, number), held in before.items():
            after = self._overlays[table].documents[number]
            if held != after:
                found.append(Change(table, number, held, after))
        return found

    def state(self, table: str) -> tuple[Mapping[int, bytes | None], int, Mapping[str, int]]:
        """Return what is to be laid over the table's file, its next number, and the numbers given out."""
        overlay = self._overlays.get(table) or self._snapshot.pending(table)
        number = self._next.get(table) or self._snapshot.next_number(table)
        return overlay.documents, number, {**self._snapshot.marks(table), **self.marks.get(table, {})}

    # --- changing ----------------------------------------------------------------------------------------

    def insert(self, table: str, raw: bytes, number: int | None = None) -> int:
        overlay = self._writable(table)
        given = self._next[table]
        if number is None:
            number = given
        elif self.get(table, number) is not None:
            raise Conflict(
                _("document {number} of {table} exists already").format(number=number, table=table)
            )
        self._put(overlay, table, number, None, raw)
        self._next[table] = max(given, number + 1)
        self._remember(lambda: self._next.update({table: given}))
        return number

    def replace(self, table: str, number: int, raw: bytes) -> None:
        overlay = self._writable(table)
        self._put(overlay, table, number, self._existing(table, number), raw)

    def remove(self, table: str, number: int) -> None:
        overlay = self._writable(table)
        self._put(overlay, table, number, self._existing(table, number), None)

    def next_number(self, table: str, series: str) -> int:
        number = self._highest(table, series) + 1
        self._give(table, series, number)
        return number

    def reserve(self, table: str, series: str, number: int) -> None:
        if number > self._highest(table, series):
            self._give(table, series, number)

    def _highest(self, table: str, series: str) -> int:
        self._writable(table)
        return self.mark(table, series)

    def mark(self, table: str, series: str) -> int:
        given = self.marks.get(table)
        if given is not None and series in given:
            return given[series]
        return self._snapshot.mark(table, series)

    def _give(self, table: str, series: str, number: int) -> None:
        given = self.marks.setdefault(table, {})
        before = given.get(series)
        given[series] = number
        self._remember(lambda: given.pop(series) if before is None else given.update({series: before}))

    def _writable(self, table: str) -> Overlay:
        if table not in self._overlays:
            file = self._snapshot.files.get(table)
            if file is not None and not file.ours and not self._rehearsing:
                raise _unadopted(self._snapshot, table)
            self._overlays[table] = self._snapshot.pending(table).copy()
            self._next[table] = self._snapshot.next_number(table)
        return self._overlays[table]

    def _existing(self, table: str, number: int) -> bytes:
        raw = self.get(table, number)
        if raw is None:
            raise NotFound(_("{table} has no document {number}").format(table=table, number=number))
        return raw

    def _put(
        self, overlay: Overlay, table: str, number: int, before: bytes | None, after: bytes | None
    ) -> None:
        if after is not None and b"\n" in after:
            raise ValueError(f"a document is one line of JSON, not {after[:40]!r}")
        place = (table, number)
        if self._points:
            self._remember(overlay.keep(number))
            if place not in self._before:
                self._remember(lambda: self._before.pop(place))
            self._points[-1].before.setdefault(place, before)
        self._before.setdefault(place, before)
        self._counted = None
        overlay.put(number, after)

    # --- savepoints --------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[_Point]:
        point, origin = _Point(self), self.origin
        self._points.append(point)
        try:
            yield point
        except BaseException:
            self._points.pop()
            self._counted = None
            for step in reversed(point.steps):
                step()
            self.origin = origin
            raise
        self._points.pop()
        if self._points:
            whole = self._points[-1]
            whole.steps += point.steps
            for place, held in point.before.items():
                whole.before.setdefault(place, held)

    def before(self, point: _Point) -> Mapping[tuple[str, int], bytes | None]:
        """Return what the documents changed since a savepoint were, those of savepoints inside it as well."""
        found = dict(point.before)
        for inner in self._points[self._points.index(point) + 1 :]:
            for place, held in inner.before.items():
                found.setdefault(place, held)
        return found

    def _remember(self, step: Callable[[], object]) -> None:
        """Keep what takes the last change back, as long as a savepoint may ask for it."""
        if self._points:
            self._points[-1].steps.append(step)


def _unadopted(snapshot: Snapshot, table: str) -> CskitError:
    """Return why a file that another program wrote could not be taken over before this transaction."""
    from cskit.store.adoption import Plan

    try:
        Plan(snapshot, table)
    except CskitError as error:
        return error
    said = _("{file} was written by another program, and no plugin here keeps that table")
    return Conflict(
        said.format(file=lines.file_name(table)),
        _("`cskit data adopt {table}` takes it over, or move it out of the data folder").format(table=table),
    )


class _Point:
    """A savepoint: what the documents changed since were before, and the steps back."""

    def __init__(self, tx: FolderTransaction) -> None:
        self._tx = tx
        self.before: dict[tuple[str, int], bytes | None] = {}
        self.steps: list[Callable[[], object]] = []

    @property
    def changes(self) -> list[Change]:
        return self._tx.since(self._tx.before(self))
