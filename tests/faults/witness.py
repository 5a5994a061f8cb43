"""A second opinion on a data folder: read with json and hashlib alone. Must not import cskit.

It follows the history's chain as docs/data-folder.md describes it, replays it, and holds each table file,
opened as stock TinyDB opens it, against what the history says it held where its last line says it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Tables = dict[str, dict[int, Any]]


class Corrupt(Exception):
    """A file is not what it must be, whatever was killed."""


class State(NamedTuple):
    """How many entries the history holds, what the tables hold after them, and how far behind files are."""

    entries: int
    tables: Tables
    behind: int
    torn: int

    def changed(self, before: State) -> dict[str, int]:
        """Return how many documents of each table differ from those `before`."""
        found = {}
        for table in {*self.tables, *before.tables}:
            new, old = self.tables.get(table, {}), before.tables.get(table, {})
            count = sum(1 for number in {*new, *old} if new.get(number) != old.get(number))
            if count:
                found[table] = count
        return found


def look(folder: Path) -> State:
    """Return what a folder holds; raises `Corrupt` where a file cannot be read or contradicts another."""
    path = folder / "history.jsonl"
    data = path.read_bytes() if path.exists() else b""
    files = {one.stem: _table_file(one) for one in sorted(folder.glob("*.json"))}
    stands = {table: tail["seq"] for table, (_held, tail) in files.items()}
    tables: Tables = {}
    entries = end = first = 0
    seen: dict[tuple[str, int], dict[int, Any]] = {}
    for entry, place, lines in _entries(data):
        entries, end = entry, place
        first = first or entries
        _replay(tables, lines)
        for table, seq in stands.items():
            if seq == entries or (seq < first and entries == first):
                seen[table, seq] = dict(tables.get(table, {}))
    for table, (held, tail) in files.items():
        if (table, tail["seq"]) not in seen:
            raise Corrupt(f"{table}.json stands at entry {tail['seq']} of {entries}")
        if held != seen[table, tail["seq"]]:
            raise Corrupt(f"{table}.json is not what the history says of entry {tail['seq']}")
    behind = sum(1 for table in tables if seen.get((table, stands.get(table, 0))) != tables[table])
    return State(entries, tables, behind, len(data) - end)


def _table_file(path: Path) -> tuple[dict[int, Any], dict[str, Any]]:
    try:
        content = json.loads(path.read_bytes())
        return {int(key): held for key, held in content[path.stem].items()}, content["_cskit"]["1"]
    except (ValueError, KeyError) as error:
        raise Corrupt(f"{path.name} cannot be read: {error!r}") from error


def _entries(data: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """Yield number, end and payload lines of each good entry; stops at the first that is not good."""
    at, sequence, chain = 0, 0, ""
    while at < len(data):
        place = data.find(b'\n{"commit":', at) + 1
        end = data.find(b"\n", place)
        if not place or end < 0:
            return
        payload, line = data[at:place], data[place:end]
        try:
            head = json.loads(line)
        except ValueError:
            return
        lines = payload.splitlines()
        if at == 0 and b'"checkpoint"' in lines[0]:
            stands_on = json.loads(lines[0])["checkpoint"]
            sequence, chain = stands_on["sequence"], stands_on["head"]
        hashed = hashlib.blake2b(payload + line[: line.rindex(b',"chain":"')], digest_size=20).hexdigest()
        if (head["commit"], head["at"], head["prev"], head["chain"]) != (sequence + 1, at, chain, hashed):
            return
        at, sequence, chain = end + 1, head["commit"], head["chain"]
        yield sequence, at, lines


def _replay(tables: Tables, lines: list[bytes]) -> None:
    for line in lines[1:]:
        if not line.startswith(b'{"table":'):
            continue
        change = json.loads(line)
        held = tables.setdefault(change["table"], {})
        if held.get(change["doc"]) != change["before"]:
            raise Corrupt(f"document {change['doc']} of {change['table']} was not what the history says")
        if change["after"] is None:
            held.pop(change["doc"])
        else:
            held[change["doc"]] = change["after"]
