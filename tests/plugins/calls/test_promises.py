"""Promises to call back: due, overdue, kept and by which call; what is due, in two languages."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cskit_calls import promises
from tests.conftest import MemoryTransaction
from tests.plugins.calls.conftest import Run, worked

MADE = "2026-10-20T02:00:00Z"
DUE = "2026-10-21T02:00:00Z"
NOW = dt.datetime(2026, 10, 22, 2, tzinfo=dt.UTC)


def stands(*calls: dict[str, Any], now: dt.datetime = NOW) -> list[tuple[str, str, str | None]]:
    """Return each promise of some calls: the call, how it stands, and the call that kept it."""
    held = {number: msgspec.json.encode(one) for number, one in enumerate(calls, 1)}
    found = promises.promises(MemoryTransaction({"calls": held}), now)
    return [(one.call.id, one.state, one.kept.id if one.kept else None) for one in found]


PROMISE = {
    "id": "P",
    "at": MADE,
    "promise_due": DUE,
    "customer": "C-1",
    "number": "13800000012",
    "case": "CP-1",
}
IN_TIME, TOO_LATE = "2026-10-20T08:00:00Z", "2026-10-21T08:00:00Z"


@pytest.mark.parametrize(
    ("out", "state"),
    [
        ({"customer": "C-1"}, "kept"),
        ({"customer": "C-1", "case": "CP-1"}, "kept"),
        ({"case": "CP-1"}, "kept"),
        ({"number": "+86 138 0000 0012"}, "kept"),
        ({"customer": "C-1", "at": DUE}, "kept"),
        ({"customer": "C-1", "at": TOO_LATE}, "late"),
        ({"customer": "C-1", "case": "CP-2"}, "overdue"),
        ({"customer": "C-2"}, "overdue"),
        ({"customer": "C-1", "result": "unreached"}, "overdue"),
        ({"customer": "C-1", "at": "2026-10-19T08:00:00Z"}, "overdue"),
        ({"customer": "C-1", "at": "2026-10-23T08:00:00Z"}, "overdue"),
        ({"customer": "C-1", "direction": "in"}, "overdue"),
        ({}, "overdue"),
    ],
    ids=[
        "the customer",
        "the customer and the case",
        "the case",
        "the number, written otherwise",
        "at the last second",
        "too late",
        "about another case",
        "another customer",
        "reached nobody",
        "before the promise",
        "still to come",
        "the customer called again",
        "nobody in particular",
    ],
)
def test_what_keeps_a_promise(out: dict[str, Any], state: str) -> None:
    """A call out after the promise and by now: to the customer or number, or about the case."""
    call = {"id": "O", "at": IN_TIME, "direction": "out", **out}
    assert stands(PROMISE, call) == [("P", state, "O" if state in ("kept", "late") else None)]


def test_the_first_call_keeps_it() -> None:
    """Of several calls out the first counts, in whatever order they are noted; one keeps two."""
    out = [
        {"id": f"O{n}", "at": f"2026-10-20T0{9 - n}:00:00Z", "direction": "out", "customer": "C-1"}
        for n in (1, 2)
    ]
    second = {**PROMISE, "id": "Q", "case": "CP-2", "promise_due": IN_TIME}
    assert stands(PROMISE, *out, second) == [("Q", "kept", "O2"), ("P", "kept", "O2")]


def test_a_promise_without_a_case_is_kept_by_a_call_about_one() -> None:
    """Where the promise is about no case, any call to the customer keeps it."""
    call = {"id": "O", "at": IN_TIME, "direction": "out", "customer": "C-1", "case": "CP-7"}
    promise = {name: value for name, value in PROMISE.items() if name != "case"}
    assert stands(promise, call) == [("P", "kept", "O")]


def test_a_promise_stands_as_of_now() -> None:
    """Until its time is over a promise is due, then overdue; one made later is not there."""
    due = dt.datetime(2026, 10, 21, 2, tzinfo=dt.UTC)
    assert stands(PROMISE, now=due) == [("P", "due", None)]
    assert stands(PROMISE, now=due + dt.timedelta(seconds=1)) == [("P", "overdue", None)]
    assert stands(PROMISE, now=due - dt.timedelta(days=2)) == []


# --- at the command line -----------------------------------------------------------------------------------


@pytest.fixture
def promised(hotline: Run) -> Run:
    """Return the hotline with two promises, of which one was kept."""
    worked(
        hotline("call add 投诉配送 --queue complaint --number 13800000012 --staff A1 --now 2026-10-19T09:00")
    )
    worked(hotline("call add 投诉噪音 --queue complaint --number 13800000011 --now 2026-10-20T09:00"))
    worked(hotline("call add 回电 --direction out --customer KH7 --now 2026-10-20T09:30"))
    return hotline


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ("", ["CL-20261019-001,overdue,"]),
        ("--overdue", ["CL-20261019-001,overdue,"]),
        ("--due", []),
        ("--kept", ["CL-20261020-001,kept,CL-20261020-002"]),
        ("--kept --overdue", ["CL-20261019-001,overdue,", "CL-20261020-001,kept,CL-20261020-002"]),
    ],
)
def test_promises_are_listed(promised: Run, option: str, shown: list[str]) -> None:
    """Those still open, or those that the options name."""
    done = promised(f"call promises {option} -o csv --fields id,state,kept_by")
    assert worked(done).splitlines()[1:] == shown
    assert done.stderr == ("" if shown else "there is no such promise\n")


def test_whom_to_call_back_today(promised: Run) -> None:
    """An open promise is a task of the agent who made it, with what to type for it, in both languages."""
    rows = json.loads(worked(promised("today -o json --who S-001")))
    (task,) = [row for row in rows if row["about"] == "call"]
    assert (task["id"], task["who"], task["what"]) == (
        "CL-20261019-001",
        "S-001",
        "call back C-000002: 投诉配送",
    )
    assert task["do"] == "call add --direction out --customer C-000002 --case CP-20261019-001"
    assert "回电 C-000002：投诉配送" in worked(promised("today --lang zh"))
    assert "逾期未回" in worked(promised("call promises --lang zh"))


def test_what_another_program_wrote_is_found(promised: Run, tmp_path: Path) -> None:
    """Promises are the same after another program wrote the table anew, with spaces of its own."""
    before = worked(promised("call promises --kept --overdue -o json"))
    table = tmp_path / "data" / "calls.json"
    table.write_text(json.dumps(json.loads(table.read_bytes())), encoding="utf-8")
    assert worked(promised("call promises --kept --overdue -o json")) == before != "[]\n"
