"""Calls drawn, scored, compared, reported and coached, at the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import Result, department
from tests.plugins.calls.conftest import worked

Run = Callable[..., Result]
NOW = "2026-11-03T10:00"
CALLS = "id,at,staff,purpose,talking\n" + "".join(
    f"CL-{agent}{place},2026-10-{day:02d}T{9 + place % 3:02d}:00,S-00{agent},咨询,{60 if place else 5}\n"
    for agent, many in ((1, 9), (2, 3))
    for place, day in enumerate(range(5, 5 + many))
)
"""Nine calls of S-001 and three of S-002, of which one each is too short; hours 9, 10 and 11."""
DRAW = "call qa sample --month 2026-10 --per-agent 4 --seed 7"
HEAD = "call qa score"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a hotline with a month of calls once."""
    folder = tmp_path_factory.mktemp("quality") / "data"
    run = department(folder, *(f"staff add {name} --user S-001" for name in ("林晓", "周宁", "郑洁", "吴迪")))
    assert run("call import -", input=CALLS).exit_code == 0
    return folder


@pytest.fixture
def quality(made: Path, tmp_path: Path) -> Run:
    """Return a `run` for a copy of it; `NOW` and S-003 unless a line says otherwise."""
    shutil.copytree(made, tmp_path / "data")
    run = department(tmp_path / "data")

    def at(line: str, **settings: Any) -> Result:
        who = "" if "--user" in line else " --user S-003"
        when = "" if "--now" in line else f" --now {NOW}"
        return run(f"{line}{who}{when}", **settings)

    return at


def rows(done: Result) -> list[dict[str, Any]]:
    """Return the rows that a command wrote as JSON lines; it must have succeeded."""
    return [json.loads(line) for line in worked(done).splitlines()]


def stored(quality: Run, noun: str, own: str) -> dict[str, Any]:
    """Return what is stored of a record."""
    found: dict[str, Any] = json.loads(worked(quality(f"{noun} show {own} -o json --reveal")))
    return found


# --- draws -------------------------------------------------------------------------------------------------


def test_a_draw_is_made_once_and_can_be_made_again(quality: Run) -> None:
    """A dry run, and a draw after an undo, are the same calls; a second draw needs a word why."""
    done = quality(DRAW)
    assert done.stderr == (
        "fewer than 4 calls to draw from: S-002 (2)\n"
        "QD-0001: 6 of 10 calls drawn (seed 7, population c5fef4dce77e0c58); "
        "saved as 6 (`cskit undo` takes it back)\n"
    )
    first = worked(done)
    refused = quality(DRAW)
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert refused.stderr == (
        "cskit: 2026-10 is drawn already: QD-0001, by S-003\n"
        "`--redraw --reason TEXT` draws anew, and both stay known\n"
    )
    assert quality(f"{DRAW} --redraw").exit_code == 2
    again = quality(f"{DRAW} --redraw --reason '漏导入一天'")
    assert worked(again) == first
    two = stored(quality, "call qa draw", "QD-0002")
    assert (two["replaces"], two["why"], two["seed"], two["per_agent"]) == ("QD-0001", "漏导入一天", 7, 4)
    assert two["short"] == {"S-002": 2}
    worked(quality("undo --yes"))
    assert quality(DRAW).exit_code == 4


