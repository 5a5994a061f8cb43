"""The search through every crash: processes killed at each operation, others going on, power lost later."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from tests.core.store import scenario
from tests.core.store.disks import Machine, Medium, Op, Write, cuts

MakeDisk = Callable[[Medium, Callable[[Op], None]], Machine]


class Bad(Exception):
    """A state that no crash may lead to."""


class Point(NamedTuple):
    """A moment at which a process may die; steps acknowledged and begun so far, and its place in its run."""

    medium: Medium
    acknowledged: int
    started: int
    command: int

    def key(self) -> Hashable:
        """Return what tells this moment from others; a later command may be killed later only."""
        return self.medium.key(), self.acknowledged, self.started


def _nothing(op: Op) -> None:
    """Take no notice."""


def _moments(medium: Medium, op: Op) -> Iterator[Medium]:
    """Yield what a process leaves that is killed before an operation, or in the middle of a write."""
    yield medium.copy()
    if op.kind == "write":
        for cut in cuts(op.data):
            torn = medium.copy()
            torn.change(op.file, Write(len(torn.files[op.file].seen.data), op.data[:cut]))
            yield torn


class Search:
    """All that was found out about the states of one store under one kind of disk."""

    def __init__(self, make: MakeDisk = Machine) -> None:
        self._make = make
        self._verdicts: dict[Hashable, int] = {}
        self._first: dict[Hashable, Medium] = {}
        self._points: set[Hashable] = set()

    @property
    def states(self) -> int:
        """How many different folders were judged that a loss of power had left."""
        return len(self._verdicts)

    @property
    def moments(self) -> int:
        """How many different moments there were to die at."""
        return len(self._points)

    def everything(self) -> None:
        """Kill at every moment, kill what goes on, lose the power at all of them, and during recovery."""
        self._walk(Point(Medium(), 0, 0, 0), crashes=0)
        for state in list(self._first.values()):
            self._recovery(state)

    def _walk(self, start: Point, crashes: int) -> None:
        """Go on from `start`; the first process may be killed at any command, the second at its first."""
        for point in list(self._run(start, crashes, len(scenario.PROGRAM))):
            if point.key() in self._points:
                continue
            self._points.add(point.key())
            self._lose_power(point)
            if crashes == 0 or (crashes == 1 and point.command == 0):
                self._walk(point, crashes + 1)

    def _run(self, start: Point, crashes: int, commands: int) -> Iterator[Point]:
        """Yield every moment of the processes that carry on from `start`."""
        medium, acknowledged = start.medium.copy(), start.acknowledged
        done = self._found(start)
        for place, number in enumerate(scenario.rest(done)[:commands]):
            moments: list[Medium] = []
            machine = self._make(medium, lambda op, to=moments: to.extend(_moments(medium, op)))
            self._command(machine, number, crashes)
            begun = max(done, number)
            for moment in moments:
                yield Point(moment, acknowledged, begun, place)
            acknowledged = done = begun
        yield Point(medium, acknowledged, done, commands)

    def _command(self, machine: Machine, number: int, crashes: int) -> None:
        try:
            scenario.command(machine, number, crashes)
        except Exception as error:
            raise Bad(f"step {number} failed: {error}") from error

    def _found(self, point: Point) -> int:
        try:
            done = scenario.found(self._make(point.medium.copy(), _nothing))
        except Exception as error:
            raise Bad(f"the folder cannot be read: {error}") from error
        self._within(point, done)
        return done

    def _within(self, point: Point, done: int) -> None:
        if not point.acknowledged <= done <= point.started:
            raise Bad(f"{done} steps are there; {point.acknowledged} were acknowledged, {point.started} begun")

    def _lose_power(self, point: Point, keep: bool = True) -> None:
        for state in point.medium.power_lost():
            key = state.key()
            if key not in self._verdicts:
                self._verdicts[key] = self._judge(state)
                if keep:
                    self._first[key] = state
            self._within(point, self._verdicts[key])

    def _judge(self, state: Medium) -> int:
        """Return how many steps a folder shows, after a further one on a copy of it went right."""
        done = self._found(Point(state, 0, len(scenario.STEPS), 0))
        if done < len(scenario.STEPS):
            medium = state.copy()
            self._command(self._make(medium, _nothing), done + 1, 2)
            self._found(Point(medium, done + 1, done + 1, 0))
        return done

    def _recovery(self, state: Medium) -> None:
        """Lose the power again, at every moment of the first command after the power was lost."""
        done = self._verdicts[state.key()]
        for point in self._run(Point(state, done, done, 0), 2, 1):
            if point.key() not in self._points:
                self._points.add(point.key())
                self._lose_power(point, keep=False)
