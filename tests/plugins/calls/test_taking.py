"""A call is taken: its case, the promise to call back, turns, interviews; one transaction, one undo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit.testing import run
from tests.plugins.calls.conftest import Run, worked

Stored = Callable[..., Any]


def test_a_complaint_opens_a_case(hotline: Run, stored: Stored) -> None:
    """The call, its case and the promise are one entry of the history; the customer is who has the number."""
    done = hotline("call add 投诉配送迟到 --number +86-138-0000-0012 --queue complaint --staff A1")
    assert (done.exit_code, done.stdout) == (0, "CL-20261020-001\n")
    assert done.stderr == (
        "call added; saved as 5 (`cskit undo` takes it back)\n"
        "case CP-20261020-001 opened\n"
        "call back by 2026-10-21 10:00\n"
    )
    call = stored("call", "CL-20261020-001")
    assert (call["customer"], call["staff"], call["case"]) == ("C-000002", "S-001", "CP-20261020-001")
    assert call["promise_due"] == "2026-10-21T02:00:00Z"
    case = stored("case", "CP-20261020-001")
    assert (case["content"], case["kind"], case["channel"]) == ("投诉配送迟到", "complaint", "phone")
    assert case["customer"] == "C-000002"


def test_one_undo_takes_all_of_it_back(hotline: Run) -> None:
    """After undo neither the call nor its case is there."""
    worked(hotline("call add 投诉 --queue complaint"))
    worked(hotline("undo --yes"))
    assert worked(hotline("call count")).strip() == "0"
    assert worked(hotline("case count")).strip() == "0"


def test_a_dry_run_saves_nothing(hotline: Run) -> None:
    """A dry run shows the call and the case that would have been saved."""
    done = hotline("call add 投诉 --queue complaint --dry-run -o json")
    assert {one["table"] for one in json.loads(worked(done))} >= {"calls", "cases"}
    assert worked(hotline("call count")).strip() == "0"


@pytest.mark.parametrize(
    ("words", "kind", "due"),
    [
        ("--queue consult --result unsettled", "enquiry", "2026-10-21T02:00:00Z"),
        ("--queue technical --result unsettled", "enquiry", "2026-10-22T02:00:00Z"),
        ("--queue consult --result settled", None, None),
        ("--queue consult --result transferred --transferred-to 技术部", None, None),
        ("--queue complaint --result abandoned", None, None),
        ("--queue complaint --direction out", None, None),
        ("--queue order --result unsettled", None, None),
        ("--queue 投诉建议 --promise-due 2026-10-20T12:00", "complaint", "2026-10-20T04:00:00Z"),
    ],
)
def test_what_a_queue_opens(
    hotline: Run, stored: Stored, words: str, kind: str | None, due: str | None
) -> None:
    """By the rules of its queue: which kind of case, and by when the caller is called back.

    `technical` counts the office's hours, two days of eight (9 to 12 and 13 to 18 o'clock).
    """
    worked(hotline(f"call add x {words}"))
    call = stored("call", "CL-20261020-001")
    assert call.get("promise_due") == due
    assert (stored("case", call["case"])["kind"] if "case" in call else None) == kind


def test_without_the_complaints_plugin(tmp_path: Path) -> None:
    """The call and its promise are kept, and it is said that no case was opened."""
    plugins = {"calls": "cskit_calls", "customers": "cskit_customers", "staff": "cskit_staff"}
    done = run("call add 投诉 --queue complaint --now 2026-10-20T10:00", data=tmp_path, plugins=plugins)
    assert done.exit_code == 0
    assert done.stderr.splitlines()[1:] == [
        "no case was opened: no loaded plugin registers cases",
        "call back by 2026-10-21 10:00",
    ]


def test_a_case_that_is_refused_refuses_the_call(hotline: Run, made: Path, tmp_path: Path) -> None:
    """Where the case cannot be opened, nothing is saved: a rule may name a kind that there is not."""
    rules = tmp_path / "data" / "rules" / "call-queues" / "complaint.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text(
        'replaces = "complaint"\nlabel = { en = "Complaints", zh = "投诉" }\norder = 2\n'
        'opens = "nonsense"\nwhen = "always"\n',
        encoding="utf-8",
    )
    done = hotline("call add 投诉 --queue complaint")
    assert (done.exit_code, done.stdout) == (5, "")
    assert "kind" in done.stderr
    assert worked(hotline("call count")).strip() == "0"


def test_a_call_about_a_case_is_noted_on_it(hotline: Run, stored: Stored) -> None:
    """Who calls out about a case has spoken to the customer; who did not reach them has not."""
    worked(hotline("call add 投诉 --queue complaint"))
    worked(hotline("call add 未接 --direction out --case CP-20261020-001 --result unreached"))
    done = hotline("call add 已安排 --direction out --case CP-20261020-001")
    assert "noted on case CP-20261020-001" in done.stderr
    events = stored("case", "CP-20261020-001")["events"]
    assert [(one["what"], one.get("text"), one.get("contact")) for one in events[1:]] == [
        ("comment", "called: 已安排", True)
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--result abandoned --staff A1", "staff: nobody answered an abandoned call"),
        ("--result abandoned --direction out", "only who calls us can give up waiting"),
        ("--result unreached", "only calls out do not reach anybody"),
        ("--result abandoned --talking 5", "talking: nobody was spoken to in this call"),
        ("--queue nowhere", "there is no queue 'nowhere'"),
        ("--promise-due 2026-10-19T09:00", "promise_due: lies before the call"),
        ("--staff X9", "no staff member has this id or external key"),
        ("--waiting -3", "waiting"),
    ],
)
def test_what_does_not_fit_is_refused(hotline: Run, words: str, said: str) -> None:
    """Values that contradict each other are bad data, and nothing is saved."""
    done = hotline(f"call add x {words}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert said in done.stderr
    assert worked(hotline("call count")).strip() == "0"


def test_a_change_that_does_not_fit_is_refused(hotline: Run) -> None:
    """`set` keeps to the same rules: both fields go together or not at all."""
    worked(hotline("call add x --talking 30 --staff A1"))
    done = hotline("call set CL-20261020-001 result=abandoned")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "cskit: CL-20261020-001: staff: nobody answered an abandoned call; "
        "CL-20261020-001: talking: nobody was spoken to in this call",
        "change both fields in one command",
    ]
    assert hotline("call set CL-20261020-001 result=abandoned staff= talking=").exit_code == 0


def test_a_number_that_two_customers_have_is_nobodys(hotline: Run, stored: Stored) -> None:
    """Only a number that one customer alone has leads to them."""
    worked(hotline("customer add 同号 --phone 13800000012"))
    worked(hotline("call add x --number 13800000012"))
    assert "customer" not in stored("call", "CL-20261020-001")


def test_a_batch_takes_calls_together(hotline: Run) -> None:
    """Two calls of a batch are one entry, each with its case."""
    lines = "call add a --queue complaint\ncall add b --queue complaint\n"
    worked(hotline("batch -", input=lines))
    assert worked(hotline("case count")).strip() == "2"
    worked(hotline("undo --yes"))
    assert worked(hotline("call count")).strip() == "0"


# --- turns -------------------------------------------------------------------------------------------------


def handed(hotline: Run, line: str) -> str:
    """Return the group to which a visitor or caller was handed."""
    done = hotline(line)
    assert done.exit_code == 0, done.stderr
    return done.stderr.splitlines()[-1].removeprefix("handed to ")


def test_groups_receive_in_turn(hotline: Run) -> None:
    """Visitors and sales calls go round the groups together; who came before goes to the same one."""
    lines = (
        ("call visitor add a --phone 13900000001 --now 2026-10-20T09:00", "Group 1"),
        ("call add b --queue sales --number 13900000002 --now 2026-10-20T09:01", "Group 2"),
        ("call visitor add c --phone 139-0000-0001 --kind return --now 2026-10-20T09:02", "Group 1"),
        ("call visitor add d --kind appointment --now 2026-10-20T09:03", "Group 3"),
        ("call visitor add e --now 2026-10-20T09:04", "Group 1"),
        ("call visitor add f --group 三组 --now 2026-10-20T09:05", "Group 3"),
        ("call visitor add g --now 2026-10-20T09:06", "Group 1"),
    )
    assert [handed(hotline, line) for line, _group in lines] == [group for _line, group in lines]


def test_an_undone_turn_is_given_again(hotline: Run) -> None:
    """Turns follow from the records: what is undone leaves its turn to the next."""
    assert handed(hotline, "call visitor add a --now 2026-10-20T09:00") == "Group 1"
    worked(hotline("undo --yes"))
    assert handed(hotline, "call visitor add b --now 2026-10-20T09:01") == "Group 1"


def test_imported_visitors_take_turns_as_well(hotline: Run) -> None:
    """Rows of a file go round in their order."""
    rows = "at,purpose\n2026-10-20 09:00,a\n2026-10-20 09:01,b\n2026-10-20 09:02,c\n2026-10-20 09:03,d\n"
    worked(hotline("call visitor import -", input=rows))
    shown = worked(hotline("call visitor list -o csv --fields purpose,group"))
    assert shown.splitlines()[1:] == ["a,group-1", "b,group-2", "c,group-3", "d,group-1"]


def test_the_front_desks_day(hotline: Run) -> None:
    """Visitors are counted by kind, calls that were handed on beside them."""
    for line in ("visitor add a --people 3", "visitor add b --kind return", "add c --queue sales", "add d"):
        worked(hotline(f"call {line}"))
    assert worked(hotline("call visitors -o csv")).splitlines() == [
        "day,visitors,people,first,return,appointment,enquiry,business,calls",
        "2026-10-20,2,4,1,1,0,0,0,1",
    ]
    assert len(worked(hotline("call visitors --by group -o csv")).splitlines()) == 4
    done = hotline("call visitors --by grupe")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "did you mean 'group'?" in done.stderr


# --- interviews --------------------------------------------------------------------------------------------


def test_an_interview_is_held_by_its_call(hotline: Run, stored: Stored) -> None:
    """A call out with --plan notes that the interview was held; one that reached nobody does not."""
    worked(hotline("call plan add 满意度访谈 --customer KH7 --due 2026-10-20 --staff A1"))
    assert "call add --direction out --plan IP-00001" in worked(hotline("today"))
    done = hotline("call add x --direction out --plan IP-00001 --result unreached")
    assert "the interview IP-00001 is still to be held: nobody was reached" in done.stderr
    worked(hotline("call add x --direction out --plan IP-00001 --note 满意"))
    plan = stored("call plan", "IP-00001")
    assert (plan["state"], plan["done_on"], plan["result"]) == ("done", "2026-10-20", "满意")
    assert "IP-00001" not in worked(hotline("today"))
    done = hotline("call plan done IP-00001")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (1, "cskit: already held or dropped: IP-00001")


def test_a_call_in_holds_no_interview(hotline: Run) -> None:
    """A planned interview is a call out; another is refused whole."""
    worked(hotline("call plan add x --due 2026-10-20"))
    done = hotline("call add x --plan IP-00001")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["cskit: a planned interview is a call out", "say --direction out"]
    assert worked(hotline("call count")).strip() == "0"


def test_interviews_that_are_dropped(hotline: Run, stored: Stored) -> None:
    """What will not be held is no task any more, and its state is nobody's to set."""
    worked(hotline("call plan add x --due 2026-10-20"))
    worked(hotline("call plan drop IP-00001 --result 已搬走"))
    assert stored("call plan", "IP-00001")["state"] == "dropped"
    assert hotline("call plan set IP-00001 state=planned").exit_code == 5


