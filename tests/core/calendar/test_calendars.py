"""The department's calendars: rule files over published holidays, tables taken in, and `cskit calendar`."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import chinese_calendar
import pytest

from cskit import NotFound, Usage
from cskit.app import App
from cskit.calendar import published
from cskit.terminal.options import Options
from cskit.testing import Result, run
from tests.core.calendar.weeks import at, said


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def write(data: Path, kind: str, name: str, text: str) -> None:
    """Put a rule file into the department's folder."""
    folder = data / "rules" / kind
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def app_of(data: Path) -> App:
    """Return an App that works there."""
    return App(Options(data=str(data)), installed={})


def cskit(data: Path, line: str, **settings: str) -> Result:
    """Run a command line there."""
    return run(line, data=data, plugins={}, **settings)  # type: ignore[arg-type]


# --- what is published -------------------------------------------------------------------------------------

DIFFERENT = {dt.date(2005, 12, 31)}
"""The sources disagree on one day of 8 401: whether the last of 2005, a Saturday, was worked in advance."""


def test_a_second_source_says_the_same() -> None:
    """Holidays and make-up workdays of 2004 to 2026 are those that chinesecalendar knows."""
    wrong = set()
    for ordinal in range(dt.date(2004, 1, 1).toordinal(), dt.date(2026, 12, 31).toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        known = published.year("CN", day.year)
        worked = day in known.make_up or (day.weekday() < 5 and day not in known.off)
        if worked != chinese_calendar.is_workday(day):
            wrong.add(day)
    assert wrong == DIFFERENT


def test_which_years_are_published() -> None:
    """The library's table of arrangements is where we look for it: 2026 is in it, 2099 is not."""
    assert published.year("CN", 2026).whole
    assert not published.year("CN", 2099).whole
    assert published.year("DE-BY", 2099).whole


def test_a_country_that_is_none(data: Path) -> None:
    """Holidays of nowhere are wrong configuration."""
    write(
        data,
        "calendars",
        "x",
        'label = { en = "X", zh = "X" }\nholidays = "ZZ"\nhours.monday = ["09:00-12:00"]\n',
    )
    with pytest.raises(Usage, match="holidays of 'ZZ' are not known"):
        app_of(data).calendars["x"].opening(0)


IMPORTED = """
import sys
from cskit.app import App
from cskit.calendar import parse_length
App(installed={}).calendars.named("office").after(1790000000, parse_length("3d"))
print("holidays" in sys.modules)
"""


def test_the_library_is_imported_once(data: Path, tmp_path: Path) -> None:
    """What is published is kept by the library's version; after that it is not imported any more."""
    cache = tmp_path / "cache"
    env = {"XDG_CACHE_HOME": str(cache), "CSKIT_DATA": str(data), "PYTHONPATH": ":".join(sys.path)}
    said = []
    for _again in range(2):
        done = subprocess.run(
            [sys.executable, "-c", IMPORTED], env=env, capture_output=True, text=True, check=True
        )
        said.append(done.stdout.strip())
    assert said == ["True", "False"]
    (kept,) = (cache / "cskit").iterdir()
    assert kept.name.startswith("holidays-CN-0.")
    kept.write_text("{", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], env=env, capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("True", "")
    kept.chmod(0o666)  # others could write what we would believe
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


# --- what the department says ------------------------------------------------------------------------------

REPAIR = """
label = { en = "Repair shift", zh = "维修班" }
holidays = "CN"
hours.monday = ["06:00-22:00"]
hours.saturday = ["06:00-12:00"]
hours.make_up = ["08:00-10:00"]

[[days]]
date = 2026-10-01
hours = ["08:00-12:00"]
label = { en = "Emergency service", zh = "应急值班" }

[[days]]
date = 2026-10-12
until = 2026-10-16
work = "off"
"""


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-10-01", 4),
        ("2026-10-05", 0),
        ("2026-10-10", 2),
        ("2026-10-12", 0),
        ("2026-10-17", 6),
        ("2026-10-19", 16),
    ],
    ids=["own-hours-on-a-holiday", "holiday", "make-up", "own-day-off", "saturday", "monday"],
)
def test_a_team_has_a_calendar_of_its_own(data: Path, day: str, hours: int) -> None:
    """Its own days go before published ones, these before the weekday's hours."""
    write(data, "calendars", "repair", REPAIR)
    found = app_of(data).calendars.named("repair")
    assert found.worked(at(f"{day} 00:00"), at(f"{day} 23:59")) == hours * 3600


