"""S14: whatever is done to any line of a history shows, and the first entry that is bad is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit.store import history
from cskit.store.folder import open_store
from cskit.store.protocol import Report
from tests.core.store import scenario

Lines = list[bytes]
Tampering = Callable[[Lines, int], Lines]


def _flipped(lines: Lines, place: int) -> Lines:
    line = lines[place]
    middle = len(line) // 2
    return [
        *lines[:place],
        line[:middle] + bytes([line[middle] ^ 1]) + line[middle + 1 :],
        *lines[place + 1 :],
    ]


TAMPERINGS: dict[str, Tampering] = {
    "flip": _flipped,
    "delete": lambda lines, place: [*lines[:place], *lines[place + 1 :]],
    "insert": lambda lines, place: [*lines[:place], lines[place], *lines[place:]],
    "swap": lambda lines, place: [
        *lines[:place],
        *(lines[place : place + 2] if place + 1 == len(lines) else (lines[place + 1], lines[place])),
        *lines[place + 2 :],
    ],
    "cut": lambda lines, place: [*lines[:place], lines[place][: len(lines[place]) // 2] + b"\n"],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six entries over two tables."""
    path = tmp_path_factory.mktemp("whole")
    for number in range(1, len(scenario.STEPS) + 1):
        with open_store(path).transaction(scenario.origin(number, 0)) as tx:
            scenario.do(tx, number)
    return path


def entry_of(lines: Lines, place: int) -> int:
    """Return the number of the entry that a line belongs to."""
    return 1 + sum(line.startswith(b'{"commit":') for line in lines[:place])


def first_bad(report: Report) -> int:
    """Return the first entry that a report names, or the one after those it found good."""
    told = " ".join(f"{finding.place} {finding.what}" for finding in report.findings)
    found = [int(number) + bool(after) for after, number in re.findall(r"(after )?entry (\d+)", told)]
    return min(found, default=report.entries + 1)


@pytest.mark.parametrize("how", TAMPERINGS.values(), ids=TAMPERINGS)
def test_every_line_is_guarded(whole: Path, tmp_path: Path, how: Tampering) -> None:
    """At each line in turn: `verify` finds it, and names no entry before it, nor one that is far behind."""
    lines = (whole / history.NAME).read_bytes().splitlines(keepends=True)
    store = open_store(tmp_path)
    tried = 0
    for place in range(len(lines)):
        bent = how(lines, place)
        if bent == lines:
            continue
        for file in whole.glob("*.json"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / history.NAME).write_bytes(b"".join(bent))
        report = store.verify()
        assert report.findings, f"line {place + 1}"
        at = entry_of(lines, place)
        assert at <= first_bad(report) <= at + 1, (place, report.findings)
        tried += 1
    assert tried >= len(lines) - 1


def test_a_cut_of_whole_entries_shows_by_the_head(whole: Path, tmp_path: Path) -> None:
    """Without its last entries a history is whole in itself; a head noted before says what is gone."""
    lines = (whole / history.NAME).read_bytes().splitlines(keepends=True)
    head = open_store(whole).verify().head
    ends = [place + 1 for place, line in enumerate(lines) if line.startswith(b'{"commit":')]
    for end in ends[:-1]:
        (tmp_path / history.NAME).write_bytes(b"".join(lines[:end]))
        store = open_store(tmp_path)
        assert store.verify().findings == []
        assert [finding.file for finding in store.verify(head).findings] == [history.NAME]
    (tmp_path / history.NAME).write_bytes(b"".join(lines))
    assert open_store(tmp_path).verify(head).findings == []
