"""The hotline's figures: by hand, by the clock, and in every place that shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit_calls import figures
from cskit_calls.counted import Clock, Counted
from cskit_calls.figures import FIGURES, Group, Measuring
from cskit_calls.thresholds import Thresholds
from tests.plugins.calls.conftest import Run, worked

RULES = Thresholds(
    answer_within=20,
    short_abandon=5,
    recontact_days=7,
    target_percent=80,
    shrinkage_percent=30,
    occupancy_percent=85,
)


def call(place: int, /, **fields: Any) -> Counted:
    """Return a call of a day of October, answered and settled unless said otherwise."""
    day = {"id": f"CL-{place}", "at": "2026-10-20T02:00:00Z", "result": "settled"}
    return msgspec.convert({**day, **fields}, Counted)


def made(name: str, calls: Sequence[Counted]) -> figures.Figure:
    """Return a figure of some calls."""
    group = Group()
    for one in calls:
        group.add(one)
    return FIGURES[name].formula(Measuring(calls, RULES), group)


WAITS = [
    call(1, waiting=0),
    call(2, waiting=20),
    call(3, waiting=21),
    call(4, waiting=None),
    call(5, waiting=5, result="abandoned"),
    call(6, waiting=6, result="abandoned"),
    call(7, result="abandoned"),
    call(8, direction="out"),
]


@pytest.mark.parametrize(
    ("name", "value", "n", "ids"),
    [
        ("offered", 7, 7, [1, 2, 3, 4, 5, 6, 7]),
        ("answered", 4, 4, [1, 2, 3, 4]),
        ("abandoned", 3, 3, [5, 6, 7]),
        ("answer-rate", Decimal("57.1"), 7, [1, 2, 3, 4]),
        ("abandon-rate", Decimal("42.9"), 7, [5, 6, 7]),
        ("service-level", Decimal("50.0"), 4, [1, 2]),
        ("asa", Decimal("13.7"), 3, [1, 2, 3]),
        ("out", 1, 1, [8]),
        ("aht", None, 0, []),
        ("transfer", Decimal("0.0"), 4, []),
        ("fcr", None, 0, []),
    ],
)
def test_figures_by_hand(name: str, value: object, n: int, ids: list[int]) -> None:
    """Seven calls in and one out: 20 s is in time, who gave up within 5 s is left out, unknown is not 0.

    Service level: 2 of the 3 answered with a known wait and the one who gave up after 6 s. ASA: 41 / 3.
    """
    found = made(name, WAITS)
    assert (found.value, found.n) == (value, n)
    assert sorted(found.ids) == [f"CL-{number}" for number in ids]


def test_handling_time() -> None:
    """(talking + hold + wrap-up) / answered calls whose talking time is known: (100 + 130) / 2."""
    calls = [call(1, talking=100), call(2, talking=60, hold=40, wrap_up=30), call(3), call(4, wrap_up=9)]
    assert made("aht", calls)[:2] == (Decimal("115.0"), 2)


AGAIN = "2026-10-27T02:00:00Z"
LATER = "2026-10-27T02:00:01Z"


@pytest.mark.parametrize(
    ("others", "gross", "net"),
    [
        ([], 100, 100),
        ([call(2, at=AGAIN, customer="C-1", result=None)], 0, 0),
        ([call(2, at=LATER, customer="C-1", result=None)], 100, 100),
        ([call(2, at=AGAIN, customer="C-2", result=None)], 100, 100),
        ([call(2, at=AGAIN, customer="C-1", queue="order", result=None)], 100, 100),
        ([call(2, at=AGAIN, customer="C-1", issue="leak", result=None)], 100, 100),
        ([call(2, at=AGAIN, customer="C-1", result="abandoned")], 0, 0),
        ([call(2, at=AGAIN, customer="C-1", direction="out", result=None)], 100, 100),
        ([call(2, customer="C-9", result="transferred")], 50, 100),
        ([call(2, customer="C-9", result="unsettled")], 50, 50),
        ([call(2, number="13800000012")], 100, 100),
    ],
    ids=[
        "alone",
        "again on the seventh day",
        "a second after it",
        "another customer",
        "another queue",
        "another issue",
        "gave up the second time",
        "we called back",
        "transferred",
        "unsettled",
        "known by the number",
    ],
)
def test_first_contact(others: list[Counted], gross: int, net: int) -> None:
    """Settled, and not called again on the same matter within seven days; net leaves out the transferred."""
    calls = [call(1, customer="C-1"), *others]
    assert made("fcr", calls).value == gross
    assert made("fcr-net", calls).value == net


def test_numbers_written_otherwise_are_one_caller() -> None:
    """Who calls again from the same number failed the first time, however it is written."""
    calls = [
        call(1, number="+86 138-0000-0012"),
        call(2, at=AGAIN, number="13800000012"),
    ]
    assert made("fcr", calls).value == 50


CALLS = st.lists(
    st.builds(
        call,
        st.integers(1, 99),
        direction=st.sampled_from(["in", "in", "out"]),
        waiting=st.none() | st.integers(0, 60),
        talking=st.none() | st.integers(0, 600),
        customer=st.sampled_from([None, "C-1", "C-2"]),
        result=st.sampled_from([None, "settled", "unsettled", "transferred", "abandoned"]),
        at=st.sampled_from(["2026-10-20T02:00:00Z", "2026-10-21T02:00:00Z", "2026-11-20T02:00:00Z"]),
    ),
    max_size=12,
)


@given(CALLS)
def test_shares_count_what_they_say(calls: list[Counted]) -> None:
    """A share lies in 0 to 100, counts calls of its whole, and is unknown where there are none."""
    for name, kind in FIGURES.items():
        found = made(name, calls)
        if kind.unit == "%" and name != "occupancy":
            assert set(found.ids) <= set(found.base)
            assert found.n == len(found.base)
            assert (found.value is None) == (found.n == 0)
            assert found.value is None or 0 <= found.value <= 100
    assert made("answered", calls).n + made("abandoned", calls).n == made("offered", calls).n


# --- the clock ---------------------------------------------------------------------------------------------


@given(
    st.datetimes(timezones=st.just(ZoneInfo("UTC"))).filter(lambda one: 1950 < one.year < 2100),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_the_departments_clock(moment: Any, zone: str) -> None:
    """A call's day and hour are those of the zone, in whatever order calls are asked about."""
    clock, local = Clock(ZoneInfo(zone)), moment.replace(microsecond=0).astimezone(ZoneInfo(zone))
    at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for text in (f"{at[:14]}00:00Z", at, f"{at[:14]}59:59Z", at):
        found = clock.of(call(1, at=text))
    assert found == (local.date().isoformat(), local.isoweekday(), local.hour)


