"""Workbooks for tests: ordinary ones, and ones made by hand that no spreadsheet program writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PROLOG = '<?xml version="1.0"?>'
_TYPES = (
    f'{_PROLOG}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_BOOK = (
    f'{_PROLOG}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>'
SHEET = "xl/worksheets/sheet1.xml"


def book(
    *sheets: tuple[str, Sequence[Sequence[Any]]],
    hidden: Sequence[str] = (),
    formats: Mapping[tuple[int, int], str] = {},
) -> bytes:
    """Return a workbook of sheets by name with rows of cells; None leaves a cell out.

    A text that begins with # is an error such as #N/A; `formats` are number formats by row and column.
    """
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        sheet = made.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                form = formats.get((y, x))
                look = [made.add_format({"num_format": form})] if form else []
                if isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(y, x, "=NA()", *look or [None], cell)
                elif isinstance(cell, str):
                    sheet.write_string(y, x, cell, *look)
                elif cell is not None:
                    sheet.write(y, x, cell, *look)
    made.close()
    return out.getvalue()


def by_hand(
    rows: str | Iterable[bytes],
    *,
    strings: str = "",
    prolog: str = _PROLOG,
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a workbook of one sheet whose XML is `rows`; pieces of bytes are the whole part."""
    if isinstance(rows, str):
        rows = [f'{prolog}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()]
    links = (("officeDocument", "xl/workbook.xml"),)
    inner = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _links(links))
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _links(inner))
        archive.writestr("xl/sharedStrings.xml", f'{prolog}<sst xmlns="{_MAIN}">{strings}</sst>')
        with archive.open(SHEET, "w") as part:
            for piece in rows:
                part.write(piece)
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_PROLOG}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def lying(data: bytes, size: int = 1000) -> bytes:
    """Return a workbook that says its sheet is `size` bytes long, whatever it is."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(SHEET).header_offset
    central = data.find(SHEET.encode(), data.find(b"PK\x01\x02")) - 46
    changed[local + 22 : local + 26] = changed[central + 24 : central + 28] = struct.pack("<I", size)
    return bytes(changed)
