"""How many visits a quota asks for by when. Must not import click or a store.

A year's quota is that of each month's grade, a twelfth a month; months before the customer was known ask for
none (catalogue A11: visits a year; pro rata in the first year, rounded up, is ours).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

MONTHS = 12


def of_year(least: Sequence[int]) -> int:
    """Return how many visits a year asks for in all; `least` is the yearly quota in each of its months."""
    return -(-sum(least) // MONTHS)


def due_in_year(least: Sequence[int], year: int, done: int) -> dt.date | None:
    """Return the day by which one visit more than those `done` is planned, None where no more are.

    The plan is even: with four a year one by the end of each quarter; what is rounded up, by the year's end.
    """
    asked = 0
    for month, part in enumerate(least, 1):
        asked += part
        planned = of_year(least) if month == MONTHS else asked // MONTHS
        if planned > done:
            return last_day(year, month)
    return None


def last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def due_in_month(least: int, first: dt.date, done: int) -> dt.date | None:
    """Return the day by which one more visit is planned in the month of `first`, None where no more are.

    The plan is even over the days from `first` on: with three in thirty days one by the tenth.
    """
    if done >= least:
        return None
    days = calendar.monthrange(first.year, first.month)[1] - first.day + 1
    return first + dt.timedelta(days=max(-(-(done + 1) * days // least), 1) - 1)
