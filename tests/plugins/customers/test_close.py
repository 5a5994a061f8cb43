"""Customers who leave: closed, erased for good, and out of the history as well."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cskit import hookimpl
from cskit.records import fields
from cskit.store.folder import open_store
from cskit.store.protocol import Origin
from cskit.testing import Result, department, run
from cskit_customers.closing import KEPT, KEPT_OF, erased
from cskit_customers.model import Customer

Office = Callable[..., Result]
FOR_FIGURES = {"id", "kind", "region", "state"}
PERSON = {
    "name": "林小满",
    "kind": "person",
    "phone": "13876540101",
    "fax": "021-87654010",
    "email": "kanarienvogel@post.example",
    "address": "上海市浦东新区金丝雀路一号",
    "postcode": "209999",
    "legal_representative": "金丝雀代表",
    "gender": "female",
    "birth_year": 1931,
    "occupation": "金丝雀饲养员",
    "profile": {"爱好": "金丝雀"},
    "custom": {"identity": "110101193101019917"},
    "note": "金丝雀备注",
    "tags": ["金丝雀"],
    "key": "KEY-金丝雀-1",
    "needs": {"product": "金丝雀笼"},
    "region": "华东",
}
TRACES = ["13876540101", "87654010", "kanarien", "金丝雀", "13976540101", "1101011931", "林小满", "209999"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a `run` for a register of a person and a company, each with an order."""
    run = department(tmp_path / "data")
    company = {"name": "海风贸易", "kind": "company", "phone": "02158881234", "region": "华南"}
    done = run("customer import -", input=f"{json.dumps(PERSON)}\n{json.dumps(company)}\n")
    assert done.exit_code == 0, done.stderr
    for line in (
        "customer order add C-000001 --date 2026-11-20 --amount 100 --note 金丝雀订单",
        "customer order add C-000002 --date 2026-11-20 --amount 200 --note 海风的备注",
    ):
        assert run(line).exit_code == 0
    return run


AROUND = (
    "customer contact add C-000001 --name 金丝雀先生 --phone 13976540101 --note 金丝雀朋友"
    " --email kanarie@x.example --department 金丝雀部 --key 金丝雀1",
    "customer opportunity add C-000001 --subject 金丝雀笼 --amount 500 --need obvious --note 金丝雀"
    " --expected-close 2026-12-01",
    "customer activity add C-000001 --at 2026-11-20T10:00 --mode visit --contact CT-000001 --purpose 金丝雀"
    " --result 金丝雀路见面 --next-on 2026-12-01 --staff S-001",
    "customer ledger add C-000001 --item 笼子 --amount 500 --due 2026-11-01 --note 金丝雀"
    ' --payer \'{"name":"金丝雀","phone":"13976540101"}\''
    ' --invoice \'{"date":"2026-11-02","number":"F1","amount":"500","signed_by":"金丝雀"}\''
    ' --payments \'{"date":"2026-11-05","amount":"200","form":"现金"}\'',
    "customer unit add C-000001 --product 笼子 --serial 金丝雀路一号101 --bought 2026-01-01 --note 金丝雀",
)
"""What else the register may hold of the first customer."""


@pytest.fixture
def full(office: Office) -> Office:
    """Return the `run` of a register that has something about the first customer in each of its tables."""
    for line in AROUND:
        done = office(line)
        assert done.exit_code == 0, done.stderr
    return office


def held(office: Office, own: str) -> dict[str, object]:
    """Return what is stored of a customer."""
    found = json.loads(office(f"customer show {own} -o json --reveal").stdout)
    return {name: value for name, value in found.items() if name not in ("rev", "fan")}


# --- closing -----------------------------------------------------------------------------------------------


def test_closing_can_be_undone(office: Office) -> None:
    """A closed customer stays as it was but for its state."""
    assert office("customer close C-000002 --reason '搬走'") == (
        0,
        "ID        Field    Before    After\n"
        "--------  -------  --------  -------\n"
        "C-000002  state    active    closed\n",
        "1 customer closed; saved as 4 (`cskit undo` takes it back)\n",
    )
    assert office("customer close C-000002").stderr == "0 customers closed; nothing to save\n"
    assert office("undo --yes").exit_code == 0
    assert held(office, "C-000002")["state"] == "active"


