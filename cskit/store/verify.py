"""Whether a data folder is whole: the history's chain, and every table against it, read strictly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
import msgspec

from cskit.errors import CskitError
from cskit.store import history, lines
from cskit.store.protocol import Finding, Report
from cskit.store.snapshot import Snapshot


def verify(reading: Callable[[], Snapshot], head: str | None = None) -> Report:
    """Check everything; see `protocol.Store.verify`."""
    findings: list[Finding] = []
    try:
        snapshot = reading()
    except CskitError as error:
        return Report(0, {}, "", [Finding(history.NAME, "", error.message)])
    images: dict[str, dict[int, bytes]] = {}
    entries, seen = 0, head is None
    if snapshot.history is not None:
        end = 0
        for commit in history.walk(snapshot.history, 0, history.Head()):
            entries, end = commit.head.commit, commit.end
            seen = seen or commit.head.chain == head
            _replay(images, commit.payload)
        if end < snapshot.end:
            what = "the chain breaks here; what follows cannot be trusted"
            findings.append(Finding(history.NAME, f"entry {entries + 1}, byte {end}", what))
        elif end < snapshot.history.size:
            what = "the torn end of a command that was stopped; the next one that saves cuts it off"
            findings.append(Finding(history.NAME, f"byte {end}", what))
    if not seen:
        findings.append(
            Finding(history.NAME, "", f"has no entry with the chain value {head}: its end was cut")
        )
    documents = {}
    for table in snapshot.tables():
        documents[table] = 0
        try:
            documents[table] = _compare(snapshot, table, images.get(table, {}), findings)
        except (CskitError, ValueError, msgspec.MsgspecError) as error:
            findings.append(Finding(lines.file_name(table), "", str(error)))
    return Report(entries, documents, snapshot.head.chain, findings)


def _replay(images: dict[str, dict[int, bytes]], payload: bytes) -> None:
    """Keep a hash of each document's last state; the states themselves would not fit into memory."""
    for change in history.changes(payload):
        table = images.setdefault(change.table, {})
        if change.after is None:
            table.pop(change.number, None)
        else:
            table[change.number] = _hash(change.after)


def _hash(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=12).digest()


def _compare(snapshot: Snapshot, table: str, images: dict[int, bytes], findings: list[Finding]) -> int:
    file = snapshot.files.get(table)
    name = lines.file_name(table)
    if file is not None and not file.ours:
        findings.append(Finding(name, "", "was changed by another program"))
    if file is not None:
        file.whole()  # strictly: duplicate keys, NaN and the like would pass the quick reader
    ids: dict[bytes, int] = {}
    count = 0
    for document in snapshot.read(table):
        count += 1
        expected = images.pop(document.number, None)
        if expected is None:
            findings.append(Finding(name, f"document {document.number}", "is not in the history"))
        elif expected != _hash(document.raw):
            findings.append(Finding(name, f"document {document.number}", "is not as the history has it"))
        own = lines.id_text(document.raw)
        if own and own in ids:
            findings.append(
                Finding(name, f"document {document.number}", f"has the id of {ids[own]}: {own.decode()}")
            )
        ids[own] = document.number
    findings += _missing(name, images)
    return count


def _missing(name: str, images: dict[int, bytes]) -> Iterator[Finding]:
    for number in sorted(images):
        yield Finding(name, f"document {number}", "is in the history but not in the file")