def test_hours_have_their_share(quality: Run) -> None:
    """Of eight calls in three hours, four are drawn from all three; short and unanswered ones never."""
    found = rows(quality(f"{DRAW} -o jsonl"))
    mine = [row["hour"] for row in found if row["staff"] == "S-001"]
    assert (len(mine), set(mine)) == (4, {9, 10, 11})
    assert not {"CL-10", "CL-20"} & {row["id"] for row in found}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--month 2026-09", 1, "2026-09: no answered call to draw from"),
        ("--month 2026-10 --redraw --reason x", 2, "2026-10 was never drawn"),
        ("--month 2026", 2, "--month 2026: expected a month, such as 2026-10"),
        ("--month 2026-10 --agent S-9", 1, "no staff member is called S-9"),
    ],
    ids=["no-calls", "no-draw", "no-month", "nobody"],
)
def test_what_cannot_be_drawn(quality: Run, line: str, code: int, said: str) -> None:
    """One line says what is wrong, and nothing is saved."""
    done = quality(f"call qa sample {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(f"cskit: {said}")


def test_what_is_left_to_score(quality: Run) -> None:
    """Drawn calls are to be scored, in a list and as one task; a scored one is not."""
    worked(quality(DRAW))
    left = [row["id"] for row in rows(quality("call qa unscored -o jsonl"))]
    assert len(left) == 6
    worked(quality(f"{HEAD} {left[0]} --rest-ok"))
    assert [row["id"] for row in rows(quality("call qa unscored -o jsonl"))] == left[1:]
    due = [row for row in rows(quality("today --until 2026-11-30 -o jsonl")) if row["id"] == "QD-0001"]
    assert [(row["due"], row["what"]) for row in due] == [
        ("2026-11-10", "2026-10: 5 drawn calls to be scored")
    ]


# --- scores ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "raw", "total"),
    [
        ("", "100.00", "100.00"),
        ("--item listening=6", "96.00", "96.00"),
        ("--item 耐心倾听，不打断客户=6.5", "96.50", "96.50"),
        ("--item listening=n/a --item words=fail", "94.44", "94.44"),
        ("--item correct=19.5", "99.50", "0.00"),
        ("--item promise=fail --item identity=n/a", "88.89", "0.00"),
        ("--item identity=n/a", "100.00", "100.00"),
    ],
    ids=[
        "full",
        "some",
        "by-title",
        "not-applying",
        "critical",
        "critical-and-not-applying",
        "critical-absent",
    ],
)
def test_what_a_sheet_comes_to(quality: Run, items: str, raw: str, total: str) -> None:
    """Points of what applies, in per cent, half up; a critical item not met in full zeroes the call."""
    worked(quality(f"{HEAD} CL-11 {items} --rest-ok"))
    one = stored(quality, "call qa assessment", "QS-000001")
    assert (Decimal(str(one["raw"])), Decimal(str(one["total"]))) == (Decimal(raw), Decimal(total))
    assert (one["staff"], one["scorer"], one["on"], one["sheet"]) == (
        "S-001",
        "S-003",
        "2026-10-06",
        "hotline",
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "CL-11 --rest-ok --user S-001",
            1,
            "cskit: CL-11 is S-001's own call\nnobody scores their own calls\n",
        ),
        ("CL-11 --item listening=6", 2, "cskit: not scored: greeting, identity, questions"),
        ("CL-11", 2, "cskit: what is the score?\ngive a FILE, --item, or --rest-ok\n"),
        (
            "CL-11 --rest-ok --sheet hotlin",
            3,
            "cskit: there is no scoring sheet 'hotlin'\ndid you mean 'hotline'?",
        ),
        ("CL-99 --rest-ok", 3, "cskit: no call CL-99\n"),
        ("CL-11 --rest-ok --amount 5", 2, "cskit: --amount is that of a violation\n"),
        (
            "CL-11 --rest-ok --violation x --amount x",
            2,
            "cskit: --amount x: expected an amount, such as 50\n",
        ),
    ],
    ids=["own", "missing", "nothing", "sheet", "call", "amount", "no-amount"],
)
def test_what_is_not_scored(quality: Run, line: str, code: int, said: str) -> None:
    """One line says what is wrong and what to do, and nothing is saved."""
    done = quality(f"{HEAD} {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)
    assert worked(quality("call qa assessment count")) == "0\n"


def test_all_wrong_items_are_told_at_once(quality: Run) -> None:
    """Whether typed or in a file, every item that does not fit is named."""
    done = quality(f"{HEAD} CL-11 --item x=1 --item words=9 --item close=5 --item close=5 --item record")
    assert done.exit_code == 5
    assert [line.partition(":")[0] for line in done.stderr.splitlines()[:4]] == [
        "item",
        "words",
        "item",
        "--item",
    ]
    file = "item,points,note\ngreeting,5,\nwords,y,口头禅\nempathy,,\n"
    done = quality(f"{HEAD} CL-11 - --rest-ok", input=file)
    assert (done.exit_code, done.stderr.splitlines()[0][:18]) == (5, "line 3, words: 'y'")
    file = file.replace("words,y", "words,2")
    worked(quality(f"{HEAD} CL-11 - --rest-ok", input=file))
    items = stored(quality, "call qa assessment", "QS-000001")["items"]
    assert [(item["code"], item["note"]) for item in items if "note" in item] == [("words", "口头禅")]


def test_a_violation_proposes_a_penalty(quality: Run) -> None:
    """Score and penalty are one entry of the history; without the staff's plugin the score says so."""
    done = quality(f"{HEAD} CL-11 --item words=0 --rest-ok --violation 辱骂客户 --amount 50")
    assert "penalty PN-00001 proposed; a second person confirms it\n" in done.stderr
    one = stored(quality, "staff penalty", "PN-00001")
    assert (one["staff"], one["what"], one["about"], one["state"]) == (
        "S-001",
        "辱骂客户",
        "CL-11",
        "proposed",
    )
    assert (one["amount"], one["proposed_by"]) == (50, "S-003")
    worked(quality("undo --yes"))
    assert worked(quality("staff penalty count")) == worked(quality("call qa assessment count")) == "0\n"
    alone = quality(f"{HEAD} CL-11 --rest-ok --violation x", env={"CSKIT_DISABLE_PLUGINS": "staff"})
    assert "no plugin takes penalties: the violation stands with the score alone\n" in alone.stderr
    assert alone.exit_code == 0


def test_two_people_score_one_call(quality: Run) -> None:
    """The second score is for comparison, by the same sheet; nobody scores a call twice."""
    worked(quality(f"{HEAD} CL-11 --item listening=6 --rest-ok"))
    done = quality(f"{HEAD} CL-11 --item listening=0 --rest-ok --user S-004")
    assert done.stderr.startswith(
        "scored before: this one is for calibration, and does not count for the agent\n"
    )
    again = quality(f"{HEAD} CL-11 --rest-ok --user S-004")
    assert (again.exit_code, again.stderr) == (
        4,
        "cskit: S-004 scored CL-11 before: QS-000002\n`cskit undo` takes a score back\n",
    )
    told = worked(
        quality("fact show staff S-001 --names qa.score,qa.calls --period 2026-10 -o jsonl --reveal")
    )
    assert json.loads(told) == {"id": "S-001", "qa.score": 96.0, "qa.calls": 1}


# --- reports -----------------------------------------------------------------------------------------------

FIRST = {"CL-11": "", "CL-12": "correct=0", "CL-13": "words=0", "CL-21": "listening=0 solution=0 empathy=0"}
SECOND = {"CL-11": "listening=7", "CL-12": "correct=0", "CL-13": "", "CL-21": "listening=5"}


@pytest.fixture
def scored(quality: Run) -> Run:
    """Return a `run` for a month of which two people scored four calls: 100, 0, 95, 70; 97, 0, 100, 95."""
    for who, scores in (("S-003", FIRST), ("S-004", SECOND)):
        lines = (
            f"{HEAD} {call} {' '.join(f'--item {item}' for item in items.split())} --rest-ok"
            for call, items in scores.items()
        )
        worked(quality(f"batch - --user {who}", input="\n".join(lines)))
    return quality


def test_what_the_month_came_to(scored: Run) -> None:
    """First scores count, critical accuracy is of calls, the other of items; each figure says what it is."""
    found = {row["figure"]: row for row in rows(scored("call qa report --month 2026-10 -o jsonl"))}
    values = {name: row.get("value") for name, row in found.items()}
    assert values == {"scored": 4, "score": 66.25, "critical": 75.0, "other": 87.5, "agreed": 75.0}
    assert all(row["definition"] for row in found.values())
    table = scored("call qa report --month 2026-10")
    assert "Critical accuracy: calls in which no critical item was failed" in table.stderr


def test_what_each_agent_reached_is_masked(scored: Run) -> None:
    """Scores are the agent's alone: hidden, and shown with a note in the history."""
    line = "call qa report --month 2026-10 --by agent -o jsonl"
    hidden = rows(scored(line))
    assert {row["score"] for row in hidden} == {"***"}
    shown = {
        row["id"]: (row["calls"], row["score"], row["critical"]) for row in rows(scored(f"{line} --reveal"))
    }
    assert shown == {"S-001": (3, 65.0, 66.7), "S-002": (1, 70.0, 100.0)}


def test_one_agents_month_has_no_mean(quality: Run) -> None:
    """Where all calls are one agent's, the team's mean would be that agent's: there is none."""
    worked(quality(f"{HEAD} CL-11 --item words=0 --rest-ok"))
    found = {
        row["figure"]: row.get("value") for row in rows(quality("call qa report --month 2026-10 -o jsonl"))
    }
    assert found == {"scored": 1, "score": None, "critical": None, "other": None, "agreed": None}
    (month,) = rows(quality("call qa report --month 2026-10 --by month -o jsonl"))
    assert month == {"month": "2026-10", "calls": 1}


def test_items_that_are_missed_come_first(scored: Run) -> None:
    """Each item with how often it was met, worst first."""
    found = rows(scored("call qa report --month 2026-10 --by item -o jsonl"))
    assert [row["right"] for row in found] == sorted(row["right"] for row in found)
    by_item = {row["item"]: (row["n"], row["right"], row["points"]) for row in found}
    assert by_item["correct"] == (4, 75.0, 75.0)
    assert by_item["greeting"] == (4, 100.0, 100.0)


def test_how_far_two_agree(scored: Run) -> None:
    """Totals 100·97, 0·0, 95·100, 70·95 are levels 3·3, 0·0, 3·3, 1·3: kappa 0.5556, by hand."""
    (found,) = rows(scored("call qa agreement --month 2026-10 -o jsonl"))
    assert (found["calls"], found["within"]) == (4, 75.0)
    assert found["kappa"] == pytest.approx(0.5556)  # (3/4 − 7/16) / (1 − 7/16)
    assert found["linear"] == pytest.approx(0.6364)  # (10/12 − 26/48) / (1 − 26/48)
    items = {
        row["item"]: row["same"]
        for row in rows(scored("call qa agreement --month 2026-10 --by item -o jsonl"))
    }
    assert (items["correct"], items["words"], items["listening"]) == (100.0, 75.0, 50.0)
    said = scored("call qa agreement --month 2026-10").stderr
    assert "4 calls were scored by several people: too few to rely on" in said


def test_who_is_strict(scored: Run) -> None:
    """Drift is one's mean less the other's on the same calls: 66.25 beside 73, so 6.75 apart."""
    found = rows(scored("call qa report --month 2026-10 --by scorer -o jsonl --reveal"))
    assert [(row["id"], row["shared"], row["drift"], row["judgement"]) for row in found] == [
        ("S-003", 4, -6.75, "strict"),
        ("S-004", 4, 6.75, "lenient"),
    ]


def test_the_report_of_the_month_has_a_section(scored: Run) -> None:
    """The section's figures are those of the command, and lead to their sheets."""
    found = [row for row in rows(scored("report --month 2026-10 -o jsonl")) if row["section"] == "quality"]
    values = {row["figure"]: row.get("value") for row in found}
    assert (values["score"], values["critical"]) == (66.25, 75.0)
    ids = rows(scored("report --month 2026-10 -o jsonl --ids --only quality.critical"))
    assert len(ids) == 4


# --- what follows ------------------------------------------------------------------------------------------


def test_a_measure_shows_before_and_after(scored: Run) -> None:
    """A measure about an item, by its title, is due in a month, and shows how often the item was met."""
    worked(scored("call qa measure add 练习用语 --item 用语文明规范，无口头禅和生僻术语 --since 2026-10-08"))
    (row,) = rows(scored("call qa report --by measure -o jsonl"))
    assert (row["item"], row["due"]) == ("words", "2026-11-07")
    assert (row["before"], row["after"]) == (100.0, 0.0)  # of the calls of 6 and 7, and of 8 October
    due = rows(scored("today --until 2026-11-30 -o jsonl"))
    assert [one["what"] for one in due if one["id"] == "QM-00001"] == ["see through the measure: 练习用语"]
    worked(scored("call qa measure done QM-00001 --effect 好转"))
    again = scored("call qa measure done QM-00001")
    assert (again.exit_code, again.stderr) == (1, "cskit: done already: QM-00001\n")
    bad = scored("call qa measure add x --item wrods")
    assert (bad.exit_code, bad.stderr.splitlines()[0]) == (5, "item: 'wrods': no scoring sheet has this item")


def test_coaching_is_acknowledged_by_the_agent(scored: Run) -> None:
    """Nobody else acknowledges, nobody coaches themselves; words are masked, the timeline has no figures."""
    worked(scored("call coaching add S-001 --topic 倾听 --words 少插话 --coach S-003"))
    assert "少插话" not in worked(scored("call coaching show CO-00001"))
    done = scored("call coaching acknowledge CO-00001")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: CO-00001: only the agent acknowledges what was said to them, not S-003\n"
        "--user S-001 acts as the agent\n"
    )
    due = [one for one in rows(scored("today --until 2026-11-30 -o jsonl")) if one["id"] == "CO-00001"]
    assert [(one["who"], one["due"]) for one in due] == [("S-001", "2026-11-06")]
    worked(scored("call coaching acknowledge CO-00001 --user S-001"))
    assert scored("call coaching acknowledge CO-00001 --user S-001").exit_code == 1
    assert scored("call coaching add S-003 --coach S-003").exit_code == 5
    told = worked(scored("staff timeline S-001"))
    assert "coached: 倾听" in told
    assert "call CL-12 scored" in told


