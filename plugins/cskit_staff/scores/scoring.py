"""Scoring a month: the cards of everybody whose position has a scheme, in one pass.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import Refused, _, edits, register
from cskit.plugins.isolation import nearest
from cskit_staff.scores import cards, schemes
from cskit_staff.scores.assessment import Indicator as Line
from cskit_staff.scores.assessment import ScoreCard
from cskit_staff.scores.cards import CARDS, Held
from cskit_staff.scores.entries import Entered
from cskit_staff.scores.measuring import Measured
from cskit_staff.scores.population import Person, Population, Span
from cskit_staff.scores.schemes import Indicator, Known, Scheme

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction

_CENT = Decimal("0.01")


class Scored(NamedTuple):
    """What scoring came to: cards (new, changed, as they were or confirmed before), and who was left out.

    `recorded` counts the cards that were written; `left_out` is (staff id, name) → why.
    """

    cards: list[ScoreCard]
    known: Mapping[str, Known]
    recorded: int
    left_out: Mapping[tuple[str, str], str]
    away: Mapping[str, str]


class Task(NamedTuple):
    """Who is to be scored by what, and why others are not."""

    wanted: list[tuple[Person, Known]]
    left_out: dict[tuple[str, str], str]


def score(
    app: App,
    reading: Reading,
    month: Span,
    *,
    tx: Transaction | None = None,
    names: Sequence[str] = (),
    position: str | None = None,
    entered: Entered | None = None,
) -> Scored:
    """Score a month for everybody, or the people and position meant, and record the cards in `tx`.

    Cards that are confirmed stay as they are; what was entered on a draft stays on it. Raises `Refused` where
    a person or position was named that cannot be scored, `BadRows` for what is wrong with the entered rows.
    """
    known = schemes.load(app)
    population = Population(app, reading)
    task = _task(population, known, month, names, position)
    held = cards.of_months(reading, month.months)
    ids = [person.id for person, _known in task.wanted]
    names_of_facts = (fact for _person, one in task.wanted for fact in one.scheme.facts)
    measured = Measured(app, ids, names_of_facts, month.period)
    given = {} if entered is None else entered.values(population, task.wanted, held, month.text, measured)
    scorer = _Scorer(app, month, measured)
    found, recorded = [], 0
    for person, one in task.wanted:
        before = held.get((person.id, month.text))
        if before is not None and before.card.state != "draft":
            found.append(before.card)
            continue
        made = scorer.card(person, one, before, given.get(person.id, {}))
        found.append(made if tx is None else _kept(app, tx, before, made))
        recorded += before is None or not _same(before.card, made)
    return Scored(found, known, recorded, task.left_out, measured.away)


def _task(
    population: Population,
    known: Mapping[str, Known],
    month: Span,
    names: Sequence[str],
    position: str | None,
) -> Task:
    task = Task([], {})
    post = population.at(position) if position is not None else None
    people: Iterable[Person] = population.named(names) if names else population.people.values()
    for person in people:
        if post is not None and person.position != post.id:
            continue
        try:
            task.wanted.append((person, _scheme_of(population, known, month, person)))
        except Refused as error:
            if names:
                raise
            if person.there(month.period):
                task.left_out[person.id, person.name] = error.message
    if not task.wanted and post is not None:
        _of_post(known, post.title, post.scheme)
    if not task.wanted:
        raise _nobody(month, task)
    return task


def _nobody(month: Span, task: Task) -> Refused:
    said = _("there is nobody to score in {month}").format(month=month.text)
    reasons = dict.fromkeys(task.left_out.values())
    return Refused(said, "\n".join(reasons) or _("`cskit staff add` takes people on"))


def _scheme_of(population: Population, known: Mapping[str, Known], month: Span, person: Person) -> Known:
    """Return the scheme that scores a person; raises `Refused` where none does."""
    if not person.there(month.period):
        said = _("{id} {name} did not work here in {month}")
        raise Refused(said.format(id=person.id, name=person.name, month=month.text))
    post = population.post(person)
    if post is None:
        said = _("{id} {name} has no position that is known")
        raise Refused(said.format(id=person.id, name=person.name), _("`cskit staff set` gives one"))
    return _of_post(known, post.title, post.scheme)


def _of_post(known: Mapping[str, Known], title: str, scheme: str | None) -> Known:
    if scheme is None:
        said = _("the position {title} has no KPI scheme")
        hint = _("write one in rules/kpi-schemes; `cskit staff position set CODE scheme=NAME` names it")
        raise Refused(said.format(title=title), hint)
    if scheme not in known:
        said = _("the position {title} is scored by '{scheme}', and there is no such KPI scheme")
        near = nearest(scheme, known)
        hint = _("write rules/kpi-schemes/{name}.toml").format(name=scheme)
        if near:
            hint = _("did you mean '{near}'?").format(near=near)
        raise Refused(said.format(title=title, scheme=scheme), hint)
    known[scheme].refuse_incomplete()
    return known[scheme]


class _Scorer:
    """Makes cards of figures."""

    def __init__(self, app: App, month: Span, measured: Measured) -> None:
        self._month, self._measured = month, measured
        self._by, self._now = app.staff or app.user, app.now

    def card(
        self, person: Person, known: Known, before: Held | None, given: Mapping[str, Decimal]
    ) -> ScoreCard:
        """Return a person's card; what was entered before counts where nothing else is known."""
        scheme = known.scheme
        entered = {
            line.code: line for line in (before.card.indicators if before else ()) if line.origin == "entered"
        }
        entered |= {
            code: Line(code=code, weight=Decimal(0), raw=value, origin="entered", by=self._by)
            for code, value in given.items()
        }
        lines = [self._line(scheme, one, person.id, entered.get(one.code)) for one in scheme.indicators]
        return ScoreCard(
            id=before.card.id if before else "-",
            staff=person.id,
            month=self._month.text,
            scheme=known.name,
            position=person.position,
            total=total_of(scheme, lines),
            indicators=lines,
            missing=[line.code for line in lines if line.origin == "missing"],
            rules=known.hash,
            scored_by=self._by,
            scored_at=self._now,
        )

    def _line(self, scheme: Scheme, indicator: Indicator, own: str, entered: Line | None) -> Line:
        found = self._measured.figure(indicator, own)
        few = bool(indicator.few and found.n is not None and found.n < indicator.few)
        line = Line(code=indicator.code, weight=indicator.weight, n=found.n, lower=found.lower, few=few)
        blocked = few and scheme.small == "block"
        if found.value is not None and not blocked:
            low = few and scheme.small == "lower" and found.lower is not None
            counts = found.lower if low and found.lower is not None else found.value
            return msgspec.structs.replace(line, raw=found.value, score=indicator.curve.score(counts))
        if entered is not None and entered.raw is not None:
            score = indicator.curve.score(entered.raw)
            return msgspec.structs.replace(entered, weight=indicator.weight, score=score)
        missing = list(found.missing or (indicator.facts if blocked else ()))
        return msgspec.structs.replace(line, raw=found.value, origin="missing", missing=missing)


def total_of(scheme: Scheme, lines: Sequence[Line]) -> Decimal | None:
    """Return S = Σ w·s / Σ w to two places, half up; what is missing is dealt with as the scheme says.

    Source: norms.md, performance; catalogue D2.
    """
    known = [line for line in lines if line.score is not None]
    if len(known) < len(lines) and (scheme.missing == "block" or not known):
        return None
    weights = sum((line.weight for line in (lines if scheme.missing == "zero" else known)), Decimal(0))
    points = sum((line.weight * line.score for line in known if line.score is not None), Decimal(0))
    return (points / weights).quantize(_CENT, ROUND_HALF_UP)


def _same(before: ScoreCard, made: ScoreCard) -> bool:
    """Tell whether scoring again said the same."""
    return before == msgspec.structs.replace(
        made, scored_by=before.scored_by, scored_at=before.scored_at, key=before.key, schema=before.schema
    )


def _kept(app: App, tx: Transaction, before: Held | None, made: ScoreCard) -> ScoreCard:
    if before is None:
        return register.insert(tx, app.record_type(CARDS), made)  # type: ignore[return-value]  # a card as well
    if _same(before.card, made):
        return before.card
    tx.replace(CARDS, before.number, edits.encode(made))
    return made
