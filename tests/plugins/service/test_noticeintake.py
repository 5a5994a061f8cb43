"""Notices as they come in: what contradicts itself, codes and titles, both codes for surveyed, references."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit_service.notices import intake
from tests.plugins.service.conftest import Run, worked

Stored = Callable[..., Any]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("--type Z1", "Z1 is for goods that are paid in full: payment must be paid, or type Z2"),
        (
            "--type Z1 --payment part",
            "Z1 is for goods that are paid in full: payment must be paid, or type Z2",
        ),
        ("--type Z2 --document DN-1", "a document number and the date of that document go together"),
        (
            "--type Z2 --document-date 2026-10-01",
            "a document number and the date of that document go together",
        ),
        ("--type Z2 --start 2026-10-02 --end 2026-10-01", "its expected end is before its required start"),
        ('--type Z2 --items \'{"product":"99"}\'', "there is no such code"),
        ('--type Z2 --items \'{"cause":"9"}\'', "there is no such code"),
        ('--type Z2 --items \'{"quantity":"0"}\'', "a quantity must be above zero"),
    ],
    ids=["unpaid", "paid in part", "document alone", "day alone", "order", "product", "cause", "quantity"],
)
def test_what_contradicts_itself_is_refused(service: Run, given: str, why: str) -> None:
    """Nothing is saved, and one line says why."""
    done = service(f"notice add 锁坏 {given}")
    assert (done.exit_code, done.stdout) == (5, "")
    assert why in done.stderr


def test_a_paid_notice_cannot_become_unpaid(service: Run) -> None:
    """Neither can it change its type once something was done."""
    worked(service("notice add 锁坏 --type Z1 --payment paid"))
    assert service("notice set SN-000001 payment=part").exit_code == 5
    worked(service("notice site-survey SN-000001"))
    assert service("notice set SN-000001 type=Z2").exit_code in (1, 5)
    assert "is kept by `notice process" in service("notice set SN-000001 status=ZBHF").stderr


@pytest.mark.parametrize("surveyed", ["KCJS", "KCWB"])
@pytest.mark.parametrize(
    "text", ["KCJS", "KCWB", "kcwb", "surveyed", "勘察结束", "KCWB 勘察结束", "KCJS surveyed"]
)
def test_both_codes_for_surveyed_are_read(text: str, surveyed: str) -> None:
    """Whatever a file says becomes the code that the department writes."""
    assert intake.status_code(text, surveyed) == surveyed


def test_the_code_written_is_a_setting(service: Run, stored: Stored, tmp_path: Path) -> None:
    """Imported, stepped and exported: all is the department's code, and conditions understand both."""
    settings = '[rules.service-policies.standard]\nsurveyed = "KCWB"\n'
    (tmp_path / "data" / "cskit.toml").write_text(settings, encoding="utf-8")
    rows = "description,type,payment,status,system\n一,Z1,paid,KCJS,in_process\n二,Z1,paid,KCWB,in_process\n"
    worked(service("notice import -", input=rows))
    worked(service("notice add 三 --type Z1 --payment paid"))
    worked(service("notice site-survey SN-000003"))
    assert [stored("notice", f"SN-00000{n}")["status"] for n in (1, 2, 3)] == ["KCWB"] * 3
    assert worked(service("notice count --where 'status == \"KCJS\"'")) == "3\n"
    assert "KCJS" not in worked(service("notice export -o csv --fields status"))
    worked(service("notice perform SN-000001"))


def test_records_come_back_as_they_went_out(service: Run, stored: Stored) -> None:
    """A workbook in Chinese with titles for codes is read as the same notices again."""
    worked(
        service(
            "notice add 锁坏 --type Z1 --payment paid --centre S4002 --business-area 1002 "
            """--items '{"product":"06-01","colour":"A","cause":"1","quantity":"2"}'"""
        )
    )
    worked(service("notice site-survey SN-000001"))
    before = stored("notice", "SN-000001")
    for form in ("csv", "jsonl"):
        text = worked(service(f"notice export -o {form} --lang zh"))
        done = service("notice import -", input=text)
        assert (done.exit_code, "0 changed, 1 unchanged" in done.stderr) == (0, True), done.stderr
    assert stored("notice", "SN-000001") == before


def test_titles_stand_for_codes(service: Run, stored: Stored) -> None:
    """A centre and a product may be named by their titles in either language."""
    given = (
        """--centre '分公司服务中心' --items '{"product":"带锁活动柜","colour":"Oak","cause":"使用损坏"}'"""
    )
    worked(service(f"notice add 锁坏 --type Z2 {given}"))
    notice = stored("notice", "SN-000001")
    item = notice["items"][0]
    assert (notice["centre"], item["product"], item["colour"], item["cause"]) == ("S4002", "06-01", "A", "1")


def test_a_reference_is_copied(service: Run, stored: Stored) -> None:
    """Customer, address, organisation and goods come from the earlier notice; what is given wins."""
    worked(
        service(
            "notice add 锁坏 --type Z2 --customer KH7 --address 样例路9号 --centre S4002 --staff S-008 "
            """--document DN-1 --document-date 2026-09-01 --items '{"product":"06"}'"""
        )
    )
    worked(service("notice add 又坏 --type Z1 --payment paid --reference SN-000001 --staff S-003"))
    made = stored("notice", "SN-000002")
    assert (made["customer"], made["address"], made["centre"]) == ("C-000001", "样例路9号", "S4002")
    assert (made["staff"], made["document"], made["items"][0]["product"]) == ("S-003", "DN-1", "06")
    assert service("notice remove SN-000001 --yes").exit_code == 4


def test_defaults(service: Run, stored: Stored) -> None:
    """The notice's day is today, the sold-to party the ship-to party."""
    worked(service("notice add 锁坏 --type Z2 --customer KH7"))
    notice = stored("notice", "SN-000001")
    assert (notice["date"], notice["sold_to"]) == ("2026-10-20", "C-000001")
    assert (notice["status"], notice["system"]) == ("TZJL", "outstanding")
