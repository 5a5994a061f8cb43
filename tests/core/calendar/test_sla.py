"""Clocks of promises: golden readings, and each thing that other systems get wrong."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import sla
from cskit.calendar import Calendar, parse_length
from cskit.sla import Pause, Run, Terms
from tests.core.calendar.test_worktime import CALENDARS, MOMENTS, OCTOBER
from tests.core.calendar.weeks import at, calendar, said

OFFICE = calendar(
    ["09:00-12:00", "13:00-18:00"], days={**OCTOBER, "2026-10-10": ["09:00-12:00", "13:00-18:00"]}
)
ALWAYS = calendar(["00:00-24:00"], weekdays="1234567")


def terms(target: str, by: Calendar = OFFICE, *, since: str = "", pauses: bool = True) -> Terms:
    """Return what is promised, from the beginning if not said."""
    return Terms(at(since) if since else 0, parse_length(target), by, pauses)


def read(
    start: str, now: str, *promised: Terms, pauses: tuple[Pause, ...] = (), stop: str = ""
) -> sla.Reading:
    """Return what a clock shows that starts once."""
    run = Run(at(start), at(stop) if stop else None)
    found = sla.read([run], pauses, promised, at(now))
    assert found is not None
    return found


def pause(start: str, end: str = "") -> Pause:
    """Return a pause, still on if no end is given."""
    return Pause(at(start), at(end) if end else None, "waits for the customer")


def hours(seconds: int) -> float:
    """Return seconds as hours."""
    return seconds / 3600


def test_three_working_days_with_a_holiday_and_a_pause():
    """The promise of 30 September ends on the make-up Saturday, and later by the hours of the pause."""
    found = read("2026-09-30 17:00", "2026-09-30 17:30", terms("3d"))
    assert (found.state, said(found.due or 0), hours(found.target)) == ("running", "2026-10-10 17:00", 24)
    waited = pause("2026-10-09 14:00", "2026-10-09 17:00")
    found = read("2026-09-30 17:00", "2026-10-10 10:00", terms("3d"), pauses=(waited,))
    assert (found.state, said(found.due or 0), hours(found.used), hours(found.left)) == (
        "running",
        "2026-10-12 11:00",
        15,
        9,
    )


def test_a_pause_over_a_weekend_gives_back_working_time_only():
    """Waiting from Friday 17:00 to Monday 9:00 is one hour, not sixty-four (glpi#10594)."""
    weekend = pause("2026-10-16 17:00", "2026-10-19 09:00")
    found = read("2026-10-16 10:00", "2026-10-19 10:00", terms("1d"), pauses=(weekend,))
    assert said(found.due or 0) == "2026-10-19 11:00"


def test_a_pause_stops_the_clock():
    """Time waited for the customer is not the department's (osTicket#3034), as long as it takes."""
    found = read("2026-10-12 09:00", "2026-10-23 09:00", terms("8h"), pauses=(pause("2026-10-12 10:00"),))
    assert (found.state, found.due, hours(found.left)) == ("paused", None, 7)


def test_a_first_response_is_not_paused():
    """Where pauses do not stop a clock, it runs through them (laravel-help-desk#52)."""
    promised = terms("24h", ALWAYS, pauses=False)
    found = read("2026-10-12 09:00", "2026-10-12 15:00", promised, pauses=(pause("2026-10-12 10:00"),))
    assert (found.state, hours(found.used), said(found.due or 0)) == ("running", 6, "2026-10-13 09:00")


def test_the_clock_goes_on_when_the_pause_ends():
    """Whatever ends a pause, the customer's own note too, starts the clock again (zammad#1322)."""
    waited = pause("2026-10-12 10:00", "2026-10-12 11:00")
    found = read("2026-10-12 09:00", "2026-10-12 12:00", terms("8h"), pauses=(waited,))
    assert (found.state, hours(found.used)) == ("running", 2)


def test_pauses_that_overlap_count_once():
    """An hour that two people wait through is one hour."""
    both = (pause("2026-10-12 10:00", "2026-10-12 12:00"), pause("2026-10-12 11:00", "2026-10-12 14:00"))
    found = read("2026-10-12 09:00", "2026-10-12 15:00", terms("8h"), pauses=both)
    assert hours(found.used) == 2


def test_a_change_of_target_keeps_the_time_used_and_waited():
    """Another promise is another target, not another clock (glpi#15605, #6902)."""
    waited = pause("2026-10-12 10:00", "2026-10-12 12:00")
    promised = (terms("16h"), terms("4h", since="2026-10-12 15:00"))
    found = read("2026-10-12 09:00", "2026-10-12 16:00", *promised, pauses=(waited,))
    assert (hours(found.used), hours(found.left), said(found.due or 0)) == (4, 0, "2026-10-12 16:00")


def test_a_change_of_calendar_keeps_the_time_used():
    """Hours used under one calendar are used under the next."""
    promised = (terms("16h"), terms("24h", ALWAYS, since="2026-10-12 18:00"))
    found = read("2026-10-12 09:00", "2026-10-13 00:00", *promised)
    assert (hours(found.used), said(found.due or 0)) == (8 + 6, "2026-10-13 10:00")


def test_a_breach_stays_when_the_promise_is_loosened():
    """What was late is not made good by promising less afterwards."""
    promised = (terms("1h"), terms("40h", since="2026-10-12 15:00"))
    found = read("2026-10-12 09:00", "2026-10-12 16:00", *promised)
    assert (found.state, said(found.missed_at or 0)) == ("missed", "2026-10-12 10:00")


def test_a_tighter_promise_is_missed_from_when_it_holds():
    """A promise that is made too late to be kept is missed when it is made, not before."""
    promised = (terms("40h"), terms("1h", since="2026-10-12 15:00"))
    found = read("2026-10-12 09:00", "2026-10-12 16:00", *promised)
    assert (found.state, said(found.missed_at or 0)) == ("missed", "2026-10-12 15:00")


def test_terms_to_come_do_not_hold_yet():
    """A promise of tomorrow does not decide today."""
    promised = (terms("8h"), terms("1h", since="2026-10-13 09:00"))
    found = read("2026-10-12 09:00", "2026-10-12 16:00", *promised)
    assert (found.state, said(found.due or 0)) == ("running", "2026-10-12 18:00")


def test_reopening_goes_on_from_where_it_stood():
    """The time between solving and reopening is not counted, nor is a new clock begun."""
    runs = [Run(at("2026-10-12 09:00"), at("2026-10-12 11:00"), "resolved"), Run(at("2026-10-13 10:00"))]
    found = sla.read(runs, [], [terms("8h")], at("2026-10-13 12:00"), trace=True)
    assert found is not None
    assert (found.state, hours(found.used), said(found.due or 0)) == ("running", 4, "2026-10-13 17:00")
    assert [(span.counted, span.why) for span in found.spans] == [
        (True, ""),
        (False, "resolved"),
        (True, ""),
    ]


def test_a_breach_before_reopening_stays():
    """What was solved too late stays late, however quickly it is solved again."""
    runs = [
        Run(at("2026-10-12 09:00"), at("2026-10-12 12:00"), "resolved"),
        Run(at("2026-10-13 10:00"), at("2026-10-13 10:30")),
    ]
    found = sla.read(runs, [], [terms("2h")], at("2026-10-14 09:00"))
    assert found is not None
    assert (found.state, said(found.missed_at or 0)) == ("missed", "2026-10-12 11:00")


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("2026-10-12 12:59", None),
        ("2026-10-12 14:00", 50),
        ("2026-10-12 17:00", 80),
        ("2026-10-12 18:00", 100),
        ("2026-10-13 14:00", 150),
        ("2026-10-17 12:00", 150),
    ],
    ids=["not yet", "half", "four-fifths", "due", "half as much again", "weekend"],
)
def test_levels_are_reached_in_working_time(now, level):
    """A warning is due at a part of the working time, which a night does not use (osTicket#5197)."""
    assert sla.level(read("2026-10-12 09:00", now, terms("8h")), (50, 80, 100, 150)) == level


