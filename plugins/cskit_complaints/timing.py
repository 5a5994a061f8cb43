"""Times as people type them for a deadline: an instant, a day, or a length of working time.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from cskit import Usage, _
from cskit.records import parse_time
from cskit_complaints import policy

if TYPE_CHECKING:
    from cskit import App

_LENGTH = re.compile(r"\s*\d+\s*[a-zA-Z天日小时分]+")
_CLOCK = re.compile(r"\d[:：]\d|T\d")


def deadline(app: App, text: str, option: str) -> dt.datetime:
    """Read a time that something is to be done by.

    A day without a clock time means its last second; `3d`, `4h` or `1d 30m` is working time from now on, by
    the policy's calendar. Raises `Usage` naming the option.
    """
    if _LENGTH.fullmatch(text.split(" ")[0]) and "-" not in text:
        return _working(app, text, option)
    try:
        moment = parse_time(text, app.zone)
    except ValueError as error:
        raise Usage(
            _("{option} {text}: {fault}").format(option=option, text=text, fault=error),
            _("or a day, or working time such as 3d or 4h"),
        ) from None
    if _CLOCK.search(text):
        return moment
    day = moment.astimezone(app.zone).date()
    end = dt.datetime.combine(day, dt.time(23, 59, 59), app.zone)
    return end.astimezone(dt.UTC)


def _working(app: App, text: str, option: str) -> dt.datetime:
    from cskit.calendar import parse_length

    try:
        length = parse_length(text)
    except ValueError as error:
        raise Usage(_("{option} {text}: {fault}").format(option=option, text=text, fault=error)) from None
    calendar = app.calendars.named(policy.load(app).calendar)
    return dt.datetime.fromtimestamp(calendar.after(int(app.now.timestamp()), length), dt.UTC)
