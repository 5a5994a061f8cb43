"""The desk's verbs: every move of the flow and every one it has not, on one case and on many."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import Result
from cskit_complaints.flow import FLOW, OPEN
from cskit_complaints.model import HAPPENINGS, STATES, Happening, State
from tests.plugins.complaints.conftest import own_repair, rule

Desk = Callable[..., Result]
Stored = Callable[..., dict[str, Any]]
ONE = "CP-20261123-001"
LINES = {
    "assign": "case assign {id} --to repair",
    "return": "case return {id} --reason 不归我们管",
    "start": "case start {id}",
    "pause": "case pause {id} --until 2026-12-01 --party 客户 --reason 外出",
    "resume": "case resume {id}",
    "resolve": "case resolve {id} --solution 已更换",
    "reply": "case reply {id} --text 已告知",
    "close": "case close {id}",
    "reopen": "case reopen {id} --reason 又漏了",
    "reject": "case reject {id} --reason 红线外 --text 已转市政热线",
}
WAYS = {
    "registered": [],
    "assigned": ["assign"],
    "handling": ["assign", "start"],
    "paused": ["assign", "start", "pause"],
    "resolved": ["assign", "start", "resolve"],
    "replied": ["assign", "start", "resolve", "reply"],
    "closed": ["assign", "start", "resolve", "reply", "close"],
    "rejected": ["reject"],
}


def test_the_table_is_sound() -> None:
    """The flow has no fault, and its states and verbs are those that cases can store."""
    assert FLOW.faults() == []
    assert tuple(STATES) == get_args(State)
    assert tuple(HAPPENINGS) == get_args(Happening)
    assert {move.verb for move in FLOW.moves} <= set(HAPPENINGS)
    assert FLOW.open == OPEN


def brought(desk: Desk, state: str) -> None:
    """Bring a new case to a state."""
    assert desk("case add 漏水").exit_code == 0
    for verb in WAYS[state]:
        done = desk(LINES[verb].format(id=ONE))
        assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("state", list(WAYS))
def test_what_can_be_done_and_what_cannot(desk: Desk, case: Stored, state: str) -> None:
    """From each state every verb does as the table says, or is refused with those it has."""
    brought(desk, state)
    assert case()["state"] == state
    for verb, line in LINES.items():
        done = desk(f"{line.format(id=ONE)} --dry-run")
        move = FLOW.move(verb, state)
        if move is None:
            assert (done.exit_code, done.stdout) == (1, ""), verb
            said = f"cskit: case {ONE} is {FLOW.state(state)}, so it cannot be done: {verb}\n"
            assert done.stderr.startswith(said)
            assert all(other in done.stderr for other in FLOW.verbs(state))
        else:
            assert done.exit_code == 0, done.stderr


def test_assigned_in_writing(desk: Desk, case: Stored) -> None:
    """Assigning names the department, who handles it, and three working days; the event says the same."""
    desk("case add 漏水")
    done = desk(f"case assign {ONE} --to 维修部 --handler S-002 --text 请上门查看")
    assert done.exit_code == 0
    assert done.stdout == (
        "ID               Field       Before      After\n"
        "---------------  ----------  ----------  ----------------\n"
        "CP-20261123-001  state       registered  assigned\n"
        "CP-20261123-001  department              repair\n"
        "CP-20261123-001  handler                 S-002\n"
        "CP-20261123-001  due                     2026-11-26 10:00\n"
    )
    assert done.stderr == "1 case assigned; saved as 3 (`cskit undo` takes it back)\n"
    assert case()["events"][-1] == {
        "at": "2026-11-23T02:00:00Z",
        "who": "S-001",
        "what": "assign",
        "before": "registered",
        "after": "assigned",
        "department": "repair",
        "handler": "S-002",
        "until": "2026-11-26T02:00:00Z",
        "text": "请上门查看",
    }


@pytest.mark.parametrize(
    ("due", "stored"),
    [
        ("2026-12-01", "2026-12-01T15:59:59Z"),
        ("2026-12-01T09:30", "2026-12-01T01:30:00Z"),
        ("'2026-12-01 9:30'", "2026-12-01T01:30:00Z"),
        ("5d", "2026-11-30T02:00:00Z"),
        ("4h", "2026-11-23T07:00:00Z"),
        ("'1d 2h'", "2026-11-24T04:00:00Z"),
    ],
)
def test_deadlines_as_typed(desk: Desk, case: Stored, due: str, stored: str) -> None:
    """A deadline is a day's end, a time, or working time from now by the office's hours."""
    desk("case add 漏水")
    done = desk(f"case assign {ONE} --to repair --due {due}")
    assert done.exit_code == 0, done.stderr
    assert case()["due"] == stored


@pytest.mark.parametrize("due", ["soon", "3x", "2026-13-01"])
def test_a_deadline_that_is_none(desk: Desk, due: str) -> None:
    """What is no deadline is told with the option and what could be typed."""
    desk("case add 漏水")
    done = desk(f"case assign {ONE} --to repair --due {due}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cskit: --due {due}: ")


def test_an_unknown_department(desk: Desk, case: Stored) -> None:
    """A department that there is not is refused with the list; the case stays."""
    desk("case add 漏水")
    done = desk(f"case assign {ONE} --to 财务部")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        "cskit: there is no department '财务部'\n"
        "there are engineering Engineering, property Property service, quality Quality, repair Repairs, "
        "sales Sales, service Customer service\n"
    )
    assert case()["state"] == "registered"


def test_departments_of_the_company(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """A department's own file says who handles what comes to it, and may take the place of one of ours."""
    own_repair(tmp_path / "data", '[roles]\nhandler = ["S-007"]\n')
    desk("case add 漏水")
    assert desk(f"case assign {ONE} --to 工程维修中心").exit_code == 0
    assert case()["handler"] == "S-007"


