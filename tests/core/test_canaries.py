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
from cskit_complaints.model import Case
from cskit_customers.entry import Entry
from cskit_customers.model import Contact, Customer
from cskit_staff.model import Staff

Office = Callable[..., Result]
SAMPLES = {
    "phone": "138765401{:02d}",
    "email": "kanarienvogel{:02d}@post.example",
    "address": "上海市浦东新区金丝雀路{:02d}号",
    "identity": "1101011931010199{:02d}",
    "other": "金丝雀饲养员先生{:02d}",
}
CANARIES = ("8765401", "kanarien", "金丝雀", "1931")  # a choice shows too often as one of those there are
FILES = {
    "short.csv": "id,phone,address\nC-000001,{phone}\n",
    "number.csv": "id,birth_year,phone\nC-000001,1931年,{phone}\n",
    "masked.csv": "id,phone\nC-000001,139****9999\n",
    "nameless.csv": "id,\nC-000001,{phone}\n",
    "twice.csv": "id,phone\nC-000001,{phone}\nC-000001,{address}\n",
    "stale.csv": "id,phone,rev\nC-000001,{phone},000000000000\n",
    "noname.csv": "phone,email\n{phone},{email}\n",
    "kind.csv": "id,kind,occupation\nC-000001,x,{other}\n",
    "torn.jsonl": '{{"id":"C-000001","phone":"{phone}\n',
    "noobject.jsonl": '"{address}"\n',
    "numbers.jsonl": '{{"id":"C-000001","phone":1387654010,"gender":"{address}","birth_year":"{address}"}}\n',
    "parts.jsonl": '{{"item":"x","amount":1,"payer":{{"phone":"{phone}","fone":"{address}"}}}}\n',
    "contacts.csv": "customer,name,phone,emial\nC-9,x,{phone},{email}\nC-000001,,{phone},{email}\n",
    "unknown.jsonl": '{{"id":"C-000001"}}\n{{"id":"C-000002","fone":"{phone}","birth_year":19310101}}\n',
    "surrogate.jsonl": '{{"id":"C-000001","phone":"{phone}\\ud800"}}\n',
    "torn.json": '[{{"id":"C-000001","phone":"{phone}" "x"}}]',
    "good.csv": "id,phone,region\nC-000001,{phone},x\n,,\n",
    "orders.csv": "customer,date,note\nC-000001,2026-11-22,x\nC-9,x,{phone}\n",
    "figures.csv": "staff,followups,attendance\nS-001,{phone},x\n",
    "cases.csv": "content,phone,complainant,people\nx,{phone},{other},x\n",
    "batch.txt": "customer list\ncustomer show C-000001 -o json\ncustomer set C-000001 phone= kind=x\n",
}
READING: dict[str, tuple[str, ...]] = {
    "customer count": ("", "--by phone", "--by gender,birth_year", "--by phone,email", "--where 'phone > 5'"),
    "customer contact count": ("", "--by phone"),
    "customer contact export": ("", "--fields phone,email,rev"),
    "customer contact list": ("", "--where 'phone > 5'", "--sort email"),
    "customer contact schema": ("",),
    "customer contact show": ("CT-000001",),
    "customer copy": ("C-000001", "C-000002", "C-9"),
    "customer duplicates": ("", "--where 'known(phone)'"),
    "customer ledger count": ("", "--by payer", "--by payee.phone,invoice"),
    "customer ledger export": ("", "--fields payer,invoice.signed_by"),
    "customer ledger list": ("", "--fields id,payer,payee,invoice,payments", "--where 'payer.phone > 5'"),
    "customer ledger open": ("", "--overdue", "--payable"),
    "customer ledger schema": ("",),
    "customer ledger show": ("FE-000001",),
    "customer lost": ("--days 1",),
    "customer rank": ("", "--by quantity"),
    "customer timeline": ("C-000001", "C-9"),
    **{
        f"customer {noun} {verb}": (f"{own} ".strip(),)
        for noun in ("activity", "opportunity", "unit")
        for verb, own in (("count", ""), ("export", ""), ("list", ""), ("schema", ""), ("show", "X-1"))
    },
    "customer export": ("", "C-000001", "--fields phone,email,rev"),
    "customer list": (
        "",
        "--fields id,phone,gender,birth_year,address,occupation",
        "--sort phone",
        "--sort -birth_year",
        "--where 'birth_year > 1900 and known(phone)'",
        "--where 'phone > 5'",
        "--where 'birth_year / 0 > 1'",
        "--where 'email == 1'",
    ),
    "customer schema": ("",),
    "customer show": ("C-000001", "C-000001 C-000002", "C-9"),
    "customer order count": ("", "--by note"),
    "customer order export": ("",),
    "customer order list": ("",),
    "customer order schema": ("",),
    "customer order show": ("O-000001",),
    "data info": ("",),
    "data verify": ("", f"--head {'0' * 40}"),
    "fact list": ("",),
    "fact show": ("customer C-000001", "customer --all", "customer C-000001 --names nothing"),
    "help": ("", "where"),
    "log": ("", "C-000001", "C-000002", "C-9"),
    "config get": ("zone",),
    "config list": ("--origin",),
    "plugins check": (),  # works on folders of its own
    "plugins list": ("",),
    "plugins rules list": ("",),
    "plugins rules show": ("nothing nothing",),
    "completion": ("bash",),
    "report": ("--month 2026-11", "--month 2026-11 --ids", "--month 2026-11 --only customers"),
    "today": ("", "--until 2099-12-31"),
}
CHANGING: dict[str, tuple[str, ...]] = {
    "batch": ("batch.txt", "batch.txt --keep-going", "batch.txt --dry-run"),
    "config set": ("zone=Asia/Shanghai",),
    "config unset": ("zone",),
    "customer add": (
        "x --birth-year 1931年 --gender {address}",
        "x --phone {phone}",
    ),
    "customer close": ("C-000001", "C-000001 --dry-run", "C-000001 --erase --yes", "C-000001 --erase"),
    "customer import": tuple(
        name for name in FILES if name not in ("orders.csv", "cases.csv", "figures.csv", "batch.txt")
    ),
    "customer contact add": ("C-000001 --name x --phone {phone} --email {email}", "C-9 --phone {phone}"),
    "customer contact import": ("contacts.csv",),
    "customer contact merge": ("CT-000001 CT-000002 --yes", "CT-000001 CT-000002 --dry-run"),
    "customer contact remove": ("CT-000001 --yes", "CT-000001 --dry-run"),
    "customer contact set": ("CT-000001 phone={phone} email=x", "CT-000001 phone={phone} --dry-run"),
    "customer handover": ("--from S-1 --to S-2", "--from S-1 --to S-2 --dry-run", "--from S-3 --to S-1"),
    "customer ledger add": ("C-000001 --item x --amount 1 --payer {phone}", "C-000001 --item x"),
    "customer ledger import": ("parts.jsonl",),
    "customer ledger merge": ("FE-000001 FE-000002 --yes",),
    "customer ledger pay": ("FE-000001 1", "FE-000001 999999", "FE-000001 1 --dry-run"),
    "customer ledger remove": ("FE-000001 --yes",),
    "customer ledger set": ("FE-000001 payer.phone={phone} invoice.signed_by=", "FE-000001 payer={phone}"),
    **{
        f"customer {noun} {verb}": (words,)
        for noun in ("activity", "opportunity", "unit")
        for verb, words in (
            ("add", "C-000001"),
            ("import", "parts.jsonl"),
            ("merge", "X-1 X-2"),
            ("remove", "X-1 --dry-run"),
            ("set", "X-1 note=x"),
        )
    },
    "customer merge": (
        "C-000002 C-000001 --yes",
        "C-000001 C-000002 --no-fill --yes",
        "C-000002 C-000001 --dry-run",
    ),
    "customer remove": ("C-000003 --yes", "C-000001 --yes", "C-000003 --dry-run"),
    "customer set": (
        "C-000001 phone={phone} gender= birth_year=1932",
        "C-000001 phone={phone} --dry-run",
        "C-000001 birth_year=1931年 gender={address} address=上海**",
        "C-000001 email={email} fax={phone}",
    ),
    "customer order add": ("C-000001 --date x",),
    "customer order import": ("orders.csv",),
    "customer order merge": ("O-000001 O-9",),
    "customer order remove": ("O-000001 --dry-run",),
    "customer order set": ("O-000001 date=x",),
    "data compact": ("--yes", ""),
    "data init": ("",),
    "data settle": ("",),
    "demo": (),  # builds a folder of its own
    "plugins new": (),  # writes a folder of its own
    "undo": ("--yes", "1 --yes", "3 --yes", "5 --yes", "--dry-run", "4 --dry-run"),
}  # fmt: skip


