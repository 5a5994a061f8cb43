"""A disk that fails, and a user who interrupts, at every operation of a transaction."""

from __future__ import annotations

import errno
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

from cskit.errors import StorageFailed
from cskit.store import disk, folder, history, transaction
from cskit.store.folder import open_store
from cskit.store.transaction import FolderTransaction
from tests.core.store import scenario
from tests.core.store.disks import Machine, Op
from tests.core.store.medium import Medium, Write

MAY_FAIL = {"open", "read", "create", "append", "write", "truncate", "touch", "sync", "rename", "sync_folder"}
WRITING = MAY_FAIL - {"open", "read"}
UNSURE = "it may have been saved all the same"


class Start(NamedTuple):
    """A folder that a command finds: steps it shows, and steps of them that were acknowledged."""

    medium: Medium
    done: int
    acknowledged: int


class Killed(BaseException):
    """Stands for the end of a process where its medium was copied."""


def started(done: int, torn: float | None = None) -> Start:
    """Return a folder after `done` steps, then one whose writer was killed after that part of its write."""
    medium = Medium()
    for number in range(1, done + 1):
        scenario.command(Machine(medium), number)
    if torn is None:
        return Start(medium, done, done)
    left: list[Medium] = []

    def before(op: Op) -> None:
        if op.kind == "write" and op.name == history.NAME:
            left.append(medium.copy())
            end = len(medium.files[op.file].seen.data)
            left[0].change(op.file, Write(end, op.data[: round(len(op.data) * torn)]))

    scenario.command(Machine(medium, before), done + 1)
    return Start(left[0], done + (torn == 1), done)


STARTS: dict[str, Callable[[], Start]] = {
    "no folder yet": lambda: started(0),
    "one step": lambda: started(1),
    "three steps": lambda: started(3),
    "a torn first entry": lambda: started(0, 0.5),
    "a torn end": lambda: started(2, 0.9),
    "an entry not synced": lambda: started(2, 1),
}


@pytest.fixture(params=((1 << 20, 100), (0, 1)), ids=("at once", "behind"), autouse=True)
def _sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SMALL", request.param[0])
    monkeypatch.setattr(folder, "SHARE", request.param[1])


