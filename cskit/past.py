"""Looking back with --as-of: which moment it names, and what may be done there.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cskit.errors import Usage
from cskit.i18n import _
from cskit.records import parse_day, parse_time

if TYPE_CHECKING:
    from cskit.app import App

TODAY = "today"


def end(app: App, text: str, clock: dt.datetime) -> dt.datetime:
    """Return the instant before which all counts that `text` names: a day to its end, a time with its second.

    "today" is the clock's day. Raises `Usage` where it names nothing, or what lies ahead of `clock`.
    """
    try:
        if text == TODAY:
            text = clock.astimezone(app.zone).date().isoformat()
        try:
            day = parse_day(text)
        except ValueError:
            begin = parse_time(text, app.zone)
            ended = begin + dt.timedelta(seconds=1)
        else:
            begin, ended = (
                dt.datetime.combine(each, dt.time(), app.zone).astimezone(dt.UTC)
                for each in (day, day + dt.timedelta(days=1))
            )
    except (ValueError, OverflowError) as error:
        raise Usage(_("--as-of {time}: {fault}").format(time=text, fault=error)) from error
    if begin > clock:
        raise Usage(_("--as-of {time} has not come yet").format(time=text), _("name a day that is past"))
    return ended


def only_rehearsed(app: App) -> None:
    """Make the running command a dry run if what it saves follows from the records; raise `Usage` if not."""
    leaf = app.plugins.leaves.get(app.command)
    if leaf is None or not leaf.computes:
        raise saves(app.command)
    app.options.dry_run = True


def saves(command: str) -> Usage:
    """Return the error for a command that would change the past."""
    return Usage(
        _("--as-of only looks back, and `cskit {command}` saves something").format(command=command),
        _("leave out --as-of to do it now"),
    )
