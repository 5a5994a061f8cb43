"""Requests, work orders, service records with their same-day clock, and shifts handed over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import Result
from cskit_service.jobs import servicerecords
from cskit_service.servicelimits import WorkingDays
from tests.plugins.service.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def rows(done: Result) -> list[dict[str, Any]]:
    """Return what a command wrote as JSON lines."""
    return [json.loads(line) for line in worked(done).splitlines()]


# --- requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("拜访 --kind site_visit", "planned_at: a visit or talk is entered beforehand, with its time"),
        (
            "洽谈 --kind fee_talk --planned-at 2026-10-20T09:59",
            "planned_at: '2026-10-20T01:59:00Z': is over: a visit or talk is entered before it takes place",
        ),
    ],
)
def test_visits_and_talks_are_entered_beforehand(service: Run, line: str, said: str) -> None:
    """A visit, fee talk or tuning talk has a time that is still to come when it is entered (A11)."""
    done = service(f"request add {line}")
    assert (done.exit_code, done.stdout, done.stderr.splitlines()[0]) == (5, "", said)


def test_a_request_follows_its_work_orders(service: Run, stored: Stored) -> None:
    """Dispatched while one is open, done when the last is closed, waiting again where all are cancelled."""
    worked(service("request add 不出水 --customer KH7"))
    seen = [stored("request", "RQ-000001").get("state", "waiting")]
    for line in (
        "dispatch add RQ-000001 --engineer S-008",
        "dispatch cancel DP-000001 --reason 改期",
        "dispatch add RQ-000001 --engineer S-008",
        "dispatch close DP-000002 --result 已修好",
        "undo --yes",
        "dispatch remove DP-000002 --yes",
    ):
        worked(service(line))
        seen.append(stored("request", "RQ-000001").get("state", "waiting"))
    assert seen == ["waiting", "dispatched", "waiting", "dispatched", "done", "dispatched", "waiting"]
    worked(service("request cancel RQ-000001"))
    done = service("dispatch add RQ-000001 --engineer S-008")
    said = "request: 'RQ-000001': request RQ-000001 is cancelled, so nobody is sent"
    assert (done.exit_code, done.stderr.splitlines()[0]) == (5, said)


# --- who goes ----------------------------------------------------------------------------------------------


def test_the_original_engineer_is_proposed(service: Run, stored: Stored) -> None:
    """Who served this unit before goes again, else who served the customer; else somebody has to be named."""
    worked(service("request add 不出水 --customer KH7 --serial SN1"))
    done = service("dispatch add RQ-000001")
    said = "engineer: nobody served this customer before, so say who goes"
    assert (done.exit_code, done.stderr.splitlines()[0]) == (5, said)
    worked(service("dispatch add RQ-000001 --engineer S-007"))
    worked(service("dispatch close DP-000001 --result 已修好"))
    worked(service("repair add 漏水 --customer KH7 --serial SN1 --engineer S-008 --now 2026-10-01T09:00"))
    worked(service("repair finish RP-000001 --cause 老化 --now 2026-10-02T09:00"))
    worked(service("request add 漏水 --customer KH7"))
    found = rows(service("dispatch propose RQ-000001 RQ-000002 --fields engineer,job,priority -o jsonl"))
    assert found == [
        {"engineer": "S-008", "job": "RP-000001", "priority": "ordinary"},
        {"engineer": "S-007", "job": "DP-000001", "priority": "ordinary"},
    ]
    worked(service("dispatch add RQ-000002 --at 2026-10-21T09:00 --engineer S-009"))
    kept = stored("dispatch", "DP-000002")
    assert (kept["engineer"], kept["proposed"], kept["customer"]) == ("S-009", "S-007", "C-000001")
    assert kept["until"] == "2026-10-21T03:00:00Z"  # two hours, as the limits say


def test_who_goes_first_is_said_by_the_grades(service: Run, stored: Stored) -> None:
    """The right to priority of a customer's grade makes the work order urgent, and its repair due sooner."""
    worked(service("grade set KH7 service-tier vip --reason 大客户"))
    worked(service("request add 不出水 --customer KH7"))
    worked(service("dispatch add RQ-000001 --engineer S-008"))
    worked(service("repair add 漏水 --customer KH7"))
    worked(service("repair add 漏水 --customer C-000002"))
    kept = stored("dispatch", "DP-000001")
    assert (kept["priority"], kept["tier"]) == ("priority", "vip")
    due = [stored("repair", f"RP-00000{number}")["due"] for number in (1, 2)]
    assert due == ["2026-10-23T02:00:00Z", "2026-10-29T02:00:00Z"]  # 3 and 7 working days on


