"""A case as a sheet of paper: all of it, escaped, with personal data masked, in the reader's language."""

from __future__ import annotations

import re

from tests.plugins.complaints.conftest import Desk

ONE = "CP-20261123-001"


def test_a_sheet_to_sign(desk: Desk) -> None:
    """What came in, how it was handled, its course, promises, money and the crisis."""
    for line in (
        "case add '<b>电梯</b> & 困人' --category 电梯 --people 12 --complainant 林小满 --phone 13812340577",
        f"case assign {ONE} --to repair --handler S-002",
        f"case promise {ONE} --due 4h --text 今天回电",
        f"case compensate {ONE} --amount 99.50 --reason 误工",
        f"case crisis {ONE} --done facts",
    ):
        assert desk(line).exit_code == 0, line
    done = desk(f"case show {ONE} -o html", lang="zh")
    assert (done.exit_code, done.stderr) == (0, "")
    page = done.stdout
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    for said in (
        f"客户受理单（投诉） 编号：{ONE}",
        "&lt;b&gt;电梯&lt;/b&gt; &amp; 困人",
        "138****0577",
        "责任部门 维修部",
        "承诺内容 承诺时间",
        "99.50 误工",
        "书面核实事实经过 S-001 2026-11-23 10:00",
        "受理人： 处理人： 审核： 日期：",
    ):
        assert said in " ".join(text.split()), said
    assert "林小满" not in page
    assert "<script" not in page
    assert "size: A4" in page
    assert "林小满" in desk(f"case show {ONE} -o html --reveal").stdout


def test_several_sheets(desk: Desk) -> None:
    """Each case begins a page of its own; a file is named by its ending, and other nouns print none."""
    for text in ("漏水", "停电"):
        desk(f"case add {text}")
    page = desk(f"case show {ONE} CP-20261123-002 -o html").stdout
    assert (page.count("<h1>"), page.count("break-before: page")) == (2, 1)
    assert desk("customer show C-000001 -o html").exit_code == 2
