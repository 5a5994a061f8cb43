"""A medium that forgets what was not synced; no real file is touched.

It keeps what POSIX promises and no more: `sync` keeps a file's bytes but not its name, `sync_names` keeps
names, and of everything else any part may survive a loss of power. Must not import the store.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator
from typing import NamedTuple

WRITTEN = 1_700_000_001  # the time of change a write leaves; odd, so that no stamp equals it
LEFTOVER = ".new"


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
