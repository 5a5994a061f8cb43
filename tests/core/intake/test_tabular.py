"""Rows in: formats, encodings, line numbers, and every way a file can be wrong."""

from __future__ import annotations

import io
import os
import socket
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit.errors import BadData, BadRows, CskitError, NotFound, Problem, Usage
from cskit.intake import strict, tabular
from cskit.intake.tabular import Row, Told, guard, read_rows, read_source, unguard

FORMULAS = "=+-@\t\r＝＋－＠"


def read(data: bytes | str, name: str = "a.csv", **options: Any) -> tuple[list[Row], list[Problem]]:
    """Read a whole file and return its good rows and its problems."""
    problems: list[Problem] = []
    plain = data.encode() if isinstance(data, str) else data
    return list(read_rows(plain, name, problems=problems, told=Told(**options))), problems


def cells(data: bytes | str, name: str = "a.csv", **options: Any) -> list[dict[str, Any]]:
    """Read a file that must have no problem and return the cells of its rows."""
    rows, problems = read(data, name, **options)
    assert problems == []
    return [row.cells for row in rows]


# --- the guard ---------------------------------------------------------------------------------------------


@given(st.text() | st.text("'ab" + FORMULAS, max_size=5))
@settings(max_examples=300, deadline=None)
def test_guard_is_lossless(text: str) -> None:
    """Whatever the text, unguard gives back what guard was given, and no guarded text begins a formula."""
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in FORMULAS or not text


@pytest.mark.parametrize("start", FORMULAS, ids=[f"U+{ord(start):04X}" for start in FORMULAS])
def test_guard_covers_every_formula_start(start: str) -> None:
    """Each sign a spreadsheet takes for a formula gets one more quote, also behind quotes."""
    assert guard(start + "1") == "'" + start + "1"
    assert guard("'" + start) == "''" + start
    assert unguard("'" + start) == start


@pytest.mark.parametrize("text", ["", "'", "it's", "'quoted'", "a=b", "张三", "1-2"])
def test_guard_leaves_other_text_alone(text: str) -> None:
    """Text that no spreadsheet runs is neither guarded nor unguarded."""
    assert guard(text) == text
    assert unguard(text) == text


# --- which format ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "options"),
    [
        ("a.csv", "a,b\n1,2\n", {}),
        ("A.CSV", "a;b\n1;2\n", {}),
        ("a.csv", "a\tb\n1\t2\n", {}),
        ("a.csv", '"a";b\n1;2\n', {}),
        ("a.tsv", "a\tb\n1\t2\n", {}),
        ("a.jsonl", '{"a":"1","b":"2"}\n', {}),
        ("a.ndjson", '{"a":"1","b":"2"}', {}),
        ("a.json", '[{"a":"1","b":"2"}]', {}),
        ("a.json", '{\n  "a": "1",\n  "b": "2"\n}\n', {}),
        ("standard input", ' \n{"a":"1","b":"2"}', {}),
        ("standard input", ' [ {"a":"1","b":"2"} ] ', {}),
        ("standard input", "a,b\n1,2", {}),
        ("a.txt", "a,b\n1,2", {"format": "csv"}),
        ("a.txt", "1 2", {"columns": "a=1-1 b=3-3"}),
        ("a.csv", "1 2", {"columns": "a=1-1 b=3-3", "format": "fixed"}),
        ("a.dat", "a\tb\n1\t2\n", {"format": "tsv"}),
    ],
)
def test_format_is_found(name: str, data: str, options: dict[str, str]) -> None:
    """What the user says decides, then the end of the name, then the content."""
    assert cells(data, name, **options) == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("name", "data", "options", "message"),
    [
        ("a.csv", "a\n1\n", {"format": "xml"}, "cannot read the format 'xml'"),
        ("a.txt", "a b\n1 2\n", {}, "a.txt is text without named columns"),
        ("a.fixed", "a b\n", {}, "a.fixed is text without named columns"),
        ("a.csv", "a b\n", {"format": "fixed"}, "a.csv is text without named columns"),
        ("a.dat", "words\nonly\n", {}, "cannot tell the format of a.dat"),
        (
            "a.csv",
            "a\n1\n",
            {"format": "csv", "columns": "a=1-2"},
            "columns describe fixed-width text, not csv",
        ),
        ("a.csv", "a\n1\n", {"encoding": "klingon"}, "there is no text encoding 'klingon'"),
        ("a.csv", "a\n1\n", {"encoding": "hex"}, "there is no text encoding 'hex'"),
    ],
    ids=["format", "txt", "fixed-ending", "fixed", "content", "both", "encoding", "not-text"],
)
def test_unknown_format_is_wrong_usage(name: str, data: str, options: dict[str, str], message: str) -> None:
    """A format that is unknown, missing or contradicted is said at once, with the way out."""
    with pytest.raises(Usage) as caught:
        read(data, name, **options)
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.jsonl", {}), ("a.json", {}), ("standard input", {"format": "jsonl"})],
    ids=["jsonl", "json", "pipe"],
)
def test_nothing_in_is_nothing_out(name: str, options: dict[str, str]) -> None:
    """JSON Lines of nothing, as from an export that found nothing, has no rows and is not wrong."""
    assert read(b" \n", name, **options) == ([], [])