def test_whom_to_close(office: Office) -> None:
    """Customers are named one by one, also through a pipe; one that there is not is said."""
    assert office("customer close").exit_code == 2
    assert office("customer close C-9").exit_code == 3
    assert office("customer close -", input="C-000001\nC-000002\n").stderr.startswith("2 customers closed")


# --- erasing -----------------------------------------------------------------------------------------------


def test_what_is_left_of_a_person(office: Office) -> None:
    """Number, region and marks stay for the figures; the name, and all that may tell of the person, goes."""
    done = office("customer close C-000001 --erase --yes")
    assert (done.exit_code, done.stderr) == (
        0,
        "1 customer erased, and what was noted in 1 order; saved as 4, which stays\n"
        "`cskit data compact` takes what was erased out of the history, too\n",
    )
    assert not any(trace in done.stdout for trace in TRACES)
    assert done.stdout.startswith("ID        Field\n--------  ------------")
    left = held(office, "C-000001")
    assert left.pop("left_on")
    assert left == {
        "id": "C-000001",
        "name": "C-000001",
        "kind": "person",
        "region": "华东",
        "state": "closed",
    }
    assert office("customer order list --fields id,amount,note -o csv").stdout == (
        "id,amount,note\nO-000001,100,\nO-000002,200,海风的备注\n"
    )
    facts = office("fact show customer C-000001 --names orders.amount -o csv").stdout
    assert facts.splitlines()[-1].endswith("100")


def test_a_company_keeps_its_name(office: Office) -> None:
    """A company is no person, but those who work there are."""
    office("customer close C-000002 --erase --yes")
    kept = held(office, "C-000002")
    assert (kept["name"], kept["kind"], kept.get("phone")) == ("海风贸易", "company", None)


def test_who_may_be_a_person_is_treated_as_one() -> None:
    """Where the kind is not noted the name goes."""
    assert erased(Customer(id="C-7", name="林小满")).name == "C-7"


def test_nothing_free_is_kept() -> None:
    """What stays is listed by name, so that a field added to the card goes unless somebody decides."""
    assert set(KEPT) <= set(Customer.__struct_fields__)
    assert not {"note", "tags", "contacts", "custom", "profile", "needs", "key", "name", "address"} & set(
        KEPT
    )


def test_keys_that_nobody_knows_go_too(office: Office, tmp_path: Path) -> None:
    """What an editor or a newer plugin left in the document may tell of the person as well."""
    origin = Origin(time=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), user="u", command="newer")
    with open_store(tmp_path / "data").transaction(origin) as tx:
        tx.insert("customers", '{"id":"C-9","name":"x","wechat":"金丝雀"}'.encode())
    assert "金丝雀" in (tmp_path / "data" / "customers.json").read_text(encoding="utf-8")
    office("customer close C-9 C-000001 --erase --yes")
    assert "金丝雀" not in (tmp_path / "data" / "customers.json").read_text(encoding="utf-8")


def test_it_asks_and_names_what_goes(office: Office) -> None:
    """Without a terminal --yes is needed, and the question says whose data and which."""
    done = office("customer close C-000002 --erase")
    assert (done.exit_code, done.stderr) == (
        2,
        "cskit: to erase for good, of 1 customer (C-000002): External key, Phone, "
        "what is noted in 1 order "
        "needs a yes, and there is nobody to ask\nsay --yes if you mean it\n",
    )


def test_a_dry_run_asks_nothing_and_erases_nothing(office: Office) -> None:
    """It shows what would go, masked."""
    done = office("customer close C-000001 --erase --dry-run -o jsonl")
    assert done.exit_code == 0, done.stderr
    assert not any(trace in done.stdout for trace in ("13876540101", "kanarien", "13976540101"))
    assert held(office, "C-000001")["phone"] == "13876540101"


