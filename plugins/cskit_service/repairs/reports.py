"""What repairs come to: faults by kind, and a month of each repairer. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import Evidence, Period, amounts
from cskit.plugins.installed import fact_key
from cskit_service import servicelimits
from cskit_service.repairs import fixing
from cskit_service.repairs.fixing import FirstTime, Fixed, without_none

if TYPE_CHECKING:
    from cskit import App

SATISFACTION = "surveys.satisfaction"
FAULTS_BY = ("fault", "cause", "product", "engineer", "in_warranty", "customer")


def faults(app: App, period: Period, by: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each fault (or cause, product …) of the repairs reported in a period, most first.

    `share` is of all of them, `repeated` how many of the finished ones did not hold.
    """
    everything = list(fixing.every(app.reading()))
    first = first_time(app, everything, app.now)
    reported = [
        one
        for one in everything
        if one.state != "cancelled"
        and one.reported_at is not None
        and one.reported_at <= app.now
        and period.holds(one.reported_at.astimezone(app.zone).date())
    ]
    groups: dict[str, list[Fixed]] = {}
    for one in reported:
        groups.setdefault(_named(getattr(one, by)), []).append(one)
    for name, held in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        costs = [one.cost for one in held if one.cost is not None]
        yield {
            by: name,
            "repairs": len(held),
            "share": share(len(held), len(reported)),
            "covered": sum(one.in_warranty is True for one in held),
            "repeated": sum(first.held(one) is False for one in held if one.done),
            "hours": sum((one.hours or Decimal(0) for one in held), Decimal(0)),
            "cost": amounts.total(costs),
        }


def _named(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def first_time(app: App, found: Sequence[Fixed], now: dt.datetime) -> FirstTime:
    """Return what tells whether repairs held, by the days of the department's limits."""
    return FirstTime(found, app.zone, servicelimits.load(app).fix_days, now)


def share(hits: int, n: int) -> Decimal:
    """Return a share in per cent, to a tenth."""
    return round(100 * Decimal(hits) / n, 1)


def monthly(app: App, period: Period, engineers: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield a row for each repairer: jobs, hours, on time, first-time fix, what customers said, cost.

    Of both shares the number of repairs that decide it stands beside it. `satisfaction` is the surveys' fact
    about the person where some plugin gives it, `said` the mean of what was said at the sign-off.
    """
    everything = list(fixing.every(app.reading()))
    first = first_time(app, everything, app.now)
    done = fixing.finished_in(app, everything, period, app.now)
    by_engineer: dict[str, list[Fixed]] = {}
    for one in done:
        if one.engineer and (not engineers or one.engineer in engineers):
            by_engineer.setdefault(one.engineer, []).append(one)
    asked = satisfaction(app, sorted(by_engineer), period)
    for name, held in sorted(by_engineer.items()):
        shares = Shares(first, held)
        said = [one.satisfaction for one in held if one.satisfaction is not None]
        row: dict[str, Any] = {
            "engineer": name,
            "jobs": len(held),
            "hours": sum((one.hours or Decimal(0) for one in held), Decimal(0)),
            "on_time": shares.on_time,
            "of_due": len(shares.due),
            "first_time": shares.first_time,
            "of_fixed": len(shares.decided),
            "satisfaction": asked.get(name),
            "said": round(Decimal(sum(said)) / len(said), 2) if said else None,
            "cost": amounts.total(one.cost for one in held if one.cost is not None),
            "charge": amounts.total(one.charge for one in held if one.charge is not None),
        }
        yield without_none(row)


def satisfaction(app: App, ids: Sequence[str], period: Period) -> dict[str, Any]:
    """Return what surveys know of how satisfied people were with some staff, where a plugin gives it."""
    if not ids or fact_key("staff", SATISFACTION) not in app.plugins.fact_specs.by_key:
        return {}
    return dict(app.facts("staff", [SATISFACTION], ids, period=period)[SATISFACTION])


class Shares:
    """On-time and first-time shares of some finished repairs, with the records behind them."""

    def __init__(self, first: FirstTime, done: Iterable[Fixed]) -> None:
        self.done = list(done)
        self.due = [one for one in self.done if one.on_time is not None]
        self.timely = [one for one in self.due if one.on_time]
        self.decided = [one for one in self.done if first.held(one) is not None]
        self.held = [one for one in self.decided if first.held(one)]

    @property
    def on_time(self) -> Decimal | None:
        """The share done in time, in per cent; None without any."""
        return share(len(self.timely), len(self.due)) if self.due else None

    @property
    def first_time(self) -> Decimal | None:
        """The share that held the first time, in per cent; None where nothing is decided."""
        return share(len(self.held), len(self.decided)) if self.decided else None


def noted(evidence: Evidence | None, fact: str, own: str, found: Sequence[Fixed], hits: int | None) -> None:
    """Note which repairs a fact about a person is counted from."""
    if evidence is not None:
        evidence.note(fact, own, "repair", [one.id for one in found], hits)