CASE = "CP-20261120-001"
READING |= {
    "calendar add": ("2026-11-20T10:00 1h",),
    "calendar between": ("2026-11-20T10:00 2026-11-23T10:00",),
    "calendar show": ("2026-11",),
    **{f"case audit {what}": ("",) for what in ("handovers", "pauses", "reopened")},
    **{
        f"case {verb}": ("",)
        for verb in ("categories", "flow", "pareto", "repeat", "schema", "summary", "trend")
    },
    "case count": ("", "--by phone", "--by complainant"),
    "case export": ("", "--fields complainant,phone,rev"),
    "case list": ("", "--where 'phone > 5'", "--sort complainant"),
    "case monthly": ("--month 2026-11",),
    "case policy list": ("",),
    "case overdue": ("", "--now 2027-01-01T10:00"),
    "case show": (CASE, "CP-9"),
    "case sla": (CASE,),
    "case stats": ("--by category,month",),
    "case track": (CASE, "CP-9"),
    "followup due": ("--until 2027-12-31",),
    "grade changes": ("--since 2026-01-01",),
    "grade check": ("order-volume",),
    "grade due": ("",),
    "grade entitlements": ("C-000001",),
    "grade explain": ("C-000001 --scheme order-volume", "C-000001 --scheme store-tier"),
    "grade matrix": ("order-volume",),
    "grade schemes": ("",),
    "grade show": ("C-000001", "C-9"),
    "survey check": ("nothing.toml",),
    "survey compare": ("SR-0001 SR-0002",),
    "survey drivers": ("SR-0001",),
    "survey form": ("repair",),
    "survey low": ("SR-0001", "SR-0001 --below 100"),
    "survey nonresponse": ("SR-0001 --by region",),
    "survey questionnaires": ("",),
    "survey report": ("SR-0001 --by region",),
    "survey sample": ("SR-0001", "SR-0001 --all"),
    "survey score": ("SR-0001 --ids", "SR-0001 --by region", "SR-0001 --chart"),
    "survey show": ("repair",),
    "survey trend": ("overall",),
    **{
        f"{noun} {verb}": (own if verb == "show" else "",)
        for noun, own in (
            ("followup", "FU-000001"),
            ("grade", ""),
            ("grade gift", "GG-000001"),
            ("survey response", "SA-000001"),
            ("survey round", "SR-0001"),
        )
        for verb in ("count", "export", "list", "schema", "show")
        if (noun, verb) != ("grade", "show")
    },
}
CHANGING |= {
    "calendar import": ("good.csv",),
    "case add": (
        "x --phone {phone} --complainant {other} --people x",
        "x --phone {phone} --complainant {other}",
    ),
    "case import": ("cases.csv", "number.csv"),
    "case import-events": ("good.csv",),
    "case set": (f"{CASE} phone={{phone}} complainant={{other}} people=x", f"{CASE} phone={{phone}}"),
    **{
        f"case {words.partition(' ')[0]}": (f"{CASE} {words.partition(' ')[2]}".strip(), "CP-9 --dry-run")
        for words in (
            *("approve", "assign --to repair", "chase", "close", "comment --text x", "compensate --amount 1"),
            *("crisis --done facts", "escalate", "extend --until 20d --reason x", "keep", "link CP-9"),
            *(
                "pause --until 5d --reason x --party x",
                "pay",
                "promise --due 4h --text x",
                "reject --reason x",
            ),
            *("remove --yes", "reopen --reason x", "reply --text x", "resolve --solution x", "resume"),
            *("return --reason x", "start", "supervise"),
        )
    },
    "data adopt": ("", "torn.json"),
    "data backup": ("saved.tar",),
    "data copy": ("copied",),
    "data migrate": ("", "--dry-run"),
    "data restore": ("saved.tar --yes",),
    "followup add": ("Call --customer C-000001 --due x",),
    "followup done": ("FU-000001 --result x",),
    "followup import": ("contacts.csv",),
    "followup merge": ("FU-000001 FU-000002 --yes",),
    "followup remove": ("FU-000001 --yes",),
    "followup set": ("FU-000001 due=x",),
    "grade gift add": ("C-000001 --gift flowers --on x",),
    "grade gift import": ("contacts.csv",),
    "grade gift merge": ("X-1 X-2",),
    "grade gift remove": ("X-1 --dry-run",),
    "grade gift set": ("X-1 on=x",),
    "grade review": ("--pending", "GR-9"),
    "grade run": ("--dry-run", "--scheme order-volume"),
    "grade set": ("C-000001 order-volume A --reason x", "C-9 order-volume A --reason x"),
    "survey ask": ("SR-0001",),
    "survey import": ("SR-0001 contacts.csv", "SR-0001 good.csv"),
    "survey missed": ("SR-0001 SA-000001 --refused",),
    "survey new": (
        "overall --population customer --size 2",
        "overall --population customer --where 'phone > 5'",
    ),
    "survey round set": ("SR-0001 due=x",),
}


