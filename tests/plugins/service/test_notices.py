"""Notices on their two ways: what each step leads to, and what is refused before something else was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cskit_service.notices.flow import FLOWS
from tests.plugins.service.conftest import Run, worked

Z1 = "--type Z1 --payment paid --demand chargeable --customer C-000001"
OWN = "SN-000001"
Stored = Callable[..., Any]


def added(service: Run, *steps: str, given: str = Z1) -> None:
    """Add one notice and take some steps with it."""
    worked(service(f"notice add 锁坏 {given} --start 2026-10-21 --end 2026-10-30"))
    for step in steps:
        verb, _space, rest = step.partition(" ")
        worked(service(f"notice {verb} {OWN} {rest}"))


def test_the_ways_are_sound() -> None:
    """Each status can be reached, each open one leads on, and no verb leads to two places."""
    assert [flow.faults() for flow in FLOWS.values()] == [[], []]


HEAD_OFFICE = ("site-survey --head-office", "approve --user S-002", "logistics", "reply --text 每套35元")
AGREED = (*HEAD_OFFICE, "quote --line 上门费=80 --line 换锁=2*35.505", "agree")
DONE = (*AGREED, "perform", "sign-off --by 王样例 --satisfaction 5")


def test_a_chargeable_notice_goes_all_the_way(service: Run, stored: Stored) -> None:
    """Head office, quotation, performance, sign-off, closing, invoice: each step leaves its mark."""
    added(service, *DONE, "close", "invoice")
    notice = stored("notice", OWN)
    assert (notice["status"], notice["system"], notice["outcome"]) == ("ZBHF", "completed", "solved")
    assert [step["what"] for step in notice["steps"]] == [
        *("add", "site-survey", "approve", "logistics", "reply", "quote", "agree", "perform", "sign-off"),
        *("close", "invoice"),
    ]
    assert [step.get("after") for step in notice["steps"]][:5] == ["TZJL", "KCJS", "ZGPZ", "ZGPZ", "ZBHF"]
    assert stored("service-order", "ZFFW-00001")["state"] == "agreed"
    invoice = stored("service-invoice", "ZFW-00001")
    assert (invoice["amount"], invoice["due"], invoice["entry"]) == (151.01, "2026-11-19", "FE-000001")
    ledger = stored("customer ledger", "FE-000001")
    assert (ledger["amount"], ledger["customer"]) == (151.01, "C-000001")
    assert stored("followup", "FU-000001")["about"] == OWN


def test_an_urgent_notice_is_done_on_the_spot(service: Run, stored: Stored) -> None:
    """Without a survey, from created to closed."""
    added(service, "process", "perform", "sign-off --by 王样例", "close", given=f"{Z1} --urgent")
    assert (stored("notice", OWN)["status"], stored("notice", OWN)["system"]) == ("TZJL", "completed")


def test_refused_then_surveyed_again(service: Run, stored: Stored) -> None:
    """A refusal leads back to the survey; a second survey forgets that the head office was asked for."""
    added(service, "site-survey --head-office", "refuse --reason 本地可修 --user S-002", "site-survey")
    assert stored("notice", OWN)["status"] == "KCJS"
    assert not stored("notice", OWN)["head_office"]
    for step in ("perform", "sign-off --by 王样例", "close"):
        worked(service(f"notice {step.partition(' ')[0]} {OWN} {step.partition(' ')[2]}"))
    assert stored("notice", OWN)["outcome"] == "solved"


def test_what_is_refused_can_be_closed_as_refused(service: Run, stored: Stored) -> None:
    """Nothing need be performed then."""
    added(service, "site-survey --head-office", "refuse --reason 不属保修 --user S-002", "close")
    assert (stored("notice", OWN)["outcome"], stored("notice", OWN)["status"]) == ("refused", "BPZ")


@pytest.mark.parametrize(
    ("verbs", "status", "outcome"),
    [
        ((), "TZJL", "solved"),
        (("reply --text 已补发",), "HFYY", "solved"),
        (("delivered --at 2026-10-22T10:00",), "DDKH", "solved"),
        (("return-to-maker --maker 样例椅业",), "THCS", "returned"),
        (
            ("logistics", "reply --text x", "delivered --at 2026-10-22", "return-to-maker --maker y"),
            "THCS",
            "returned",
        ),
    ],
    ids=["none", "replied", "delivered", "returned", "all"],
)
def test_each_step_before_payment_is_optional(
    service: Run, stored: Stored, verbs: tuple[str, ...], status: str, outcome: str
) -> None:
    """A Z2 notice takes any of its steps, or none, before it is closed."""
    added(service, *verbs, "close", given="--type Z2 --payment unpaid --demand complaint")
    assert (stored("notice", OWN)["status"], stored("notice", OWN)["outcome"]) == (status, outcome)


Z2 = "--type Z2 --demand complaint"
REFUSALS = {
    "not urgent, not surveyed": (Z1, (), "close", "it is not urgent, so it is surveyed first"),
    "perform before the survey": (Z1, (), "perform", "it is not urgent, so it is surveyed first"),
    "the surveyor approves": (
        Z1,
        ("site-survey --head-office",),
        "approve",
        "S-001 surveyed it and asked for it, so somebody else has to decide",
    ),
    "nothing to approve": (Z1, ("site-survey",), "approve --user S-002", "it does not need the head office"),
    "head office not decided": (Z1, ("site-survey --head-office",), "perform", "it needs the head office"),
    "reply before logistics": (Z1, HEAD_OFFICE[:2], "reply --text x", "it was not passed to logistics yet"),
    "payment state missing": (Z2, (), "logistics", "the sheet to logistics must say the payment state"),
    "a complaint is not quoted": (Z2, (), "quote --line x=1", "only chargeable service is quoted"),
    "nobody pays": (
        "--type Z1 --payment paid --demand chargeable",
        ("site-survey",),
        "quote --line x=1",
        "nobody is named who would pay",
    ),
    "nothing quoted": (Z1, ("site-survey",), "agree", "no quotation waits for an answer"),
    "quotation unanswered": (Z1, AGREED[:-1], "perform", "the customer has not agreed to ZFFW-00001 yet"),
    "closed with a quotation open": (
        Z1,
        AGREED[:-1],
        "close",
        "the customer has not answered ZFFW-00001 yet",
    ),
    "quoted again after the agreement": (
        Z1,
        AGREED,
        "quote --line x=1",
        "the customer has agreed to ZFFW-00001",
    ),
    "signed before performed": (Z1, AGREED, "sign-off --by x", "it has not been performed yet"),
    "closed before signed": (Z1, (*AGREED, "perform"), "close", "the customer has not signed it off yet"),
    "invoiced before signed": (Z1, (*AGREED, "perform"), "invoice", "the customer has not signed it off yet"),
    "invoiced without a quotation": (
        Z1,
        ("site-survey", "perform", "sign-off --by x"),
        "invoice",
        "there is no quotation that the customer agreed to",
    ),
    "invoiced twice": (Z1, (*DONE, "invoice"), "invoice", "ZFFW-00001 was invoiced as ZFW-00001"),
    "declined and performed": (
        Z1,
        (*AGREED[:-1], "decline --reason 太贵"),
        "perform",
        "the customer declined ZFFW-00001",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_has_to_come_first(service: Run, name: str) -> None:
    """A step that is too early is refused with why, its status, and what could be done."""
    given, steps, verb, why = REFUSALS[name]
    added(service, *steps, given=given)
    word, _space, rest = verb.partition(" ")
    done = service(f"notice {word} {OWN} {rest}")
    assert (done.exit_code, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first.startswith(f"cskit: notice {OWN}, {word}: {why}")
    assert second.startswith("its status is: ")


@pytest.mark.parametrize(
    ("given", "verb", "state", "ways"),
    [
        (Z1, "approve", "created", "site-survey, process, postpone, open-case"),
        (Z1, "delivered --at 2026-10-22", "created", "site-survey, process, postpone, open-case"),
        (Z2, "site-survey", "created", "reply, delivered, return-to-maker, parts, perform, close"),
    ],
    ids=["too early", "of the other type", "no survey before payment"],
)
def test_a_step_that_is_not_on_the_way(service: Run, given: str, verb: str, state: str, ways: str) -> None:
    """The refusal names the state and what is possible."""
    added(service, given=given)
    word, _space, rest = verb.partition(" ")
    done = service(f"notice {word} {OWN} {rest}")
    said = f"cskit: notice {OWN} is {state}, so it cannot be done: {word}\nit could take: {ways}"
    assert (done.exit_code, done.stderr.startswith(said)) == (1, True), done.stderr


def test_several_refuse_together(service: Run) -> None:
    """All that refuse are named, and none is changed."""
    added(service, "site-survey")
    worked(service("notice add 又坏 --type Z2"))
    worked(service("notice add 再坏 --type Z1 --payment paid"))
    done = service("notice site-survey SN-000001 SN-000002 SN-000003")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "2 notices refuse; nothing was saved" in done.stderr
    assert worked(service("notice count --where 'status == \"KCJS\"'")) == "1\n"


def test_postponed_until_a_day(service: Run, stored: Stored) -> None:
    """What is put off says until when, stands in what is due on that day only, and goes on with any step."""
    added(service, "postpone --until 2026-10-26 --reason 客户出差")
    notice = stored("notice", OWN)
    assert (notice["system"], notice["postponed_until"]) == ("postponed", "2026-10-26")
    assert OWN not in worked(service("today --until 2026-10-25"))
    assert "postponed to this day: 锁坏" in worked(service("today --until 2026-10-26"))
    worked(service(f"notice site-survey {OWN}", now="2026-10-26T09:00"))
    notice = stored("notice", OWN)
    assert (notice["system"], notice.get("postponed_until")) == ("in_process", None)
    done = service(f"notice postpone {OWN} --until 2026-10-20 --reason x", now="2026-10-26T09:00")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        2,
        "cskit: --until 2026-10-20 is not after today",
    )


def test_a_named_supervisor_decides_alone(service: Run, tmp_path: Any) -> None:
    """Where the department names somebody in the role, nobody else approves."""
    file = tmp_path / "data" / "rules" / "departments" / "service.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        'replaces = "service"\nlabel = { en = "Service", zh = "服务" }\n[roles]\nsupervisor = ["S-009"]\n',
        encoding="utf-8",
    )
    file.chmod(0o600)
    added(service, "site-survey --head-office")
    done = service(f"notice approve {OWN} --user S-002")
    assert (done.exit_code, "only a supervisor decides: S-009" in done.stderr) == (1, True)
    assert "decide whether the head office is asked: 锁坏" in worked(service("today --who S-009"))
    worked(service(f"notice approve {OWN} --user S-009"))


def test_a_visit_that_did_not_finish(service: Run, stored: Stored) -> None:
    """It is noted, and the service is still to be performed."""
    added(service, "site-survey", "perform --unfinished --text 缺配件 --staff S-008")
    notice = stored("notice", OWN)
    assert (notice.get("performed_on"), notice["performed_by"]) == (None, "S-008")
    assert service(f"notice sign-off {OWN} --by x").exit_code == 1


def test_what_is_done_anew_is_signed_off_anew(service: Run, stored: Stored) -> None:
    """A visit after the sign-off, or a new survey, leaves nothing signed."""
    added(service, "site-survey", "perform", "sign-off --by 王样例 --satisfaction 5", "perform --unfinished")
    notice = stored("notice", OWN)
    assert not {"performed_on", "signed_on", "signed_by", "satisfaction"} & {*notice}
    assert service(f"notice close {OWN}").exit_code == 1


def test_a_case_is_opened_once(service: Run, stored: Stored) -> None:
    """It knows the customer and the words; a second one is refused."""
    added(service, "open-case", given=f"{Z2} --customer C-000001 --phone 13700000001")
    case = stored("notice", OWN)["case"]
    held = stored("case", case)
    assert (held["content"], held["kind"], held["customer"], held["phone"]) == (
        *("锁坏", "complaint", "C-000001"),
        "13700000001",
    )
    done = service(f"notice open-case {OWN}")
    assert (done.exit_code, f"has a case already: {case}" in done.stderr) == (1, True)


def test_steps_stand_in_the_order_of_time(service: Run) -> None:
    """A step before the last one is refused."""
    added(service)
    done = service(f"notice process {OWN}", now="2026-10-19T09:00")
    assert (done.exit_code, "later than now" in done.stderr) == (1, True)


def test_a_dry_run_changes_nothing_and_undo_takes_all_back(service: Run, stored: Stored) -> None:
    """Closing and invoicing touch four tables; one undo each takes them back."""
    added(service, *DONE)
    before = stored("notice", OWN)
    worked(service(f"notice close {OWN} --dry-run"))
    assert stored("notice", OWN) == before
    worked(service(f"notice invoice {OWN}"))
    worked(service("undo --yes"))
    assert stored("notice", OWN) == before
    assert worked(service("service-invoice count")) == "0\n"
    assert worked(service("customer ledger count")) == "0\n"
    worked(service(f"notice invoice {OWN}"))
    assert worked(service("service-invoice list -o jsonl --fields id")) == '{"id":"ZFW-00002"}\n'


def test_flow_of_one_says_what_happened_and_what_is_possible(service: Run) -> None:
    """Done, possible, not yet with why; the trace of the code that decides."""
    added(service, "site-survey --head-office")
    lines = worked(service(f"notice flow {OWN} -o jsonl --fields state,what,text --user S-002")).splitlines()
    assert lines[:2] == ['{"state":"done","what":"add"}', '{"state":"done","what":"site-survey"}']
    assert '{"state":"possible","what":"approve"}' in lines
    why = "it needs the head office: the supervisor has to decide first"
    assert f'{{"state":"blocked","what":"perform","text":"{why}"}}' in lines


def test_the_table_and_the_diagram(service: Run) -> None:
    """The table has both types; the diagram leaves out what leads nowhere else."""
    assert "Z2      TZJL           created" in worked(service("notice flow"))
    drawn = worked(service("notice flow --type Z1 -o mermaid"))
    assert "KCJS --> BPZ: refuse" in drawn
    assert "TZJL --> TZJL" not in drawn
