"""Matters: procedures step by step, what they wait for, floors, documents, days; and the calculators."""

from __future__ import annotations

from pathlib import Path

import pytest

from cskit.testing import check_plugin
from tests.plugins.property.money import Run, good, office, rows, rule, stored

ONE = "MT-00001"
FLOORS = "--floors 1#=16/31 --floors 2#=20/31 --floors 3#=31/31"


@pytest.fixture
def at(tmp_path: Path) -> Run:
    """Return a `run` for a department in which a pre-sale permit is applied for."""
    run = office(tmp_path)
    assert good(run("property matter open presale --project PJ-001 --handler S-001")) == f"{ONE}\n"
    return run


def test_a_step_before_its_prerequisite(at: Run) -> None:
    """It is refused, naming all that comes before, and what to type for the first of it."""
    before = stored(at, "property matter", ONE)
    done = at(f"property matter step {ONE} permit")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"cskit: matter {ONE}: before permit (Pre-sale permit issued) comes community-certificate "
        "(Community certificate), survey-report (Mapping report)\n"
        f"note that first: `cskit property matter step {ONE} community-certificate`\n"
    )
    assert stored(at, "property matter", ONE) == before


@pytest.mark.parametrize(
    ("floors", "code", "said"),
    [
        ("--floors 1#=16/31 --floors 2#=15/31 --floors 3#=31/31", 1, "2# has 15 of 31 floors and needs 16"),
        ("--floors 1#=15/30 --floors 2#=1/33 --floors 3#=0/2", 1, "33 floors and needs 17; 3# has 0 of 2"),
        ("", 1, "how far are the buildings?"),
        ("--floors 1#=40/31", 2, "a building of 31 floors cannot have 40"),
        ("--floors 1#:16", 2, "expected NAME=BUILT/FLOORS"),
        (FLOORS, 0, "step noted for 1 matter"),
        ("--floors 1#=15/30", 0, "step noted for 1 matter"),
    ],
)
def test_half_of_each_building(at: Run, floors: str, code: int, said: str) -> None:
    """Every building has to have half of its floors, rounded up; the ones that have not are named."""
    done = at(f"property matter step {ONE} community-certificate --document application {floors}")
    assert done.exit_code == code
    assert said in done.stderr
    assert bool(stored(at, "property matter", ONE).get("taken")) == (code == 0)


def test_the_buildings_of_the_project(at: Run) -> None:
    """What the project has counts as well, so that no building is forgotten."""
    good(at("property project building PJ-001 --name 9# --floors 20 --built 9"))
    done = at(f"property matter step {ONE} community-certificate --document application {FLOORS}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "9# has 9 of 20 floors and needs 10" in done.stderr


def test_documents_come_first(at: Run) -> None:
    """A step lacks its documents until they are noted, with it or before; by code or title."""
    done = at(f"property matter step {ONE} plans")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "needs the document plan-set (Approved drawings)" in done.stderr
    good(at(f"property matter receive {ONE} 审定图纸"))
    good(at(f"property matter step {ONE} 图纸提交测绘部门"))
    unknown = at(f"property matter receive {ONE} sonnet")
    assert (unknown.exit_code, unknown.stdout) == (3, "")
    assert "needs no document 'sonnet'" in unknown.stderr


def test_to_the_end(at: Run) -> None:
    """With its last step the matter is done, and takes no more; each step keeps day and person."""
    steps = (
        f"community-certificate --document application {FLOORS} --on 2026-11-23",
        "plans --document plan-set --on 2026-11-23",
        "site-measuring",
        "survey-report --document fee-receipt",
        "permit --document land-certificate --document building-permit",
    )
    for step in steps:
        assert stored(at, "property matter", ONE)["state"] == "open"
        good(at(f"property matter step {ONE} {step}", by="bo"))
    kept = stored(at, "property matter", ONE)
    assert (kept["state"], kept["ended"], len(kept["taken"])) == ("done", "2026-11-23", 5)
    assert {step["who"] for step in kept["taken"]} == {"bo"}
    again = at(f"property matter step {ONE} permit")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == f"cskit: matter {ONE} ended on 2026-11-23\n"
    assert good(at("property matter blocked -o jsonl")) == ""


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("open presale --project PJ-001", 1, "is for PJ-001 already"),
        ("open presale", 2, "a matter is for a project or a sale"),
        ("open delivery --project PJ-001 --sale PS-1", 2, "a matter is for a project or a sale"),
        ("open presail --project PJ-001", 3, "did you mean presale?"),
        ("open delivery --project PJ-009", 3, "no project PJ-009"),
        (f"step {ONE} plan", 3, "did you mean plans?"),
        (f"step {ONE} plans --document plan-set --on 2026-11-24", 2, "2026-11-24 is still to come"),
        (f"step {ONE} plans --document plan-set --on 2026-11-20", 1, "is before 2026-11-23"),
        (f"step {ONE} plans --document plan-set --floors 1#=1/1", 2, "asks for no floors"),
    ],
)
def test_what_is_refused(at: Run, line: str, code: int, said: str) -> None:
    """Each is one line that says what is wrong, and nothing is saved."""
    before = good(at("property matter export -o jsonl"))
    done = at(f"property matter {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert good(at("property matter export -o jsonl")) == before


def test_a_matter_given_up_may_begin_again(at: Run) -> None:
    """A reason is asked for and kept; then the same procedure may be opened once more."""
    good(at(f"property matter cancel {ONE} --reason 项目暂缓"))
    assert stored(at, "property matter", ONE)["why"] == "项目暂缓"
    assert good(at("property matter open 预售证件办理 --project PJ-001")) == "MT-00002\n"


def test_where_it_stands(at: Run) -> None:
    """Steps are due so many working days after they could begin; what waits says for what."""
    found = {row["step"]: row for row in rows(at(f"property matter course {ONE} -o jsonl"))}
    assert (found["plans"]["state"], found["plans"]["due"]) == ("documents", "2026-11-26")
    assert found["community-certificate"]["due"] == "2026-11-30"
    assert (found["permit"]["state"], found["permit"].get("due")) == ("waiting", None)
    late = rows(at("property matter overdue -o jsonl", now="2026-12-04T09:00"))
    assert [(row["step"], row["late"]) for row in late] == [("plans", 8), ("community-certificate", 4)]
    blocked = [row["step"] for row in rows(at("property matter blocked -o jsonl"))]
    assert blocked == ["community-certificate", "plans", "site-measuring", "survey-report", "permit"]
    tasks = [row for row in rows(at("today -o jsonl", now="2026-11-26T09:00")) if row["id"] == ONE]
    assert [(row["who"], row["do"]) for row in tasks] == [
        ("S-001", f"property matter receive {ONE} DOCUMENT")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'steps = [{ code = "a", days = 1, needs = ["b"], label = { en = "A", zh = "甲" } }]',
            "'a' needs 'b'",
        ),
        ("steps = []", "steps: there are none"),
        (
            'steps = [{ code = "a", days = 1, built_share = 2, label = { en = "A", zh = "甲" } }]',
            "built_share: 2 is not from 0 to 1",
        ),
    ],
)
def test_procedures_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    """A procedure whose steps do not fit together is refused with its file, before anything goes by it."""
    at = office(tmp_path)
    rule(
        tmp_path,
        "property-procedures",
        "ours",
        f'label = {{ en = "O", zh = "我" }}\ncalendar = "office"\n{text}\n',
    )
    done = at("property matter procedures")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "ours.toml" in done.stderr
    assert said in done.stderr