def test_shared_days_hold_where_holidays_are_kept(data: Path) -> None:
    """A day of calendar-days counts in all calendars that keep holidays, or in those it names."""
    write(data, "calendars", "repair", REPAIR)
    write(data, "calendar-days", "party", 'days = [{ date = 2026-12-31, hours = ["09:00-10:00"] }]\n')
    write(
        data,
        "calendar-days",
        "stock",
        'calendars = ["repair"]\ndays = [{ date = 2026-12-28, work = "off" }]\n',
    )
    calendars = app_of(data).calendars
    assert calendars["office"].worked(at("2027-01-04 00:00"), at("2027-01-04 23:59")) == 8 * 3600
    span = at("2026-12-28 00:00"), at("2027-01-01 00:00")
    assert calendars["repair"].worked(*span) == 3600
    assert calendars["office"].worked(*span) == (3 * 8 + 1) * 3600
    assert calendars["always"].worked(*span) == 4 * 86_400


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("calendars", 'label = { en = "X", zh = "X" }\nhours.monday = ["9-12"]\n', "'9-12' are no hours"),
        ("calendars", 'label = { en = "X", zh = "X" }\nhours = {}\n', "no weekday has hours"),
        (
            "calendars",
            'label = { en = "X", zh = "X" }\nhours.monday = ["09:00-12:00", "11:00-13:00"]\n',
            "'11:00-13:00' begins before the hours in front of it end",
        ),
        (
            "calendars",
            'label = { en = "X", zh = "X" }\nhours.monday = ["08:00-20:00", "20:00-09:00"]\n',
            "the hours of a day are longer than 24 hours",
        ),
        ("calendar-days", "days = [{ date = 2026-10-01 }]\n", "say either hours or work"),
        (
            "calendar-days",
            'days = [{ date = 2026-10-01, work = "off" }, { date = 2026-10-01, work = "off" }]\n',
            "2026-10-01 stands there twice",
        ),
        ("calendar-days", 'calendars = ["offic"]\ndays = []\n', "there is no calendar 'offic'"),
    ],
    ids=["hours", "none", "overlap", "too-long", "neither", "twice", "unknown"],
)
def test_what_a_rule_file_cannot_say(data: Path, kind: str, text: str, fault: str) -> None:
    """A mistake in a calendar is told with the file it is in."""
    write(data, kind, "wrong", text)
    with pytest.raises(Usage) as caught:
        app_of(data).calendars.named("office")
    assert "wrong.toml" in caught.value.message
    assert fault in caught.value.message


def test_days_that_contradict_each_other(data: Path) -> None:
    """Two files that say different things of one day are refused; the same thing twice is no harm."""
    write(data, "calendar-days", "a", 'days = [{ date = 2026-10-12, work = "off" }]\n')
    write(data, "calendar-days", "b", "days = [{ date = 2026-10-12, hours = [] }]\n")
    assert app_of(data).calendars["office"].day(dt.date(2026, 10, 12)).hours == ()
    write(data, "calendar-days", "b", 'days = [{ date = 2026-10-12, hours = ["09:00-10:00"] }]\n')
    with pytest.raises(Usage, match="2026-10-12 is otherwise in"):
        app_of(data).calendars.named("office")


def test_a_calendar_in_another_zone(data: Path) -> None:
    """A team abroad works by its own clock."""
    write(
        data,
        "calendars",
        "berlin",
        'label = { en = "B", zh = "B" }\nzone = "Europe/Berlin"\nhours.monday = ["09:00-10:00"]\n',
    )
    found = app_of(data).calendars["berlin"]
    assert said(found.opening(at("2026-11-02 00:00"))) == "2026-11-02 16:00"


def test_an_unknown_calendar(data: Path) -> None:
    """A calendar that there is not is named with those there are."""
    with pytest.raises(NotFound) as caught:
        app_of(data).calendars.named("repair")
    assert (caught.value.message, caught.value.hint) == (
        "there is no calendar 'repair'",
        "there are always, office",
    )


# --- the commands ------------------------------------------------------------------------------------------


def test_show_a_month(data: Path) -> None:
    """A month is shown day by day: hours, and why a day is not as its weekday."""
    done = cskit(data, "calendar show 2026-10")
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr, len(lines)) == (0, "", 33)
    assert lines[2].split() == ["2026-10-01", "Thu", "0", "National", "Day"]
    assert lines[11].split() == [
        "2026-10-10",
        "Sat",
        "09:00-12:00",
        "13:00-18:00",
        "480",
        "make-up",
        "workday",
    ]


def test_show_in_chinese(data: Path) -> None:
    """Weekdays, titles and the names of holidays are Chinese for who reads Chinese."""
    lines = cskit(data, "calendar show 2026-10", lang="zh").stdout.splitlines()
    assert lines[0].split() == ["日期", "星期", "工作时间", "分钟", "说明"]
    assert lines[2].split() == ["2026-10-01", "周四", "0", "国庆节"]


