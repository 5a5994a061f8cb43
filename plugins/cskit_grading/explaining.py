"""Why a customer has a grade: what the code that decides did with this customer, step by step.

Conditions are watched while they decide; none is computed again for the explanation. Must not import click or
a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import NotFound, _, ngettext, register
from cskit.records.masks import HIDDEN
from cskit.values import plain
from cskit.where import Bound, Expression, Seen, Watch
from cskit_grading import deciding, holding, judging, needs, running, schemes
from cskit_grading.judging import Decision, Filled, Judge
from cskit_grading.reading import Read, Test, names_in
from cskit_grading.schemes import Bin, Known, Need, Rank, Share

if TYPE_CHECKING:
    from cskit import App

Row = dict[str, Any]
PARTS = ("fact", "value", "scope", "keep", "grade", "test", "literal", "doubt", "decided", "next", "held")


class Looked(NamedTuple):
    """A decision that was watched: everything that it was made of."""

    read: Read
    row: Sequence[Any]
    filled: Filled
    population: int
    seen: Mapping[str, Seen]
    bounds: Sequence[Bound]
    decision: Decision
    hidden: frozenset[str]


def explain(app: App, name: str, customer: str) -> list[Row]:
    """Return how a scheme decides on a customer (by id or external key), as rows of PARTS in order.

    Raises `NotFound` for a scheme or customer that is not there, `Refused` for a scheme whose facts are not
    there.
    """
    known = schemes.load(app)
    schemes.chosen(known, [name])
    (document,) = register.find(app, app.reading(), app.record_type(needs.TABLE), [customer])
    own = register.id_of(document)
    held = holding.held(app.reading(), app.now)
    recorder = running.Recorder(app, known, held, [name], None, every=True)
    looked = _watched(app, known, name, own, running.ruled(held), recorder)
    told = _Told(app, known, looked)
    return [
        *told.rows(),
        *_held(app, known[name], held.get(name, {}).get(own), looked.decision, recorder.rows),
    ]


def _watched(
    app: App,
    known: Mapping[str, Known],
    name: str,
    customer: str,
    last: Mapping[str, Mapping[str, str]],
    recorder: running.Recorder,
) -> Looked:
    """Decide as a run does, and watch what the scheme does with the customer's row."""
    watch = Watch()
    ready = deciding.prepare(app, known, [name], watch)
    deciding.refuse(ready.left_out, [name])
    columns = deciding.gather(app, ready.read, [customer])
    if customer not in columns.ids:
        raise NotFound(_("there is no customer {customer}").format(customer=customer))
    place = columns.ids.index(customer)
    grades: dict[str, Mapping[str, str | None]] = {}
    for other, read in ready.read.items():
        if other != name:
            watch.row = ()  # nobody's
            filled = judging.fill(read, deciding.rows(read, columns, grades))
            judged = deciding.judge(app, read, columns.ids, filled, last.get(other, {}))
            grades[other] = recorder.settle(other, judged)
    read = ready.read[name]
    rows = deciding.rows(read, columns, grades)
    watch.row = row = rows[place]
    watch.taken()
    filled = judging.fill(read, rows)
    hidden = [alias for alias, need in read.known.scheme.needs.items() if needs.private(app, need)]
    decision = Judge(read, hidden).decide(
        customer, row, filled.inside[place], last.get(name, {}).get(customer)
    )
    seen = {one.key: one for one in watch.taken()}
    recorder.settle(name, {customer: decision})
    covered = frozenset(alias for alias, of in read.sources.items() if set(of) & set(hidden))
    inside = sum(within is True for within in filled.inside)
    return Looked(read, row, filled, inside, seen, watch.bounds, decision, covered)


