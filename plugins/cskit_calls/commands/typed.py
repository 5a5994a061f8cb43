"""What several commands read alike: days and periods."""

from __future__ import annotations

import datetime as dt

import click

from cskit import Period, Usage
from cskit.i18n import _
from cskit.records import parse_day

FROM = click.option("--from", "first", metavar="DAY", help="Only calls from this day on.")
TO = click.option("--to", "last", metavar="DAY", help="Only calls up to this day.")


def day_of(text: str | None, option: str) -> dt.date | None:
    """Return the day that an option names, None where it is not given; raises `Usage`."""
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise Usage(_("{option} {day}: {fault}").format(option=option, day=text, fault=error)) from None


def period_of(first: str | None, last: str | None) -> Period:
    """Return the days that --from and --to name, both included; raises `Usage`."""
    period = Period(day_of(first, "--from"), day_of(last, "--to"))
    if period.first and period.last and period.last < period.first:
        raise Usage(
            _("--to {last} lies before --from {first}").format(first=period.first, last=period.last),
            _("name the earlier day with --from"),
        )
    return period
