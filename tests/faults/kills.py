"""D1 and D2: `kill -9` at random moments of a command, and inside the moment at which it saves."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import time
from functools import partial
from pathlib import Path

from tests.faults import sample
from tests.faults.command import LIMIT, ended, run, start
from tests.faults.commands import SUBJECTS, Subject, judge
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look


def at_random(name: str, trial: Trial) -> Tally:
    """Kill a command at moments spread over the time it takes, most of which is Python starting."""
    subject, tally = SUBJECTS[name], Tally()
    base, words = subject.department(trial.place), subject.source(trial.place)
    before, folder = look(base), trial.place / "killed"
    whole = statistics.median(_seconds(subject, base, folder, words) for _ in range(2))
    for number in range(trial.trials):
        sample.copy(base, folder)
        moment = whole * trial.chance.uniform(0.4, 1.1)
        process = start(folder, "-q", *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        _end(tally, subject, before, folder, process, verify=number % 5 == 0)
    return tally


def while_saving(name: str, trial: Trial) -> Tally:
    """Kill a command some moment after it has taken the lock, which it gives back once all is saved."""
    subject, tally = SUBJECTS[name], Tally()
    base, words = subject.department(trial.place), subject.source(trial.place)
    before, folder = look(base), trial.place / "killed"
    window = statistics.median(_window(base, folder, words) for _ in range(2))
    for number in range(trial.trials):
        sample.copy(base, folder)
        process = start(folder, "-q", *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if wait_for_lock(folder, process):
            time.sleep(window * trial.chance.uniform(0, 0.9))
        _end(tally, subject, before, folder, process, verify=number % 5 == 0)
    return tally


def _end(
    tally: Tally,
    subject: Subject,
    before: object,
    folder: Path,
    process: subprocess.Popen[bytes],
    verify: bool,
) -> None:
    process.send_signal(signal.SIGKILL)
    code = process.wait()
    tally.trials += 1
    tally.hits += code == -signal.SIGKILL and _is_signed(folder)
    judge(tally, subject, before, folder, acknowledged=code == 0, verify=verify)  # type: ignore[arg-type]


def _seconds(subject: Subject, base: Path, folder: Path, words: tuple[str, ...]) -> float:
    """Return how long a command takes that is let be, and see to it that it does what trials ask about."""
    sample.copy(base, folder)
    done = run(folder, "-q", *words)
    subject.check(look(base), look(folder), done.told())
    return done.seconds


def _window(base: Path, folder: Path, words: tuple[str, ...]) -> float:
    """Return how long a command holds the lock."""
    sample.copy(base, folder)
    process = start(folder, "-q", *words)
    wait_for_lock(folder, process)
    began = time.monotonic()
    while process.poll() is None and _is_signed(folder):
        time.sleep(0)
    taken = time.monotonic() - began
    ended(process)
    return taken


def wait_for_lock(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a command has signed the lock; False where it ended before that was seen."""
    limit = time.monotonic() + LIMIT
    while not _is_signed(folder):
        if process.poll() is not None or time.monotonic() > limit:
            return False
        time.sleep(0)  # a moment of a tenth of a millisecond is what it is about
    return True


def _is_signed(folder: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.stat(folder / "lock").st_size > 0
    return False


RANDOM = Fault(
    "D1",
    "kill -9 at random moments",
    "nothing corrupt, lost, partial or silently wrong; the next command needs no help",
    {name: partial(at_random, name) for name in SUBJECTS},
    often=8,
    nightly=500,
)
SAVING = Fault(
    "D2",
    "kill -9 while it saves",
    "the same",
    {name: partial(while_saving, name) for name in ("add", "two tables", "large table", "compact", "import")},
    often=5,
    nightly=200,
)
