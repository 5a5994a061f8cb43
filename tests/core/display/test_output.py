"""Rows out: whole blocks in every format, alignment of Chinese, and text that must not reach a terminal."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from cskit.display import output
from cskit.display.output import Column
from cskit.errors import Problem, Usage
from cskit.intake.tabular import guard, read_rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = [
    Column("id", "ID"),
    Column("name", "客户名称"),
    Column("amount", "Amount", "right", "decimal"),
    Column("paid", "Paid", kind="boolean"),
    Column("at", "Received", kind="time"),
    Column("day", "Day", kind="date"),
    Column("tags", "Tags", kind="list"),
    Column("map", "Map", kind="map"),
]


class Step(msgspec.Struct):
    """A part of a record, as a case holds them."""

    code: str
    done: bool


ROWS: list[dict[str, Any]] = [
    {
        "id": "C-1",
        "name": "张三",
        "amount": Decimal("-1E+3"),
        "paid": False,
        "at": dt.datetime(2026, 11, 22, 8, 30, 5, tzinfo=dt.UTC),
        "day": dt.date(2026, 11, 22),
        "tags": ["a", "乙"],
        "map": {"level": 1},
        "not shown": "x",
    },
    {
        "id": "C-2",
        "name": "1e5",
        "amount": Decimal("0.50"),
        "paid": True,
        "map": Step("x", True),
        "at": None,
    },
]


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def written(rows: list[dict[str, Any]], format: str, columns: list[Column] = COLUMNS, **options: Any) -> str:
    """Return what `output.rows` writes, after checking the count it returns."""
    out = io.StringIO()
    assert output.rows(iter(rows), columns, format, out, zone=SHANGHAI, **options) == len(rows)
    return out.getvalue()


# --- whole blocks ------------------------------------------------------------------------------------------


def test_table() -> None:
    """A table aligns Chinese, keeps text that looks like a number, and shows times in the zone."""
    assert written(ROWS, "table") == (
        "ID    客户名称      Amount  Paid    Received          Day         Tags    Map\n"
        "----  ----------  --------  ------  ----------------  ----------  ------  ------------------------\n"
        'C-1   张三           -1000  no      2026-11-22 16:30  2026-11-22  a; 乙   {"level":1}\n'
        'C-2   1e5             0.50  yes                                           {"code":"x","done":true}\n'
    )


def test_json() -> None:
    """JSON is one array, an object a line, with exact numbers and without what is missing."""
    assert written(ROWS, "json") == (
        "[\n"
        '  {"id":"C-1","name":"张三","amount":-1E+3,"paid":false,"at":"2026-11-22T08:30:05Z",'
        '"day":"2026-11-22","tags":["a","乙"],"map":{"level":1}},\n'
        '  {"id":"C-2","name":"1e5","amount":0.50,"paid":true,"map":{"code":"x","done":true}}\n'
        "]\n"
    )


def test_jsonl() -> None:
    """JSON Lines is the same objects, each alone on its line."""
    assert written(ROWS, "jsonl") == (
        '{"id":"C-1","name":"张三","amount":-1E+3,"paid":false,"at":"2026-11-22T08:30:05Z",'
        '"day":"2026-11-22","tags":["a","乙"],"map":{"level":1}}\n'
        '{"id":"C-2","name":"1e5","amount":0.50,"paid":true,"map":{"code":"x","done":true}}\n'
    )


def test_csv() -> None:
    """CSV names the columns, writes numbers plain and unguarded, times in UTC, and maps as JSON."""
    assert written(ROWS, "csv") == (
        "id,name,amount,paid,at,day,tags,map\n"
        'C-1,张三,-1000,false,2026-11-22T08:30:05Z,2026-11-22,a; 乙,"{""level"":1}"\n'
        'C-2,1e5,0.50,true,,,,"{""code"":""x"",""done"":true}"\n'
    )


@pytest.mark.parametrize(
    ("format", "block"),
    [
        ("table", ""),
        ("json", "[]\n"),
        ("jsonl", ""),
        ("csv", "id,name,amount,paid,at,day,tags,map\n"),
    ],
)
def test_no_rows(format: str, block: str) -> None:
    """Nothing found prints nothing, but an array stays an array and a CSV file keeps its header."""
    assert written([], format) == block


RECORD = {
    "table": ("ID        C-1\n客户名称  two\n          lines\nPaid      no\nReceived  2026-11-22 16:30\n"),
    "json": (
        '{\n  "id": "C-1",\n  "name": "two\\nlines",\n  "paid": false,\n'
        '  "at": "2026-11-22T08:30:00Z",\n  "tags": []\n}\n'
    ),
    "jsonl": '{"id":"C-1","name":"two\\nlines","paid":false,"at":"2026-11-22T08:30:00Z","tags":[]}\n',
    "csv": ('id,name,amount,paid,at,day,tags,map\nC-1,"two\nlines",,false,2026-11-22T08:30:00Z,,,\n'),
    "tsv": (
        'id\tname\tamount\tpaid\tat\tday\ttags\tmap\nC-1\t"two\nlines"\t\tfalse\t2026-11-22T08:30:00Z\t\t\t\n'
    ),
    "md": (
        "| ID   | 客户名称     |   Amount | Paid   | Received         | Day   | Tags   | Map   |\n"
        "|:-----|:-------------|---------:|:-------|:-----------------|:------|:-------|:------|\n"
        "| C-1  | two<br>lines |          | no     | 2026-11-22 16:30 |       |        |       |\n"
    ),
}


def test_every_format_has_a_record() -> None:
    """The table above is whole, but for the workbook, which has tests of its own."""
    assert {*RECORD, "xlsx"} == set(output.FORMATS)


@pytest.mark.parametrize("format", RECORD)
def test_record(format: str) -> None:
    """One record is a line per field that holds something, one object, or a header and a row."""
    values: dict[str, Any] = {
        "id": "C-1",
        "name": "two\r\nlines" if format == "table" else "two\nlines",
        "paid": False,
        "at": dt.datetime(2026, 11, 22, 16, 30, tzinfo=SHANGHAI),
        "tags": [],
    }
    out = io.StringIO()
    output.record(values, COLUMNS, format, out, zone=SHANGHAI)
    assert out.getvalue() == RECORD[format]


def test_record_that_holds_nothing() -> None:
    """A record without values prints no empty table."""
    out = io.StringIO()
    output.record({}, COLUMNS, "table", out, zone=SHANGHAI)
    assert out.getvalue() == ""


def test_unknown_format_is_wrong_usage() -> None:
    """A format nobody writes is named with the ones there are, before anything is written."""
    for write in (
        lambda out: output.rows([], COLUMNS, "pdf", out, zone=SHANGHAI),
        lambda out: output.record({}, COLUMNS, "pdf", out, zone=SHANGHAI),
    ):
        out = io.StringIO()
        with pytest.raises(Usage) as caught:
            write(out)
        assert caught.value.message == "there is no output format 'pdf'"
        assert caught.value.hint == "use one of table, json, jsonl, csv, tsv, md, xlsx"
        assert out.getvalue() == ""


MARKED = [
    Column("id", "ID"),
    Column("kind", "Kind", kind="choice", choices={"a": "甲", "b": "乙"}),
    Column("tags", "Tags", kind="list", choices={"a": "甲"}),
]


@pytest.mark.parametrize(
    ("format", "block"),
    [
        ("table", "ID    Kind    Tags\n----  ------  ------\n1     甲      甲; c\n2     x       d\n"),
        (
            "md",
            "| ID   | Kind   | Tags   |\n|:-----|:-------|:-------|\n| 1    | 甲     | 甲; c  |\n"
            "| 2    | x      | d      |\n",
        ),
        ("csv", "id,kind,tags\n1,a,a; c\n2,x,d\n"),
        ("jsonl", '{"id":"1","kind":"a","tags":["a","c"]}\n{"id":"2","kind":"x","tags":["d"]}\n'),
    ],
)
def test_choices_are_shown_to_people_only(format: str, block: str) -> None:
    """Tables show what people say for a code; what scripts read keeps the code."""
    rows = [{"id": "1", "kind": "a", "tags": ["a", "c"]}, {"id": "2", "kind": "x", "tags": ["d"]}]
    assert written(rows, format, MARKED) == block


def test_markdown_cells_stay_cells() -> None:
    """What would end a cell, begin a tag or break the line is written so that it does not."""
    assert written([{"v": "a|b\\c\r\n<b> & \x1b[0m"}], "md", [Column("v", "V|")]) == (
        "| V\\|                           |\n"
        "|:------------------------------|\n"
        "| a\\|b\\\\c<br>&lt;b> &amp; ␛\\[0m |\n"
    )
    assert "| !\\[x](http://evil.example/x.png) |" in written(
        [{"v": "![x](http://evil.example/x.png)"}], "md", [Column("v", "V")]
    )


def test_titles_above_csv() -> None:
    """For colleagues csv and tsv can have titles above the columns."""
    assert written([{"id": "1"}], "csv", MARKED, headings="titles") == "ID,Kind,Tags\n1,,\n"
    assert written([{"id": "1"}], "tsv", MARKED, headings="titles") == "ID\tKind\tTags\n1\t\t\n"


# --- alignment ---------------------------------------------------------------------------------------------

WIDE: list[dict[str, Any]] = [
    {
        "id": "C-000001",
        "name": "上海某某科技有限公司客户服务部" * 3,
        "note": "short",
        "n": 12345678901234567890,
    },
    {"id": "C-000002", "name": "plain name", "note": "a long remark that goes on and on for ever", "n": 1},
    {"id": "C-000003", "name": "👩‍👩‍👧‍👦 ❤️ é 家庭 🇨🇳", "note": "tab\there\r\nand there", "n": 22},
]
WIDE_COLUMNS = [
    Column("id", "编号"),
    Column("name", "名称"),
    Column("note", "Remark"),
    Column("n", "Number", "right", "integer"),
]


def begins(line: str, place: int) -> bool:
    """Tell whether at a column of the terminal a cell can begin: behind a gap, or after the line's end."""
    heads = [line[:end] for end in range(len(line) + 1)]
    return wcswidth(line) < place or any(
        wcswidth(head) == place and head[-2:] in ("", "  ") for head in heads
    )