class _Told:
    """Puts what was watched into rows."""

    def __init__(self, app: App, known: Mapping[str, Known], looked: Looked) -> None:
        self._app, self._known, self._looked = app, known, looked
        self._read, self._scheme = looked.read, looked.read.known.scheme
        self._places = {name: place for place, name in enumerate(looked.read.types)}

    def rows(self) -> Iterator[Row]:
        """Yield everything up to the decision, and what was missing to the next grade."""
        yield from (self._fact(name, need) for name, need in self._scheme.needs.items())
        for name, step in (*self._read.early, *self._read.late):
            yield self._value(name, step)
        yield from self._condition("scope", "", self._read.scope.text, "scope")
        if self._looked.decision.outside:
            yield self._decided()
            return
        if self._read.keep is not None:
            yield from self._condition("keep", "", self._read.keep.text, "keep.when")
        for test in self._read.tests:
            yield from self._tested(test)
        yield from self._checked()
        yield self._decided()
        yield from self._next()

    # --- what is known -------------------------------------------------------------------------------------

    def _fact(self, name: str, need: Need) -> Row:
        value = self._looked.row[self._places[name]]
        note = ""
        if value is None:
            plugin = need.plugin or self._plugin(need)
            note = _("unknown; plugin {plugin} gives it").format(plugin=plugin) if plugin else _("unknown")
        return _row("fact", name, _of(need), self._shown(name, value), note)

    def _plugin(self, need: Need) -> str:
        if need.field:
            return self._app.plugins.owner(needs.TABLE)
        owned = self._app.plugins.fact_specs.by_key
        return next((one.plugin for one in owned.values() if one.value.name == need.fact), "")

    def _value(self, name: str, step: Expression | Bin | Rank | Share) -> Row:
        value = self._shown(name, self._looked.row[self._places[name]])
        note = "" if value is not None else _("unknown")
        match step:
            case Expression():
                return _row("value", name, step.text, value, note or self._constants(step.text))
            case Bin():
                cuts = ", ".join(plain(cut) for cut in self._looked.filled.around[name].cuts)
                said = _("1 + cut points below {of}: {cuts}").format(of=step.of, cuts=cuts)
            case Rank():
                said = _("place by {of} among {count}").format(of=step.of, count=self._looked.population)
            case Share():
                said = _("percent of all {of}").format(of=step.of)
        return _row("value", name, said, value, note)

    def _shown(self, name: str, value: Any) -> Any:
        return HIDDEN if name in self._looked.hidden and value is not None else value

    # --- what was tested -----------------------------------------------------------------------------------

    def _tested(self, test: Test) -> Iterator[Row]:
        key, code = test.key, test.grade.code
        constant = not test.condition.names
        text = _("everybody who is left") if constant else test.condition.text
        if key in self._looked.seen or (constant and self._looked.decision.code == code):
            yield from self._condition("grade", code, text, key)
        else:
            yield _row("grade", code, text, None, _("not tested"))

    def _checked(self) -> Iterator[Row]:
        code = self._looked.decision.code
        if code is None:
            return
        place = next(place for place, grade in enumerate(self._scheme.grades, 1) if grade.code == code)
        grade = self._scheme.grades[place - 1]
        if f"grades[{place}].literal" in self._looked.seen:
            yield from self._condition("literal", code, grade.literal, f"grades[{place}].literal")
        for number, doubt in enumerate(grade.doubts, 1):
            key = f"grades[{place}].doubts[{number}].when"
            if key in self._looked.seen:
                yield from self._condition("doubt", code, doubt.when, key)

    def _condition(self, part: str, name: str, text: str, key: str) -> Iterator[Row]:
        """Yield a row for a condition, and one for each comparison in it that was made."""
        seen = self._looked.seen.get(key)
        if seen is None:  # a constant
            yield _row(part, name, text, True, "")
            return
        simple = seen.kind not in ("and", "or", "not")
        said = self._said(seen) if simple else ""
        yield _row(part, name, text, self._outcome(seen, part), said or _unknown(seen.value))
        if not simple:
            yield from (
                _row(
                    "test", name, one.text, self._outcome(one, "test"), self._said(one) or _unknown(one.value)
                )
                for one in _tests(seen)
            )

    def _outcome(self, seen: Seen, part: str) -> Any:
        private = part == "test" and any(one.text in self._looked.hidden for one in _leaves(seen))
        return HIDDEN if private else seen.value

    def _said(self, seen: Seen) -> str:
        """Return what a test read: `count = 4, often = 5`."""
        read = {one.text: self._shown(one.text, one.value) for one in _leaves(seen)}
        values = [
            f"{name} = {_('unknown') if value is None else plain(value)}" for name, value in read.items()
        ]
        return _(", ").join([*values, *filter(None, [self._constants(seen.text)])])

    def _constants(self, text: str) -> str:
        """Return the thresholds that a text names: `often = 5`."""
        numbers = self._scheme.numbers
        found = [f"{name} = {plain(numbers[name])}" for name in names_in(text) if name in numbers]
        return _(", ").join(found)

    # --- what came out -------------------------------------------------------------------------------------

    def _decided(self) -> Row:
        decision = self._looked.decision
        notes = [decision.reason, *(_("borderline: {why}").format(why=why) for why in decision.borderline)]
        title = ""
        if decision.code is not None and (grade := self._scheme.grade(decision.code)) is not None:
            title = str(grade.title)
        code = decision.code if decision.code is not None else _("ungraded")
        return _row("decided", code, title, None, _("; ").join(filter(None, notes)))

    def _next(self) -> Iterator[Row]:
        """Yield what is missing to the grade above, by what its conditions compare."""
        place = self._scheme.place(self._looked.decision.code)
        if not self._scheme.ranked or place == 0 or self._looked.decision.unknown:
            return
        above = self._scheme.grades[place - 1].code
        for test in self._read.tests:
            if test.grade.code == above and test.remark is None:
                for bound in self._looked.bounds:
                    if bound.key == test.key and not self._looked.hidden & set(bound.names):
                        yield from self._missing(above, bound)

    def _missing(self, above: str, bound: Bound) -> Iterator[Row]:
        value = bound.value(self._looked.row)
        if value is not None and _holds(bound, value):
            return
        constant = f'"{bound.constant}"' if isinstance(bound.constant, str) else plain(bound.constant)
        rule = f"{bound.of} {bound.sign} {constant}"
        yield _row("next", above, rule, value, _distance(bound, value))


