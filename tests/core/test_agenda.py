"""`cskit today` and timelines: what plugins give, checked, sorted and shown."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from cskit import agenda, timeline
from cskit.app import App
from cskit.config.settings import Settings
from cskit.declarations import Event, Task
from cskit.errors import PluginFailed
from cskit.terminal.options import Options
from cskit.testing import run

NOW = "2026-11-28T10:00"  # in Asia/Shanghai
UTC = dt.UTC
DAY = dt.date


def at(hour: int, day: int = 28) -> dt.datetime:
    """Return an hour of a day of November in Shanghai, as an instant of another zone."""
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8))).astimezone(UTC)


TASKS = (
    Task(DAY(2026, 12, 3), "later", "case", "CP-6"),
    Task(DAY(2026, 11, 29), "tomorrow", "case", "CP-5", who="S-002"),
    Task(DAY(2026, 11, 28), "any time today", "case", "CP-4", who="S-001", do="case show CP-4"),
    Task(at(11), "at eleven", "case", "CP-3", who="S-001"),
    Task(at(9), "an hour ago", "case", "CP-2"),
    Task(DAY(2026, 11, 27), "yesterday", "case", "CP-1", who="S-002"),
    Task(at(8, 30), "a crisis", "case", "CP-0", urgent=True, do="case show CP-0"),
)


@pytest.fixture
def installed(plugin):
    """Return a plugin that gives `TASKS`, whatever it is asked for."""
    return {"cases": plugin(tasks=lambda: TASKS)}


def app_of(installed, **options) -> App:
    """Return an App at `NOW` with some plugins."""
    return App(Options(now=NOW, **options), settings=Settings(), installed=installed)


# --- collecting ---------------------------------------------------------------------------------------------


def test_the_order_of_tasks(installed):
    """Urgent ones first, then overdue ones, then by time; a day without an hour ends with the day."""
    found = agenda.collect(app_of(installed), DAY(2026, 12, 31)).due
    assert [(one.when, one.task.what) for one in found] == [
        ("urgent", "a crisis"),
        ("overdue", "yesterday"),
        ("overdue", "an hour ago"),
        ("today", "at eleven"),
        ("today", "any time today"),
        ("tomorrow", "tomorrow"),
        ("later", "later"),
    ]


@pytest.mark.parametrize(
    ("until", "whats"),
    [
        (None, ["a crisis", "yesterday", "an hour ago", "at eleven", "any time today"]),
        (DAY(2026, 11, 28), ["a crisis", "yesterday", "an hour ago", "at eleven", "any time today"]),
        (
            DAY(2026, 11, 29),
            ["a crisis", "yesterday", "an hour ago", "at eleven", "any time today", "tomorrow"],
        ),
    ],
    ids=["default", "today", "tomorrow"],
)
def test_until(installed, until, whats):
    """What is due by the end of the day is listed, what a plugin gives beyond is not, unless urgent."""
    assert [one.task.what for one in agenda.collect(app_of(installed), until).due] == whats


def test_plugins_are_told_until_when(plugin):
    """A plugin is given the app and the day, so that it need not look further."""
    asked = []
    app = app_of({"cases": plugin(tasks=lambda app, until: asked.append((app, until)))})
    assert agenda.collect(app).due == []
    assert asked == [(app, DAY(2026, 11, 28))]


def test_who(installed):
    """One person's tasks are that person's alone; what is nobody's is counted."""
    found = agenda.collect(app_of(installed), DAY(2026, 12, 31), "S-001")
    assert [one.task.id for one in found.due] == ["CP-3", "CP-4"]
    assert (found.nobodys, found.people) == (3, ["S-001", "S-002"])


