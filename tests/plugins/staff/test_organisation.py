"""Positions as a tree, headcount, job sheets, and organisations to begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.testing import Result, run
from cskit_staff.people import organisation
from cskit_staff.people.people import Person, Post

Run = Callable[..., Result]
Rows = Callable[[str], list[dict[str, Any]]]
PATTERNS = Path(__file__).parents[3] / "plugins/cskit_staff/rules/organisations"

TREE = """\
Position                     Code      Planned    Actual    To fill    Planned in all    Actual in all
---------------------------  ------  ---------  --------  ---------  ----------------  ---------------
Customer service supervisor  VC-SUP          1         1          0                15                9
│  - 王磊                    S-002
├─ Customer representative   VC-REP          6         6          0                 6                6
│     - 周敏                 S-003
│     - 赵晴                 S-004
│     - 钱宇                 S-005
│     - 孙浩                 S-006
│     - 李娜                 S-007
│     - 郑洁                 S-009
├─ Technical support         VC-TEC          3         1          2                 3                1
│     - 吴迪                 S-008
├─ Content auditor           VC-AUD          4         1          3                 4                1
│     - 冯涛                 S-010
└─ Audit assistant           VC-AST          1         0          1                 1                0
"""


def test_the_tree_below_a_position(desk: Run) -> None:
    """Each position stands below its superior, with who works there, alone and in all."""
    done = desk("staff tree VC-SUP --people")
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", TREE)


def test_who_has_no_position_is_not_lost(desk: Run, rows: Rows) -> None:
    """Somebody without a position stands at the end, and in no position's count."""
    assert desk("staff add 何欢").exit_code == 0
    assert desk("staff tree").stdout.splitlines()[-1].split() == ["(no", "position)", "1", "1"]
    assert sum(row["actual"] for row in rows("staff tree")) == 10


def test_the_tree_as_data(rows: Rows) -> None:
    """Rows for programs have no lines in the titles, but levels and the ids of people."""
    top, supervisor = rows("staff tree")[:2]
    assert (top["title"], top["level"], top["people"]) == ("Customer service manager", 0, ["S-001"])
    assert (supervisor["superior"], supervisor["planned_below"], supervisor["actual_below"]) == (
        "VC-MGR",
        15,
        9,
    )


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("department", [("客户服务部", 0, 10), (None, 16, 0)]),
        ("family", [("客户服务", 6, 6), (None, 10, 4)]),
        (
            "group",
            [("一组", None, 3), ("二组", None, 3), ("审核组", None, 1), ("技术组", None, 1), (None, None, 2)],
        ),
    ],
)
def test_headcount(rows: Rows, by: str, expected: list[tuple[str | None, int | None, int]]) -> None:
    """Plans are positions', people are where their records say; a group has no plan."""
    found = [(row.get(by), row.get("planned"), row["actual"]) for row in rows(f"staff headcount --by {by}")]
    assert found == expected


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-01-04", False), ("2026-01-05", True), ("2026-03-31", True), ("2026-04-01", False)],
)
def test_the_first_and_the_last_day_count(day: str, works: bool) -> None:
    """Somebody is one of the staff from the first to the last day of work, both included."""
    person = Person("S-1", "x", hired=dt.date(2026, 1, 5), left=dt.date(2026, 3, 31))
    assert person.works_on(dt.date.fromisoformat(day)) is works


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9), st.integers(0, 3)), max_size=12).map(
        lambda shape: [(number, min(up, number), planned, n) for number, (up, planned, n) in enumerate(shape)]
    )
)
def test_nobody_is_counted_twice(shape: list[tuple[int, int, int, int]]) -> None:
    """Whatever the tree, the tops' totals are the sum of all positions, and each stands once."""
    held = {
        str(number): Post(
            str(number), str(number), superior=str(up) if up != number else None, headcount=planned
        )
        for number, up, planned, _people in shape
    }
    placed = {
        str(number): [Person(f"{number}.{i}", "x") for i in range(n)] for number, _up, _planned, n in shape
    }
    tops = organisation.grow(held, placed, [own for own, post in held.items() if post.superior is None])
    assert sum(top.planned for top in tops) == sum(post.headcount for post in held.values())
    assert sum(top.actual for top in tops) == sum(map(len, placed.values()))
    assert sorted(node.post.id for top in tops for node in top.all()) == sorted(held)


# --- job sheets --------------------------------------------------------------------------------------------