# --- what is held ------------------------------------------------------------------------------------------


def _held(
    app: App,
    known: Known,
    before: holding.Held | None,
    decision: Decision,
    ran: Sequence[running.Row],
) -> Iterator[Row]:
    """Yield what the customer holds, by an override or a grace, and what a run now would make of it."""
    scheme = known.scheme
    if before is not None:
        notes = []
        if before.override is not None:
            said = _("set by hand until {day}: {reason}") if before.until else _("set by hand: {reason}")
            notes.append(said.format(day=before.until, reason=before.reason or ""))
            if scheme.floor:
                notes.append(_("a floor: a better grade by the rules takes its place"))
        if before.runs:
            said = ngettext(
                "{count} run of {grace} said lower", "{count} runs of {grace} said lower", before.runs
            )
            notes.append(said.format(count=before.runs, grace=scheme.grace))
        code = before.in_force(app.today)
        since = before.since.astimezone(app.zone).date() if before.since else None
        text = _("held since {day}").format(day=since) if since else _("held")
        yield _row("held", code if code is not None else _("ungraded"), text, None, _("; ").join(notes))
    for one in ran:
        if one.customer == decision.customer and one.grade != decision.code:
            code = one.grade if one.grade is not None else _("ungraded")
            yield _row("held", code, _("what a run would leave in force"), None, one.reason)


# --- words -------------------------------------------------------------------------------------------------


def _row(part: str, name: str, rule: str, value: Any, note: str) -> Row:
    row = {"part": part, "name": name, "rule": rule, "value": value, "note": note}
    return {key: held for key, held in row.items() if held is not None and held != ""}


def _of(need: Need) -> str:
    """Return what a need asks for, with what is counted."""
    said = need.fact or need.field
    if need.months:
        counted = ngettext("{count} month", "{count} months", need.months).format(count=need.months)
        said = _("{fact}, last {months}").format(fact=said, months=counted)
    if need.skip:
        counted = ngettext("{count} month", "{count} months", need.skip).format(count=need.skip)
        said = _("{fact}, without the last {months}").format(fact=said, months=counted)
    return _("{fact}, of {product}").format(fact=said, product=need.product) if need.product else said


def _tests(seen: Seen) -> Iterator[Seen]:
    """Yield the comparisons and other tests in a condition that were made, in their order."""
    for part in seen.parts:
        if part.kind in ("and", "or", "not"):
            yield from _tests(part)
        else:
            yield part


def _leaves(seen: Seen) -> Iterator[Seen]:
    if seen.kind == "name":
        yield seen
    for part in seen.parts:
        yield from _leaves(part)


def _unknown(value: Any) -> str:
    return _("unknown") if value is None else ""


def _holds(bound: Bound, value: Any) -> bool:
    match bound.sign:
        case "==":
            return bool(value == bound.constant)
        case "!=":
            return bool(value != bound.constant)
        case "<":
            return bool(value < bound.constant)
        case "<=":
            return bool(value <= bound.constant)
        case ">":
            return bool(value > bound.constant)
    return bool(value >= bound.constant)


def _distance(bound: Bound, value: Any) -> str:
    """Say how far a value is from where the comparison would hold."""
    if value is None:
        return _("unknown")
    constant = bound.constant
    if (
        isinstance(value, bool)
        or not isinstance(value, int | Decimal | dt.date)
        or bound.sign in ("==", "!=")
    ):
        return ""
    if isinstance(value, dt.date):
        days = abs((constant - value).days) + (bound.sign in ("<", ">"))
        return ngettext("{count} day away", "{count} days away", days).format(count=days)
    whole = isinstance(value, int) and isinstance(constant, int)
    gap = abs(constant - value) + (1 if whole and bound.sign in ("<", ">") else 0)
    over = not whole and bound.sign in ("<", ">")
    if bound.sign in (">", ">="):
        said = _("more than {gap} more") if over else _("{gap} more")
    else:
        said = _("more than {gap} less") if over else _("{gap} less")
    return said.format(gap=plain(gap))
