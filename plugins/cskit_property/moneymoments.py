"""Settlements, matters and sales as tasks and as events. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App, Event, Task


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what waits for somebody by the end of a day."""
    yield from ()


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened to a project's money and matters."""
    yield from ()
