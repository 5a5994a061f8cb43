"""What no change may make of the staff's records. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Transaction


def refuse(app: App, tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where two records would say one thing of a person."""
