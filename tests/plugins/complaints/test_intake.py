"""Cases as they come in: numbers by day, codes for titles, severity, files of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result

Desk = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]


def test_the_number_is_of_the_day_it_came_in(desk: Desk) -> None:
    """Each day counts from 1, by the department's zone and not UTC; no number comes again."""
    assert desk("case add 漏水").stdout == "CP-20261123-001\n"
    assert desk("case add 停电").stdout == "CP-20261123-002\n"
    assert desk("case add 噪音 --received-at 2026-11-22T23:59").stdout == "CP-20261122-001\n"
    assert desk("case add 电梯 --received-at 2026-11-22T16:30Z").stdout == "CP-20261123-003\n"
    assert desk("case remove CP-20261123-003 --yes").exit_code == 0
    assert desk("case add 门禁").stdout == "CP-20261123-004\n"


def test_a_busy_day_grows_wider(desk: Desk) -> None:
    """Over 999 the number has four digits, and an own number in its form is never given out."""
    assert desk("case add 漏水 --id CP-20261123-999").exit_code == 0
    assert desk("case add 漏水").stdout == "CP-20261123-1000\n"


def test_what_is_filled_in(desk: Desk, case: Stored) -> None:
    """A case without more is a complaint of severity 3, received now and registered by who acts."""
    desk("case add 漏水")
    found = case()
    assert (found["kind"], found["severity"], found["state"]) == ("complaint", 3, "registered")
    assert found["received_at"] == "2026-11-23T02:00:00Z"
    assert found["events"] == [
        {"at": "2026-11-23T02:00:00Z", "who": "S-001", "what": "register", "after": "registered"}
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("property.repair.leak", "property.repair.leak"),
        ("real-estate/property.repair.leak", "property.repair.leak"),
        ("渗漏水", "property.repair.leak"),
        ("leaks", "property.repair.leak"),
        ("物业 > 维修 > 渗漏水", "property.repair.leak"),
        ("Property/Repairs/Leaks", "property.repair.leak"),
        ("power/service.conduct.hall.attitude", "power/service.conduct.hall.attitude"),
        ("停送电", "power/supply.outage"),
        ("服务态度", "service.attitude"),
        ("服务", "service"),
    ],
)
def test_a_category_by_code_path_or_title(desk: Desk, case: Stored, typed: str, code: str) -> None:
    """Code, path and title, in either language, come to the code; the default tree goes before others."""
    assert desk(f"case add 漏水 --category '{typed}'").exit_code == 0
    assert case()["category"] == code


def test_an_ambiguous_category(desk: Desk) -> None:
    """A title that several categories have is refused with all of them."""
    done = desk("case add 柜员态度不好 --category 服务规范")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.startswith("category: '服务规范': '服务规范' means 8 categories: ")
    assert (
        "power/service.conduct.hall.standard (Service > Conduct of staff > Business hall staff" in done.stderr
    )


def test_a_category_there_is_not(desk: Desk) -> None:
    """A category that no tree has is refused with the nearest one, also when it is set later."""
    desk("case add 漏水")
    done = desk("case set CP-20261123-001 category=Leeks")
    assert (done.exit_code, done.stdout) == (5, "")
    assert "category: 'Leeks': there is no category 'Leeks'; did you mean Leaks?\n" in done.stderr


def test_a_helping_department_there_is_not(desk: Desk, case: Stored) -> None:
    """Helpers are departments by code or title, each once; one unknown is refused with the list."""
    desk("case add 漏水 --helpers 维修部 --helpers repair --helpers quality")
    assert case()["helpers"] == ["repair", "quality"]
    done = desk("case set CP-20261123-001 helpers+=财务部")
    assert done.exit_code == 5
    assert "there is no department '财务部'; there are engineering Engineering, " in done.stderr


SEVERITIES = [
    ("", 3),
    ("--people 1", 3),
    ("--people 2", 2),
    ("--people 9", 2),
    ("--people 10", 1),
    ("--media", 1),
    ("--march", 1),
    ("--serious-effect", 3),
    ("--serious-effect --validity valid", 1),
    ("--loss-claimed 10000", 3),
    ("--loss-claimed 10000.01", 2),
]


