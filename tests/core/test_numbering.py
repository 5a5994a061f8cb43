"""Numbers of records: their forms, by day or not, and the order they sort in."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import numbering
from cskit.declarations import RecordType
from cskit.numbering import Number

PLAIN = RecordType("thing", "things", "a:b", "C-{:06d}", "thing", "things", "物", "name", ("id",))
DATED = PLAIN._replace(number="CP-%Y%m%d-{:03d}", dated="at")
ZONE = dt.timezone(dt.timedelta(hours=8))


class Counter:
    """Stands in for a transaction that gives out numbers."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], int] = {}

    def next_number(self, table: str, series: str) -> int:
        """Return the next number of a series."""
        self.given[table, series] = self.given.get((table, series), 0) + 1
        return self.given[table, series]


def test_each_day_is_a_series() -> None:
    """Every day counts from 1; without a day there is one series."""
    tx: Any = Counter()
    days = [dt.date(2026, 11, 22), dt.date(2026, 11, 22), dt.date(2026, 11, 23)]
    made = [numbering.next_id(tx, DATED, day) for day in days]
    assert made == ["CP-20261122-001", "CP-20261122-002", "CP-20261123-001"]
    assert [numbering.next_id(tx, PLAIN) for _ in range(2)] == ["C-000001", "C-000002"]


@pytest.mark.parametrize(
    ("record_type", "name", "number"),
    [
        (PLAIN, "C-000042", Number("C", 42)),
        (PLAIN, "C-42", Number("C", 42)),
        (PLAIN, "C-x", None),
        (PLAIN, "D-000042", None),
        (PLAIN, f"C-{'9' * 18}", None),
        (DATED, "CP-20261122-001", Number("CP-20261122", 1)),
        (DATED, "CP-20261122-1000", Number("CP-20261122", 1000)),
        (DATED, "CP-20261122", None),
        (DATED, "CP-2026112-001", None),
        (DATED, "CP-20261122-00٣", None),
        (DATED, "CP-20261122-001x", None),
    ],
)
def test_numbers_read(record_type: RecordType, name: str, number: Number | None) -> None:
    """A name in the form of ids is a number of a series; any other name is none."""
    assert numbering.read(record_type, name) == number


@given(st.dates(dt.date(1000, 1, 1)), st.integers(1, 10**16))
def test_what_is_given_out_is_read_again(day: dt.date, number: int) -> None:
    """The id of any day and number is read as the series it was given out in."""
    form = numbering.form(DATED, day)
    assert numbering.read(DATED, form.format(number)) == Number(numbering.series_of(form), number)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (dt.datetime(2026, 11, 22, 15, 59, tzinfo=dt.UTC), dt.date(2026, 11, 22)),
        (dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC), dt.date(2026, 11, 23)),
        (dt.date(2026, 11, 22), dt.date(2026, 11, 22)),
        (None, dt.date(2026, 11, 30)),
    ],
)
def test_the_day_is_the_zones(value: Any, day: dt.date) -> None:
    """An instant is on the day it is in the department's zone; without one it is today."""
    app: Any = SimpleNamespace(zone=ZONE, today=dt.date(2026, 11, 30))
    assert numbering.day_in(app, DATED, {"at": value}) == day
    assert numbering.day_in(app, PLAIN, {"at": value}) is None


def test_samples_and_prefixes() -> None:
    """Examples name a day, and what a shell completes ends where digits begin."""
    assert numbering.sample(DATED, 7) == "CP-20261122-007"
    assert numbering.sample(PLAIN, 7) == "C-000007"
    assert (numbering.prefix(DATED), numbering.prefix(PLAIN)) == ("CP-", "C-")


def test_wide_numbers_sort_behind_narrow_ones() -> None:
    """Over 999 a number is wider, and still behind the others of its day."""
    names = ["CP-20261123-001", "CP-20261122-1000", "CP-20261122-999", "CP-20261122-002", "own"]
    assert sorted(names, key=numbering.order) == [
        *("CP-20261122-002", "CP-20261122-999", "CP-20261122-1000", "CP-20261123-001", "own")
    ]
