"""Repairs: warranty, parts, cost and charge, sign-off, whether they held; returns; what a month comes to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cskit.testing import Result
from cskit_service.repairs import fixing, warranty
from cskit_service.repairs.fixing import FirstTime, Fixed
from tests.plugins.service.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
D = Decimal
SHANGHAI = ZoneInfo("Asia/Shanghai")


# --- warranty ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bought", "months", "last"),
    [
        ((2025, 10, 20), 12, (2026, 10, 20)),  # Civil Code 202: the day of the same number
        ((2024, 2, 29), 12, (2025, 2, 28)),  # … or the last of the month
        ((2025, 8, 31), 6, (2026, 2, 28)),
        ((2025, 12, 1), 1, (2026, 1, 1)),
        ((2025, 10, 20), 0, (2025, 10, 20)),
    ],
)
def test_the_last_day_of_a_warranty(
    bought: tuple[int, int, int], months: int, last: tuple[int, int, int]
) -> None:
    """A warranty ends so many months on, on the day of the same number."""
    assert warranty.last_day(dt.date(*bought), months) == dt.date(*last)


@pytest.mark.parametrize(
    ("reported", "inside"),
    [("2026-10-20T23:59:59", True), ("2026-10-21T00:00", False), ("2025-10-20T09:00", True)],
)
def test_its_last_day_is_in_it(service: Run, stored: Stored, reported: str, inside: bool) -> None:
    """The last day is in the warranty to its end in the department's zone, the next day is not."""
    worked(service(f"repair add 漏水 --bought 2025-10-20 --now {reported}"))
    kept = stored("repair", "RP-000001")
    assert (kept["warranty_until"], kept["in_warranty"]) == ("2026-10-20", inside)


def test_what_a_product_says_of_its_warranty(service: Run, stored: Stored) -> None:
    """Some products have another number of months; the register's unit goes before both."""
    worked(service("customer unit add KH7 --product 净水器 --serial SN1 --warranty-until 2026-10-01"))
    for line in ("--product 布艺沙发 --bought 2025-01-01", "--unit U-000001", "--product 椅子"):
        worked(service(f"repair add 损坏 {line}"))
    kept = [stored("repair", f"RP-00000{number}") for number in (1, 2, 3)]
    assert [(one.get("warranty_until"), one.get("in_warranty")) for one in kept] == [
        ("2027-01-01", True),
        ("2026-10-01", False),
        (None, None),
    ]
    assert (kept[1]["customer"], kept[1]["product"], kept[1]["serial"]) == ("C-000001", "净水器", "SN1")


def test_bought_after_the_report_is_a_mistake(service: Run) -> None:
    """A unit cannot have been bought after it was reported."""
    done = service("repair add 漏水 --bought 2026-10-21")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        5,
        "bought: '2026-10-21': is later than the day of the report",
    )


# --- the way of a repair -----------------------------------------------------------------------------------


@pytest.fixture
def shop(service: Run) -> Run:
    """Return a `run` for a department with seals in stock and a unit out of warranty to be repaired."""
    worked(service("part add 密封圈 --key MF --cost 4.205 --price 9.50"))
    worked(service("part receive MF=3"))
    worked(service("repair add 漏水 --customer KH7 --product 净水器 --serial SN1 --bought 2024-01-05"))
    return service


def test_parts_work_and_charge(shop: Run, stored: Stored) -> None:
    """Parts leave the stock with the finish; cost is at cost, the charge at the prices, to the fen."""
    worked(shop("repair start RP-000001 --engineer S-008"))
    worked(shop("repair finish RP-000001 --cause 老化 --hours 1.5 --part MF=3 --now 2026-10-21T09:00"))
    kept = stored("repair", "RP-000001")
    assert (kept["material"], kept["labour"], kept["cost"]) == (12.62, 120, 132.62)  # 3 × 4.205 = 12.615
    assert (kept["charge"], kept["engineer"], kept["state"]) == (148.50, "S-008", "repaired")
    assert stored("part", "SP-0001")["stock"] == 0
    done = shop("repair sign-off RP-000001 --by 王 --satisfaction 4 --now 2026-10-21T10:00")
    assert worked(done).count("FE-000001") == 1
    (entry,) = json.loads(worked(shop("customer ledger list -o json")))
    assert (entry["customer"], entry["amount"], entry["item"]) == (
        "C-000001",
        148.50,
        "repair RP-000001: 漏水",
    )
    (call,) = json.loads(worked(shop("followup list -o json")))
    assert (call["customer"], call["about"], call["kind"]) == ("C-000001", "RP-000001", "after_service")


