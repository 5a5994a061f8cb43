"""What the plugin tells others of its staff: what was noted of them in a period, and who they are.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period

if TYPE_CHECKING:
    from cskit import App

SPECS: tuple[FactSpec, ...] = ()


def known(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> dict[str, dict[str, Any]]:
    """Return facts about staff, from one pass over each table that is needed."""
    return {}
