"""Workbooks through the commands: what export writes comes back by import, in both languages, unchanged."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import sys
import types
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cskit import RecordType
from cskit.records import Part, Record, field
from cskit.testing import department
from cskit.values import encode_json
from tests.core.intake.workbooks import book

# --- every kind of field -----------------------------------------------------------------------------------


class Place(Part, kw_only=True, frozen=True):
    """A group of fields."""

    city: Annotated[str, field("City", "城市")] | None = None
    floor: Annotated[int, field("Floor", "楼层")] | None = None


class Thing(Record, kw_only=True, frozen=True):
    """One field of every kind."""

    text: Annotated[str, field("Text", "文本")]
    number: Annotated[int, field("Number", "数")] | None = None
    amount: Annotated[Decimal, field("Amount", "金额")] | None = None
    paid: Annotated[bool, field("Paid", "已付")] | None = None
    day: Annotated[date, field("Day", "日期")] | None = None
    moment: Annotated[datetime, field("Moment", "时间")] | None = None
    kind: (
        Annotated[
            Literal["a", "b", "c", "d"],
            field("Kind", "种类", choices={"a": "甲", "b": "乙", "c": "同", "d": "同"}),
        ]
        | None
    ) = None
    tags: Annotated[list[str], field("Tags", "标签")] = []  # noqa: RUF012 - msgspec gives each its own
    marks: Annotated[list[Literal["x", "y"]], field("Marks", "记号", choices={"x": "某", "y": "另"})] = []  # noqa: RUF012 - the same
    custom: Annotated[dict[str, str], field("Custom", "自定义")] = {}  # noqa: RUF012 - the same
    place: Annotated[Place, field("Place", "地点")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
    remark: Annotated[str, field("Remark", "备注")] | None = None


TEXTS = st.sampled_from(
    [
        "=1+1",
        "'x",
        "''=x",
        "1e5",
        "007",
        "-5",
        "+86 138",
        "@x",
        "＝x",
        "a\nb",
        "a\r\nb",
        "👩‍👩‍👧‍👦",
        "_x000D_",
        "是",
        "甲",
        "#N/A",
        "true",
    ]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\0"), max_size=12)
TRIMMED = TEXTS.map(str.strip).filter(bool)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=4)
MOMENTS = st.datetimes(datetime(1900, 3, 2), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC
THINGS = st.fixed_dictionaries(
    {"text": TRIMMED},
    optional={
        "number": st.integers(-(10**17), 10**17),
        "amount": NUMBERS | st.sampled_from([Decimal("0.10"), Decimal("1E+3"), Decimal("0.1234567890123")]),
        "paid": st.booleans(),
        "day": st.dates(),
        "moment": MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
        "kind": st.sampled_from("abcd"),
        "tags": st.lists(TEXTS, max_size=3),
        "marks": st.lists(st.sampled_from("xy"), max_size=2),
        "custom": st.dictionaries(TEXTS, TEXTS, max_size=2),
        "place": st.fixed_dictionaries({"city": TRIMMED, "floor": st.integers(0, 99)}),
        "note": TRIMMED,
        "remark": TRIMMED,
    },
)
HARD: list[dict[str, Any]] = [
    {"text": "=1+1", "number": 10**15, "amount": Decimal("99999999999999.9999"), "kind": "a", "paid": True},
    {"text": "'=x", "number": 10**15 - 1, "amount": Decimal("0.1234567890123"), "kind": "c", "paid": False},
    {"text": "_x000D_", "day": date(1900, 2, 28), "moment": datetime(1991, 9, 14, 17, 30, tzinfo=UTC)},
    {"text": "007", "day": date(2026, 11, 22), "moment": datetime(2026, 11, 21, 16, 0, tzinfo=UTC)},
    {"text": "#N/A", "tags": ["a;b", "=x", "[y]"], "marks": ["x", "y"], "custom": {"=k": "", "l": "\n"}},
    {"text": "true", "place": {"city": "'+1", "floor": 3}, "note": "1e5", "remark": "备注"},
]
NUMBERED = itertools.count(1)


@pytest.fixture
def things(tmp_path: Path, plugin: Callable[..., types.ModuleType], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes an office with things in it."""
    monkeypatch.setitem(sys.modules, "crud_things", sys.modules[Thing.__module__])
    kind = RecordType(
        command="thing",
        table="things",
        model="crud_things:Thing",
        number="T-{:03d}",
        singular="thing",
        plural="things",
        zh="东西",
        title="text",
        columns=("id", "text"),
    )
    installed = {"things": plugin(record_types=lambda: [kind])}

    def make(rows: list[dict[str, Any]]) -> Any:
        office = department(tmp_path / str(next(NUMBERED)), plugins=installed)
        lines = b"".join(encode_json(row).encode() + b"\n" for row in rows)
        done = office("thing import - --format jsonl", input=lines)
        assert done.exit_code == 0, done.stderr
        return office

    return make


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(THINGS, min_size=1, max_size=5))
@example(rows=HARD)
def test_what_is_exported_comes_back(
    things: Any, tmp_path: Path, language: str, rows: list[dict[str, Any]]
) -> None:
    """Every kind of field, and any text, in every form and language: nothing new, nothing changed."""
    office = things(rows)
    for form in ("xlsx", "csv", "tsv", "jsonl"):
        file = str(tmp_path / f"out.{form}")
        done = office(["thing", "export", "--out", file], lang=language)
        assert done.exit_code == 0, done.stderr
        done = office(["thing", "import", file, "-o", "json"], lang=language)
        assert (done.exit_code, done.stdout) == (
            0,
            f'[\n  {{"new":0,"changed":0,"unchanged":{len(rows)}}}\n]\n',
        ), (form, done.stderr)


