"""What Acme's plugin tells others about a customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cskit import App, Period


class _Installation(msgspec.Struct, frozen=True):
    customer: str
    installed: dt.date


def machines(app: App, ids: Sequence[str], now: dt.datetime, period: Period) -> dict[str, int]:
    """Return the number of machines of each customer, in one pass over the table."""
    counts = dict.fromkeys(ids, 0)
    today = now.astimezone(app.zone).date()
    decode = msgspec.json.Decoder(_Installation).decode
    for document in app.reading().read("acme_machines"):
        machine = decode(document.raw)
        if machine.customer in counts and machine.installed <= today and period.holds(machine.installed):
            counts[machine.customer] += 1
    return counts
