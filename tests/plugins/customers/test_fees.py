"""Fees: what is charged, paid and outstanding on a day, how many days overdue, and paid late or not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit_customers.fees import Account, Added, Fee, Paid, account

DUE = dt.date(2026, 11, 10)


def day(number: int) -> dt.date:
    """Return a day of November."""
    return dt.date(2026, 11, number)


def fee(*paid: tuple[int, str], due: dt.date | None = DUE, added: tuple[Added, ...] = ()) -> Fee:
    """Return a fee of 100 due on 10 November, with payments on days of it."""
    payments = tuple(Paid(day(number), Decimal(amount)) for number, amount in paid)
    return Fee("FE-1", Decimal(100), "C-1", due, "receivable", payments, added)


@pytest.mark.parametrize(
    ("held", "on", "outstanding", "overdue", "late_on"),
    [
        pytest.param(fee(), 9, "100", 0, None, id="before"),
        pytest.param(fee(), 10, "100", 0, None, id="on the due day"),
        pytest.param(fee(), 11, "100", 1, None, id="the day after"),
        pytest.param(fee(due=None), 30, "100", 0, None, id="no due day"),
        pytest.param(fee((10, "100")), 30, "0", 0, None, id="in time"),
        pytest.param(fee((5, "40"), (9, "60")), 30, "0", 0, None, id="in parts, in time"),
        pytest.param(fee((5, "40")), 30, "60", 20, None, id="a part is missing"),
        pytest.param(fee((5, "40"), (12, "60")), 11, "60", 1, None, id="a payment still to come"),
        pytest.param(fee((5, "40"), (12, "60")), 30, "0", 0, 12, id="the rest late"),
        pytest.param(fee((15, "10"), (12, "10")), 30, "80", 20, 12, id="twice late, noted in any order"),
        pytest.param(fee((10, "100"), (12, "5")), 30, "0", 0, None, id="too much is not late"),
        pytest.param(fee((10, "100"), (12, "-30")), 30, "30", 20, None, id="given back is owed again"),
        pytest.param(fee((10, "100"), (12, "-30"), (13, "30")), 30, "0", 0, 13, id="and paid late"),
        pytest.param(fee((10, "100"), added=(Added(Decimal(7)),)), 30, "7", 20, None, id="added, undated"),
        pytest.param(fee((10, "100"), added=(Added(Decimal(7), day(12)),)), 11, "0", 0, None, id="later"),
        pytest.param(fee((5, "100"), due=None), 30, "0", 0, None, id="no due day, paid"),
    ],
)  # fmt: skip
def test_where_a_fee_stands(held: Fee, on: int, outstanding: str, overdue: int, late_on: int | None) -> None:
    """Only what happened up to the day counts, and the due day is in time."""
    found = account(held, day(on))
    assert (found.outstanding, found.overdue) == (Decimal(outstanding), overdue)
    assert found.late_on == (None if late_on is None else day(late_on))


def test_a_credit_is_never_outstanding() -> None:
    """A negative fee is money to give back, not money to collect."""
    held = Fee("FE-1", Decimal(-5), "C-1", DUE)
    assert account(held, day(30)) == Account(Decimal(-5), Decimal(0), 0, None)
    assert account(held, day(30)).outstanding == 0


_paid = st.builds(
    Paid, date=st.dates(day(1), day(30)), amount=st.decimals(-50, 150, places=2, allow_nan=False)
)


@given(st.lists(_paid, max_size=6).flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
def test_the_order_of_payments_does_not_matter(held: tuple[list[Paid], list[Paid]]) -> None:
    """What is owed is a sum; how payments of different days are noted changes nothing."""
    one, other = (Fee("FE-1", Decimal(100), "C-1", DUE, "receivable", tuple(each)) for each in held)
    for number in (1, 11, 30):
        first, second = account(one, day(number)), account(other, day(number))
        assert (first.charged, first.paid, first.overdue) == (second.charged, second.paid, second.overdue)


@given(st.lists(_paid, max_size=6), st.dates(day(1), day(30)))
def test_what_an_account_says_fits_together(held: list[Paid], on: dt.date) -> None:
    """Charged less paid is outstanding, to the cent; overdue means that something is, and the day is over."""
    found = account(Fee("FE-1", Decimal(100), "C-1", DUE, "receivable", tuple(held)), on)
    assert found.paid == sum((one.amount for one in held if one.date <= on), Decimal(0))
    assert found.outstanding == max(found.charged - found.paid, 0)
    assert bool(found.overdue) == (on > DUE and found.outstanding > 0)
    assert found.late_on is None or DUE < found.late_on <= on


@given(st.lists(st.decimals(0, 10**12, places=4), min_size=1, max_size=40))
def test_sums_are_exact(amounts: list[Decimal]) -> None:
    """No number of large payments is rounded."""
    held = Fee("FE-1", Decimal(0), "C-1", DUE, "receivable", tuple(Paid(day(1), one) for one in amounts))
    assert account(held, day(2)).paid * 10**4 == sum(int(one * 10**4) for one in amounts)
