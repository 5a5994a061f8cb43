"""Rows out of workbooks: what their cells mean, where the header is, and files that mean harm."""

# ruff: noqa: DTZ001 - a sheet knows no zone

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from cskit.errors import BadData, CskitError, NotFound, Problem
from cskit.intake import sheets
from cskit.intake.tabular import Row, Told, as_written, read_rows
from cskit.values import Faulty
from tests.core.intake.workbooks import HEADER, ROW, book, by_hand, lying

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DIGITS = "is a number of more than 15 digits, and a spreadsheet loses those; enter it as text"


def read(data: bytes, name: str = "a.xlsx", **options: Any) -> tuple[list[Row], list[Problem], list[str]]:
    """Return the rows of a workbook, what is wrong with others, and what was said."""
    problems: list[Problem] = []
    said: list[str] = []
    knows = options.pop("knows", None)
    told = Told(**options)
    rows = list(read_rows(data, name, problems=problems, told=told, knows=knows, notice=said.append))
    return rows, problems, said


# --- cells -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "form", "text"),
    [
        ("张三", None, "张三"),
        ("007", None, "007"),
        ("1e5", None, "1e5"),
        ("=1+1", None, "=1+1"),
        ("'x", None, "'x"),
        (" 全角１２３ ", None, " 全角１２３ "),
        ("two\nlines", None, "two\nlines"),
        (1.0, None, "1"),
        (13800000577.0, None, "13800000577"),
        (999999999999999, None, "999999999999999"),
        (-12, None, "-12"),
        (-0.0, None, "0"),
        (1234.5, '#,##0.00"元"', "1234.5"),
        (0.1 + 0.2, None, "0.3"),
        (19.99, "0.0", "19.99"),
        (1e-07, None, "0.0000001"),
        (1e14, None, "100000000000000"),
        (0.155, "0.0%", "0.155"),
        (True, None, "true"),
        (False, None, "false"),
        (date(2026, 11, 22), "yyyy-mm-dd", "2026-11-22"),
        (datetime(2026, 11, 22), "yyyy/m/d h:mm", "2026-11-22"),
        (datetime(2026, 11, 22, 16, 30, 5), "yyyy/m/d h:mm", "2026-11-22T16:30:05"),
        (datetime(2026, 11, 22, 23, 59, 59), "m月d日", "2026-11-22T23:59:59"),
        (0.5, "hh:mm", "12:00:00"),
        (1.5, "[h]:mm", "36:00:00"),
        (110101199001011237, None, Faulty("110101199001011200", DIGITS)),
        (1e15, None, Faulty("1000000000000000", DIGITS)),
        ("#N/A", None, Faulty("#N/A", "is an error in the sheet; mend the formula or enter the value")),
    ],
)
def test_cells(cell: Any, form: str | None, text: str | Faulty) -> None:
    """A cell is what the sheet shows, without the form of its number; what a sheet has lost is said."""
    data = book(("S", [["a", "b"], [cell, "x"]]), formats={(1, 0): form} if form else {})
    assert read(data)[0] == [Row(2, {"a": text, "b": "x"})]


def test_errors_are_found_in_the_sheet_that_is_read() -> None:
    """Errors stand where the sheet has them, on a sheet of any place and name."""
    data = book(
        ("一 & 二", [["a", "b"], ["x", "#REF!"]]),
        ("S", [[], [None, "a", "b"], [None, "#N/A", 1], [None, 2, 3]]),
    )
    assert read(data, sheet="S")[0][0].cells["a"] == Faulty(
        "#N/A", "is an error in the sheet; mend the formula or enter the value"
    )
    (row,) = read(data, sheet="一 & 二")[0]
    assert isinstance(row.cells["b"], Faulty)


# --- the header --------------------------------------------------------------------------------------------

TITLE = ["客户登记表", None, None]
DATA = ["K1", "甲", 1]


