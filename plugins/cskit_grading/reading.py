"""A scheme's conditions read: which names there are, of which type, in which order they are computed.

Everything that is wrong in a scheme is found here. Must not import click or a store.
"""

from __future__ import annotations

import ast
import datetime as dt
import graphlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cskit import _, where
from cskit.rules import Label
from cskit.where import Expression, NameType, Watch
from cskit.where.terms import DECIMAL, INTEGER
from cskit_grading.schemes import Bin, Grade, Known, Rank, Share

_PLAIN = ("text", "choice", "integer", "decimal", "boolean", "date", "time", "list")


class Test(NamedTuple):
    """One condition that gives a grade: `key` is its place in the file, `remark` what is said of it."""

    grade: Grade
    key: str
    condition: Expression
    remark: Label | None


class Checked(NamedTuple):
    """What is looked at once a grade is found: the source's own rule, and what makes it borderline."""

    literal: Expression | None
    doubts: tuple[tuple[Expression, Label], ...]


Step = tuple[str, Expression | Bin | Rank | Share]


class Read(NamedTuple):
    """A scheme, read.

    A row holds first the needs, then what each of `early` and `late` gives, in the order of `types`. `late`
    begins with the first step that looks at all customers in `scope`.
    """

    known: Known
    types: Mapping[str, NameType]
    needs: tuple[str, ...]
    early: tuple[Step, ...]
    scope: Expression
    late: tuple[Step, ...]
    keep: Expression | None
    tests: tuple[Test, ...]
    checked: Mapping[str, Checked]
    sources: Mapping[str, tuple[str, ...]]
    """Name → the needs it is made of, itself if it is one."""


class Fault(NamedTuple):
    """Something that is wrong in a scheme, by its place in the file."""

    key: str
    message: str


def read(
    known: Known,
    types: Mapping[str, NameType],
    *,
    zone: ZoneInfo,
    now: dt.datetime,
    watch: Watch | None = None,
    literal: bool = False,
) -> tuple[Read | None, list[Fault]]:
    """Return a scheme with all its conditions read, or None and everything that is wrong with them.

    `types` are those of its needs. With `literal`, the rules as the source states them decide.
    """
    return _Reading(known, types, zone, now, watch).whole(literal)