def test_an_erasure_stays(office: Office) -> None:
    """Neither it, nor what came before it about the same records, can be undone."""
    office("customer set C-000001 region=华南")
    office("customer set C-000002 region=华北")
    office("customer close C-000001 --erase --yes")
    for line, why in (
        ("undo --yes", "cannot undo 6: it erased personal data, for good"),
        ("undo 1 --yes", "cannot undo 1: it would bring back what entry 6 erased of C-000001"),
        ("undo 2 --yes", "cannot undo 2: it would bring back what entry 6 erased of O-000001"),
        ("undo 4 --yes", "cannot undo 4: it would bring back what entry 6 erased of C-000001"),
        ("undo 1 --dry-run", "cannot undo 1: it would bring back what entry 6 erased of C-000001"),
    ):
        done = office(line)
        assert (done.exit_code, done.stderr.splitlines()[0]) == (4, f"cskit: {why}"), line
    assert office("undo 5 --yes").exit_code == 0  # about somebody else


def test_undo_that_would_land_on_the_same_state(office: Office) -> None:
    """A record that looked the same before it got its phone is erased all the same."""
    office("customer add C-000003 --kind person --phone 13800000001")
    office("customer set C-000003 phone= state=closed")
    office("customer set C-000003 phone=13800000002")
    office("customer close C-000003 --erase --yes")
    assert office("undo 5 --yes").exit_code == 4
    assert "phone" not in held(office, "C-000003")


def test_other_plugins_take_out_theirs(tmp_path: Path, plugin: Callable[..., object]) -> None:
    """Before the commit each plugin sees whose data goes, and adds to the same transaction."""
    seen: list[object] = []

    class Other:
        """A plugin that holds something of customers."""

        @hookimpl
        def cskit_before_commit(self, tx: object) -> None:
            seen.append(tx.origin.erases)  # type: ignore[attr-defined]  # it is a Transaction

    plugins = {"customers": "cskit_customers", "other": Other()}
    office = department(tmp_path, "customer add 甲 --phone 13800000001", plugins=plugins)
    office("customer close C-000001 --erase --yes")
    assert seen[0] == {}
    assert seen[-1] == {"customers": ("C-000001",)}


def test_in_a_batch(office: Office) -> None:
    """Each line of a batch marks the one entry; a line that fails marks nothing."""
    lines = "customer close C-000001 --erase\ncustomer close C-000002 --erase\ncustomer close C-9 --erase\n"
    office("batch - --keep-going --yes", input=lines)
    entry = json.loads(office("log --limit 1 -o jsonl").stdout)
    assert entry["erases"] == {"customers": ["C-000001", "C-000002"]}
    assert office("undo --yes").exit_code == 4


def test_the_log_marks_it(office: Office) -> None:
    """Who erased whose data and when stays in the log."""
    office("customer close C-000001 --erase --yes --user wang")
    entry = json.loads(office("log --limit 1 -o jsonl").stdout)
    assert (entry["user"], entry["erases"]) == ("wang", {"customers": ["C-000001"]})
    assert office("log --limit 1 --fields did -o csv").stdout == "did\ncustomer close --erase\n"


def test_a_table_without_its_plugin_stops_it(office: Office, tmp_path: Path) -> None:
    """What a plugin that is not loaded holds of the customer would stay."""
    done = run(
        "customer close C-000001 --erase --yes",
        data=tmp_path / "data",
        env={"CSKIT_DISABLE_PLUGINS": "customers"},
    )
    assert done.exit_code != 0


# --- what else is held of them -----------------------------------------------------------------------------