@pytest.mark.parametrize("width", [None, 120, 80, 60, 20])
def test_every_line_of_a_table_aligns(width: int | None) -> None:
    """Measured as a terminal does, every column starts at the same place in every line."""
    table = written(WIDE, "table", WIDE_COLUMNS, width=width)
    lines = table.splitlines()
    assert len(lines) == 5
    places = [at for at in range(len(lines[1])) if (" " + lines[1])[at : at + 2] == " -"]
    assert len(places) == 4
    assert all(begins(line, place) for line in lines for place in places)
    assert len({wcswidth(line) for line in lines[:1] + lines[2:]}) == 1  # the last column is flush right


def test_cells_are_shortened_to_the_terminal() -> None:
    """The widest text gives way first; ids, numbers and titles stay whole."""
    assert written(WIDE, "table", WIDE_COLUMNS, width=60) == (
        "编号      名称           Remark                       Number\n"
        "--------  -------------  -------------  --------------------\n"
        "C-000001  上海某某科技…  short          12345678901234567890\n"
        "C-000002  plain name     a long remar…                     1\n"
        "C-000003  👩‍👩‍👧‍👦 ❤️ é…       tab here⏎and…                    22\n"
    )


def test_columns_that_do_not_fit_are_left_out() -> None:
    """Where even the narrowest form does not fit, columns go from the right, and never the first."""
    gone: list[str] = []

    def left_out(columns: Any) -> None:
        gone.extend(column.name for column in columns)

    assert written(WIDE, "table", WIDE_COLUMNS, width=30, left_out=left_out) == (
        "编号      名称       Remark\n"
        "--------  ---------  ---------\n"
        "C-000001  上海某某…  short\n"
        "C-000002  plain na…  a long r…\n"
        "C-000003  👩‍👩‍👧‍👦…        tab here…\n"
    )
    assert gone == ["n"]
    gone.clear()
    turned = written(WIDE, "table", [*WIDE_COLUMNS[1:], WIDE_COLUMNS[0]], width=3, left_out=left_out)
    assert turned.splitlines()[2:] == ["C-000001", "C-000002", "C-000003"]
    assert gone == ["name", "note", "n"]
    gone.clear()
    assert written(WIDE, "table", WIDE_COLUMNS, width=3, left_out=left_out).splitlines()[2] == "C-000001"
    assert gone == ["name", "note", "n"]
    gone.clear()
    written(WIDE, "table", WIDE_COLUMNS, width=80, left_out=left_out)
    assert gone == []