class _Reading:
    def __init__(
        self,
        known: Known,
        types: Mapping[str, NameType],
        zone: ZoneInfo,
        now: dt.datetime,
        watch: Watch | None,
    ) -> None:
        self.known, self.scheme = known, known.scheme
        self.types = {name: types[name] for name in self.scheme.needs if name in types}
        self.sources: dict[str, tuple[str, ...]] = {name: (name,) for name in self.types}
        self.constants = {name: _constant(number) for name, number in self.scheme.numbers.items()}
        self.faults: list[Fault] = []
        self._failed = {name for name in self.scheme.needs if name not in types}
        self._zone, self._now, self._watch = zone, now, watch

    def whole(self, literal: bool) -> tuple[Read | None, list[Fault]]:
        """Read everything, in the order in which it is computed."""
        steps = self._steps()
        first = next((place for place, (name, _what) in enumerate(steps) if self._looks_around(name)), None)
        parts: list[list[Step]] = [[], []]
        scope = None
        for place, (name, what) in enumerate(steps):
            if place == first:
                scope = self.condition("scope", self.scheme.scope)
            step = self._step(name, what)
            if step is not None:
                parts[first is not None and place >= first].append((name, step))
        if first is None:
            scope = self.condition("scope", self.scheme.scope)
        keep = self.condition("keep.when", self.scheme.keep.when) if self.scheme.keep else None
        tests = tuple(self._tests(literal))
        checked = {grade.code: self._checked(place, grade) for place, grade in enumerate(self.scheme.grades)}
        if self.faults or scope is None:
            return None, self.faults
        needs, early, late = tuple(self.scheme.needs), tuple(parts[0]), tuple(parts[1])
        return (
            Read(self.known, self.types, needs, early, scope, late, keep, tests, checked, self.sources),
            [],
        )

    # --- what is computed of a customer, in order of need --------------------------------------------------

    def _steps(self) -> list[tuple[str, str | Bin | Rank | Share]]:
        """Return the values, bins, ranks and shares in order of need, those of one customer's facts first."""
        scheme = self.scheme
        given: dict[str, str | Bin | Rank | Share] = {
            **scheme.values,
            **scheme.bins,
            **scheme.ranks,
            **scheme.shares,
        }
        needed = {name: self._names(what) & given.keys() for name, what in given.items()}
        try:
            order = list(graphlib.TopologicalSorter(needed).static_order())
        except graphlib.CycleError as error:
            circle = " → ".join(error.args[1])
            self.faults.append(Fault("values", _("{names} need each other").format(names=circle)))
            return []
        self._around = {name for name in order if not isinstance(given[name], str)}
        for name in order:
            if needed[name] & self._around:
                self._around.add(name)
        return [(name, given[name]) for name in sorted(order, key=lambda name: name in self._around)]

    def _looks_around(self, name: str) -> bool:
        return name in self._around

    def _names(self, what: str | Bin | Rank | Share) -> set[str]:
        return set(names_in(what)) if isinstance(what, str) else {what.of}

    def _step(self, name: str, what: str | Bin | Rank | Share) -> Expression | Bin | Rank | Share | None:
        step: Expression | Bin | Rank | Share | None
        if isinstance(what, str):
            step = self._value(f"values.{name}", what)
            type_, of = (step.type, step.names) if step else (None, ())
        else:
            group = {Bin: "bins", Rank: "ranks", Share: "shares"}[type(what)]
            step = self._of(f"{group}.{name}.of", what)
            type_, of = (DECIMAL if isinstance(what, Share) else INTEGER), (what.of,)
        if step is None or type_ is None:
            self._failed.add(name)
            return None
        self.types[name] = type_
        self.sources[name] = tuple(dict.fromkeys(source for one in of for source in self.sources[one]))
        return step

    def _value(self, key: str, text: str) -> Expression | None:
        found = self._read(key, text, truth=False)
        if found is not None and found.type.kind not in _PLAIN:
            self.faults.append(Fault(key, _("this is no value that a condition could compare")))
            return None
        return found

    def _of(self, key: str, what: Bin | Rank | Share) -> Bin | Rank | Share | None:
        """Return what looks at all customers if it can: numbers have places, and only they have shares."""
        kinds = ("integer", "decimal") if isinstance(what, Share) else ("integer", "decimal", "date", "time")
        if what.of not in self.types:
            self.faults.append(Fault(key, _("there is no need or value '{name}'").format(name=what.of)))
        elif self.types[what.of].kind not in kinds:
            self.faults.append(Fault(key, _("{name} is no number and no date").format(name=what.of)))
        else:
            return what
        return None

    # --- conditions ----------------------------------------------------------------------------------------

    def _tests(self, literal: bool) -> Iterator[Test]:
        for place, grade in enumerate(self.scheme.grades, 1):
            rule = (grade.literal, "literal") if literal and grade.literal else (grade.when, "when")
            key = f"grades[{place}].{rule[1]}"
            found = self.condition(key, rule[0])
            if found is not None:
                yield Test(grade, key, found, None)
            for number, also in enumerate(grade.also, 1):
                key = f"grades[{place}].also[{number}].when"
                found = self.condition(key, also.when)
                if found is not None and not literal:
                    yield Test(grade, key, found, also.remark)

    def _checked(self, place: int, grade: Grade) -> Checked:
        key = f"grades[{place + 1}]"
        literal = self.condition(f"{key}.literal", grade.literal) if grade.literal else None
        doubts = []
        for number, doubt in enumerate(grade.doubts, 1):
            found = self.condition(f"{key}.doubts[{number}].when", doubt.when)
            if found is not None:
                doubts.append((found, doubt.why))
        return Checked(literal, tuple(doubts))

    def condition(self, key: str, text: str) -> Expression | None:
        """Read one condition, or note what is wrong with it."""
        return self._read(key, text, truth=True)

    def _read(self, key: str, text: str, truth: bool) -> Expression | None:
        if self._watch is not None:
            self._watch.key = key
        try:
            return where.expression(
                one_line(text),
                self.types,
                zone=self._zone,
                now=self._now,
                constants=self.constants,
                rows=True,
                truth=truth,
                watch=self._watch,
            )
        except where.WhereError as error:
            if self._failed.intersection(names_in(text)):
                return None  # what is wrong with that is told already
            said = f"{error.message}\n{error.hint}" if error.hint else error.message
            self.faults.append(Fault(key, said))
            return None


def one_line(text: str) -> str:
    """Return a condition that was written over several lines as one."""
    return re.sub(r"\s*\n\s*", " ", text.strip())


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a condition, none if it cannot be read; that is told when it is read in earnest."""
    try:
        tree = ast.parse(one_line(text), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in found))


def _constant(number: Decimal) -> int | Decimal:
    """Return a threshold as a whole number if it is one, for what counts days and months."""
    return int(number) if number == number.to_integral_value() else number