def test_before_it_begins_there_is_no_clock():
    """An instant before the case came in shows nothing."""
    assert sla.read([Run(at("2026-10-12 09:00"))], [], [terms("8h")], at("2026-10-12 08:59")) is None
    assert sla.read([], [], [terms("8h")], at("2026-10-12 08:59")) is None


def test_a_clock_stopped_later_runs_now():
    """Replayed at an earlier instant, a clock knows nothing of what came after."""
    found = read("2026-10-12 09:00", "2026-10-12 10:00", terms("8h"), stop="2026-10-12 11:00")
    assert (found.state, hours(found.used)) == ("running", 1)


def test_the_trace_says_why():
    """Every span is counted or says why not: nights, holidays by name, pauses with their reason."""
    found = sla.read(
        [Run(at("2026-10-09 17:00"))],
        [pause("2026-10-10 10:00", "2026-10-10 11:00")],
        [terms("3d")],
        at("2026-10-12 10:00"),
        trace=True,
    )
    assert found is not None
    lines = [
        f"{said(span.start)} {said(span.end)[11:]} {span.counted} {span.why}".strip() for span in found.spans
    ]
    assert lines == [
        "2026-10-09 17:00 18:00 True",
        "2026-10-09 18:00 09:00 False outside working hours",
        "2026-10-10 09:00 10:00 True",
        "2026-10-10 10:00 11:00 False waits for the customer",
        "2026-10-10 11:00 12:00 True",
        "2026-10-10 12:00 13:00 False outside working hours",
        "2026-10-10 13:00 18:00 True",
        "2026-10-10 18:00 09:00 False not a working day",
        "2026-10-12 09:00 10:00 True",
    ]


