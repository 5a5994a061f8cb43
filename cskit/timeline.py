"""What plugins know of one thing, in the order of time. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cskit.declarations import Event
from cskit.values import local_moment

if TYPE_CHECKING:
    from cskit.app import App


def collect(app: App, kind: str, own: str) -> list[Event]:
    """Return the events of one thing, such as of the customer C-000001, newest first.

    A plugin that fails is named and left out.
    """
    found = [
        event
        for _plugin, events in app.plugins.collect("cskit_timeline", Event, app=app, kind=kind, id=own)
        for event in events
    ]
    return sorted(found, key=lambda event: _order(app, event), reverse=True)


def _order(app: App, event: Event) -> tuple[Any, ...]:
    """Return what is compared: a day without a time begins with the day."""
    day, time = local_moment(event.at, app.zone)
    return day, time or dt.time.min, event.about, event.id, event.what
