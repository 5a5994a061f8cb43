"""How many customers were active on the mean day of some time: what complaint rates are measured by.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import NotFound
from cskit.stored import decoder

if TYPE_CHECKING:
    from cskit import App

_FACTS = ("customer.active", "customer.since", "customer.left_on")


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str


class Presence(NamedTuple):
    """The first and the last day of each customer; None where that side is open, or not known.

    Who is not active, and nobody knows since when, is left out.
    """

    stays: Sequence[tuple[dt.date | None, dt.date | None]]

    def mean(self, first: dt.date, last: dt.date) -> Decimal:
        """Return how many customers were active on the mean day from `first` to `last`, both included.

        Half of those who came or left in the middle; who was a customer since an unknown day was one already
        (norms: complaint rate = complaints / mean customers).
        """
        days = 0
        for since, left in self.stays:
            start = first if since is None or since < first else since
            end = last if left is None or left > last else left
            if start <= end:
                days += (end - start).days + 1
        return Decimal(days) / ((last - first).days + 1)


def load(app: App) -> Presence:
    """Return when the customers on the register were active, from one pass; none without a register."""
    if "customers" not in app.plugins.record_types:
        return Presence(())
    decode = decoder("customers", _Named)
    ids = [decode(document).id for document in app.reading().read("customers")]
    try:
        facts = app.facts("customer", _FACTS, ids)
    except NotFound:
        return Presence(())
    active, since, left = (facts[name] for name in _FACTS)
    day = dt.timedelta(days=1)
    return Presence(
        [
            (since.get(own), None if active.get(own) else left[own] - day)
            for own in ids
            if active.get(own) or own in left
        ]
    )
