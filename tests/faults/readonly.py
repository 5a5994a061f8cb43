"""D9: folders, files and media that may only be read, and those of another owner."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.faults import fulldisk, sample
from tests.faults.command import run
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

NOBODY = 65534
ORDINARY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""What makes modes count for root, too."""


class Case(NamedTuple):
    """What is done to a folder, and whether it can then still be read, and still be written."""

    lay: Callable[[Path], None]
    reads: bool = True
    writes: bool = False


def _modes(folder_mode: int, file_mode: int) -> Callable[[Path], None]:
    def lay(folder: Path) -> None:
        for path in folder.iterdir():
            path.chmod(file_mode)
        folder.chmod(folder_mode)

    return lay


def _one(name: str, mode: int) -> Callable[[Path], None]:
    return lambda folder: (folder / name).chmod(mode)


def _anothers(folder_mode: int, file_mode: int) -> Callable[[Path], None]:
    def lay(folder: Path) -> None:
        _modes(folder_mode, file_mode)(folder)
        for path in (*folder.iterdir(), folder):
            os.chown(path, NOBODY, NOBODY)

    return lay


def _without_lock(folder: Path) -> None:
    (folder / "lock").unlink()
    folder.chmod(0o500)


CASES = {
    "folder": Case(_modes(0o500, 0o400)),
    "folder without a lock": Case(_without_lock),
    "files": Case(_modes(0o700, 0o400)),
    "history": Case(_one("history.jsonl", 0o400)),
    "history unreadable": Case(_one("history.jsonl", 0o000), reads=False),
    "table": Case(_one("customers.json", 0o400), writes=True),  # a new file takes its name
    "table unreadable": Case(_one("customers.json", 0o000), reads=False),
    "lock": Case(_one("lock", 0o400)),
    "closed": Case(_modes(0o000, 0o600), reads=False),
}
ANOTHERS = {
    "another's, readable": Case(_anothers(0o755, 0o644)),
    "another's, closed": Case(_anothers(0o700, 0o600), reads=False),
}


def trying(trial: Trial) -> Tally:
    """Read and write in every such folder."""
    tally, base = Tally(), sample.department(trial.place)
    root = os.geteuid() == 0
    ordinary = ORDINARY if root else []
    if root and shutil.which("setpriv") is None:
        tally.figures["not tried:"] = "root without setpriv, for whom modes do not count"
        return tally
    for name, case in {**CASES, **(ANOTHERS if root else {})}.items():
        folder = sample.copy(base, trial.place / "guarded")
        before = look(folder)
        case.lay(folder)
        _try(tally, name, case, folder, ordinary)
        after = _opened(folder)
        expected = {"customers": 1} if case.writes else {}
        tally.expect(look(after).changed(before) == expected, "wrong", f"{name}: records changed")
    return tally


def on_a_medium(trial: Trial) -> Tally:
    """Read and write on a medium that was mounted to be read only."""
    tally = Tally()
    if fulldisk.why_not():
        tally.figures["not tried:"] = fulldisk.why_not()
        return tally
    with fulldisk.medium(trial.place, 8) as place:
        folder = sample.copy(sample.department(trial.place), place / "data")
        remount = ["mount", "-o", "remount,ro", str(place)]
        subprocess.run(remount, check=True)
        _try(tally, "medium", Case(lambda path: None), folder, [])
    return tally


def _try(tally: Tally, name: str, case: Case, folder: Path, ordinary: list[str]) -> None:
    tally.trials += 2
    read = run(folder, "customer", "show", "C-000002", before=ordinary)
    tally.expect(read.code == (0 if case.reads else 7), "exit code", f"reading, {name}: {read.told()}")
    written = run(folder, "customer", "add", "张三", before=ordinary)
    wanted = 0 if case.writes else 7
    tally.expect(written.code == wanted, "exit code", f"writing, {name}: {written.told()}")
    for done in (read, written):
        tally.expect(not done.traced and len(done.err.splitlines()) <= 2, "message", f"{name}: {done.told()}")
    if written.code and os.fspath(folder) not in written.err:
        tally.wrong("message", f"{name}: the folder is not named: {written.told()}")


def _opened(folder: Path) -> Path:
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


GUARDED = Fault(
    "D9",
    "read-only folder, files, medium; another owner",
    "reading works where it may; writing exits 7 and changes nothing",
    {"modes": trying, "medium": on_a_medium},
    often=1,
    nightly=1,
)
