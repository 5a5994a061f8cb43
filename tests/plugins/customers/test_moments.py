"""What is due about customers, and what happened with one: tasks, timelines, handovers and copies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cskit import Event, RecordType, hookimpl
from cskit.testing import Result, department

Office = Callable[..., Result]
NOW = "--now 2026-11-28T10:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a `run` for a register with something due of each kind, and something that is not."""
    return department(
        tmp_path / "data",
        "customer add 海风 --owner S-001 --phone 13800000577 --member-until 2026-12-31 --key H",
        "customer add 林小满 --phone 13900000123",
        "customer add 旧客 --owner S-001",
        "customer contact add H --name 王工 --phone 13700000999",
        "customer activity add H --at 2026-11-20T09:30 --mode visit --purpose 看样 --next-on 2026-11-27"
        " --staff S-009 --contact CT-000001 --result 满意",
        "customer activity add C-000002 --at 2026-11-20T09:30 --next-on 2026-11-30 --staff S-009",
        "customer activity add C-000003 --at 2026-11-20T09:30 --next-on 2026-11-21",
        "customer opportunity add H --subject 二期 --expected-close 2026-11-28 --amount 5000",
        "customer opportunity add H --expected-close 2026-11-28 --state won",
        "customer opportunity add C-000003 --expected-close 2026-11-28",
        "customer opportunity add C-000002 --owner S-002 --expected-close 2026-12-01",
        "customer ledger add H --item 物业费 --amount 3000.5 --due 2026-11-01",
        "customer ledger pay FE-000001 1000 --date 2026-11-10 --form 现金",
        "customer ledger add C-000002 --item 退款 --amount 20 --due 2026-11-25 --direction payable",
        "customer ledger add C-000003 --item 尾款 --amount 7 --due 2026-11-25",
        "customer ledger add H --item 明年 --amount 7 --due 2027-11-25",
        "customer order add H --date 2026-10-01 --product 桌 --amount 99 --state completed",
        "customer order add C-000002 --date 2026-10-02 --referred-by H",
        "customer unit add H --product 桌 --serial SN1 --bought 2026-10-01 --warranty-until 2028-10-01",
        "customer close C-000003",
    )


# --- tasks -------------------------------------------------------------------------------------------------


def due(office: Office, options: str = "") -> list[tuple[str, ...]]:
    """Return what is due, without its plugin."""
    done = office(f"today {options} {NOW} -o jsonl")
    assert done.exit_code == 0, done.stderr
    found = [json.loads(row) for row in done.stdout.splitlines()]
    return [tuple(row.get(key, "") for key in ("when", "due", "what", "id", "who", "do")) for row in found]


def test_what_is_due(office: Office) -> None:
    """Follow-ups, opportunities to close and fees; of who is closed, only what is still owed."""
    assert due(office) == [
        (
            "overdue",
            "2026-11-01",
            "Collect 2,000.5 for 物业费 from 海风",
            "FE-000001",
            "S-001",
            "customer ledger pay FE-000001 2000.5",
        ),
        ("overdue", "2026-11-25", "Pay 20 for 退款", "FE-000002", "", "customer ledger pay FE-000002 20"),
        (
            "overdue",
            "2026-11-25",
            "Collect 7 for 尾款 from 旧客",
            "FE-000003",
            "S-001",
            "customer ledger pay FE-000003 7",
        ),
        (
            "overdue",
            "2026-11-27",
            "Follow up 海风: 看样",
            "AC-000001",
            "S-001",
            "customer activity add C-000001 --mode phone --result …",
        ),
        (
            "today",
            "2026-11-28",
            "Close the opportunity with 海风: 二期",
            "OP-000001",
            "S-001",
            "customer opportunity set OP-000001 state=won",
        ),
    ]


def test_whose_it_is(office: Office) -> None:
    """A follow-up is its customer's owner's, else of who noted it; an opportunity its own owner's."""
    later = due(office, "--until 2026-12-01")[-2:]
    assert [(one[2], one[4]) for one in later] == [
        ("Follow up 林小满", "S-009"),
        ("Close the opportunity with 林小满", "S-002"),
    ]
    assert len(due(office, "--who S-001")) == 4


def test_what_is_done_is_not_due(office: Office) -> None:
    """Each line that `today` says to type takes its task away."""
    for *_rest, do in due(office):
        assert office(f"{do.replace('…', '好')} {NOW}").exit_code == 0
    assert due(office) == []


