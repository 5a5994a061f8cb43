"""Settlements at the command line: made, signed by different people, paid, printed, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.property.money import Run, good, office, rows, rule, stored

ONE = "ST-00001"
UNKNOWN = (
    "not known from 2026-10-01 to 2026-10-31, so nothing is taken off for it: Spot-check score, "
    "Residents' satisfaction\n"
)


@pytest.fixture
def at(tmp_path: Path) -> Run:
    """Return a `run` for a department of the test's own."""
    return office(tmp_path)


def new(at: Run, rest: str = "", item: str = "物业服务费", period: str = "2026-10", by: str = "anna") -> str:
    """Make a settlement and return its id."""
    return good(at(f"property settle new PJ-001 --item {item} --period {period} {rest}", by=by)).strip()


def upto(at: Run, *steps: tuple[str, str], own: str = ONE) -> None:
    """Take a settlement through steps, each by somebody."""
    for verb, who in steps:
        good(at(f"property settle {verb} {own}", by=who))


def test_a_settlement_from_the_projects_rates(at: Run) -> None:
    """Without lines of its own it has the project's areas at its rates; what is unknown is said."""
    done = at("property settle new PJ-001 --item 物业服务费 --period 2026-10 --deduct 漏检=500")
    assert done.exit_code == 0
    assert done.stdout == "ST-00001\n"
    said = "settlement of 23,100.99 made; saved as 7 (`cskit undo` takes it back)\n"
    assert done.stderr == UNKNOWN + said
    shown = at(f"property settle show {ONE} -o csv")
    assert shown.stdout.removeprefix("\ufeff").splitlines() == [
        "id,number,kind,text,sum,amount,reason",
        'ST-00001,1,fee,"物业服务费, residential",1.80 × 12000.55 × 1,21600.99,',
        'ST-00001,2,fee,"物业服务费, other premises",2.5 × 800 × 1,2000.00,',
        "ST-00001,3,deduction,漏检,,-500.00,",
        "ST-00001,,total,物业服务费,2026-10-01 to 2026-10-31,23100.99,draft",
    ]


def test_from_draft_to_paid(at: Run) -> None:
    """Submitted, checked, approved and paid in two parts, each step kept; the ledger has it as payable."""
    new(at, "--fee 保洁=1.20*10000*1", item="保洁费")
    upto(at, ("submit", "anna"), ("check", "bo"), ("approve", "cai"))
    assert rows(at("customer ledger open --payable -o jsonl")) == [
        {
            "id": "FE-000001",
            "customer": "C-000003",
            "name": "安和物业",
            "item": "保洁费, 2026-10-01 to 2026-10-31",
            "charged": 12000,
            "paid": 0,
            "outstanding": 12000,
            "due": "2026-12-23",
        }
    ]
    done = at(f"property settle pay {ONE} --amount 5000 --form 转账 -o jsonl", by="dan")
    assert rows(done) == [
        {
            "id": ONE,
            "before": "approved",
            "state": "approved",
            "total": 12000.00,
            "outstanding": 7000.00,
            "next": ["pay"],
        }
    ]
    fact = "fact show project PJ-001 --names settlements.outstanding -o jsonl"
    assert rows(at(fact))[0]["settlements.outstanding"] == 7000
    good(at(f"property settle pay {ONE}", by="dan"))
    kept = stored(at, "property settle", ONE)
    assert (kept["state"], kept["paid"], kept["entry"]) == ("paid", 12000.00, "FE-000001")
    assert [(step["what"], step["who"]) for step in kept["steps"]] == [
        ("new", "anna"),
        ("submit", "anna"),
        ("check", "bo"),
        ("approve", "cai"),
        ("part", "dan"),
        ("pay", "dan"),
    ]
    assert rows(at(fact))[0]["settlements.outstanding"] == 0
    again = at(f"property settle pay {ONE}", by="dan")
    assert (again.exit_code, again.stdout) == (1, "")