# --- in ----------------------------------------------------------------------------------------------------


def write(name: str, *rows: list[Any], **options: Any) -> None:
    """Write a workbook of one sheet, called 客户."""
    Path(name).write_bytes(book(("客户", rows), **options))


def test_a_workbook_as_offices_write_them(office):
    """A title above the table, broken headings, numbers for telephones, choices and dates by their titles."""
    write(
        "客户.xlsx",
        ["客户登记表", None, None, None],
        [],
        ["外部\n编号", "客户名称", "客户类型", "电话", "成立日期", "业务潜在量", "使用竞品"],
        ["KH1", " 海风贸易 ", "法人", 13800000577, date(2001, 2, 3), 1234.5, "是"],
        [None, None],
        ["KH2", "林小满", "自然人", "１３９", "2001年2月3日", "1,234.50", "否"],
    )
    assert office("customer import 客户.xlsx") == (
        0,
        "",
        "客户.xlsx: sheet 客户, header in line 3, 2 rows\n"
        "customers: 2 new, 0 changed, 0 unchanged; saved as 1 (`cskit undo` takes it back)\n",
    )
    fields = "key,name,kind,phone,founded,potential_volume,uses_competitor"
    listed = office(f"customer list --reveal -o jsonl --fields {fields}")
    assert [json.loads(line) for line in listed.stdout.splitlines()] == [
        {
            "key": "KH1",
            "name": "海风贸易",
            "kind": "company",
            "phone": "13800000577",
            "founded": "2001-02-03",
            "potential_volume": 1234.5,
            "uses_competitor": True,
        },
        {
            "key": "KH2",
            "name": "林小满",
            "kind": "person",
            "phone": "１３９",
            "founded": "2001-02-03",
            "potential_volume": 1234.50,
            "uses_competitor": False,
        },
    ]


def test_bad_cells_name_the_sheets_lines(office):
    """Lines are the sheet's, columns its titles; a column that is left out may hold anything."""
    write(
        "c.xlsx",
        ["name", "postcode", "potential_volume", "founded", "junk"],
        ["甲", 110101199001011237, "#N/A", "soon", "#REF!"],
        ["", "1", 1, date(2026, 1, 1), 1e15],
    )
    assert office("customer import c.xlsx --map junk=") == (
        5,
        "",
        "line 2, postcode: '110101199001011200': is a number of more than 15 digits, and a spreadsheet loses "
        "those; enter it as text\n"
        "line 2, potential_volume: '#N/A': is an error in the sheet; mend the formula or enter the value\n"
        "line 2, founded: 'soon': expected a date such as 2026-11-22\n"
        "line 3, name: is required\n"
        "cskit: 2 bad rows in c.xlsx; nothing was saved\n",
    )


def test_revisions_under_their_titles(register):
    """The column of revisions is known by its title in either language, and guards what it guards."""
    for language, title in (("en", "Revision"), ("zh", "版本")):
        register("-q customer export --out c.xlsx --fields id,name,region,rev", lang=language)
        rows = read("c.xlsx")
        assert rows[0][3] == title
        rows[1][2] = "西北" + language
        write("c.xlsx", *rows)
        assert register("customer import c.xlsx -o json").stdout == (
            '[\n  {"new":0,"changed":1,"unchanged":2}\n]\n'
        )
    rows[1][2] = "东北"
    write("c.xlsx", *rows)
    done = register("customer import c.xlsx")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        4,
        "line 2: 'C-000001': was changed since this file was exported",
    )


