"""What is owed of a fee, since when, and whether it was paid late. Pure: no click, no store, no reading."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from cskit_customers.entry import Direction

# The usual 28 digits could round a sum; 60 cannot, at any number of payments.
_EXACT = decimal.Context(prec=60, traps=[])
NOTHING = Decimal(0)


class Paid(msgspec.Struct, frozen=True, gc=False):
    """What reckoning needs of a payment."""

    date: dt.date
    amount: Decimal


class Added(msgspec.Struct, frozen=True, gc=False):
    """What reckoning needs of a fee that was added."""

    amount: Decimal
    date: dt.date | None = None


class Fee(msgspec.Struct, frozen=True, gc=False):
    """What reckoning needs of a stored ledger entry."""

    id: str
    amount: Decimal
    customer: str | None = None
    due: dt.date | None = None
    direction: Direction = "receivable"
    payments: tuple[Paid, ...] = ()
    added: tuple[Added, ...] = ()


class Account(NamedTuple):
    """Where a fee stands on a day: what is charged in all, what is paid, and days overdue (0: not overdue).

    `late_on` is the day of the first payment that came after the due day while something was still owed.
    """

    charged: Decimal
    paid: Decimal
    overdue: int
    late_on: dt.date | None

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid; nothing where more was paid than is owed."""
        return max(_EXACT.subtract(self.charged, self.paid), NOTHING)


def account(fee: Fee, day: dt.date) -> Account:
    """Reckon a fee as it stands at the end of `day`; what is dated later has not happened yet.

    The due day itself is in time. A fee without a due day is never overdue, and never paid late.
    """
    charged = fee.amount
    for added in fee.added:
        if added.date is None or added.date <= day:
            charged = _EXACT.add(charged, added.amount)
    happened = [one for one in fee.payments if one.date <= day]
    if len(happened) > 1:
        happened.sort(key=lambda one: one.date)
    paid, late_on = NOTHING, None
    for one in happened:
        late = fee.due is not None and one.date > fee.due and one.amount > 0 and paid < charged
        if late and late_on is None:
            late_on = one.date
        paid = _EXACT.add(paid, one.amount)
    owing = fee.due is not None and fee.due < day and paid < charged
    return Account(charged, paid, (day - fee.due).days if owing and fee.due else 0, late_on)


def total(parts: Sequence[Decimal]) -> Decimal:
    """Add up amounts, exactly."""
    found = NOTHING
    for part in parts:
        found = _EXACT.add(found, part)
    return found