def test_hours_across_midnight_and_a_clock_change() -> None:
    """At night the day changes in the zone; where the clock is set back, an hour is there twice."""
    shanghai, berlin = Clock(ZoneInfo("Asia/Shanghai")), Clock(ZoneInfo("Europe/Berlin"))
    assert shanghai.of(call(1, at="2026-10-20T15:59:59Z")) == ("2026-10-20", 2, 23)
    assert shanghai.of(call(1, at="2026-10-20T16:00:00Z")) == ("2026-10-21", 3, 0)
    twice = [berlin.of(call(1, at=f"2026-10-25T0{hour}:30:00Z")).hour for hour in range(3)]
    assert twice == [2, 2, 3]
    assert berlin.of(call(1, at="2026-03-29T01:00:00Z")).hour == 3


def test_a_time_with_an_offset_is_read() -> None:
    """What another program wrote with an offset is the same moment."""
    clock = Clock(ZoneInfo("Asia/Shanghai"))
    assert clock.of(call(1, at="2026-10-20T10:00:00+08:00")) == clock.of(call(1, at="2026-10-20T02:00:00Z"))


# --- at the command line -----------------------------------------------------------------------------------

ROWS = """key,at,number,queue,staff,waiting,talking,wrap_up,result,direction
K1,2026-10-19 22:50,13800000012,consult,A1,8,100,20,settled,in
K2,2026-10-19 23:10,13800000011,complaint,A2,30,200,0,unsettled,in
K3,2026-10-20 01:05,13900000001,consult,,50,,,abandoned,in
K4,2026-10-20 08:00,13800000011,consult,A2,,60,,,out
"""


