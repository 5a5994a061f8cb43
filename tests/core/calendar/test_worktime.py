"""Working time measured and moved along: golden cases, and what holds for any calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import Usage
from cskit.calendar import Calendar, Length, parse_length
from tests.core.calendar.weeks import at, calendar, said

LUNCH = ["09:00-12:00", "13:30-18:00"]
OCTOBER = {f"2026-10-0{day}": [] for day in range(1, 8)} | {"2026-10-10": ["09:00-17:00"]}


@pytest.mark.parametrize(
    ("start", "length", "end", "made"),
    [
        ("2026-10-16 16:30", "1h", "2026-10-19 09:30", {}),
        ("2026-09-30 17:00", "3d", "2026-10-10 17:00", {"days": OCTOBER}),
        ("2026-10-14 20:00", "1h", "2026-10-15 10:00", {}),
        ("2026-10-14 20:00", "1d", "2026-10-16 09:00", {}),
        ("2026-10-14 10:00", "2d", "2026-10-16 10:00", {"days": {"2026-10-15": ["09:00-12:00"]}}),
        ("2026-10-14 11:30", "1h", "2026-10-14 14:00", {"hours": LUNCH}),
        ("2026-10-14 12:30", "1h", "2026-10-14 14:30", {"hours": LUNCH}),
        ("2026-10-15 11:00", "2h", "2026-10-16 10:00", {"days": {"2026-10-15": ["09:00-12:00"]}}),
        ("2026-10-16 16:00", "1h", "2026-10-16 17:00", {}),
        ("2026-10-17 10:00", "1d", "2026-10-20 09:00", {}),
        ("2026-10-14 10:00", "1d 2h", "2026-10-15 12:00", {}),
        ("2026-10-14 23:00", "2h", "2026-10-15 01:00", {"hours": ["22:00-06:00"]}),
        ("2026-10-15 02:00", "1d", "2026-10-16 02:00", {"hours": ["22:00-06:00"]}),
        ("2026-10-17 23:59", "24h", "2026-10-18 23:59", {"hours": ["00:00-24:00"], "weekdays": "1234567"}),
        ("2026-10-14 10:00", "0h", "2026-10-14 10:00", {}),
    ],
    ids=[
        "friday-half-past-four-and-an-hour",
        "three-working-days-over-the-october-holidays",
        "received-after-hours-an-hour",
        "received-after-hours-a-day",
        "a-half-day-is-a-day",
        "lunch-does-not-count",
        "received-at-lunch",
        "the-half-day-ends-at-noon",
        "closing-time-is-in-time",
        "received-at-the-weekend",
        "a-day-and-two-hours",
        "a-night-shift",
        "a-night-shift-is-one-day",
        "round-the-clock",
        "nothing",
    ],
)
def test_the_end_of_a_length(start, length, end, made):
    """Days are shifted, hours measured; what begins outside of them counts from the next opening."""
    assert said(calendar(**made).after(at(start), parse_length(length))) == end


def test_one_date_with_hours_of_its_own():
    """A single evening worked longer counts longer (working_hours#33)."""
    found = calendar(days={"2026-10-15": ["09:00-21:00"]})
    assert found.worked(at("2026-10-15 00:00"), at("2026-10-16 00:00")) == 12 * 3600


def test_several_intervals_on_every_weekday():
    """A lunch break breaks no weekday, whichever it is (osTicket#6739, #6847; frappe/helpdesk#2212)."""
    for weekday in "1234567":
        found = calendar(LUNCH, weekdays=weekday)
        monday = at("2026-10-12 00:00")
        assert found.worked(monday, monday + 7 * 86_400) == 7.5 * 3600


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
    ids=["spring", "autumn", "plain"],
)
def test_a_day_of_summer_time(day, hours):
    """A day on which clocks are put forward or back has the hours it has."""
    found = calendar(["00:00-24:00"], weekdays="1234567", zone="Europe/Berlin")
    start = at(f"{day} 00:00", "Europe/Berlin")
    assert found.worked(start, start + 3 * 86_400) == 3 * 86_400  # instants, not clocks on walls
    assert (
        found.worked(start, at(f"{dt.date.fromisoformat(day) + dt.timedelta(1)} 00:00", "Europe/Berlin"))
        == hours * 3600
    )


def test_shifting_over_summer_time():
    """A day later is the same time on the wall, though 23 hours have passed."""
    found = calendar(["00:00-24:00"], weekdays="1234567", zone="Europe/Berlin")
    end = found.shifted(at("2026-03-28 12:00", "Europe/Berlin"), 1)
    assert said(end, "Europe/Berlin") == "2026-03-29 12:00"


def test_a_wrong_year_is_refused():
    """A slip of the finger does not take minutes."""
    with pytest.raises(Usage, match="150 years"):
        calendar().worked(at("2026-01-01 00:00"), at("2226-01-01 00:00"))