@pytest.mark.parametrize(
    ("zone", "when"), [("Asia/Shanghai", "today"), ("America/Los_Angeles", "today"), ("UTC", "today")]
)
def test_days_are_the_departments(plugin, zone, when):
    """The day of an instant, and today, are those of the department's zone."""
    task = Task(dt.datetime(2026, 11, 28, 5, tzinfo=UTC), "x", "case", "CP-1")
    app = App(
        Options(now="2026-11-28T04:00:00Z"),
        settings=Settings(zone=zone),
        installed={"cases": plugin(tasks=lambda: [task])},
    )
    assert [one.when for one in agenda.collect(app).due] == [when]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("later", "expected Task, not str"),
        (Task("2026-11-28", "x", "case", "CP-1"), "'2026-11-28' is neither a day nor an aware time"),
        (Task(dt.datetime(2026, 11, 28), "x", "case", "CP-1"), "is neither a day nor an aware time"),  # noqa: DTZ001
        (Task(DAY(2026, 11, 28), " ", "case", "CP-1"), "Task needs what, about and id"),
        (Task(DAY(2026, 11, 28), "x", "case", ""), "Task needs what, about and id"),
        (Task(DAY(2026, 11, 28), "x", "case", "CP-1", who=None), "who, and what to type, are texts"),
        (Event(DAY(2026, 11, 28), "x", "case", "CP-1"), "expected Task, not Event"),
    ],
    ids=["text", "text-day", "naive", "what", "id", "who", "event"],
)
def test_a_plugin_with_a_bad_task_is_left_out(plugin, capsys, bad, said):
    """Its tasks are left out as a whole, it is named, and other plugins' are there."""
    good = Task(DAY(2026, 11, 28), "good", "case", "CP-9")
    app = app_of({"a": plugin(tasks=lambda: [good, bad]), "b": plugin(tasks=lambda: [good])})
    assert [one.plugin for one in agenda.collect(app).due] == ["b"]
    err = capsys.readouterr().err
    assert err.startswith("cskit: plugin a is broken: cskit_tasks: ")
    assert said in err


def test_a_plugin_that_fails_is_left_out(plugin, installed, monkeypatch):
    """An exception, or an exit, stops neither the others nor the command, and is named; strictly, it does."""

    def fails():
        yield TASKS[0]
        raise SystemExit("no")

    installed["broken"] = plugin(tasks=fails)
    done = run(f"today --now {NOW} -o jsonl", plugins=installed)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 5
    said = (
        "cskit: plugin broken is broken: cskit_tasks: SystemExit: no; the rest works (cskit plugins list)\n"
    )
    assert done.stderr == said
    monkeypatch.setenv("CSKIT_STRICT", "1")
    with pytest.raises(PluginFailed):
        agenda.collect(app_of(installed))


# --- the command --------------------------------------------------------------------------------------------

SHOWN = """\
Urgent
  2026-11-28 08:00  a crisis · CP-0
                    $ cskit case show CP-0

Overdue
  2026-11-27        yesterday · CP-1 · S-002
  2026-11-28 09:00  an hour ago · CP-2

Today
  2026-11-28 11:00  at eleven · CP-3 · S-001
  2026-11-28        any time today · CP-4 · S-001
                    $ cskit case show CP-4

Tomorrow
  2026-11-29        tomorrow · CP-5 · S-002
"""


def test_what_people_see(plugin):
    """Groups with a heading, each task with what to type for it."""
    tasks = (*TASKS[:-1], TASKS[-1]._replace(due=at(8)))
    done = run(f"today --now {NOW} --until 2026-11-29", plugins={"cases": plugin(tasks=lambda: tasks)})
    assert done == (0, SHOWN, "")


def test_what_programs_get(plugin):
    """JSON has the same keys in every language, times in UTC, and nothing that is not known."""
    installed = {"cases": plugin(tasks=lambda: TASKS[:-1])}
    done = run(f"today --now {NOW} --until 2026-11-28 -o json", plugins=installed, lang="zh")
    assert json.loads(done.stdout) == [
        {
            "when": "overdue",
            "due": "2026-11-27",
            "what": "yesterday",
            "about": "case",
            "id": "CP-1",
            "who": "S-002",
            "plugin": "cases",
        },
        {
            "when": "overdue",
            "due": "2026-11-28T01:00:00Z",
            "what": "an hour ago",
            "about": "case",
            "id": "CP-2",
            "plugin": "cases",
        },
        {
            "when": "today",
            "due": "2026-11-28T03:00:00Z",
            "what": "at eleven",
            "about": "case",
            "id": "CP-3",
            "who": "S-001",
            "plugin": "cases",
        },
        {
            "when": "today",
            "due": "2026-11-28",
            "what": "any time today",
            "about": "case",
            "id": "CP-4",
            "who": "S-001",
            "do": "case show CP-4",
            "plugin": "cases",
        },
    ]