def test_words_go_with_who_left(scored: Run) -> None:
    """What was said of somebody who is erased goes, also beside the items of a sheet; scores stay."""
    worked(scored("call coaching add S-001 --topic 倾听 --words 少插话 --coach S-003"))
    worked(scored(f"{HEAD} CL-14 --item words=2:口头禅 --rest-ok --comment 注意语速"))
    worked(scored("staff set S-001 state=left left=2026-11-02"))
    worked(scored("staff erase S-001 --yes"))
    note = stored(scored, "call coaching", "CO-00001")
    assert not {"topic", "words"} & note.keys()
    sheet = stored(scored, "call qa assessment", "QS-000009")
    assert "comment" not in sheet
    assert not any("note" in item for item in sheet["items"])
    assert sheet["total"] == 97


def test_an_analysis_is_printed(quality: Run, tmp_path: Path) -> None:
    """A case analysis has a sheet of its own."""
    line = "call analysis add 型号答错 --call CL-11 --course 客户问滤芯 --cause 未查表 --lesson 先查后答"
    worked(quality(line))
    worked(quality(f"call analysis show CA-0001 -o html --out {tmp_path}/x.html"))
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "Case analysis: 型号答错" in page
    assert "先查后答" in page


def test_sheets_are_rules(quality: Run, made: Path, tmp_path: Path) -> None:
    """A department's own sheet is checked: its points come to the total; it is printed to fill in."""
    worked(quality(f"call qa sheet show hotline -o html --out {tmp_path}/x.html"))
    assert "critical" in (tmp_path / "x.html").read_text(encoding="utf-8")
    folder = tmp_path / "data" / "rules" / "qa-sheets"
    folder.mkdir(parents=True, mode=0o700)
    folder.parent.chmod(0o700)
    text = (
        'label = { en = "Chat", zh = "在线" }\nsource = "own"\ntotal = 10\n'
        '[[parts]]\nlabel = { en = "All", zh = "全部" }\n'
        'items = [{ code = "right", points = 9, label = { en = "Right", zh = "正确" } }]\n'
    )
    (folder / "chat.toml").write_text(text, encoding="utf-8")
    (folder / "chat.toml").chmod(0o600)
    done = quality("call qa sheet list")
    assert done.exit_code != 0
    assert "the points of the items come to 9, not to the total of 10" in done.stderr
    (folder / "chat.toml").write_text(text.replace("points = 9", "points = 10"), encoding="utf-8")
    assert [row["name"] for row in rows(quality("call qa sheet list -o jsonl"))] == ["chat", "hotline"]
    assert quality(f"{HEAD} CL-11 --rest-ok").stderr.startswith("cskit: by which sheet?")
    worked(quality(f"{HEAD} CL-11 --rest-ok --sheet 在线"))
    other = quality(f"{HEAD} CL-11 --rest-ok --sheet hotline --user S-004")
    assert (other.exit_code, other.stderr.splitlines()[0]) == (1, "cskit: CL-11 was scored by the sheet chat")
