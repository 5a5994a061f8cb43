"""What is known of projects, for other plugins. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period
from cskit_property import moneyfacts

if TYPE_CHECKING:
    from cskit import App

SPECS: tuple[FactSpec, ...] = (*moneyfacts.SPECS,)


def known(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> dict[str, Mapping[str, Any]]:
    """Return facts about projects, from one pass over each table that is needed."""
    return dict(moneyfacts.known(app, names, ids, now, period))