_NOUNS = (
    *("attendance", "course", "need", "penalty", "question", "reward", "target", "training"),
    *("exam", "exam sitting", "position", "scorecard", "appraisal"),
)
_STAFF = {path for path in App().plugins.leaves if path.startswith("staff ")}
_OF_NOUNS = {path for path in _STAFF if any(path.startswith(f"staff {noun} ") for noun in _NOUNS)}
READING |= dict.fromkeys(sorted(_OF_NOUNS), ())  # the same code as customers' nouns, or nobody's data
READING |= {
    "staff card": ("S-001 --month 2026-09", "S-001 --month 2026-09 --ids", "S-9"),
    "staff count": ("", "--by base_pay", "--by phone"),
    "staff export": ("", "--fields base_pay,phone,rev"),
    "staff facts": ("S-001 --month 2026-09",),
    "staff headcount": ("",),
    "staff list": ("", "--fields id,base_pay,allowance,phone", "--where 'base_pay > 1'", "--sort base_pay"),
    "staff organisation list": ("",),
    "staff organisation show": ("typical-team",),
    "staff pay": ("--month 2026-09", "S-9"),
    "staff penalty list": ("", "--fields id,amount"),
    "staff rank": ("--month 2026-09",),
    "staff schema": ("",),
    "staff scorecard list": ("", "--fields staff,total,indicators"),
    "staff scorecard show": ("SC-000001",),
    "staff show": ("S-001", "S-9"),
    "staff timeline": ("S-001",),
    "staff tree": ("", "--people"),
    "staff trend": ("S-001",),
}
CHANGING |= {
    "staff add": ("x --phone {phone} --base-pay x", "x --base-pay 8765401 --email {email}"),
    "staff apply": ("--quarter 2026-Q3 --user S-002",),
    "staff confirm": ("S-001 --month 2026-09 --user S-002", "--all --month 2026-09 --user S-002"),
    "staff import": ("good.csv",),
    "staff organisation use": ("food-brand --dry-run",),
    "staff review": ("--quarter 2026-Q3", "--quarter 2026-Q3 --dry-run"),
    "staff score": ("--month 2026-09 --enter figures.csv", "--month 2026-09 --dry-run"),
    "staff set": ("S-001 base_pay=8765401.5 phone={phone}", "S-001 base_pay=8765402 --dry-run"),
}


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


