"""Days and months that the commands of the rota and of quality are given."""

from __future__ import annotations

import datetime as dt

from cskit import App, Period, Usage
from cskit.facts import parse_period
from cskit.i18n import _
from cskit.records import parse_day
from cskit.where.terms import plus_months

_DAY = dt.timedelta(days=1)


def day_of(text: str, option: str) -> dt.date:
    """Return the day that an option names; raises `Usage`."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None


def month_of(app: App, text: str | None) -> Period:
    """Return the month that a text means, this month for None; raises `Usage`."""
    wanted = text or f"{app.today:%Y-%m}"
    found = parse_period(wanted)
    if found.first is None or found.last is None or plus_months(found.first, 1) - _DAY != found.last:
        raise Usage(_("--month {month}: expected a month, such as 2026-10").format(month=wanted))
    return found
