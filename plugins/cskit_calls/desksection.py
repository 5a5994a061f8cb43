"""What a report says of calls and visitors. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App, Period
    from cskit.sections import Section


def sections(app: App, period: Period) -> Iterable[Section]:
    """Give the section of a period, or none where there is nothing to say."""
    return ()
