"""Facts about staff, from calls and visitors. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cskit import FactSpec

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Evidence, Period
    from cskit.hookspecs import Facts

SPECS: tuple[FactSpec, ...] = ()


def about(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> Facts:
    """Return those of the facts `names` that this module gives about the staff `ids`."""
    return {}
