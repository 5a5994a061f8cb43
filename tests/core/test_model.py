"""Commands in any order against a plain dict: what they say, what is stored, and the way back to the start.

Twenty-five runs of up to twenty commands take about ten seconds; `CSKIT_MODEL_RUNS=500` looks longer.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cskit.store import folder
from cskit.store.folder import open_store
from cskit.testing import Result, run

RUNS = int(os.environ.get("CSKIT_MODEL_RUNS", "25"))
REGIONS = st.sampled_from(["华东", "华南", "a b", "=1+1", "'"])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
KEYS = st.sampled_from(["KH1", "KH2", "KH3", "KH4", "KH5"])
Rows = dict[str, dict[str, Any]]


class Department(RuleBasedStateMachine):
    """A department run by commands, and what a dict says it should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="cskit-model-"))
        self.customers: Rows = {}
        self.orders: Rows = {}
        self.undoable: list[tuple[int, Rows, Rows]] = []
        """What a bare undo takes back, newest last: the entry and the records before it."""
        self.given: set[str] = set()
        self.entries = 0

    @initialize(pending=st.booleans())
    def open(self, pending: bool) -> None:
        """Let table files lag behind the history, as large ones do, or be rewritten each time."""
        self.limits = folder.SMALL, folder.SHARE
        if pending:
            folder.SMALL, folder.SHARE = 0, 0.01  # type: ignore[assignment]

    def cskit(self, *words: str, code: int = 0, saves: bool = True) -> Result:
        """Run a command, which must end with `code`, and count its entry."""
        result = run(words, data=self.place)
        assert result.exit_code == code, (words, result)
        if code == 0 and saves:
            self.entries += 1
            assert f"saved as {self.entries} " in result.stderr, (words, result)
        return result

    def change(self, *words: str) -> Result:
        """Run a command that changes records, and remember what they were before it."""
        before = copy.deepcopy((self.customers, self.orders))
        result = self.cskit(*words)
        self.undoable.append((self.entries, *before))
        return result

    def new(self, result: Result) -> str:
        """Return the id that a command printed, which was never given out before."""
        own = result.stdout.strip()
        assert own not in self.given
        self.given.add(own)
        return own

    def holder(self, key: str) -> str | None:
        """Return the customer with an external key."""
        return next((own for own, held in self.customers.items() if held.get("key") == key), None)

    # --- commands ----------------------------------------------------------------------------------------

    @rule(name=NAMES, region=REGIONS)
    def add(self, name: str, region: str) -> None:
        """Add a customer."""
        own = self.new(self.change("customer", "add", "--region", region, "--", name))
        self.customers[own] = {"id": own, "name": name, "region": region}

    @rule(name=NAMES, key=KEYS)
    def add_with_key(self, name: str, key: str) -> None:
        """Add a customer with an external key, which must not be taken."""
        words = ("customer", "add", "--key", key, "--", name)
        if self.holder(key):
            self.cskit(*words, code=4)
        else:
            own = self.new(self.change(*words))
            self.customers[own] = {"id": own, "key": key, "name": name}

    @precondition(lambda self: self.customers)
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        """Add an order of a customer."""
        customer = data.draw(st.sampled_from(sorted(self.customers)))
        own = self.new(self.change("customer", "order", "add", customer, "--date", "2026-11-20"))
        self.orders[own] = {"id": own, "customer": customer, "date": "2026-11-20"}

    @precondition(lambda self: self.customers)
    @rule(data=st.data(), region=REGIONS)
    def set(self, data: st.DataObject, region: str) -> None:
        """Change one or several customers; those that are so already are left."""
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.customers)), min_size=1, unique=True))
        words = ("customer", "set", *chosen, f"region={region}")
        if all(self.customers[own].get("region") == region for own in chosen):
            assert "nothing to save" in self.cskit(*words, saves=False).stderr
            return
        self.change(*words)
        for own in chosen:
            self.customers[own]["region"] = region

    @precondition(lambda self: self.customers)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Remove a customer, unless an order points to it."""
        own = data.draw(st.sampled_from(sorted(self.customers)))
        words = ("customer", "remove", own, "--yes")
        if any(order["customer"] == own for order in self.orders.values()):
            self.cskit(*words, code=4)
        else:
            self.change(*words)
            del self.customers[own]

    @rule(rows=st.dictionaries(KEYS, NAMES.filter(lambda name: name[0] not in "'=+-@＝＋－＠"), min_size=1))
    def take_over(self, rows: dict[str, str]) -> None:
        """Import customers by external key: known ones are changed, others added, in one entry."""
        lines = [json.dumps({"key": key, "name": name}) + "\n" for key, name in rows.items()]
        file = self.place.parent / f"{self.place.name}.jsonl"
        file.write_text("".join(lines), encoding="utf-8")
        known = {key: self.holder(key) for key in rows}
        words = ("customer", "import", str(file))
        if all(own and self.customers[own]["name"] == rows[key] for key, own in known.items()):
            self.cskit(*words, saves=False)
            return
        self.change(*words)
        stored = {row["key"]: row["id"] for row in self.stored("customers") if "key" in row}
        for key, name in rows.items():
            own = known[key]
            if own is None:
                own = stored[key]
                assert own not in self.given
                self.given.add(own)
                self.customers[own] = {"id": own, "key": key}
            self.customers[own]["name"] = name

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self) -> None:
        """Take back the latest change that stands."""
        entry, customers, orders = self.undoable.pop()
        assert f"undid {entry}, " in self.cskit("undo", "--yes").stderr
        self.customers, self.orders = customers, orders

    @precondition(lambda self: self.undoable)
    @rule()
    def undo_and_redo(self) -> None:
        """Take back the latest change and make it again: everything is as it was."""
        self.cskit("undo", "--yes")
        self.cskit("undo", str(self.entries), "--yes")

    @precondition(lambda self: not self.undoable)
    @rule()
    def undo_nothing(self) -> None:
        """With nothing left to take back, undo says so."""
        self.cskit("undo", "--yes", code=3)

    @rule()
    def settle(self) -> None:
        """Bring the table files up to the history."""
        self.cskit("data", "settle", saves=False)

    @precondition(lambda self: (self.place / "customers.json").exists())
    @rule()
    def lose_a_table_file(self) -> None:
        """A table's file is lost; the history has it all."""
        (self.place / "customers.json").unlink()

    # --- what must hold ----------------------------------------------------------------------------------

    def stored(self, table: str) -> list[dict[str, Any]]:
        """Return the records of a table as another process would find them."""
        return [json.loads(document.raw) for document in open_store(self.place).reading().read(table)]

    @invariant()
    def records_are_as_in_the_model(self) -> None:
        """Every record, once, and nothing else."""
        for table, expected in (("customers", self.customers), ("orders", self.orders)):
            found = self.stored(table)
            assert {row["id"]: row for row in found} == expected
            assert len(found) == len(expected)

    @invariant()
    def all_is_whole(self) -> None:
        """The chain holds, and every table is as the history says."""
        report = open_store(self.place).verify()
        assert (report.findings, report.entries) == ([], self.entries)

    def teardown(self) -> None:
        """Undo everything: nothing is left, and no number is given out again."""
        try:
            while self.undoable:
                self.undo()
                self.records_are_as_in_the_model()
            assert (self.customers, self.orders) == ({}, {})
            self.new(self.cskit("customer", "add", "last"))
        finally:
            folder.SMALL, folder.SHARE = self.limits
            shutil.rmtree(self.place)
            self.place.parent.joinpath(f"{self.place.name}.jsonl").unlink(missing_ok=True)


def test_any_order_of_commands() -> None:
    """Any commands in any order leave what the model holds, and undoing all of them leaves the start."""
    run_state_machine_as_test(
        Department,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
