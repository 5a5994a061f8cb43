"""What is due, and what happened, of shifts and scores. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cskit import Event, Task

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App


def tasks(app: App, until: dt.date) -> Iterable[Task]:
    """Give what is due by the end of the day `until`."""
    return ()


def timeline(app: App, kind: str, id: str) -> Iterable[Event]:
    """Give what happened to one thing."""
    return ()
