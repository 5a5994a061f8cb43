"""Values that occur nowhere else, in every personal field: no command shows one, whatever goes wrong.

Every command of the tree has its lines here; a new one makes the first test fail until it has.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cskit.app import App
from cskit.records import Field, fields
from cskit.terminal.options import FORMATS
from cskit.testing import Result, department
from cskit_calls.desk.reception import Plan, Visitor
from cskit_calls.hotline.model import Call
from cskit_calls.quality.qamodel import Coaching
from cskit_calls.rota.rotamodel import Absence
from cskit_complaints.model import Case
from cskit_customers.entry import Entry
from cskit_customers.model import Contact, Customer
from cskit_property.estates.model import Company, Project
from cskit_property.tenants.tenancy import Mediation, Tenant
from cskit_service.deliveries.model import Delivery
from cskit_service.jobs.model import Request
from cskit_service.notices.model import Notice
from cskit_service.repairs.model import Repair
from cskit_staff.learning.learning import Training
from cskit_staff.people.model import Staff
from tests.core.canaries import CANARIES, CHANGING, FILES, OTHERS, READING, SAMPLES

Office = Callable[..., Result]

_HASH = re.compile(r"\b[0-9a-f]{12}\b|\b[0-9a-f]{40}\b")


def filled(text: str) -> str:
    """Return a text with canaries in its places."""
    return text.format(**{name: sample.format(7) for name, sample in SAMPLES.items()})


def sample(info: Field, number: int) -> Any:
    """Return a canary for one personal field."""
    if info.kind == "integer":
        return 1931
    if info.kind == "decimal":
        return 8765401
    return "female" if info.kind == "choice" else SAMPLES[info.personal or "other"].format(number)


def customer(start: int) -> dict[str, Any]:
    """Return a customer's fields with a canary in every personal one."""
    return personal(Customer, start)


def personal(model: type[Any], start: int) -> dict[str, Any]:
    """Return the personal fields of a record or part, also those of its groups, with a canary in each."""
    found: dict[str, Any] = {}
    for place, (name, info) in enumerate(fields(model).items(), start):
        if info.personal:
            found[name] = sample(info, place)
        elif info.kind == "struct" and (inside := personal(info.of, place)):
            found[name] = inside
    return found


def imported(run: Office, noun: str, *lines: dict[str, Any]) -> None:
    """Import records of a noun; every one must be taken."""
    done = run(f"{noun} import -", input="".join(f"{json.dumps(line)}\n" for line in lines))
    assert done.exit_code == 0, done.stderr


def people(run: Office) -> None:
    """Take on somebody whose pay, telephone and scores are canaries, and somebody who left again."""
    who = {"id": "S-001", "name": "甲", "position": "REP", "rank": "ordinary-senior", **personal(Staff, 80)}
    gone = {"id": "S-003", "name": "丙", "state": "left", "left": "2026-03-31", **personal(Staff, 80)}
    score = {"course": "TC-0001", "staff": "S-001", "before": 87.65, "after": 87.65}
    assert score.keys() >= personal(Training, 0).keys()
    assert (
        run("staff position add 代表 --id REP --scheme representative --ladder representative").exit_code == 0
    )
    imported(run, "staff", who, {"id": "S-002", "name": "乙"}, gone)
    for line in (
        "staff penalty add S-001 --what x --amount 8765401 --on 2026-09-05",
        "staff penalty confirm PN-00001 --user lead",
        "staff penalty add S-001 --what x --amount 8765401",
        "staff reward add S-001 --what x --amount 8765401",
        "staff course add x --on 2026-08-05 --topic x",
        "staff need add S-001 --topic x",
        "staff question add x --a one --b two --answer A --points 70.12",
        "staff question add x --a one --b two --answer A --points 9.88",
        "staff exam draw x --questions 2 --seed 1 --on 2026-08-20",
        "staff target add staff.penalty_amount --period 2026-09 --plan 3 --staff S-001",
        "staff target add staff.training_score --period 2026-08 --plan 3 --staff S-001",
    ):
        assert run(line).exit_code == 0, line
    imported(run, "staff training", score)
    assert run("staff exam mark EX-0001 -", input="staff,1,2\nS-001,B,A\n").exit_code == 0
    rows = "staff,followups,satisfaction,handling,training,attendance\nS-001,87.65,87.65,87.65,87.65,87.65\n"
    for month in ("04", "05", "06"):
        done = run(f"staff score S-001 --month 2026-{month} --enter -", input=rows)
        assert done.exit_code == 0, done.stderr
        assert run(f"staff confirm S-001 --month 2026-{month} --user S-002").exit_code == 0
    for line in ("review --quarter 2026-Q2", "confirm S-001 --quarter 2026-Q2 --user S-002"):
        assert run(f"staff {line}").exit_code == 0, line
    figures = "staff,followups,satisfaction,handling,training,attendance\nS-001,8765401,8765401,1,1,1\n"
    assert run("staff score S-001 --month 2026-09 --enter -", input=figures).exit_code == 0