def read(name: str) -> list[list[Any]]:
    """Return the cells of a workbook's first sheet."""
    return list(CalamineWorkbook.from_path(name).get_sheet_by_index(0).iter_rows())


# --- out ---------------------------------------------------------------------------------------------------


def test_a_workbook_in_the_users_language(register):
    """Titles, choices and the sheet are in the user's language; in English choices are their codes."""
    register("-q customer list --fields id,name,kind,fan --out zh.xlsx", lang="zh")
    register("-q customer list --fields id,name,kind,fan --out en.xlsx")
    assert read("zh.xlsx")[:2] == [
        ["编号", "客户名称", "客户类型", "粉丝客户"],
        ["C-000001", "海风贸易", "法人", "否"],
    ]
    assert read("en.xlsx")[:2] == [["ID", "Name", "Kind", "Fan"], ["C-000001", "海风贸易", "company", "no"]]
    names = [CalamineWorkbook.from_path(name).sheet_names for name in ("zh.xlsx", "en.xlsx")]
    assert names == [["客户"], ["customers"]]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("customer count --by kind", ["Kind", "Count"]),
        ("log", ["Entry", "Time"]),
        ("customer show C-000001", ["ID", "External key"]),
        ("customer count", ["Count"]),
    ],
    ids=["count", "log", "show", "figure"],
)
def test_every_result_can_be_a_workbook(register, line, first):
    """Whatever writes rows writes workbooks."""
    assert register(f"{line} --out c.xlsx").exit_code == 0
    assert read("c.xlsx")[0][: len(first)] == first


def test_a_workbook_through_a_pipe(register, monkeypatch):
    """To a pipe a workbook goes as it is; a terminal is not for it, and is told before anything is done."""
    from cskit import testing

    caught: list[bytes] = []
    text = testing._text
    monkeypatch.setattr(testing, "_text", lambda stream: caught.append(stream.buffer.getvalue()) or "")
    assert register("customer export -o xlsx").exit_code == 0
    assert caught[0].startswith(b"PK\x03\x04")
    monkeypatch.setattr(testing, "_text", text)
    done = register("customer import - -o json", input=caught[0])
    assert done.stdout == '[\n  {"new":0,"changed":0,"unchanged":3}\n]\n'

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    assert register("customer add 甲 -o xlsx --no-color") == (
        2,
        "",
        "cskit: a workbook cannot be shown on a terminal\nsay --out FILE.xlsx\n",
    )


def test_too_long_for_a_cell(register):
    """A text that no cell holds ends the export; the file that was there stays."""
    Path("c.xlsx").write_bytes(b"old")
    register(["customer", "set", "C-000002", "note=" + "x" * 32_768])
    done = register("customer export --out c.xlsx")
    assert (done.exit_code, done.stderr) == (
        5,
        "cskit: C-000002: Note holds more than 32767 characters, which is all that a cell takes\n"
        "leave the field out with --fields, or export as csv or jsonl\n",
    )
    assert Path("c.xlsx").read_bytes() == b"old"
    assert sorted(path.name for path in Path().iterdir()) == ["c.xlsx", "data"]


@pytest.mark.parametrize(
    ("options", "data"),
    [
        ("-o csv --fields id,kind", b"id,kind\nC-000001,company\n"),
        ("-o csv --fields id,kind --headings titles", "编号,客户类型\nC-000001,company\n".encode()),
        (
            "-o tsv --fields id,name --headings titles --encoding gb18030",
            "编号\t客户名称\nC-000001\t海风贸易\n".encode("gb18030"),
        ),
        ("--out c.csv --fields id", b"\xef\xbb\xbfid\nC-000001\n"),
        ("--out c.tsv --fields id", b"\xef\xbb\xbfid\nC-000001\n"),
        ("--out c.csv --fields name --encoding gb18030", "name\n海风贸易\n".encode("gb18030")),
        ("--out c.csv --fields name --encoding utf-16", "name\n海风贸易\n".encode("utf-16")),
        (
            "--out c.md --fields id,kind",
            "| 编号     | 客户类型   |\n|:---------|:-----------|\n| C-000001 | 法人       |\n".encode(),
        ),
    ],
)
def test_texts(register, monkeypatch, options, data):
    """csv and tsv have names and codes, titles where asked; files the mark Excel needs, or an encoding."""
    from cskit import testing

    monkeypatch.setattr(testing, "_text", lambda stream: stream.flush() or stream.buffer.getvalue())
    done = register(f"-q customer export C-000001 {options}", lang="zh")
    assert (done.exit_code, done.stderr) == (0, b"")
    files = [path.read_bytes() for path in Path().glob("c.*")]
    assert (files[0] if files else done.stdout) == data


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            "--out c.csv --encoding gbk",
            "C-000004: Name holds '😀', which gbk does not have\nuse --encoding gb18030 or utf-8",
        ),
        (
            "-o csv --encoding klingon",
            "there is no text encoding 'klingon'\nuse utf-8, gb18030, big5, utf-16 …",
        ),
        (
            "--encoding gbk",
            "--encoding is for csv and tsv; jsonl is always UTF-8\nleave it out, or say -o csv",
        ),
        (
            "-o json --headings titles",
            "--headings is for csv, tsv and xlsx, not for json\nleave it out, or say -o csv",
        ),
    ],
    ids=["letter", "unknown", "jsonl", "headings"],
)
def test_texts_that_cannot_be(register, options, said):
    """A character that an encoding lacks is named with its record and field; what has no use is refused."""
    register("customer add 笑😀")
    done = register(f"customer export {options}")
    assert (done.exit_code, done.stderr) == (5 if "😀" in said else 2, f"cskit: {said}\n")