@pytest.mark.parametrize(
    ("steps", "verb", "who", "did"),
    [
        ((), "check", "bo", "is draft, so it cannot be done: check"),
        ((("submit", "anna"),), "check", "anna", "anna submitted it, so somebody else has to do this"),
        ((("submit", "eve"),), "check", "anna", "anna prepared it, so somebody else has to do this"),
        ((("submit", "anna"), ("check", "bo")), "approve", "anna", "anna submitted it"),
        ((("submit", "anna"), ("check", "bo")), "approve", "bo", "bo checked it"),
        ((("submit", "anna"),), "approve", "cai", "is submitted, so it cannot be done: approve"),
        ((("submit", "anna"),), "cancel", "anna", "is submitted, so it cannot be done: cancel"),
        ((("submit", "anna"),), "line --fee x=1", "anna", "is submitted, so it cannot be done: line"),
    ],
)
def test_refused_steps(at: Run, steps: tuple[tuple[str, str], ...], verb: str, who: str, did: str) -> None:
    """Nobody signs what they had a hand in, nothing is skipped, and amounts stay once handed in."""
    new(at, "--fee 保洁=12000")
    upto(at, *steps)
    before = stored(at, "property settle", ONE)
    done = at(f"property settle {verb.split(' ')[0]} {ONE} {' '.join(verb.split(' ')[1:])}", by=who)
    assert (done.exit_code, done.stdout) == (1, "")
    assert ONE in done.stderr
    assert did in done.stderr
    assert stored(at, "property settle", ONE) == before


def test_a_large_one_takes_two(at: Run) -> None:
    """Above the setting two people approve; the ledger is charged by the second alone."""
    new(at, "--fee 大修=100000.01")
    upto(at, ("submit", "anna"), ("check", "bo"), ("approve", "cai"))
    assert stored(at, "property settle", ONE)["state"] == "checked"
    assert good(at("customer ledger list -o jsonl")) == ""
    again = at(f"property settle approve {ONE}", by="cai")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == f"cskit: settlement {ONE}: cai has approved it already, so another has to\n"
    upto(at, ("approve", "dan"))
    assert stored(at, "property settle", ONE)["state"] == "approved"


def test_at_the_limit_one_is_enough(at: Run) -> None:
    """A total of just the setting is not above it."""
    new(at, "--fee 大修=100000.00")
    upto(at, ("submit", "anna"), ("check", "bo"), ("approve", "cai"))
    assert stored(at, "property settle", ONE)["state"] == "approved"


def test_sent_back_and_signed_anew(at: Run) -> None:
    """A return needs a reason; the revised draft is signed anew, by whoever had no hand in it."""
    new(at, "--fee 保洁=500")
    upto(at, ("submit", "anna"), ("check", "bo"))
    bare = at(f"property settle return {ONE}", by="cai")
    assert (bare.exit_code, bare.stdout) == (2, "")
    good(at(f"property settle return {ONE} --reason 面积不符", by="cai"))
    assert "revise settlement of 500.00: 物业服务费; sent back by cai" in good(at("today", by="anna"))
    good(at(f"property settle revise {ONE}", by="anna"))
    good(at(f"property settle line {ONE} --drop 1 --fee 保洁=450 --adjust 尾差=0.01", by="anna"))
    upto(at, ("submit", "anna"), ("check", "cai"), ("approve", "bo"))
    kept = stored(at, "property settle", ONE)
    assert (kept["state"], kept["total"]) == ("approved", 450.01)
    assert next(step for step in kept["steps"] if step["what"] == "return")["reason"] == "面积不符"


@pytest.mark.parametrize(
    ("project", "item", "period", "code"),
    [
        ("PJ-001", "物业服务费", "2026-10", 1),
        ("PJ-001", "物业服务费", "2026", 1),
        ("PJ-001", "物业服务费", "2026-10-31..2026-11-30", 1),
        ("PJ-001", "物业服务费", "2026-11", 0),
        ("PJ-001", "保洁费", "2026-10", 0),
        ("PJ-002", "物业服务费", "2026-10", 0),
    ],
)
def test_overlaps(at: Run, project: str, item: str, period: str, code: int) -> None:
    """The same project, item and day is settled once; other projects, items and days are their own."""
    new(at, "--fee x=5")
    done = at(f"property settle new {project} --item {item} --period {period} --fee x=5")
    assert done.exit_code == code
    if code:
        assert done.stderr == (
            "cskit: settlement ST-00001 (draft) is for '物业服务费' of project PJ-001 from 2026-10-01 to "
            "2026-10-31\nsettle other days, or cancel it with `cskit property settle cancel`\n"
        )


