"""What is known of customers' notices, for other plugins. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import Evidence, FactSpec, Period

if TYPE_CHECKING:
    from cskit import App

SPECS: tuple[FactSpec, ...] = ()


def known(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> dict[str, Mapping[str, Any]]:
    """Return facts, from one pass over each table that is needed."""
    return {}