def people(run: Office) -> None:
    """Take on somebody whose pay, telephone and score are canaries."""
    who = {"id": "S-001", "name": "甲", "position": "REP", **personal(Staff, 90)}
    assert run("staff position add 代表 --id REP --scheme representative").exit_code == 0
    assert run("staff import -", input=f"{json.dumps(who)}\n").exit_code == 0
    for line in ("staff add 乙", "staff penalty add S-001 --what x --amount 8765401"):
        assert run(line).exit_code == 0
    figures = "staff,followups,satisfaction,handling,training,attendance\nS-001,8765401,8765401,1,1,1\n"
    assert run("staff score S-001 --month 2026-09 --enter -", input=figures).exit_code == 0


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
    for name, text in FILES.items():
        (tmp_path / name).write_text(filled(text), encoding="utf-8")
    return department(tmp_path / "data")


def seen(text: str) -> list[str]:
    """Return the canaries that a text shows."""
    words = _HASH.sub("", text)  # where any four digits may stand
    return [canary for canary in CANARIES if canary in words]


def workbook(path: Path) -> str:
    """Return all that the parts of a workbook hold, "" where there is none."""
    if not path.exists():
        return ""
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
    shown = office("customer export --reveal").stdout + office("log C-000001 --reveal").stdout
    assert set(seen(shown)) == set(CANARIES)


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
    assert noted["revealed"].keys() <= {"customers", "contacts", "ledger", "cases"}
    assert all(look["count"] > 0 for look in noted["revealed"].values())