@pytest.mark.parametrize(
    ("line", "stdout"),
    [
        ("calendar add 2026-09-30T17:00 3d", "2026-10-10T17:00+08:00\n"),
        ("calendar add '2026-10-16 17:30' 1h", "2026-10-19T09:30+08:00\n"),
        ("calendar add 2026-10-16T20:00 1d", "2026-10-20T09:00+08:00\n"),
        ("calendar add now 2h --now 2026-10-16T09:00:30", "2026-10-16T11:00:30+08:00\n"),
        ("calendar add 2026-10-16T20:00 24h --calendar always", "2026-10-17T20:00+08:00\n"),
        ("calendar add 2026-09-30T17:00 3d -o json", '{\n  "end": "2026-10-10T17:00+08:00"\n}\n'),
        (
            "calendar between 2026-09-30T17:00 2026-10-10T17:00 -o jsonl",
            '{"days":3,"hours":24.0,"minutes":1440}\n',
        ),
        (
            "calendar between 2026-10-16T17:30 2026-10-19T09:15 -o jsonl",
            '{"days":0,"hours":0.75,"minutes":45}\n',
        ),
    ],
)
def test_deadlines_and_time_between(data: Path, line: str, stdout: str) -> None:
    """A deadline is one line that a script can take; the time between is days, hours and minutes."""
    assert cskit(data, line) == (0, stdout, "")


@pytest.mark.parametrize(
    ("line", "stderr"),
    [
        ("calendar add 2026-09-30 3x", "cskit: '3x': expected a length such as 3d, 4h or 1d 30m\n"),
        ("calendar add tomorrow 3d", "cskit: 'tomorrow': expected a time such as 2026-11-22T16:30\n"),
        (
            "calendar between 2026-10-10 2026-10-09",
            "cskit: 2026-10-09 is before 2026-10-10\ngive the earlier one first\n",
        ),
    ],
)
def test_what_cannot_be_reckoned(data: Path, line: str, stderr: str) -> None:
    """What is not understood is said with an example, as wrong usage."""
    assert cskit(data, line) == (2, "", stderr)


UNPUBLISHED = (
    "cskit: the make-up workdays of 2031 are not known here: its days are reckoned by weekdays and statutory "
    "holidays; give them with `cskit calendar import FILE`, or upgrade holidays\n"
)


def test_a_year_that_is_not_published_is_told_once(data: Path) -> None:
    """Who reckons into a year whose make-up days are not known is told, once, and how to help."""
    done = cskit(data, "calendar add 2030-12-31T17:00 30d --calendar always")
    assert done.stderr == ""
    done = cskit(data, "calendar between 2031-01-04 2031-03-01")
    assert done.stderr == UNPUBLISHED


TABLE = """日期,至,班次,上班时间,名称
2031-01-01,2031-01-03,休,,元旦
2031-01-04,,班,,元旦调休
2031/1/17,,,09:00-12:00,年会
"""


def test_import_a_table(data: Path, tmp_path: Path) -> None:
    """A colleague's table of days becomes a rule file, in place of an older one, and ends the warning."""
    table = tmp_path / "假期.csv"
    table.write_text(TABLE, encoding="gb18030")
    done = cskit(data, f"calendar import {table} --name y2031 -o jsonl")
    path = data / "rules" / "calendar-days" / "y2031.toml"
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"path": str(path), "rows": 3, "whole": "2031"}
    assert path.stat().st_mode & 0o777 == 0o600
    shown = cskit(data, "calendar show 2031-01 -o jsonl")
    assert shown.stderr == ""
    days = {row["date"]: row for row in map(json.loads, shown.stdout.splitlines())}
    assert days["2031-01-04"] == {
        "date": "2031-01-04",
        "weekday": "Sat",
        "hours": "09:00-12:00 13:00-18:00",
        "minutes": 480,
        "why": "元旦调休",
    }
    assert (days["2031-01-17"]["minutes"], days["2031-01-02"]["minutes"]) == (180, 0)
    table.write_text("date,work\n2031-01-01,off\n", encoding="utf-8")
    assert cskit(data, f"calendar import {table} --name y2031").exit_code == 0
    assert json.loads(cskit(data, "calendar show 2031-01-17 -o jsonl").stdout)["minutes"] == 480


def test_import_a_bad_table(data: Path, tmp_path: Path) -> None:
    """All that is wrong with a table is said at once, and nothing is written."""
    table = tmp_path / "days.csv"
    table.write_text(
        "date,until,work,hours\n2031-02-30,,off,\n2031-01-05,2031-01-01,off,\n2031-01-06,,maybe,\n"
        "2031-01-07,,,9-5\n2031-01-08,,off,\n2031-01-08,,off,\n",
        encoding="utf-8",
    )
    done = cskit(data, f"calendar import {table}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == (
        "line 2, date: '2031-02-30': no such day in the calendar\n"
        "line 3, until: '2031-01-01': it is before the date, or a year after it\n"
        "line 4, work: 'maybe': expected off or make-up (休 or 班)\n"
        "line 5, hours: '9-5': '9-5' are no hours; expected such as 09:00-12:00\n"
        "line 7, date: '2031-01-08': line 6 gives this day as well\n"
        f"cskit: 5 bad rows in {table}; nothing was saved\n"
    )
    assert not (data / "rules").exists()


def test_import_is_no_part_of_a_batch(data: Path, tmp_path: Path) -> None:
    """What writes a rule file cannot be taken back, so a dry run refuses it."""
    done = cskit(data, "calendar import x.csv --dry-run")
    assert (done.exit_code, done.stdout) == (2, "")
