"""How many agents an hour takes: of a forecast, or of the calls of past weeks by hour.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Period, Refused, Usage, _
from cskit_calls import erlang, grouping, thresholds
from cskit_calls.counted import Calls
from cskit_calls.figures import Group

if TYPE_CHECKING:
    from cskit import App

_AROUND = 2
"""So many agents fewer and more stand beside the number that is needed."""
HOUR = 3600


class Aim(NamedTuple):
    """What staffing aims at: shares of 1 and seconds; `shrinkage` in per cent of paid time."""

    share: float
    within: int
    occupancy: float = 1.0
    shrinkage: int = 0


def aim_of(app: App, target: str | None, shrinkage: int | None, occupancy: int | None) -> Aim:
    """Return what is aimed at: as typed, "80/20", else by the rules `call-figures`; raises `Usage`."""
    rules = thresholds.load(app)
    percent, within = rules.target_percent, rules.answer_within
    if target is not None:
        percent, within = _target(target)
    full = rules.occupancy_percent if occupancy is None else occupancy
    return Aim(percent / 100, within, full / 100, rules.shrinkage_percent if shrinkage is None else shrinkage)


def _target(text: str) -> tuple[int, int]:
    share, sign, within = text.strip().removesuffix("s").partition("/")
    share = share.strip().removesuffix("%")
    if not (sign and share.isdecimal() and within.strip().isdecimal() and 0 < int(share) < 100):
        raise Usage(
            _("--target {text}: expected per cent and seconds").format(text=text),
            _("such as 80/20: 80 per cent answered within 20 seconds"),
        )
    return int(share), int(within)


def around(load: erlang.Load, aim: Aim, agents: int | None) -> Iterator[dict[str, Any]]:
    """Yield what some numbers of agents make of a load: those around the number needed, or just `agents`."""
    found = erlang.needed(load, aim.share, aim.within, aim.occupancy)
    if agents is not None:
        yield _row(erlang.service(load, agents, aim.within), aim, agents >= found.agents)
        return
    least = int(load.erlangs) + 1
    for one in range(max(least, found.agents - _AROUND), found.agents + _AROUND + 1):
        yield _row(erlang.service(load, one, aim.within), aim, one >= found.agents)


def _row(made: erlang.Service, aim: Aim, enough: bool) -> dict[str, Any]:
    return {
        "agents": made.agents,
        "enough": enough,
        "level": round(100 * made.level, 1),
        "asa": round(made.speed, 1),
        "waiting": round(100 * made.waiting, 1),
        "occupancy": round(100 * made.occupancy, 1),
        "scheduled": erlang.scheduled(made.agents, aim.shrinkage),
    }


class Hour(NamedTuple):
    """An hour of the day: calls in it a day, the handling time, and the agents it takes."""

    hour: int
    calls: float
    handling: float
    service: erlang.Service


def hours(app: App, period: Period, aim: Aim, weekday: int | None = None) -> list[Hour]:
    """Return the agents that each hour of the day takes by the calls of a period, the first hour first.

    Calls are the mean of its days, those without calls included, or of one weekday, 1 for Monday. The
    handling time is that of the hour, where no call has one that of all. Raises `Usage` without both ends of
    the period, `Refused` where no call says how long it took.
    """
    if period.first is None or period.last is None:
        raise Usage(_("of which days?"), _("give --from and --to, or --calls-per-hour and --aht"))
    calls = Calls.of(app, period)
    if weekday is not None:
        calls.chosen = [call for call in calls.chosen if calls.clock.of(call).weekday == weekday]
    days = sum(1 for day in _days(period.first, period.last) if weekday in (None, day.isoweekday()))
    whole = _handling(grouping.together(calls))
    if whole is None:
        raise Refused(_("no call of these days says how long it took"), _("give --calls-per-hour and --aht"))
    found = []
    for key, group in grouping.groups(calls, "hour"):
        count = (len(group.answered) + len(group.abandoned)) / days
        own = _handling(group)
        handling = whole if own is None else own
        made = erlang.needed(erlang.Load(count, handling), aim.share, aim.within, aim.occupancy)
        found.append(Hour(int(key or 0), count, handling, made if count else made._replace(agents=0)))
    return found


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for one in range((last - first).days + 1):
        yield first + dt.timedelta(days=one)


def _handling(group: Group) -> float | None:
    known = [call.handled for call in group.answered if call.talking is not None]
    return sum(known) / len(known) if known else None


def table(found: list[Hour], aim: Aim) -> Iterator[dict[str, Any]]:
    """Yield a row for each hour of the day."""
    for one in found:
        row = {"hour": f"{one.hour:02d}:00", "calls": round(one.calls, 1)}
        if one.calls:
            yield {**row, "aht": round(one.handling), **_row(one.service, aim, True)}
        else:
            yield {**row, "agents": 0, "scheduled": 0}
