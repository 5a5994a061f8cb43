"""Commands on two tables, and what the store must hold after each of them, read in every way there is.

A command here is what a process does between its start and its end: one transaction, or `data settle`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import NamedTuple

from cskit.store.disk import Disk
from cskit.store.folder import FolderStore
from cskit.store.history import changes as changes_in
from cskit.store.protocol import Change, Origin, Transaction

CUSTOMERS, ORDERS = "customers", "orders"
SERIES = "N"
CLOCK = 1_700_000_100.0
REASONS = ("as the first process wrote it " * 12, "x", "after another crash")


class Act(NamedTuple):
    """What a transaction does to one document; number 0 inserts."""

    table: str
    number: int = 0
    text: str | None = None  # None removes


STEPS: tuple[tuple[Act, ...], ...] = (
    (Act(CUSTOMERS, text="first"), Act(CUSTOMERS, text="l" * 3000), Act(CUSTOMERS, text="last")),
    (Act(ORDERS, text="first"), Act(CUSTOMERS, 1, "changed")),
    (Act(CUSTOMERS, 3), Act(ORDERS, text="second")),
    (Act(CUSTOMERS, text="third"), Act(ORDERS, 2), Act(ORDERS, 1, "changed")),
    (Act(CUSTOMERS, text="fourth"), Act(ORDERS, text="third")),
    (Act(ORDERS, text="fourth"), Act(CUSTOMERS, 1, "changed again")),
)
SETTLE = 0  # stands among the numbers of STEPS, which count from 1
PROGRAM = (1, 2, 3, SETTLE, 4)


class State(NamedTuple):
    """What the tables hold, the next document numbers, and the marks of the series."""

    documents: Mapping[str, Mapping[int, bytes]]
    next: Mapping[str, int]
    marks: Mapping[str, int]


def document(mark: int, text: str) -> bytes:
    """Return a document's bytes."""
    return b'{"id":"X-%06d","text":"%s"}' % (mark, text.encode())


def after(state: State, step: tuple[Act, ...]) -> State:
    """Return the state that a step leads to."""
    documents = {table: dict(held) for table, held in state.documents.items()}
    following, marks = dict(state.next), dict(state.marks)
    for act in step:
        held = documents[act.table]
        if act.text is None:
            del held[act.number]
        elif act.number:
            held[act.number] = document(act.number, act.text)
        else:
            marks[act.table] += 1
            held[following[act.table]] = document(marks[act.table], act.text)
            following[act.table] += 1
    return State(documents, following, marks)


def _states() -> list[State]:
    tables = (CUSTOMERS, ORDERS)
    states = [State({t: {} for t in tables}, dict.fromkeys(tables, 1), dict.fromkeys(tables, 0))]
    for step in STEPS:
        states.append(after(states[-1], step))
    return states


STATES = _states()


def _changes(old: State, new: State) -> set[Change]:
    return {
        Change(table, number, old.documents[table].get(number), new.documents[table].get(number))
        for table in old.documents
        for number in {*old.documents[table], *new.documents[table]}
        if old.documents[table].get(number) != new.documents[table].get(number)
    }


CHANGES = [_changes(old, new) for old, new in itertools.pairwise(STATES)]


def store_on(disk: Disk) -> FolderStore:
    """Return the store under test, with a clock that stands still."""
    return FolderStore(disk, clock=lambda: CLOCK)


def do(tx: Transaction, number: int) -> None:
    """Carry out step `number`; the numbers that the store gives must be those that were never given."""
    before = STATES[number - 1]
    given = dict(before.next)
    for act in STEPS[number - 1]:
        if act.text is None:
            tx.remove(act.table, act.number)
        elif act.number:
            tx.replace(act.table, act.number, document(act.number, act.text))
        else:
            mark = tx.next_number(act.table, SERIES)
            place = tx.insert(act.table, document(mark, act.text))
            assert place == given[act.table], f"document number {place} of {act.table} in step {number}"
            given[act.table] += 1


def origin(number: int, crashes: int) -> Origin:
    """Return who carries out step `number`; what comes after a crash differs in length from before."""
    time = dt.datetime(2026, 11, 22, 8, number, tzinfo=dt.UTC)
    return Origin(time=time, user="u", command="test", reason=REASONS[min(crashes, 2)])


def command(disk: Disk, number: int, crashes: int = 0) -> None:
    """Be one process: carry out step `number`, or settle."""
    store = store_on(disk)
    if number == SETTLE:
        store.settle()
        return
    with store.transaction(origin(number, crashes)) as tx:
        do(tx, number)
    assert tx.sequence == number, f"step {number} was saved as {tx.sequence}"


def found(disk: Disk) -> int:
    """Return the number of steps that a folder shows the whole effect of; read in every way there is."""
    store = store_on(disk)
    reading = store.reading()
    content = {table: {d.number: d.raw for d in reading.read(table)} for table in (CUSTOMERS, ORDERS)}
    shown = [k for k, state in enumerate(STATES) if state.documents == content]
    assert shown, f"no number of whole steps leads to {content}"
    for table, held in content.items():
        assert reading.next_number(table) == STATES[shown[0]].next[table], f"the next number of {table}"
        assert reading.marks(table).get(SERIES, 0) == STATES[shown[0]].marks[table], f"the mark of {table}"
        for number, raw in held.items():
            named = list(reading.read(table, ids=[raw[7:15].decode()]))
            assert [(d.number, d.raw) for d in named] == [(number, raw)], f"{table} {number} by its id"
    commits = list(store.commits())
    assert [c.head.commit for c in commits] == list(range(shown[0], 0, -1)), "the history does not fit"
    for commit in commits:
        assert set(changes_in(commit.payload)) == CHANGES[commit.head.commit - 1], "the history is wrong"
    return shown[0]


def rest(done: int) -> tuple[int, ...]:
    """Return the commands still to come when `done` steps are there; at the end, one more."""
    if done == 0:
        return PROGRAM
    if done in PROGRAM[:-1]:
        return PROGRAM[PROGRAM.index(done) + 1 :]
    return (done + 1,) if done < len(STEPS) else ()