def test_in_chinese(installed):
    """Headings are in the user's language."""
    done = run(f"today --now {NOW}", plugins=installed, lang="zh")
    assert [line for line in done.stdout.splitlines() if line and line[0] != " "] == [
        "紧急",
        "已逾期",
        "今天",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--who S-001", "2 more are nobody's in particular: see `cskit today`\n"),
        ("--who S-01", "nothing is due for S-01; there is something for S-001\n2 more are nobody's"),
        (
            "--who nobody",
            "nothing is due for nobody; there is something for S-001, S-002\n2 more are nobody's",
        ),
        ("--who S-001 -q", ""),
    ],
)
def test_what_is_said_of_the_rest(plugin, words, said):
    """Who is asked for is told what is nobody's, and who there is where a name has nothing."""
    tasks = (*TASKS, Task(DAY(2026, 11, 1), "nobody's", "case", "CP-7"))[2:]
    tasks = tuple(one for one in tasks if not one.urgent)
    done = run(f"today --now {NOW} {words}", plugins={"cases": plugin(tasks=lambda: tasks)})
    assert done.exit_code == 0
    assert done.stderr.startswith(said)
    assert bool(done.stderr) == bool(said)


def test_nothing_is_due(plugin):
    """An empty list says so, and is no failure."""
    assert run("today", plugins={"cases": plugin(tasks=lambda: None)}) == (0, "", "nothing is due\n")
    assert run("today", plugins={}) == (0, "", "nothing is due\n")
    assert run("today -o json", plugins={}) == (0, "[]\n", "nothing is due\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--until 2026-11-27", "--until 2026-11-27 is over: today is 2026-11-28"),
        ("--until soon", "Invalid value for '--until': 'soon': "),
        ("-o ics --fields what", "--fields: a calendar has no fields to choose from"),
        ("--out due.docx", "--out: .docx says no format"),
    ],
)
def test_wrong_usage(installed, words, said):
    """What cannot be done is said in a line, exit 2, and nothing is written."""
    done = run(f"today --now {NOW} {words}", plugins=installed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_escapes_do_not_reach_the_terminal(plugin):
    """Whatever a record's text holds, it is shown as signs, and stays on its line."""
    nasty = Task(DAY(2026, 11, 28), "x\x1b[31m\ny\x9b", "case", "CP\r1", do="case show 'a\nb'")
    done = run(f"today --now {NOW}", plugins={"cases": plugin(tasks=lambda: [nasty])})
    assert done.stdout == (
        "Today\n  2026-11-28        x␛[31m⏎y\N{REPLACEMENT CHARACTER} · CP⏎1\n"
        "                    $ cskit case show 'a⏎b'\n"
    )


def test_long_lines_are_broken_on_a_terminal():
    """Text stands beside its time, by the cells that characters take; what is to be typed stays whole."""
    from zoneinfo import ZoneInfo

    from cskit.display.agenda import lines

    task = Task(
        DAY(2026, 11, 28), "电话回访客户并说明新的价格表", "case", "CP-1", do="case reply CP-1 --text …" * 3
    )
    found = list(lines([agenda.Due("today", "cases", task)], ZoneInfo("Asia/Shanghai"), 40))
    assert found == [
        "Today",
        "  2026-11-28        电话回访客户并说明新",
        "                    的价格表 · CP-1",
        f"                    $ cskit {'case reply CP-1 --text …' * 3}",
    ]


# --- timelines ----------------------------------------------------------------------------------------------


def test_a_timeline_is_newest_first(plugin):
    """Events of all plugins are put together by time; a day without an hour begins with the day."""
    asked = []

    def events(app, kind, id):
        asked.append((kind, id))
        yield Event(DAY(2026, 11, 28), "day", "order", "O-1")
        yield Event(at(0, 29), "midnight", "call", "CL-1", who="S-001")

    more = [Event(at(9), "nine", "case", "CP-1"), Event(DAY(2027, 1, 1), "to come", "case", "CP-1")]
    app = app_of({"a": plugin(timeline=events), "b": plugin(timeline=lambda: more)})
    found = timeline.collect(app, "customer", "C-1")
    assert [event.what for event in found] == ["to come", "midnight", "nine", "day"]
    assert asked == [("customer", "C-1")]


def test_a_plugin_with_a_bad_event_is_left_out(plugin, capsys):
    """A plugin whose answer is no events is named, and the others' are there."""
    good = Event(DAY(2026, 11, 28), "good", "case", "CP-1")
    bad = Event(None, "bad", "case", "CP-2")
    app = app_of({"a": plugin(timeline=lambda: [bad]), "b": plugin(timeline=lambda: [good])})
    assert timeline.collect(app, "customer", "C-1") == [good]
    said = "cskit: plugin a is broken: cskit_timeline: Event of CP-2: None is neither a day nor an aware time"
    assert capsys.readouterr().err.startswith(said)
