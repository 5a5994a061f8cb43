"""What cases give to other plugins: facts, actions, timelines; and what goes with an erased customer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from cskit import Command, hookimpl
from cskit.app import App
from cskit.errors import NotFound
from cskit.store.folder import FolderTransaction
from cskit.store.snapshot import Snapshot
from cskit.terminal.options import Options
from cskit.testing import Result, check_plugin, run
from cskit_complaints.timeline import events

Desk = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
ONE = "CP-20261123-001"


def facts(desk: Desk, about: str, own: str, options: str = "") -> dict[str, Any]:
    """Return what `fact show` says of one thing."""
    done = desk(f"fact show {about} {own} {options} -o jsonl")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    return {name: value for name, value in found.items() if name.startswith("complaints.")}


def test_facts_about_a_customer(desk: Desk) -> None:
    """Only complaints count, up to now, in the period; of a customer without any it is known to be none."""
    for line in (
        "case add 漏水 --customer KH7 --validity valid --received-at 2026-11-20",
        "case add 停电 --customer KH7 --received-at 2026-08-01",
        "case add 几点开门 --customer KH7 --kind enquiry",
        "case add 还没到 --customer KH7 --received-at 2026-12-24",
        "case reply CP-20261120-001 --text 已修",
        "case close CP-20261120-001",
        "customer add 无投诉",
    ):
        assert desk(line).exit_code == 0, line
    found = facts(desk, "customer", "C-000001", "--now 2026-11-24")
    assert found == {
        "complaints.count": 2,
        "complaints.open": 1,
        "complaints.valid": 1,
        "complaints.last_on": "2026-11-20",
        "complaints.in_90_days": 1,
    }
    found = facts(desk, "customer", "C-000001", "--period 2026-08")
    assert (found["complaints.count"], found["complaints.last_on"]) == (1, "2026-08-01")
    found = facts(desk, "customer", "C-000002")
    assert (found["complaints.count"], found.get("complaints.last_on")) == (0, None)


def test_facts_are_rounded_half_up(desk: Desk) -> None:
    """A mean of 4.125 is 4.13, as figures of cases have it."""
    assert desk("staff add 周航 --id S-002").exit_code == 0
    rows = [{"content": "x", "handler": "S-002", "satisfaction": good} for good in (5, *[4] * 7)]
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    assert desk("case import - --format jsonl", input=lines).exit_code == 0
    assert facts(desk, "staff", "S-002")["complaints.satisfaction"] == 4.13


def test_facts_about_staff(desk: Desk) -> None:
    """Who handles complaints is measured by them; nothing handled means nothing known, but the count."""
    for line in (
        "staff add 周航 --id S-002",
        "staff add 何淼 --id S-009",
        "case add 漏水",
        "case add 停电",
        f"case assign {ONE} CP-20261123-002 --to repair --handler S-002",
        f"case start {ONE} CP-20261123-002",
        f"case comment {ONE} --text 已致电 --contact --now 2026-11-23T12:30",
        f"case resolve {ONE} CP-20261123-002 --solution 已修 --now 2026-11-23T15:00",
        f"case reply {ONE} --text 已修 --satisfaction 5 --now 2026-11-23T15:00",
        "case reply CP-20261123-002 --text 已修 --satisfaction 4 --now 2026-11-30T15:00",
        "case reopen CP-20261123-002 --reason 又停了 --now 2026-12-01",
    ):
        assert desk(line).exit_code == 0, line
    found = facts(desk, "staff", "S-002", "--now 2026-12-02")
    assert found == {
        "complaints.handled": 2,
        "complaints.on_time_rate": 50.0,
        "complaints.correct_rate": 50.0,
        "complaints.first_response_hours": 87.75,
        "complaints.satisfaction": 4.5,
    }
    asked = "fact show staff S-009 --names complaints.handled,complaints.on_time_rate -o csv"
    assert desk(asked).stdout == "id,complaints.handled,complaints.on_time_rate\nS-009,0,\n"
    asked = "fact show staff S-002 --names complaints.on_time_rate --ids --now 2026-12-02 -o csv"
    behind = desk(asked).stdout
    assert [line.split(",")[2:] for line in behind.splitlines()[1:]] == [
        ["case", ONE],
        ["case", "CP-20261123-002"],
    ]


def test_a_scope_means_nothing_here(desk: Desk) -> None:
    """Cases cannot be narrowed by a product."""
    done = desk("fact show customer C-000001 --names complaints.count --scope product=CD")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "cases cannot be narrowed by product" in done.stderr


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each table was read."""
    found: Counter[str] = Counter()
    for kind in (Snapshot, FolderTransaction):

        def read(self: Any, table: str, *which: Any, real: Any = kind.read, **named: Any) -> Any:
            found[table] += 1
            return real(self, table, *which, **named)

        monkeypatch.setattr(kind, "read", read)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "case list --where 'severity == 2'",
        "case assign --where 'severity == 2' --to repair --yes",
        "today",
        "fact show customer C-000001 --names complaints.count,complaints.open,complaints.valid",
    ],
)
def test_tables_are_not_read_in_a_loop(desk: Desk, reads: Counter[str], tmp_path: Path, line: str) -> None:
    """A command reads as often over 200 cases as over 5."""
    found = []
    for size in (5, 200):
        rows = [
            {"key": f"{size}-{n}", "content": "漏水", "customer": "KH7", "people": 2} for n in range(size)
        ]
        file = tmp_path / f"{size}.jsonl"
        file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        assert desk(f"case import {file}").exit_code == 0
        reads.clear()
        assert desk(line).exit_code == 0
        found.append(dict(reads))
        desk("undo --yes") if "assign" in line else None
    assert found[0] == found[1]


