"""Shifts handed over: gathered, signed by two, then as they are; printed, erased with the customer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.calls.conftest import Run, worked

Stored = Callable[..., Any]
GIVEN = "call handover --shift early --on 2026-10-20"
AT = "2026-10-20T14:00"


@pytest.fixture
def given(hotline: Run) -> Run:
    """Return a `run` for a hotline whose early shift was handed over by S-001, with a case and a promise."""
    call = "call add 投诉配送迟到 --number 13800000012 --queue complaint --user A1"
    worked(hotline(call, now="2026-10-20T09:30"))
    worked(hotline(f"{GIVEN} --note 打印机缺纸 --user S-001", now=AT))
    return hotline


def test_what_is_open_is_gathered(given: Run, stored: Stored) -> None:
    """The promise, the case that a call of the shift opened, and the note are there, with what is due."""
    one = stored("call logbook", "HO-00001")
    assert [item["id"] for item in one["promises"]] == ["CL-20261020-001"]
    assert {item["id"] for item in one["cases"]} == {"CP-20261020-001"}
    assert all("投诉配送迟到" in item["text"] for item in one["cases"])
    assert (one["notes"], one["giver"], one["state"]) == (["打印机缺纸"], "S-001", "given")


def test_a_shift_is_handed_over_once(given: Run) -> None:
    """A second hand-over of the same shift is a conflict; what is to be added says how."""
    done = given(GIVEN, now=AT)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr == (
        "cskit: early of 2026-10-20 is handed over already: HO-00001\n"
        "`cskit call logbook set HO-00001 notes+=TEXT` adds to it until it is taken\n"
    )
    worked(given("call logbook set HO-00001 notes+=又缺墨"))


def test_nobody_takes_from_themselves(given: Run) -> None:
    """Who gave cannot take."""
    done = given("call takeover HO-00001 --user S-001")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: S-001 handed HO-00001 over and cannot take it as well\na second person has to sign\n"
    )


def test_signed_by_both_nothing_changes_it(given: Run, stored: Stored) -> None:
    """After the taker signed, no change and no second signature is taken; undoing the signature is."""
    due = json.loads(worked(given("today -o json", now=AT)))
    assert [one["do"] for one in due if one["about"] == "call logbook"] == ["call takeover HO-00001"]
    worked(given("call takeover HO-00001 --answer 知悉 --user S-002"))
    for line in ("call logbook set HO-00001 notes+=x", "call takeover HO-00001 --user S-003"):
        done = given(line)
        assert (done.exit_code, done.stdout) == (1, "")
    assert stored("call logbook", "HO-00001")["answer"] == "知悉"
    worked(given("undo --yes --user S-002"))
    assert stored("call logbook", "HO-00001")["state"] == "given"


def test_who_is_named_takes_it(hotline: Run) -> None:
    """Handed over to somebody, nobody else takes it."""
    worked(hotline(f"{GIVEN} --to A2 --user S-001", now=AT))
    done = hotline("call takeover HO-00001 --user S-009")
    assert (done.exit_code, done.stderr) == (1, "cskit: HO-00001 is handed over to S-002, not to S-009\n")
    worked(hotline("call takeover HO-00001 --user S-002"))


def test_which_shift_is_meant(hotline: Run, stored: Stored) -> None:
    """Without a day it is the one that began last, a night of the day before; a shift has to be one."""
    worked(hotline("call handover --shift 夜班 --user S-001", now="2026-10-20T05:50"))
    assert stored("call logbook", "HO-00001")["on"] == "2026-10-19"
    done = hotline("call handover --shift x")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (3, "cskit: no pattern has a shift 'x'")


def test_it_is_printed(given: Run, tmp_path: Path) -> None:
    """On paper stand names, what is open, the notes, and lines to sign on."""
    worked(given(f"call logbook show HO-00001 -o html --out {tmp_path}/x.html"))
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    for text in (
        "Shift hand-over",
        "林晓 2026-10-20 14:00",
        "打印机缺纸",
        "CP-20261020-001",
        "Taken over by",
    ):
        assert text in page


def test_words_of_erased_customers_go(given: Run, stored: Stored) -> None:
    """What a customer said goes from a hand-over as well, also from one that both signed."""
    worked(given("call takeover HO-00001 --user S-002"))
    worked(given("customer close C-000002 --erase --yes"))
    one = stored("call logbook", "HO-00001")
    assert {item["text"] for item in (*one["cases"], *one["promises"])} == {"-"}
    assert one["notes"] == ["打印机缺纸"]