def estates(run: Office) -> None:
    """Set up estates whose companies, tenants and disputes are full of canaries, and what goes on there."""
    rent = {"project": "PJ-001", "rent": "900", "lease_from": "2026-08-01", "lease_until": "2027-01-31"}
    imported(run, "property company", *({"name": "晨屿", **personal(Company, 10)} for _time in range(2)))
    own = {"name": "花园", "company": "PC-001", "residential_area": "100", "residential_rate": "2"}
    imported(run, "property project", *({**own, **personal(Project, 20)} for _time in range(2)))
    rents = [{**rent, "name": "租户", "customer": "C-000001", **personal(Tenant, 30)} for _time in range(3)]
    imported(run, "property tenant", *rents)
    row = {"tenant": "PT-0001", "subject": "噪音", "on": "2026-10-10", **personal(Mediation, 40)}
    imported(run, "property mediation", row)
    for line in (
        "tenant move-in PT-0002 --on 2026-08-01 --item power_meter=1 --item water_meter=1 --rest-ok",
        "invoice run --month 2026-09 --now 2026-09-01T09:00",
        "check new PJ-001 --standard residential --on 2026-10-20",
        "rectification add 漏水 --project PJ-001 --due 2026-10-01",
        "event add 电梯 --project PJ-001 --due 2026-10-01",
        "audit add PJ-001 --topic 台账 --on 2026-10-20",
        "patrol add PJ-001 --seen x",
        "reduction add 优惠 --project PJ-001 --customer C-000001 --amount 120 --user a",
        "matter open delivery --project PJ-001 --now 2026-09-01T09:00",
        "sale add 1-101 --project PJ-001 --customer C-000001 --price 1200000 --now 2026-09-01T09:00",
        "sale move subscribe PS-00001 --now 2026-09-02T09:00",
        *(f"settle new PJ-001 --item x --period 2026-0{month} --user a" for month in (1, 2)),
        "settle submit ST-00002 --user a",
        "settle check ST-00002 --user b",
        "settle approve ST-00002 --user c",
    ):
        done = run(f"property {line}")
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


def hotline(run: Office) -> None:
    """Take calls and receive visitors whose names and numbers are canaries."""
    at = {"at": "2026-10-20T09:00", "customer": "C-000001"}
    imported(run, "call", {**at, "promise_due": "2026-10-21T09:00", **personal(Call, 85)}, at)
    imported(run, "call visitor", {**at, **personal(Visitor, 90)})
    imported(run, "call plan", {"subject": "x", "due": "2026-12-01", **personal(Plan, 90)})


def rota(run: Office) -> None:
    """Keep shifts, absences, scores and coaching notes that are full of canaries."""
    call = {"at": "2026-10-21T09:00", "staff": "S-001", "talking": 60, "purpose": "x"}
    imported(run, "call", {**call, "customer": "C-000001"})
    away = {"staff": "S-001", "first": "2026-10-14", **personal(Absence, 100), "kind": "sick"}
    imported(run, "call absence", away)
    coached = {"staff": "S-001", "coach": "S-002", "topic": "x", **personal(Coaching, 100)}
    imported(run, "call coaching", {name: value for name, value in coached.items() if name != "answer"})
    points = filled("--item listening=0:{other} --item empathy=7.65 --rest-ok --comment {other}")
    for line in (
        "shift plan --from 2026-10-10 --to 2026-10-13 --staff S-001 --staff S-002",
        "handover --shift early --on 2026-10-11 --note x --user S-001",
        "qa sample --month 2026-10 --seed 1",
        f"qa score CL-20261021-001 {points} --violation x --user S-009",
        "qa measure add x --staff S-001",
        "analysis add x --call CL-20261021-001",
    ):
        done = run(f"call {line}")
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