def test_narrow_terminals_keep_what_must_not_be_cut() -> None:
    """Where even short texts do not fit, the table is too wide rather than wrong."""
    table = written(WIDE, "table", WIDE_COLUMNS, width=10)
    for row in WIDE:
        assert row["id"] in table
        assert str(row["n"]) in table
    assert all(wcswidth(line) <= 8 + 8 + 8 + 20 + 6 for line in table.splitlines())


def test_tables_that_fit_are_not_shortened() -> None:
    """A table as wide as the terminal keeps its text; too narrow, it first gives up room beside titles."""
    columns = [Column("id", "ID"), Column("name", "Name")]
    rows = [{"id": "C-1", "name": "abcdefghijkl"}]
    whole = "ID    Name\n----  ------------\nC-1   abcdefghijkl\n"
    assert written(rows, "table", columns) == whole
    assert written(rows, "table", columns, width=18) == whole
    assert written(rows, "table", columns, width=17) == "ID   Name\n---  ------------\nC-1  abcdefghijkl\n"
    assert "abcdefghij…" in written(rows, "table", columns, width=16)


def test_sequences_are_measured_as_a_whole() -> None:
    """An emoji that its variant sign makes wider than its characters is not allowed to overflow."""
    table = written([{"name": "❤\ufe0f" * 20}], "table", [Column("name", "Name")], width=9)
    assert table.splitlines()[1:] == ["---------", "❤\ufe0f" * 4 + "…"]


