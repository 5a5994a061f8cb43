"""The numbers of records: C-000042, or by day CP-20261122-001. Must not import click or a store.

A record type's `number` is a form such as `C-{:06d}`. One with a `dated` field has the day of that field in
it, `CP-%Y%m%d-{:03d}`: each day counts from 1, and a busy day's numbers grow wider.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType
    from cskit.store.protocol import Transaction

SAMPLE_DAY = dt.date(2026, 11, 22)
"""The day in the numbers of examples."""
_DAY = re.compile("%Y%m%d")


class Number(NamedTuple):
    """A name in the form of a record type's ids: the `series` it is counted in, and its place there."""

    series: str
    number: int


def day_in(app: App, record_type: RecordType, values: Any) -> dt.date | None:
    """Return the day that a record's number is for: today where it holds none; None where numbers have none.

    `values` is a record, or field → value.
    """
    if not record_type.dated:
        return None
    read = values.get if isinstance(values, dict) else lambda name: getattr(values, name)
    value = read(record_type.dated)
    if isinstance(value, dt.datetime):
        return value.astimezone(app.zone).date()
    return value if isinstance(value, dt.date) else app.today


def form(record_type: RecordType, day: dt.date | None) -> str:
    """Return the form of the numbers of one day, or of all."""
    if not record_type.dated:
        return record_type.number
    return (day or SAMPLE_DAY).strftime(record_type.number)


def series_of(form: str) -> str:
    """Return the name of the counter behind a form: C for `C-{:06d}`."""
    return form.partition("{")[0].rstrip("-")


def next_id(tx: Transaction, record_type: RecordType, day: dt.date | None = None) -> str:
    """Return the next id of a record type, such as C-000042; `day` is the record's where numbers have one."""
    made = form(record_type, day)
    return made.format(tx.next_number(record_type.table, series_of(made)))


def sample(record_type: RecordType, number: int) -> str:
    """Return an id as examples name it."""
    return form(record_type, None).format(number)


def prefix(record_type: RecordType) -> str:
    """Return what every id of a record type begins with."""
    return re.split("[{%]", record_type.number, maxsplit=1)[0]


def read(record_type: RecordType, name: str) -> Number | None:
    """Return the number in a name that has the form of the record type's ids, None if it has another."""
    if record_type.dated:
        found = _dated(record_type.number).fullmatch(name)
        return Number(found[1].rstrip("-"), int(found[2])) if found else None
    before = record_type.number.partition("{")[0]
    digits = name.removeprefix(before)
    if name.startswith(before) and digits.isascii() and digits.isdigit() and len(digits) < 18:
        return Number(series_of(record_type.number), int(digits))
    return None


@cache
def _dated(number: str) -> re.Pattern[str]:
    """Return what ids with a day in them look like."""
    before = number.partition("{")[0]
    days = r"\d{8}".join(re.escape(part) for part in _DAY.split(before))
    return re.compile(rf"({days})(\d{{1,17}})", re.ASCII)


def order(name: str) -> tuple[str, int, str]:
    """Return what sorts ids by number where one day's have grown wider than another's."""
    digits = len(name) - len(name.rstrip("0123456789"))
    return (name[: len(name) - digits], digits, name) if digits else (name, 0, "")
