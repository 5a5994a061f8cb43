"""What a family of faults is, and what its trials came to. Must not import the store."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Tally:
    """Trials of one fault: how many, how many of them went through the thing itself, and what was bad."""

    def __init__(self) -> None:
        self.trials = 0
        self.hits = 0
        self.bad: list[tuple[str, str]] = []
        self.figures: dict[str, object] = {}

    def wrong(self, kind: str, what: str) -> None:
        """Note that something was not as it must be: its kind in a word or two, and what it was."""
        self.bad.append((kind, what))

    def expect(self, holds: bool, kind: str, what: str) -> None:
        """Note as wrong what does not hold."""
        if not holds:
            self.wrong(kind, what)

    def add(self, other: Tally) -> None:
        """Take over another's trials."""
        self.trials += other.trials
        self.hits += other.hits
        self.bad += other.bad
        self.figures |= other.figures

    def kinds(self) -> dict[str, int]:
        """Count what was bad by its kind."""
        found: dict[str, int] = {}
        for kind, _what in self.bad:
            found[kind] = found.get(kind, 0) + 1
        return found

    def told(self) -> str:
        """Say what came out, in a cell of a table."""
        bad = ", ".join(f"{count} {kind}" for kind, count in self.kinds().items()) or "0 bad"
        figures = [f"{name} {figure}" for name, figure in self.figures.items()]
        return "; ".join([bad, *figures])


class Trial(NamedTuple):
    """What a part of a family is run with: an empty folder, how many trials, and what decides by chance."""

    place: Path
    trials: int
    chance: random.Random


Part = Callable[[Trial], Tally]


class Fault(NamedTuple):
    """A family of faults: its number in docs/reliability.md, its parts, and how often each is tried."""

    id: str
    what: str
    must: str
    parts: dict[str, Part]
    often: int
    nightly: int
