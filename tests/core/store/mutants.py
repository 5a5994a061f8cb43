"""Disks and rules with one safeguard taken away, to show that the search through crashes would notice.

Each leaves the store's code alone and does what the code would do had its author forgotten one step.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from cskit.store import history
from cskit.store.disk import Writer
from tests.core.store.disks import Machine, Op, SeenWriter
from tests.core.store.medium import Medium

SETTLING = "data settle"
Forgets = Callable[["CarelessWriter"], bool]


class CarelessWriter(SeenWriter):
    """A writer that forgets some of its syncs and cuts."""

    def __init__(self, machine: Careless, name: str, file: int) -> None:
        super().__init__(machine, name, file)
        self.careless = machine
        self.began_empty = not machine.medium.files[file].seen.data
        self.written = False

    def write(self, data: bytes) -> None:
        super().write(data)
        self.written = True

    def sync(self) -> None:
        if self.careless.late_sync and self.of_history and self.written:
            self.careless.at_the_end.append(super().sync)
        elif not self.careless.forgets_sync(self):
            super().sync()

    def truncate(self, size: int) -> None:
        if not (self.careless.forgets_cut and self.of_history and not self.written):
            super().truncate(size)

    @property
    def of_history(self) -> bool:
        """Whether this writes the history."""
        return self.name == history.NAME


class Careless(Machine):
    """A disk that leaves out, or puts off to the end of the command, what it is told to."""

    forgets_cut = False
    forgets_folder = False
    late_sync = False
    late_folder = False
    in_place = False
    holder = ""

    def __init__(self, medium: Medium, before: Callable[[Op], None] | None = None) -> None:
        super().__init__(medium, before)
        self.at_the_end: list[Callable[[], None]] = []

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        """Tell whether a sync is left out."""
        return False

    def writer(self, name: str, file: int) -> Writer:
        return CarelessWriter(self, name, file)

    def create(self, name: str) -> Writer:
        return super().create(name.removesuffix(".new") if self.in_place else name)

    def rename(self, old: str, new: str) -> None:
        if not self.in_place:
            super().rename(old, new)

    def sync_folder(self) -> None:
        if self.late_folder:
            self.at_the_end.append(super().sync_folder)
        elif not self.forgets_folder:
            super().sync_folder()

    @contextlib.contextmanager
    def lock(self, exclusive: bool, holder: str) -> Iterator[None]:
        self.holder = holder
        with super().lock(exclusive, holder):
            yield
            while self.at_the_end:
                self.at_the_end.pop(0)()


class NoSyncAfterAppend(Careless):
    """The commit itself is never made safe."""

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        return writer.of_history and writer.written


class NoSyncBeforeAppend(Careless):
    """A killed process's entry is built on as it was found."""

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        return writer.of_history and not writer.written and self.holder != SETTLING


class NoSyncOfEmptied(Careless):
    """A history that was cut to nothing is taken for a new one."""

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        return writer.of_history and not writer.written and writer.began_empty


class NoSyncBeforeSettling(Careless):
    """Tables are brought up to an entry that may still vanish."""

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        return writer.of_history and self.holder == SETTLING


class NoSyncOfTable(Careless):
    """A table file gets its name before its bytes are safe."""

    def forgets_sync(self, writer: CarelessWriter) -> bool:
        return not writer.of_history


class NoSyncOfFolder(Careless):
    """The name of a new history is never made safe."""

    forgets_folder = True


class FolderSyncedLast(Careless):
    """The name of a new history is made safe only after entries are in it."""

    late_folder = True


class TablesBeforeCommit(Careless):
    """Tables are brought up to an entry before it is safe."""

    late_sync = True


class NoCut(Careless):
    """A torn end stays where it is, and the next entry comes after it."""

    forgets_cut = True


class TablesInPlace(Careless):
    """Tables are written under their own name from the start."""

    in_place = True


def good_without_hash(previous: history.Head, at: int, payload: bytes, line: bytes) -> history.Head | None:
    """Take a commit line at its word, as `history.good` would that never looked at the payload."""
    try:
        head = history._HEAD_DECODER.decode(line)
    except ValueError:
        return None
    fits = head.commit == previous.commit + 1 and head.prev == previous.chain
    return head if fits and head.at == at and head.bytes == len(payload) else None