def test_headings_that_would_be_misread_are_names(things, tmp_path):
    """Two fields of one title, and a part of a map, go under their names, or no import could tell them."""
    office = things([{"text": "x", "note": "a", "remark": "b", "custom": {"k": "v"}}])
    fields = "text,note,remark,custom.k,custom"
    done = office(f"thing export -o csv --headings titles --fields {fields}", lang="zh")
    assert done.stdout == '文本,备注,remark,custom.k,自定义\nx,a,b,v,"{""k"":""v""}"\n'


# --- the problems sheet ------------------------------------------------------------------------------------

BAD = """客户名称,客户类型,成立日期,备注
甲,法人,2026-01-01,好
乙,公司,去年,=1+1
丙,自然人,2026-02-30,
丁,法人
,法人,2026-01-01,无名
,,,
"""


def test_refused_rows_are_written_with_what_is_wrong(office):
    """The sheet holds all rows, the bad ones first; corrected, it is imported in the place of the file."""
    Path("bad.csv").write_text(BAD, encoding="utf-8")
    done = office("customer import bad.csv --problems p.xlsx", lang="en")
    assert (done.exit_code, done.stderr.splitlines()[-2:]) == (
        5,
        [
            "cskit: 4 bad rows in bad.csv; nothing was saved",
            "p.xlsx holds all rows, the 4 bad ones first: correct them there and import that file",
        ],
    )
    kinds = "客户类型: expected one of company (法人), person (自然人)"
    rows = read("p.xlsx")
    assert rows == [
        ["! Line", "客户名称", "客户类型", "成立日期", "备注", "! Problem"],
        [3.0, "乙", "公司", "去年", "=1+1", f"{kinds}\n成立日期: expected a date such as 2026-11-22"],
        [4.0, "丙", "自然人", "2026-02-30", "", "成立日期: no such day in the calendar"],
        [5.0, "丁", "法人", "", "", "has 2 cells, but the header names 4"],
        [6.0, "", "法人", "2026-01-01", "无名", "客户名称: is required"],
        [2.0, "甲", "法人", "2026-01-01", "好", ""],
    ]
    assert os.stat("p.xlsx").st_mode & 0o777 == 0o600
    for row, good in zip(rows[1:5], ["法人", "自然人", "法人", "法人"], strict=True):
        row[1:4] = [row[1] or "戊", good, "2026-01-01"]
    Path("p.xlsx").write_bytes(book(("Problems", rows)))
    assert office("-q customer import p.xlsx").exit_code == 0
    listed = office("customer list -o jsonl --fields name,note").stdout
    assert [json.loads(line) for line in listed.splitlines()] == [
        {"name": "乙", "note": "=1+1"},
        {"name": "丙"},
        {"name": "丁"},
        {"name": "戊", "note": "无名"},
        {"name": "甲", "note": "好"},
    ]


def test_rows_that_no_sheet_holds(office):
    """What is wrong with the rows is said all the same, and the sheet of another day is left as it was."""
    write("p.xlsx", ["name"])
    before = Path("p.xlsx").read_bytes()
    text = json.dumps({"name": "甲", "note": "x" * 40_000}) + '\n{"name": ""}\n'
    done = office("customer import - --problems p.xlsx --format jsonl", input=text)
    assert done == (
        5,
        "",
        "line 2, name: is required\ncskit: 1 bad row in standard input; nothing was saved\n"
        "p.xlsx was not written: 1: note holds more than 32767 characters, which is all that a cell takes\n",
    )
    assert Path("p.xlsx").read_bytes() == before