# --- people ------------------------------------------------------------------------------------------------


def test_erasing_a_customer_takes_out_what_was_said(hotline: Run, stored: Stored) -> None:
    """Numbers, names and words go with the customer; times and results stay for the figures."""
    worked(hotline("call add 隐私 --number 13800000012 --talking 30 --note 密 --result settled"))
    worked(hotline("call visitor add 隐私 --name 王样例 --phone 13800000012"))
    worked(hotline("call plan add 隐私 --customer C-000002 --due 2026-11-01 --number 13800000012"))
    worked(hotline("customer close C-000002 --erase --yes"))
    call, visitor = stored("call", "CL-20261020-001"), stored("call visitor", "VS-20261020-001")
    assert (call["talking"], call["result"]) == (30, "settled")
    assert not {"number", "purpose", "note"} & call.keys()
    assert not {"name", "phone", "purpose"} & visitor.keys()
    plan = stored("call plan", "IP-00001")
    assert (plan["subject"], "number" in plan) == ("IP-00001", False)


def test_what_a_customer_did(hotline: Run) -> None:
    """The timeline has calls, visits and interviews; that of a case the calls about it."""
    worked(hotline("call add 投诉 --number 13800000012 --queue complaint"))
    worked(hotline("call visitor add 看房 --phone 13800000012"))
    worked(hotline("call plan add 访谈 --customer C-000002 --due 2026-11-01"))
    shown = worked(hotline("customer timeline C-000002 -o csv --fields what,id"))
    for line in (
        "Call (in): 投诉,CL-20261020-001",
        "Came to the front desk (first): 看房,VS-20261020-001",
        "Interview planned: 访谈,IP-00001",
    ):
        assert line in shown


