"""What a month is paid: base, performance by score, allowance, rewards, and what sales staff gain or lose.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import _, amounts
from cskit.stored import decoder
from cskit_staff import rulebook
from cskit_staff.pay.payrules import PAY, SALES, PayRules, SalesPay
from cskit_staff.pay.selling import Sales
from cskit_staff.reviews.reviews import REVIEWS
from cskit_staff.scores import cards, schemes
from cskit_staff.scores.assessment import Pay, Review, ScoreCard
from cskit_staff.scores.population import Person, Population, Post, Span

if TYPE_CHECKING:
    from cskit import App

_EXTRA = ("staff.reward_amount", "staff.penalty_amount")


class Sheet(NamedTuple):
    """A month's pay: a row for each person, and how many totals are open because a score is missing."""

    rows: list[dict[str, Any]]
    open: int
    total: Decimal


def sheet(app: App, month: Span, names: Sequence[str] = ()) -> Sheet:
    """Return what everybody, or the people named, is paid for a month (catalogue D4).

    Money is to the fen, half up. What a review changed later does not count yet. Without a confirmed card of
    a position that has a scheme, performance pay and the total are open, not 0.
    """
    reading = app.reading()
    population = Population(app, reading)
    people = population.named(names) if names else list(population.people.values())
    people = [one for one in people if one.there(month.period)]
    ids = [one.id for one in people]
    extra = app.facts("staff", _EXTRA, ids, period=month.period)
    pay_rules: PayRules = rulebook.standard(app, PAY).value
    sales_rules: SalesPay = rulebook.standard(app, SALES).value
    reckoner = _Reckoner(
        pay_rules,
        {own: held.card for (own, _month), held in cards.of_months(reading, month.months).items()},
        _later(app, month),
        Sales(sales_rules, reading, population, month),
        schemes.load(app),
    )
    rows = [
        reckoner.row(one, population.post(one), *(extra[name].get(one.id, Decimal(0)) for name in _EXTRA))
        for one in people
    ]
    totals = [row["total"] for row in rows if "total" in row]
    return Sheet(rows, len(rows) - len(totals), sum(totals, Decimal(0)))


def _later(app: App, month: Span) -> dict[str, Review]:
    """Return by person the first review whose effect begins after a month: before it, the old pay counts."""
    found: dict[str, Review] = {}
    decode = decoder(REVIEWS, Review)
    for one in map(decode, app.reading().read(REVIEWS)):
        if one.state == "applied" and one.effective is not None and one.effective > month.last:
            known = found.get(one.staff)
            if known is None or known.effective is None or one.effective < known.effective:
                found[one.staff] = one
    return found


class _Reckoner:
    """Reckons rows of a pay sheet."""

    def __init__(
        self,
        rules: PayRules,
        scored: Mapping[str, ScoreCard],
        later: Mapping[str, Review],
        sales: Sales,
        known: Container[str],
    ) -> None:
        self._rules, self._cards, self._later, self._sales = rules, scored, later, sales
        self._known = known

    def row(self, person: Person, post: Post | None, reward: Decimal, penalty: Decimal) -> dict[str, Any]:
        """Return one person's row; the total is left out where a score is missing."""
        later = self._later.get(person.id)
        state = later.state_before if later is not None else person.state
        agreed = later.pay_before if later is not None and later.pay_before is not None else _agreed(person)
        base = self._base(agreed, state, post)
        card = self._cards.get(person.id)
        factor, note = self._factor(card, state, post)
        of = agreed.performance_base or Decimal(0)
        performance = None if factor is None else amounts.fen(of * factor)
        sold = self._sales.of(person, base)
        parts = map(amounts.fen, (base, agreed.allowance or Decimal(0), reward, -penalty, *sold.parts))
        row: dict[str, Any] = {
            "id": person.id,
            "staff": person.id,
            "name": person.name,
            "position": post.title if post else None,
            "base": amounts.fen(base),
            "allowance": amounts.fen(agreed.allowance or Decimal(0)),
            "score": card.total if card is not None and card.state != "draft" else None,
            "factor": factor,
            "performance": performance,
            "reward": amounts.fen(reward),
            "penalty": amounts.fen(penalty),
            "commission": amounts.fen(sold.commission) if sold.applies else None,
            "deduction": amounts.fen(sold.deduction) if sold.applies else None,
            "champion": amounts.fen(sold.champion) if sold.applies else None,
            "other": sum(map(amounts.fen, (reward, -penalty, *sold.parts)), Decimal(0)),
            "total": None if performance is None else sum(parts, performance),
            "note": _("; ").join([*filter(None, [note]), *sold.notes]),
        }
        return {key: value for key, value in row.items() if value not in (None, "")}

    def _base(self, agreed: Pay, state: str, post: Post | None) -> Decimal:
        if agreed.base_pay is not None:
            return agreed.base_pay
        if state == "induction":
            return self._rules.induction
        for name in (post.id, post.scheme) if post else ():
            if name in self._rules.base:
                return self._rules.base[name]
        return self._rules.other

    def _factor(self, card: ScoreCard | None, state: str, post: Post | None) -> tuple[Decimal | None, str]:
        """Return the factor of performance pay, None while the score is open, and what is to be said."""
        if card is not None and card.state != "draft" and card.total is not None:
            return self._rules.factor(card.total), ""
        if state == "induction":
            return Decimal(0), _("induction: no performance pay without a score")
        if post is None or post.scheme is None or post.scheme not in self._known:
            return self._rules.unscored, _("no KPI scheme: factor {factor}").format(
                factor=self._rules.unscored
            )
        return None, _("open: no confirmed score card")


def _agreed(person: Person) -> Pay:
    return Pay(base_pay=person.base_pay, performance_base=person.performance_base, allowance=person.allowance)