def test_a_problems_sheet_runs_no_formulas(office):
    """What begins like a formula in the file, a column's name or a cell, is text in the problems sheet."""
    Path("bad.csv").write_text("name,founded,=1+1,@x\n=2+3,never,+4,-5\n", encoding="utf-8")
    line = "customer import bad.csv --map '=1+1=note' --map '@x=' --problems p.xlsx"
    assert office(line).exit_code == 5
    assert [row[1:5] for row in read("p.xlsx")] == [
        ["name", "founded", "=1+1", "@x"],
        ["=2+3", "never", "+4", "-5"],
    ]
    with zipfile.ZipFile("p.xlsx") as parts:
        assert not re.search(rb"<f[ >]", parts.read("xl/worksheets/sheet1.xml"))


def test_a_problems_sheet_of_a_workbook(office):
    """Dates and numbers stay what they were, and what a sheet has lost or got wrong is not made good."""
    write(
        "c.xlsx",
        ["name", "postcode", "founded", "potential_volume", "industry"],
        ["甲", 110101199001011237, date(2026, 1, 2), "#N/A", "#N/A"],
    )
    assert office("customer import c.xlsx --problems 问题.xlsx", lang="zh").exit_code == 5
    (header, row) = read("问题.xlsx")
    assert (header[0], header[-1]) == ("! 行号", "! 问题")
    assert row[:6] == [2.0, "甲", 1.101011990010112e17, date(2026, 1, 2), "", ""]
    first, again = (office(f"customer import {file}").stderr for file in ("c.xlsx", "问题.xlsx"))
    assert again == first.replace("c.xlsx", "问题.xlsx")


def test_a_problems_sheet_of_json(office):
    """JSON rows go under their keys, groups as text; a line that is no JSON has only its problem."""
    text = '{"name":"甲","fan":"maybe"}\n{"nmae":1,\n{"custom":{"a":"b"},"name":""}\n{"name":"好"}\n'
    done = office("customer import - --problems p.xlsx --format jsonl", input=text)
    assert done.exit_code == 5
    rows = read("p.xlsx")
    assert rows[0] == ["! Line", "name", "fan", "custom", "! Problem"]
    assert [row[:4] for row in rows[1:]] == [
        [1.0, "甲", "maybe", ""],
        [2.0, "", "", ""],
        [3.0, "", "", '{"a":"b"}'],
        [4.0, "好", "", ""],
    ]
    assert [bool(row[4]) for row in rows[1:]] == [True, True, True, False]


def test_no_problems_no_sheet(office):
    """Where all is well nothing is written, and that is said."""
    assert office("customer import - --problems p.xlsx", input="name,note\n甲,\n") == (
        0,
        "",
        "nothing was wrong, so p.xlsx was not written\n"
        "customers: 1 new, 0 changed, 0 unchanged; saved as 1 (`cskit undo` takes it back)\n",
    )
    assert not Path("p.xlsx").exists()


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("p.csv", 2, "--problems: p.csv is no name for a workbook\nlet it end in .xlsx\n"),
        ("sub.xlsx", 2, "--problems: sub.xlsx is a folder\nname a file in it\n"),
        ("no/p.xlsx", 3, "--problems: there is no folder {here}/no\nmake it, or give another file\n"),
        ("c.xlsx", 2, "--problems: c.xlsx is the file that is read\ngive another name\n"),
        (
            "data/rules/p.xlsx",
            2,
            "--problems: data/rules/p.xlsx is a file of the data folder's own\n"
            "name a file outside of {here}/data\n",
        ),
    ],
    ids=["ending", "folder", "no-folder", "itself", "rules"],
)
def test_where_problems_cannot_go(office, tmp_path, target, code, said):
    """A target that cannot be meant is refused before anything is read."""
    Path("sub.xlsx").mkdir()
    Path("data/rules").mkdir(parents=True)
    write("c.xlsx", ["name", "fan"], ["甲", "maybe"])
    before = Path("c.xlsx").read_bytes()
    done = office(f"customer import c.xlsx --problems {target}")
    assert done == (code, "", "cskit: " + said.format(here=tmp_path))
    assert Path("c.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("customer list", ["ID", "Name", "Kind", "Phone", "Region", "Owner", "State"]),
        ("log --limit 1", ["Entry", "Time", "By", "Command", "Changes", "Reason"]),
    ],
    ids=["list", "log"],
)
def test_markdown_shows_what_a_table_shows(register, line, header):
    """A table for a wiki has the columns that people look at, as on the screen."""
    done = register(f"{line} -o md")
    assert done.exit_code == 0
    assert [cell.strip() for cell in done.stdout.splitlines()[0].strip("|").split("|")] == header