def test_due_in_chinese(office: Office) -> None:
    """What is to be done is said in the user's language."""
    shown = office(f"today {NOW}", lang="zh").stdout.splitlines()
    assert shown[:3] == [
        "已逾期",
        "  2026-11-01        向 海风 收取物业费 2,000.5 · FE-000001 · S-001",
        "                    $ cskit customer ledger pay FE-000001 2000.5",
    ]


# --- timeline ----------------------------------------------------------------------------------------------

STORY = [
    ("2028-10-01", "Warranty ends: 桌 · SN1", "U-000001"),
    ("2027-11-25", "Fee due: 明年 · 7", "FE-000004"),
    ("2026-12-31", "Membership ends", "C-000001"),
    ("2026-11-28", "Opportunity expected to close (won): -", "OP-000002"),
    ("2026-11-28", "Opportunity expected to close (negotiating): 二期 · 5000", "OP-000001"),
    ("2026-11-20T01:30:00Z", "visit · 看样 · 满意", "AC-000001"),
    ("2026-11-10", "Payment: 物业费 · 1000 · 现金", "FE-000001"),
    ("2026-11-01", "Fee due: 物业费 · 3000.5", "FE-000001"),
    ("2026-10-02", "Order of C-000002, whom this customer referred", "O-000002"),
    ("2026-10-01", "Bought: 桌 · SN1", "U-000001"),
    ("2026-10-01", "Order (completed): 桌 · 99", "O-000001"),
]


@pytest.mark.parametrize("name", ["C-000001", "H"])
def test_a_timeline(office: Office, name: str) -> None:
    """Everything of one customer and nothing of others, newest first, by id or external key."""
    done = office(f"customer timeline {name} -o jsonl")
    found = [json.loads(row) for row in done.stdout.splitlines()]
    assert [(row["at"], row["what"], row["id"]) for row in found] == STORY
    assert office("customer timeline C-9")[:2] == (3, "")


def test_every_date_is_an_event(tmp_path: Path) -> None:
    """Consent, penalty, invoice, addition and handing over are told as well."""
    office = department(
        tmp_path / "data",
        'customer add 海风 --penalty-until 2026-01-03 --consent \'{"date":"2026-01-01","scope":"all"}\'',
        'customer ledger add C-000001 --item 费 --amount 5 --invoice \'{"date":"2026-01-02","amount":"5"}\''
        ' --added \'{"item":"加急","amount":"1","date":"2026-01-04"}\'',
        "customer unit add C-000001 --handed-over 2026-01-05",
    )
    told = [
        json.loads(row)["what"] for row in office("customer timeline C-000001 -o jsonl").stdout.splitlines()
    ]
    assert told == [
        *("Handed over: U-000001", "Fee added: 加急 · 1", "Penalty ends", "Invoice: 费 · 5"),
        "Consent to the use of personal data",
    ]


# --- handover ----------------------------------------------------------------------------------------------


def test_a_handover(office: Office) -> None:
    """Owners of customers and of their open opportunities change; the list says what is open of each."""
    office("customer opportunity set OP-000001 owner=S-001")
    office("customer order add H --date 2026-11-01")
    done = office(f"customer handover --from S-001 --to S-002 --reason 轮岗 {NOW}")
    assert done == (
        0,
        "ID        Name    Phone        Region      Open orders    Overdue  Next on\n"
        "--------  ------  -----------  --------  -------------  ---------  ----------\n"
        "C-000001  海风    138****0577                        1     2000.5  2026-11-27\n"
        "C-000003  旧客                                       0          7  2026-11-21\n"
        "\n"
        "2 customers, 1 opportunity, handed over on 2026-11-28\n"
        "\n"
        "Handed over by S-001: ____________________  Date: ____________\n"
        "\n"
        "Taken over by S-002: ____________________  Date: ____________\n",
        "2 customers, 1 opportunity handed over to S-002; saved as 23 (`cskit undo` takes it back)\n",
    )
    assert office("customer list --where 'owner == \"S-001\"'").stdout == ""
    assert json.loads(office("customer opportunity show OP-000001 -o json").stdout)["owner"] == "S-002"
    office("undo --yes")
    assert office("customer count --where 'owner == \"S-001\"'").stdout == "2\n"