@pytest.mark.parametrize(
    ("rows", "line", "names"),
    [
        ([["key", "name", "n"], DATA], 1, ["key", "name", "n"]),
        ([TITLE, [], ["key", "name", "n"], DATA], 3, ["key", "name", "n"]),
        ([TITLE, ["制表：", "张三"], ["key", "name", "n"], DATA], 3, ["key", "name", "n"]),
        ([[], [], [None, "key", "name"], [None, "K1", "甲"]], 3, ["key", "name"]),
        ([["name"], ["甲"]], 1, ["name"]),
        ([["外部\n编号", "full\nname", " 客户\n 名称 "], DATA], 1, ["外部编号", "full name", "客户名称"]),
        ([["a", "b", None], ["1", "2", None]], 1, ["a", "b"]),
    ],
    ids=["first", "title", "known", "off-corner", "one-column", "broken-lines", "trailing"],
)
def test_the_header_is_found(rows: list[list[Any]], line: int, names: list[str]) -> None:
    """Titles, remarks and blank lines may stand above the column names; those that are fields' decide."""
    found = sheets.table(book(("S", rows)), "a.xlsx", knows={"key", "name", "n"}.__contains__)
    assert (found.line, found.names) == (line, names)
    assert len(found.rows) == len(rows) - line


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        (book(("S", [["a", "b"], ["1", "2"]])), {}, []),
        (
            book(("客户", [["表"], [], ["a", "b"], ["1", "2"]])),
            {},
            ["a.xlsx: sheet 客户, header in line 3, 1 row"],
        ),
        (
            book(("空", []), ("客户", [["a", "b"], ["1", "2"], ["3", "4"]]), ("订单", [["x", "y"]])),
            {},
            [
                "a.xlsx: sheet 客户, header in line 1, 2 rows",
                "a.xlsx: not read: 订单 (--sheet NAME reads another)",
            ],
        ),
        (book(("空", []), ("客户", [["a", "b"], ["1", "2"]]), ("订单", [["x"]])), {"sheet": "客户"}, []),
        (
            book(("空", []), ("客户", [["x", "y"], ["5", "6"]]), ("订单", [["a", "b"], ["1", "2"]])),
            {"sheet": "3"},
            [],
        ),
        (book(("S", [["a", "b"], ["1", "2"]]), ("隐", [["x"]]), hidden=["隐"]), {}, []),
    ],
    ids=["plain", "title", "several", "named", "numbered", "hidden"],
)
def test_what_was_decided_is_said(data: bytes, options: dict[str, str], said: list[str]) -> None:
    """Which sheet and which line is told where it could be another, not where it was named."""
    rows, problems, told = read(data, **options)
    assert rows[0].cells == {"a": "1", "b": "2"}
    assert (problems, told) == ([], said)


@pytest.mark.parametrize(
    ("last", "left_out"),
    [
        (["合 计", 7, None], True),
        (["Total:", None, 12.5], True),
        (["总计", "七", 7], False),
        (["合计", None, None], False),
        (["合计公司", 7, None], False),
    ],
    ids=["chinese", "english", "two-texts", "alone", "a-name"],
)
def test_a_last_row_of_totals_is_no_record(last: list[Any], left_out: bool) -> None:
    """Nothing but numbers beside the word for them: that is left out, and said."""
    data = book(("S", [["name", "a", "b"], ["甲", 7, 12.5], last]))
    rows, problems, told = read(data)
    assert [row.line for row in rows] == ([2] if left_out else [2, 3])
    assert problems == []
    assert told == (["a.xlsx: line 3 sums up the others, and is not read"] if left_out else [])
    assert len(read(book(("S", [["name", "a", "b"], last, ["甲", 7, 12.5]])))[0]) == 2


def test_rows_have_the_sheets_numbers() -> None:
    """Blank rows count, and are left out; so are those that hold nothing but blanks."""
    data = book(("S", [[], ["a", "b"], ["1", "2"], [], [" ", None], ["3", "4"], []]))
    assert [row.line for row in read(data)[0]] == [3, 6]