def test_numbers_are_masked(hotline: Run) -> None:
    """Tables show nobody's number, and --reveal is noted."""
    worked(hotline("call add x --number 13900001234 --queue complaint"))
    assert "139****1234" in worked(hotline("call promises"))
    assert "13900001234" in worked(hotline("call promises --reveal"))
    assert json.loads(worked(hotline("log --limit 1 -o jsonl")))["revealed"]["calls"]["count"] == 1


def test_the_department_decides(hotline: Run, stored: Stored, tmp_path: Path) -> None:
    """Settings change a queue's hours and calendar: four of the office's from 17 o'clock on."""
    settings = tmp_path / "data" / "cskit.toml"
    settings.write_text(
        '[rules.call-queues.complaint]\ncall_back_hours = 4\ncalendar = "office"\n', encoding="utf-8"
    )
    settings.chmod(0o600)
    worked(hotline("call add x --queue complaint --at 2026-10-20T17:00"))
    assert stored("call", "CL-20261020-001")["promise_due"] == "2026-10-21T04:00:00Z"


def test_the_way_in(hotline: Run) -> None:
    """`call flow` says of each queue what its calls bring about, in both languages."""
    shown = worked(hotline("call flow -o csv --fields queue,when,what")).splitlines()
    assert "Complaints,taken,opens: complaint; call back within 24 h" in shown
    assert "Technical support,not settled,opens: enquiry; call back within 16 h (office)" in shown
    assert "投诉建议,已接听,登记投诉，24 小时内回电" in worked(hotline("call flow -o csv --lang zh"))
