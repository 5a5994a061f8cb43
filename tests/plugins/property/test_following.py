"""What is followed up: rectifications, events, audits, patrols; tasks and the timeline of a project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result
from cskit_property.checks.rectifications import FLOW as RECTIFICATIONS
from cskit_property.estates.events import FLOW as EVENTS
from cskit_property.estates.liaison import EVENT_STATES
from tests.plugins.property.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("flow", [EVENTS, RECTIFICATIONS], ids=["events", "rectifications"])
def test_the_tables_are_sound(flow: Any) -> None:
    """Every state is reached, and what is open leads on."""
    assert flow.faults() == []


# --- rectifications ----------------------------------------------------------------------------------------


def test_somebody_else_verifies(estate: Run, stored: Stored) -> None:
    """Who put it right does not verify it; another may, or sends it back; each step is kept."""
    worked(estate("property rectification add 灯坏 --project PJ-001 --owner S-002"))
    assert stored("rectification", "RC-0001")["due"] == "2026-10-27T15:59:59Z"
    worked(
        estate("property rectification done RC-0001 --text 已换 --photo a.jpg --photo b.jpg", user="S-002")
    )
    own = estate("property rectification verify RC-0001", user="S-002")
    assert (own.exit_code, own.stdout) == (1, "")
    assert own.stderr == (
        "cskit: rectification RC-0001: S-002 put it right, so somebody else verifies it\n"
        "say who you are with --user\n"
    )
    worked(estate("property rectification return RC-0001 --reason 又坏", user="S-003"))
    back = stored("rectification", "RC-0001")
    assert (back["state"], back.get("done_by")) == ("open", None)
    worked(estate("property rectification done RC-0001", user="S-002"))
    done = estate("property rectification verify RC-0001", user="S-003")
    assert done.stderr.startswith("1 rectification verified; saved as ")
    kept = stored("rectification", "RC-0001")
    assert (kept["state"], kept["done_by"], kept["verified_by"]) == ("verified", "S-002", "S-003")
    assert [(step["what"], step["who"]) for step in kept["steps"]] == [
        ("done", "S-002"),
        ("return", "S-003"),
        ("done", "S-002"),
        ("verify", "S-003"),
    ]
    assert kept["steps"][0]["photos"] == ["a.jpg", "b.jpg"]


def test_many_are_moved_together_or_none(estate: Run, stored: Stored) -> None:
    """One that cannot take the step stops all; each is named."""
    for text in ("甲", "乙"):
        worked(estate(f"property rectification add {text} --project PJ-001"))
    worked(estate("property rectification done RC-0001", user="S-002"))
    both = estate("property rectification done RC-0001 RC-0002")
    assert (both.exit_code, both.stdout) == (1, "")
    assert "RC-0001 is done, to be verified, so it cannot be done: done\n" in both.stderr
    assert stored("rectification", "RC-0002")["state"] == "open"
    done = estate("property rectification withdraw --where 'project == \"PJ-001\"' --reason 误记")
    assert done.stderr.startswith("2 rectifications withdrawn; ")


def test_what_is_late(estate: Run) -> None:
    """Late are those not put right after their deadline, the serious ones first."""
    worked(estate("property rectification add 甲 --project PJ-001 --due 2026-10-19T10:00"))
    worked(estate("property rectification add 乙 --project PJ-001 --serious", now="2026-10-10T09:00"))
    worked(estate("property rectification add 丙 --project PJ-001"))
    found = json.loads(worked(estate("property rectification late -o json")))
    assert [(row["id"], row["hours"], row.get("serious")) for row in found] == [
        ("RC-0002", 217, True),
        ("RC-0001", 24, None),
    ]


# --- liaison events ----------------------------------------------------------------------------------------

WAYS = {
    "raised": [],
    "coordinating": ["coordinating"],
    "implementing": ["implementing"],
    "verified": ["implementing", "verified"],
    "closed": ["implementing", "verified", "closed"],
    "withdrawn": ["withdrawn"],
}


@pytest.mark.parametrize("state", list(WAYS))
def test_events_go_where_the_table_says(estate: Run, stored: Stored, state: str) -> None:
    """From each state an event goes to those the table has, and to no other, which says where it could go."""
    worked(estate("property event add 电梯更换 --project PJ-001 --due 2026-11-01"))
    for to in WAYS[state]:
        worked(estate(f"property event move PE-0001 --to {to}"))
    assert stored("event", "PE-0001")["state"] == state
    ways = {move.target for move in EVENTS.moves if state in move.sources}
    for to in EVENT_STATES:
        done = estate(f"property event move PE-0001 --to {to} --dry-run")
        assert done.exit_code == (0 if to in ways else 1), to
        if to not in ways:
            assert f"event PE-0001 is {state}, from where nothing leads to {to}\n" in done.stderr
            assert all(way in done.stderr for way in ways)


def test_an_event_keeps_its_minutes(estate: Run, stored: Stored) -> None:
    """Decisions, words and complaints are noted until an event ends; a state has a title, too."""
    worked(estate("case add 电梯常停 --received-at 2026-10-19T09:00"))
    worked(estate("property event add 电梯更换 --project PJ-001 --owner S-002 --case CP-20261019-001"))
    worked(estate("property event note PE-0001 --decision 周末施工 --text 已通知业主"))
    worked(estate("property event move PE-0001 --to 实施中 --text 开工"))
    event = stored("event", "PE-0001")
    assert event["cases"] == ["CP-20261019-001"]
    assert [one["text"] for one in event["decisions"]] == ["周末施工"]
    assert [(one["what"], one["text"]) for one in event["steps"]] == [
        ("note", "已通知业主"),
        ("implement", "开工"),
    ]
    unknown = estate("property event note PE-0001 --case CP-20260101-009")
    assert (unknown.exit_code, unknown.stderr) == (3, "cskit: there is no case CP-20260101-009\n")
    assert estate("property event note PE-0001").exit_code == 2
    assert estate("property event move PE-0001 --to done").stderr == (
        "cskit: there is no state 'done' of events\n"
        "there are raised, coordinating, implementing, verified, closed, withdrawn\n"
    )
    worked(estate("property event move PE-0001 --to withdrawn"))
    ended = estate("property event note PE-0001 --text x")
    assert (ended.exit_code, ended.stderr) == (1, "cskit: event PE-0001 has ended\nraise another one\n")
    assert stored("event", "PE-0001")["closed_at"] == "2026-10-20T02:00:00Z"


def test_overdue_events(estate: Run) -> None:
    """Overdue are open events whose day is over, the longest overdue first."""
    for day in ("2026-10-19", "2026-10-10", "2026-10-20"):
        worked(estate(f"property event add 事项 --due {day}"))
    found = json.loads(worked(estate("property event overdue -o json")))
    assert [(row["id"], row["days"]) for row in found] == [("PE-0002", 10), ("PE-0001", 1)]


# --- audits and patrols ------------------------------------------------------------------------------------


def test_audits_find_and_conclude(estate: Run, stored: Stored) -> None:
    """What an audit finds is put right as well; its results are summed up by project and kind."""
    worked(estate("property audit add PJ-001 --on 2026-10-12 --topic 消防台账 --lead S-009 --team S-001"))
    worked(estate("property audit find PA-0001 --text 缺页 --to 李经理 --due 2026-10-15"))
    worked(estate("property audit add PJ-001 --on 2026-10-13 --topic 收费 --kind mutual --by-project PJ-002"))
    done = estate("property audit conclude PA-0001 --passed --text 补齐后合格")
    assert done.stderr.startswith("audit PA-0001: passed with findings; ")
    opened = stored("rectification", "RC-0001")
    assert (opened["owner"], opened["due"]) == ("李经理", "2026-10-15T15:59:59Z")
    assert json.loads(worked(estate("property audit results --period 2026-10 -o json"))) == [
        {
            "project": "PJ-001",
            "kind": "internal",
            "audits": 1,
            "passed": 1,
            "failed": 0,
            "findings": 1,
            "open": 1,
            "late": 1,
        },
        {
            "project": "PJ-001",
            "kind": "mutual",
            "audits": 1,
            "passed": 0,
            "failed": 0,
            "findings": 0,
            "open": 0,
            "late": 0,
        },
    ]
    for line in ("find PA-0001 --text x", "conclude PA-0001 --failed --text x"):
        again = estate(f"property audit {line}")
        assert (again.exit_code, again.stdout) == (1, "")
        assert "audit PA-0001 was concluded on 2026-10-20" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--kind mutual", "by_project: a mutual audit needs the project that audits\n"),
        ("--by-project PJ-001", "by_project: 'PJ-001': no project audits itself\n"),
    ],
)
def test_who_audits(estate: Run, words: str, said: str) -> None:
    """Projects audit each other, not themselves."""
    done = estate(f"property audit add PJ-001 --on 2026-10-12 --topic 收费 {words}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr == f"{said}cskit: 1 value does not fit; nothing was saved\n"


def test_a_patrol_finds(estate: Run, stored: Stored) -> None:
    """A patrol is noted with who and when; what it finds is put right."""
    worked(estate("property patrol add PJ-001 --seen 正常 --route 东门至会所 --areas 保洁,绿化"))
    done = estate("property patrol find PP-0001 --text 路灯不亮 --serious")
    assert (done.stdout, done.exit_code) == ("RC-0001\n", 0)
    patrol = stored("patrol", "PP-0001")
    assert (patrol["staff"], patrol["at"], patrol["findings"]) == ("S-001", "2026-10-20T02:00:00Z", 1)


# --- projects ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("property project add 甲 --residential-area -5", "residential_area: '-5': cannot be below zero\n"),
        (
            "property project set PJ-001 other_rate=-0.01",
            "PJ-001 other_rate: '-0.01': cannot be below zero\n",
        ),
        (
            "property project add 甲 --contract-from 2026-10-01 --contract-until 2026-09-30",
            "contract_until: '2026-09-30': the contract would end before it begins on 2026-10-01\n",
        ),
        (
            "property project building PJ-001 --name 1# --floors 31 --built 32",
            "built: '32': of 31 floors, so many cannot stand\n",
        ),
        ("property project building PJ-001 --name 1#", "floors: a new building needs its number of floors\n"),
    ],
)
def test_what_no_project_is(estate: Run, line: str, said: str) -> None:
    """Areas and rates are not below zero, contracts end after they begin, no more floors stand than may."""
    done = estate(line)
    assert (done.exit_code, done.stdout) == (5, "")
    assert said.split(": ", 1)[-1] in done.stderr
    assert done.stderr.endswith("nothing was saved\n")


def test_buildings_grow(estate: Run, stored: Stored) -> None:
    """A building is put down once and grows; what is not said stays."""
    worked(estate("property project building cy --name 1# --floors 31 --built 15 --units 124"))
    done = estate("property project building cy --name 1# --built 16")
    assert done.stderr.startswith("building 1#: 16 of 31 floors stand; ")
    assert stored("project", "PJ-001")["buildings"] == [
        {"name": "1#", "floors": 31, "built": 16, "units": 124}
    ]


def test_what_is_due(estate: Run) -> None:
    """Late rectifications, those to verify, events, checks to be made, estates nobody walked through."""
    worked(estate("property check new PJ-002 --standard commercial --on 2026-10-21 --checker S-005"))
    worked(estate("property rectification add 灯坏 --project PJ-001 --owner S-002"))
    worked(estate("property rectification add 漏水 --project PJ-001"))
    worked(estate("property rectification done RC-0002", user="S-002"))
    worked(estate("property event add 电梯更换 --due 2026-10-19 --owner S-003"))
    worked(estate("property patrol add PJ-002"))
    done = estate("today --until 2026-10-27 -o json")
    assert [(row["due"], row["what"], row.get("who")) for row in json.loads(worked(done))] == [
        ("2026-10-19", "see through: 电梯更换", "S-003"),
        ("2026-10-20", "walk through 晨屿花园", None),
        ("2026-10-20", "verify what S-002 put right: 漏水", None),
        ("2026-10-21", "check PJ-002: items left 25", "S-005"),
        ("2026-10-27T15:59:59Z", "put right at PJ-001: 灯坏", "S-002"),
        ("2026-10-27", "walk through 晨屿中心", None),
    ]


def test_the_timeline_of_a_project(estate: Run) -> None:
    """What happened at a project, newest first: checks, findings, events, patrols; nothing of another one."""
    worked(estate("property check new PJ-001 --standard commercial --items 3 --seed 1 --on 2026-10-15"))
    worked(estate("property check record CK-0001 --rest-ok"))
    worked(estate("property rectification add 灯坏 --project PJ-001", now="2026-10-16T09:00"))
    worked(estate("property rectification done RC-0001 --text 已换", user="S-002", now="2026-10-17T09:00"))
    worked(estate("property event add 电梯更换 --project PJ-001", now="2026-10-18T09:00"))
    worked(estate("property event note PE-0001 --decision 周末施工", now="2026-10-19T09:00"))
    worked(estate("property patrol add PJ-001 --seen 正常"))
    worked(estate("property patrol add PJ-002 --seen 另一处"))
    found = json.loads(worked(estate("property project timeline cy -o json")))
    assert [row["what"] for row in found] == [
        "patrolled: 正常",
        "decided: 周末施工",
        "raised: 电梯更换",
        "done: 已换",
        "found: 灯坏",
        "checked by commercial: score 100.00, findings 0",
    ]
    zh = json.loads(worked(estate("property project timeline cy -o json", lang="zh")))
    assert zh[3]["what"] == "完成整改: 已换"


def test_import_keeps_deadlines(estate: Run, stored: Stored, tmp_path: Path) -> None:
    """Rectifications from a file get the deadline that they are without; every bad row is told."""
    file = tmp_path / "found.csv"
    file.write_text("问题,项目,严重\n积水,cy,是\n裂缝,PJ-009,否\n松动,PJ-001,也许\n", encoding="utf-8")
    bad = estate(f"property rectification import {file}")
    assert (bad.exit_code, bad.stdout) == (5, "")
    assert "3" in bad.stderr
    assert "4" in bad.stderr
    file.write_text("问题,项目,严重\n积水,cy,是\n", encoding="utf-8")
    worked(estate(f"property rectification import {file}"))
    assert stored("rectification", "RC-0001")["due"] == "2026-10-21T02:00:00Z"