def test_a_sign_without_its_letter_keeps_the_columns_apart() -> None:
    """A combining sign at the start of a cell gets a base, so that it does not swallow the gap before it."""
    table = written([{"id": "C-1", "name": "\U00016f51a", "n": 1}], "table", NARROW)
    assert len({wcswidth(line) for line in table.splitlines()}) == 1
    assert "◌\U00016f51a" in table


NARROW = [Column("id", "ID"), Column("name", "Name"), Column("n", "N", "right", "integer")]
EMOJI = st.text("❤\ufe0f👩\u200d🇨张e\u0301 a", max_size=30)


@given(st.lists(st.text(max_size=40) | EMOJI, min_size=1, max_size=4), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_any_text_fits_and_aligns(texts: list[str], width: int) -> None:
    """Whatever the text, a shortened table is no wider than asked or than its narrowest form."""
    columns = [Column("id", "ID"), Column("name", "Name"), Column("n", "N", "right", "integer")]
    rows = [{"id": f"C-{n}", "name": text, "n": n} for n, text in enumerate(texts)]
    lines = written(rows, "table", columns, width=width).split("\n")
    assert len(lines) == len(rows) + 3
    assert all(wcswidth(line) <= max(width, 4 + 8 + 3 + 4) for line in lines)
    assert len({wcswidth(line) for line in lines[:-1]}) == 1


# --- CSV and back ------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
HARD = st.text("'\"=+-@＝\t\r\n,; \ufeff\x85\u2028a张", max_size=6)


@given(
    st.lists(st.lists(TEXT | HARD, min_size=1, max_size=1) | st.lists(TEXT | HARD, min_size=3, max_size=3))
)
@settings(max_examples=300, deadline=None)
def test_csv_and_tsv_come_back_exactly(table: list[list[str]]) -> None:
    """Any text written as CSV or TSV is read back as the same: line ends, quotes, formulas.

    A row of nothing is no row; every record has at least an id.
    """
    for size in (1, 3):
        columns = [Column(f"c{n}", f"C{n}") for n in range(size)]
        rows = [
            {column.name: cell for column, cell in zip(columns, row, strict=True)}
            for row in table
            if len(row) == size
        ]
        problems: list[Problem] = []
        for form in ("csv", "tsv") if rows else ():
            back = read_rows(written(rows, form, columns).encode(), f"a.{form}", problems=problems)
            held = [row for row in rows if "".join(map(guard, row.values())).strip()]
            assert [row.cells for row in back] == held
            assert problems == []


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("＠x", "'＠x"),
        ("'=x", "''=x"),
        ("it's", "it's"),
        (["=a", "b"], "'=a; b"),
        (-5, "-5"),
        (Decimal("-0.10"), "-0.10"),
        (2.5, "2.5"),
        (Decimal("NaN"), "NaN"),
        (Decimal("1E+400000000"), "1E+400000000"),
        (dt.datetime(2026, 11, 22, 16, 30, tzinfo=SHANGHAI), "2026-11-22T08:30:00Z"),
        (dt.datetime.min.replace(tzinfo=SHANGHAI), "0001-01-01T00:00:00+08:05:43"),
    ],
)
def test_csv_cells(value: Any, cell: str) -> None:
    """Only text is guarded: a negative number stays a number."""
    assert written([{"v": value}], "csv", [Column("v", "V")]) == f"v\n{cell}\n"