def notices(run: Office) -> None:
    """Take notices full of canaries along: one surveyed, one invoiced, one before payment."""
    told = {"customer": "C-000001", "start": "2026-10-20", **personal(Notice, 40)}
    chargeable = {"description": "锁坏", "type": "Z1", "payment": "paid", "demand": "chargeable"}
    before = {"description": "少发", "type": "Z2", "payment": "unpaid", "demand": "complaint"}
    imported(run, "notice", *({**told, **one} for one in (chargeable, chargeable, before)))
    for line in (
        "site-survey SN-000001 SN-000002",
        "quote SN-000002 --line x=80",
        "agree SN-000002",
        "perform SN-000002",
        filled("sign-off SN-000002 --by {other}"),
        "invoice SN-000002",
    ):
        done = run(f"notice {line}")
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


def jobs(run: Office) -> None:
    """Ask for service, repair and deliver where every person's field is a canary."""
    own = {"customer": "C-000001"}
    imported(run, "request", *({**own, "subject": "漏水", **personal(Request, 20)} for _time in range(3)))
    imported(run, "repair", *({**own, "fault": "噪音", **personal(Repair, 20)} for _time in range(3)))
    delivery = {**own, "at": "2026-12-01T10:00", **personal(Delivery, 20)}
    imported(run, "delivery", *(delivery for _time in range(3)))
    for line in (
        "dispatch add RQ-000002 --engineer S-008",
        "dispatch start DP-000001",
        "service-record add DP-000001 --what x",
        "part add x",
        "part receive SP-0001=5",
        "repair finish RP-000002 --cause x --part SP-0001",
        filled("repair sign-off RP-000002 --by {other}"),
        "return add x --repair RP-000002",
        "delivery deliver DV-000002",
    ):
        done = run(line)
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with canaries in the tables, in the history, and in removed records."""
    folder = tmp_path_factory.mktemp("canaries") / "data"
    lines = [
        {"id": "C-000001", "name": "甲公司", "kind": "company", **customer(10)},
        {"id": "C-000002", "name": "乙", "kind": "person", **customer(30)},
        {"id": "C-000003", "name": "丙", "region": "华东"},
    ]
    run = department(folder)
    done = run("customer import -", input="".join(f"{json.dumps(line)}\n" for line in lines))
    assert done.exit_code == 0, done.stderr
    for noun, rest in (
        ("contact", {"name": "联系人", **personal(Contact, 50)}),
        ("ledger", {"item": "费用", "amount": "100", "due": "2026-11-01", **personal(Entry, 60)}),
    ):
        rows = "".join(f"{json.dumps({'customer': own, **rest})}\n" for own in ("C-000001", "C-000002"))
        done = run(f"customer {noun} import -", input=rows)
        assert done.exit_code == 0, done.stderr
    for line in (
        filled("customer set C-000001 phone={phone} address={address} birth_year=1931"),
        "customer set C-000001 region=华东 occupation=",
        "customer order add C-000001 --date 2026-11-20 --note x",
        "customer order add C-000001 --date 2026-11-21",
        filled("customer add 丁 --phone {phone} --email {email}"),
        "customer remove C-000004 --yes",
        "undo --yes",
        "undo 10 --yes",
        filled("customer set C-000003 phone={phone}"),
        "survey new overall --population customer --size 100% --seed 1",
        "survey new overall --population customer --size 1 --seed 2",
        "followup add x --customer C-000001 --due 2026-12-01",
        "followup add x --customer C-000002 --due 2026-12-01",
        "grade set C-000001 order-volume B --reason x",
    ):
        assert run(line).exit_code == 0, line
    people(run)
    estates(run)
    hotline(run)
    rota(run)
    notices(run)
    jobs(run)
    assert run("survey new property --population 'property tenant' --size 100% --seed 3").exit_code == 0
    rest = {
        "content": "漏水",
        "received_at": "2026-11-20T09:00",
        "customer": "C-000001",
        **personal(Case, 70),
    }
    done = run("case import -", input=f"{json.dumps(rest)}\n")
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def office(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a `run` for a copy of the folder, with the files beside it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(original, tmp_path / "data")
    for name, text in (FILES | OTHERS).items():
        (tmp_path / name).write_text(filled(text), encoding="utf-8")
    return department(tmp_path / "data")


def seen(text: str) -> list[str]:
    """Return the canaries that a text shows."""
    words = _HASH.sub("", text)  # where any four digits may stand
    return [canary for canary in CANARIES if canary in words]


def workbook(path: Path) -> str:
    """Return all that the parts of a workbook hold, or what else was written, "" where nothing was."""
    if not path.exists():
        return ""
    if not zipfile.is_zipfile(path):  # a command that prints was asked for HTML
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def outputs(office: Office, line: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Yield a command line in every format with all that it wrote."""
    for form in FORMATS:
        out = tmp_path / f"out.{form}"
        done = office(f"{line} -o {form}" if form != "xlsx" else f"{line} --out {out}")
        yield form, done.stdout + done.stderr + (workbook(out) if form == "xlsx" else "")


