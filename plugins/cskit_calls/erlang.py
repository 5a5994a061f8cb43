"""Erlang C: how many agents answer so many calls in time. Pure formulas; must not import click or a store.

Source: norms, call centre (Erlang 1917). It knows no caller who gives up: where many do, it asks too much.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from cskit import Refused, _

MOST = 100_000
"""More agents than this are not looked for: nobody has as many."""


class Load(NamedTuple):
    """What an hour brings: calls, and the seconds spent on each (talking, on hold, wrapping up)."""

    calls: float
    handling: float
    seconds: float = 3600
    """How long the span is in which so many calls come."""

    @property
    def erlangs(self) -> float:
        """The traffic: agents that would be busy all the time."""
        return self.calls * self.handling / self.seconds


class Service(NamedTuple):
    """What so many agents make of a load: shares from 0 to 1, the mean wait in seconds."""

    agents: int
    waiting: float
    """The probability that a caller waits at all."""
    level: float
    """The share answered within the time asked about."""
    speed: float
    occupancy: float


def service(load: Load, agents: int, within: float) -> Service:
    """Return what `agents` make of a load; raises `Refused` where they are no more than the traffic.

    Blocking by Erlang B is built up agent by agent, B(n) = A·B(n-1) / (n + A·B(n-1)), so that no factorial is
    needed; the probability of waiting is B / (1 - ρ·(1 - B)).
    """
    _refuse_negative(load, within)
    traffic = load.erlangs
    if agents <= traffic:
        said = _("{agents} agents cannot handle {traffic} erlangs: the queue would grow without end")
        hint = _("at least {agents} are needed").format(agents=math.floor(traffic) + 1)
        raise Refused(said.format(agents=agents, traffic=f"{traffic:.2f}"), hint)
    blocked = 1.0
    for each in range(1, agents + 1):
        blocked = traffic * blocked / (each + traffic * blocked)
    return _served(load, agents, blocked, within)


def needed(load: Load, share: float, within: float, occupancy: float = 1.0) -> Service:
    """Return the fewest agents that answer a share of calls within some seconds, and what they make of it.

    Nobody is busier than `occupancy`, a share of 1. Raises `Refused` where more than `MOST` are needed.
    """
    _refuse_negative(load, within)
    traffic, blocked, agents = load.erlangs, 1.0, 0
    while agents < MOST:
        agents += 1
        blocked = traffic * blocked / (agents + traffic * blocked)
        if agents <= traffic or traffic / agents > occupancy:
            continue
        found = _served(load, agents, blocked, within)
        if found.level >= share:
            return found
    raise Refused(
        _("more than {most} agents would be needed").format(most=MOST),
        _("check the number of calls and the handling time"),
    )


def _served(load: Load, agents: int, blocked: float, within: float) -> Service:
    traffic = load.erlangs
    spare, busy = agents - traffic, traffic / agents
    waiting = blocked / (1 - busy * (1 - blocked))
    if not load.handling:
        return Service(agents, waiting, 1.0, 0.0, busy)
    level = 1 - waiting * math.exp(-spare * within / load.handling)
    return Service(agents, waiting, level, waiting * load.handling / spare, busy)


def _refuse_negative(load: Load, within: float) -> None:
    if load.calls < 0 or load.handling < 0 or within < 0 or load.seconds <= 0:
        raise Refused(_("calls, handling time and waiting time cannot be negative"))
    if not all(map(math.isfinite, (load.calls, load.handling, within))):
        raise Refused(_("calls, handling time and waiting time have to be finite"))


def scheduled(agents: int, shrinkage: int) -> int:
    """Return how many have to be on the rota so that `agents` sit at the telephones.

    `shrinkage` is the per cent of paid time that is spent otherwise.
    """
    return -(-agents * 100 // (100 - shrinkage))
