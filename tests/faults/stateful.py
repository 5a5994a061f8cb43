"""D10: random commands against a model made of dicts; real command lines and files, in this process.

As processes of their own a hundred sequences would take an hour; what killing and losing power do to a
process is for the other families.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cskit.testing import Result, run
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

PLUGINS = {"customers": "cskit_customers"}
NAMES = st.text(st.sampled_from("张三李四ab \"'\\=;é👩"), min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)
KEPT = ("key", "name", "region", "owner", "note")
Model = dict[str, dict[str, Any]]


START = dt.datetime(2026, 10, 30, 2, 0, tzinfo=dt.UTC)


def _clock() -> dt.datetime:
    """Return the time of a clock that each command line moves on by a second."""
    return START + dt.timedelta(seconds=Department.steps)


class Department(RuleBasedStateMachine):
    """A department, what it must hold, and what it held before each change that `undo` takes back."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix="cskit-model-")
        self.held: Model = {}
        self.before: list[Model] = []
        self.given: set[str] = set()
        self.moments: list[tuple[dt.datetime, Model]] = []

    def teardown(self) -> None:
        while self.before:
            self.undo()
            self.same()
        assert self.held == {}
        checked = self.run("data", "verify")
        assert checked.exit_code == 0, checked.stderr
        assert not any(look(Path(self.folder)).tables.values())
        shutil.rmtree(self.folder)

    def run(self, *words: str, piped: str = "") -> Result:
        Department.steps += 1
        return run(list(words), data=self.folder, plugins=PLUGINS, input=piped)

    def saved(self, done: Result, changed: Model) -> None:
        assert done.exit_code == 0, done.stderr
        if changed != self.held:
            self.before.append(self.held)
            self.held = changed
        self.moments.append((_clock(), self.held))

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        done = self.run("customer", "add", "--", name)
        own = done.stdout.strip()
        assert own not in self.given, f"{own} was given out before"
        self.given.add(own)
        self.saved(done, {**self.held, own: {"name": name}})

    @precondition(lambda self: self.held)
    @rule(data=st.data(), region=st.sampled_from(["华东", "a b", "x=y"]))
    def change(self, data: st.DataObject, region: str) -> None:
        own = data.draw(st.sampled_from(sorted(self.held)))
        done = self.run("customer", "set", own, f"region={region}")
        self.saved(done, {**self.held, own: {**self.held[own], "region": region}})

    @precondition(lambda self: self.held)
    @rule(region=st.sampled_from(["华东", "a b"]), owner=st.sampled_from(["S-1", "S-2"]))
    def change_some(self, region: str, owner: str) -> None:
        done = self.run("customer", "set", "--where", f'region == "{region}"', f"owner={owner}", "--yes")
        chosen = {own for own, held in self.held.items() if held.get("region") == region}
        assert done.exit_code == 0, done.stderr
        new = {own: {**held, "owner": owner} if own in chosen else held for own, held in self.held.items()}
        self.saved(done, new)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        own = data.draw(st.sampled_from(sorted(self.held)))
        done = self.run("customer", "remove", own, "--yes")
        self.saved(done, {key: held for key, held in self.held.items() if key != own})

    @rule(
        numbers=st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), note=st.sampled_from("xyz")
    )
    def take_over(self, numbers: list[int], note: str) -> None:
        rows = [json.dumps({"key": f"K{n}", "name": f"n{n}", "note": note}) for n in numbers]
        new = dict(self.held)
        known = {held.get("key"): own for own, held in self.held.items()}
        done = self.run("customer", "import", "-", piped="\n".join(rows) + "\n")
        assert done.exit_code == 0, done.stderr
        now = self.records()
        for number in numbers:
            key = f"K{number}"
            row = {"key": key, "name": f"n{number}", "note": note}
            own = known.get(key) or next(one for one, held in now.items() if held.get("key") == key)
            if key not in known:
                assert own not in self.given, f"{own} was given out before"
                self.given.add(own)
            new[own] = {**new.get(own, {}), **row}
        self.saved(done, new)

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        done = self.run("undo", "--yes")
        assert done.exit_code == 0, done.stderr
        self.held = self.before.pop()
        self.moments.append((_clock(), self.held))

    @precondition(lambda self: self.moments)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        when, held = data.draw(st.sampled_from(self.moments))
        moment = f"{when:%Y-%m-%dT%H:%M:%SZ}"
        assert self.records("--as-of", moment) == held
        assert self.run("customer", "count", "--as-of", moment).stdout == f"{len(held)}\n"

    @precondition(lambda self: not self.before)
    @rule()
    def nothing_to_undo(self) -> None:
        assert self.run("undo", "--yes").exit_code != 0

    @rule()
    def settle(self) -> None:
        assert self.run("data", "settle").exit_code == 0

    def records(self, *more: str) -> Model:
        listed = self.run("customer", "list", "-o", "jsonl", *more).stdout.splitlines()
        found = {}
        for line in listed:
            held = json.loads(line)
            found[held["id"]] = {name: held[name] for name in KEPT if name in held}
        return found

    @invariant()
    def same(self) -> None:
        assert self.records() == self.held


def modelled(trial: Trial) -> Tally:
    """Run random sequences of commands; after each step the department must hold what the model holds."""
    tally = Tally()
    Department.steps = 0
    chosen = settings(
        max_examples=trial.trials,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        with mock.patch("cskit.app._clock", _clock):
            run_state_machine_as_test(Department, settings=chosen)
    except AssertionError as error:
        tally.wrong("unlike the model", str(error))
    tally.trials = trial.trials
    tally.figures["command lines"] = f"{Department.steps:,}".replace(",", " ")
    return tally


MODELLED = Fault(
    "D10",
    "random commands against a model of dicts",
    "always equal, also any moment of the past; no id twice; all undone is the start",
    {"model": modelled},
    often=20,
    nightly=2000,
)
