"""A review: what the confirmed months of a quarter make of everybody's rank, proposed and repeated.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import Refused, _, edits, ngettext, register, rules
from cskit.i18n import label
from cskit_staff import rulebook
from cskit_staff.people import ladders
from cskit_staff.reviews import bands, reviews
from cskit_staff.reviews.bands import Bands, Standing, judge
from cskit_staff.reviews.reviews import REVIEWS, Kept
from cskit_staff.scores import cards, schemes
from cskit_staff.scores.assessment import PROPOSALS, Review
from cskit_staff.scores.population import Person, Population, Span

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading, Transaction


class Reviewed(NamedTuple):
    """A review of everybody: what was proposed or decided before, how many were written, who was left out."""

    reviews: list[Review]
    recorded: int
    left_out: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    notes: Sequence[str] = ()


def propose(app: App, reading: Reading, span: Span, tx: Transaction | None = None) -> Reviewed:
    """Judge the months of a quarter, or a single month for those whose probation it decides.

    What was confirmed or applied stays as it is, what was only proposed is judged anew. Raises `Refused`
    where there is nobody to judge.
    """
    population = Population(app, reading)
    judging = _Judging(app, reading, span)
    found, recorded = list[Review](), 0
    left_out: dict[tuple[str, str], str] = {}
    for person in population.people.values():
        kept = judging.kept.get(person.id)
        if kept is not None and kept.review.state != "proposed":
            found.append(kept.review)
            continue
        why = judging.why_not(population, person)
        if why:
            left_out[person.id, person.name] = why
        elif why is not None:
            continue
        else:
            made = judging.review(population, person)
            found.append(made if tx is None else _recorded(app, tx, kept, made))
            recorded += kept is None or not _same(kept.review, made)
    if not found:
        said = _("there is nobody to review in {period}").format(period=span.text)
        raise Refused(said, "\n".join(dict.fromkeys(left_out.values())))
    return Reviewed(found, recorded, left_out, {own: one.name for own, one in population.people.items()})


class _Judging:
    """Judges people one by one, by cards, ladders and bands that are read once."""

    def __init__(self, app: App, reading: Reading, span: Span) -> None:
        self._span = span
        self._schemes = schemes.load(app)
        self._ladders = ladders.load(app)
        self._rule = rulebook.standard(app, bands.KIND)
        self._cards = cards.of_months(reading, span.months)
        self._by, self._now = app.staff or app.user, app.now
        self.kept = reviews.of_period(reading, span.text)

    def why_not(self, population: Population, person: Person) -> str | None:
        """Say why somebody is not reviewed, "" where that goes without saying; None for who is."""
        if person.state == "left" or not person.there(self._span.period):
            return ""
        if len(self._span.months) == 1 and _probation_month(person) not in self._span.months:
            return ""
        if person.state == "induction":
            return _("in induction")
        post = population.post(person)
        if post is None or post.scheme not in self._schemes:
            return _("the position has no KPI scheme")
        return None

    def review(self, population: Population, person: Person) -> Review:
        """Return the review of a person."""
        value: Bands = self._rule.value
        post = population.post(person)
        ladder = self._ladders.get((post.ladder if post else None) or "")
        codes = ladder.value.codes if ladder else []
        months = [
            reviews.month_score(month, self._cards.get((person.id, month))) for month in self._span.months
        ]
        standing = Standing(person.rank, person.state, _probation_month(person))
        verdict = judge(value, codes, {one.month: one.total for one in months}, standing)
        kept = self.kept.get(person.id)
        return Review(
            id=kept.review.id if kept else "-",
            staff=person.id,
            period=self._span.text,
            proposal=verdict.proposal,
            mean=verdict.mean,
            months=months,
            held=verdict.held,
            rank_before=person.rank,
            rank_after=verdict.rank,
            state_before=person.state,
            state_after=verdict.state,
            probation_month=standing.probation_month,
            bands=value.values(),
            ladder=codes,
            rules=_hash(self._rule, ladder),
            proposed_by=self._by,
            proposed_at=self._now,
        )

    def hash_for(self, population: Population, own: str) -> str:
        """Return the hash of the rules by which a person would be judged today."""
        person = population.people.get(own)
        post = population.post(person) if person is not None else None
        return _hash(self._rule, self._ladders.get((post.ladder if post else None) or ""))


def _hash(rule: rules.Rule, ladder: rules.Rule | None) -> str:
    return rulebook.hash_of(rule, ladder) if ladder else rulebook.hash_of(rule)


def _probation_month(person: Person) -> str | None:
    """Return the month by which a probation is judged: that of its last day."""
    if person.state != "probation" or person.probation_until is None:
        return None
    return f"{person.probation_until:%Y-%m}"


def _same(before: Review, made: Review) -> bool:
    return before == msgspec.structs.replace(
        made, proposed_by=before.proposed_by, proposed_at=before.proposed_at
    )


def _recorded(app: App, tx: Transaction, kept: Kept | None, made: Review) -> Review:
    if kept is None:
        return register.insert(tx, app.record_type(REVIEWS), made)  # type: ignore[return-value]  # a review too
    if _same(kept.review, made):
        return kept.review
    tx.replace(REVIEWS, kept.number, edits.encode(made))
    return made


# --- again, as it was ---------------------------------------------------------------------------------------


def repeat(app: App, reading: Reading, span: Span) -> Reviewed:
    """Judge the reviews that are recorded once more, by the numbers and ranks recorded with them.

    The notes say which rules are others today, and which outcome would not come again (none, unless somebody
    changed a record by hand). Where nothing is recorded, today's rules judge.
    """
    kept = reviews.of_period(reading, span.text)
    if not kept:
        found = propose(app, reading, span)
        said = _("nothing was recorded of {period} by then; judged by today's rules").format(period=span.text)
        return found._replace(notes=[said])
    population = Population(app, reading)
    judging = _Judging(app, reading, span)
    found_cards = {one.card.id: one.card.total for one in cards.of_months(reading, span.months).values()}
    notes = list[str]()
    for one in (each.review for each in kept.values()):
        totals = {part.month: found_cards.get(part.card or "") for part in one.months}
        standing = Standing(one.rank_before, one.state_before, one.probation_month)
        again = judge(bands.from_values(one.bands), one.ladder, totals, standing)
        if (again.proposal, again.mean) != (one.rule or one.proposal, one.mean):
            said = _("{staff}: the score cards are others now, and come to: {proposal}")
            outcome = label(again.proposal, PROPOSALS[again.proposal])
            notes.append(said.format(staff=one.staff, proposal=outcome))
    differ = [
        one.review.staff
        for one in kept.values()
        if judging.hash_for(population, one.review.staff) != one.review.rules
    ]
    if differ:
        notes.append(
            ngettext(
                "{count} review was judged by rules that are others today; shown by those recorded",
                "{count} reviews were judged by rules that are others today; shown by those recorded",
                len(differ),
            ).format(count=len(differ))
        )
    names = {own: one.name for own, one in population.people.items()}
    return Reviewed([one.review for one in kept.values()], 0, {}, names, notes)
