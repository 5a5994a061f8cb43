"""D5 and D6: many shells at one folder at once, and one that stops while it holds the lock."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import threading
from pathlib import Path

from tests.faults import sample
from tests.faults.command import run, start
from tests.faults.commands import SUBJECTS, go_on
from tests.faults.kills import wait_for_lock
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

SHELLS, EACH = 8, 50
SUM = 1000  # what lies in the customer's and the order's field together, whatever was moved between them
FACTS = ("fact", "show", "customer", "C-000001", "--names", "customer.potential_volume,orders.quantity")
PEOPLE = 1500  # a list of them is more than a pipe holds, so that its writer has to wait


def adding(trial: Trial) -> Tally:
    """Let eight shells add fifty each, while two read, one moves an amount, and one sits in `| less`."""
    tally = Tally()
    base = _department(trial.place)
    for _ in range(trial.trials):
        folder = sample.copy(base, trial.place / "crowd")
        tally.trials += 1
        _crowd(tally, folder)
    return tally


def _department(place: Path) -> Path:
    folder = sample.department(place, PEOPLE, 2)
    sample.must(folder, "customer", "set", "C-000001", f"potential_volume={SUM}")
    sample.must(folder, "customer", "order", "remove", "O-000002", "--yes")
    sample.must(folder, "customer", "order", "set", "O-000001", "quantity=0", "state=completed")
    return folder


class _Crowd:
    """What the threads that stand for shells share."""

    def __init__(self, tally: Tally, folder: Path) -> None:
        self.tally, self.folder = tally, folder
        self.done = threading.Event()
        self.ids: list[str] = []
        self.reads = self.moves = 0

    def add(self, shell: int) -> None:
        """Add fifty customers, one command each."""
        for number in range(EACH):
            done = run(self.folder, "customer", "add", f"{shell}-{number}", "--lock-timeout", "60")
            self.tally.expect(done.code == 0, "error", done.told())
            self.ids.append(done.out.strip())

    def read(self) -> None:
        """Look at both sides of the transfer, which one reading must show in balance."""
        while not self.done.is_set():
            done = run(self.folder, *FACTS, "-o", "json", "--lock-timeout", "60")
            self.tally.expect(done.code == 0, "error", done.told())
            if done.code == 0:
                held = json.loads(done.out)
                facts = held[0] if isinstance(held, list) else held
                found = sum(float(part) for part in _numbers(facts))
                self.tally.expect(found == SUM, "torn read", done.out)
                self.reads += 1

    def move(self) -> None:
        """Move an amount from one table to the other and back, each time as one batch."""
        amount = 0
        while not self.done.is_set():
            amount = (amount + 7) % SUM
            lines = f"customer set C-000001 potential_volume={SUM - amount}\n"
            lines += f"customer order set O-000001 quantity={amount}\n"
            done = run(self.folder, "batch", "-", "--lock-timeout", "60", piped=lines.encode())
            self.tally.expect(done.code == 0, "error", done.told())
            self.moves += 1


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in _numbers(part)]
    return [float(value)] if isinstance(value, int | float) else []


def _crowd(tally: Tally, folder: Path) -> None:
    before = look(folder)
    crowd = _Crowd(tally, folder)
    with start(folder, "customer", "list", "-o", "jsonl") as pager:
        others = [threading.Thread(target=target) for target in (crowd.read, crowd.read, crowd.move)]
        adders = [threading.Thread(target=crowd.add, args=(shell,)) for shell in range(SHELLS)]
        assert pager.stdout is not None
        head = pager.stdout.readline()  # somebody looks at the first screen, and goes on working
        for thread in [*others, *adders]:
            thread.start()
        for thread in adders:
            thread.join()
        crowd.done.set()
        for thread in others:
            thread.join()
        shown = head + pager.stdout.read()
        tally.expect(pager.wait() == 0, "error", "the list in the pager")
    tally.expect(shown.count(b"\n") == len(before.tables["customers"]), "torn read", "the list in the pager")
    _counted(tally, crowd, folder, len(before.tables["customers"]), before.entries)


def _counted(tally: Tally, crowd: _Crowd, folder: Path, people: int, entries: int) -> None:
    after = look(folder)
    wanted = SHELLS * EACH
    held = [one["id"] for one in after.tables["customers"].values()]
    tally.expect(len(set(crowd.ids)) == wanted, "duplicate", f"{len(set(crowd.ids))} ids for {wanted}")
    tally.expect(
        len(held) == len(set(held)) == people + wanted, "lost", f"{len(set(held))} of {people + wanted}"
    )
    tally.expect(set(crowd.ids) <= set(held), "lost", f"{set(crowd.ids) - set(held)}")
    moved = after.entries - entries - wanted
    tally.expect(moved == crowd.moves, "lost", f"{moved} of {crowd.moves} transfers")
    tally.figures["adds"] = f"{len(held) - people} of {wanted}"
    tally.figures["reads"] = crowd.reads
    tally.figures["transfers"] = crowd.moves
    checked = run(folder, "data", "verify")
    tally.expect(checked.code == 0, "not whole", checked.told())


# --- who holds the lock and does not let go -----------------------------------------------------------------


def stopping(trial: Trial) -> Tally:
    """Stop a command that saves: who waits gives up in time and is told whom for; then kill it."""
    tally, subject = Tally(), SUBJECTS["import"]
    base, words = subject.department(trial.place), subject.source(trial.place)
    folder = trial.place / "stopped"
    while tally.trials < trial.trials:
        sample.copy(base, folder)
        holder = start(folder, "-q", *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not wait_for_lock(folder, holder):
            raise RuntimeError("the import ended before it was seen to hold the lock")
        holder.send_signal(signal.SIGSTOP)
        tally.trials += 1
        told = f"process {holder.pid} (customer import)"
        _gives_up(tally, folder, told)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        before = look(folder)
        go_on(tally, before, folder)
    return tally


def reading_on(trial: Trial) -> Tally:
    """Hold the lock as a reader does: who wants to write gives up in time and is told so."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place), trial.place / "read")
    for _ in range(max(1, trial.trials // 5)):
        tally.trials += 1
        with open(folder / "lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            _gives_up(tally, folder, "a reader")
        go_on(tally, look(folder), folder)
    return tally


def _gives_up(tally: Tally, folder: Path, holder: str) -> None:
    timeout = 0.5
    done = run(folder, "customer", "add", "等待的", "--lock-timeout", str(timeout))
    tally.expect(done.code == 4, "exit code", done.told())
    tally.expect(holder in done.err, "not named", done.told())
    idle = run(folder, "--version").seconds  # what the process itself takes on this machine now
    tally.expect(done.seconds < timeout + 1 + 3 * idle, "late", f"{done.seconds:.1f} s for {timeout} s")


CROWD = Fault(
    "D5",
    "8 shells add 50 each; 2 read, 1 transfers, 1 sits in a pager",
    "all there, no error, no id twice, every read in balance",
    {"adding": adding},
    often=1,
    nightly=20,
)
HOLDER = Fault(
    "D6",
    "the lock's holder stopped, then killed",
    "exit 4 in time, naming the holder; after the kill nobody waits",
    {"a writer": stopping, "a reader": reading_on},
    often=5,
    nightly=200,
)