def test_cells_under_no_name_are_bad_rows() -> None:
    """What stands beside the table is no field's: the column is named as the sheet names it."""
    data = book(("S", [[None, "a", None, "b"], [None, "1", "x", "2"], [None, "3", None, "4", "!"]]))
    rows, problems, _said = read(data)
    assert rows == []
    assert problems == [
        Problem(2, "", "x", "column C has no name in the header"),
        Problem(3, "", "!", "column E has no name in the header"),
    ]


@pytest.mark.parametrize(
    ("data", "options", "error", "message", "hint"),
    [
        (
            book(("客户", [["a"]]), ("订单", [["b"]])),
            {"sheet": "x"},
            NotFound,
            "there is no sheet 'x' in a.xlsx",
            "it has 客户, 订单",
        ),
        (book(("S", [["a", "a"], ["1", "2"]])), {}, BadData, "a.xlsx: line 1 names 'a' more than once", None),
        (book(("S", [])), {}, BadData, "a.xlsx holds no rows", "name the sheet that does with --sheet"),
        (b"", {}, BadData, "a.xlsx is empty", "save the workbook again"),
        (b"a,b\n1,2\n", {}, BadData, "a.xlsx is no workbook, whatever its name says", None),
        (
            b"\xef\xbb\xbf<html><table>",
            {},
            BadData,
            "a.xlsx is a web page or XML, not a workbook, whatever its name says",
            "open it in a spreadsheet program and save it as .xlsx",
        ),
        (
            OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            {},
            BadData,
            "a.xlsx is locked with a password",
            "open it in a spreadsheet program and save it without a password",
        ),
        (
            OLD + b"\0" * 600,
            {},
            BadData,
            "a.xlsx is no workbook that can be read; it is damaged or of an unknown form",
            None,
        ),
        (
            book(("S", [["a"], ["1"]]))[:3000],
            {},
            BadData,
            "a.xlsx is no workbook that can be read; it is damaged or of an unknown form",
            None,
        ),
    ],
    ids=["sheet", "twice", "no-rows", "empty", "text", "page", "locked", "old-broken", "cut"],
)
def test_files_that_are_no_use(
    data: bytes, options: dict[str, str], error: type[CskitError], message: str, hint: str | None
) -> None:
    """What cannot be read says what it is, and what to do about it."""
    with pytest.raises(error) as caught:
        read(data, **options)
    assert caught.value.message == message
    assert caught.value.hint == hint if hint else caught.value.hint


def test_a_workbook_needs_no_name() -> None:
    """From a pipe, or under another name, its first bytes tell."""
    data = book(("S", [["a", "b"], ["1", "2"]]))
    assert read(data, "standard input")[0] == read(data, "rows")[0] == [Row(2, {"a": "1", "b": "2"})]
    with pytest.raises(BadData) as caught:
        read(data, "a.csv")
    assert caught.value.hint == "say --format xlsx"
    assert len(read(data, "a.csv", format="xlsx")[0]) == 1


def test_rows_as_they_were_written() -> None:
    """For a problems sheet the cells keep their types, and their places."""
    data = book(("S", [["a", "b"], [1.5, date(2026, 11, 22)], ["#N/A", None]]), formats={(1, 1): "yyyy-m-d"})
    assert as_written(data, "a.xlsx", Told()) == (
        ["a", "b"],
        {2: [1.5, {"date": "2026-11-22"}], 3: [{"error": "#N/A"}, ""]},
    )


# --- harm --------------------------------------------------------------------------------------------------