def test_passed_on(desk: Desk, case: Stored) -> None:
    """A case can be passed to another department while it is handled: both are in its course."""
    brought(desk, "handling")
    assert desk(f"case assign {ONE} --to quality --reason 属于质量问题").exit_code == 0
    found = case()
    assert (found["department"], found["state"]) == ("quality", "assigned")
    assert [event.get("department") for event in found["events"]] == [None, "repair", None, "quality"]


def test_sent_back(desk: Desk, case: Stored) -> None:
    """What is sent back is nobody's again, with the reason and the department that said so."""
    brought(desk, "assigned")
    assert desk(f"case return {ONE} --reason 不归我们管").exit_code == 0
    found = case()
    assert "department" not in found
    assert "due" not in found
    assert (found["events"][-1]["department"], found["events"][-1]["reason"]) == ("repair", "不归我们管")


@pytest.mark.parametrize("state", [state for state in OPEN if state != "paused"])
def test_a_pause_leads_back(desk: Desk, case: Stored, state: str) -> None:
    """Whatever was paused goes on where it was, however often."""
    brought(desk, state)
    for _round in range(2):
        assert desk(LINES["pause"].format(id=ONE)).exit_code == 0
        assert case()["state"] == "paused"
        assert desk(f"case resume {ONE} --contact --text 客户已回").exit_code == 0
        assert case()["state"] == state
    assert case()["events"][-1]["contact"] is True


def test_a_pause_needs_who_why_and_until(desk: Desk) -> None:
    """Without one of the three it is wrong usage, and a time that has passed is refused."""
    brought(desk, "handling")
    for left in ("--party 客户 --reason 外出", "--until 3d --reason 外出", "--until 3d --party 客户"):
        assert desk(f"case pause {ONE} {left}").exit_code == 2
    done = desk(f"case pause {ONE} --until 2026-11-20 --party 客户 --reason 外出")
    assert (done.exit_code, done.stderr) == (
        2,
        "cskit: --until lies in the past\nsay when it is to go on\n",
    )


def test_the_end(desk: Desk, case: Stored) -> None:
    """Resolved, replied and closed keep what was done, what was answered, how satisfied, and when."""
    brought(desk, "handling")
    line = f"case resolve {ONE} --solution 更换阀门 --cause 老化 --liability 供应商甲 --validity valid"
    assert desk(line).exit_code == 0
    assert desk(f"case reply {ONE} --text 已修好 --satisfaction 4").exit_code == 0
    alone = {"CSKIT_DISABLE_PLUGINS": "surveys"}  # nobody keeps follow-ups then
    closed = desk(f"case close {ONE} --satisfaction 5", env=alone)
    assert closed.exit_code == 0
    assert closed.stderr.startswith("no follow-up was scheduled: no plugin gives followup.schedule\n")
    found = case()
    kept = ("solution", "cause", "liability", "validity", "answer", "satisfaction", "closed_at")
    assert [found[name] for name in kept] == [
        *("更换阀门", "老化", "供应商甲", "valid", "已修好", 5, "2026-11-23T02:00:00Z")
    ]


def test_settled_on_the_call(desk: Desk, case: Stored) -> None:
    """What is settled at once is replied to without a department."""
    desk("case add 几点开门 --kind enquiry")
    assert desk(f"case reply {ONE} --text 九点 --satisfaction 5").exit_code == 0
    assert case()["state"] == "replied"


def test_reopened_and_counted(desk: Desk, case: Stored) -> None:
    """A closed case that is reopened is handled again, open, and counted."""
    brought(desk, "closed")
    assert desk(f"case reopen {ONE} --reason 又漏了").exit_code == 0
    found = case()
    assert (found["state"], found["reopened"], found.get("closed_at")) == ("handling", 1, None)


