"""What all schemes decide of all customers, in one pass. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Refused, Usage, _
from cskit.where import Watch
from cskit_grading import needs, reading, schemes
from cskit_grading.judging import Decision, Filled, Judge, Row, fill
from cskit_grading.needs import Columns
from cskit_grading.reading import Read
from cskit_grading.schemes import Known

if TYPE_CHECKING:
    from cskit import App

__all__ = ["Decision", "Outcome", "decide"]

Held = Mapping[str, Mapping[str, str]]
"""Scheme → customer id → the code of the grade held."""
Settle = Callable[[str, Mapping[str, Decision]], Mapping[str, str | None]]
"""Given a scheme's name and what it decided, returns the grades in force from now on, by customer."""
_NOBODY: Held = MappingProxyType({})


class Outcome(NamedTuple):
    """What all schemes said: scheme → customer id → decision, the schemes left out and why, and remarks."""

    decisions: Mapping[str, Mapping[str, Decision]]
    left_out: Mapping[str, str]
    notes: Mapping[str, Sequence[str]]


class Ready(NamedTuple):
    """Schemes that can run, in order of need, and why others cannot."""

    read: Mapping[str, Read]
    left_out: Mapping[str, str]


def decide(
    app: App,
    names: Sequence[str] | None,
    ids: Sequence[str] | None = None,
    *,
    last: Held = _NOBODY,
    settle: Settle | None = None,
    keep: bool = True,
) -> Outcome:
    """Decide by some schemes (None: all whose facts are there) on all customers, or on those of `ids`.

    Facts are asked for once, with all their names. `last` is the grades held, for schemes that keep the last
    one. A scheme that reads another's grade gets the one in force after this run: what `settle` returns,
    else what was decided. Without `keep` the outcome holds no decisions, which `settle` was given: those of
    all schemes at once take much memory. Raises `NotFound` for a scheme that is not there, `Refused` for one
    that was named and whose facts are not there, `Usage` for one that cannot be read.
    """
    known = schemes.load(app)
    wanted = schemes.chosen(known, names)
    ready = prepare(app, known, wanted)
    if names is not None:
        refuse(ready.left_out, wanted)
    columns = gather(app, ready.read, ids)
    decisions: dict[str, Mapping[str, Decision]] = {}
    notes: dict[str, Sequence[str]] = {}
    grades: dict[str, Mapping[str, str | None]] = {}
    asked = None if ids is None else set(ids)
    needed = {other for read in ready.read.values() for other in schemes.needed_by(read.known.scheme)}
    for name, read in ready.read.items():
        filled = fill(read, rows(read, columns, grades))
        judged = judge(app, read, columns.ids, filled, last.get(name, {}), asked)
        if settle is not None:
            grades[name] = settle(name, judged)
        elif name in needed:
            grades[name] = {own: one.code for own, one in judged.items()}
        if name in wanted:
            notes[name] = filled.notes
            if keep:
                decisions[name] = judged
    left_out = {name: why for name, why in ready.left_out.items() if name in wanted}
    return Outcome(decisions, left_out, notes)


def prepare(
    app: App, known: Mapping[str, Known], wanted: Collection[str], watch: Watch | None = None
) -> Ready:
    """Read schemes and those whose grades they need; raises `Usage` where one has a fault in it."""
    read: dict[str, Read] = {}
    left_out: dict[str, str] = {}
    for name in schemes.with_needed(known, wanted):
        one = known[name]
        typed = needs.typed(app, known, one)
        absent = list(typed.absent.values()) + [
            _("it needs the grade of the scheme {name}, which cannot run").format(name=other)
            for other in sorted(schemes.needed_by(one.scheme) & left_out.keys())
        ]
        if typed.wrong:
            raise faulty(one, *typed.wrong[0])
        if absent:
            left_out[name] = absent[0]
            continue
        found, faults = reading.read(one, typed.types, zone=app.zone, now=app.now, watch=watch)
        if found is None:
            raise faulty(one, *faults[0])
        read[name] = found
    return Ready(read, left_out)


def faulty(one: Known, key: str, message: str) -> Usage:
    """Return the error for a scheme that has a fault in it."""
    first, *pointed = message.splitlines()
    hint = _("`cskit grade check {name}` shows every fault").format(name=one.name)
    return Usage(f"{one.path}: {key}: {first}", "\n".join([*pointed, hint]))


def refuse(left_out: Mapping[str, str], wanted: Sequence[str]) -> None:
    """Raise `Refused` for a scheme that was asked for and cannot run."""
    for name in wanted:
        if name in left_out:
            raise Refused(
                _("the scheme {name} cannot run: {why}").format(name=name, why=left_out[name]),
                _("`cskit grade schemes` shows what each needs"),
            )


def gather(app: App, read: Mapping[str, Read], ids: Sequence[str] | None) -> Columns:
    """Ask for all that schemes need; of everybody where one looks at all customers, or reads their grades."""
    around = any(one.late for one in read.values())
    asked = [need for one in read.values() for need in one.known.scheme.needs.values()]
    return needs.ask(app, asked, None if around else ids)


def rows(read: Read, columns: Columns, grades: Mapping[str, Mapping[str, str | None]]) -> list[Row]:
    """Return a row for each customer that holds what a scheme needs, None for what is unknown."""
    held: list[list[Any]] = []
    for name in read.needs:
        need = read.known.scheme.needs[name]
        if need.scheme:
            held.append(list(map(grades[need.scheme].get, columns.ids)))
        else:
            held.append(columns.values(need))
    return list(map(list, zip(*held, strict=True))) if held else [[] for _own in columns.ids]


def judge(
    app: App,
    read: Read,
    ids: Sequence[str],
    filled: Filled,
    last: Mapping[str, str],
    asked: Collection[str] | None = None,
) -> dict[str, Decision]:
    """Judge the rows of all customers, or of those `asked` for."""
    hidden = [name for name, need in read.known.scheme.needs.items() if needs.private(app, need)]
    decided = Judge(read, hidden).decide
    found = zip(ids, filled.rows, filled.inside, strict=True)
    return {
        own: decided(own, row, inside, last.get(own))
        for own, row, inside in found
        if asked is None or own in asked
    }
