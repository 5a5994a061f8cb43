"""Whether a data folder is whole: the history's chain, and every table against it, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from cskit.digests import blake2b
from cskit.errors import CskitError, StorageFailed
from cskit.i18n import _, mark
from cskit.records.wording import explain
from cskit.store import history, lines, names
from cskit.store.disk import Handle
from cskit.store.protocol import Finding, Report
from cskit.store.snapshot import MixedUp, Snapshot

TORN = mark("the torn end of a command that was stopped: the next command that saves cuts it off")
"""What is said, untranslated, of the one finding that nobody has to do anything about."""
_UNLIKE = mark(
    "an entry is not what its last line says: damaged, or torn as power failed; the next command cuts it off"
)
_FILE = re.compile(r"[a-z0-9_]+\.jsonl?\b")


class _Table:
    """What the history says of one table; of documents only hashes, they themselves would fill the memory."""

    def __init__(self) -> None:
        self.documents: dict[int, bytes] = {}
        self.next = 1
        self.marks: dict[str, int] = {}


def verify(
    reading: Callable[[], Snapshot],
    head: str | None = None,
    opened: Callable[[], Handle | None] = lambda: None,
) -> Report:
    """Check everything; see `protocol.Store.verify`.

    `opened` is the history alone, for where the folder's files do not even fit together.
    """
    try:
        snapshot = reading()
    except StorageFailed as error:
        broken = _broken(opened()) if isinstance(error, MixedUp) else ()
        return Report(0, {}, "", [*broken, _damage(error, history.NAME)])
    expected: dict[str, _Table] = {}
    findings: list[Finding] = []
    entries, known = _follow(snapshot, head, expected, findings)
    if head is not None and not known:
        missing = _("the entry with this chain value is gone: {head}").format(head=head)
        findings.append(Finding(history.NAME, "", missing))
    documents = {}
    for table in sorted({*snapshot.tables(), *snapshot.files}):
        if snapshot.stray(table) and _another_thing(snapshot, table):
            continue
        documents[table] = 0
        try:
            documents[table] = _compare(snapshot, table, expected.get(table) or _Table(), findings)
        except (CskitError, ValueError, msgspec.MsgspecError) as error:
            findings.append(_damage(error, lines.file_name(table)))
    return Report(entries, documents, snapshot.head.chain, findings)


def _another_thing(snapshot: Snapshot, table: str) -> bool:
    """Tell whether a file is whole, but holds nothing that this program could keep in it."""
    from cskit.store.foreign import NotTinyDB

    try:
        snapshot.files[table].whole()
    except NotTinyDB:
        return True
    except StorageFailed:
        return False
    return True


def _broken(file: Handle | None) -> Iterator[Finding]:
    """Yield where the chain breaks in a history that the table files do not fit to, if it does."""
    if file is None:
        return
    entries, end = 0, 0
    for commit in history.walk(file, 0, history.Head()):
        entries, end = commit.head.commit, commit.end
    if end < file.size:
        yield _break(entries, end)


def _break(entries: int, end: int) -> Finding:
    what = _("the chain breaks here: this entry, or one before it, is not what was saved")
    return Finding(history.NAME, _("entry {entry}, byte {byte}").format(entry=entries + 1, byte=end), what)


def _damage(error: Exception, name: str) -> Finding:
    """Return a finding for what reading stumbled over, at the file that the message names first."""
    if getattr(error, "line", 0):  # a file that another program wrote
        why = _("is damaged: {why}").format(why=vars(error)["why"])
        return Finding(name, _("line {number}").format(number=vars(error)["line"]), why)
    text = error.message if isinstance(error, CskitError) else explain(error)
    found = _FILE.search(text)
    first = found[0] if found else name
    return Finding(first, "", text.removeprefix(first).strip(), isinstance(error, MixedUp))


def _follow(
    snapshot: Snapshot, head: str | None, expected: dict[str, _Table], findings: list[Finding]
) -> tuple[int, bool]:
    """Follow the chain; return how many entries are good, and whether `head` is the chain of one of them."""
    entries, end, known = 0, 0, False
    if snapshot.history is None:
        return entries, known
    for commit in history.walk(snapshot.history, 0, history.Head()):
        entries, end = commit.head.commit, commit.end
        known = known or commit.head.chain == head or head in _replaced(commit)
        _replay(expected, commit.payload)
    if end < snapshot.end:
        findings.append(_break(entries, end))
    elif end < snapshot.history.size:
        whole = b'\n{"commit":' in snapshot.history.read(end, snapshot.history.size - end)
        place = _("byte {byte}").format(byte=end)
        findings.append(Finding(history.NAME, place, _(_UNLIKE) if whole else TORN))
    return entries, known


def _replaced(commit: history.Commit) -> tuple[str, ...]:
    """Return the heads that a checkpoint stands for."""
    found = history.header(commit.payload).checkpoint
    return (found.head, *found.earlier) if found else ()


def _replay(expected: dict[str, _Table], payload: bytes) -> None:
    for change in history.changes(payload):
        table = expected.setdefault(change.table, _Table())
        table.next = max(table.next, change.number + 1)
        if change.after is None:
            table.documents.pop(change.number, None)
        else:
            table.documents[change.number] = _hash(change.after)
    given = history.header(payload)
    for name, number in given.next.items():
        table = expected.setdefault(name, _Table())
        table.next = max(table.next, number)
    for name, marks in given.marks.items():
        held = expected.setdefault(name, _Table()).marks
        for series, number in marks.items():
            held[series] = max(number, held.get(series, 0))


def _hash(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=12).digest()


def _compare(snapshot: Snapshot, table: str, expected: _Table, findings: list[Finding]) -> int:
    """Hold a table against the history, add what differs, and return how many documents it has."""
    name = lines.file_name(table)
    file = snapshot.files.get(table)
    edited = file is not None and not file.ours
    if file is not None:
        file.whole()  # strictly: duplicate keys, NaN and the like would pass the quick reader
    if edited:
        findings.append(Finding(name, "", _("was changed by another program"), edited=True))
    ids: dict[bytes, int] = {}
    count = 0
    for document in snapshot.read(table):
        count += 1
        place = _place(document.number)
        held = expected.documents.pop(document.number, None)
        if held is None:
            findings.append(Finding(name, place, _("is not in the history"), edited=edited))
        elif held != _hash(document.raw):
            findings.append(Finding(name, place, _("is not as the history has it"), edited=edited))
        own = names.id_text(document.raw)
        if own and ids.setdefault(own, document.number) != document.number:
            said = _("has the id of document {number}: {id}")
            findings.append(Finding(name, place, said.format(number=ids[own], id=own.decode())))
    for number in sorted(expected.documents):
        gone = _("is in the history but not in the file")
        findings.append(Finding(name, _place(number), gone, edited=edited))
    findings += _counters(name, expected, snapshot.next_number(table), snapshot.marks(table))
    return count


def _place(number: int) -> str:
    return _("document {number}").format(number=number)


def _counters(name: str, expected: _Table, number: int, marks: Mapping[str, int]) -> Iterator[Finding]:
    """Yield where a number would be given out again."""
    if number < expected.next:
        said = _("would give out document number {number} again")
        yield Finding(name, _("last line"), said.format(number=number))
    for series, highest in expected.marks.items():
        if marks.get(series, 0) < highest:
            said = _("would give out the numbers of {series} after {number} again")
            yield Finding(name, _("last line"), said.format(series=series, number=marks.get(series, 0)))