def test_years_used_are_heard_once():
    """A calendar tells which years it needed, each once, and no other."""
    heard: list[int] = []
    found = Calendar("x", calendar().zone, calendar().day, heard.append)
    found.worked(at("2026-12-01 10:00"), at("2026-12-31 10:00"))
    assert heard == [2026]
    found.after(at("2026-12-31 16:00"), Length(days=1))
    found.after(at("2026-12-31 16:00"), Length(days=2))
    assert heard == [2026, 2027]


# --- any calendar ------------------------------------------------------------------------------------------

HOURS = st.sampled_from(
    [["09:00-17:00"], LUNCH, ["00:00-24:00"], ["06:00-10:00", "22:00-04:00"], ["20:00-08:00"]]
)
ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
WEEKDAYS = st.sets(st.sampled_from("1234567"), min_size=1).map("".join)
SPECIAL = st.dictionaries(
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)).map(str),
    st.sampled_from([[], ["09:00-12:00"], ["08:00-20:00"]]),
    max_size=6,
)
CALENDARS = st.builds(calendar, HOURS, weekdays=WEEKDAYS, zone=ZONES, days=SPECIAL)
MOMENTS = st.integers(at("2026-01-15 00:00"), at("2026-12-15 00:00"))
SECONDS = st.integers(0, 40 * 3600)


@given(CALENDARS, MOMENTS, SECONDS)
def test_add_then_measure_gives_back(found, start, seconds):
    """What is added is what is measured afterwards."""
    assert found.worked(start, found.added(start, seconds)) == seconds


@given(CALENDARS, MOMENTS, SECONDS)
def test_no_earlier_instant_would_do(found, start, seconds):
    """The end of a length is the first instant at which it is worked."""
    end = found.added(start, seconds)
    assert seconds == 0 or found.worked(start, end - 1) == seconds - 1


@given(CALENDARS, MOMENTS, st.integers(0, 30 * 86_400), st.integers(0, 30 * 86_400))
def test_splitting_changes_nothing(found, start, first, second):
    """The whole is the sum of its parts."""
    middle, end = start + first, start + first + second
    assert found.worked(start, end) == found.worked(start, middle) + found.worked(middle, end)


@given(CALENDARS, MOMENTS, st.integers(1, 20 * 86_400))
def test_stretches_are_the_whole_time(found, start, length):
    """Stretches leave nothing out, do not overlap, and those worked are what is measured."""
    parts = list(found.stretches(start, start + length))
    assert [part.start for part in parts] == [start, *(part.end for part in parts[:-1])]
    assert parts[-1].end == start + length
    assert sum(part.end - part.start for part in parts if part.worked) == found.worked(start, start + length)
    assert all(part.worked is (not part.why) for part in parts)


@given(CALENDARS, MOMENTS, st.integers(0, 12))
def test_shifting_then_counting_gives_back(found, start, days):
    """So many working days on, so many working days lie between."""
    assert found.days(start, found.shifted(start, days)) == days


@given(CALENDARS, MOMENTS, st.integers(0, 6), st.integers(0, 6))
def test_shifting_twice(found, start, first, second):
    """Days can be shifted one after the other, where no half day cuts the time of day off."""
    there = found.shifted(start, first)
    if there == found.opening(there):
        assert (
            said(found.shifted(there, second), found.zone.key)[:10]
            == said(found.shifted(start, first + second), found.zone.key)[:10]
        )


@given(CALENDARS, MOMENTS, st.integers(0, 3 * 366 * 86_400), st.booleans())
def test_the_order_of_asking_does_not_matter(found, moment, before, later):
    """A calendar that was laid out for other years first answers the same, also about years before them."""
    other = calendar_like(found)
    other.worked(moment + (3 * 366 * 86_400 if later else -before), moment + 4 * 366 * 86_400)
    assert other.worked(moment - before, moment) == found.worked(moment - before, moment)


def calendar_like(found):
    """Return a calendar of the same days that is not laid out yet."""
    return Calendar(found.name, found.zone, found.day)


# --- lengths -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3d", Length(3)),
        ("4h", Length(0, 14_400)),
        ("1d 30m", Length(1, 1800)),
        ("1d4h30m", Length(1, 16_200)),
        ("3个工作日", Length(3)),
        ("2 小时", Length(0, 7200)),
        ("2 days", Length(2)),
        ("90min", Length(0, 5400)),
    ],
)
def test_lengths_are_read(text, length):
    """Lengths are written in either language."""
    assert parse_length(text) == length
    assert parse_length(str(length)) == length


@pytest.mark.parametrize("text", ["", "3", "d", "3x", "4h 1d", "1d 1d", "-1d", "1.5h", "3dd"])
def test_what_is_no_length(text):
    """Anything else is refused, with an example."""
    with pytest.raises(ValueError, match="3d, 4h or 1d 30m"):
        parse_length(text)
