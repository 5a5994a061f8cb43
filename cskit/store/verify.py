"""Whether a data folder is whole: the history's chain, and every table against it, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from cskit.digests import blake2b
from cskit.errors import CskitError, StorageFailed
from cskit.store import history, lines
from cskit.store.protocol import Finding, Report
from cskit.store.snapshot import Snapshot

TORN = "the torn end of a command that was stopped: the next command that saves cuts it off"
"""What is said of the one finding that nobody has to do anything about."""
_UNLIKE = (
    "an entry is not what its last line says: damaged, or torn as power failed; the next command cuts it off"
)


class _Table:
    """What the history says of one table; of documents only hashes, they themselves would fill the memory."""

    def __init__(self) -> None:
        self.documents: dict[int, bytes] = {}
        self.next = 1
        self.marks: dict[str, int] = {}


def verify(reading: Callable[[], Snapshot], head: str | None = None) -> Report:
    """Check everything; see `protocol.Store.verify`."""
    try:
        snapshot = reading()
    except StorageFailed as error:
        return Report(0, {}, "", [_damage(error, history.NAME)])
    expected: dict[str, _Table] = {}
    findings: list[Finding] = []
    entries, known = _follow(snapshot, head, expected, findings)
    if head is not None and not known:
        missing = f"the entry with this chain value is gone: {head}"
        findings.append(Finding(history.NAME, "", missing))
    documents = {}
    for table in snapshot.tables():
        documents[table] = 0
        try:
            documents[table] = _compare(snapshot, table, expected.get(table) or _Table(), findings)
        except (CskitError, ValueError, msgspec.MsgspecError) as error:
            findings.append(_damage(error, lines.file_name(table)))
    return Report(entries, documents, snapshot.head.chain, findings)


def _damage(error: Exception, name: str) -> Finding:
    """Return a finding for what reading stumbled over, at the file that the message begins with."""
    text = error.message if isinstance(error, CskitError) else str(error)
    first, _, rest = text.partition(" ")
    return Finding(first, "", rest) if first.endswith((".json", ".jsonl")) else Finding(name, "", text)


def _follow(
    snapshot: Snapshot, head: str | None, expected: dict[str, _Table], findings: list[Finding]
) -> tuple[int, bool]:
    """Follow the chain; return how many entries are good, and whether `head` is the chain of one of them."""
    entries, end, known = 0, 0, False
    if snapshot.history is None:
        return entries, known
    for commit in history.walk(snapshot.history, 0, history.Head()):
        entries, end = commit.head.commit, commit.end
        known = known or commit.head.chain == head
        _replay(expected, commit.payload)
    if end < snapshot.end:
        what = "the chain breaks here: this entry, or one before it, is not what was saved"
        findings.append(Finding(history.NAME, f"entry {entries + 1}, byte {end}", what))
    elif end < snapshot.history.size:
        whole = b'\n{"commit":' in snapshot.history.read(end, snapshot.history.size - end)
        findings.append(Finding(history.NAME, f"byte {end}", _UNLIKE if whole else TORN))
    return entries, known


def _replay(expected: dict[str, _Table], payload: bytes) -> None:
    for change in history.changes(payload):
        table = expected.setdefault(change.table, _Table())
        table.next = max(table.next, change.number + 1)
        if change.after is None:
            table.documents.pop(change.number, None)
        else:
            table.documents[change.number] = _hash(change.after)
    for name, marks in history.marks(payload).items():
        held = expected.setdefault(name, _Table()).marks
        for series, number in marks.items():
            held[series] = max(number, held.get(series, 0))


def _hash(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=12).digest()


def _compare(snapshot: Snapshot, table: str, expected: _Table, findings: list[Finding]) -> int:
    """Hold a table against the history, add what differs, and return how many documents it has."""
    name = lines.file_name(table)
    file = snapshot.files.get(table)
    if file is not None:
        file.whole()  # strictly: duplicate keys, NaN and the like would pass the quick reader
        if not file.ours:
            findings.append(Finding(name, "", "was changed by another program"))
    ids: dict[bytes, int] = {}
    count = 0
    for document in snapshot.read(table):
        count += 1
        place = f"document {document.number}"
        held = expected.documents.pop(document.number, None)
        if held is None:
            findings.append(Finding(name, place, "is not in the history"))
        elif held != _hash(document.raw):
            findings.append(Finding(name, place, "is not as the history has it"))
        own = lines.id_text(document.raw)
        if own and ids.setdefault(own, document.number) != document.number:
            findings.append(Finding(name, place, f"has the id of document {ids[own]}: {own.decode()}"))
    for number in sorted(expected.documents):
        findings.append(Finding(name, f"document {number}", "is in the history but not in the file"))
    findings += _counters(name, expected, snapshot.next_number(table), snapshot.marks(table))
    return count


def _counters(name: str, expected: _Table, number: int, marks: Mapping[str, int]) -> Iterator[Finding]:
    """Yield where a number would be given out again."""
    if number < expected.next:
        yield Finding(name, "last line", f"would give out document number {number} again")
    for series, highest in expected.marks.items():
        if marks.get(series, 0) < highest:
            yield Finding(
                name,
                "last line",
                f"would give out the numbers of {series} after {marks.get(series, 0)} again",
            )