def test_too_few_parts_save_nothing(shop: Run, stored: Stored) -> None:
    """Where one part is short, the repair is not finished either."""
    done = shop("repair finish RP-000001 --cause 老化 --part MF=4")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("cskit: SP-0001 (密封圈): 3 in stock, 4 wanted\n")
    assert stored("repair", "RP-000001")["state"] == "registered"


def test_parts_out_and_back(shop: Run, stored: Stored) -> None:
    """Parts can be used before the finish and put back; a repair with parts out is not cancelled."""
    worked(shop("repair parts RP-000001 MF=2"))
    done = shop("repair cancel RP-000001 --reason 客户放弃")
    assert done.stderr == (
        "cskit: repair RP-000001: parts are out for it: SP-0001=2\n"
        "put them back with `cskit repair parts RP-000001 --back …`\n"
    )
    worked(shop("repair parts RP-000001 MF=2 --back"))
    worked(shop("repair cancel RP-000001 --reason 客户放弃"))
    assert stored("part", "SP-0001")["stock"] == 3
    assert stored("repair", "RP-000001").get("parts", []) == []
    assert shop("repair parts RP-000001 MF").exit_code == 1


def test_in_warranty_nothing_is_charged(service: Run, stored: Stored) -> None:
    """Unless it is said."""
    for _time in range(2):
        worked(service("repair add 漏水 --customer KH7 --bought 2026-01-05"))
    worked(service("repair finish RP-000001 --cause 老化 --hours 1"))
    worked(service("repair finish RP-000002 --cause 人为损坏 --hours 1 --charge 60"))
    found = [stored("repair", f"RP-00000{number}") for number in (1, 2)]
    assert [(one["cost"], one["charge"]) for one in found] == [(80, 0), (80, 60)]
    worked(service("repair sign-off RP-000001 RP-000002"))
    assert len(json.loads(worked(service("customer ledger list -o json")))) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "repair sign-off RP-000001",
            "cskit: repair RP-000001 is registered, so it cannot be done: sign-off\n"
            "it could take: start, finish, cancel (`cskit repair flow` shows the whole table)\n",
        ),
        (
            "repair finish RP-000001 --cause x --at 2026-10-20T11:00",
            "cskit: repair RP-000001 was begun at 2026-10-20T02:00:00Z, and cannot be finished at "
            "2026-10-20T03:00:00Z\n",
        ),
    ],
)
def test_what_a_repair_cannot_take(shop: Run, line: str, said: str) -> None:
    """A refused step names the state and what is possible."""
    done = shop(line)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)


def test_work_that_was_not_accepted(shop: Run, stored: Stored) -> None:
    """It is begun again, and its first finish is forgotten."""
    worked(shop("repair finish RP-000001 --cause 老化 --hours 1"))
    worked(shop("repair rework RP-000001 --reason 仍漏水"))
    kept = stored("repair", "RP-000001")
    assert (kept["state"], kept.get("finished_at")) == ("in_repair", None)
    assert [step["what"] for step in kept["steps"]] == ["finish", "rework"]


def test_the_repair_order_on_paper(shop: Run) -> None:
    """It says whose and what, in warranty or not, with room for parts; persons are masked."""
    worked(shop("repair set RP-000001 phone=13812340577 contact=王样例"))
    page = worked(shop("repair show RP-000001 -o html --lang zh"))
    for text in ("产品维修单", "RP-000001", "晨屿样例家居有限公司", "SN1", "客户验收", "138****0577"):
        assert text in page
    assert "王样例" not in page
    assert "13812340577" not in page


# --- did it hold? ------------------------------------------------------------------------------------------


