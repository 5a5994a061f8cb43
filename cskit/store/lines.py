"""The form of a table file: a TinyDB file with one document a line and a tail that says where it stands.

    {"customers": {
    "1": {"id":"C-000001",…},
    "2": {"id":"C-000002",…}
    },"_cskit": {"1":{"table":"customers","seq":42,…}}}

Documents stand in the order of their numbers, so that one is found by halving.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec

from cskit.digests import blake2b
from cskit.errors import StorageFailed
from cskit.i18n import _
from cskit.store import history, names
from cskit.store.disk import Handle
from cskit.store.names import Places
from cskit.store.protocol import Document

BLOCK = 1 << 20
NEAR = 1 << 16
PATIENCE = 20  # so many searches of a file for a text take as long as noting where each name in it stands
MET = 10_000  # of so many documents that were found it is remembered where they stand
SMALL = 1 << 20  # a table file up to here is rewritten at every commit: 3 ms, and git sees each change
TAIL = b'},"_cskit": {"1":'
TAIL_END = b"}}\n"
_COMMA = ord(",")
_made = tuple.__new__
"""Makes a document without a named tuple's own step in Python."""
_Count = Annotated[int, msgspec.Meta(ge=0)]


class Tail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last line of a table file: the place in the history that its documents stand at.

    `at` is the length of the history up to there and `commit` its chain; `next` the number the next document
    gets, `marks` the numbers given out so far by series; `sum` the hash of all lines above and of the rest of
    this one; `stamp` the file's own time of change, by which a change by another program shows. `others` is
    how many bytes of other tables, which another program put into the file, stand before the tail.
    """

    table: str
    seq: _Count
    at: _Count
    commit: str
    next: _Count
    marks: dict[str, int]
    sum: str
    stamp: int
    others: _Count = 0


_TAIL_DECODER = msgspec.json.Decoder(Tail, strict=True)


def header(table: str) -> bytes:
    """Return a table file's first line."""
    return b'{"%s": {\n' % table.encode()