@pytest.mark.parametrize(
    ("out", "raw", "shown"),
    [(Terminal(), False, "a␛[31mb"), (Terminal(), True, "a\x1b[31mb"), (io.StringIO(), False, "a\x1b[31mb")],
    ids=["terminal", "raw", "file"],
)
def test_csv_is_harmless_only_on_a_terminal(out: io.StringIO, raw: bool, shown: str) -> None:
    """A file gets the exact text; a terminal gets it harmless unless the exact text was asked for."""
    output.rows([{"v": "a\x1b[31mb"}], [Column("v", "V")], "csv", out, zone=SHANGHAI, raw=raw)
    assert out.getvalue() == f"v\n{shown}\n"


# --- hostile text ------------------------------------------------------------------------------------------

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = [*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0)), *BIDI]


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "md"])
@pytest.mark.parametrize("single", [False, True], ids=["rows", "record"])
def test_hostile_text_is_never_written_raw(format: str, single: bool) -> None:
    """No control, escape or bidi character in a value, key or title reaches the output, in any place."""
    hostile = "x".join(CONTROLS)
    values = {"v": hostile, "list": [hostile], "map": {hostile: hostile}}
    columns = [Column(name, "T\x1b]0;x\x07\n\u202e") for name in values]
    out = io.StringIO()
    if single:
        output.record(values, columns, format, out, zone=SHANGHAI)
    else:
        output.rows([values, values], columns, format, out, zone=SHANGHAI, width=40)
    assert not set(out.getvalue()) & set(CONTROLS) - {"\n"}
    if format.startswith("json"):
        decoded = (
            json.loads(out.getvalue().splitlines()[0]) if format == "jsonl" else json.loads(out.getvalue())
        )
        assert (decoded[0] if isinstance(decoded, list) else decoded) == values


def test_a_cell_cannot_fake_a_row() -> None:
    """A cell of a table stays on its line, whatever it holds; in a record it stays in its column."""
    hostile = "a\nC-9  b\r\nc\rd\x85e\u2028f\u2029g\x0bh\x0ci\x1cj"
    assert written([{"id": hostile}], "table", [Column("id", "ID")]) == (
        "ID\n------------------------\na⏎C-9  b⏎c⏎d�e⏎f⏎g␋h␌i␜j\n"
    )
    out = io.StringIO()
    output.record({"id": hostile}, [Column("id", "ID")], "table", out, zone=SHANGHAI)
    assert out.getvalue() == "ID  a\n    C-9  b\n    c\n    d�e\n    f\n    g␋h␌i␜j\n"