SHEET = (  # catalogue B9.1, field by field
    *("岗位名称", "岗位代码", "部门", "职系", "职等职级", "直属上级", "薪金标准", "填表日期", "核准人"),
    *("工作概要", "工作内容", "学历", "培训", "工作经验", "技能", "态度"),
    *("工作地点", "工作环境", "危险性", "直接下属", "间接下属", "晋升方向", "轮转岗位"),
)


def test_a_job_sheet_has_every_field(desk: Run) -> None:
    """The sheet has all fields of the source's form, filled in or not, and a line to sign on."""
    page = desk("staff position show VC-REP -o html --lang zh").stdout
    assert [field for field in SHEET if field not in page] == ["岗位名称"]  # which is called 岗位 here
    for said in ("大专及以上", "四等", "2026-07-01", "Customer service supervisor（VC-SUP）", "遵照执行"):
        assert said in page
    assert "<script" not in page


def test_job_sheets_name_those_below(desk: Run, tmp_path: Path) -> None:
    """Direct and indirect subordinates follow from the tree; several sheets go into one file, Word's too."""
    page = desk("staff position show VC-MGR VC-REP -o html").stdout
    assert "Customer service supervisor (VC-SUP)</td>" in page
    assert page.count("<h1>Job sheet: ") == 2
    out = tmp_path / "sheets.docx"
    assert desk(f"staff position show VC-MGR VC-REP --out '{out}'") == (0, "", "")
    titles = [one.text for one in docx.Document(str(out)).paragraphs if one.text.startswith("Job sheet: ")]
    assert [title.partition("\t")[2] for title in titles] == ["No. VC-MGR", "No. VC-REP"]


# --- organisations to begin with ---------------------------------------------------------------------------


def test_every_organisation_can_be_used(tmp_path: Path) -> None:
    """Each of the catalogue's models becomes positions; none has a code that another has."""
    names = sorted(path.stem for path in PATTERNS.glob("*.toml"))
    lines = tmp_path / "lines.txt"
    lines.write_text("".join(f"staff organisation use {name}\n" for name in names), encoding="utf-8")
    done = run(f"batch '{lines}'", data=tmp_path / "data")
    assert done.exit_code == 0, done.stderr
    listed = run("staff organisation list -o csv --fields positions", data=tmp_path / "data").stdout
    positions = sum(map(int, listed.split()[1:]))
    assert run("staff position count", data=tmp_path / "data").stdout == f"{positions}\n"


@pytest.mark.parametrize(
    ("name", "people"),
    [("auto-centre", 21), ("food-brand", 6), ("blasting-centre", 2), ("centre-proposal", 6)],
)
def test_head_counts_of_the_source(tmp_path: Path, name: str, people: int) -> None:
    """Catalogue D5: 21 in the auto group, 6 in the food brand, 2 at the start, 6 as proposed."""
    line = "staff organisation list -o csv --fields name,people"
    listed = dict(row.split(",") for row in run(line, data=tmp_path).stdout.splitlines()[1:])
    assert int(listed[name]) == people


def test_an_organisation_under_one_of_ours(desk: Run, rows: Rows) -> None:
    """Its top goes under the position named; a code that is taken is a conflict, and nothing is added."""
    assert desk("staff organisation use tobacco --under VC-MGR").exit_code == 0
    assert {row["id"]: row["superior"] for row in rows("staff position list") if row["id"] == "TB-MKT"} == {
        "TB-MKT": "VC-MGR"
    }
    again = desk("staff organisation use tobacco")
    assert (again.exit_code, again.stdout) == (4, "")
    assert "position TB-MKT exists already" in again.stderr
    near = desk("staff organisation use tobaco")
    assert (near.exit_code, near.stderr) == (
        3,
        "cskit: there is no organisation 'tobaco'\ndid you mean tobacco?\n",
    )


def test_an_organisation_of_our_own(tmp_path: Path) -> None:
    """A file with a position under one that does not stand before it is refused by name."""
    folder = tmp_path / "rules/organisations"
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text(
        'label = {en = "x", zh = "x"}\nsource = "ours"\n'
        'posts = [{code = "A", under = "B", label = {en = "x", zh = "x"}}]\n',
        encoding="utf-8",
    )
    done = run("staff organisation list", data=tmp_path)
    assert done.exit_code == 2
    assert "A is under B, which does not stand before it" in done.stderr