def test_what_is_left_around_a_person(full: Office) -> None:
    """Contacts, opportunities, follow-ups, fees and units keep what figures are made of, and nothing told."""
    done = full("customer close C-000001 --erase --yes")
    assert done.stderr.startswith(
        "1 customer erased, and what was noted in 1 order, 1 contact, 1 opportunity, 1 activity, "
        "1 ledger entry, 1 unit; saved as 9, which stays\n"
    )
    left = {}
    for noun in ("contact", "opportunity", "activity", "ledger", "unit"):
        (row,) = full(f"customer {noun} export -o jsonl --reveal").stdout.splitlines()
        left[noun] = {
            name: value for name, value in json.loads(row).items() if name not in ("rev", "customer")
        }
    assert left == {
        "contact": {"id": "CT-000001", "name": "CT-000001"},
        "opportunity": {
            **{"id": "OP-000001", "need": "obvious", "chance": "unknown", "expected_close": "2026-12-01"},
            **{"amount": 500, "state": "negotiating"},
        },
        "activity": {
            **{"id": "AC-000001", "at": "2026-11-20T02:00:00Z", "staff": "S-001", "mode": "visit"},
            "contact": "CT-000001",
        },
        "ledger": {
            **{"id": "FE-000001", "item": "笼子", "amount": 500, "due": "2026-11-01"},
            "direction": "receivable",
            "invoice": {"date": "2026-11-02", "number": "F1", "amount": 500},
            "payments": [{"date": "2026-11-05", "amount": 200, "form": "现金"}],
        },
        "unit": {"id": "U-000001", "product": "笼子", "bought": "2026-01-01"},
    }
    names = "fees.overdue_amount,fees.late_payments,activity.visits,opportunity.amount"
    facts = f"fact show customer C-000001 --names {names} --now 2026-11-28 -o jsonl"
    assert json.loads(full(facts).stdout) == {
        "id": "C-000001",
        "fees.overdue_amount": 300,
        "fees.late_payments": 1,
        "activity.visits": 1,
        "opportunity.amount": 500,
    }


def test_what_stays_is_listed_by_name() -> None:
    """A field that is added to a record goes at an erasure, unless somebody decides that it stays."""
    free = {"note", "subject", "purpose", "result", "serial", "payer", "payee", "phone", "email", "next_on"}
    for model, kept in KEPT_OF.items():
        assert set(kept) <= set(model.__struct_fields__)
        assert not free & set(kept)
        assert not {name for name, info in fields(model).items() if info.personal} & set(kept)


def test_another_customers_records_stay(full: Office) -> None:
    """What is about somebody else is as it was, also an order that the erased customer referred."""
    full("customer order add C-000002 --date 2026-11-21 --referred-by C-000001 --note 海风说的")
    full("customer contact add C-000002 --name 李工 --phone 13700000000")
    full("customer close C-000001 --erase --yes")
    assert "海风说的" in full("customer order list --fields note -o csv").stdout
    assert "李工" in full("customer contact list --fields name -o csv").stdout


def test_no_byte_of_it_is_left(full: Office, tmp_path: Path) -> None:
    """After `data compact` no table and no line of the history holds what was noted around the person."""
    assert traces(tmp_path / "data") != []
    assert full("customer close C-000001 --erase --yes").exit_code == 0
    assert full("data compact --yes").exit_code == 0
    assert traces(tmp_path / "data") == []
    assert full("data verify").exit_code == 0


def test_a_merge_takes_everything_along(full: Office) -> None:
    """Whatever is about a customer who turns out to be another is that one's afterwards."""
    done = full("customer merge C-000002 C-000001 --yes")
    assert done.exit_code == 0, done.stderr
    for noun in ("order", "contact", "opportunity", "activity", "ledger", "unit"):
        assert full(f"customer {noun} count --where 'customer == \"C-000001\"'").stdout == "0\n"
    assert full("customer ledger count --where 'customer == \"C-000002\"'").stdout == "1\n"


# --- out of the history ------------------------------------------------------------------------------------


def traces(folder: Path) -> list[tuple[str, str]]:
    """Return which file of a folder holds which trace, as text, as JSON escapes it, or in its name."""
    return [
        (path.name, trace)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for trace in TRACES
        for form in (trace.encode(), json.dumps(trace)[1:-1].encode())
        if form in path.read_bytes() or trace in path.name
    ]


