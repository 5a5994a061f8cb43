"""How people stand: ranked by a month or a quarter, and one person's course.

Must not import click or a store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import _
from cskit.stored import decoder
from cskit_staff.reviews import reviews
from cskit_staff.reviews.bands import mean_of
from cskit_staff.scores import cards
from cskit_staff.scores.assessment import Review, ScoreCard
from cskit_staff.scores.cards import CARDS
from cskit_staff.scores.population import Person, Population, Span

if TYPE_CHECKING:
    from cskit import App


def ranked(app: App, span: Span, *, by_group: bool = False) -> tuple[list[dict[str, Any]], int]:
    """Return people by their confirmed scores, best first, and how many have none of all months.

    Equals share a place. The first of all, or of each group, is its champion, the last its last; where all
    are equal, nobody is the last (catalogue F27, F35).
    """
    population = Population(app, app.reading())
    scored = _scores(cards.of_months(app.reading(), span.months), span)
    groups: defaultdict[str, list[tuple[Person, Decimal]]] = defaultdict(list)
    without = 0
    for person in population.people.values():
        if person.id in scored:
            groups[(person.group or "") if by_group else ""].append((person, scored[person.id]))
        elif person.there(span.period) and (post := population.post(person)) and post.scheme:
            without += 1
    rows = [row for group in sorted(groups) for row in _places(groups[group])]
    return rows, without


def _scores(held: Mapping[tuple[str, str], cards.Held], span: Span) -> dict[str, Decimal]:
    """Return the mean of each person's confirmed totals, of those who have one of every month."""
    found: defaultdict[str, list[Decimal]] = defaultdict(list)
    for one in held.values():
        if one.card.state != "draft" and one.card.total is not None:
            found[one.card.staff].append(one.card.total)
    return {own: mean_of(totals) for own, totals in found.items() if len(totals) == len(span.months)}


def _places(scored: list[tuple[Person, Decimal]]) -> Iterator[dict[str, Any]]:
    scored.sort(key=lambda one: (-one[1], one[0].id))
    scores = [score for _person, score in scored]
    for person, score in scored:
        mark = ""
        if score == scores[0]:
            mark = "champion"
        elif score == scores[-1]:
            mark = "last"
        row = {
            "place": scores.index(score) + 1,
            "id": person.id,
            "staff": person.id,
            "name": person.name,
            "group": person.group,
            "score": score,
            "mark": mark,
        }
        yield {key: value for key, value in row.items() if value not in (None, "")}


def course(app: App, name: str) -> list[dict[str, Any]]:
    """Return a row for each month of a person that was scored, oldest first, with the review it ended."""
    (person,) = Population(app, app.reading()).named([name])
    decode_card, decode_review = decoder(CARDS, ScoreCard), decoder(reviews.REVIEWS, Review)
    own = [one for one in map(decode_card, app.reading().read(CARDS)) if one.staff == person.id]
    judged = [
        one for one in map(decode_review, app.reading().read(reviews.REVIEWS)) if one.staff == person.id
    ]
    before: Decimal | None = None
    rows = []
    for card in sorted(own, key=lambda one: one.month):
        change = None if before is None or card.total is None else card.total - before
        row = {
            "id": card.id,
            "month": card.month,
            "total": card.total,
            "change": change,
            "state": card.state,
            "note": _("; ").join(_said(one) for one in judged if one.months[-1].month == card.month),
        }
        rows.append({key: value for key, value in row.items() if value not in (None, "")})
        before = card.total
    return rows


def _said(review: Review) -> str:
    if review.state == "applied" and review.rank_before != review.rank_after:
        said = _("{period}: {before} → {after}")
        return said.format(period=review.period, before=review.rank_before, after=review.rank_after)
    return _("{period}: reviewed").format(period=review.period)
