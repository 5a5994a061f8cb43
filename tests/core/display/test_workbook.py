"""Rows out as workbooks: what each cell is, what a person sees, and that everything comes back."""

# ruff: noqa: DTZ001 - a sheet knows no zone

from __future__ import annotations

import gc
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from cskit.display import workbook
from cskit.display.output import Column
from cskit.errors import BadData
from cskit.records.masks import Mask
from tests.core.display.test_output import COLUMNS, ROWS

SHANGHAI = ZoneInfo("Asia/Shanghai")


def written(rows: list[dict[str, Any]], columns: list[Column], title: str = "Customers") -> bytes:
    """Return a workbook of rows, after checking the count."""
    out = io.BytesIO()
    names = [column.heading for column in columns]
    count = workbook.write(iter(rows), columns, names, out, zone=SHANGHAI, title=title)
    assert count == len(rows)
    return out.getvalue()


def cells(data: bytes) -> list[list[Any]]:
    """Return what another program reads from the first sheet."""
    return list(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows())


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    """Return a part of a workbook."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_cells_are_what_they_are() -> None:
    """Text is text, money and dates are numbers and dates, instants are the clock's in the zone."""
    assert cells(written(ROWS, COLUMNS)) == [
        ["ID", "客户名称", "Amount", "Paid", "Received", "Day", "Tags", "Map"],
        [
            "C-1",
            "张三",
            -1000.0,
            "no",
            datetime(2026, 11, 22, 16, 30, 5),
            date(2026, 11, 22),
            "a; 乙",
            '{"level":1}',
        ],
        ["C-2", "1e5", 0.5, "yes", "", "", "", '{"code":"x","done":true}'],
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "=1+1"),
        ("http://example.com", "http://example.com"),
        ("007", "007"),
        ("'x", "'x"),
        (" blanks ", " blanks "),
        ("a\r\nb\rc\nd\te", "a\r\nb\rc\nd\te"),
        ("\x01\x1f\x7f\x85\u2028", "\x01\x1f\x7f\x85\u2028"),
        ("_x000D_ _x0041_", "_x000D_ _x0041_"),
        ("👩‍👩‍👧‍👦<&>\"'", "👩‍👩‍👧‍👦<&>\"'"),
        ("x" * 32_767, "x" * 32_767),
        (999_999_999_999_999, 999_999_999_999_999.0),
        (1_000_000_000_000_000, "1000000000000000"),
        (Decimal("12345678901234.5"), 12345678901234.5),
        (Decimal("12345678901234.56"), "12345678901234.56"),
        (Decimal("1E+20"), "100000000000000000000"),
        (Decimal("NaN"), "NaN"),
        (2.5, 2.5),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        (datetime(1800, 1, 1, tzinfo=UTC), "1800-01-01T00:00:00Z"),
        (datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC), "2026-01-01T00:00:00.000005Z"),
        # An hour that the clock had twice, in 1991, when there was summer time
        (datetime(1991, 9, 14, 17, 30, tzinfo=UTC), "1991-09-14T17:30:00Z"),
        (datetime(1991, 9, 14, 16, 30, tzinfo=UTC), datetime(1991, 9, 15, 1, 30)),
        (["=a", "b"], "=a; b"),
        (["a;b"], '["a;b"]'),
    ],
)
def test_nothing_is_lost(value: Any, cell: Any) -> None:
    """What a sheet cannot keep as a number or a date is its text; no text becomes a formula or a link."""
    data = written([{"v": value}], [Column("v", "V")])
    found = cells(data)[1][0]
    assert (found, type(found)) == (cell, type(cell))
    assert "<f>" not in part(data)
    assert "hyperlink" not in part(data)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x" * 32_768, "C-7: Note holds more than 32767 characters, which is all that a cell takes"),
        ("😀" * 16_384, "C-7: Note holds more than 32767 characters, which is all that a cell takes"),
        ("\uffff", "C-7: Note holds characters that a workbook cannot keep"),
        ("_x005F_x000D_", "C-7: Note holds characters that a workbook cannot keep"),
    ],
    ids=["long", "long-in-utf-16", "no-character", "escapes"],
)
def test_what_no_cell_holds_is_refused(value: str, said: str) -> None:
    """Nothing is cut or changed: the record and the field are named."""
    with pytest.raises(BadData) as caught:
        written([{"id": "C-6"}, {"id": "C-7", "note": value}], [Column("id", "ID"), Column("note", "Note")])
    assert caught.value.message == said
    assert caught.value.hint == "leave the field out with --fields, or export as csv or jsonl"


def test_more_rows_than_a_sheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet has an end."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    assert len(cells(written([{"v": 1}] * 2, [Column("v", "V")]))) == 3
    with pytest.raises(BadData, match=r"^a sheet holds 2 rows at most$"):
        written([{"v": 1}] * 3, [Column("v", "V")])