def test_no_byte_is_left(office: Office, tmp_path: Path) -> None:
    """Added, imported, set, undone, removed, stopped midway: after `data compact` nothing of it is there."""
    folder = tmp_path / "data"
    for line in (
        "customer add 林小满 --phone 13876540101 --note 金丝雀",
        "customer set C-000003 address=金丝雀路 email=kanarienvogel@post.example --reason '林小满 called'",
        "undo --yes",
        "undo 6 --yes",
        "customer set C-000001 phone=13900000000 --reason '金丝雀'",
        "customer set C-000001 phone=13876540101",
        "customer list --reveal",
        "customer remove C-000003 --yes",
        "undo --yes",
    ):
        assert office(line).exit_code == 0, line
    (folder / "customers.json.new").write_text("13876540101")
    assert office("customer close C-000001 C-000003 --erase --yes --reason 林小满").exit_code == 0
    assert traces(folder) != []
    done = office("data compact --yes --reason 'request of November'")
    assert done.exit_code == 0, done.stderr
    assert traces(folder) == []
    assert held(office, "C-000002")["phone"] == "02158881234"
    assert office("data verify").exit_code == 0
    reasons = [
        json.loads(line).get("reason") for line in office("log --limit 99 -o jsonl").stdout.splitlines()
    ]
    assert [reason for reason in reasons if reason] == ["request of November"]


def test_what_the_log_says_of_a_compaction(office: Office) -> None:
    """Earlier entries are still told, and cannot be undone; the old head is known."""
    head = office("data verify -q").stdout.strip()
    done = office("data compact --yes --reason why")
    assert done.stderr == f"3 entries emptied; saved as 4, the old head was {head}\n"
    assert office("data verify -q").stdout == done.stdout
    assert office(f"data verify -q --head {head}").exit_code == 0
    assert office("log --fields entry,did,changes,reason -o csv").stdout == (
        "entry,did,changes,reason\n"
        "4,data compact,3 entries emptied,why\n"
        "3,customer order add,1 order,\n"
        "2,customer order add,1 order,\n"
        "1,customer import,2 customers,\n"
    )
    checkpoint = json.loads(office("log --limit 1 -o jsonl").stdout)["checkpoint"]
    assert (checkpoint["sequence"], checkpoint["head"]) == (3, head)
    for line, why in (
        ("undo --yes", "cannot undo 4: it compacted the history, and what it left out is gone"),
        ("undo 2 --yes", "cannot undo 2: entry 4 compacted the history, which holds no values up to 3"),
    ):
        refused = office(line)
        assert (refused.exit_code, refused.stderr.splitlines()[0]) == (4, f"cskit: {why}")


def test_compacting_asks(office: Office) -> None:
    """It needs a yes, refuses a dry run, and has nothing to do in an empty folder."""
    done = office("data compact")
    assert (done.exit_code, done.stderr) == (
        2,
        "cskit: to empty the history and give up undoing what was done up to now needs a yes, "
        "and there is nobody to ask\nsay --yes if you mean it\n",
    )
    assert office("data compact --dry-run --yes").exit_code == 2


def test_nothing_to_compact(tmp_path: Path) -> None:
    """A folder in which nothing was saved has no history to empty."""
    done = run("data compact --yes", data=tmp_path)
    assert (done.exit_code, done.stderr) == (1, "cskit: the history is empty; there is nothing to compact\n")


def test_strange_files_are_named(office: Office, tmp_path: Path) -> None:
    """What is not the store's stays where it is, and is named, since it may hold the same values."""
    (tmp_path / "data" / "customers.json.bak").write_text("x")
    said = office("data compact --yes").stderr
    assert said.startswith("left alone: customers.json.bak, which may hold what the history held\n")


def test_work_goes_on(office: Office) -> None:
    """After a compaction changes are saved, undone and logged as before."""
    office("data compact --yes")
    office("customer set C-000002 region=西南")
    assert office("undo --yes").exit_code == 0
    assert office("customer add 新").stdout == "C-000003\n"
    assert office("log C-000002 --limit 1 --fields entry,field,before,after -o csv").stdout == (
        "entry,field,before,after\n6,region,西南,华南\n"
    )
