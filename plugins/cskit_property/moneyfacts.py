"""What settlements tell other plugins of projects. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period

if TYPE_CHECKING:
    from cskit import App

SPECS: tuple[FactSpec, ...] = ()


def known(
    app: App, names: Sequence[str], ids: Sequence[str], now: dt.datetime, period: Period
) -> Mapping[str, Mapping[str, Any]]:
    """Return facts about projects by name, then id, of those names that are this file's."""
    return {}
