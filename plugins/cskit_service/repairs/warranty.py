"""Until when a unit is in warranty. Must not import click or a store."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping


def months_for(product: str | None, usual: int, of: Mapping[str, int]) -> int:
    """Return the months of warranty of a product: those of the first word that stands in its name."""
    name = (product or "").casefold()
    return next((months for word, months in of.items() if word.casefold() in name), usual)


def last_day(bought: dt.date, months: int) -> dt.date:
    """Return the last day of a warranty, which is still in it.

    The day of purchase is not counted, and the term ends on the day of the same number, or on the last of a
    month that has none (Civil Code of the PRC, articles 201 and 202).
    """
    years, month = divmod(bought.year * 12 + bought.month - 1 + months, 12)
    return dt.date(years, month + 1, min(bought.day, calendar.monthrange(years, month + 1)[1]))