CHOICES = [
    Column("id", "ID"),
    Column("kind", "Kind", kind="choice", choices={"a": "甲", "b": "乙"}),
    Column("paid", "Paid", kind="boolean"),
    Column("long", "Long", kind="choice", choices={f"c{n}": f"choice number {n}" for n in range(40)}),
    Column("comma", "Comma", kind="choice", choices={"x": "x, y", "z": "z"}),
    Column("amount", "Amount", "right", "decimal"),
]


def test_what_a_person_gets() -> None:
    """The header stays in sight and has a filter; columns are as wide as they need; choices drop down."""
    data = written([{"id": "C-1", "kind": "a", "long": "c3", "amount": Decimal("12.50")}], CHOICES, "客户")
    sheet = part(data)
    assert cells(data)[1][:2] == ["C-1", "甲"]
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:F2"/>' in sheet
    lists = dict(re.findall(r'<dataValidation [^>]*sqref="([^"]+)"><formula1>(.*?)</formula1>', sheet))
    assert lists == {
        "B2:B502": '"甲,乙"',
        "C2:C502": '"yes,no"',
        "D2:D502": "choices!$A$1:$A$40",
        "E2:E502": "choices!$B$1:$B$2",
    }
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["客户", "choices"]
    assert 'name="choices" sheetId="2" state="hidden"' in part(data, "xl/workbook.xml")
    assert 'formatCode="0.00"' in part(data, "xl/styles.xml")
    assert sheet.index("<cols>") < sheet.index("<sheetData>")


def test_widths_count_chinese_twice() -> None:
    """A column is as wide as its widest cell or title, up to what fits a screen."""
    columns = [Column("a", "A"), Column("b", "B"), Column("c", "C"), Column("d", "A long title")]
    data = written([{"a": "客户" * 10, "b": "x" * 40, "c": "y" * 200, "d": "1"}], columns)
    found = re.findall(r'<col min="(\d)" max="(\d)" width="([\d.]+)"', part(data))
    assert [(first, last, round(float(width))) for first, last, width in found] == [
        ("1", "2", 44),
        ("3", "3", 61),
        ("4", "4", 18),
    ]


def test_rows_are_as_high_as_their_lines() -> None:
    """A row shows all lines of its highest cell, up to ten; another row is as high as any."""
    columns = [Column("a", "A"), Column("b", "B")]
    rows = [{"a": "1\n2\n3", "b": "1\n2"}, {"a": "1", "b": "2"}, {"a": "1", "b": "\n" * 50}]
    heights = re.findall(r'<row r="(\d)"[^>]*? ht="([\d.]+)"', part(written(rows, columns)))
    assert heights == [("2", "45"), ("4", "150")]


def test_the_mark_of_personal_data() -> None:
    """A workbook with personal data says so on every page and in its properties; another does not."""
    mark = "Internal: contains personal data"
    columns = [Column("id", "ID"), Column("phone", "Phone", mask=Mask())]
    marked = written([{"id": "C-1", "phone": "138"}], columns, "A & B")
    assert f"<oddHeader>&amp;LA &amp;&amp; B&amp;R{mark}</oddHeader>" in part(marked)
    assert mark in part(marked, "docProps/core.xml")
    plain = written([{"id": "C-1"}], columns[:1])
    assert mark not in part(plain) + part(plain, "docProps/core.xml")


@pytest.mark.parametrize(
    ("title", "name"),
    [("客户", "客户"), ("a/b[c]*?:\\d", "a b c     d"), ("'x'", "x"), ("x" * 40, "x" * 31), ("", "cskit")],
)
def test_sheet_names(title: str, name: str) -> None:
    """A title becomes what a sheet may be called."""
    assert workbook.sheet_name(title) == name


def test_the_same_rows_make_the_same_bytes() -> None:
    """Nothing in a workbook tells when it was written, so that an export of a past day can be compared."""
    data = written(ROWS, COLUMNS)
    assert data == written(ROWS, COLUMNS)
    assert set(re.findall(r"[-0-9]+T[:0-9]+Z", part(data, "docProps/core.xml"))) == {"1980-01-01T00:00:00Z"}
    moments = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert {moment[0] for moment in moments} == {1980}


def test_no_rows() -> None:
    """Nothing found is a workbook with its header."""
    assert cells(written([], COLUMNS[:2])) == [["ID", "客户名称"]]


class Full(io.BytesIO):
    """A file for which there is room for so many bytes."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 3000:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_medium_is_said_once(recwarn: pytest.WarningsRecorder) -> None:
    """What zipfile does when it is thrown away fails silently: the first failure is the one that is told."""
    names = [column.heading for column in COLUMNS]
    with pytest.raises(OSError, match="No space left"):
        workbook.write(iter(ROWS), COLUMNS, names, Full(), zone=SHANGHAI, title="Customers")
    gc.collect()  # an exception in a destructor would be a warning, and so an error
    assert list(recwarn) == []