# --- every command -----------------------------------------------------------------------------------------


def test_every_command_has_its_lines() -> None:
    """A new command gets lines in READING or CHANGING, or a reason there why it needs none.

    The commands of a narrower noun (complaint) are those of the wider one (case).
    """
    leaves = App().plugins.leaves.items()
    own = [path for path, leaf in leaves if not (leaf.like or (leaf.record_type and leaf.record_type.holds))]
    assert sorted({**READING, **CHANGING}) == sorted(own)


def test_the_canaries_are_there(office: Office) -> None:
    """With --reveal each of them is seen, so that the other tests can fail."""
    exports = (
        *("customer", "staff", "staff training", "staff exam sitting", "staff scorecard", "staff appraisal"),
        *(f"property {noun}" for noun in ("company", "mediation", "project", "tenant")),
        *("call", "call plan", "call visitor", "call absence", "call coaching", "call qa assessment"),
    )
    shown = [seen(office(f"{noun} export --reveal").stdout) for noun in exports]
    assert all(shown)
    shown.append(seen(office("log C-000001 --reveal").stdout))
    assert {canary for some in shown for canary in some} == set(CANARIES)


@pytest.mark.parametrize("command", [command for command, lines in READING.items() if lines])
def test_reading(office: Office, tmp_path: Path, command: str) -> None:
    """No format of a command that reads shows a canary, on either stream, in a file or a workbook."""
    for rest in READING[command]:
        for form, written in outputs(office, f"{command} {rest}", tmp_path):
            assert seen(written) == [], f"{command} {rest} -o {form}"


@pytest.mark.parametrize(
    "line", [f"{command} {filled(rest)}" for command, lines in CHANGING.items() for rest in lines]
)
@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_changing(office: Office, line: str, form: str) -> None:
    """Neither results nor refusals of a command that changes something show a canary."""
    done = office(f"{line} -o {form}")
    assert seen(done.stdout + done.stderr) == []
    assert done.exit_code != 70, done.stderr
    assert seen(office("log").stdout) == []


def test_problems_sheets_are_the_users_own(office: Office, tmp_path: Path) -> None:
    """What is wrong is told without the values; the rows in the sheet are those of the user's file."""
    done = office("customer import number.csv --problems problems.xlsx")
    assert (done.exit_code, seen(done.stdout + done.stderr)) == (5, [])
    assert "8765401" in workbook(tmp_path / "problems.xlsx")


# --- damaged and edited folders ----------------------------------------------------------------------------