# --- calculators -------------------------------------------------------------------------------------------


def test_the_mapping_fee(at: Run) -> None:
    """1.36 × 12 000 + 1.50 × 800 = 17 520.00 (catalogue D6); the rates are settings."""
    line = "property mapping-fee --residential 12000 --other 800 -o csv --fields part,amount"
    assert good(at(line)).removeprefix("\ufeff").splitlines() == [
        "part,amount",
        "residential,16320.00",
        "other,1200.00",
        "total,17520.00",
    ]


@pytest.mark.parametrize("rest", ["--residential=-1", "--other=-0.01 --residential 5", ""])
def test_no_area_to_map(at: Run, rest: str) -> None:
    """An area below zero is none, and nothing costs nothing."""
    done = at(f"property mapping-fee {rest}")
    assert (done.exit_code, done.stdout) == (2, "")


def test_taxes_by_the_companys_table(tmp_path: Path) -> None:
    """Nothing is made up: until the table is set it refuses, naming the file; then it adds up, to the fen."""
    at = office(tmp_path)
    bare = at("property taxes --price 1000000 --area 89.5")
    assert (bare.exit_code, bare.stdout) == (2, "")
    assert bare.stderr.startswith("cskit: the tax table is not set, so nothing can be computed\n")
    assert "rules/property-fees/standard.toml" in bare.stderr
    rule(
        tmp_path,
        "property-fees",
        "standard",
        'replaces = "standard"\nmapping = { residential = 1.36, other = 1.50 }\n'
        'taxes = [{ label = { en = "Small", zh = "小" }, percent = 1, area_up_to = 90 }, '
        '{ label = { en = "Large", zh = "大" }, percent = 1.5, area_above = 90 }, '
        '{ label = { en = "Fee", zh = "登记费" }, fixed = 80 }]\n',
    )
    small = rows(at("property taxes --price 999999.99 --area 90 -o jsonl"))
    assert [(row["tax"], row["amount"]) for row in small] == [
        ("Small", 10000.00),
        ("Fee", 80.00),
        ("total", 10080.00),
    ]
    large = rows(at("property taxes --price 1000000 --area 90.01 -o jsonl"))
    assert large[0] == {"tax": "Large", "percent": 1.5, "amount": 15000.00}


def test_the_plugin_is_as_cskit_expects() -> None:
    """All that `cskit plugins check` looks at is well."""
    check_plugin("cskit_property")
