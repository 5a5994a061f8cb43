"""The form of `history.jsonl`: what every transaction did, and the chain that proves it whole.

    {"seq":42,"time":…,"user":…,"command":…,"marks":{…}}
    {"table":"customers","doc":7,"before":{…},"after":{…}}
    {"commit":42,"at":18023,"bytes":512,"tables":{"customers":42,"orders":40},"prev":…,"chain":…}

A transaction is what lies between two commit lines; `chain` hashes the one before, the payload, and the
commit line up to itself. `tables` names for each table the last transaction that touched it.

A history that was compacted begins with a checkpoint, whose `prev` is the chain value it stands on. Its
header says so and gives the next document numbers; then comes a line for each earlier entry, without values,
and one for each document there was:

    {"seq":43,"time":…,"checkpoint":{"sequence":42,"time":…,"head":…},"stood":{…},"next":{…},"marks":{…}}
    {"entry":1,"time":…,"user":…,"command":…,"counts":{…}}
    {"table":"customers","doc":7,"before":null,"after":{…}}
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from cskit.digests import blake2b
from cskit.errors import StorageFailed
from cskit.i18n import _, mark
from cskit.store.disk import Handle
from cskit.store.protocol import Change, Checkpoint, Entry, Origin

NAME = "history.jsonl"
_COMMIT = b'{"commit":'
_CHAIN = b',"chain":"'
_BLOCK = 1 << 20
WAY_OUT = mark(
    "restore the whole data folder from one backup; `cskit data verify` shows what still fits together"
)

REBUILD = mark("move it away: the next command rebuilds it from the history")


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A commit line: the state of the history after one transaction."""

    commit: int = 0
    at: int = 0
    bytes: int = 0
    tables: dict[str, int] = {}
    prev: str = ""
    chain: str = ""


class Stood(msgspec.Struct, frozen=True):
    """Where a table file stood in the history before it was compacted, as its tail says."""

    seq: int
    commit: str
    sum: str


class Header(Origin, frozen=True, kw_only=True, omit_defaults=True):
    """The first line of a transaction; the last three are a checkpoint's."""

    seq: int
    marks: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    stood: dict[str, Stood] = msgspec.field(default_factory=dict)
    next: dict[str, int] = msgspec.field(default_factory=dict)


class Archived(Origin, frozen=True, kw_only=True, omit_defaults=True):
    """An entry from before a checkpoint, without values.

    `touched` are the documents of an entry that has a reason, which goes when one of them is erased.
    """

    entry: int
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    touched: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)


class _Line(msgspec.Struct, frozen=True):
    table: str
    doc: int
    before: msgspec.Raw
    after: msgspec.Raw


class Commit(NamedTuple):
    """One good transaction of the history: its head, where it ends, and its payload."""

    head: Head
    end: int
    payload: bytes


_HEAD_DECODER = msgspec.json.Decoder(Head)
_HEADER_DECODER = msgspec.json.Decoder(Header)
_ARCHIVED_DECODER = msgspec.json.Decoder(Archived)
_ARCHIVED = b'{"entry":'
_LINE_DECODER = msgspec.json.Decoder(_Line)
_NULL = b"null"


def payload(
    sequence: int, origin: Origin, marks: Mapping[str, Mapping[str, int]], changes: Iterable[Change]
) -> Iterator[bytes]:
    """Yield the lines that describe a transaction, before its commit line."""
    kept = {table: dict(series) for table, series in marks.items() if series}
    yield first_line(Header(seq=sequence, marks=kept, **msgspec.structs.asdict(origin)))
    yield from map(change_line, changes)


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines in blocks, at least one, so that what an import appends is never held as a whole."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line)
    yield b"".join(held)


def first_line(header: Header | Archived) -> bytes:
    """Return a transaction's header, or that of an archived one, as its line."""
    fields = msgspec.to_builtins(header)
    name = "entry" if isinstance(header, Archived) else "seq"
    return msgspec.json.encode({name: fields.pop(name), **fields}) + b"\n"


def change_line(change: Change) -> bytes:
    """Return what is done to one document as its line."""
    return b'{"table":%s,"doc":%d,"before":%s,"after":%s}\n' % (
        msgspec.json.encode(change.table),
        change.number,
        change.before or _NULL,
        change.after or _NULL,
    )


def digest(payload: bytes = b"") -> Any:
    """Return the hash of a payload, or of its beginning, which `sealed` ends with the commit line."""
    return blake2b(payload, digest_size=20)