# --- any clock ---------------------------------------------------------------------------------------------

LATER = st.integers(0, 20 * 86_400)
PAUSES = st.lists(st.tuples(LATER, st.integers(1, 5 * 86_400)), max_size=4)
TARGETS = st.sampled_from(["1h", "8h", "1d", "3d", "1d 2h"])


def built(start: int, waits: list[tuple[int, int]]) -> list[Pause]:
    """Return pauses that begin so long after a start and last so long."""
    return [Pause(start + after, start + after + length) for after, length in waits]


@given(CALENDARS, MOMENTS, PAUSES, TARGETS, LATER, st.integers(0, 10 * 86_400))
def test_a_breach_never_un_breaches(found, start, waits, target, after, more):
    """Once missed a clock stays missed, since the same instant, whatever comes."""
    promised = [Terms(0, parse_length(target), found)]
    now = sla.read([Run(start)], built(start, waits), promised, start + after)
    then = sla.read([Run(start)], built(start, waits), promised, start + after + more)
    assert now is not None
    assert then is not None
    assert then.used >= now.used
    if now.missed_at is not None:
        assert (then.state, then.missed_at) == ("missed", now.missed_at)


@given(CALENDARS, CALENDARS, MOMENTS, PAUSES, TARGETS, TARGETS, LATER, LATER, st.integers(0, 10 * 86_400))
def test_a_breach_survives_other_terms(found, other, start, waits, target, changed, when, after, more):
    """Neither another target nor another calendar takes back time used, or a breach."""
    promised = [Terms(0, parse_length(target), found), Terms(start + when, parse_length(changed), other)]
    now = sla.read([Run(start)], built(start, waits), promised, start + after)
    then = sla.read([Run(start)], built(start, waits), promised, start + after + more)
    assert now is not None
    assert then is not None
    assert then.used >= now.used
    assert now.missed_at is None or then.missed_at == now.missed_at


@given(CALENDARS, MOMENTS, PAUSES, TARGETS, LATER)
def test_the_trace_is_the_calculation(found, start, waits, target, after):
    """The spans cover the time without a gap, and those counted are the time used."""
    promised = [Terms(0, parse_length(target), found)]
    plain = sla.read([Run(start)], built(start, waits), promised, start + after)
    traced = sla.read([Run(start)], built(start, waits), promised, start + after, trace=True)
    assert plain is not None
    assert traced is not None
    assert traced._replace(spans=()) == plain
    assert sum(span.end - span.start for span in traced.spans if span.counted) == plain.used
    spans = traced.spans
    assert all(first.end == second.start for first, second in itertools.pairwise(spans))
    assert not spans or (spans[0].start, spans[-1].end) == (start, start + after)


@given(CALENDARS, MOMENTS, PAUSES, TARGETS, LATER)
def test_due_is_when_it_is_used_up(found, start, waits, target, after):
    """If nothing else happens, all is used at the due time, and not missed until work goes on after it."""
    promised = [Terms(0, parse_length(target), found)]
    past = [one for one in built(start, waits) if one.end is not None and one.end <= start + after]
    now = sla.read([Run(start)], past, promised, start + after)
    assert now is not None
    assert now.due is not None
    at_due = sla.read([Run(start)], past, promised, max(now.due, start + after))
    assert at_due is not None
    if now.missed_at is None:
        assert (at_due.used, at_due.state) == (at_due.target, "running")
        later = found.added(now.due, 1)
        then = sla.read([Run(start)], past, promised, later)
        assert then is not None
        assert (then.state, then.missed_at) == ("missed", now.due)


@given(CALENDARS, MOMENTS, PAUSES, TARGETS, LATER, st.integers(0, 20 * 86_400))
def test_terms_said_twice_change_nothing(found, start, waits, target, after, when):
    """To promise the same again, at any time, is the same promise."""
    once = [Terms(0, parse_length(target), found)]
    twice = [*once, Terms(start + when, parse_length(target), found)]
    one, two = (sla.read([Run(start)], built(start, waits), these, start + after) for these in (once, twice))
    assert one is not None
    assert two is not None
    assert two._replace(terms=one.terms) == one