@pytest.mark.parametrize("options", ["H", "--where 'known(key)'", "-"])
def test_some_customers(office: Office, options: str) -> None:
    """Those named, piped in or chosen, of those that are one's own; other formats have no signatures."""
    done = office(
        f"customer handover {options} --from S-001 --to S-002 -o jsonl", input="C-000001\nC-000002\n"
    )
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ["C-000001"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ("--from S-01 --to S-002", 3, "S-01 looks after no customer\ndid you mean S-001?"),
        ("--from nobody --to S-002", 3, "nobody looks after no customer\nthere are S-001"),
        ("--from S-001 --to S-001", 2, "S-001 cannot take over from S-001"),
        ("--from S-001", 2, "Missing option '--to'"),
        ("--from S-001 --to S-002 --where 'x == 1'", 2, "no field 'x'"),
    ],
)
def test_no_handover(office: Office, options: str, code: int, said: str) -> None:
    """A name that is nobody's owner is asked about, and nothing is saved."""
    done = office(f"customer handover {options}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert json.loads(office("log --limit 1 -o jsonl").stdout)["command"] == "customer close"


# --- copy --------------------------------------------------------------------------------------------------


def test_a_copy(office: Office) -> None:
    """Every record about the customer alone, masked; what another one did is not there."""
    done = office("customer copy H -o json")
    assert done.stderr == "personal data is masked; --reveal shows it, and the history notes that\n"
    found = json.loads(done.stdout)
    assert {table: [row["id"] for row in rows] for table, rows in found.items()} == {
        "customers": ["C-000001"],
        "orders": ["O-000001"],
        "contacts": ["CT-000001"],
        "opportunities": ["OP-000001", "OP-000002"],
        "activities": ["AC-000001"],
        "ledger": ["FE-000001", "FE-000004"],
        "units": ["U-000001"],
        "events": ["O-000002"],
    } | {"events": [row["id"] for row in found["events"]]}
    assert found["ledger"][0]["payments"] == [{"date": "2026-11-10", "amount": 1000, "form": "现金"}]
    assert "林小满" not in done.stdout
    assert "13800000577" not in done.stdout
    assert found["customers"][0]["phone"] == "138****0577"


def test_a_copy_to_hand_out(office: Office, tmp_path: Path) -> None:
    """Revealed it holds everything, and the history notes the look with its reason; a dry run is refused."""
    file = tmp_path / "copy.json"
    assert office(f"customer copy H --reveal --out {file} --reason 来函").stderr.startswith("noted as ")
    text = file.read_text(encoding="utf-8")
    assert "13800000577" in text
    assert "13700000999" in text
    noted = json.loads(office("log --limit 1 -o jsonl").stdout)
    assert (noted["reason"], sorted(noted["revealed"])) == ("来函", ["contacts", "customers", "ledger"])
    assert office("customer copy H --reveal --dry-run").exit_code == 2


def test_a_copy_for_people(office: Office) -> None:
    """Other formats have a row for each field, titles and choices in the user's language."""
    shown = office("customer copy H -o csv", lang="zh").stdout.splitlines()
    assert shown[0] == "record,id,field,value"
    assert "客户,C-000001,电话,138****0577" in shown
    assert "商机,OP-000002,商机状态,已成交" in shown


def test_a_table_without_its_plugin_stops_a_copy(office: Office, tmp_path: Path) -> None:
    """A copy that would miss records is none."""
    data = tmp_path / "data" / "strangers.json"
    data.write_text('{"strangers": {"1": {"id": "X-1", "customer": "C-000001"}}}')
    done = office("customer copy H")
    assert (done.exit_code, done.stdout) == (6, "")
    assert "no loaded plugin knows the table strangers" in done.stderr


class Calls:
    """A plugin with an event of a customer that no record of the register tells."""

    @hookimpl
    def cskit_record_types(self) -> Iterator[RecordType]:
        """Declare nothing."""
        yield from ()

    @hookimpl
    def cskit_timeline(self, app: Any, kind: str, id: str) -> list[Event]:
        """Tell of one call."""
        return [Event(app.now, "Called", "call", "CL-1")] if (kind, id) == ("customer", "C-000001") else []


def test_other_plugins_have_their_say(office: Office, tmp_path: Path) -> None:
    """What another plugin knows stands in the timeline and in the copy."""
    plugins = {"customers": "cskit_customers", "calls": Calls()}
    other = department(tmp_path / "data", plugins=plugins)
    assert "Called" in other(f"customer timeline H {NOW}").stdout
    copied = json.loads(other(f"customer copy H {NOW} -o json").stdout)
    assert [event["what"] for event in copied["events"] if event["id"] == "CL-1"] == ["Called"]