def sealed(
    previous: Head, at: int, length: int, digest: Any, tables: Mapping[str, int]
) -> tuple[Head, bytes]:
    """Return head and commit line of a payload of which only the length and the hash are known."""
    merged = dict(sorted({**previous.tables, **tables}.items()))
    head = Head(commit=previous.commit + 1, at=at, bytes=length, tables=merged, prev=previous.chain)
    line = msgspec.json.encode(head)
    open_line = line[: line.rindex(_CHAIN)]
    digest.update(open_line)  # which holds the chain of the transaction before
    chain = digest.hexdigest()
    return msgspec.structs.replace(head, chain=chain), open_line + _CHAIN + chain.encode() + b'"}\n'


def good(previous: Head, at: int, payload: bytes, line: bytes) -> Head | None:
    """Return the head in a commit line if it makes `payload` the transaction after `previous`, else None."""
    place = line.rfind(_CHAIN)
    if place < 0:
        return None
    try:
        head = _HEAD_DECODER.decode(line)
    except msgspec.MsgspecError:
        return None
    fits = head.commit == previous.commit + 1 and head.prev == previous.chain
    if not (fits or (at == 0 and _begins(head, payload))) or head.at != at or head.bytes != len(payload):
        return None
    hashed = digest(payload)
    hashed.update(line[:place])
    exact = line[place:] == _CHAIN + head.chain.encode() + b'"}'
    return head if exact and hashed.hexdigest() == head.chain else None


def _begins(head: Head, payload: bytes) -> bool:
    """Tell whether a commit line belongs to a checkpoint, with which a history may begin."""
    try:
        found = header(payload).checkpoint
    except (msgspec.MsgspecError, ValueError):
        return False
    return found is not None and (head.commit, head.prev) == (found.sequence + 1, found.head)


def header(payload: bytes) -> Header:
    """Return who did what when in a transaction, and the numbers it gave out."""
    return _HEADER_DECODER.decode(payload[: payload.index(b"\n")])


def beginning(handle: Handle) -> Header | None:
    """Return the header of the checkpoint that a history begins with, None where it begins with none."""
    window = 4096
    data = handle.read(0, window)
    while b"\n" not in data and len(data) == window:
        window *= 8
        data = handle.read(0, window)
    try:
        found = header(data)
    except (msgspec.MsgspecError, ValueError):
        return None
    return found if found.checkpoint is not None else None


def walk(handle: Handle, start: int, head: Head) -> Iterator[Commit]:
    """Yield the good transactions that follow `head`, which ends at `start`; stops at the first bad one."""
    at, data, place = start, b"", 0  # `data` is what was read of the file up to `read`, `place` is `at` in it
    read = start
    while at < handle.size:
        line = data.find(b"\n" + _COMMIT, place)
        end = data.find(b"\n", line + 1) if line >= 0 else -1
        if end < 0:
            more = handle.read(read, min(max(_BLOCK, len(data) - place), handle.size - read))
            if not more:
                return
            data, place, read = data[place:] + more, 0, read + len(more)
            continue
        body = data[place : line + 1]
        found = good(head, at, body, data[line + 1 : end])
        if found is None:
            return
        head, at, place = found, at + end + 1 - place, end + 1
        yield Commit(head, at, body)


def head_at(handle: Handle, end: int) -> Head | None:
    """Return the commit line that ends at `end`, None if none does; its payload is not looked at."""
    if end == 0:
        return Head()
    if end > handle.size:
        return None
    window = 4096
    while True:
        begin = max(0, end - window)
        data = handle.read(begin, end - begin)
        place = data.rfind(b"\n" + _COMMIT)
        if place >= 0 or begin == 0:
            break
        window *= 8
    if place < 0 or data.find(b"\n", place + 1) != len(data) - 1:
        return None
    try:
        return _HEAD_DECODER.decode(data[place + 1 : -1])
    except msgspec.MsgspecError:
        return None


def back(handle: Handle, head: Head, end: int) -> Iterator[Commit]:
    """Yield the transactions from `head`, which ends at `end`, back to the first."""
    while head.commit:
        body = handle.read(head.at, head.bytes)
        line = handle.read(head.at + head.bytes, end - head.at - head.bytes - 1)
        before = head_at(handle, head.at)
        if before is None or good(before, head.at, body, line) is None:
            raise damaged(head)
        yield Commit(head, end, body)
        head, end = before, head.at


def damaged(head: Head) -> StorageFailed:
    """Return the error for an entry that is not what was written."""
    said = _("{file} is damaged at entry {entry}, byte {byte}")
    return StorageFailed(said.format(file=NAME, entry=head.commit, byte=head.at), _(WAY_OUT))