def test_many_at_once(desk: Desk, case: Stored) -> None:
    """Ids, a pipe and --where mean many cases; all of them are one entry of the history."""
    for text in ("漏水", "停电", "噪音", "电梯"):
        desk(f"case add {text}")
    assert desk(f"case assign {ONE} CP-20261123-002 --to repair").exit_code == 0
    piped = desk("case list --where 'state == \"registered\"' -o jsonl").stdout
    done = desk("case assign - --to quality", input=piped)
    assert (done.exit_code, done.stderr) == (
        0,
        "2 cases assigned; saved as 7 (`cskit undo` takes it back)\n",
    )
    assert desk("case start --where 'department == \"quality\"'").exit_code == 0
    assert [case(f"CP-20261123-00{n}")["state"] for n in range(1, 5)] == [
        *("assigned", "assigned", "handling", "handling")
    ]
    assert desk("undo --yes").exit_code == 0
    assert case("CP-20261123-004")["state"] == "assigned"


def test_all_or_nothing(desk: Desk, case: Stored) -> None:
    """Where some cases refuse, all of these are named and none is changed."""
    for text in ("漏水", "停电", "噪音"):
        desk(f"case add {text}")
    desk(f"case assign {ONE} --to repair")
    done = desk("case start --where 'kind == \"complaint\"'")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: 2 cases refuse; nothing was saved\n"
        "case CP-20261123-002 is registered, so it cannot be done: start\n"
        "case CP-20261123-003 is registered, so it cannot be done: start\n"
    )
    assert case()["state"] == "assigned"


def test_what_a_newer_program_noted_stays(desk: Desk, case: Stored, tmp_path: Path) -> None:
    """Keys that this program does not know survive verbs and changes, also inside events and promises."""
    desk("case add 漏水")
    desk(f"case promise {ONE} --due 3d --text 回电")
    app = App(Options(data=str(tmp_path / "data")))
    with app.transaction() as tx:
        raw = tx.get("cases", 1)
        assert raw is not None
        for before, after in (
            (b'"content":', b'"future":7,"content":'),
            (b'"what":"register"', b'"what":"register","mood":["calm"]'),
            (b'"by":"S-001"', b'"by":"S-001","line":3'),
        ):
            raw = raw.replace(before, after)
        tx.replace("cases", 1, raw)
    for line in (
        f"case keep {ONE} --text 已回电",
        f"case assign {ONE} --to repair",
        f"case set {ONE} note=急",
    ):
        assert desk(line).exit_code == 0
    stored = (tmp_path / "data/cases.json").read_text(encoding="utf-8")
    held = json.loads(stored)["cases"]["1"]
    assert (held["future"], held["events"][0]["mood"], held["promises"][0]["line"]) == (7, ["calm"], 3)
    assert (held["promises"][0]["kept_by"], held["note"], "mood" in held["events"][1]) == (
        "S-001",
        "急",
        False,
    )


def test_not_before_what_happened(desk: Desk) -> None:
    """A verb dated before the case's last event is refused: clocks are read from events in their order."""
    desk("case add 漏水")
    done = desk(f"case assign {ONE} --to repair --now 2026-11-22T10:00")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"cskit: case {ONE}: its last event is of 2026-11-23T02:00:00Z, later than")


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ('category == "渗漏水"', 1),
        ('category == "Property > Repairs > Leaks"', 1),
        ('"property.repair.leak" == category', 1),
        ('category in ("渗漏水", "电梯")', 2),
        ('category != "Leaks"', 1),
        ('startswith(category, "property.repair")', 2),
        ('department == "维修部"', 1),
        ('"维修部" in helpers', 1),
    ],
)
def test_conditions_on_titles(desk: Desk, where: str, count: int) -> None:
    """A category and a department are named in conditions as everywhere: by code, path or title."""
    desk("case add 漏水 --category 渗漏水")
    desk("case add 困人 --category 电梯 --helpers repair")
    desk(f"case assign {ONE} --to repair")
    assert desk(f"case count --where '{where}'") == (0, f"{count}\n", "")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ('category == "漏"', "category: there is no category '漏'"),
        (
            'category == "服务规范" and state == "registered"',
            "category: '服务规范' means 8 categories: power/service.conduct.hall.standard (Service >",
        ),
        ('department in ("repair", "财务部")', "department: there is no department '财务部'"),
        ('"财务部" in helpers', "helpers: there is no department '财务部'"),
        ('state == "open"', "state has no 'open'"),
    ],
)
def test_conditions_on_what_there_is_not(desk: Desk, where: str, said: str) -> None:
    """A title that means nothing, or several things, is told with what there is; it never selects nothing."""
    done = desk(f"case list --where '{where}'")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cskit: --where: {said}"), done.stderr