@pytest.mark.parametrize("name", ["standard input", "a.csv", "a.tsv", "a"])
def test_an_empty_file_is_bad_data(name: str) -> None:
    """An empty file or pipe is what a failed command leaves behind, so it does not pass for no rows."""
    for data in (b"", b" \r\n\n"):
        with pytest.raises(BadData) as caught:
            read(data, name)
        assert caught.value.message == f"{name} is empty"
        assert caught.value.hint == "where no rows are as good as some, say --format jsonl"


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        ("a,b\n1,2\n".encode("utf-8-sig"), {}, []),
        (b"a;b\n1;2\n", {}, ["a.csv: cells are divided by semicolons"]),
        (b"a\tb\n1\t2\n", {}, ["a.csv: cells are divided by tabs"]),
        (b"a\tb\n1\t2\n", {"format": "tsv"}, []),
        ("a,名\n1,张\n".encode("gb18030"), {}, ["a.csv: read as GB18030 (--encoding names another)"]),
        ("a,名\n1,张\n".encode("gb18030"), {"encoding": "gb18030"}, []),
        ("a,名\n1,张\n".encode("utf-16"), {}, []),
    ],
    ids=["marked", "semicolons", "tabs", "tabs-told", "gb18030", "gb18030-told", "utf-16"],
)
def test_guesses_are_told(data: bytes, options: dict[str, str], said: list[str]) -> None:
    """What was decided and could be wrong is said; what is certain, or was asked for, is not."""
    told: list[str] = []
    rows = read_rows(data, "a.csv", problems=[], told=Told(**options), notice=told.append)
    assert [len(row.cells) for row in rows] == [2]
    assert told == said


def test_a_sheet_of_a_text_is_wrong_usage() -> None:
    """--sheet is refused where there are no sheets."""
    with pytest.raises(Usage) as caught:
        read("a,b\n1,2\n", sheet="1")
    assert caught.value.message == "--sheet: a.csv is no workbook"


# --- encodings ---------------------------------------------------------------------------------------------

CHINESE = "编号,姓名\n1,张三\n2,李四，“二”\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("gb18030", None),
        ("gb18030", "gb18030"),
        ("utf-8-sig", "utf-8"),
        ("big5", "big5"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings(encoding: str, said: str | None) -> None:
    """The byte-order mark, UTF-8 and GB18030 are told apart, others are read when named."""
    text = CHINESE if encoding != "big5" else CHINESE.replace("编号", "編號").replace("张", "張")
    rows = cells(text.encode(encoding), encoding=said)
    assert [list(row.values())[1] for row in rows] == [text.split("\n")[1][2:], "李四，“二”"]


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (
            b"a,b\n1,2\n3,\xff\xff\n",
            {},
            "a.csv: byte 0xff at offset 10 (line 3) is neither UTF-8 nor GB18030",
        ),
        (
            "姓名\n张三\n李四\n".encode()[:-2] + b"\n",
            {},
            "a.csv: byte 0xe5 at offset 17 (line 3) is not utf-8",
        ),
        (
            CHINESE.encode("gb18030"),
            {"encoding": "utf-8"},
            "a.csv: byte 0xb1 at offset 0 (line 1) is not utf-8",
        ),
        (b"\xff\xfea\x00,", {}, "a.csv: byte 0x2c at offset 4 (line 1) is not utf-16-le"),
        (b"a,b\n1,\x002\n", {}, "a.csv: line 2 holds a NUL byte"),
        ("a,b\n1,2\n".encode("utf-16-le"), {}, "a.csv: line 1 holds a NUL byte"),
        (b"PK\x03\x04\x14\x00", {}, "a.csv is a workbook or an archive, not text"),
        (b"\x1f\x8b\x08\x00", {}, "a.csv is compressed, not text"),
    ],
    ids=["bytes", "damaged-utf8", "named", "half-utf16", "nul", "utf16-without-mark", "xlsx", "gzip"],
)
def test_undecodable_files(data: bytes, options: dict[str, str], message: str) -> None:
    """Bytes that are no text are refused with their offset and line, never read as something else."""
    with pytest.raises(BadData) as caught:
        read(data, **options)
    assert caught.value.message == message
    assert caught.value.hint


