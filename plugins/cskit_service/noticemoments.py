"""What is due about notices, orders and invoices, and what happened. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cskit import Event, Task

if TYPE_CHECKING:
    from cskit import App


def tasks(app: App, until: dt.date) -> Iterator[Task]:
    """Yield what is due by the end of a day."""
    yield from ()


def timeline(app: App, kind: str, id: str) -> Iterator[Event]:
    """Yield what happened to a customer, or to one of these records."""
    yield from ()
