"""Erlang C: the published figures, and what holds for all loads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import Refused
from cskit_calls import erlang
from cskit_calls.erlang import Load

LOADS = st.builds(Load, st.floats(0.1, 2000), st.floats(1, 1800), st.just(3600.0))


def test_published_figures() -> None:
    """100 calls in half an hour of 180 s each, 14 agents, 20 s: the documentation of R's package ErlangC."""
    made = erlang.service(Load(100, 180, 1800), 14, 20)
    assert Load(100, 180, 1800).erlangs == 10
    assert round(made.waiting, 7) == 0.1741319
    assert round(made.level, 5) == 0.88835
    assert round(made.speed, 6) == 7.835937
    assert round(made.occupancy, 7) == 0.7142857


@pytest.mark.parametrize(("calls", "agents"), [(100, 14), (5, 1), (1, 1), (700, 50), (90, 10)])
def test_the_formula_of_the_books(calls: int, agents: int) -> None:
    """What is built up agent by agent is what the sum with factorials gives (norms, call centre)."""
    load = Load(calls, 180)
    traffic = load.erlangs
    top = traffic**agents / math.factorial(agents) * agents / (agents - traffic)
    below = sum(traffic**one / math.factorial(one) for one in range(agents))
    assert erlang.service(load, agents, 20).waiting == pytest.approx(top / (below + top), rel=1e-12)


def test_thousands_of_agents() -> None:
    """No factorial overflows: 60 000 calls an hour of five minutes are 5000 erlangs."""
    found = erlang.needed(Load(60_000, 300), 0.8, 20)
    assert 5000 < found.agents < 5200
    assert found.level >= 0.8


@given(LOADS, st.integers(1, 40), st.floats(0, 120))
def test_one_agent_more_is_never_worse(load: Load, spare: int, within: float) -> None:
    """With each agent more of a load are answered in time, after a shorter wait; nothing leaves 0 to 1."""
    agents = math.floor(load.erlangs) + spare
    made, more = (erlang.service(load, one, within) for one in (agents, agents + 1))
    assert 0 <= made.waiting <= 1
    assert 0 <= made.level <= 1
    assert more.level >= made.level - 1e-12
    assert more.speed <= made.speed + 1e-9
    assert more.occupancy < made.occupancy < 1


@given(LOADS, st.floats(0.01, 0.99), st.floats(0, 60))
def test_the_fewest_agents(load: Load, share: float, within: float) -> None:
    """The number needed reaches the share, and one agent less does not, or could not handle the traffic."""
    found = erlang.needed(load, share, within)
    assert found.level >= share
    if found.agents - 1 > load.erlangs:
        assert erlang.service(load, found.agents - 1, within).level < share


@given(LOADS, st.floats(0.3, 0.95))
def test_nobody_is_too_busy(load: Load, occupancy: float) -> None:
    """Agents are no busier than was asked for, however soon calls would be answered."""
    assert erlang.needed(load, 0.01, 60, occupancy).occupancy <= occupancy


@pytest.mark.parametrize("agents", [9, 10])
def test_agents_no_more_than_the_traffic_are_refused(agents: int) -> None:
    """At 10 erlangs, ten agents or fewer have a queue without end; eleven have one."""
    with pytest.raises(Refused, match="without end") as refused:
        erlang.service(Load(200, 180), agents, 20)
    assert refused.value.hint == "at least 11 are needed"
    assert erlang.service(Load(200, 180), 11, 20).waiting < 1


@pytest.mark.parametrize("load", [Load(-1, 180), Load(10, -1), Load(math.inf, 10), Load(math.nan, 10)])
def test_what_is_no_load_is_refused(load: Load) -> None:
    """Calls and seconds are numbers from 0 up."""
    with pytest.raises(Refused):
        erlang.needed(load, 0.8, 20)


def test_no_calls_need_one_agent() -> None:
    """Where nobody calls, one agent waits for nothing."""
    found = erlang.needed(Load(0, 180), 0.8, 20)
    assert (found.agents, found.level, found.speed, found.occupancy) == (1, 1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("agents", "shrinkage", "scheduled"), [(14, 30, 20), (14, 0, 14), (15, 30, 22), (0, 30, 0), (1, 99, 100)]
)
def test_shrinkage(agents: int, shrinkage: int, scheduled: int) -> None:
    """So many on the rota that the agents needed are left, rounded up exactly."""
    assert erlang.scheduled(agents, shrinkage) == scheduled
