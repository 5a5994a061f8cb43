"""One scheme over rows of customers: values computed, each row judged. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from cskit import _, mark
from cskit.where import Expression
from cskit_grading import population
from cskit_grading.population import Found
from cskit_grading.reading import Read, Test
from cskit_grading.schemes import Bin

Row = list[Any]
_LITERAL: Mapping[bool | None, str] = {
    False: mark("the source's own rule does not hold: {rule}"),
    None: mark("whether the source's own rule holds is unknown: {rule}"),
}


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What one scheme says of one customer.

    `code` is None where the customer is ungraded: `reason` then says why, and else holds a remark ("by
    potential volume"). `borderline` gives the reasons why a person should look, translated. `facts` are those
    known of what was read to decide, by their names in the scheme, without personal data; `unknown` names
    the facts that were needed and are not known. `outside`: the scheme is not for this customer.
    """

    scheme: str
    customer: str
    code: str | None = None
    borderline: tuple[str, ...] = ()
    reason: str = ""
    facts: Mapping[str, Any] = {}
    unknown: tuple[str, ...] = ()
    outside: bool = False


class Filled(NamedTuple):
    """Rows with everything computed that conditions read, who is in scope, and what looking around found."""

    rows: Sequence[Row]
    inside: Sequence[bool | None]
    around: Mapping[str, Found]
    notes: Sequence[str]


def fill(read: Read, rows: Sequence[Row]) -> Filled:
    """Compute a scheme's values, bins, ranks and shares into `rows`, which hold its needs in their order."""
    for _name, step in read.early:
        if isinstance(step, Expression):
            _append(rows, map(step.value, rows))
    inside = list(map(read.scope.value, rows))
    counted = [within is True for within in inside]
    around: dict[str, Found] = {}
    notes = []
    places = {name: place for place, name in enumerate(read.types)}
    for name, step in read.late:
        if isinstance(step, Expression):
            _append(rows, map(step.value, rows))
            continue
        place = places[step.of]
        around[name] = population.looked_up(step, [row[place] for row in rows], counted)
        _append(rows, iter(around[name].values))
        if isinstance(step, Bin) and (empty := population.empty_bins(step, around[name], counted)):
            notes.append(_bins_note(name, step, empty))
    return Filled(rows, inside, around, notes)


def _append(rows: Sequence[Row], values: Iterator[Any]) -> None:
    for row, value in zip(rows, list(values), strict=True):
        row.append(value)


def _bins_note(name: str, step: Bin, empty: Sequence[int]) -> str:
    bins = len(step.cuts) + 1
    said = _("{name}: effective bins {held} of {bins}; nobody has {empty}")
    return said.format(
        name=name, held=bins - len(empty), bins=bins, empty=_(", ").join(str(score) for score in empty)
    )


class Judge:
    """Decides rows that are filled, one by one; says of what it read only what may be shown."""

    def __init__(self, read: Read, private: Collection[str] = ()) -> None:
        self.read = read
        self._name = read.known.name
        self._places = {name: place for place, name in enumerate(read.types)}
        self._hidden = {name for name, sources in read.sources.items() if set(sources) & set(private)}
        self._tests = [
            (test.condition.value, test, self._shown(read.tests[: place + 1]))
            for place, test in enumerate(read.tests)
        ]
        keep, scope = read.keep, read.scope
        self._keep: Callable[[Row], Any] | None = keep.value if keep else None
        self._kept = self._of([keep.names]) if keep else ()
        self._scoped = self._of([scope.names])
        self._literal = {
            (code, holds): (_(said).format(rule=one.literal.text),)
            for code, one in read.checked.items()
            if one.literal is not None
            for holds, said in _LITERAL.items()
        }
        self._said: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {}

    def decide(self, customer: str, row: Row, inside: bool | None, last: str | None) -> Decision:
        """Return the decision on one customer who holds the grade `last`."""
        if inside is not True:
            return self._not_inside(customer, row, inside)
        if self._keep is not None and self._keep(row) is True:
            return self._keeping(customer, row, last)
        for get, test, shown in self._tests:
            held = get(row)
            if held is True:
                return self._graded(customer, row, test, shown)
            if held is None:
                return self._unknown(customer, row, test.condition, shown)
        shown = self._tests[-1][2]
        return Decision(self._name, customer, None, (), _("no grade fits"), self._facts(row, shown))

    def _graded(self, customer: str, row: Row, test: Test, shown: Sequence[tuple[str, int]]) -> Decision:
        checked = self.read.checked[test.grade.code]
        borderline: tuple[str, ...] = ()
        if checked.literal is not None and test.remark is None:
            holds = checked.literal.value(row)
            if holds is not True:
                borderline = self._literal[test.grade.code, holds]
        if checked.doubts:
            borderline += tuple(str(why) for doubt, why in checked.doubts if doubt.value(row) is True)
        remark = "" if test.remark is None else str(test.remark)
        return Decision(self._name, customer, test.grade.code, borderline, remark, self._facts(row, shown))

    def _keeping(self, customer: str, row: Row, last: str | None) -> Decision:
        keep = self.read.known.scheme.keep
        why = "" if keep is None else str(keep.why)
        facts = self._facts(row, self._kept)
        if last is None or self.read.known.scheme.grade(last) is None:
            reason = _("{why}, and there is no last grade to keep").format(why=why)
            return Decision(self._name, customer, None, (), reason, facts)
        return Decision(self._name, customer, last, (why,), _("the last grade is kept"), facts)

    def _unknown(
        self, customer: str, row: Row, condition: Expression, shown: Sequence[tuple[str, int]]
    ) -> Decision:
        missing, reason = self._missing(row, condition)
        return Decision(self._name, customer, None, (), reason, self._facts(row, shown), missing)

    def _not_inside(self, customer: str, row: Row, inside: bool | None) -> Decision:
        facts = self._facts(row, self._scoped)
        if inside is None:
            return self._unknown(customer, row, self.read.scope, self._scoped)
        reason = _("the scheme is not for this customer")
        return Decision(self._name, customer, None, (), reason, facts, (), True)

    def _missing(self, row: Row, condition: Expression) -> tuple[tuple[str, ...], str]:
        """Name the facts and fields that are unknown of those a condition may read, and say it."""
        known, places = self.read.sources, self._places
        unknown = tuple(
            source
            for name in condition.names
            if row[places[name]] is None
            for source in known[name]
            if row[places[source]] is None
        )
        if unknown not in self._said:
            needs = self.read.known.scheme.needs
            missing = tuple(dict.fromkeys(needs[name].fact or needs[name].field for name in unknown))
            self._said[unknown] = missing, _("unknown: {facts}").format(facts=_(", ").join(missing))
        return self._said[unknown]

    def _shown(self, tests: Sequence[Test]) -> tuple[tuple[str, int], ...]:
        """Return name and place of what tests read, and of all scores, which belong to the grade."""
        return self._of([*(test.condition.names for test in tests), tuple(self.read.known.scheme.bins)])

    def _of(self, names: Sequence[Sequence[str]]) -> tuple[tuple[str, int], ...]:
        """Return name and place of what may be shown of names, after the needs they are made of."""
        wanted = dict.fromkeys(
            one for group in names for name in group for one in (*self.read.sources[name], name)
        )
        return tuple((name, self._places[name]) for name in wanted if name not in self._hidden)

    @staticmethod
    def _facts(row: Row, shown: Sequence[tuple[str, int]]) -> dict[str, Any]:
        return {name: row[place] for name, place in shown if row[place] is not None}
