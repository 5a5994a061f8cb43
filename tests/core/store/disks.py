"""A `Disk` over a simulated medium, which tells of every operation before and after it.

Must not import the store's logic.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from cskit.store.disk import Handle, Writer
from tests.core.store.medium import LEFTOVER, Cut, Effect, File, Medium, Stamp, Write

CHANGES = set("create append write truncate touch stamp sync rename remove sync_folder unlock".split())
R = TypeVar("R")


class Op(NamedTuple):
    """One operation of the store on its disk; `file` and `data` are given for writes."""

    kind: str
    name: str = ""
    file: int = -1
    data: bytes = b""


def _nothing() -> None:
    """Change nothing."""


class Machine:
    """A `Disk` over a medium; `before` is told of each operation and may raise, and so is `after`."""

    def __init__(
        self,
        medium: Medium,
        before: Callable[[Op], None] | None = None,
        after: Callable[[Op], None] | None = None,
    ) -> None:
        self.medium, self._before, self._after = medium, before, after

    def doing(self, op: Op, action: Callable[[], R]) -> R:
        """Tell of an operation, do it, and tell of it again."""
        if self._before is not None:
            self._before(op)
        result = action()
        if self._after is not None:
            self._after(op)
        return result

    def open(self, name: str) -> Handle | None:
        assert not name.endswith(LEFTOVER), "a leftover must never be read"
        return self.doing(Op("open", name), lambda: self._open(name))

    def _open(self, name: str) -> Handle | None:
        file = self.medium.names.get(name)
        return None if file is None else SeenFile(self, name, file)

    def create(self, name: str) -> Writer:
        return self.doing(Op("create", name), lambda: self._new(name))

    def append(self, name: str) -> Writer:
        file = self.medium.names.get(name)
        if file is None:
            return self.doing(Op("append", name), lambda: self._new(name))
        return self.doing(Op("append", name), lambda: self.writer(name, file))

    def _new(self, name: str) -> Writer:
        if name in self.medium.names:
            self.medium.name(name, None)
        self.medium.files.append(File())
        self.medium.name(name, len(self.medium.files) - 1)
        return self.writer(name, len(self.medium.files) - 1)

    def writer(self, name: str, file: int) -> Writer:
        """Return what writes to a file."""
        return SeenWriter(self, name, file)

    def rename(self, old: str, new: str) -> None:
        self.doing(Op("rename", new), lambda: self._rename(old, new))

    def _rename(self, old: str, new: str) -> None:
        self.medium.name(new, self.medium.names[old])
        self.medium.name(old, None)

    def remove(self, name: str) -> None:
        if name in self.medium.names:
            self.doing(Op("remove", name), lambda: self.medium.name(name, None))

    def sync_folder(self) -> None:
        self.doing(Op("sync_folder"), self.medium.sync_names)

    def touch(self, name: str, seconds: int) -> None:
        file = self.medium.names[name]
        self.doing(Op("stamp", name), lambda: self.medium.change(file, Stamp(seconds)))

    def names(self) -> list[str]:
        return self.doing(Op("names"), lambda: sorted(self.medium.names))

    @contextlib.contextmanager
    def lock(self, exclusive: bool, holder: str) -> Iterator[None]:
        self.doing(Op("lock"), _nothing)
        try:
            yield
        finally:
            self.doing(Op("unlock"), _nothing)


class SeenFile:
    """A handle on a file of a medium."""

    def __init__(self, machine: Machine, name: str, file: int) -> None:
        self._machine, self._name, self._file = machine, name, file
        seen = machine.medium.files[file].seen
        self.size, self.mtime = len(seen.data), seen.mtime * 1_000_000_000

    def read(self, offset: int, length: int) -> bytes:
        data = self._machine.medium.files[self._file].seen.data
        return self._machine.doing(Op("read", self._name), lambda: data[offset : offset + length])


class SeenWriter:
    """A writer on a file of a medium."""

    def __init__(self, machine: Machine, name: str, file: int) -> None:
        self.machine, self.name, self.file = machine, name, file

    def _change(self, op: Op, effect: Effect) -> None:
        self.machine.doing(op, lambda: self.machine.medium.change(self.file, effect))

    def write(self, data: bytes) -> None:
        end = len(self.machine.medium.files[self.file].seen.data)
        self._change(Op("write", self.name, self.file, data), Write(end, data))

    def truncate(self, size: int) -> None:
        self._change(Op("truncate", self.name), Cut(size))

    def touch(self, seconds: int) -> None:
        self._change(Op("touch", self.name), Stamp(seconds))

    def sync(self) -> None:
        self.machine.doing(Op("sync", self.name), lambda: self.machine.medium.sync(self.file))

    def close(self) -> None:
        self.machine.doing(Op("close", self.name), _nothing)