class Fault:
    """Raises at the n-th operation that counts: before it, in its middle, or after it; or from then on."""

    def __init__(self, kinds: set[str], nth: int, how: str, error: Callable[[Op], BaseException]) -> None:
        self._kinds, self._left, self._how, self._error = kinds, nth, how, error
        self.medium = Medium()
        self.raised = False

    def machine(self, medium: Medium) -> Machine:
        """Return a disk over `medium` with this fault."""
        self.medium = medium
        return Machine(medium, self._before, self._after)

    def _before(self, op: Op) -> None:
        if self._kinds and op.kind not in self._kinds:
            return
        self._left -= 1
        if self._how == "from then on" and self._left < 0:
            self._raise(op)
        if self._left or self._how == "after":
            return
        if self._how == "half":
            end = len(self.medium.files[op.file].seen.data)
            self.medium.change(op.file, Write(end, op.data[: len(op.data) // 2]))
        self._raise(op)

    def _after(self, op: Op) -> None:
        if self._how == "after" and not self._left and (not self._kinds or op.kind in self._kinds):
            self._left = -1
            self._raise(op)

    def _raise(self, op: Op) -> None:
        self.raised = True
        raise self._error(op)


def full_or_broken(op: Op) -> BaseException:
    """Return what a real disk's failure becomes: no room for what is written, else a broken medium."""
    return disk.failed("save", Path(op.name), OSError(errno.ENOSPC if op.data else errno.EIO, ""))


def ctrl_c(op: Op) -> BaseException:
    """Return what Ctrl-C becomes."""
    return KeyboardInterrupt()


def attempt(machine: Machine, number: int) -> tuple[BaseException | None, int | None]:
    """Carry out a step; return how it failed, and what it said it was saved as."""
    tx: FolderTransaction | None = None
    try:
        with scenario.store_on(machine).transaction(scenario.origin(number, 1)) as tx:
            scenario.do(tx, number)
    except (StorageFailed, KeyboardInterrupt) as error:
        return error, tx.sequence if tx else None
    return None, tx.sequence


def faults(
    start: Start, kinds: set[str], hows: tuple[str, ...], error: Callable[[Op], BaseException]
) -> Iterator[tuple[Medium, BaseException | None, int | None]]:
    """Yield the folder, the error and the sequence after each of all the faults of the next step."""
    for how in hows:
        for nth in itertools.count(1):
            fault, medium = Fault({"write"} if how == "half" else kinds, nth, how, error), start.medium.copy()
            failure, sequence = attempt(fault.machine(medium), start.done + 1)
            yield medium, failure, sequence
            if not fault.raised:
                assert failure is None, "without a fault the step goes right"
                break


def must_show(medium: Medium, done: int, acknowledged: int) -> None:
    """Check what a folder shows, also after a loss of power, and that the next step goes right on it."""
    assert scenario.found(Machine(medium)) == done
    for state in {state.shown(): state for state in medium.power_lost()}.values():
        assert acknowledged <= scenario.found(Machine(state)) <= done
    scenario.command(Machine(medium), done + 1, 2)
    assert scenario.found(Machine(medium)) == done + 1


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_one_failure_is_all_or_nothing(start: Callable[[], Start]) -> None:
    """A failed operation leaves all old or all new, and the error says which."""
    begun, trials = start(), 0
    for medium, failure, sequence in faults(begun, MAY_FAIL, ("before", "half", "after"), full_or_broken):
        saved = begun.done + 1 if sequence else None
        assert sequence == saved
        if failure is None:
            assert saved
        else:
            said = str(failure)
            assert said.startswith(f"saved as {saved}, but cannot ") == bool(saved), said
            assert UNSURE not in said
        must_show(medium, saved or begun.done, saved or begun.acknowledged)
        trials += 1
    assert trials > 20, "the faults did not reach the operations"


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_disk_that_goes_on_failing_is_told_truly(start: Callable[[], Start]) -> None:
    """Where not even taking the entry back works, the error says that it may have been saved."""
    begun, unsure = start(), 0
    for medium, failure, sequence in faults(begun, WRITING, ("from then on",), full_or_broken):
        done = scenario.found(Machine(medium))
        if sequence:
            assert done == begun.done + 1
            assert failure is None or str(failure).startswith(f"saved as {sequence}, but cannot ")
        elif UNSURE in str(failure):
            unsure += 1
        else:
            assert done == begun.done
        scenario.command(Machine(medium), done + 1, 2)
        assert scenario.found(Machine(medium)) == done + 1
    assert unsure == 2, "of writing and of saving the entry"


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_interrupting_is_all_or_nothing(start: Callable[[], Start]) -> None:
    """Ctrl-C at any operation saves nothing, or all of it, and then the transaction knows its number."""
    begun, trials = start(), 0
    for medium, failure, sequence in faults(begun, set(), ("before", "half", "after"), ctrl_c):
        assert sequence in (None, begun.done + 1)
        assert failure is not None or sequence
        must_show(medium, sequence or begun.done, sequence or begun.acknowledged)
        trials += 1
    assert trials > 30, "the interrupts did not reach the operations"


class Interrupt:
    """Raises at the n-th line that runs in the store's own file, where a signal may arrive as well."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, frame: FrameType, event: str, arg: object) -> Interrupt | None:
        if frame.f_code.co_filename not in (folder.__file__, transaction.__file__):
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self


def test_interrupting_between_operations_is_all_or_nothing() -> None:
    """Ctrl-C at any line of the store, too, saves nothing, or all of it and the transaction knows."""
    begun = started(2, 0.9)
    for nth in itertools.count(1):
        medium, interrupt, tracing = begun.medium.copy(), Interrupt(nth), sys.gettrace()
        sys.settrace(interrupt)
        try:
            _, sequence = attempt(Machine(medium), 3)
        finally:
            sys.settrace(tracing)
        assert scenario.found(Machine(medium)) == (sequence or begun.done), f"at line event {nth}"
        if interrupt.left > 0:
            break
    assert nth > 100, "the interrupts did not reach the store"


def test_settling_can_fail_anywhere() -> None:
    """`data settle` that fails or is interrupted changes no document, and works when run again."""
    trials = {"before": MAY_FAIL, "half": {"write"}, "after": MAY_FAIL}
    for (how, kinds), error in itertools.product(trials.items(), (full_or_broken, ctrl_c)):
        for nth in itertools.count(1):
            medium = started(3).medium
            fault = Fault(kinds, nth, how, error)
            try:
                scenario.command(fault.machine(medium), scenario.SETTLE)
            except (StorageFailed, KeyboardInterrupt):
                assert fault.raised
            must_show(medium.copy(), 3, 3)
            scenario.command(Machine(medium), scenario.SETTLE)
            must_show(medium, 3, 3)
            if not fault.raised:
                break


# --- on the real disk ------------------------------------------------------------------------------------


def test_settling_leaves_foreign_files_alone(tmp_path: Path) -> None:
    """A table that another program changed while entries were pending keeps what that program wrote."""
    store = open_store(tmp_path)
    for number in (1, 2, 3):
        with store.transaction(scenario.origin(number, 0)) as tx:
            scenario.do(tx, number)
    path = tmp_path / "customers.json"
    theirs = path.read_bytes().replace(b"{", b"{ ", 1)
    path.write_bytes(theirs)
    assert store.settle() == []
    assert path.read_bytes() == theirs
    path.write_bytes(theirs.replace(b"{ ", b"{", 1))
    assert store.settle() == ([] if folder.SMALL else [scenario.CUSTOMERS])


@pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="asks the system which file a number stands for"
)
def test_a_new_folder_is_safe_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first commit saves the names of the history, of the folder, and of the folders it stands in."""
    synced: list[str] = []
    fsync = os.fsync

    def noted(fd: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{fd}"))
        fsync(fd)

    monkeypatch.setattr(os, "fsync", noted)
    new = tmp_path / "a" / "b"
    with open_store(new).transaction(scenario.origin(1, 0)) as tx:
        scenario.do(tx, 1)
    assert synced[:3] == [str(new), str(new.parent), str(tmp_path)]
    place = synced.index(str(new / history.NAME))
    assert str(new / "customers.json.new") in synced[place:], "the entry is safe before the table follows"
    synced.clear()
    with open_store(new).transaction(scenario.origin(2, 0)) as tx:
        scenario.do(tx, 2)
    assert str(new) not in synced, "names are saved once"


def test_an_interrupt_while_taking_back_is_not_called_unsaved() -> None:
    """A second Ctrl-C while the entry of the first is cut leaves it: the message says it may be there."""
    medium = Medium()
    scenario.command(Machine(medium), 1)

    def interrupt(op: Op) -> None:
        if op.kind in ("sync", "truncate") and op.name == history.NAME and written:
            raise KeyboardInterrupt

    written: list[Op] = []
    machine = Machine(medium, interrupt, lambda op: written.append(op) if op.kind == "write" else None)
    with pytest.raises(StorageFailed, match=f"interrupted while saving; {UNSURE}"):
        scenario.command(machine, 2)