def at(text: str) -> dt.datetime:
    """Return a time in Shanghai."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def repair(own: str, reported: str, finished: str = "", **fields: Any) -> Fixed:
    """Make a repair of the unit SN1."""
    done = {"finished_at": at(finished), "state": "closed"} if finished else {}
    return Fixed(id=own, reported_at=at(reported), **({"fault": "漏水", "serial": "SN1"} | done | fields))


FIRST = repair("RP-1", "2026-10-01T09:00", "2026-10-02T18:00")


@pytest.mark.parametrize(
    ("again", "now", "held"),
    [
        pytest.param(repair("RP-2", "2026-10-16T23:59"), "2026-12-01", False, id="day 14, its last minute"),
        pytest.param(repair("RP-2", "2026-10-17T00:00"), "2026-12-01", True, id="day 15"),
        pytest.param(repair("RP-2", "2026-10-02T18:01"), "2026-12-01", False, id="a minute later"),
        pytest.param(repair("RP-2", "2026-10-02T17:00"), "2026-12-01", True, id="reported before the finish"),
        pytest.param(
            repair("RP-2", "2026-10-05T09:00", fault="异响"), "2026-12-01", True, id="another fault"
        ),
        pytest.param(repair("RP-2", "2026-10-05T09:00", fault=" 漏水\n"), "2026-12-01", False, id="spaces"),
        pytest.param(repair("RP-2", "2026-10-05T09:00", serial="SN2"), "2026-12-01", True, id="another unit"),
        pytest.param(repair("RP-2", "2026-10-05T09:00", serial="sn1"), "2026-12-01", False, id="letters"),
        pytest.param(
            repair("RP-2", "2026-10-05T09:00", state="cancelled"), "2026-12-01", True, id="cancelled"
        ),
        pytest.param(None, "2026-10-16", None, id="not over yet"),
        pytest.param(None, "2026-10-17", True, id="over"),
        pytest.param(repair("RP-2", "2026-10-05T09:00"), "2026-10-06", False, id="decided before it is over"),
        pytest.param(repair("RP-2", "2026-10-05T09:00"), "2026-10-04", None, id="not known yet then"),
    ],
)
def test_the_first_time(again: Fixed | None, now: str, held: bool | None) -> None:
    """A repair held if the same unit and fault did not come back within 14 days of the department's zone."""
    known = [FIRST, *([again] if again else [])]
    first = FirstTime(known, SHANGHAI, 14, at(f"{now}T12:00"))
    assert first.held(FIRST) is held


def test_a_unit_that_nobody_knows_is_not_decided() -> None:
    """Without serial number, register or customer and product there is nothing to compare."""
    unknown = Fixed(id="RP-1", fault="漏水", finished_at=at("2026-10-02T18:00"), customer="C-1")
    assert fixing.key(unknown) is None
    assert FirstTime([unknown], SHANGHAI, 14, at("2026-12-01T00:00")).held(unknown) is None


# --- a month -----------------------------------------------------------------------------------------------

MONTH = """\
key,fault,customer,product,serial,engineer,reported_at,finished_at,cause,hours,cost,satisfaction,state
W1,漏水,KH7,净水器,SN1,S-008,2026-10-08T09:00,2026-10-09T10:00,老化,1,80,5,closed
W2,漏水,KH7,净水器,SN1,S-009,2026-10-20T09:00,2026-10-21T10:00,老化,1,90,4,closed
W3,异响,KH7,净水器,SN2,S-008,2026-10-08T09:00,2026-10-30T10:00,松动,2.5,200,3,closed
W4,异响,KH7,净水器,SN3,S-008,2026-09-25T09:00,2026-09-28T10:00,松动,1,70,,closed
W5,异响,KH7,净水器,SN4,,2026-10-28T09:00,,,,,,registered
"""


@pytest.fixture
def month(service: Run) -> Run:
    """Return a `run` for a department with repairs of October, seen from December."""
    done = service("repair import -", input=MONTH, now="2026-11-01T09:00")
    assert done.exit_code == 0, done.stderr

    def later(line: str) -> Result:
        return service(line, now="2026-12-02T09:00")

    return later


def test_a_month_of_each_repairer(month: Run) -> None:
    """Jobs, hours, on time of those with a deadline, first-time fix of those decided."""
    done = month("repair monthly --month 2026-10 -o jsonl")
    rows = [json.loads(line) for line in worked(done).splitlines()]
    names = ("engineer", "jobs", "hours", "on_time", "of_due", "first_time", "of_fixed", "said", "cost")
    assert [tuple(row.get(name) for name in names) for row in rows] == [
        ("S-008", 2, 3.5, 50.0, 2, 50.0, 2, 4.0, 280.0),
        ("S-009", 1, 1, 100.0, 1, 100.0, 1, 4.0, 90.0),
    ]


def test_faults(month: Run) -> None:
    """Those reported in the month, the most frequent first, with how many came back."""
    done = month("repair faults --period 2026-10 -o csv --fields fault,repairs,share,repeated,cost")
    assert worked(done).splitlines()[1:] == ["异响,2,50.0,0,200.00", "漏水,2,50.0,1,170.00"]


def test_facts_lead_to_the_repairs(month: Run, service: Run) -> None:
    """Jobs, on time and first-time fix of a person, with the repairs that they are counted from."""
    worked(service("staff add 吴迪 --id S-008"))
    names = "service.jobs,service.on_time_rate,service.first_time_fix_rate"
    done = month(f"fact show staff S-008 --names {names} --period 2026-10 -o json")
    (found,) = json.loads(worked(done))
    assert [found[name] for name in names.split(",")] == [2, 50.0, 50.0]


