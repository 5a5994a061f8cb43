"""Spot checks: what is drawn, what is put down, what it scores, and which rectifications it opens."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.testing import Result
from cskit_property.checks import drawing, scores
from cskit_property.checks.inspection import Item
from tests.plugins.property.conftest import worked

Run = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
D = Decimal


# --- the draw ----------------------------------------------------------------------------------------------

_standards = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4), st.sampled_from(["order", "cleaning", "green"]), min_size=1
)


@given(_standards, st.integers(1, 40), st.integers(0, 10**6))
def test_a_draw_can_be_made_again(items: dict[str, str], size: int, seed: int) -> None:
    """The same seed draws the same items, as many as asked, whatever order the standard has them in."""
    found = drawing.drawn(items, size, seed)
    assert len(found) == min(size, len(items)) == len(set(found))
    assert set(found) <= set(items)
    turned = dict(reversed(items.items()))
    assert set(drawing.drawn(turned, size, seed)) == set(found)


@given(_standards, st.integers(1, 40), st.integers(0, 10**6))
def test_every_area_gets_its_share(items: dict[str, str], size: int, seed: int) -> None:
    """The items of an area differ from its exact share by less than one."""
    found = drawing.drawn(items, size, seed)
    for area in set(items.values()):
        there = sum(own == area for own in items.values())
        taken = sum(items[code] == area for code in found)
        assert abs(taken - len(found) * there / len(items)) < 1


# --- the score ---------------------------------------------------------------------------------------------


def item(points: int, kept: str | None, *, serious: bool = False, applies: bool = True) -> Item:
    """Make an item of a check."""
    value = None if kept is None else D(kept)
    return Item(code="x", points=D(points), kept=value, serious=serious, applies=applies)


@pytest.mark.parametrize(
    ("items", "score"),
    [
        pytest.param([item(3, "3"), item(2, "2")], D("100.00"), id="everything kept"),
        pytest.param([item(3, "2"), item(3, "3"), item(3, "3")], D("88.89"), id="8 of 9, rounded half-up"),
        pytest.param([item(8, "7.5")], D("93.75"), id="a part of an item's points"),
        pytest.param([item(3, "0"), item(5, None, applies=False)], D("0.00"), id="only what applies counts"),
        pytest.param([item(3, "3"), item(2, None)], None, id="one item unrecorded: no score"),
        pytest.param([item(3, None, applies=False)], None, id="nothing applies: no score"),
        pytest.param([], None, id="nothing drawn: no score"),
        pytest.param([item(97, "97"), item(3, "2", serious=True)], D("59.00"), id="serious: capped"),
        pytest.param([item(9, "0"), item(1, "0", serious=True)], D("0.00"), id="serious, but lower anyway"),
        pytest.param([item(3, "3", serious=True)], D("100.00"), id="a serious item that is in order"),
    ],
)
def test_scores(items: list[Item], score: Decimal | None) -> None:
    """Points kept / points applicable x 100 (norms: inspection score); a serious finding caps at 59."""
    assert scores.score(items, 59) == score


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.booleans()), min_size=1))
def test_scores_stay_in_range(drawn: list[tuple[int, int, bool]]) -> None:
    """A score lies between 0 and 100; losing one more point never raises it."""
    items = [item(points, str(min(kept, points)), serious=serious) for points, kept, serious in drawn]
    score = scores.score(items, 59)
    assert score is not None
    assert 0 <= score <= 100
    worse = [*items[1:], item(drawn[0][0], "0", serious=drawn[0][2])]
    lower = scores.score(worse, 59)
    assert lower is not None
    assert lower <= score


# --- at the command line -----------------------------------------------------------------------------------


def test_a_check_from_the_draw_to_the_score(estate: Run, stored: Stored) -> None:
    """Twenty items are drawn, put down in two goes, scored; two findings open two rectifications."""
    drawn = estate("property check new cy --standard residential --items 20 --seed 7 -o json")
    codes = [row["item"] for row in json.loads(worked(drawn))]
    assert len(codes) == 20
    assert drawn.stderr == ("CK-0001: 20 items drawn (seed 7); saved as 5 (`cskit undo` takes it back)\n")
    again = estate("property check new 晨屿中心 --standard 住宅小区服务标准 --items 20 --seed 7 -o json")
    assert again.exit_code == 5  # a project is named by its id or external key
    again = estate("property check new PJ-002 --standard 住宅小区服务标准 --items 20 --seed 7 -o json")
    assert [row["item"] for row in json.loads(worked(again))] == codes
    first = estate(
        "property check record CK-0001 --item 'trees=1:a dead bough' --item notices=1 --item desk=n/a"
    )
    assert "CK-0001: 17 items still to be recorded; " in first.stderr
    assert "score" not in stored("check", "CK-0001")
    last = estate("property check record CK-0001 --rest-ok")
    assert (last.exit_code, last.stdout) == (0, "")
    assert last.stderr.startswith("CK-0001: score 59.00, findings 2, of them serious 1; saved as ")
    check = stored("check", "CK-0001")
    assert (check["score"], check["findings"], check["serious"], check["state"]) == (59, 2, 1, "recorded")
    one, two = stored("rectification", "RC-0001"), stored("rectification", "RC-0002")
    assert (one["finding"], one["about"], one["item"]) == ("a dead bough", "CK-0001", "trees")
    assert one["due"] == "2026-10-21T02:00:00Z"  # serious: 24 hours
    assert two["due"] == "2026-10-27T15:59:59Z"  # 7 days on, to the end of the day
    assert two["finding"] == "Notices are up to date: fees, works, outages"


def test_a_file_is_filled_in_and_read(estate: Run, stored: Stored, tmp_path: Path) -> None:
    """The list of items as CSV is filled in, Chinese headings and results too; empty rows wait."""
    worked(estate("property check new PJ-001 --standard commercial --items 5 --seed 1"))
    listed = worked(estate("property check items CK-0001 -o json", lang="zh"))
    items = json.loads(listed)
    rows = [
        f"{one['text']},{result}"
        for one, result in zip(items, ("合格", "1", "不适用", "", "不合格"), strict=True)
    ]
    file = tmp_path / "filled.csv"
    file.write_text("检查项,得分\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = estate(f"property check record CK-0001 {file}")
    assert done.stderr.startswith("CK-0001: 1 item still to be recorded; ")
    left = json.loads(worked(estate("property check items CK-0001 --left -o json")))
    assert [one["item"] for one in left] == [items[3]["item"]]
    kept = {one["code"]: one.get("kept") for one in stored("check", "CK-0001")["items"]}
    assert kept == {
        items[0]["item"]: items[0]["points"],
        items[1]["item"]: 1,
        items[2]["item"]: None,
        items[3]["item"]: None,
        items[4]["item"]: 0,
    }


def test_all_that_is_wrong_with_results_is_told_at_once(estate: Run, tmp_path: Path) -> None:
    """Unknown items, points out of range, repetitions: each is named, nothing is saved."""
    worked(estate("property check new PJ-001 --standard residential"))
    done = estate(
        "property check record CK-0001 --item lobby=9 --item nowhere=1 --item desk=1 --item desk=2 --item x"
    )
    assert (done.exit_code, done.stdout) == (5, "")
    codes = "gate_guard, patrol_log, fire_lanes, fire_gear, cameras, parking, bikes, keys …"
    assert done.stderr == (
        "kept: '9': expected points from 0 to 3, ok, fail or n/a\n"
        f"item: 'nowhere': the check has no such item; it has {codes}\n"
        "item: 'desk': is there twice\n"
        "--item: 'x': expected ITEM=POINTS, or ITEM=POINTS:FINDING\n"
        "cskit: 4 values do not fit; nothing was saved\n"
    )
    file = tmp_path / "bad.csv"
    file.write_text("item,kept\nlobby,-1\ndesk,much\nlobby,1\n", encoding="utf-8")
    done = estate(f"property check record CK-0001 {file}")
    assert done.exit_code == 5
    assert "line 2" in done.stderr
    assert "line 3" in done.stderr
    assert "line 4" in done.stderr
    file.write_text("code,comment\nlobby,fine\n", encoding="utf-8")
    done = estate(f"property check record CK-0001 {file}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.endswith(
        "the columns item and kept are needed\n"
        "`cskit property check items ID -o csv` writes a file to fill in\n"
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "property check new PJ-001 --standard residentail",
            3,
            "there is no service standard 'residentail'\ndid you mean 'residential'?",
        ),
        ("property check new PJ-009 --standard residential", 5, "project: 'PJ-009': no project has this id"),
        ("property check record CK-0009 --rest-ok", 3, "no check CK-0009"),
        ("property check new PJ-001 --standard residential --on 40.10.", 2, "--on 40.10.: "),
    ],
)
def test_refusals(estate: Run, line: str, code: int, said: str) -> None:
    """What cannot be is told in a line, and what to do about it."""
    done = estate(line)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_what_is_recorded_is_not_recorded_again(estate: Run) -> None:
    """An item that is put down already is refused, and undo is named."""
    worked(estate("property check new PJ-001 --standard residential"))
    worked(estate("property check record CK-0001 --item desk=1"))
    done = estate("property check record CK-0001 --item desk=2 --rest-ok")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: check CK-0001: already recorded: desk\n`cskit undo` takes the last record back\n"
    )
    assert estate("property check record CK-0001").exit_code == 2


def test_a_checks_standard_may_go(estate: Run, stored: Stored, tmp_path: Path) -> None:
    """A check keeps points and marks of the day it was drawn; a replaced standard changes none of it."""
    worked(estate("property check new PJ-001 --standard commercial --items 3 --seed 2"))
    folder = tmp_path / "data/rules/service-standards"
    folder.mkdir(parents=True)
    own = folder / "commercial.toml"
    own.write_text(
        'replaces = "commercial"\nlabel = { en = "Ours", zh = "自定" }\n[[areas]]\ncode = "a"\n'
        'label = { en = "A", zh = "甲" }\n'
        'items = [{ code = "b", points = 1, label = { en = "B", zh = "乙" } }]\n',
        encoding="utf-8",
    )
    own.chmod(0o600)
    before = [one["code"] for one in stored("check", "CK-0001")["items"]]
    rows = json.loads(worked(estate("property check items CK-0001 -o json")))
    assert [row["item"] for row in rows] == before
    assert all("text" not in row for row in rows)
    assert "CK-0001: score 100.00" in estate("property check record CK-0001 --rest-ok").stderr
    own.write_text(
        own.read_text(encoding="utf-8").replace(
            "}]", '}, { code = "b", points = 2, label = { en = "C", zh = "丙" } }]'
        ),
        encoding="utf-8",
    )
    done = estate("property standard list")
    assert done.exit_code == 2
    assert "these codes are there twice: b" in done.stderr


# --- side by side ------------------------------------------------------------------------------------------


@pytest.fixture
def checked(estate: Run) -> Run:
    """Return an estate with three checks of two projects in two months."""
    for project, on, lost in (
        ("PJ-001", "2026-09-10", 0),
        ("PJ-001", "2026-10-10", 1),
        ("PJ-002", "2026-10-11", 2),
    ):
        worked(estate(f"property check new {project} --standard commercial --on {on}"))
        own = {"2026-09-10": "CK-0001", "2026-10-10": "CK-0002", "2026-10-11": "CK-0003"}[on]
        items = " ".join(f"--item {code}=0" for code in ("lobby", "indoor")[:lost])
        worked(estate(f"property check record {own} {items} --rest-ok"))
    return estate


def test_projects_are_ranked(checked: Run) -> None:
    """The best mean score comes first; a project without checks in the period has no rank."""
    found = json.loads(worked(checked("property rank --period 2026-10 -o json")))
    assert [(row.get("rank"), row["project"], row.get("score"), row["findings"]) for row in found] == [
        (1, "PJ-001", 96, 1),
        (2, "PJ-002", 92, 2),
    ]
    september = json.loads(worked(checked("property rank --period 2026-09 -o json")))
    assert [(row.get("rank"), row["project"], row.get("score")) for row in september] == [
        (1, "PJ-001", 100),
        (None, "PJ-002", None),
    ]


def test_the_trend(checked: Run) -> None:
    """A row for each month and project, with the change since it was checked before; also as bars."""
    found = json.loads(worked(checked("property check trend -o json")))
    assert [(row["period"], row["project"], row["score"], row.get("change")) for row in found] == [
        ("2026-09", "PJ-001", 100, None),
        ("2026-10", "PJ-001", 96, -4),
        ("2026-10", "PJ-002", 92, None),
    ]
    quarters = json.loads(worked(checked("property check trend --by quarter --project PJ-001 -o json")))
    assert [(row["period"], row["score"], row["checks"]) for row in quarters] == [
        ("2026-Q3", 100, 1),
        ("2026-Q4", 96, 1),
    ]
    drawn = checked("property check trend --ascii")
    assert drawn.stdout.splitlines()[0] == f"2026-09 PJ-001  {'#' * 56}  100.00"


def test_facts_about_projects(checked: Run) -> None:
    """Other plugins read scores by period, and what is open now; without checks there is no score."""
    done = checked(
        "fact show project PJ-001 PJ-002 --names checks.score,checks.count --period 2026-09 -o json"
    )
    assert json.loads(worked(done)) == [
        {"id": "PJ-001", "checks.score": 100, "checks.count": 1},
        {"id": "PJ-002", "checks.count": 0},
    ]
    names = "events.open,rectifications.open,rectifications.late"
    late = checked(f"fact show project PJ-002 --names {names} -o json --now 2026-12-01T09:00")
    known = {"id": "PJ-002", "events.open": 0, "rectifications.open": 2, "rectifications.late": 2}
    assert json.loads(worked(late)) == [known]