# --- CSV ---------------------------------------------------------------------------------------------------


def test_csv_rows_carry_the_line_where_they_start() -> None:
    """Blank lines and cells of several lines count as an editor counts them, with any line end."""
    rows, problems = read('a,b\r\n\r\n1,"x\r\ny\r\nz"\r\n2,"p\nq"\n\n3,"r\rs"\n4,t')
    assert problems == []
    assert rows == [
        Row(3, {"a": "1", "b": "x\r\ny\r\nz"}),
        Row(6, {"a": "2", "b": "p\nq"}),
        Row(9, {"a": "3", "b": "r\rs"}),
        Row(11, {"a": "4", "b": "t"}),
    ]


def test_csv_cells_are_exact_and_unguarded() -> None:
    """Blanks stay, the guard of an exported cell goes, and an apostrophe of the text stays."""
    data = "name , note\n  x  ,'=1+1\n'y','-\n''=2,'＝3\n"
    assert cells(data) == [
        {"name": "  x  ", "note": "=1+1"},
        {"name": "'y'", "note": "-"},
        {"name": "'=2", "note": "＝3"},
    ]


def test_csv_rows_of_nothing_are_left_out() -> None:
    """The blank rows of a sheet that was saved as CSV are as many separators, whatever the header names."""
    rows, problems = read('a,b\n,\n1,2\n" ",\n,,,\n""\n3,\n', "a.csv")
    assert [(row.line, row.cells) for row in rows] == [(3, {"a": "1", "b": "2"}), (7, {"a": "3", "b": ""})]
    assert problems == []


def test_csv_faults_are_collected() -> None:
    """Every bad row is named with its line, and the good ones still come out."""
    rows, problems = read('a,b\n1\n2,3,4\n5,6\n"x"y,7\n8,9\n"open,1\n10,11\n')
    assert rows == [Row(4, {"a": "5", "b": "6"}), Row(6, {"a": "8", "b": "9"})]
    assert problems == [
        Problem(2, "", "1", "has 1 cell, but the header names 2"),
        Problem(3, "", "2,3,4", "has 3 cells, but the header names 2"),
        Problem(5, "", "", "text follows a closing quote; write a quote inside a cell twice"),
        Problem(7, "", "", "a quote that opens here is never closed"),
    ]


def test_csv_column_without_a_name_must_stay_empty() -> None:
    """A spreadsheet's empty last columns do no harm; a value in one is named, not dropped."""
    rows, problems = read("a,,b,\n1,,2,\n3,x,4,y\n")
    assert rows == [Row(2, {"a": "1", "b": "2"})]
    assert problems == [
        Problem(3, "", "x", "column 2 has no name in the header"),
        Problem(3, "", "y", "column 4 has no name in the header"),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (",,\n1,2,3\n", "a.csv has no header"),
        ("a, b,b,a,c\n1,2,3,4,5\n", "a.csv: line 1 names 'a', 'b' more than once"),
        ("\na,a\n", "a.csv: line 2 names 'a' more than once"),
        ('"a"b,c\n1,2\n', "1 bad row in a.csv; nothing was saved"),
    ],
    ids=["nameless", "twice", "twice-later", "broken"],
)
def test_csv_header_must_name_the_columns(data: str, message: str) -> None:
    """Without a usable header no row can be read, so the file is refused."""
    with pytest.raises(BadData) as caught:
        read(data)
    assert caught.value.message == message


def test_csv_cell_size() -> None:
    """A cell of 1 MB is read; a longer one is a problem that names the line."""
    size = tabular.LONGEST_CELL
    assert cells(f"a,b\n1,{'x' * size}\n")[0]["b"] == "x" * size
    rows, problems = read(f"a,b\n1,2\n3,{'x' * (size + 1)}\n4,5\n")
    assert [row.line for row in rows] == [2]
    assert problems == [Problem(3, "", "", "holds a cell of more than 1 MB; is a quote missing?")]