FORMATTED = '<row r="1048576" s="1"><c r="A1048576" s="1"/></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
TOO_MUCH = "a.xlsx takes more memory or time than a file of its size should"
BROKEN = "a.xlsx is no workbook that can be read; it is damaged or of an unknown form"
ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://localhost/x.dtd">'
WIDE = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'
SHARED = HEADER + "".join(
    f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 40_000)
)
BOMBS = {
    "spaces": lambda: by_hand([b"<worksheet><sheetData>", *[b" " * (1 << 20)] * 300]),
    "lying": lambda: lying(by_hand([b"<worksheet><sheetData>", *[b" " * (1 << 20)] * 100])),
    "far": lambda: by_hand(HEADER + FAR),
    "shared": lambda: by_hand(SHARED, strings="<si><t>" + "x" * 32_000 + "</t></si>"),
    "cells": lambda: by_hand(HEADER + "<row>" + "<c><v>1</v></c>" * 3_000_000 + "</row>"),
    "parts": lambda: by_hand(HEADER, parts={f"a/{number}": b"" for number in range(10_001)}),
    "entities": lambda: by_hand(HEADER + ROW, prolog=ENTITIES),
    "external": lambda: by_hand(HEADER + ROW, prolog=EXTERNAL),
    "utf-16": lambda: by_hand([WIDE.encode("utf-16")]),
}
SAID = {
    "spaces": "a.xlsx unpacks to more than 81 MB, too much for a file of its size",
    "lying": "a.xlsx unpacks to more than 69 MB, too much for a file of its size",
    "far": TOO_MUCH,
    "shared": TOO_MUCH,
    "cells": TOO_MUCH,
    "parts": "a.xlsx has more than 10000 parts",
    "entities": "a.xlsx holds document types or entities, which no spreadsheet program writes",
    "external": "a.xlsx holds document types or entities, which no spreadsheet program writes",
    "utf-16": BROKEN,
}
MEASURED = """
import json, resource, sys
from cskit.intake import sheets
from cskit.errors import BadData
try:
    sheets.table(open(sys.argv[1], "rb").read(), "a.xlsx")
except BadData as error:
    said = error.message
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
status = open("/proc/self/status").read()  # rusage would tell what the process that started this one took
own = int(status.split("VmHWM:")[1].split()[0])
print(json.dumps([said, max(own, used[1].ru_maxrss) >> 10, sum(one.ru_utime + one.ru_stime for one in used)]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name: str, tmp_path: Path) -> None:
    """A small file that would take gigabytes or minutes is refused within 200 MB and 2 s of CPU."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(BOMBS[name]())
    assert file.stat().st_size < 1 << 20
    command = [sys.executable, "-c", MEASURED, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, megabytes, seconds = json.loads(done.stdout)
    assert (said, done.stderr) == (SAID[name], "")
    assert megabytes < 200
    assert seconds < 2


def test_a_sheet_that_is_formatted_to_its_end() -> None:
    """A million formatted rows that hold nothing are no rows."""
    rows, problems, said = read(by_hand(HEADER + ROW + FORMATTED))
    assert (rows, problems, said) == ([Row(2, {"name": "x"})], [], [])


def test_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns, cells and the file itself have an upper end."""
    wide = book(("S", [[f"c{number}" for number in range(4097)]]))
    with pytest.raises(BadData, match=r"^a.xlsx: sheet S has 4097 columns; 4096 are the most that is read$"):
        read(wide)
    monkeypatch.setattr(sheets, "LONGEST_CELL", 100)
    with pytest.raises(BadData, match=r"^a.xlsx: line 2 holds a cell of more than 100 characters$"):
        read(book(("S", [["a", "b"], ["x", "y" * 101]])))
    monkeypatch.setattr(sheets, "LARGEST", 0)
    with pytest.raises(BadData, match=r"^a.xlsx is a workbook of more than 0 MB$"):
        read(wide)


def test_importing_is_light() -> None:
    """Nothing of a workbook's parser is in this process, and nothing is loaded before a workbook is read."""
    heavy = {"python_calamine", "xlsxwriter", "zipfile", "cskit.intake.sheetreader"}
    code = f"import sys, cskit.intake.tabular; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