def test_a_cancelled_one_is_in_nobodys_way(at: Run) -> None:
    """What was given up leaves its days free; what was paid does not."""
    new(at, "--fee x=5")
    good(at(f"property settle cancel {ONE} --reason 重复"))
    assert new(at, "--fee x=5") == "ST-00002"


@pytest.mark.parametrize(
    ("rest", "code", "said"),
    [
        (
            "--period 2026-10 --fee 保洁=1.2*-100*1",
            2,
            "--fee '保洁=1.2*-100*1': the area -100 is not above zero",
        ),
        ("--period 2026-10..", 2, "a settlement needs the first and the last day"),
        ("--period 2026-13 --fee x=5", 2, "no such day in the calendar"),
        ("--period 2026-10-05..2026-10-20", 1, "no number of whole months"),
        ("--period 2026-10 --fee x=5 --round SR-0001", 5, "SR-0001"),
    ],
)
def test_what_makes_no_settlement(at: Run, rest: str, code: int, said: str) -> None:
    """Lines and periods that say nothing are refused before anything is saved."""
    done = at(f"property settle new PJ-001 --item 物业服务费 {rest}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert good(at("property settle list -o jsonl")) == ""


def test_a_total_of_nothing_is_not_submitted(at: Run) -> None:
    """What is taken off may be more than the fees, but then there is nothing to hand in."""
    new(at, "--fee x=5 --deduct y=6")
    done = at(f"property settle submit {ONE}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"settlement {ONE}: there is nothing to pay, its total is -1.00" in done.stderr


def test_a_computed_line_cannot_be_dropped(tmp_path: Path) -> None:
    """A deduction by the table stays, is reckoned anew with the lines, and names figure and file."""
    at = office(tmp_path)
    rule(
        tmp_path,
        "property-deductions",
        "standard",
        'replaces = "standard"\nlabel = { en = "Ours", zh = "本项目扣款" }\nmost_percent = 50\n'
        '[[measures]]\nfact = "settlements.outstanding"\nlabel = { en = "Owed", zh = "未付" }\n'
        "bands = [{ below = 1, percent = 10 }]\n",
    )
    new(at, "--fee x=1000.05")
    kept = stored(at, "property settle", ONE)
    assert kept["rules"].startswith("standard@")
    assert kept["lines"][1] == {
        "text": "Owed",
        "kind": "deduction",
        "amount": -100.01,
        "reason": "Owed 0.00 is below 1: 10 % of the fees",
        "measure": "settlements.outstanding",
        "value": 0.00,
    }
    done = at(f"property settle line {ONE} --drop 2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"settlement {ONE}: line 2 is computed, so it cannot be dropped" in done.stderr
    assert at(f"property settle line {ONE} --drop 9").exit_code == 3
    good(at(f"property settle line {ONE} --fee y=1000"))
    assert stored(at, "property settle", ONE)["total"] == 1800.04


def test_what_is_owed_by_age(at: Run) -> None:
    """Approved and unpaid, with days overdue; added up by company and span; paid in the ledger counts."""
    new(at, "--fee x=100")
    new(at, "--fee x=50", period="2026-09")
    upto(at, ("submit", "anna"), ("check", "bo"))
    upto(at, ("submit", "anna"), ("check", "bo"), own="ST-00002")
    good(at(f"property settle approve {ONE} --due 2026-12-01", by="cai"))
    good(at("property settle approve ST-00002 --due 2027-01-20", by="cai"))
    late = "2027-01-10T09:00"
    found = rows(at("property settle owed -o jsonl", now=late))
    assert [(row["id"], row["outstanding"], row.get("overdue"), row["age"]) for row in found] == [
        (ONE, 100, 40, "31-60"),
        ("ST-00002", 50, None, "0"),
    ]
    assert rows(at("property settle owed --by company -o jsonl", now=late)) == [
        {"company": "PC-001", "age": "0", "count": 1, "outstanding": 50},
        {"company": "PC-001", "age": "31-60", "count": 1, "outstanding": 100},
    ]
    good(at("customer ledger pay FE-000001 100", now=late))
    assert [row["id"] for row in rows(at("property settle owed -o jsonl", now=late))] == ["ST-00002"]
    good(at(f"property settle pay {ONE}", now=late))
    assert stored(at, "property settle", ONE)["state"] == "paid"


def test_the_printed_settlement(at: Run) -> None:
    """On paper: project, company, lines, total, who did what; the same from `show -o html`; all escaped."""
    new(at, "--fee '<b>保洁</b>=1.20*10000*1' --note 附合同")
    printed = good(at(f"property settle print {ONE} -o html"))
    assert good(at(f"property settle show {ONE} -o html")) == printed
    for text in ("云栖苑", "安和物业", "12,000.00", "&lt;b&gt;保洁&lt;/b&gt;", "1.20 × 10000 × 1", "附合同"):
        assert text in printed
    assert "<b>保洁" not in printed
    chinese = good(at(f"property settle print {ONE}", lang="zh"))
    assert chinese.startswith("# 物业费用结算单\n")


def test_who_is_waited_for(at: Run) -> None:
    """Today says what each settlement waits for, and what to type for it."""
    new(at, "--fee x=5")
    upto(at, ("submit", "anna"))
    found = [row for row in rows(at("today -o jsonl")) if row["about"] == "property settle"]
    assert [(row["what"], row["do"]) for row in found] == [
        ("check settlement of 5.00: 物业服务费; submitted by anna", "property settle check ST-00001")
    ]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2027-01-22", "contract of 海棠里 ends on 2027-01-22"),
        ("2027-01-23", None),
        ("2026-11-01", "contract of 海棠里 ended on 2026-11-01"),
    ],
)
def test_contracts_that_end(at: Run, until: str, said: str | None) -> None:
    """A contract is a task from 60 days before it ends on, and while it is over."""
    good(at(f"property project set PJ-002 contract_until={until}"))
    found = [row["what"] for row in rows(at("today -o jsonl")) if "contract" in row["what"]]
    assert found == ([said] if said else [])


def test_what_happened_at_a_project(at: Run) -> None:
    """The project's timeline has every step of its settlements, with who took it."""
    new(at, "--fee x=5")
    upto(at, ("submit", "anna"))
    found = [row for row in rows(at("property project timeline PJ-001 -o jsonl")) if row["id"] == ONE]
    assert sorted((row["what"], row["who"]) for row in found) == [
        ("settlement 物业服务费, new: 5.00", "anna"),
        ("settlement 物业服务费, submit: 5.00", "anna"),
    ]


def test_satisfaction_of_a_round(at: Run, tmp_path: Path) -> None:
    """With --round satisfaction is what that round found, whenever it was answered, and no other one."""
    good(at("property tenant add 甲 --project PJ-001"))
    good(at("survey new property --population 'property tenant' --size 1", now="2026-11-02T09:00"))
    good(at("survey new property --population 'property tenant' --size 1", now="2026-10-02T09:00"))
    codes = "repairs,common,safety,parking,cleaning,green,manner,heard,complaint,overall"
    for own, mark, now in (("SR-0001", 2, "2026-11-03T09:00"), ("SR-0002", 5, "2026-10-03T09:00")):
        file = tmp_path / f"{own}.csv"
        file.write_text(f"who,{codes}\nPT-0001{f',{mark}' * 10}\n", encoding="utf-8")
        good(at(f"survey import {own} {file}", now=now))
    new(at, "--fee x=1000", item="甲")
    new(at, "--fee x=1000 --round SR-0001", item="乙")
    assert len(stored(at, "property settle", ONE)["lines"]) == 1
    for verb in ("submit", "show"):
        good(at(f"property settle {verb} ST-00002"))
        line = stored(at, "property settle", "ST-00002")["lines"][1]
        assert (line["measure"], line["value"], line["amount"]) == ("surveys.satisfaction", 25, -50)


def test_without_a_ledger(tmp_path: Path) -> None:
    """Where no plugin keeps a ledger nothing is approved: the command says what is missing."""
    at = office(tmp_path)
    new(at, "--fee x=5")
    upto(at, ("submit", "anna"), ("check", "bo"))
    done = at(f"property settle approve {ONE}", by="cai", env={"CSKIT_DISABLE_PLUGINS": "customers"})
    assert (done.exit_code, done.stdout) == (6, "")
    assert "ledger.charge" in done.stderr