def test_reading_stops_after_too_many_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is wrong from end to end is given up, also where the caller finds the problems."""
    monkeypatch.setattr(tabular, "MOST_PROBLEMS", 5)
    with pytest.raises(BadRows) as caught:
        read("a,b\n" + "x\n" * 100)
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4, 5, 6]
    problems: list[Problem] = []
    rows = read_rows(b"a\n" + b"x\n" * 100, "a.csv", problems=problems)
    with pytest.raises(BadRows, match="5 bad rows"):
        problems.extend(Problem(row.line, "a", "x", "is wrong") for row in rows)


# --- JSON --------------------------------------------------------------------------------------------------


def test_json_values_keep_their_types() -> None:
    """Fractions are exact decimals, never floats; everything else is what JSON says."""
    data = (
        '\n{"t":"张三\\u0041\\ud83d\\ude00","n":-5,"d":0.10,"e":1E+2,"b":true,"z":null,"l":[1,{"x":2.5}]}\r\n'
    )
    assert cells(data, "a.jsonl") == [
        {
            "t": "张三A😀",
            "n": -5,
            "d": Decimal("0.10"),
            "e": Decimal(100),
            "b": True,
            "z": None,
            "l": [1, {"x": Decimal("2.5")}],
        }
    ]
    assert str(cells('{"d":0.10}', "a.jsonl")[0]["d"]) == "0.10"


DEEP = '{"a":' * 70 + "1" + "}" * 70
JSON_FAULTS = [
    ('{"a":1,"a":2}', Problem(2, "a", "", "is named more than once in one object")),
    ('{"a":{"b":1,"c":2,"b":3}}', Problem(2, "b", "", "is named more than once in one object")),
    ('{"a":NaN}', Problem(2, "", "NaN", "is not a JSON number")),
    ('{"a":-Infinity}', Problem(2, "", "-Infinity", "is not a JSON number")),
    (
        '{"a":9223372036854775808}',
        Problem(2, "", "9223372036854775808", "is a whole number beyond 64 bits; write it as text"),
    ),
    (
        '{"a":' + "9" * 5000 + "}",
        Problem(2, "", "9" * 57 + "…", "is a whole number beyond 64 bits; write it as text"),
    ),
    ('{"a":1e400000000}', Problem(2, "", "1e400000000", "is a number too large or too fine")),
    ('{"a":1e-400000000}', Problem(2, "", "1e-400000000", "is a number too large or too fine")),
    (
        '{"a":1e99999999999999999999}',
        Problem(2, "", "1e99999999999999999999", "is a number too large or too fine"),
    ),
    ('{"a":1e28}', Problem(2, "", "1e28", "is a number too large or too fine")),
    ('{"a":1e-100}', Problem(2, "", "1e-100", "is a number too large or too fine")),
    (
        '{"a":0.' + "3" * 99 + "}",
        Problem(2, "", "0." + "3" * 55 + "…", "is a number too large or too fine"),
    ),
    (DEEP, Problem(2, "", "", "is nested more than 64 deep")),
    ('{"a":"x\\u0000"}', Problem(2, "", "x\\u0000", "holds the character U+0000")),
    ('{"a":["\\ud800"]}', Problem(2, "", "\\ud800", "holds half of a surrogate pair")),
    ('{"\\udc00":1}', Problem(2, "", "\\udc00", "holds half of a surrogate pair")),
    ("[1]", Problem(2, "", "[1]", "is not a JSON object")),
    ('"text"', Problem(2, "", '"text"', "is not a JSON object")),
]
JSON_IDS = [
    "duplicate", "nested-duplicate", "nan", "infinity", "65-bits", "5000-digits", "huge", "tiny", "overflow",
    "29-digits", "100-places", "101-characters", "deep", "nul", "surrogate", "surrogate-name",
    "array", "text",
]  # fmt: skip


@pytest.mark.parametrize(("line", "problem"), JSON_FAULTS, ids=JSON_IDS)
def test_json_faults_are_problems_of_their_line(line: str, problem: Problem) -> None:
    """What JSON parsers usually let pass is refused, and the lines around it are read."""
    rows, problems = read('{"a":1}\n' + line + '\n{"a":3}\n', "a.jsonl")
    assert problems == [problem]
    assert rows == [Row(1, {"a": 1}), Row(3, {"a": 3})]


@pytest.mark.parametrize(("line", "problem"), JSON_FAULTS, ids=JSON_IDS)
def test_json_faults_in_an_array(line: str, problem: Problem) -> None:
    """The same faults inside one array name the line where the element starts."""
    rows, problems = read('[{"a":1},\n' + line + ',\n\n{"a":3}]\n', "a.json")
    assert [fault._replace(value="") for fault in problems] == [problem._replace(value="")]
    assert rows == [Row(1, {"a": 1}), Row(4, {"a": 3})]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"a":1', Problem(2, "", '{"a":1', "is not JSON: expecting ',' delimiter at character 7")),
        ("hello", Problem(2, "", "hello", "is not JSON: expecting value at character 1")),
        ('{"a":1}{"a":2}', Problem(2, "", '{"a":1}{"a":2}', "is not JSON: extra data at character 8")),
        (
            '{"a":"\x01"}',
            Problem(2, "", '{"a":"\x01"}', "is not JSON: invalid control character at character 7"),
        ),
        ("[" * 100_000, Problem(2, "", "[" * 57 + "…", "is nested more than 64 deep")),
        ('{"a":' * 100_000, Problem(2, "", ('{"a":' * 12)[:57] + "…", "is nested more than 64 deep")),
    ],
    ids=["cut", "word", "two", "control", "array-bomb", "object-bomb"],
)
def test_json_lines_that_are_no_json(line: str, problem: Problem) -> None:
    """Broken lines are named one by one; nesting cannot take the program down."""
    rows, problems = read(f'{{"a":1}}\n{line}\n\n{{"a":3}}\n', "a.jsonl")
    assert problems == [problem]
    assert rows == [Row(1, {"a": 1}), Row(4, {"a": 3})]


NO_COMMA = "is not JSON: expecting a comma or the end of the array at character 9"
NO_VALUE = "is not JSON: expecting value at character 1"
NO_NAME = "is not JSON: expecting property name enclosed in double quotes at character 19"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ('[{"a":1}\n{"a":2}]', Problem(1, "", '\n{"a":2}]', NO_COMMA)),
        ('[{"a":1},\n]', Problem(2, "", "]", NO_VALUE)),
        ('[{"a":1},\n', Problem(2, "", "", NO_VALUE)),
        ('[{"a":1}]\n{}', Problem(1, "", "]\n{}", NO_COMMA)),
        ('[{"a":1},{"b":NaN,}]', Problem(1, "", "}]", NO_NAME)),
        ('[{"a":1},' + "[" * 100_000, Problem(1, "", "[" * 57 + "…", "is nested more than 64 deep")),
    ],
    ids=["no-comma", "comma-at-end", "cut", "after-end", "fault-then-broken", "bomb"],
)
def test_json_array_that_breaks_off(data: str, problem: Problem) -> None:
    """In an array nothing can be read after broken syntax; the place is named."""
    rows, problems = read(data, "a.json")
    assert rows == [Row(1, {"a": 1})]
    assert problems == [problem]


def test_json_printed_over_several_lines() -> None:
    """Objects as jq prints them follow one another without commas, each with its first line."""
    rows, problems = read('{\n  "a": 1\n}\n{\n  "a": 2\n}\n', "a.json")
    assert problems == []
    assert rows == [Row(1, {"a": 1}), Row(4, {"a": 2})]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a":1,"a":2}', "the key 'a' is named more than once in one object"),
        ("[1e400000000]", "'1e400000000' is a number too large or too fine"),
        ('{\n"a":nope}', "not JSON: expecting value at line 2, character 5"),
        ("[" * 100_000, "nested more than 64 deep"),
    ],
    ids=["duplicate", "number", "syntax", "bomb"],
)
def test_strict_json_says_what_is_wrong(text: str, message: str) -> None:
    """One JSON text is decoded exactly, or refused with a `ValueError` that can be shown as it is."""
    assert strict.loads('{"a":[1,2.50]}') == {"a": [1, Decimal("2.50")]}
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its whole text is compared
        strict.loads(text)
    assert str(caught.value) == message


# --- fixed width -------------------------------------------------------------------------------------------


def test_fixed_width_takes_positions_like_cut() -> None:
    """Positions count characters from 1, both ends included; CRLF, blanks and blank lines go."""
    data = " 00004 0001 19970101  2   29.33\r\n\r\n 00018 0002 19970104  1    4.96\r\n张三\n"
    rows, problems = read(data, "cdnow.txt", columns="customer=2-6, date=13-20 quantity=22-23，amount=25-32")
    assert rows == [
        Row(1, {"customer": "00004", "date": "19970101", "quantity": "2", "amount": "29.33"}),
        Row(3, {"customer": "00018", "date": "19970104", "quantity": "1", "amount": "4.96"}),
    ]
    assert problems == [
        Problem(4, "date", "张三", "the line ends before position 13"),
        Problem(4, "quantity", "张三", "the line ends before position 22"),
        Problem(4, "amount", "张三", "the line ends before position 25"),
    ]


def test_fixed_width_columns_may_overlap() -> None:
    """One part of the line may serve two columns, and a line may end inside its last column."""
    assert cells("2026张三", "x", columns="all=1-9 year=1-4 name=5-6") == [
        {"all": "2026张三", "year": "2026", "name": "张三"}
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("", "cannot read the column ''"),
        ("customer", "cannot read the column 'customer'"),
        ("customer=0-3", "cannot read the column 'customer=0-3'"),
        ("customer=5-3", "cannot read the column 'customer=5-3'"),
        ("a=1-2 b=3", "cannot read the column 'b=3'"),
        ("=1-2", "cannot read the column '=1-2'"),
        ("a=1-٣", "cannot read the column 'a=1-٣'"),
        ("a=1-2,a=3-4", "the columns name a twice"),
    ],
)
def test_malformed_columns_are_wrong_usage(columns: str, message: str) -> None:
    """A column that cannot be understood is quoted, with how to write it."""
    with pytest.raises(Usage) as caught:
        read("x", columns=columns)
    assert caught.value.message == message
    assert caught.value.hint


# --- any bytes ---------------------------------------------------------------------------------------------


@given(
    st.binary(max_size=80) | st.text('{}[]":,a1\\\n -.eE', max_size=60).map(str.encode),
    st.sampled_from(["csv", "tsv", "jsonl", None]),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_rows_or_our_errors(data: bytes, format: str | None) -> None:
    """No file can bring out anything but rows, problems with a line, or an error the user can act on."""
    try:
        rows, problems = read(data, "input", format=format)
    except CskitError:
        return
    last = data.count(b"\n") + data.count(b"\r") + 1
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert all(1 <= line <= last for line in [row.line for row in rows] + [p.line for p in problems])


# --- sources -----------------------------------------------------------------------------------------------


def test_read_source_reads_files_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path gives its bytes and itself as the name; "-" gives standard input to its end."""
    path = tmp_path / "客户.csv"
    path.write_bytes(b"a\n1\n")
    assert read_source(str(path)) == (b"a\n1\n", str(path))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00")))
    assert read_source("-") == (b"\xff\x00", "standard input")


