"""D3: the operating system fails, interrupts or kills at each of a command's calls on the data folder.

strace injects it into the installed command: nothing of cskit is replaced, and there is no seam in cskit that
could differ from what users run. `tests/core/store/test_disk_faults.py` does the same to the store alone, at
every operation of its disk, without a system in between.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.faults import sample
from tests.faults.command import Outcome, run
from tests.faults.commands import SUBJECTS, Subject, go_on
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import Corrupt, State, look

NAMES = (
    *("", "lock", "cskit.toml", "history.jsonl", "history.jsonl.new"),
    *("customers.json", "customers.json.new", "orders.json", "orders.json.new"),
)
CALLS = (
    "openat mkdir flock fstat newfstatat getdents64 pread64 lseek write fsync ftruncate utimensat "
    "unlink rename close"
).split()
EFFECTS = {
    "SIGKILL": CALLS,
    "EIO": ("openat", "flock", "getdents64", "pread64", "write", "fsync", "ftruncate", "utimensat", "rename"),
    "ENOSPC": ("openat", "mkdir", "write", "fsync", "rename"),
    "EINTR": ("openat", "flock", "pread64", "write", "fsync", "ftruncate"),  # those Python begins again
    "ENOSPC from then on": ("write", "fsync"),
    "EIO from then on": ("write", "fsync", "ftruncate"),
}
NEW = Subject(("customer", "add", "张三", "--phone", "13800000001"), {"customers": 1})
UNSURE = "it may have been saved all the same"


class Strike(NamedTuple):
    """One thing to inject: what, into which call, and into its how-manieth."""

    effect: str
    call: str
    nth: int

    def words(self) -> list[str]:
        """Return what strace is told."""
        name, _, lasting = self.effect.partition(" ")
        what = f"signal={name}" if name == "SIGKILL" else f"error={name}"
        return ["-e", f"inject={self.call}:{what}:when={self.nth}{'+' if lasting else ''}"]


def why_not() -> str:
    """Return why nothing can be injected here, "" where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()}"


def at_every_call(name: str, trial: Trial) -> Tally:
    """Strike at every call of a command, or at as many of them as there are trials, spread evenly."""
    tally = Tally()
    subject = NEW if name == "new folder" else SUBJECTS[name]
    base = None if name == "new folder" else subject.department(trial.place)
    words, folder = subject.source(trial.place), trial.place / "struck" / name.replace(" ", "-")
    before = look(base) if base else State(0, {}, 0, 0)
    strikes = list(_strikes(_calls(base, folder, words)))
    subject.check(before, look(folder), "without a strike")
    step = max(1.0, len(strikes) / trial.trials)
    for number in range(min(len(strikes), trial.trials)):
        strike = strikes[int(number * step)]
        _lay(base, folder)
        done = _struck(folder, words, strike)
        tally.trials += 1
        _judge(tally, subject, before, folder, done, strike)
    return tally


def _lay(base: Path | None, folder: Path) -> None:
    if base:
        sample.copy(base, folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _strikes(calls: dict[str, int]) -> Iterator[Strike]:
    for effect, names in EFFECTS.items():
        for name in names:
            yield from (Strike(effect, name, nth) for nth in range(1, calls.get(name, 0) + 1))


def _trace(folder: Path) -> list[str]:
    paths = [word for name in NAMES for word in ("-P", str(folder / name) if name else str(folder))]
    return ["strace", "-f", "-qq", "-e", f"trace={','.join(CALLS)}", *paths]


def _calls(base: Path | None, folder: Path, words: tuple[str, ...]) -> dict[str, int]:
    """Return how often a command makes each call on the folder."""
    _lay(base, folder)
    log = folder.with_name("calls.log")
    log.parent.mkdir(exist_ok=True)
    done = run(folder, "-q", *words, before=[*_trace(folder), "-o", str(log)])
    if done.code:
        raise RuntimeError(done.told())
    found: dict[str, int] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\d+ +(\w+)\(", line)
        if match:
            found[match[1]] = found.get(match[1], 0) + 1
    return found


def _struck(folder: Path, words: tuple[str, ...], strike: Strike) -> Outcome:
    before = [*_trace(folder), "-o", os.devnull, *strike.words()]
    if strike.effect != "SIGKILL":
        before.insert(1, "--seccomp-bpf")  # the system stops only at these calls; a signal needs all
    return run(folder, *words, before=before)


def _judge(
    tally: Tally, subject: Subject, before: State, folder: Path, done: Outcome, strike: Strike
) -> None:
    what = f"{subject.words[:2]} {strike}: {done.told()}"
    try:
        after = look(folder)
        saved = after.entries - before.entries
        tally.expect(saved in (0, subject.entries), "partial", f"{saved} entries; {what}")
        tally.expect(after.changed(before) == (subject.changes if saved else {}), "partial", what)
        tally.hits += done.code != 0
        if strike.effect == "EINTR":
            tally.expect(done.code == 0, "gave up", what)
        _said(tally, done, saved, after.entries, what)
        go_on(tally, after, folder)
    except Corrupt as error:
        tally.wrong("corrupt", f"{error}; {what}")


def _said(tally: Tally, done: Outcome, saved: int, entries: int, what: str) -> None:
    """Check that exit code and message tell the truth."""
    tally.expect(not done.traced, "traceback", what)
    if done.code == 0:
        tally.expect(saved > 0, "lost", what)
    elif done.code > 0 and "+++" not in done.err and done.code != 137:
        tally.expect(done.code == 7, "exit code", what)
        tally.expect(
            len(done.err.splitlines()) <= 4, "message", what
        )  # of a batch: which line, why, what now
        told = f"saved as {entries}, but " in done.err
        tally.expect(told == (saved > 0) or UNSURE in done.err, "told wrong", what)


SYSTEM = Fault(
    "D3",
    "the system fails, interrupts or kills at a call",
    "all old or all new; exit 0 only if saved; saved and failed says `saved as N, but …`",
    {name: partial(at_every_call, name) for name in ("two tables", "new folder", "large table", "compact")},
    often=15,
    nightly=10_000,
)