@pytest.mark.parametrize(("options", "severity"), SEVERITIES)
def test_severity(desk: Desk, case: Stored, options: str, severity: int) -> None:
    """Severity is computed by the policy's numbers, at their very limits (catalogue G4)."""
    assert desk(f"case add 漏水 {options}").exit_code == 0
    assert case()["severity"] == severity


def test_only_complaints_have_a_severity(desk: Desk, case: Stored) -> None:
    """An enquiry has none, as long as the policy does not count its kind."""
    desk("case add 几点开门 --kind enquiry --people 12")
    assert "severity" not in case()


def test_the_third_complaint_of_a_customer(desk: Desk, case: Stored) -> None:
    """A customer's third complaint in 90 days is of severity 2; one of 90 days before does not count."""
    for day in ("2026-08-24T09:00", "2026-11-01T10:00", "2026-11-22T10:00", "2026-11-23T09:00"):
        assert desk(f"case add 漏水 --customer KH7 --received-at {day}").exit_code == 0
    found = [case(own)["severity"] for own in ("CP-20260824-001", "CP-20261122-001", "CP-20261123-001")]
    assert found == [3, 3, 2]


def test_severity_follows_what_is_known(desk: Desk, case: Stored) -> None:
    """When more is known, severity is computed anew."""
    desk("case add 漏水")
    desk("case set CP-20261123-001 people=12")
    assert case()["severity"] == 1


def test_severity_overridden(desk: Desk, case: Stored) -> None:
    """Somebody may say otherwise, with a reason that stays; clearing it computes it again."""
    desk("case add 漏水")
    done = desk("case set CP-20261123-001 severity=1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: the severity of case CP-20261123-001 is computed as 3; 1 needs a reason\n"
        'say why with --reason "…"\n'
    )
    assert desk("case set CP-20261123-001 severity=1 --reason 市长来电").exit_code == 0
    assert (case()["severity"], case()["severity_reason"]) == (1, "市长来电")
    desk("case set CP-20261123-001 people=2")
    assert case()["severity"] == 1
    assert desk("case set CP-20261123-001 severity=").exit_code == 0
    assert (case()["severity"], case().get("severity_reason")) == (2, None)


