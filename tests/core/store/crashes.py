"""The search through every crash: processes killed at each operation, others going on, power lost later."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from tests.core.store import scenario
from tests.core.store.disks import CHANGES, Machine, Op
from tests.core.store.medium import LEFTOVER, Medium, Write, cuts

MakeDisk = Callable[[Medium, Callable[[Op], None] | None], Machine]


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

    def check(self, done: int) -> None:
        """Raise `Bad` where a folder shows fewer steps than were acknowledged, or more than were begun."""
        if not self.acknowledged <= done <= self.started:
            raise Bad(f"{done} steps are there; {self.acknowledged} were acknowledged, {self.started} begun")


def left_by_kill(medium: Medium, op: Op) -> Iterator[Medium]:
    """Yield what a process leaves that is killed before an operation, or in the middle of a write.

    Before one that changes nothing, or only a leftover, it leaves the same as before the next that counts.
    """
    if op.kind not in CHANGES or op.name.endswith(LEFTOVER):
        return
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
        self._read: dict[Hashable, int] = {}
        self._verdicts: dict[Hashable, int] = {}
        self._moments: set[Hashable] = set()
        self._recoveries: dict[Hashable, Point] = {}

    @property
    def states(self) -> int:
        """How many different folders were judged that a loss of power had left."""
        return len(self._verdicts)

    @property
    def moments(self) -> int:
        """How many different moments there were to die at."""
        return len(self._moments | self._recoveries.keys())

    def everything(self) -> None:
        """Kill at every moment, kill what goes on, lose the power at all of them, and again in recovery."""
        self._walk(Point(Medium(), 0, 0, 0), crashes=0)
        for key, point in self._recoveries.items():
            if key not in self._moments:
                self._lose_power(point, again=False)

    def _walk(self, start: Point, crashes: int) -> None:
        """Go on from `start`; the first process may be killed at any command, the second at its first."""
        commands = len(scenario.PROGRAM) if crashes < 2 else 1
        for point in list(self._run(start, crashes, commands)):
            key = point.key()
            if key in self._moments:
                continue
            self._moments.add(key)
            self._lose_power(point, again=True)
            if crashes == 0 or (crashes == 1 and point.command == 0):
                self._walk(point, crashes + 1)

    def _run(self, start: Point, crashes: int, commands: int) -> Iterator[Point]:
        """Yield every moment of the processes that carry on from `start`."""
        medium, acknowledged = start.medium.copy(), start.acknowledged
        done = self._found(start)
        rest = scenario.rest(done)[:commands]
        for place, number in enumerate(rest):
            moments: list[Medium] = []
            self._command(medium, moments, number, crashes)
            begun = max(done, number)
            for moment in moments:
                yield Point(moment, acknowledged, begun, place)
            acknowledged = done = begun
        end = Point(medium, acknowledged, done, len(rest))
        self._found(end)
        yield end

    def _command(self, medium: Medium, moments: list[Medium], number: int, crashes: int) -> None:
        """Be one process on `medium`, and note the moments at which it might be killed."""
        machine = self._make(medium, lambda op: moments.extend(left_by_kill(medium, op)))
        try:
            scenario.command(machine, number, crashes)
        except Exception as error:
            raise Bad(f"step {number} failed: {error}") from error

    def _found(self, point: Point) -> int:
        """Return how many steps the folder of a point shows; reading depends on what is seen alone."""
        key = point.medium.shown()
        if key not in self._read:
            try:
                self._read[key] = scenario.found(self._make(point.medium, None))
            except Exception as error:
                raise Bad(f"the folder cannot be read: {error}") from error
        point.check(self._read[key])
        return self._read[key]

    def _lose_power(self, point: Point, again: bool) -> None:
        """Judge every folder that a loss of power may leave; let it be lost `again` in the next command."""
        for state in point.medium.power_lost():
            key = state.key()
            if key not in self._verdicts:
                self._verdicts[key] = self._judge(state, again)
            point.check(self._verdicts[key])

    def _judge(self, state: Medium, again: bool) -> int:
        """Return how many steps a folder shows, after the next commands on a copy of it went right."""
        done = self._found(Point(state, 0, len(scenario.STEPS), 0))
        commands = 2 if scenario.rest(done)[:1] == (scenario.SETTLE,) else 1
        for point in self._run(Point(state, done, done, 0), 2, commands):
            if again and point.command == 0:
                self._recoveries.setdefault(point.key(), point)
        return done
