"""The query, the work plan, the sheets on paper and the mail of notices."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit import Usage
from cskit.testing import department
from cskit_service.notices import mail
from tests.plugins.service.conftest import LINES, NOW, Run, worked

Stored = Callable[..., Any]
ITEM = """--items '{"product":"06-01","colour":"A","material":"100056","cause":"1"}'"""
NOTICES = (
    f"notice add 锁坏 --type Z1 --payment paid --demand chargeable --customer KH7 --start 2026-10-21 "
    f"--end 2026-10-30 --centre S4002 --staff S-008 --address 样例路9号 --text '钥匙断在锁芯内' {ITEM}",
    "notice add 桌脚松动 --type Z1 --payment paid --demand complaint --customer C-000002 --urgent "
    "--start 2026-10-21 --centre S4002 --staff S-008",
    "notice add 少发 --type Z2 --demand complaint --customer C-000002 --start 2026-10-12 --centre F011",
    "notice add 早已结 --type Z2 --customer KH7 --date 2026-09-30",
    "notice close SN-000004",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a `run` on four notices; nothing here changes them."""
    run = department(tmp_path_factory.mktemp("lists") / "data")
    for line in (*LINES, *NOTICES):
        worked(run(f"{line} --now {NOW} --user S-001"))

    def at(line: str, **settings: Any) -> Any:
        when = "" if "--now" in line else f" --now {NOW}"
        return run(f"{line}{when} --user S-001", **settings)

    return at


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "1234"),
        ("--system completed", "4"),
        ("--system outstanding --system in_process --type Z1", "12"),
        ("--status TZJL --centre F011", "3"),
        ("--status 通知建立 --staff S-008", "12"),
        ("--from 2026-10-01 --to 2026-10-31", "123"),
        ("--to 2026-09-30", "4"),
        ("--from-number SN-000002 --to-number SN-000003", "23"),
        ("--centre '分公司服务中心'", "12"),
    ],
)
def test_the_query(desk: Run, asked: str, found: str) -> None:
    """By state, number, type, day, centre and person; both ends count."""
    lines = worked(desk(f"notice query {asked} -o jsonl --fields id")).splitlines()
    assert [line[-3] for line in lines] == list(found)


def test_the_object_s_address_wins(desk: Run) -> None:
    """Where the notice has none, it is the customer's; masked but for --reveal."""
    shown = worked(desk("notice query --type Z1 -o jsonl --fields id,address --reveal")).splitlines()
    assert shown == ['{"id":"SN-000001","address":"样例路9号"}', '{"id":"SN-000002","address":"样例路2号"}']
    assert "样例路" not in worked(desk("notice query -o jsonl --fields id,address"))
    done = desk("notice query --fields adress")
    assert (done.exit_code, "did you mean address?" in done.stderr) == (2, True)


def test_the_work_plan(desk: Run) -> None:
    """By person and day, urgent first; what is late is on the first day; nobody's come last."""
    shown = worked(
        desk("notice plan --from 2026-10-20 --to 2026-10-23 -o jsonl --fields staff,day,id,urgent,late")
    )
    assert shown.splitlines() == [
        '{"staff":"S-008","day":"2026-10-21","id":"SN-000002","urgent":true}',
        '{"staff":"S-008","day":"2026-10-21","id":"SN-000001"}',
        '{"day":"2026-10-20","id":"SN-000003","late":8}',
    ]
    assert "SN-000001" not in worked(desk("notice plan --to 2026-10-20"))
    assert "SN-000003" not in worked(desk("notice plan --centre S4002"))
    done = desk("notice plan --from 2026-10-20 --to 2026-10-19")
    assert (done.exit_code, done.stderr) == (2, "cskit: --to 2026-10-19 is before --from 2026-10-20\n")


def test_the_printed_plan(desk: Run, tmp_path: Path) -> None:
    """A sheet for each person, addresses masked, a box for what is done."""
    worked(desk(f"notice plan --lang zh --out {tmp_path}/plan.html"))
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert page.count("<h1>责任中心服务工作计划表</h1>") == 2
    assert "2026-10-21" in page
    assert "样例路" not in page
    assert "13800000588" not in page


def test_the_service_sheet(desk: Run) -> None:
    """It says what is wrong with which goods, and has room for what is done on the spot."""
    sheet = worked(desk("notice print SN-000001 --lang zh"))
    for said in (
        "# 家具服务单",
        "晨屿样例家居有限公司",
        "06-01 带锁活动柜",
        "1 使用损坏",
        "钥匙断在锁芯内",
        "客户验收",
    ):
        assert said in sheet
    assert "样例路9号" not in sheet
    assert "样例路9号" in worked(desk("notice print SN-000001 --lang zh --reveal"))


def test_the_complaint_sheet_says_the_payment_state(desk: Run) -> None:
    """It goes to logistics, so without that state there is none."""
    assert "# Complaint sheet (urgent)" in worked(desk("notice print SN-000002"))
    done = desk("notice print SN-000003")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "notice SN-000003: a complaint sheet must say the payment state" in done.stderr
    assert "# Contact sheet" in worked(desk("notice print SN-000003 --form contact"))


def opened(done: Any) -> Any:
    """Return a mail as a mail program reads it."""
    return email.message_from_bytes(worked(done).encode(), policy=email.policy.default)


def test_an_urgent_notice_as_a_mail(desk: Run) -> None:
    """It is marked urgent three ways, opens as a draft, and holds the sheet as text and as HTML."""
    letter = opened(
        desk(
            "notice send SN-000002 --to-address a@example.com --cc-address b@example.com --lang zh "
            "--text 请速办"
        )
    )
    assert (letter["To"], letter["Cc"], letter["X-Unsent"]) == ("a@example.com", "b@example.com", "1")
    assert letter["Subject"] == "【紧急】服务通知单 SN-000002：桌脚松动"
    assert (letter["Importance"], letter["Priority"], letter["X-Priority"]) == ("high", "urgent", "1")
    assert letter["Date"] == "Tue, 20 Oct 2026 02:00:00 +0000"
    text = letter.get_body(("plain",)).get_content()
    assert text.startswith("请速办")
    assert "客诉单" in text
    assert "客诉单" in letter.get_body(("html",)).get_content()
    assert "13800000588" not in text


def test_what_is_not_urgent_is_not_marked(desk: Run, tmp_path: Path) -> None:
    """Lines end with CRLF, as mails do."""
    out = tmp_path / "notice.eml"
    worked(desk(f"notice send SN-000001 --to-address a@example.com --out {out}"))
    raw = out.read_bytes()
    assert b"Importance" not in raw
    assert raw.count(b"\n") == raw.count(b"\r\n") > 20


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "A <a@example.com>",
        "a@b@example.com",
        "a",
        "@example.com",
        "a@",
        "甲@example.com",
        "a@example.com\x00",
        "a" * 250 + "@example.com",
    ],
)
def test_no_address_adds_a_line(address: str) -> None:
    """Nothing but one plain address is taken."""
    with pytest.raises(Usage, match="is no mail address"):
        mail.address(address)


def test_no_subject_adds_a_header(desk: Run) -> None:
    """A line's end in a subject or a description is a space, whatever follows it."""
    letter = opened(desk("notice send SN-000001 --to-address a@x.example --subject 'x\r\nBcc: b@x.example'"))
    assert letter["Bcc"] is None
    assert "Bcc: b@x.example" in letter["Subject"]