def recover(handle: Handle | None, start: int, head: Head) -> tuple[Head, int]:
    """Return the last good head at or after `start`, and where it ends.

    What follows it may be the torn end of one transaction that was never acknowledged. A later transaction
    in there means damage instead: raises `StorageFailed`, since cutting would lose what was saved.
    """
    if handle is None:
        return head, start
    end = start
    for found in walk(handle, start, head):
        head, end = found.head, found.end
    claims = list(itertools.islice(_commit_lines(handle, end), 2))
    if len(claims) > 1 or (claims and not _may_be_next(handle, claims[0], head, end)):
        said = _("{file} is damaged after entry {entry}, at byte {byte}")
        raise StorageFailed(said.format(file=NAME, entry=head.commit, byte=end), _(WAY_OUT))
    return head, end


def _commit_lines(handle: Handle, start: int) -> Iterator[int]:
    """Yield where the lines after `start` begin that claim to be commit lines."""
    offset, rest = start, b""
    while offset < handle.size:
        data = rest + handle.read(offset, min(_BLOCK, handle.size - offset))
        place = data.find(b"\n" + _COMMIT)
        while place >= 0:
            yield offset - len(rest) + place + 1
            place = data.find(b"\n" + _COMMIT, place + 1)
        rest = data[-len(_COMMIT) :]
        offset += _BLOCK


def _may_be_next(handle: Handle, place: int, head: Head, end: int) -> bool:
    """Tell whether the commit line at `place` is that of the transaction after `head`, or torn itself."""
    line = handle.read(place, handle.size - place).partition(b"\n")[0]
    try:
        claim = _HEAD_DECODER.decode(line)
    except msgspec.MsgspecError:
        return True
    return (claim.commit, claim.at) == (head.commit + 1, end)


def changes(payload: bytes, table: str | None = None) -> Iterator[Change]:
    """Yield what a transaction did, in the order of its lines; only to `table` if one is named."""
    prefix = b'{"table":' + (msgspec.json.encode(table) + b"," if table else b"")
    for line in payload.split(b"\n")[1:]:
        if line.startswith(prefix):
            found = _LINE_DECODER.decode(line)
            yield Change(found.table, found.doc, _image(found.before), _image(found.after))


def _image(raw: msgspec.Raw) -> bytes | None:
    data = bytes(raw)
    return None if data == _NULL else data


def time_at(handle: Handle, head: Head) -> dt.datetime:
    """Return when the transaction of `head` was made."""
    window = 4096  # the payload may be all of an import; its first line is enough
    data = handle.read(head.at, min(window, head.bytes))
    while b"\n" not in data and len(data) == window:
        window *= 8
        data = handle.read(head.at, min(window, head.bytes))
    try:
        return _HEADER_DECODER.decode(data.partition(b"\n")[0]).time
    except msgspec.MsgspecError:
        raise damaged(head) from None


def entry(commit: Commit) -> Entry:
    """Return who did what when in a transaction, and how many documents of which table."""
    found = header(commit.payload)
    counts: dict[str, int] = {}
    if found.checkpoint is not None:  # which changes nothing
        return Entry(sequence=found.seq, origin=origin(found), counts=counts, checkpoint=found.checkpoint)
    for line in commit.payload.split(b"\n")[1:]:
        if line.startswith(b'{"table":"'):
            table = line[10 : line.index(b'"', 10)].decode()
            counts[table] = counts.get(table, 0) + 1
    return Entry(sequence=commit.head.commit, origin=origin(found), counts=counts)


def origin(found: Origin) -> Origin:
    """Return the origin that a header or an archived entry extends."""
    return Origin(**{name: getattr(found, name) for name in Origin.__struct_fields__})


def archived(payload: bytes) -> list[Archived]:
    """Return the earlier entries that a checkpoint tells of, oldest first; none for any other transaction."""
    found, place = [], payload.index(b"\n") + 1
    while payload.startswith(_ARCHIVED, place):
        end = payload.index(b"\n", place)
        found.append(_ARCHIVED_DECODER.decode(payload[place:end]))
        place = end + 1
    return found


def entries(commit: Commit) -> Iterator[Entry]:
    """Yield the entry of a transaction, and after a checkpoint's the earlier ones, newest first."""
    yield entry(commit)
    for one in reversed(archived(commit.payload)):
        yield Entry(
            sequence=one.entry,
            origin=origin(one),
            counts=one.counts,
            checkpoint=one.checkpoint,
            archived=True,
        )
