"""D13: clocks set back, other zones and locales, words that are no text, no home, a folder that is gone."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from tests.faults import sample
from tests.faults.command import Outcome, run
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

LIST = ("customer", "list", "-o", "jsonl", "--fields", "id,name,region,owner")
ADDED = ("customer", "order", "add", "C-000001", "--date", "2028-02-29", "--amount", "1")
PLACES: dict[str, dict[str, str]] = {
    "another zone": {"TZ": "America/St_Johns"},
    "a zone that is none": {"TZ": "Nowhere/Land"},
    "LANG=C": {"LANG": "C", "LC_ALL": "C"},
    "POSIX, no UTF-8 mode": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a locale that is none": {"LC_ALL": "xx_YY.UTF-8"},
    "GB18030": {"PYTHONIOENCODING": "gb18030"},
    "Chinese": {"LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"},
    "20 columns": {"COLUMNS": "20"},
    "1 column": {"COLUMNS": "1"},
    "columns that are none": {"COLUMNS": "wide"},
    "a dumb terminal": {"TERM": "dumb"},
    "no temporary folder": {"TMPDIR": "/nowhere"},
}
WITHOUT = {
    "no HOME": ["env", "-u", "HOME", "-u", "XDG_CONFIG_HOME"],
    "nothing but the folder": [
        "env",
        "-u",
        "HOME",
        "-u",
        "PATH",
        "-u",
        "LANG",
        "-u",
        "XDG_CONFIG_HOME",
        "-u",
        "USER",
    ],
    "umask 0777": ["sh", "-c", 'umask 0777; exec "$0" "$@"'],
    "umask 0": ["sh", "-c", 'umask 0; exec "$0" "$@"'],
    "few files open": ["sh", "-c", 'ulimit -n 16; exec "$0" "$@"'],
    "a deleted working folder": [
        "sh",
        "-c",
        'mkdir -p "$CSKIT_DATA/../gone"; cd "$CSKIT_DATA/../gone"; rmdir .; exec "$0" "$@"',
    ],
}


def elsewhere(trial: Trial) -> Tally:
    """List and add in every surrounding: the same records everywhere, and no traceback."""
    tally, base = Tally(), sample.department(trial.place)
    usual = run(base, *LIST).out
    trials: dict[str, tuple[dict[str, str], Sequence[str]]] = {
        name: (env, ()) for name, env in PLACES.items()
    }
    trials |= {name: ({}, before) for name, before in WITHOUT.items()}
    for name, (env, before) in trials.items():
        folder = sample.copy(base, trial.place / "elsewhere")
        listed = run(folder, *LIST, env=env, before=before)
        _expect(tally, name, listed)
        if name != "GB18030":
            tally.expect(listed.out == usual, "other results", name)
        _expect(tally, name, run(folder, *ADDED, env=env, before=before))
        _expect(tally, name, run(folder, "customer", "list", env=env, before=before))
        tally.expect(look(folder).changed(look(base)) == {"orders": 1}, "wrong", name)
        modes = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}
        tally.expect(not any(modes.values()), "open to others", f"{name}: {modes}")
        tally.trials += 1
    return tally


def clocks(trial: Trial) -> Tally:
    """Set the clock back and forth: entries stay in order, ids and results the same."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place), trial.place / "clocks")
    ahead = dt.datetime(2040, 2, 29, 23, 59, 59, tzinfo=dt.UTC)
    with open_store(folder).transaction(
        Origin(time=ahead, user="a clock ahead", command="customer add")
    ) as tx:
        tx.insert("customers", b'{"id":"C-100000","name":"ahead"}')
    _expect(tally, "a clock set back", run(folder, "customer", "add", "张三"))
    for now in (
        "1970-01-01T00:00:00Z",
        "2028-02-29",
        "2026-03-29T02:30",
        "9999-12-31",
        "2026-11-22T23:59:59+14:00",
    ):
        done = run(folder, "customer", "add", f"at {now}", "--now", now)
        _expect(tally, f"--now {now}", done)
    logged = run(folder, "log", "-o", "jsonl", "--fields", "seq,time").out.splitlines()
    times = [line.partition('"time":"')[2][:20] for line in logged]
    tally.expect(times == sorted(times, reverse=True), "order", f"{times}")
    checked = run(folder, "data", "verify")
    tally.expect(checked.code == 0, "not whole", checked.told())
    undone = run(folder, "undo", "--yes")
    _expect(tally, "undo after a clock set back", undone)
    tally.trials += 7
    return tally


def words(trial: Trial) -> Tally:
    """Give arguments that are no text, or text of every kind."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place), trial.place / "words")
    broken = [b"\xff\xfe", b"\xe5\xbc", b"a\xc0\x80"]
    for word in broken:
        done = run(folder, "customer", "add", os.fsdecode(word))
        tally.expect(done.code == 2 and not done.traced, "exit code", f"{word!r}: {done.told()}")
    kept = ["e\u0301", "👩‍👩‍👧", "\u202eabc", "a\tb", "'; drop table", "${HOME}", "%s%n", "‮", "字" * 5000]
    for text in kept:
        done = run(folder, "customer", "add", text, "-o", "json")
        tally.expect(done.code in (0, 5) and not done.traced, "exit code", f"{text[:20]!r}: {done.told()}")
        if done.code == 0:
            held = [one["name"] for one in look(folder).tables["customers"].values()]
            tally.expect(text in held, "other results", ascii(text[:20]))
    tally.trials += len(broken) + len(kept)
    return tally


def moved(trial: Trial) -> Tally:
    """Move and copy a folder, also under names that are hard to type: nothing depends on where it lies."""
    tally, base = Tally(), sample.department(trial.place)
    for name in ("with space", "数据", "new\nline", "-o", "a'b\"c", "%s"):
        folder = Path(shutil.move(sample.copy(base, trial.place / "moving"), trial.place / name))
        done = run(folder, "customer", "add", "张三")
        _expect(tally, name, done)
        tally.expect(look(folder).changed(look(base)) == {"customers": 1}, "wrong", name)
        tally.trials += 1
    return tally


def _expect(tally: Tally, name: str, done: Outcome) -> None:
    tally.expect(done.code == 0 and not done.traced, "exit code", f"{name}: {done.told()}")


SURROUNDED = Fault(
    "D13",
    "clocks, zones, locales, no home, no folder, broken words",
    "the same results, no traceback",
    {"surroundings": elsewhere, "clocks": clocks, "words": words, "names": moved},
    often=1,
    nightly=1,
)
