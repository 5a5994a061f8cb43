"""A medium that forgets what was not synced, and a `Disk` over it; no real file is touched.

The medium keeps what POSIX promises and no more: `sync` keeps a file's bytes but not its name, `sync_folder`
keeps names, and of everything else any part may survive a loss of power. Must not import the store's logic.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple, TypeVar

from cskit.store.disk import Handle, Writer

WRITTEN = 1_700_000_001  # the time of change a write leaves; odd, so that no stamp equals it
LEFTOVER = ".new"
CHANGES = {
    "create",
    "append",
    "write",
    "truncate",
    "touch",
    "stamp",
    "sync",
    "rename",
    "sync_folder",
    "unlock",
}
R = TypeVar("R")


class Write(NamedTuple):
    """Bytes put at a place."""

    offset: int
    data: bytes


class Cut(NamedTuple):
    """A file cut to a size."""

    size: int


class Stamp(NamedTuple):
    """A time of change that was set."""

    seconds: int


Effect = Write | Cut | Stamp


class Content(NamedTuple):
    """What a file holds and when it says it was changed."""

    data: bytes = b""
    mtime: int = WRITTEN


class File(NamedTuple):
    """An inode: as processes see it, as the medium has it, and what lies between the two."""

    seen: Content = Content()
    kept: Content = Content()
    pending: tuple[Effect, ...] = ()


def apply(content: Content, effect: Effect) -> Content:
    """Return a file's content after an effect took place in full."""
    match effect:
        case Write(offset, data):
            before = content.data[:offset].ljust(offset, b"\0")
            return Content(before + data + content.data[offset + len(data) :], WRITTEN)
        case Cut(size):
            return Content(content.data[:size].ljust(size, b"\0"), WRITTEN)
        case Stamp(seconds):
            return content._replace(mtime=seconds)


def cuts(data: bytes) -> list[int]:
    """Return where a write may tear: in its middle, before its last line, before its last byte."""
    last = data.rfind(b"\n", 0, -1)
    return sorted({place for place in (len(data) // 2, last, len(data) - 1) if 0 < place < len(data)})


def partly(content: Content, effect: Effect) -> Iterator[Content]:
    """Yield what a loss of power may make of an effect: all of it, nothing, or a torn write."""
    yield content
    yield apply(content, effect)
    if isinstance(effect, Write):
        offset, data = effect
        yield apply(content, Write(offset, bytes(len(data))))
        for cut in cuts(data):
            yield apply(content, Write(offset, data[:cut]))
            yield apply(content, Write(offset, data[:cut] + bytes(len(data) - cut)))
            yield apply(content, Write(offset, bytes(cut) + data[cut:]))


def remains(content: Content, pending: tuple[Effect, ...]) -> Iterator[Content]:
    """Yield what may be left of a file: every subset of its pending effects, each whole or torn."""
    if not pending:
        yield content
        return
    for one in partly(content, pending[0]):
        yield from remains(one, pending[1:])


class Medium:
    """The files and names of one folder: what processes see, and what a loss of power would leave."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.names: dict[str, int] = {}
        self.kept: dict[str, int] = {}
        self.pending: tuple[tuple[str, int | None], ...] = ()

    def copy(self) -> Medium:
        """Return another medium in the same state."""
        other = Medium()
        other.files, other.names = list(self.files), dict(self.names)
        other.kept, other.pending = dict(self.kept), self.pending
        return other

    def change(self, file: int, effect: Effect) -> None:
        """Let an effect be seen, and be kept some time."""
        seen, kept, pending = self.files[file]
        self.files[file] = File(apply(seen, effect), kept, (*pending, effect))

    def sync(self, file: int) -> None:
        """Keep what is seen of a file."""
        seen = self.files[file].seen
        self.files[file] = File(seen, seen)

    def name(self, name: str, file: int | None) -> None:
        """Let a name stand for a file, or for none."""
        if file is None:
            self.names.pop(name, None)
        else:
            self.names[name] = file
        self.pending += ((name, file),)

    def sync_names(self) -> None:
        """Keep the names as they are seen."""
        self.kept, self.pending = dict(self.names), ()

    def key(self) -> Hashable:
        """Return what tells this state from others, whatever numbers its files have.

        Of the pending effects on a name any may be the last kept, so their order does not matter; nor do
        leftovers of table files, which are never read (`Machine.open` refuses to) but replaced.
        """
        order: dict[int | None, int] = {None: -1}
        may_be = self._may_be()
        named = [name for name in sorted({*self.names, *may_be}) if not name.endswith(LEFTOVER)]
        parts: list[Hashable] = []
        for name in named:
            files = (self.names.get(name), *may_be.get(name, ()))
            parts.append((name, tuple(order.setdefault(file, len(order)) for file in files)))
        return tuple(parts), tuple(self.files[file] for file in order if file is not None)

    def shown(self) -> Hashable:
        """Return what processes can see, which is all that reading depends on."""
        named = sorted(name for name in self.names if not name.endswith(LEFTOVER))
        return tuple((name, self.files[self.names[name]].seen) for name in named)

    def _may_be(self) -> dict[str, dict[int | None, None]]:
        """Return for each name the files that a loss of power now may leave it with."""
        found: dict[str, dict[int | None, None]] = {n: {f: None} for n, f in self.kept.items()}
        for name, file in self.pending:
            found.setdefault(name, {None: None})[file] = None
        return found

    def power_lost(self) -> Iterator[Medium]:
        """Yield every state that may be found after a loss of power now.

        Leftovers of table files are there in every second one.
        """
        found = self._may_be()
        left = [name for name in found if name.endswith(LEFTOVER)]
        names = [name for name in found if not name.endswith(LEFTOVER)]
        turn = itertools.cycle((False, True))
        for choice in itertools.product(*(found[name] for name in names)):
            chosen = {n: f for n, f in zip(names, choice, strict=True) if f is not None}
            numbers = sorted(set(chosen.values()))
            files = (remains(self.files[f].kept, self.files[f].pending) for f in numbers)
            for contents in itertools.product(*files):
                state = _settled(chosen, dict(zip(numbers, contents, strict=True)))
                yield _with_leftovers(state, left) if next(turn) else state


def _settled(names: dict[str, int], contents: dict[int, Content]) -> Medium:
    medium = Medium()
    order = {file: place for place, file in enumerate(contents)}
    medium.files = [File(content, content) for content in contents.values()]
    medium.names = {name: order[file] for name, file in names.items()}
    medium.kept = dict(medium.names)
    return medium


def _with_leftovers(state: Medium, names: list[str]) -> Medium:
    for name in names:
        state.files.append(File())
        state.names[name] = state.kept[name] = len(state.files) - 1
    return state


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
