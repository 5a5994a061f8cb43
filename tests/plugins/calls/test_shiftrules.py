"""What nobody may be asked to work, how people go through a pattern, hours that nobody works: plain rules."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.rules import Label
from cskit_calls import coverage
from cskit_calls.patterns import Pattern, ShiftTimes
from cskit_calls.shiftlimits import Need
from cskit_calls.shiftrules import Bounds, Duty, clashes
from cskit_calls.shifts import Turn

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
BOUNDS = Bounds(days=6, hours=11, rest=11)
NAMED = Label(en="x", zh="某")
DAY = dt.date(2026, 10, 12)


def duty(day: int, begins: int, hours: float, own: str = "") -> Duty:
    """Return a shift that begins at a full hour of a day of October."""
    at = dt.datetime(2026, 10, day, begins, tzinfo=SHANGHAI)
    return Duty(own or f"{day}@{begins}", "S-001", at.date(), at, at + dt.timedelta(hours=hours))


@pytest.mark.parametrize(
    ("duties", "said"),
    [
        ([duty(12, 6, 8), duty(13, 6, 8)], []),
        ([duty(12, 6, 8), duty(12, 13, 4)], ["S-001: 12@6 of 2026-10-12 and 12@13 of 2026-10-12 overlap"]),
        ([duty(12, 22, 8), duty(13, 5, 3)], ["S-001: 12@22 of 2026-10-12 and 13@5 of 2026-10-13 overlap"]),
        ([duty(12, 6, 4), duty(12, 10, 4)], []),
        ([duty(12, 6, 8), duty(12, 14, 8)], ["S-001: 16 h on 2026-10-12, more than 11"]),
        (
            [duty(12, 14, 8), duty(13, 6, 8)],
            ["S-001: 8 h of rest between 12@14 of 2026-10-12 and 13@6 of 2026-10-13, not 11"],
        ),
        ([duty(12, 22, 8), duty(13, 17, 5)], []),
        ([duty(day, 6, 8) for day in range(12, 18)], []),
        (
            [duty(day, 6, 8) for day in range(12, 19)],
            ["S-001: 2026-10-18 would be day 7 in a row, of at most 6"],
        ),
        ([duty(day, 6, 8) for day in (12, 13, 14, 16, 17, 18, 19)], []),
    ],
    ids=[
        "fine",
        "overlap",
        "past-midnight",
        "touching",
        "long",
        "rest",
        "after-a-night",
        "six",
        "seven",
        "gap",
    ],
)
def test_what_nobody_works(duties: list[Duty], said: list[str]) -> None:
    """Overlaps, also past midnight, long days, short rest and too many days are named; nothing else is."""
    assert [clash.text for clash in clashes(reversed(duties), BOUNDS)] == said


def test_a_long_shift_hides_nothing() -> None:
    """A shift inside a longer one overlaps, and so does the next that the longer one reaches."""
    found = list(clashes([duty(12, 6, 12), duty(12, 8, 1), duty(12, 16, 1)], BOUNDS))
    assert [clash.ids for clash in found if "overlap" in clash.text] == [("12@6", "12@8"), ("12@6", "12@16")]


CYCLES = st.lists(st.sampled_from(["early", "late", "off"]), min_size=1, max_size=8)


def pattern(cycle: list[str]) -> Pattern:
    """Return a pattern of two shifts with a cycle."""
    early = ShiftTimes("early", NAMED, dt.time(6), dt.time(14))
    return Pattern(NAMED, [early, ShiftTimes("late", NAMED, dt.time(14), dt.time(22))], cycle)


@given(CYCLES, st.integers(1, 4))
def test_whole_cycles_of_people_fill_every_day_alike(cycle: list[str], rounds: int) -> None:
    """With as many people as the cycle has days, or a multiple, every day has the cycle's mix of shifts."""
    people = len(cycle) * rounds
    for day in (DAY, DAY + dt.timedelta(days=1)):
        turns = [pattern(cycle).turn(day, place, people) for place in range(people)]
        assert Counter(turn.code if turn else "off" for turn in turns) == Counter(cycle * rounds)


@given(CYCLES, st.integers(0, 9), st.integers(10, 12))
def test_a_cycle_goes_on(cycle: list[str], place: int, people: int) -> None:
    """What somebody works repeats after as many days as the cycle has, over the end of any month."""
    made = pattern(cycle)
    later = DAY + dt.timedelta(days=len(cycle))
    assert made.turn(DAY, place, people) == made.turn(later, place, people)


def test_shifts_follow_the_clock_of_the_zone() -> None:
    """A night over the end of summer time is an hour longer; its times are those of the wall clock."""
    night = ShiftTimes("night", NAMED, dt.time(22), dt.time(6))
    begins, ends = night.on(dt.date(2026, 10, 24), BERLIN)
    assert ends - begins == dt.timedelta(hours=9)
    assert ends.astimezone(BERLIN).hour == 6


def turn(own: str, begins: dt.datetime, hours: float, absence: str | None = None) -> Turn:
    """Return somebody's shift."""
    ends = begins + dt.timedelta(hours=hours)
    return Turn(own, own, begins.date(), begins, ends, "x", absence=absence)


def test_hours_without_enough_people_are_told_as_spans() -> None:
    """Hours one after the other with the same people are one gap; half an hour covers no hour."""
    at = dt.datetime(2026, 10, 12, 8, 30, tzinfo=SHANGHAI)
    turns = [turn("a", at, 3), turn("b", at + dt.timedelta(hours=1.5), 2), turn("c", at, 9, absence="AB-1")]
    found = coverage.gaps(turns, lambda day, hour: 2 if 8 <= hour < 13 else 0, SHANGHAI, DAY, DAY)
    assert [(gap.begins, gap.ends, gap.have) for gap in found] == [
        (8, 9, 0),
        (9, 10, 1),
        (11, 12, 1),
        (12, 13, 0),
    ]


def test_a_night_counts_on_the_next_day() -> None:
    """Hours past midnight are those of the day on which they are."""
    night = turn("a", dt.datetime(2026, 10, 11, 22, tzinfo=SHANGHAI), 8)
    found = list(coverage.gaps([night], lambda day, hour: int(hour < 8), SHANGHAI, DAY, DAY))
    assert [(gap.begins, gap.ends) for gap in found] == [(6, 8)]


def test_needs_go_before_the_minimum() -> None:
    """A need of some weekdays is no need on the others; of two that hold, the greater counts."""
    from cskit_calls.shiftlimits import Limits

    limits = Limits(6, 11, 11, 1, 6, 22, 7, 2, [], [Need(9, 12, 4, [1]), Need(10, 11, 5)])
    monday, sunday = DAY, DAY - dt.timedelta(days=1)
    assert [limits.need(monday, hour) for hour in (5, 6, 9, 10, 21, 22)] == [0, 1, 4, 5, 1, 0]
    assert [limits.need(sunday, hour) for hour in (9, 10)] == [1, 5]