def test_visits_in_the_same_time_are_told(service: Run) -> None:
    """Also where one is moved there; what only touches does not overlap, nor do cancelled ones."""
    for hour in (9, 11):
        worked(service(f"request add 巡检 --planned-at 2026-10-21T{hour:02d}:00 --kind site_visit"))
    assert "same time" not in service("dispatch add RQ-000001 --engineer S-008").stderr
    assert "same time" not in service("dispatch add RQ-000002 --engineer S-008").stderr
    done = service("dispatch set DP-000002 at=2026-10-21T10:59")
    assert done.stderr.startswith("S-008 has DP-000001 and DP-000002 at the same time\n")
    found = rows(service("dispatch overlaps --period 2026-10-21 -o jsonl --fields engineer,first,second"))
    assert found == [{"engineer": "S-008", "first": "DP-000001", "second": "DP-000002"}]
    assert worked(service("dispatch overlaps --period 2026-10-22")) == ""
    worked(service("dispatch cancel DP-000002 --reason 改期"))
    assert worked(service("dispatch overlaps")) == ""


# --- the same day ------------------------------------------------------------------------------------------


def at(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    """Return a time in a zone."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.fixture(scope="module")
def departments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, App]:
    """Return a department in Shanghai and one in Berlin."""
    folder = tmp_path_factory.mktemp("zones")
    found = {}
    for name, zone in (("shanghai", "Asia/Shanghai"), ("berlin", "Europe/Berlin")):
        place = Path(folder / name)
        place.mkdir(mode=0o700)
        (place / "cskit.toml").write_text(f'zone = "{zone}"\n', encoding="utf-8")
        found[name] = App(Options(data=str(place)))
    return found


@pytest.mark.parametrize(
    ("where", "began", "ended", "due"),
    [
        pytest.param("shanghai", at("2026-10-20T14:00"), None, at("2026-10-20T23:59:59"), id="by day"),
        pytest.param("shanghai", at("2026-10-20T22:00"), None, at("2026-10-20T23:59:59"), id="evening"),
        pytest.param(
            *("shanghai", at("2026-10-20T22:00"), at("2026-10-21T01:00"), at("2026-10-21T23:59:59")),
            id="past midnight: the day on which it ended",
        ),
        pytest.param("shanghai", at("2026-10-20T00:00"), None, at("2026-10-20T23:59:59"), id="at midnight"),
        pytest.param("shanghai", at("2026-10-18T10:00"), None, at("2026-10-19T23:59:59"), id="Sunday"),
        pytest.param("shanghai", at("2026-10-10T10:00"), None, at("2026-10-10T23:59:59"), id="made-up"),
        pytest.param("shanghai", at("2026-10-02T10:00"), None, at("2026-10-08T23:59:59"), id="holiday"),
        pytest.param(
            *("berlin", at("2026-10-20T23:30", BERLIN), None, at("2026-10-20T23:59:59", BERLIN)),
            id="the department's day, which has ended in Shanghai",
        ),
        pytest.param(
            *("berlin", at("2026-10-21T05:00"), None, at("2026-10-20T23:59:59", BERLIN)),
            id="a time of Shanghai that is the day before in Berlin",
        ),
    ],
)
def test_the_same_day_clock(
    departments: dict[str, App], where: str, began: dt.datetime, ended: dt.datetime | None, due: dt.datetime
) -> None:
    """A service is to be entered by the end of the working day on which it ended, where the department is."""
    assert servicerecords.due(WorkingDays(departments[where]), began, ended) == due


@pytest.mark.parametrize(
    ("entered", "shown"),
    [("2026-10-20T23:59:59", ("1", "0")), ("2026-10-21T00:00:00", ("0", "1"))],
)
def test_entered_at_the_last_second(service: Run, entered: str, shown: tuple[str, str]) -> None:
    """The last second of the day is in time, the next one is late."""
    worked(service("request add 不出水 --customer KH7"))
    worked(service("dispatch add RQ-000001 --engineer S-008"))
    worked(service("dispatch start DP-000001 --now 2026-10-20T14:00"))
    missing = "service-record missing -o csv --fields dispatch,shown"
    assert worked(service(missing, now="2026-10-20T23:59:59")).splitlines()[1:] == ["DP-000001,running"]
    assert worked(service(missing, now="2026-10-21T00:00:00")).splitlines()[1:] == ["DP-000001,missing"]
    worked(service(f"service-record add DP-000001 --what 更换 --now {entered}"))
    done = service("service-record stats -o csv --fields on_time,late,missing", now="2026-10-22T09:00")
    assert worked(done).splitlines()[1:] == [f"{shown[0]},{shown[1]},0"]
    assert worked(service(missing, now="2026-10-22T09:00")) in ("", "dispatch,shown\n")


def test_a_service_record_is_completed_from_its_order(service: Run, stored: Stored) -> None:
    """Who, for whom and when follow from the work order; nothing is entered before it happened."""
    worked(service("request add 不出水 --customer KH7"))
    worked(service("dispatch add RQ-000001 --engineer S-008"))
    worked(service("dispatch start DP-000001 --now 2026-10-20T22:00"))
    worked(service("dispatch close DP-000001 --result 好 --now 2026-10-21T01:00"))
    worked(service("service-record add DP-000001 --what 更换 --now 2026-10-21T09:00"))
    kept = stored("service-record", "SV-000001")
    assert (kept["engineer"], kept["customer"], kept["served_at"]) == (
        "S-008",
        "C-000001",
        "2026-10-20T14:00:00Z",
    )
    assert kept["due"] == "2026-10-21T15:59:59Z"  # it ended past midnight
    done = service("service-record add DP-000001 --what 更换 --served-at 2026-10-22")
    assert done.stderr.startswith("served_at: '2026-10-21T16:00:00Z': has not happened yet\n")


# --- shifts ------------------------------------------------------------------------------------------------


def test_a_shift_is_handed_over_and_signed_for(service: Run, stored: Stored) -> None:
    """Open orders pass to who signs; the giver cannot sign, and nothing is handed over twice."""
    for _time in range(2):
        worked(service("request add 不出水 --customer KH7"))
    worked(service("dispatch add RQ-000001 --engineer S-001"))
    worked(service("dispatch add RQ-000002 --engineer S-001"))
    assert (
        "DH-0001: 2 open work orders handed over to S-009"
        in service("dispatch handover new 白班 --to S-009").stderr
    )
    done = service("dispatch handover new 白班 --to S-010")
    assert (
        done.stderr == "cskit: DP-000001 waits to be signed for in DH-0001\nsign or remove that one first\n"
    )
    done = service("dispatch handover sign DH-0001")
    assert (done.exit_code, done.stderr) == (
        1,
        "cskit: DH-0001: S-009 takes over and signs, not S-001\nsay who you are with --user\n",
    )
    worked(service("dispatch close DP-000002 --result 好"))
    worked(service("dispatch handover sign DH-0001 --user S-009 --note 缺一把钥匙"))
    assert [stored("dispatch", f"DP-00000{number}")["engineer"] for number in (1, 2)] == ["S-009", "S-001"]
    assert service("dispatch handover sign DH-0001 --user S-009").exit_code == 1
    page = worked(service("dispatch handover show DH-0001 -o html --lang zh"))
    for text in ("交接班记录", "DP-000001", "S-009", "缺一把钥匙", "接班人"):
        assert text in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--to S-001", "cskit: a shift is handed over to somebody else\nsay to whom with --to\n"),
        ("--to S-009", "cskit: nothing is open of S-001, so there is nothing to hand over\n"),
    ],
)
def test_what_is_no_handover(service: Run, line: str, said: str) -> None:
    """Nobody hands over to themselves, nor nothing."""
    done = service(f"dispatch handover new 白班 {line}")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)


# --- what is due -------------------------------------------------------------------------------------------


def test_today_says_what_to_do(service: Run) -> None:
    """Requests without anybody, visits, missing records, shifts, repairs, returns, parts and deliveries."""
    for line in (
        "request add 没人去 --customer KH7",
        "request add 不出水 --customer KH7",
        "dispatch add RQ-000002 --engineer S-008 --at 2026-10-20T14:00",
        "dispatch start DP-000001 --now 2026-10-19T14:00",
        "dispatch add RQ-000002 --engineer S-007 --at 2026-10-20T14:00",
        "dispatch handover new 白班 --to S-009 --engineer S-007",
        "repair add 漏水 --customer KH7 --product 净水器 --due 2026-10-19T18:00",
        "return add 净水器 --customer KH7",
        "part add 密封圈 --minimum 4",
        "delivery add KH7 --goods 餐桌 --at 2026-10-21T14:00",
    ):
        worked(service(line))
    done = service("today --until 2026-10-21 -o jsonl --fields about,id,what,do,when")
    found = {(row["about"], row["id"], row["what"]): row["do"] for row in rows(done)}
    assert found == {
        ("request", "RQ-000001", "send somebody: 没人去"): "dispatch add RQ-000001",
        ("dispatch", "DP-000001", "enter what was done on 2026-10-19"): (
            "service-record add DP-000001 --what …"
        ),
        ("dispatch", "DP-000002", "service (on site): 不出水"): "dispatch start DP-000002",
        ("dispatch handover", "DH-0001", "sign for the shift 白班"): "dispatch handover sign DH-0001",
        ("repair", "RP-000001", "repair 净水器: 漏水"): "repair start RP-000001",
        ("return", "RT-000001", "decide on a return or exchange: 净水器"): "return approve RT-000001",
        ("part", "SP-0001", "order 密封圈: 0 in stock, at least 4 wanted"): "part receive SP-0001=…",
        ("delivery", "DV-000001", "confirm the delivery of 2026-10-21 with the customer"): (
            "delivery message DV-000001"
        ),
        ("delivery", "DV-000001", "deliver 餐桌"): "delivery deliver DV-000001",
    }
