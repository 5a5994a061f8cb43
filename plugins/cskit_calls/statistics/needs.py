"""How many people the rota needs in an hour: by the department's word, or by past calls. Knows no click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cskit_calls.rota import shiftlimits
from cskit_calls.statistics import erlang, staffing

if TYPE_CHECKING:
    from cskit import App, Period
    from cskit_calls.rota.coverage import Needed


def needed(app: App, calls: Period | None = None) -> Needed:
    """Return how many people each hour takes: what the limits say, or more where the calls of a period do.

    Those are the agents by Erlang C, with what staffing adds for time away from the telephone. Raises as
    `staffing.hours` does.
    """
    limits = shiftlimits.load(app)
    if calls is None:
        return limits.need
    aim = staffing.aim_of(app, None, None, None)
    by_hour = {
        one.hour: erlang.scheduled(one.service.agents, aim.shrinkage)
        for one in staffing.hours(app, calls, aim)
        if one.calls
    }
    return lambda day, hour: max(limits.need(day, hour), by_hour.get(hour, 0))