def edited(folder: Path, old: str, new: str) -> None:
    """Change a table's file as another program would."""
    file = folder / "customers.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"gender":"female"', '"gender":"金丝雀路"'),
        ('"birth_year":1931', '"birth_year":"金丝雀路"'),
        ('"phone":"', '"phone":8765401,"fax":"'),
        ('{"id":"C-000001"', '{"phone":"8765401","id":5'),
        ('{"id":"C-000001"', '{"fone":"8765401金丝雀","id":"C-000001"'),
        ('{"id":"C-000001"', '{"id":"8765401金丝雀""C-000001"'),
    ],
    ids=["choice", "number", "text", "id", "unknown key", "broken"],
)
def test_unreadable_documents(office: Office, tmp_path: Path, old: str, new: str) -> None:
    """What is wrong with a stored document is said without what it holds."""
    edited(tmp_path / "data", old, new)
    for line in (
        "customer list",
        "customer export",
        "customer show C-000001",
        "customer count --by gender,birth_year,phone",
        "customer list --where 'known(gender) and birth_year > 5'",
        "customer set C-000001 region=x",
        "customer set C-000001 region=x --dry-run",
        "customer merge C-000001 C-000002 --yes",
        "customer close C-000001 --erase --yes",
        "fact show customer C-000001",
        "data verify",
        "data settle",
        "data compact --yes",
        "log C-000001",
        "undo --yes",
    ):
        done = office(line)
        assert seen(done.stdout + done.stderr) == [], line


def test_conflicts(office: Office, tmp_path: Path) -> None:
    """A document changed by another program and by cskit is named, not shown."""
    file = tmp_path / "data" / "customers.json"
    before = file.read_text(encoding="utf-8")
    assert office("customer set C-000001 region=z").exit_code == 0
    assert "87654010" in before
    file.write_text(before.replace("87654010", "87654019"), encoding="utf-8")
    for line in (
        "customer set C-000001 region=y",
        "data adopt customers",
        "data compact --yes",
        "data verify",
    ):
        done = office(line)
        assert done.exit_code in (4, 7), line
        assert seen(done.stdout + done.stderr) == [], line


def test_what_another_program_changed(office: Office, tmp_path: Path) -> None:
    """What is taken over from an edited file is named, not shown, then and in the history."""
    edited(tmp_path / "data", "87654010", "87654019")
    for line in ("data verify", "customer set C-000001 region=y", "log C-000001", "log", "undo --yes"):
        done = office(line)
        assert seen(done.stdout + done.stderr) == [], line


@pytest.mark.parametrize("plugins", ["", "nothing"])
def test_without_the_plugin(office: Office, plugins: str) -> None:
    """Where nobody knows which fields are personal, nothing of them is shown."""
    for line in ("log", "log C-000001 -o jsonl", "undo 4 --dry-run --yes", "data info", "data verify"):
        done = office(line, env={"CSKIT_PLUGINS": plugins})
        assert seen(done.stdout + done.stderr) == [], line


# --- looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "customer list",
        "customer show C-000001",
        "customer show C-000001 C-000002 -o json",
        "customer export",
        "customer export -o csv --out out.csv",
        "customer count --by phone",
        "customer set C-000001 phone=13900000000",
        "customer add x --phone 13900000000 -o json",
        "customer merge C-000001 C-000002 --yes",
        "customer contact list",
        "customer copy C-000001",
        "customer copy C-000001 -o json",
        "customer duplicates",
        "customer ledger export",
        "log C-000001",
        "property tenant list",
        "staff export",
        "staff pay --month 2026-09",
    ],
)
def test_every_look_is_noted(office: Office, line: str) -> None:
    """With --reveal each of these leaves an entry that says so."""
    done = office(f"{line} --reveal")
    assert done.exit_code == 0, done.stderr
    noted = json.loads(office("log --limit 1 -o jsonl").stdout)
    assert (
        noted["command"] == " ".join(word for word in line.split() if word.isalpha())[: len(noted["command"])]
    )
    there = {"customers", "contacts", "ledger", "cases", "staff", "staff_scores", "property_tenants"}
    there |= {"calls", "call_plans", "call_visitors"}
    there |= {"service_notices", "service_requests", "repairs", "deliveries"}
    assert noted["revealed"].keys() <= there
    assert all(look["count"] > 0 for look in noted["revealed"].values())
