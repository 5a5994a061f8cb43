"""Whether a repair held: the first time, and in time. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from cskit import Period
from cskit.stored import decoder
from cskit_service.repairs.model import REPAIRS

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


class Fixed(msgspec.Struct, frozen=True, gc=False):
    """What figures need of a stored repair."""

    id: str
    fault: str = ""
    customer: str | None = None
    unit: str | None = None
    product: str | None = None
    serial: str | None = None
    cause: str | None = None
    engineer: str | None = None
    in_warranty: bool | None = None
    reported_at: dt.datetime | None = None
    due: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    hours: Decimal | None = None
    cost: Decimal | None = None
    charge: Decimal | None = None
    satisfaction: int | None = None
    state: str = "registered"

    @property
    def done(self) -> bool:
        """Whether it was repaired."""
        return self.finished_at is not None and self.state in ("repaired", "closed")

    @property
    def on_time(self) -> bool | None:
        """Whether it was done in time, None where nobody knows until when it should have been."""
        return None if self.due is None or self.finished_at is None else self.finished_at <= self.due

    def late(self, now: dt.datetime) -> bool:
        """Whether it is still to be done, and should have been."""
        return self.state in ("registered", "in_repair") and self.due is not None and self.due < now


Key = tuple[str, ...]


def key(one: Fixed) -> Key | None:
    """Return which unit and fault a repair is about, None where the unit is not known.

    A unit is known by its serial number, else by its place in the register, else as a customer's product.
    """
    fault = " ".join(one.fault.split()).casefold()
    if one.serial:
        return "serial", one.serial.strip().casefold(), fault
    if one.unit:
        return "unit", one.unit, fault
    if one.customer and one.product:
        return "product", one.customer, one.product.strip().casefold(), fault
    return None


class FirstTime:
    """Tells of finished repairs whether they held: no repair of the same unit and fault within some days.

    The days are those of the department's zone, the last one included. A repair whose days are not over
    yet, and that nothing followed, is not decided.
    """

    def __init__(self, found: Iterable[Fixed], zone: ZoneInfo, days: int, now: dt.datetime) -> None:
        self._zone, self._days, self._now = zone, dt.timedelta(days=days), now
        self._reported: dict[Key, list[dt.datetime]] = {}
        for one in found:
            own = key(one)
            if own is not None and one.reported_at is not None and one.state != "cancelled":
                self._reported.setdefault(own, []).append(one.reported_at)
        for times in self._reported.values():
            times.sort()

    def held(self, one: Fixed) -> bool | None:
        """Return whether a repair held, None where that is not decided, or the unit not known."""
        own = key(one)
        if own is None or one.finished_at is None:
            return None
        times = self._reported.get(own, [])
        place = bisect_right(times, one.finished_at)
        last = self._day(one.finished_at) + self._days
        if place < len(times) and times[place] <= self._now and self._day(times[place]) <= last:
            return False
        return True if self._day(self._now) > last else None

    def _day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self._zone).date()


def every(reading: Reading) -> Iterator[Fixed]:
    """Yield all repairs, from one pass over the table."""
    return map(decoder(REPAIRS, Fixed), reading.read(REPAIRS))


def finished_in(app: App, found: Iterable[Fixed], period: Period, now: dt.datetime) -> list[Fixed]:
    """Return the repairs that were finished in a period and by now."""
    return [
        one
        for one in found
        if one.done
        and one.finished_at is not None
        and one.finished_at <= now
        and period.holds(one.finished_at.astimezone(app.zone).date())
    ]


def without_none(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without the columns that nothing is known of."""
    return {name: value for name, value in row.items() if value is not None}