def test_read_source_refuses_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders, devices, named pipes and a closed standard input end with a message instead of a wait."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(sys, "stdin", None)
    for path, message in [
        (str(tmp_path), "is a folder"),
        ("/dev/zero", "is a device or a pipe, not a file"),
        (str(tmp_path / "pipe"), "is a device or a pipe, not a file"),
        ("-", "standard input is closed"),
    ]:
        with pytest.raises(Usage) as caught:
            read_source(path)
        assert caught.value.message == (message if path == "-" else f"{path} {message}")


def test_read_source_says_why_a_file_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket gives the system's reason, not a traceback."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(Usage, match=r"^cannot read socket: "):
            read_source("socket")


def test_read_source_reports_a_failing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input that is a folder, as after `< folder`, gives the system's reason."""

    class Folder(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise IsADirectoryError(21, "Is a directory")

    class Standard:
        buffer = Folder()
        closed = False

    monkeypatch.setattr(sys, "stdin", Standard())
    with pytest.raises(Usage) as caught:
        read_source("-")
    assert caught.value.message == "cannot read standard input: Is a directory"


@pytest.mark.parametrize("name", ["gone.csv", "file/below.csv", "nul\0.csv"])
def test_read_source_names_a_missing_file(name: str, tmp_path: Path) -> None:
    """A path that leads nowhere is named and exits as not found."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotFound) as caught:
        read_source(str(tmp_path / name))
    assert caught.value.message == f"there is no file {tmp_path / name}"


def test_read_source_stops_at_the_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused before it fills the memory; one that just fits is read."""
    monkeypatch.setattr(tabular, "LARGEST_FILE", 2 << 20)
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * (2 << 20))
    assert len(read_source(str(path))[0]) == 2 << 20
    path.write_bytes(b"x" * ((2 << 20) + 1))
    with pytest.raises(BadData, match=r"big\.csv holds more than 2 MB"):
        read_source(str(path))
