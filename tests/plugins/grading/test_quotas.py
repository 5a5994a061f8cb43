"""How many visits are planned by when: even over the year, pro rata in the first, rounded up at its end."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit_grading import quotas


@pytest.mark.parametrize(
    ("least", "known_from", "quota"),
    [(4, 1, 4), (4, 5, 3), (4, 12, 1), (2, 1, 2), (2, 7, 1), (2, 6, 2), (0, 1, 0)],
    ids=["whole-year", "from-May", "from-December", "ordinary", "half", "seven-months", "none"],
)
def test_pro_rata_in_the_first_year(least: int, known_from: int, quota: int) -> None:
    """Each month gives a twelfth, and the sum is rounded up: 4 a year from May on are 8/3, so 3."""
    assert quotas.of_year([0] * (known_from - 1) + [least] * (13 - known_from)) == quota


def test_a_change_of_grade_in_the_year() -> None:
    """Nine months of 2 and three of 4 are 18 + 12 twelfths: three visits."""
    assert quotas.of_year([2] * 9 + [4] * 3) == 3


@pytest.mark.parametrize(
    ("done", "day"), [(0, "2026-03-31"), (1, "2026-06-30"), (2, "2026-09-30"), (3, "2026-12-31"), (4, None)]
)
def test_four_a_year(done: int, day: str | None) -> None:
    """Four visits a year are planned one a quarter."""
    found = quotas.due_in_year([4] * 12, 2026, done)
    assert str(found) == str(day)


def test_a_first_year() -> None:
    """From May on: one by the end of July, one of October, and what is rounded up by the year's end."""
    least = [0] * 4 + [4] * 8
    assert [str(quotas.due_in_year(least, 2026, done)) for done in range(4)] == [
        "2026-07-31",
        "2026-10-31",
        "2026-12-31",
        "None",
    ]


@pytest.mark.parametrize(
    ("least", "first", "done", "day"),
    [
        (3, "2026-06-01", 0, "2026-06-10"),
        (3, "2026-06-01", 1, "2026-06-20"),
        (3, "2026-06-01", 2, "2026-06-30"),
        (3, "2026-06-01", 3, None),
        (1, "2026-02-01", 0, "2026-02-28"),
        (3, "2026-06-28", 0, "2026-06-28"),
    ],
)
def test_visits_in_a_month(least: int, first: str, done: int, day: str | None) -> None:
    """They are even over the days of the month from the first on which the grade held."""
    assert str(quotas.due_in_month(least, dt.date.fromisoformat(first), done)) == str(day)


@given(st.lists(st.integers(0, 60), min_size=12, max_size=12))
def test_a_year_of_plans(least: list[int]) -> None:
    """Plans never go back in time, there are as many as the quota, and all are within the year."""
    days = [quotas.due_in_year(least, 2028, done) for done in range(quotas.of_year(least) + 2)]
    planned = [day for day in days if day is not None]
    assert len(planned) == quotas.of_year(least)
    assert planned == sorted(planned)
    assert all(day.year == 2028 for day in planned)


@given(st.integers(1, 31), st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)))
def test_a_month_of_plans(least: int, first: dt.date) -> None:
    """The last visit of a month is due on its last day, none before the first day."""
    days = [quotas.due_in_month(least, first, done) for done in range(least + 1)]
    planned = [day for day in days if day is not None]
    assert len(planned) == least
    assert planned == sorted(planned)
    assert planned[0] >= first
    assert planned[-1] == quotas.last_day(first.year, first.month)
