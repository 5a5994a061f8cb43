"""What is due about people, and what happened to them. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cskit import Event, Task

if TYPE_CHECKING:
    from cskit import App


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield probations that end by a day."""
    yield from ()


def timeline(app: App, staff: str) -> Iterator[Event]:
    """Yield what happened to a person."""
    yield from ()
