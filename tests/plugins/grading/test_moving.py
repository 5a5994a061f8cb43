"""What becomes of a grade when its scheme has spoken: grace, overrides, floors, moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cskit_grading import moving
from cskit_grading.holding import Held
from cskit_grading.moving import State
from cskit_grading.schemes import Scheme

DAY = dt.date(2026, 3, 1)
AT = dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
CODES = ("A", "B", "C")


def scheme(**more: Any) -> Scheme:
    """Return a scheme with the grades A, B and C."""
    label = {"en": "x", "zh": "x"}
    grades = [{"code": code, "title": label} for code in CODES]
    return msgspec.convert({"title": label, "source": label, "needs": {}, "grades": grades, **more}, Scheme)


def holding(state: State, day: dt.date = DAY) -> Held:
    """Return what a record of a state says."""
    at = dt.datetime.combine(day, dt.time(1), dt.UTC)
    marked = ["why"] if state.borderline else []
    values = state._asdict() | {"borderline": marked}
    return Held("C-1", "size", at, **values)


@pytest.mark.parametrize(
    ("held", "code", "state", "move"),
    [
        (None, "B", State("B"), "new"),
        (None, None, State(None), "ungraded"),
        (State("B"), "B", State("B"), "unchanged"),
        (State("B"), "A", State("A"), "up"),
        (State("B"), "C", State("C"), "down"),
        (State("B"), None, State(None), "ungraded"),
        (State(None), None, State(None), "ungraded"),
        (State(None), "C", State("C"), "new"),
    ],
)
def test_without_grace(held: State | None, code: str | None, state: State, move: str) -> None:
    """Where nothing holds it up, what the scheme says counts at once."""
    before = holding(held) if held is not None else None
    assert moving.after(scheme(), before, code, DAY) == state
    assert moving.move(scheme(), before, state) == move


def test_no_grade_is_better() -> None:
    """In a scheme whose grades have no order a grade changes, neither up nor down."""
    unordered = scheme(ranked=False, grace=3)
    for code in ("A", "C"):
        state = moving.after(unordered, holding(State("B")), code, DAY)
        assert (state, moving.move(unordered, holding(State("B")), state)) == (State(code), "changed")


@pytest.mark.parametrize("mark", [True, False])
def test_borderline_comes_and_goes(mark: bool) -> None:
    """A mark that comes or goes is a move of its own while the grade stays."""
    before = holding(State("B", borderline=not mark))
    state = moving.after(scheme(), before, "B", DAY, borderline=mark)
    assert (state.grade, moving.move(scheme(), before, state)) == ("B", "borderline")


# --- grace -------------------------------------------------------------------------------------------------


def after_runs(known: Scheme, *codes: str | None, first: str = "A") -> list[tuple[str | None, int]]:
    """Return the grade, and how many runs in a row said a lower one, after each run, a day apart."""
    held, found = holding(State(first)), []
    for number, code in enumerate(codes, 1):
        state = moving.after(known, held, code, DAY + dt.timedelta(number), DAY + dt.timedelta(number - 1))
        held = holding(state)
        found.append((state.grade, state.runs))
    return found


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("C", "C", "C"), [("A", 1), ("A", 2), ("C", 0)]),
        (("C", "B", "B"), [("A", 1), ("A", 2), ("B", 0)]),
        (("C", "A", "C", "C", "C"), [("A", 1), ("A", 0), ("A", 1), ("A", 2), ("C", 0)]),
        ((None, None, None), [("A", 1), ("A", 2), (None, 0)]),
    ],
    ids=["falls", "falls-to-the-last", "interrupted", "ungraded"],
)
def test_grace(codes: tuple[str | None, ...], expected: list[tuple[str | None, int]]) -> None:
    """A lower grade counts only once three runs in a row have said so."""
    assert after_runs(scheme(grace=3), *codes) == expected


def test_two_runs_on_one_day_are_one() -> None:
    """Who runs it twice by mistake does not shorten the grace."""
    known = scheme(grace=2)
    first = moving.after(known, holding(State("A")), "C", DAY)
    assert first == State("A", rule="C", runs=1)
    assert moving.after(known, holding(first), "C", DAY, DAY) == first
    assert moving.after(known, holding(first), "C", DAY + dt.timedelta(1), DAY) == State("C")


def test_grace_is_not_for_strangers() -> None:
    """Whom the scheme is no longer for loses the grade at once."""
    assert moving.after(scheme(grace=3), holding(State("A")), None, DAY, outside=True) == State(None)


# --- overrides ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("floor", "code", "grade", "by"),
    [
        (False, "A", "B", "override"),
        (False, "C", "B", "override"),
        (True, "A", "A", "rule"),
        (True, "B", "B", "override"),
        (True, "C", "B", "override"),
        (True, None, "B", "override"),
    ],
)
def test_an_override_and_a_floor(floor: bool, code: str | None, grade: str, by: str) -> None:
    """What is set by hand goes before the rule; with a floor the rule may lift above it, never below."""
    known = scheme(floor=floor, grace=3)
    before = holding(State("B", "override", "C", "B", DAY))
    state = moving.after(known, before, code, DAY)
    assert state == State(grade, by, code, "B", DAY)


def test_an_override_runs_out() -> None:
    """Its last day counts still; from the next on the rule does, at once."""
    before = holding(State("A", "override", "C", "A", DAY))
    assert (before.in_force(DAY), before.in_force(DAY + dt.timedelta(1))) == ("A", "C")
    assert moving.after(scheme(grace=5), before, "C", DAY + dt.timedelta(1)) == State("C")


def test_an_override_of_a_grade_that_is_gone() -> None:
    """A grade that the company took out of its scheme holds nobody."""
    before = holding(State("Z", "override", "C", "Z"))
    assert moving.after(scheme(), before, "C", DAY) == State("C")


codes = st.sampled_from([*CODES, None])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is no failure
@given(
    st.builds(lambda code, mark: State(code, borderline=mark), codes, st.booleans()),
    st.lists(codes, max_size=8),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
)
def test_whatever_happens(
    first: State, said: list[str | None], grace: int, floor: bool, ranked: bool
) -> None:
    """A run repeated changes nothing; no rise is held up; a fall takes `grace` runs, no more and no less."""
    known = scheme(grace=grace, floor=floor, ranked=ranked)
    held, lower = holding(first), 0
    for number, code in enumerate(said, 1):
        day = DAY + dt.timedelta(number)
        before = held.grade
        state = moving.after(known, held, code, day, day - dt.timedelta(1))
        again = holding(state, day)
        assert moving.after(known, again, code, day, day) == state
        assert moving.move(known, again, state) in ("unchanged", "ungraded")
        falls = ranked and before is not None and known.place(code) > known.place(before)
        lower = lower + 1 if falls else 0
        assert state.grade == (before if falls and lower < grace else code)
        lower = 0 if state.grade == code else lower
        held = again


@given(st.sampled_from(CODES), codes, st.booleans())
def test_what_is_set_by_hand_counts(override: str, code: str | None, floor: bool) -> None:
    """Under an override nobody falls below it, and without a floor nobody rises above it either."""
    known = scheme(floor=floor)
    state = moving.after(known, holding(State(override, "override", code, override)), code, DAY)
    assert known.place(state.grade) <= known.place(override)
    assert floor or state.grade == override
