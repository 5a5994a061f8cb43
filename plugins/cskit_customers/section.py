"""What the register has to say in the report of a month: who came and went, and what is owed.

Fees are reckoned by `fees`, as everywhere. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import Column, Period, _
from cskit.i18n import mark
from cskit.sections import Figure, Group, Section, Table, count
from cskit_customers.arrears import accounts
from cskit_customers.documents import decoded
from cskit_customers.fees import NOTHING, Account, Fee, total
from cskit_customers.model import CustomerState

if TYPE_CHECKING:
    from cskit import App

CUSTOMER, FEE = "customer", "customer ledger"
_MOST = 10  # so many of those who owe most
_DEBTORS = (
    Column("id", mark("Customer"), kind="name"),
    Column("name", mark("Name")),
    Column("fees", mark("Fees overdue"), "right", "integer"),
    Column("amount", mark("Overdue"), "right", "decimal"),
    Column("days", mark("Days overdue"), "right", "integer"),
)


class Card(msgspec.Struct, frozen=True, gc=False):
    """What the report needs of a stored customer."""

    id: str
    name: str
    state: CustomerState = "active"
    since: dt.date | None = None
    left_on: dt.date | None = None

    def here(self, day: dt.date) -> bool:
        """Tell whether somebody was a customer on a day; who left on a day that nobody knows was not."""
        if self.since is not None and self.since > day:
            return False
        return self.state == "active" or (self.left_on is not None and self.left_on > day)


class Owed(NamedTuple):
    """A fee that is overdue, and where it stands."""

    fee: Fee
    account: Account


def section(app: App, period: Period) -> Section:
    """Return the customers of a period, and the fees overdue on its last day (or today); each table once."""
    reading = app.reading()
    cards = {card.id: card for card in decoded("customers", reading.read("customers"), Card)}
    day = app.today if period.last is None else min(period.last, app.today)
    owed = [
        Owed(fee, state)
        for fee, state in accounts(reading, day)
        if fee.direction == "receivable" and state.overdue
    ]
    came = [one for one in cards.values() if one.since and one.since <= day and period.holds(one.since)]
    left = [one for one in cards.values() if one.left_on and one.left_on <= day and period.holds(one.left_on)]
    figures = [
        _customers("new", _("New customers"), came),
        _customers("lost", _("Customers lost"), (one for one in left if one.state == "lost")),
        _customers("closed", _("Customers closed"), (one for one in left if one.state == "closed")),
        _customers("active", _("Active on the last day"), (one for one in cards.values() if one.here(day))),
        _overdue(owed),
    ]
    tables = [Table(_("Who owes most"), _DEBTORS, _debtors(owed, cards))]
    return Section("customers", _("Customers"), [Group(figures)], tables)


def _customers(name: str, title: str, cards: Iterable[Card]) -> Figure:
    return count(name, title, (card.id for card in cards), CUSTOMER)


def _overdue(owed: list[Owed]) -> Figure:
    amount = total([one.account.outstanding for one in owed])
    ids = tuple(one.fee.id for one in owed)
    return Figure("overdue", _("Fees overdue, amount"), amount, len(ids), FEE, lambda: ids)


def _debtors(owed: list[Owed], cards: Mapping[str, Card]) -> list[dict[str, object]]:
    """Return a row for each customer who owes something, the largest sum first."""
    sums: dict[str, tuple[Decimal, int, int]] = {}
    for fee, account in owed:
        if fee.customer:
            amount, count, days = sums.get(fee.customer, (NOTHING, 0, 0))
            sums[fee.customer] = (
                total([amount, account.outstanding]),
                count + 1,
                max(days, account.overdue),
            )
    first = sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))[:_MOST]
    return [
        {
            "id": own,
            "name": cards[own].name if own in cards else None,
            "fees": count,
            "amount": amount,
            "days": days,
        }
        for own, (amount, count, days) in first
    ]
