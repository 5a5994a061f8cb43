"""D11: Ctrl-C, termination, closed pipes and a full standard output, at any moment."""

from __future__ import annotations

import signal
import time
from functools import partial

from tests.faults import sample
from tests.faults.command import ended, run, start
from tests.faults.commands import SUBJECTS, judge
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def interrupted(name: str, trial: Trial) -> Tally:
    """Interrupt a command at random moments: all saved or nothing, and the exit code says which."""
    subject, tally = SUBJECTS[name], Tally()
    base, words = subject.department(trial.place), subject.source(trial.place)
    before, folder = look(base), trial.place / "interrupted"
    sample.copy(base, folder)
    whole = run(folder, "-q", *words).seconds
    for number in range(trial.trials):
        sample.copy(base, folder)
        sent = list(SIGNALS)[number % 2]
        process = start(folder, *words)
        time.sleep(whole * trial.chance.uniform(0.05, 1))
        process.send_signal(sent)
        done = ended(process)
        tally.trials += 1
        tally.hits += done.code != 0
        what = f"{sent.name} {words[:2]}: {done.told()}"
        # Python's own start, before a line of ours, ends by the signal itself: the shell sees 130 and 143.
        tally.expect(done.code in (0, SIGNALS[sent], -sent), "exit code", what)
        tally.expect("Traceback" not in done.err and "KeyboardInterrupt" not in done.err, "traceback", what)
        saved = look(folder).entries > before.entries
        told = done.code == 0 or "saved as" in done.err
        tally.expect(told == saved, "told wrong", what)
        judge(tally, subject, before, folder, acknowledged=done.code == 0, verify=number % 10 == 0)
    return tally


def unheard(trial: Trial) -> Tally:
    """Close what a command writes to, before or while it writes: no error, and nothing undone."""
    tally = Tally()
    folder = sample.copy(sample.department(trial.place, 3000, 0), trial.place / "unheard")
    for number in range(trial.trials):
        with start(folder, "customer", "list", "-o", ("jsonl", "csv", "table")[number % 3]) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(trial.chance.choice([0, 1, 100, 5000]))
            process.stdout.close()
            said = process.stderr.read().decode()
            code = process.wait()
        tally.trials += 1
        tally.expect(code == 0 and not said, "exit code", f"a closed pipe: exit {code}: {said}")
    before = look(folder)
    for closed in ("1>&-", "2>&-", "1>&- 2>&-", "0<&-", "1>/dev/full"):
        line = f'exec "$0" "$@" {closed}'
        done = run(folder, "customer", "add", "张三", before=["sh", "-c", line])
        wanted = 7 if "full" in closed else 0
        tally.expect(done.code == wanted and not done.traced, "exit code", f"{closed}: {done.told()}")
        tally.trials += 1
    added = look(folder).changed(before)
    tally.expect(added == {"customers": 5}, "lost", f"of five adds to closed streams: {added}")
    return tally


SIGNALLED = Fault(
    "D11",
    "Ctrl-C, termination, closed pipes, full stdout",
    "130, 143 or 0; no traceback; all saved or nothing",
    {
        **{name: partial(interrupted, name) for name in ("two tables", "import")},
        "closed pipes": unheard,
    },
    often=10,
    nightly=100,
)
