"""Reviews put into effect: rank, state and pay of everybody in one transaction, dated.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import Conflict, Refused, _, edits, ngettext, register
from cskit.edits import Edit
from cskit.nouns import listed
from cskit_staff.people import ladders
from cskit_staff.people.ladders import Rank
from cskit_staff.people.people import STAFF
from cskit_staff.reviews import bands, reviews
from cskit_staff.reviews.confirming import acting
from cskit_staff.reviews.reviews import REVIEWS, Kept
from cskit_staff.scores import cards
from cskit_staff.scores.assessment import Pay, Review
from cskit_staff.scores.cards import CARDS, Held
from cskit_staff.scores.population import Person, Population, Span, whole_month_from

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction

_PAID = ("base_pay", "performance_base", "allowance")


class Applied(NamedTuple):
    """What was put into effect, and whose dismissal still waits for somebody to name it."""

    reviews: list[Review]
    waiting: list[str]


def apply(
    app: App, tx: Transaction, span: Span, names: Sequence[str] = (), *, day: dt.date | None = None
) -> Applied:
    """Put the confirmed reviews of a period into effect from a `day` on (today), all or none.

    The rank moves, pay by what the ladder has between the two ranks; a probation lasts the next whole months;
    who is dismissed leaves on that day, but only where named. The cards that were judged are locked. Raises
    `Refused` where nothing is confirmed, `Conflict` where a person has changed since the proposal.
    """
    population = Population(app, tx)
    who, day = acting(app, population), day or app.today
    kept = reviews.of_period(tx, span.text)
    wanted = _wanted(kept, names, span)
    waiting = [] if names else [one.review.staff for one in wanted if one.review.proposal == "dismissal"]
    wanted = [one for one in wanted if one.review.staff not in waiting]
    held = cards.of_months(tx, span.months)
    _refuse_changed(population, [one.review for one in wanted])
    reviews.refuse_stale(held, [one.review for one in wanted])
    paid = {rank.code: rank for rule in ladders.load(app).values() for rank in rule.value.ranks}
    done = list[Review]()
    changes: dict[str, list[Edit]] = {}
    for one in wanted:
        applied, edited = _applied(one.review, population.people[one.review.staff], paid, day)
        applied = msgspec.structs.replace(applied, applied_by=who, applied_at=app.now)
        tx.replace(REVIEWS, one.number, edits.encode(applied))
        changes[one.review.staff] = edited
        done.append(applied)
    record_type = app.record_type(STAFF)
    documents = register.find(app, tx, record_type, list(changes)) if changes else []
    register.change_each(app, tx, record_type, [(one, changes[register.id_of(one)]) for one in documents])
    _lock(tx, held.values(), {part.card for one in done for part in one.months})
    return Applied(done, waiting)


def _wanted(kept: dict[str, Kept], names: Sequence[str], span: Span) -> list[Kept]:
    found = reviews.chosen(kept, names, span.text) if names else list(kept.values())
    wrong = [one.review.staff for one in found if one.review.state != "confirmed"] if names else []
    if wrong:
        raise Refused(
            _("not confirmed, or in effect already: {names}").format(names=listed(wrong)),
            _("`cskit staff confirm {staff} --quarter {period}` confirms").format(
                staff=wrong[0], period=span.text
            ),
        )
    confirmed = [one for one in found if one.review.state == "confirmed"]
    if not confirmed:
        raise Refused(
            _("no review of {period} waits to be put into effect").format(period=span.text),
            _("`cskit staff review` proposes, `cskit staff confirm` confirms"),
        )
    return confirmed


def _refuse_changed(population: Population, found: Sequence[Review]) -> None:
    moved = [
        one.staff
        for one in found
        if (person := population.people.get(one.staff)) is None
        or (person.rank, person.state) != (one.rank_before, one.state_before)
    ]
    if moved:
        said = ngettext(
            "rank or state of {names} has changed since the proposal",
            "ranks or states of {names} have changed since the proposals",
            len(moved),
        )
        raise Conflict(said.format(names=listed(moved)), _("undo that change, or review the period again"))


def _applied(
    review: Review, person: Person, paid: dict[str, Rank], day: dt.date
) -> tuple[Review, list[Edit]]:
    """Return a review in effect, and what it changes of the person."""
    before = Pay(**{name: getattr(person, name) for name in _PAID})
    after = _paid(before, paid.get(review.rank_before or ""), paid.get(review.rank_after or ""))
    values: dict[str, Any] = {"rank": review.rank_after, "state": review.state_after}
    values |= {name: getattr(after, name) for name in _PAID if getattr(after, name) != getattr(before, name)}
    values["probation_until"] = person.probation_until if review.state_after == "probation" else None
    if review.proposal == "probation":
        values["probation_until"] = _last_day(day, bands.from_values(review.bands).probation_months)
    if review.state_after == "left":
        values["left"] = day
    done = msgspec.structs.replace(review, state="applied", effective=day, pay_before=before, pay_after=after)
    return done, [Edit((name,), "=", value) for name, value in values.items()]


def _last_day(day: dt.date, months: int) -> dt.date:
    """Return the last day of so many whole months from a day on."""
    first = whole_month_from(day)
    for _month in range(months):
        first = (first + dt.timedelta(days=32)).replace(day=1)
    return first - dt.timedelta(days=1)


def _paid(before: Pay, old: Rank | None, new: Rank | None) -> Pay:
    """Return the pay after a move: what was agreed with the person moves by what the two ranks differ.

    Where a rank says nothing of pay, the pay stays; where nothing was agreed, it is the rank's.
    """
    if new is None or old is new:
        return before
    found: dict[str, Decimal | None] = {}
    for name in _PAID:
        held, to = getattr(before, name), getattr(new, name)
        since = getattr(old, name) if old is not None else None
        if to is None or (held is not None and since is None):
            found[name] = held
        else:
            found[name] = to if held is None else max(Decimal(0), held + to - since)
    return Pay(**found)


def _lock(tx: Transaction, cards_of_period: Iterable[Held], ids: set[str | None]) -> None:
    for held in cards_of_period:
        if held.card.id in ids and held.card.state == "confirmed":
            tx.replace(CARDS, held.number, edits.encode(msgspec.structs.replace(held.card, state="locked")))