def test_a_file_of_cases(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """A file with Chinese headings comes in, each row under its own day; again, it changes nothing."""
    rows = (
        "外部编号,受理内容,分类,受理时间,类型,投诉人数\n"
        "T-1,电梯困人,电梯,2026-11-20 09:00,投诉,12\n"
        "T-2,几点开门,,2026-11-20 10:00,咨询,\n"
        "T-3,漏水,渗漏水,2026-11-21 08:00,,\n"
    )
    (tmp_path / "cases.csv").write_text(rows, encoding="utf-8")
    done = desk(f"case import {tmp_path / 'cases.csv'}")
    assert done.exit_code == 0, done.stderr
    listed = desk("case list --fields id,key,severity -o jsonl").stdout.splitlines()
    assert [json.loads(row) for row in listed] == [
        {"id": "CP-20261120-001", "key": "T-1", "severity": 1},
        {"id": "CP-20261120-002", "key": "T-2"},
        {"id": "CP-20261121-001", "key": "T-3", "severity": 3},
    ]
    again = desk(f"case import {tmp_path / 'cases.csv'}")
    assert "nothing to save" in again.stderr
    assert case("T-3")["category"] == "property.repair.leak"


def test_bad_rows_are_told_all_at_once(desk: Desk, tmp_path: Path) -> None:
    """Every category and department that there is not is named with its line."""
    rows = "受理内容,分类,协办部门\n漏水,渗漏税,\n停电,,财务部\n"
    (tmp_path / "cases.csv").write_text(rows, encoding="utf-8")
    done = desk(f"case import {tmp_path / 'cases.csv'}")
    assert done.exit_code == 5
    assert "渗漏税" in done.stderr
    assert "财务部" in done.stderr
    assert desk("case count").stdout == "0\n"


def test_an_export_comes_back(desk: Desk, tmp_path: Path) -> None:
    """What was exported comes in again without a change, and a state cannot be changed by it."""
    desk("case add 漏水 --category 渗漏水 --customer KH7 --phone 13812340577")
    desk("case assign CP-20261123-001 --to repair")
    file = tmp_path / "cases.jsonl"
    assert desk(f"case export --out {file}").exit_code == 0
    assert "nothing to save" in desk(f"case import {file}").stderr
    file.write_text(file.read_text(encoding="utf-8").replace('"state":"assigned"', '"state":"closed"'))
    done = desk(f"case import {file}")
    assert done.exit_code == 5
    assert "is kept by `case start, case resolve, …`" in done.stderr


def test_titles_for_people(desk: Desk, tmp_path: Path) -> None:
    """Chinese tables and workbooks have titles for codes, which come in again as they were."""
    desk("case add 漏水 --category leaks --helpers quality")
    desk("case add 柜员 --category power/service.conduct.hall.attitude")
    shown = desk("case list --fields category,helpers", lang="zh").stdout
    assert [line.split() for line in shown.splitlines()[2:]] == [
        ["渗漏水", "品质部"],
        ["power/service.conduct.hall.attitude"],
    ]
    file = tmp_path / "cases.xlsx"
    assert desk(f"case export --out {file}", lang="zh").exit_code == 0
    assert "nothing to save" in desk(f"case import {file}").stderr
    assert '"category":"property.repair.leak"' in desk("case list -o jsonl", lang="zh").stdout


@pytest.mark.parametrize("change", ["state=closed", "handler=S-9", "due=2026-12-01", "chased=3", "events="])
def test_what_the_flow_keeps_cannot_be_set(desk: Desk, change: str) -> None:
    """Fields that belong to the commands of the flow are refused by `set`."""
    desk("case add 漏水")
    done = desk(f"case set CP-20261123-001 {change}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert "is kept by `" in done.stderr


def test_the_noun_complaint(desk: Desk, case: Stored) -> None:
    """`complaint` is the same group for complaints alone: adding, listing, counting, every verb."""
    desk("case add 几点开门 --kind enquiry")
    assert desk("complaint add 漏水").stdout == "CP-20261123-002\n"
    assert case("CP-20261123-002")["kind"] == "complaint"
    assert desk("complaint list --fields id -o csv").stdout.split() == ["id", "CP-20261123-002"]
    assert desk("complaint count --where 'state == \"registered\" or severity == 1'").stdout == "1\n"
    refused = desk("complaint assign CP-20261123-001 --to repair")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "no complaint CP-20261123-001" in refused.stderr
    assert desk("complaint assign --where 'state == \"registered\"' --to repair").exit_code == 0
    assert [case(f"CP-20261123-00{n}")["state"] for n in (1, 2)] == ["registered", "assigned"]
    assert desk("complaint set CP-20261123-001 note=x").exit_code == 3
    wrong = desk("complaint list --where 'statu == 1'")
    assert wrong.exit_code == 2
    assert "did you mean 'state'?" in wrong.stderr
    assert "complaint" not in wrong.stderr.partition("\n")[2]


def test_the_group_has_its_own_help(desk: Desk) -> None:
    """Help speaks of complaints, and an option for the kind would have no sense."""
    assert "Add a complaint." in desk("complaint --help").stdout
    assert "--kind" not in desk("complaint add --help").stdout
    assert "--kind" in desk("case add --help").stdout


def test_an_import_of_complaints(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """Rows that say no kind are complaints; there is one table, and one number for each."""
    (tmp_path / "rows.csv").write_text("content,received_at\n漏水,2026-11-20\n", encoding="utf-8")
    assert desk(f"complaint import {tmp_path / 'rows.csv'}").exit_code == 0
    assert case("CP-20261120-001")["kind"] == "complaint"