def closing_by(tmp_path: Path, settings: str, roles: str = '[roles]\nsupervisor = ["S-008"]\n') -> None:
    """Let the settings say what closing takes, with who is who in the repair department."""
    rule(tmp_path / "data/cskit.toml", f"[rules.case-policies.standard]\n{settings}\n")
    own_repair(tmp_path / "data", roles)


def test_only_the_supervisor_closes(desk: Desk, tmp_path: Path) -> None:
    """Where the policy wants a role for closing, who has it in the case's department may, nobody else."""
    brought(desk, "replied")
    closing_by(tmp_path, 'closing.by_role = "supervisor"')
    refused = desk(f"case close {ONE}")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"cskit: case {ONE} can be closed by the supervisor of its department only: S-008\n",
    )
    assert desk(f"case close {ONE} --user S-008").exit_code == 0


def test_somebody_else_closes_what_no_supervisor_is_named_for(desk: Desk, tmp_path: Path) -> None:
    """Settled on the call, a case has no department: then it takes other eyes, or who supervises it."""
    closing_by(tmp_path, 'closing.by_role = "supervisor"')
    for line in ("case add 漏水", "case add 停电", f"case supervise {ONE} --by S-001"):
        assert desk(line).exit_code == 0
    both = f"{ONE} CP-20261123-002"
    desk(f"case reply {both} --text 已说明")
    refused = desk("case close CP-20261123-002")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "cskit: case CP-20261123-002: S-001 answered it, so somebody else has to close it\n",
    )
    assert desk(f"case close {ONE}").exit_code == 0
    assert desk("case close CP-20261123-002 --user S-002").exit_code == 0


def test_closing_after_the_follow_up(desk: Desk, tmp_path: Path) -> None:
    """Where the policy wants it, a case is closed only once the customer was called back after the answer."""
    brought(desk, "replied")
    closing_by(tmp_path, "closing.after_follow_up = true")
    desk(f"case chase {ONE}")
    refused = desk(f"case close {ONE}")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"cskit: case {ONE}: nobody has called the customer back since the answer\n"
        f"`cskit case comment {ONE} --contact --text …` notes the call, or --satisfaction does\n",
    )
    assert desk(f"case comment {ONE} --contact --text 回访满意").exit_code == 0
    assert desk(f"case close {ONE}").exit_code == 0


def test_flow_as_a_table_and_as_a_diagram(desk: Desk) -> None:
    """The flow is shown as it is used, in the user's language."""
    rows = [json.loads(row) for row in desk("case flow -o jsonl").stdout.splitlines()]
    assert {(row["state"], row["verb"], row["to"]) for row in rows} >= {
        ("registered", "case assign", "assigned"),
        ("paused", "case resume", "the state before"),
        ("closed", "case reopen", "handling"),
    }
    drawn = desk("case flow -o mermaid", lang="zh").stdout
    assert drawn.startswith("stateDiagram-v2\n    registered: 已登记\n")
    assert "    replied --> closed: 结案\n" in drawn


def test_the_course_of_a_case(desk: Desk) -> None:
    """`track` tells what happened, by whom, and what is still to come."""
    brought(desk, "assigned")
    lines = desk(f"case track {ONE}").stdout.splitlines()
    assert [line.split(maxsplit=5) for line in lines[2:6]] == [
        ["2026-11-23", "10:00", "register", "registered", "S-001"],
        ["2026-11-23", "10:00", "assign", "assigned", "S-001", TOLD],
        ["2026-11-26", "10:00", "to", "come", "deadline", "of the department"],
        ["2026-11-24", "10:00", "First", "response", "running", "0 h of 24 h used"],
    ]
    assert lines[-1].split(maxsplit=5)[-1] == "Repairs; 0 h of 24 h used"


TOLD = "Department: Repairs; Until: 2026-11-26 10:00"


def test_categories(desk: Desk) -> None:
    """The trees are listed, each category with its part of the monthly sheet."""
    rows = [json.loads(row) for row in desk("case categories -o jsonl").stdout.splitlines()]
    assert all(row["part"] for row in rows)
    by_code = {row["code"]: row for row in rows}
    assert by_code["property.repair.leak"]["path"] == "Property > Repairs > Leaks"
    assert by_code["sales.contract"]["part"] == "Service complaints"
    assert sum(code.startswith("power/service.conduct.") for code in by_code) == 24
    refused = desk("case categories --tree powr")
    assert (refused.exit_code, refused.stderr) == (
        3,
        "cskit: there is no category tree 'powr'\ndid you mean power?\n",
    )
