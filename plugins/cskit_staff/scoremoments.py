"""What scores ask for today, and what they were to a person: tasks and events.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cskit import Event, Task, _, ngettext
from cskit.stored import decoder
from cskit_staff.reviews.reviews import REVIEWS
from cskit_staff.scores import cards, population, schemes
from cskit_staff.scores.assessment import Review, ScoreCard
from cskit_staff.scores.cards import CARDS
from cskit_staff.scores.population import Person, Population, Span

if TYPE_CHECKING:
    from cskit import App


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what last month's cards and the last quarter's reviews wait for, by whose people they are."""
    month, quarter = population.month_of(app, None), population.quarter_of(app, None)
    held = cards.of_months(app.reading(), {*month.months, *quarter.months})
    people = Population(app, app.reading())
    known = schemes.load(app)
    if month.last < until:
        yield from _of_cards(people, known, month, held)
    decode = decoder(REVIEWS, Review)
    reviews = list(map(decode, app.reading().read(REVIEWS)))
    if quarter.last < until and not any(one.period == quarter.text for one in reviews):
        yield from _due(quarter, held)
    yield from _of_reviews(app, reviews)


def _of_cards(
    people: Population,
    known: dict[str, schemes.Known],
    month: Span,
    held: dict[tuple[str, str], cards.Held],
) -> Iterator[Task]:
    """Yield a task for each superior whose people have no card, one with figures missing, or a draft."""
    waiting: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people.people.values():
        post = people.post(person)
        scheme = known.get((post.scheme if post else None) or "")
        if scheme is None or scheme.scheme.lost or not person.there(month.period):
            continue
        one = held.get((person.id, month.text))
        what = "missing" if one is None else "incomplete" if one.card.total is None else "draft"
        if one is None or one.card.state == "draft":
            waiting[person.superior or "", what].append(person)
    day = month.last + dt.timedelta(days=1)
    for (superior, what), several in sorted(waiting.items()):
        about = superior if superior in people.people else several[0].id
        said, do = _card_task(what, len(several), month.text)
        yield Task(day, said, "staff", about, who=superior, do=do)


def _card_task(what: str, count: int, month: str) -> tuple[str, str]:
    if what == "missing":
        said = ngettext("{month}: {count} person to be scored", "{month}: {count} people to be scored", count)
        return said.format(month=month, count=count), f"staff score --month {month}"
    if what == "incomplete":
        said = ngettext(
            "{month}: figures missing on {count} score card",
            "{month}: figures missing on {count} score cards",
            count,
        )
        return said.format(month=month, count=count), f"staff score --month {month} --enter FILE"
    said = ngettext(
        "{month}: {count} score card to be confirmed", "{month}: {count} score cards to be confirmed", count
    )
    return said.format(month=month, count=count), f"staff confirm --month {month} --all"


def _due(quarter: Span, held: dict[tuple[str, str], cards.Held]) -> Iterator[Task]:
    confirmed = [
        one.card for one in held.values() if one.card.month in quarter.months and one.card.state != "draft"
    ]
    if confirmed:
        last = max(confirmed, key=lambda card: (card.month, card.id))
        said = _("{quarter} is to be reviewed").format(quarter=quarter.text)
        day = quarter.last + dt.timedelta(days=1)
        yield Task(day, said, "staff scorecard", last.id, do=f"staff review --quarter {quarter.text}")


def _of_reviews(app: App, reviews: list[Review]) -> Iterator[Task]:
    """Yield what proposals and confirmed reviews wait for; each dismissal waits alone."""
    waiting: defaultdict[tuple[str, str], list[Review]] = defaultdict(list)
    for one in reviews:
        if one.proposal != "insufficient" and one.state != "applied":
            alone = one.staff if one.proposal == "dismissal" and one.state == "confirmed" else ""
            waiting[one.period, alone or one.state].append(one)
    for (period, what), several in sorted(waiting.items()):
        option = "--quarter" if "Q" in period else "--month"
        if what == "proposed":
            said = ngettext(
                "{period}: {count} review to be confirmed",
                "{period}: {count} reviews to be confirmed",
                len(several),
            )
            do = f"staff confirm {option} {period} --all" + ("" if "Q" in period else " --probation")
        elif what == "confirmed":
            said = ngettext(
                "{period}: {count} review to be put into effect",
                "{period}: {count} reviews to be put into effect",
                len(several),
            )
            do = f"staff apply {option} {period}"
        else:
            said = _("{period}: decide on the dismissal")
            do = f"staff apply {what} {option} {period}"
        first = min(several, key=lambda one: one.proposed_at)
        day = (first.confirmed_at or first.proposed_at).astimezone(app.zone).date()
        yield Task(day, said.format(period=period, count=len(several)), "staff appraisal", first.id, do=do)


def timeline(app: App, own: str) -> Iterator[Event]:
    """Yield when a person's cards were confirmed, and reviews put into effect; no figures."""
    for card in map(decoder(CARDS, ScoreCard), app.reading().read(CARDS)):
        if card.staff == own and card.confirmed_at is not None:
            said = _("score card of {month} confirmed").format(month=card.month)
            yield Event(card.confirmed_at, said, "staff scorecard", card.id)
    for review in map(decoder(REVIEWS, Review), app.reading().read(REVIEWS)):
        if review.staff == own and review.applied_at is not None:
            yield Event(review.applied_at, _effect(review), "staff appraisal", review.id)


def _effect(review: Review) -> str:
    if review.rank_before == review.rank_after:
        return _("review of {period} in effect: the rank stays").format(period=review.period)
    return _("review of {period} in effect: {before} → {after}").format(
        period=review.period, before=review.rank_before, after=review.rank_after
    )
