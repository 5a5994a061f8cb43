"""Scored sheets as they are kept, for whatever is reckoned from them. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period
from cskit.stored import decoder
from cskit_calls import samples, scoresheets

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading

TABLE = "call_assessments"
NOUN = "call qa assessment"


class ItemGot(msgspec.Struct, frozen=True, gc=False):
    """What an item got in a stored sheet; None where it does not apply."""

    code: str
    points: Decimal
    critical: bool = False
    got: Decimal | None = None

    @property
    def full(self) -> bool:
        """Whether nothing was lost."""
        return self.got == self.points


class Scored(msgspec.Struct, frozen=True, gc=False):
    """What reports need of a stored sheet."""

    id: str
    call: str
    staff: str
    on: dt.date
    sheet: str
    scorer: str
    scored_at: dt.datetime
    total: Decimal
    items: tuple[ItemGot, ...] = ()
    calibration: bool = False

    @property
    def month(self) -> str:
        """The month of the call, as 2026-10."""
        return f"{self.on:%Y-%m}"

    @property
    def fatal(self) -> bool:
        """Whether a critical item was failed."""
        return any(one.critical and one.got is not None and not one.full for one in self.items)


def every(reading: Reading) -> Iterator[Scored]:
    """Yield every scored sheet, from one pass over the table."""
    return map(decoder(TABLE, Scored), reading.read(TABLE))


def of_period(reading: Reading, period: Period) -> list[Scored]:
    """Return the sheets of the calls of a period, from one pass over the table."""
    return [one for one in every(reading) if period.holds(one.on)]


def counting(found: Sequence[Scored]) -> list[Scored]:
    """Return those that count for agents: not what a second person scored for comparison."""
    return [one for one in found if not one.calibration]


def unscored(app: App, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield a row for each call that was drawn and that nobody scored yet, from one pass over each table."""
    drawn = samples.latest(reading)
    done = {one.call for one in every(reading)}
    left = [(one, call) for one in drawn.values() for call in one.calls if call.call not in done]
    wanted = list(dict.fromkeys(call.call for _one, call in left))
    heard = {
        one.id: one
        for one in map(decoder(samples.CALLS, samples.Heard), reading.read(samples.CALLS, ids=wanted))
    }
    for one, call in left:
        known = heard.get(call.call)
        row = {"id": call.call, "staff": call.staff, "month": one.month, "draw": one.id, "hour": call.hour}
        row |= {"at": known.at, "talking": known.talking, "recording": known.recording} if known else {}
        yield {name: value for name, value in row.items() if value is not None}


def titles(app: App) -> Mapping[str, Mapping[str, str]]:
    """Return what people see of the names of sheets; see `RecordType.titles`."""
    return {"sheet": {name: str(rule.value.label) for name, rule in scoresheets.all_of(app).items()}}