# --- actions -----------------------------------------------------------------------------------------------


def test_other_plugins_open_cases(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """`case.open` registers a case in the caller's transaction and `case.comment` notes something on it."""
    desk("config set zone Asia/Shanghai")
    app = App(Options(data=str(tmp_path / "data"), now="2026-11-23T10:00"))
    with app.transaction() as tx:
        own = app.actions["case.open"](
            tx, content="电话里说漏水", customer="KH7", category="渗漏水", unit=None
        )
        app.actions["case.comment"](tx, case=own, text="来电 3 分钟", contact=True)
        with pytest.raises(NotFound):
            app.actions["case.comment"](tx, case="CP-1", text="x")
    found = case(own)
    assert (found["category"], found["customer"], found["severity"]) == (
        "property.repair.leak",
        "C-000001",
        3,
    )
    assert [event["what"] for event in found["events"]] == ["register", "comment"]


def test_a_follow_up_is_scheduled_where_there_is_one(tmp_path: Path) -> None:
    """Closing asks `followup.schedule` for a call back in three months, in the same transaction."""

    class FollowUps:
        called: list[dict[str, Any]] = []  # noqa: RUF012 - one for the test

        @hookimpl
        def cskit_actions(self) -> Any:
            from cskit import ActionSpec

            names = ("subject", "kind", "customer", "about", "due", "every")
            yield ActionSpec(
                "followup.schedule", "Schedule.", f"{__name__}:schedule", dict.fromkeys(names, "x")
            )

        @hookimpl
        def cskit_commands(self) -> list[Command]:
            return []

    plugins = {"customers": "cskit_customers", "complaints": "cskit_complaints", "surveys": FollowUps()}
    for line in (
        "case add 漏水",
        f"case reply {ONE} --text 已修",
        f"case close {ONE} --now 2026-11-30T10:00",
    ):
        when = "" if "--now" in line else " --now 2026-11-23T10:00"
        done = run(line + when, data=tmp_path / "data", plugins=plugins)
        assert done.exit_code == 0, done.stderr
    assert "no follow-up" not in done.stderr
    said = {"subject": "漏水", "kind": "complaint", "customer": None, "about": ONE}
    assert SCHEDULED == [{**said, "due": "2027-02-28", "every": 3}]


SCHEDULED: list[dict[str, Any]] = []


def schedule(app: App, tx: Any, **arguments: Any) -> None:
    """Stand in for the action of another plugin."""
    SCHEDULED.append({**arguments, "due": str(arguments["due"])})


# --- timeline and erasure ----------------------------------------------------------------------------------


def test_the_timeline_of_a_customer(desk: Desk, tmp_path: Path) -> None:
    """A customer's timeline has every event of every case of theirs, and no other's."""
    for line in ("case add 漏水 --customer KH7", "case add 别人的", f"case assign {ONE} --to repair"):
        assert desk(line).exit_code == 0
    app = App(Options(data=str(tmp_path / "data")))
    found = [(event.what, event.id, event.who) for event in events(app, "customer", "C-000001")]
    assert found == [
        ("register: 漏水", ONE, "S-001"),
        ("assign: Department: Repairs; Until: 2026-11-26 10:00", ONE, "S-001"),
    ]
    assert [event.what for event in events(app, "case", "CP-20261123-002")] == ["register: 别人的"]
    assert list(events(app, "customer order", "O-000001")) == []


CANARY = "金丝雀"


def test_erased_with_the_customer(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """What tells of a person goes from their cases, and with `data compact` from the folder; figures stay."""
    told = f"--complainant {CANARY} --phone 13876540101 --unit {CANARY}-502 --note {CANARY}"
    for line in (
        f"customer unit add KH7 --id {CANARY}-502",
        f"customer unit set {CANARY}-502 serial=502",
        f"case add {CANARY}家漏水 --customer KH7 {told} --demand {CANARY} --people 3 --category 渗漏水",
        f"case assign {ONE} --to repair --text {CANARY}",
        f"case promise {ONE} --due 3d --text 给{CANARY}回电",
        f"case extend {ONE} --until 9d --reason {CANARY}不在",
        f"case compensate {ONE} --amount 100 --reason {CANARY}",
        f"case set {ONE} severity=1 --reason {CANARY}",
        "case add 别人的 --complainant 别人",
        f"case set {ONE} unit=",
        f"customer unit remove {CANARY}-502 --yes",
        "customer close KH7 --erase --yes",
    ):
        assert desk(line).exit_code == 0, line
    found = case()
    assert CANARY not in json.dumps(found, ensure_ascii=False)
    assert (found["people"], found["category"], found["severity"]) == (3, "property.repair.leak", 1)
    assert [event["what"] for event in found["events"]][:3] == ["register", "assign", "promise"]
    assert case("CP-20261123-002")["content"] == "别人的"
    assert desk("data compact --yes").exit_code == 0
    held = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert CANARY.encode() not in held
    assert b"13876540101" not in held


def test_a_unit_is_one_of_the_register(desk: Desk, case: Stored) -> None:
    """The unit a case is about is one that there is, by id or key, and cannot be removed meanwhile."""
    assert desk("customer unit add KH7 --key 3-502").exit_code == 0
    assert desk("case add 漏水 --unit 3-502").exit_code == 0
    assert case()["unit"] == "U-000001"
    assert desk("case add 漏水 --unit 9-999").exit_code == 5
    assert desk("customer unit remove 3-502 --yes").exit_code == 4


def test_merged_with_the_customer(desk: Desk, case: Stored) -> None:
    """When two customers are one, the cases of both are that one's."""
    desk("customer add 晨屿贸易")
    desk("case add 漏水 --customer C-000002")
    assert desk("customer merge KH7 C-000002 --yes").exit_code == 0
    assert case()["customer"] == "C-000001"


def test_personal_data_is_masked(desk: Desk) -> None:
    """The complainant and the telephone are masked as long as nobody asks to see them."""
    desk("case add 漏水 --complainant 林小满 --phone 13812340577")
    shown = desk(f"case show {ONE}").stdout
    assert "林小满" not in shown
    assert "138****0577" in shown
    assert "林小满" in desk(f"case show {ONE} --reveal").stdout


def test_cases_are_printed(desk: Desk, tmp_path: Path) -> None:
    """Several cases become one file, a sheet each, as a page and as a document; masked in both."""
    desk("case add 漏水 --complainant 林小满 --phone 13812340577")
    desk("case add 停电")
    two = "CP-20261123-001 CP-20261123-002"
    page = desk(f"case show {two} -o html").stdout
    assert page.count("<h1>") == 2
    assert "138****0577" in page
    assert "林小满" not in page
    out = tmp_path / "cases.docx"
    assert desk(f"case show {two} --out '{out}'") == (0, "", "")
    read = docx.Document(str(out))
    numbers = [one.text.partition("\t")[2] for one in read.paragraphs if "\t" in one.text]
    assert numbers == ["No. CP-20261123-001", "No. CP-20261123-002"]
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    assert "漏水" in cells
    assert "停电" in cells
    assert "138****0577" in cells
    assert "林小满" not in "".join(cells)


def test_the_plugin_is_as_cskit_expects() -> None:
    """All that `cskit plugins check` looks at is well."""
    check_plugin("cskit_complaints")