@pytest.fixture
def busy(hotline: Run) -> Run:
    """Return the hotline with three calls in around midnight, and one out."""
    worked(hotline("call import -", input=ROWS))
    return hotline


def test_hours_without_calls_are_rows(busy: Run) -> None:
    """From the first hour to the last each has a row, those without calls with nothing but 0."""
    lines = worked(busy("call stats --by hour -o csv --figures offered,service-level,aht")).splitlines()
    assert lines[:3] == ["hour,offered,service-level,aht", "01:00,1,0.0,", "02:00,0,,"]
    assert lines[-2:] == ["22:00,1,100.0,120.0", "23:00,1,0.0,200.0"]


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("day", ["2026-10-18", "2026-10-19", "2026-10-20"]),
        ("weekday", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
        ("queue", ["complaint", "consult"]),
        ("staff", ["S-001", "S-002", ""]),
    ],
)
def test_what_calls_are_counted_by(busy: Run, by: str, keys: list[str]) -> None:
    """Days of the period that was asked for are all there, and all weekdays; nobody's calls come last."""
    lines = worked(busy(f"call stats --by {by} -o csv --figures offered --from 2026-10-18 --to 2026-10-20"))
    assert [line.partition(",")[0] for line in lines.splitlines()[1:]] == keys


def test_definitions_are_printed(busy: Run) -> None:
    """A table has them below, with the thresholds in them; JSON has them in each row."""
    done = busy("call stats --by queue")
    assert "SL %: answered within 20 s / (offered − abandoned within 5 s)" in done.stderr
    rows = {row["figure"]: row for row in json.loads(worked(busy("call stats -o json")))}
    assert rows["service-level"]["value"] == 33.3
    assert rows["service-level"]["definition"].startswith("answered within 20 s / ")
    assert rows["fcr"]["n"] == 2
    assert all(row["definition"] for row in rows.values())


def test_a_threshold_is_a_setting(busy: Run) -> None:
    """With another threshold the figure and its definition change together."""
    worked(busy("config set rules.call-figures.standard.answer_within 30"))
    (row,) = json.loads(worked(busy("call stats -o json --figures service-level")))
    assert (row["value"], row["definition"][:20]) == (66.7, "answered within 30 s")


def test_figures_lead_to_their_calls(busy: Run) -> None:
    """--ids lists just the calls that a figure counts, with the group they are in."""
    assert worked(busy("call stats --ids abandoned -o csv")).splitlines() == ["id", "CL-20261020-001"]
    shown = worked(busy("call stats --by staff --ids answered -o csv")).splitlines()
    assert shown == ["staff,id", "S-001,CL-20261019-001", "S-002,CL-20261019-002"]