@pytest.mark.parametrize(
    ("text", "keep", "shown"),
    [
        ("张三 ok", "\n\t", "张三 ok"),
        ("a\tb\nc\rd", "\n\t", "a\tb\nc␍d"),
        ("a\tb\nc", "", "a␉b␊c"),
        ("\x1b[2J\x9b31m\x7f", "\n\t", "␛[2J�31m␡"),
        ("a\u202eb\u2066c\u061c", "\n\t", "a�b�c�"),
        ("\udcff", "\n\t", "�"),
        ("全角\u3000空格\u00a0e\u0301\u200d", "\n\t", "全角\u3000空格\u00a0e\u0301\u200d"),
    ],
    ids=["plain", "keep", "none", "escapes", "bidi", "surrogate", "spaces"],
)
def test_clean(text: str, keep: str, shown: str) -> None:
    """What a terminal would obey becomes a visible sign; everything else stays."""
    assert output.clean(text, keep) == shown


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_clean_keeps_the_length(text: str) -> None:
    """Each character becomes one character, so that carets under a text still point where they should."""
    assert len(output.clean(text)) == len(text)
    assert output.clean(output.clean(text)) == output.clean(text)


# --- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("a\nb", "a\nb"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (Decimal("1E+5"), "100000"),
        (Decimal("0E-7"), "0.0000000"),
        (Decimal("-12.50"), "-12.50"),
        (Decimal("1E+400000000"), "1E+400000000"),
        (dt.date(2026, 11, 22), "2026-11-22"),
        (dt.datetime(2026, 11, 22, 16, 30, 59, 999, tzinfo=dt.UTC), "2026-11-23 00:30"),
        (dt.datetime.max.replace(tzinfo=dt.UTC), "9999-12-31 23:59"),
        (["a", "b"], "a; b"),
        (("a",), "a"),
        ([], ""),
        ([1, True], "[1,true]"),
        ({"a": Decimal("1.50")}, '{"a":1.50}'),
        (Step("x", False), '{"code":"x","done":false}'),
    ],
)
def test_text(value: Any, shown: str) -> None:
    """Every kind of value has one form for people: no exponents, local minutes, yes and no."""
    assert output.text(value, SHANGHAI) == shown


def test_encode_json() -> None:
    """JSON keeps decimals exact and Chinese readable, and escapes what a terminal would obey."""
    value = {"a": Decimal("12345678901234567890.10"), "t": "张\x7f\x9b\u202e\x1b"}
    assert output.encode_json(value) == ('{"a":12345678901234567890.10,"t":"张\\u007f\\u009b\\u202e\\u001b"}')
    assert output.encode_json(value, indent=True) == (
        '{\n  "a": 12345678901234567890.10,\n  "t": "张\\u007f\\u009b\\u202e\\u001b"\n}'
    )
    assert output.encode_json(dt.datetime(2026, 11, 22, 16, 30, tzinfo=SHANGHAI)) == '"2026-11-22T08:30:00Z"'


# --- streams and start-up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["json", "jsonl", "csv"])
def test_rows_are_written_while_they_are_read(format: str) -> None:
    """json, jsonl and csv write a row before they ask for the next, and a closed pipe stops the reading."""

    class Pipe(io.StringIO):
        def write(self, text: str) -> int:
            if "C-1" in text:
                raise BrokenPipeError
            return super().write(text)

    taken = []

    def rows() -> Any:
        for row in ROWS:
            taken.append(row["id"])
            yield row

    with pytest.raises(BrokenPipeError):
        output.rows(rows(), COLUMNS, format, Pipe(), zone=SHANGHAI)
    assert taken == ["C-1"]


def test_importing_output_is_light() -> None:
    """Importing the module loads none of the libraries that only some formats need."""
    heavy = {"tabulate", "wcwidth", "csv", "msgspec", "xlsxwriter", "cskit.display.workbook"}
    code = f"import sys, cskit.display.output; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