def test_a_round_asks_about_the_months_repairs(month: Run) -> None:
    """Finished repairs are a population; answers belong to the engineer."""
    worked(month("survey new repair --population repair --on finished_at --period 2026-10 --size 100%"))
    done = month("survey sample SR-0001 --fields about,staff -o jsonl")
    rows = [json.loads(line) for line in worked(done).splitlines()]
    assert sorted((row["about"], row["staff"]) for row in rows) == [
        ("RP-000001", "S-008"),
        ("RP-000002", "S-009"),
        ("RP-000003", "S-008"),
    ]


def test_the_report_says_the_same(month: Run) -> None:
    """On time and first-time fix of the month, and the late repair, lead to their records."""
    done = month("report --month 2026-10 --only service.repairs -o json")
    values = {one["figure"]: one["value"] for one in json.loads(worked(done))}
    assert [values[f"repairs.{name}"] for name in ("reported", "repaired", "on-time", "first-time")] == [
        *(4, 3, 66.7, 66.7),
    ]
    ids = month("report --month 2026-10 --only service.repairs.first-time --ids -o csv --fields id,counts")
    assert worked(ids).splitlines()[1:] == ["RP-000001,false", "RP-000002,true", "RP-000003,true"]


# --- returns -----------------------------------------------------------------------------------------------


def test_a_warranty_case_to_its_exchange(service: Run, stored: Stored) -> None:
    """Claim, formalities, goods back, exchange, follow-up (catalogue C28); who took it up does not decide."""
    worked(service("repair add 漏水 --customer KH7 --product 净水器 --serial SN1 --bought 2026-01-05"))
    worked(service("return add 净水器 --repair RP-000001 --kind exchange"))
    done = service("return approve RT-000001")
    assert (done.exit_code, done.stderr) == (
        1,
        "cskit: return RT-000001: S-001 took it up, so somebody else decides on it\n"
        "say who you are with --user\n",
    )
    worked(service("return approve RT-000001 --user S-002"))
    assert service("return settle RT-000001 --replacement SN9").exit_code == 1
    worked(service("return receive RT-000001 --condition 齐全"))
    done = service("return settle RT-000001")
    assert done.stderr == (
        "cskit: return RT-000001: say what the customer gets instead\nwith --replacement\n"
    )
    worked(service("return settle RT-000001 --replacement SN9"))
    kept = stored("return", "RT-000001")
    names = ("customer", "serial", "in_warranty", "cause", "approved_by", "replacement", "followup", "state")
    assert [kept[name] for name in names] == [
        *("C-000001", "SN1", True, "漏水", "S-002", "SN9", "FU-000001", "settled"),
    ]
    done = service("return summary --by kind -o csv --fields kind,asked,exchanges,settled,refunds")
    assert worked(done).splitlines()[1:] == ["exchange,1,1,1,0.00"]


def test_a_file_cannot_decide_alone(service: Run) -> None:
    """Also a return that is imported was decided on by somebody else than who took it up."""
    done = service("return import -", input="product,staff,approved_by,state\n净水器,S-003,S-003,approved\n")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        1,
        "cskit: RT-000001: decided on by who took it up, or by nobody",
    )


# --- those who are erased ----------------------------------------------------------------------------------


def test_nothing_personal_stays_of_the_erased(service: Run, stored: Stored) -> None:
    """Words, numbers and addresses go; days, faults and amounts stay."""
    worked(service("request add 王样例家漏水 --customer KH7 --phone 13812340577 --address 样例路9号"))
    worked(service("dispatch add RQ-000001 --engineer S-008"))
    worked(service("dispatch handover new 白班 --to S-009 --engineer S-008"))
    worked(service("dispatch close DP-000001 --result 王样例在家"))
    worked(service("service-record add DP-000001 --what 给王样例换滤芯"))
    worked(service("repair add 漏水 --customer KH7 --serial SN1 --contact 王样例 --description 王样例说"))
    worked(service("repair finish RP-000001 --cause 老化 --text 王样例验收"))
    worked(service("return add 净水器 --customer KH7 --serial SN1"))
    worked(service("delivery add KH7 --at 2026-10-22T10:00 --contact 王样例 --address 样例路9号"))
    worked(service("customer close KH7 --erase --yes"))
    for noun in (
        "request",
        "dispatch",
        "dispatch handover",
        "service-record",
        "repair",
        "return",
        "delivery",
    ):
        text = worked(service(f"{noun} export -o jsonl --reveal"))
        assert not any(word in text for word in ("王样例", "13812340577", "样例路", "SN1")), noun
    assert stored("repair", "RP-000001")["fault"] == "漏水"