def file_name(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.json"


class TableFile:
    """A table's file as it was opened: in our own form, or `foreign`, written by somebody else."""

    def __init__(self, table: str, handle: Handle) -> None:
        self.table, self.handle = table, handle
        self.start = len(header(table))
        self.tail, self.end, self.foot = self._find_tail()
        self.stamped = self.tail is not None and handle.mtime == self.tail.stamp * 1_000_000_000
        self._ours: bool | None = True if self.stamped else None
        self._foreign: list[Document] | None = None
        self._places: Places | None = None
        self._passes = 0
        self._last = 0
        self._near: tuple[int, bytes] = (0, b"")
        self._met: dict[int, int] = {}  # where documents that were searched for begin

    @property
    def ours(self) -> bool:
        """Whether the lines are as this program wrote them; a changed time alone does not matter."""
        if self._ours is None:
            self._ours = self.tail is not None and self._sum() == self.tail.sum
        return self._ours

    def _find_tail(self) -> tuple[Tail | None, int, int]:
        """Return the tail, where the documents end, and where it begins; between them stand other tables."""
        size = self.handle.size
        window = min(size, 4096)
        while True:
            data = self.handle.read(size - window, window)
            place = data.rfind(TAIL)
            if place > 0 or window == size:  # at 0 the line end before it has not been read yet
                break
            window = min(size, window * 8)
        if place < 1 or not data.endswith(TAIL_END) or data[place - 1 : place] != b"\n":
            return None, 0, 0
        foot = size - window + place
        if foot < self.start or self.handle.read(0, self.start) != header(self.table):
            return None, 0, 0
        try:
            tail = _TAIL_DECODER.decode(data[place + len(TAIL) : -len(TAIL_END)])
        except msgspec.MsgspecError:
            return None, 0, 0
        end = foot - tail.others
        fits = end == foot or (end >= self.start and self.handle.read(end - 1, 4) == b'\n},"')
        return (tail, end, foot) if fits and tail.table == self.table else (None, 0, 0)

    def _sum(self) -> str:
        digest = new_sum()
        for offset in range(0, self.foot, BLOCK):
            digest.update(self.span(offset, min(BLOCK, self.foot - offset)))
        return sealed(self.tail, digest) if self.tail else ""

    def span(self, offset: int, length: int) -> bytes:
        """Return exactly `length` bytes from `offset`."""
        data = self.handle.read(offset, length)
        if len(data) < length:  # another program cuts files in place, under a handle that is open
            said = _("{file} ends too early").format(file=file_name(self.table))
            raise StorageFailed(said, _("run the command again"))
        return data

    # --- reading our own form ----------------------------------------------------------------------------

    def lines(self, anchors: Sequence[bytes] = ()) -> Iterator[Document]:
        """Yield the documents whose text holds every one of `anchors`, in the order of their numbers."""
        if not self.ours:
            yield from (d for d in self.foreign() if all(anchor in d.raw for anchor in anchors))
            return
        rarest, begin = list[bytes](), self.start
        try:
            for block in self.blocks():
                if not anchors:
                    for line in block.split(b"\n"):
                        if line:  # as `_document` does, written out: every whole reading passes here
                            quote = line.index(b'"', 1)
                            raw = line[quote + 3 : -1] if line[-1] == _COMMA else line[quote + 3 :]
                            yield _made(Document, (int(line[1:quote]), raw))
                else:
                    rarest = rarest or sorted(anchors, key=block.count)  # in the first, for all
                    for document, place in _candidates(block, rarest):
                        if len(self._met) < MET:
                            self._met[document.number] = begin + place
                        yield document
                begin += len(block)
        except ValueError:
            raise self._no_number() from None

    def blocks(self) -> Iterator[bytes]:
        """Yield the file's lines in blocks that end at a line's end."""
        offset, rest = self.start, b""
        while offset < self.end:
            data = self.span(offset, min(BLOCK, self.end - offset))
            offset += len(data)
            cut = data.rfind(b"\n") + 1
            if cut:
                yield rest + data[:cut] if rest else data[:cut]
                rest = data[cut:]
            else:
                rest += data

    def find(self, ids: Iterable[bytes], keys: Iterable[bytes] = ()) -> Iterator[Document]:
        """Yield the documents with one of some ids or external keys, in the order of their numbers.

        Names are JSON text. A key that is found as an id is not looked for any further.
        """
        wanted, external = set(ids), set(keys)
        if not self.ours:
            yield from (d for d in self.foreign() if _called(d.raw, wanted, external))
            return
        found = []
        for text in list(wanted) if len(wanted) <= 64 else ():
            guess = self._guess(text)
            if guess is not None:
                found.append(guess)
                wanted.discard(text)
                external.discard(text)
        if wanted or external:
            found += self._named(wanted, external)
        yield from sorted(set(found))

    def _named(self, ids: set[bytes], keys: set[bytes]) -> Iterator[Document]:
        """Look through the file a few times; then note where all names stand, which costs as much."""
        if self._places is None and self._passes >= PATIENCE:
            self._places = self._noted()
        if self._places is not None:
            for begin in self._places.of(names.wanted(ids, keys)):
                yield _document(self.line(begin).rstrip(b"\n"))
            return
        texts = ids | keys
        if len(texts) > PATIENCE:
            self._passes += PATIENCE
            yield from (d for d in self.lines() if _called(d.raw, ids, keys))
            return
        self._passes += len(texts)
        for text in texts:
            anchor = text if text in keys else b'"id":' + text
            yield from (d for d in self.lines([anchor]) if _called(d.raw, ids, keys))

    def _noted(self) -> Places:
        found, begin = Places(), self.start
        for block in self.blocks():
            for line in block.split(b"\n")[:-1]:
                found.add(_document(line).raw, begin)
                begin += len(line) + 1
        return found

    def _guess(self, text: bytes) -> Document | None:
        """Look where a generated id stands if no number was skipped, since that costs a few short reads."""
        digits = text.strip(b'"').rpartition(b"-")[2]
        if not digits.isdigit() or len(digits) > 12:
            return None
        place = self.locate(int(digits))
        if place is None:
            return None
        document = _document(self.span(place[0], place[1] - place[0]).rstrip(b"\n"))
        return document if names.id_text(document.raw) == text else None

    def get(self, number: int) -> bytes | None:
        """Return the document of a number, None where there is none."""
        if not self.ours:
            return next((d.raw for d in self.foreign() if d.number == number), None)
        place = self.locate(number)
        return _document(self.span(place[0], place[1] - place[0]).rstrip(b"\n")).raw if place else None

    def locate(self, number: int) -> tuple[int, int] | None:
        """Return where the line of document `number` begins and ends."""
        begin = self.place(number)
        line = self.line(begin)
        return (begin, begin + len(line)) if line and self.number(line) == number else None

    def place(self, number: int) -> int:
        """Return where the line of document `number` begins, or would begin."""
        if number in self._met:
            return self._met[number]
        found = self._beyond(number) if self._last > self.start else None
        self._last = self._halved(number) if found is None else found
        return self._last

    def _beyond(self, number: int) -> int | None:
        """Look close behind where the last document stood: those a command changes come in order.

        That takes a tenth of the time that halving takes for each of a thousand documents.
        """
        needle = b'\n"%d": ' % number
        offset, block = self._near
        found = block.find(needle)
        if found < 0:
            offset = self._last - 1
            block = self.span(offset, min(NEAR, self.end - offset))
            self._near = offset, block
            found = block.find(needle)
        return offset + found + 1 if found >= 0 else None

    def _halved(self, number: int) -> int:
        low, high = self.start, self.end  # the first line not below `number` begins in [low, high]
        while low < high:
            middle = (low + high) // 2
            begin = self._line_start(middle, low)
            line = self.line(begin)
            if self.number(line) < number:
                low = begin + len(line)
            else:
                high = begin
        return low

    def _line_start(self, offset: int, floor: int) -> int:
        step = 1024
        while True:
            begin = max(floor, offset - step)
            found = self.span(begin, offset - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            if begin == floor:
                return floor
            step *= 8

    def line(self, begin: int) -> bytes:
        """Return the line that begins at `begin`, with its end; b"" where the documents end."""
        step, line = 1024, b""
        while begin + len(line) < self.end:
            more = self.span(begin + len(line), min(step, self.end - begin - len(line)))
            cut = more.find(b"\n")
            if cut >= 0:
                return line + more[: cut + 1]
            line += more
            step *= 8
        return line

    def number(self, line: bytes) -> int:
        """Return the document number that a line begins with."""
        try:
            return _number(line)
        except ValueError:
            raise self._no_number() from None

    def _no_number(self) -> StorageFailed:
        name = file_name(self.table)
        said = _("{file} is damaged: a line begins with no document number").format(file=name)
        return StorageFailed(said, _(history.REBUILD))

    # --- reading what somebody else wrote ----------------------------------------------------------------

    def foreign(self) -> list[Document]:
        """Read the whole file strictly; raises `StorageFailed` with file and reason where it is damaged."""
        if self._foreign is None:
            from cskit.store import foreign  # loads json, which only a foreign file needs

            self._foreign = foreign.documents(file_name(self.table), self.whole().get(self.table, {}))
        return self._foreign

    def whole(self) -> dict[str, dict[str, Any]]:
        """Decode every TinyDB table in the file, strictly, and take over where the tail says it stands."""
        from cskit.store import foreign

        content = foreign.tables(file_name(self.table), self.handle.read(0, self.handle.size))
        if self.tail is None and content.get(foreign.OWN):
            self.tail = self._kept_tail(content[foreign.OWN])
        return content

    def _kept_tail(self, documents: Mapping[str, Any]) -> Tail | None:
        try:
            tail = msgspec.convert(documents["1"], Tail)
        except (msgspec.ValidationError, KeyError):
            return None
        return tail if tail.table == self.table else None

    def others(self) -> bytes:
        """Return the tables that another program put beside this one, as they stand before the tail."""
        if self.ours:
            return self.span(self.end, self.foot - self.end)
        from cskit.store import foreign

        return foreign.others(self.table, self.whole())


def _number(line: bytes) -> int:
    return int(line[1 : line.index(b'"', 1)])


def _document(line: bytes) -> Document:
    quote = line.index(b'"', 1)
    return Document(int(line[1:quote]), line[quote + 3 : -1] if line.endswith(b",") else line[quote + 3 :])


def _called(raw: bytes, ids: Collection[bytes], keys: Collection[bytes]) -> bool:
    return names.id_text(raw) in ids or (bool(keys) and names.key_text(raw) in keys)


def _candidates(block: bytes, anchors: Sequence[bytes]) -> Iterator[tuple[Document, int]]:
    """Yield the documents in a block whose text holds all of `anchors`, and where in it their lines begin.

    The first anchor is what is looked for.
    """
    first, *others = anchors
    find, begin_of = block.find, block.rfind
    offset = find(first)
    while offset >= 0:
        begin, end = begin_of(b"\n", 0, offset) + 1, find(b"\n", offset)
        for anchor in others:
            if find(anchor, begin, end) < 0:
                break
        else:
            quote = find(b'"', begin + 1, end)
            text = block[quote + 3 : end - 1 if block[end - 1] == _COMMA else end]
            yield _made(Document, (int(block[begin + 1 : quote]), text)), begin
        offset = find(first, end)


# --- the hash that a tail holds ----------------------------------------------------------------------------


def new_sum() -> Any:
    """Return a fresh hash as used for the lines of a table file."""
    return blake2b(digest_size=16)


def sealed(tail: Tail, digest: Any) -> str:
    """Return the hash of the lines and of what the tail claims, so that no number in it can be changed."""
    digest.update(msgspec.json.encode(msgspec.structs.replace(tail, sum="")))
    return str(digest.hexdigest())
