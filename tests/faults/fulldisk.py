"""D7: no room on the medium, for the file, for temporary files, or for what is written out."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.faults import sample
from tests.faults.command import Outcome, run
from tests.faults.commands import SUBJECTS, Subject, go_on
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import Corrupt, State, look

SHARES = (0, 10, 50, 90, 100, 150)
"""Of the room that a command needs, in per cent, how much there is."""
PAGE = 4096
SUBJECT = Subject(("customer", "set", "--where", "known(phone)", "owner=S-777", "--yes"), {"customers": 3000})


def why_not() -> str:
    """Return why no small medium can be made here, "" where it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root may mount a tmpfs"
    with contextlib.suppress(OSError, subprocess.CalledProcessError), medium(Path("/run"), 1):
        return ""
    return "no tmpfs may be mounted here"


@contextlib.contextmanager
def medium(place: Path, megabytes: int) -> Iterator[Path]:
    """Mount a medium of its own for a while."""
    path = place / "cskit-medium"
    path.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(path)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
        path.rmdir()


def full_medium(trial: Trial) -> Tally:
    """Leave a command a part of the room it needs; then make room."""
    tally = Tally()
    if why_not():
        tally.figures["not tried:"] = why_not()
        return tally
    subject = SUBJECT._replace(people=3000)
    base = sample.department(trial.place, 3000, 0)
    need = _need(base, trial.place)
    for number in range(trial.trials):
        share = SHARES[number % len(SHARES)]
        with medium(trial.place, 16) as place:
            folder = sample.copy(base, place / "data")
            before = look(folder)
            fill(place, need * share // 100)
            done = run(folder, *subject.words)
            (place / "filler").unlink()
            tally.trials += 1
            _judge(tally, subject, before, folder, done, f"{share} % of the room")
            tally.expect(done.code == 0 or share < 150, "gave up", done.told())
            tally.expect(done.code != 0 or share > 50, "wrong", f"saved with {share} % of the room")
    return tally


def full_limit(trial: Trial) -> Tally:
    """Forbid files beyond a size, as `ulimit -f` does."""
    tally, subject = Tally(), SUBJECTS["two tables"]
    base, words = subject.department(trial.place), subject.source(trial.place)
    before, folder = look(base), trial.place / "limited"
    size = (base / "history.jsonl").stat().st_size
    for number in range(trial.trials):
        sample.copy(base, folder)
        limit = size * SHARES[number % len(SHARES)] // 100
        done = run(folder, *words, before=["prlimit", f"--fsize={limit}"])
        tally.trials += 1
        _judge(tally, subject, before, folder, done, f"files up to {limit} bytes")
    return tally


def full_elsewhere(trial: Trial) -> Tally:
    """Fill what is not the data folder: the temporary folder, the file written to, standard output."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place), trial.place / "elsewhere")
    before = look(folder)
    with open("/dev/full", "wb") as full:
        done = run(folder, "customer", "list", "-o", "jsonl", stdout=full)
    tally.expect(done.code == 7 and not done.traced, "exit code", f"stdout full: {done.told()}")
    with open("/dev/full", "wb") as full:
        done = run(folder, "customer", "add", "张三", stdout=full)
    saved = f"saved as {before.entries + 1}, but "
    tally.expect(done.code == 7 and saved in done.err, "told wrong", f"stdout full: {done.told()}")
    tally.trials += 2
    if not why_not():
        with medium(trial.place, 1) as place:
            _elsewhere(tally, folder, place)
    go_on(tally, look(folder), folder)
    return tally


def _elsewhere(tally: Tally, folder: Path, place: Path) -> None:
    target, book = place / "out.csv", folder.with_suffix(".xlsx")
    target.write_text("what was there before\n", encoding="utf-8")
    fill(place, 0)
    before = look(folder)
    for name in ("out.csv", "out.xlsx"):
        done = run(folder, "-q", "customer", "export", "--out", str(place / name))
        tally.expect(done.code == 7 and not done.traced, "exit code", f"{name}: {done.told()}")
    tally.expect(
        target.read_bytes() == b"what was there before\n", "lost", "the file that an export replaces"
    )
    for words in (("customer", "export", "--out", str(book)), ("customer", "import", str(book))):
        done = run(folder, "-q", *words, env={"TMPDIR": str(place)})
        tally.expect(done.code in (0, 7) and not done.traced, "exit code", f"TMPDIR full: {done.told()}")
    tally.expect(look(folder).tables == before.tables, "wrong", "a full medium elsewhere changed records")
    tally.trials += 4


def _need(base: Path, place: Path) -> int:
    """Return the bytes that the command makes a medium hold at once: entry, and the table beside the old."""
    folder = sample.copy(base, place / "need")
    size = (folder / "history.jsonl").stat().st_size
    sample.must(folder, *SUBJECT.words)
    return (
        (folder / "history.jsonl").stat().st_size
        - size
        + (folder / "customers.json").stat().st_size
        + 2 * PAGE
    )


def fill(place: Path, left: int) -> None:
    """Write to a file until so many bytes are left on the medium, to the page."""
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_bsize
    with open(place / "filler", "wb") as file:
        file.write(bytes(max(0, free - left) // PAGE * PAGE))


def _judge(tally: Tally, subject: Subject, before: State, folder: Path, done: Outcome, what: str) -> None:
    what = f"{what}: {done.told()}"
    try:
        after = look(folder)
    except Corrupt as error:
        tally.wrong("corrupt", f"{error}; {what}")
        return
    saved = after.entries > before.entries
    tally.hits += done.code == 7
    tally.expect(after.changed(before) == (subject.changes if saved else {}), "partial", what)
    tally.expect(done.code in (0, 7) and not done.traced, "exit code", what)
    tally.expect(len(done.err.splitlines()) <= 2, "message", what)
    told = done.code == 0 or f"saved as {after.entries}, but " in done.err
    tally.expect(told == saved, "told wrong", what)
    go_on(tally, after, folder)


FULL = Fault(
    "D7",
    "disk full, file size limit, full temporary folder",
    "old data whole, exit 7, one line; works once there is room",
    {"medium": full_medium, "limit": full_limit, "elsewhere": full_elsewhere},
    often=len(SHARES),
    nightly=10 * len(SHARES),
)