def test_a_condition_narrows_what_is_counted_only(busy: Run) -> None:
    """Who called again is looked for among all calls, also those that the condition leaves out."""
    worked(busy("call add again --number 13800000012 --result unsettled --staff A2"))
    rows = json.loads(worked(busy("call stats -o json --figures fcr,offered --where 'staff == \"S-001\"'")))
    assert [(row["figure"], row["value"], row["n"]) for row in rows] == [("fcr", 0, 1), ("offered", 1, 1)]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("call stats --by hours", 3, "did you mean 'hour'?"),
        ("call stats --figures asaa", 3, "did you mean 'asa'?"),
        ("call stats --from 2026-10-20 --to 2026-10-19", 2, "--to 2026-10-19 lies before --from 2026-10-20"),
        ("call stats --from yesterday", 2, "--from yesterday"),
        ("call staffing", 2, "of which days?"),
        ("call staffing --calls-per-hour 3", 2, "--calls-per-hour and --aht belong together"),
        ("call staffing --calls-per-hour 200 --aht 180 --target 80", 2, "such as 80/20"),
        ("call staffing --calls-per-hour 200 --aht 180 --agents 10", 1, "at least 11 are needed"),
        ("call staffing --from 2026-01-01 --to 2026-01-02", 1, "no call of these days says how long it took"),
    ],
)
def test_what_cannot_be_asked(busy: Run, line: str, code: int, said: str) -> None:
    """What is wrong is named in one line, and what to do."""
    done = busy(line)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_agents_by_the_hour(busy: Run) -> None:
    """Of past days each hour has the agents it takes by its mean calls and its handling time."""
    asked = "call staffing --from 2026-10-19 --to 2026-10-20 --shrinkage 30"
    rows = json.loads(worked(busy(f"{asked} -o json")))
    assert {row["hour"]: (row["calls"], row.get("aht"), row["agents"]) for row in rows} == {
        **{f"{hour:02d}:00": (0, None, 0) for hour in range(1, 24)},
        "01:00": (0.5, 160, 1),
        "22:00": (0.5, 120, 1),
        "23:00": (0.5, 200, 1),
    }
    rows = json.loads(worked(busy(f"{asked} --weekday 1 -o json")))
    assert [row["calls"] for row in rows] == [1, 1]


def test_what_a_number_of_agents_makes(busy: Run) -> None:
    """The published figures at the command line, to one place, and that callers who give up are left out."""
    done = busy("call staffing --calls-per-hour 200 --aht 180 --agents 14 --shrinkage 30 -o json")
    assert json.loads(worked(done)) == [
        {
            "agents": 14,
            "enough": True,
            "level": 88.8,
            "asa": 7.8,
            "waiting": 17.4,
            "occupancy": 71.4,
            "scheduled": 20,
        }
    ]
    assert done.stderr.splitlines()[-1] == (
        "callers who give up are not reckoned with: where many do, fewer agents are enough"
    )


def test_occupancy(busy: Run) -> None:
    """Time on calls of the time on shift: 120 s and 260 s of two agents who worked eight hours each."""
    for own in ("A1", "A2"):
        worked(busy(f"call shift add {own} --on 2026-10-19 --shift late"))
    row = json.loads(worked(busy("call stats --figures occupancy -o json")))[0]
    assert (row["value"], row["n"]) == (0.7, 3)
    by_staff = "call stats --by staff --figures occupancy -o csv"
    assert worked(busy(by_staff)).splitlines()[1:] == ["S-001,0.4", "S-002,0.9", ","]
    by_hour = dict(
        line.split(",")
        for line in worked(busy("call stats --by hour --figures occupancy -o csv")).splitlines()
    )
    assert (by_hour["22:00"], by_hour["21:00"]) == ("", "0.0")
    assert worked(busy("call stats --by queue --figures occupancy -o csv")).splitlines()[1] == "complaint,"


def test_facts_about_agents(busy: Run) -> None:
    """What staff did on the telephone, and the calls it is counted from."""
    rows = json.loads(worked(busy("fact show staff S-001 S-002 -o json")))
    told = {(row["id"], name): value for row in rows for name, value in row.items()}
    assert told["S-001", "calls.handled"] == 1
    assert told["S-002", "calls.handled"] == 2
    assert told["S-001", "calls.aht"] == 120
    assert told["S-001", "calls.first_contact"] == 100
    assert told["S-002", "calls.first_contact"] == 0
    behind = worked(busy("fact show staff S-002 --names calls.handled --ids -o csv"))
    assert "CL-20261020-002" in behind


def test_the_report_says_how_the_hotline_was_answered(busy: Run) -> None:
    """The section has the figures of `call stats`, each leading to its calls; without calls there is none."""
    shown = json.loads(worked(busy("report --month 2026-10 --only calls -o json")))
    told = {row["figure"]: row.get("value") for row in shown}
    assert told["offered"] == 3
    assert told["service-level"] == 33.3
    assert '"section":"calls"' not in worked(busy("report --month 2026-09 -o json"))
