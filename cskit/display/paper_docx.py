"""Sheets of paper as a Word document for A4, in which nothing runs and nothing is fetched.

The parts of the file are written as they are: a form needs few of Word's things, and the same sheets at the
same moment are the same bytes. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
import html as escaping
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from wcwidth import wcswidth

from cskit import i18n
from cskit.display.paper import BOX, Cell, Grid, Part, Prose, Question, Rows, Sheet, pairs
from cskit.i18n import _
from cskit.values import lines

_WIDTH = 10_092  # twentieths of a point, as all measures here: A4 without its margins
_GRID = (0.19, 0.31, 0.19, 0.31)  # shares of the width
_ROOM = 88  # places of letters in the width: of 10.5 points, digits are 5.8 wide
_SLENDER = 5  # places of letters that a column of a table has at least
_BOLD = 1.15  # as much wider are bold letters
_APART = 3  # places of letters that a cell's margins take
_NONE = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")  # which XML cannot hold
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of the parts in the file: the earliest there is

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_W = f'xmlns:w="{_FORMATS}/wordprocessingml/2006/main"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = f"{_FORMATS}/officeDocument/2006/relationships"
_TYPES = f"""{_XML}<Types xmlns="{_FORMATS}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>
<Override PartName="/word/settings.xml" ContentType="{_WORD}.settings+xml"/>
<Override PartName="/docProps/core.xml"
 ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
_PARTS = f"""{_XML}<Relationships xmlns="{_FORMATS}/package/2006/relationships">
<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="word/document.xml"/>
<Relationship Id="rId2" Target="docProps/core.xml"
 Type="{_FORMATS}/package/2006/relationships/metadata/core-properties"/>
</Relationships>"""
_OF_DOCUMENT = f"""{_XML}<Relationships xmlns="{_FORMATS}/package/2006/relationships">
<Relationship Id="rId1" Type="{_RELATED}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{_RELATED}/settings" Target="settings.xml"/>
</Relationships>"""
_SETTINGS = f"""{_XML}<w:settings {_W}><w:compat><w:compatSetting w:name="compatibilityMode"
 w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"""

# The fonts come with Word; elsewhere others are put in their place.
_STYLES = f"""{_XML}<w:styles {_W}>
<w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Microsoft YaHei" w:cs="Arial"/>
<w:color w:val="111111"/><w:sz w:val="21"/><w:szCs w:val="21"/>
<w:lang w:val="LANGUAGE" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/>
<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="2" w:color="111111"/></w:pBdr>
<w:tabs><w:tab w:val="right" w:pos="{_WIDTH}"/></w:tabs><w:spacing w:after="160"/>
<w:outlineLvl w:val="0"/></w:pPr>
<w:rPr><w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/>
<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="80"/>
<w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="23"/><w:szCs w:val="23"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Prose"><w:name w:val="Form prose"/>
<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="120"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Note"><w:name w:val="Form note"/>
<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40"/></w:pPr>
<w:rPr><w:color w:val="555555"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Line"><w:name w:val="Form line"/>
<w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="777777"/>
<w:between w:val="single" w:sz="4" w:space="1" w:color="777777"/></w:pBdr><w:spacing w:before="160"/></w:pPr>
</w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Gap"><w:name w:val="Form gap"/>
<w:basedOn w:val="Normal"/><w:rPr><w:sz w:val="12"/><w:szCs w:val="12"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Label"><w:name w:val="Form label"/>
<w:basedOn w:val="Normal"/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="113" w:type="dxa"/>
<w:right w:w="113" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="Form"><w:name w:val="Form"/>
<w:basedOn w:val="TableNormal"/>
<w:tblPr><w:tblBorders>{
    "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="777777"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
}</w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>
</w:style>
</w:styles>"""
_SECTION = """<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1021" w:right="907" w:bottom="1021"
 w:left="907" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>"""
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
_SIGNED = '<w:tcBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="111111"/></w:tcBorders>'
_TOGETHER = "<w:keepNext/>"


# --- the file ----------------------------------------------------------------------------------------------


def docx(sheets: Sequence[Sheet], now: dt.datetime) -> bytes:
    """Return sheets as the bytes of a document made `now`, each beginning a sheet of paper."""
    body = "".join(said for place, sheet in enumerate(sheets) for said in _sheet(sheet, first=not place))
    language = "zh-CN" if i18n.language() == "zh" else "en-US"
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _PARTS,
        "docProps/core.xml": _properties(sheets[0].title if sheets else "", language, now),
        "word/document.xml": f"{_XML}<w:document {_W}><w:body>{body}{_SECTION}</w:body></w:document>",
        "word/_rels/document.xml.rels": _OF_DOCUMENT,
        "word/settings.xml": _SETTINGS,
        "word/styles.xml": _STYLES.replace("LANGUAGE", language),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _properties(title: str, language: str, now: dt.datetime) -> str:
    made = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_FORMATS}/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_text(title)}</dc:title><dc:creator>cskit</dc:creator><dc:language>{language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified></cp:coreProperties>'
    )


# --- a sheet -----------------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, *, first: bool) -> Iterator[str]:
    number = ""
    if sheet.number:
        said = _run(_("No. {number}").format(number=sheet.number), '<w:b w:val="0"/><w:sz w:val="21"/>')
        number = f"<w:r><w:tab/></w:r>{said}"
    yield _paragraph(_run(sheet.title) + number, "Heading1", "" if first else "<w:pageBreakBefore/>")
    for part in sheet.parts:
        yield from _part(part)
    if sheet.signatures:
        yield from _signed(sheet.signatures)
    if sheet.foot:
        yield _paragraph(_run(sheet.foot), "Note")


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Question):
        yield from _question(part)
        return
    if part.title:
        yield _paragraph(_run(part.title), "Heading2")
    match part:
        case Grid():
            yield from _grid(part.cells)
        case Rows():
            yield from _rows(part)
        case Prose():
            yield _paragraph(_run(part.text), "Prose")


def _question(part: Question) -> Iterator[str]:
    """Yield a question, which stays on one page with what it is answered in."""
    said = [(f"{part.number} {part.text}".strip(), "Normal")]
    if part.note:
        said.append((part.note, "Note"))
    boxes = [f"{BOX}\N{NO-BREAK SPACE}{box}" for box in part.boxes]
    if part.stacked:
        said += [(box, "Normal") for box in boxes]
    elif boxes:
        unbroken = (box.replace(" ", "\N{NO-BREAK SPACE}") for box in boxes)
        said.append(("\N{EM SPACE} ".join(unbroken), "Normal"))
    said += [("", "Line")] * part.room
    for place, (text, style) in enumerate(said, 1):
        yield _paragraph(_run(text), style, _TOGETHER if place < len(said) else "")
    yield _paragraph("", "Gap")


def _signed(signatures: Sequence[str]) -> Iterator[str]:
    """Yield a line for each who signs, below which it says who, with room between the lines."""
    count = 2 * len(signatures) - 1
    widths = _widths([0.06 if place % 2 else 1 for place in range(count)])
    cells = [_cell("", width) for width in widths]
    cells[::2] = [
        _cell(_run(said), width, _SIGNED) for said, width in zip(signatures, widths[::2], strict=True)
    ]
    yield _paragraph("", "Gap", f'{_TOGETHER}<w:spacing w:before="567"/>')
    yield from _table([_row(cells)], widths, "TableNormal")


# --- tables ------------------------------------------------------------------------------------------------


def _grid(cells: Sequence[Cell]) -> Iterator[str]:
    widths = _widths(_GRID)
    rows = []
    for line in pairs(cells):
        shown = []
        for place, cell in enumerate(line):
            width = sum(widths[1:]) if cell.wide else widths[2 * place + 1]
            shown.append(_head(cell.label, widths[2 * place]))
            shown.append(_cell(_run(cell.value), width, '<w:gridSpan w:val="3"/>' if cell.wide else ""))
        if len(line) == 1 and not line[0].wide:
            shown += [_head("", widths[2]), _cell("", widths[3])]
        rows.append(_row(shown))
    yield from _table(rows, widths)


def _rows(part: Rows) -> Iterator[str]:
    widths = _widths(_letters(part))
    rows = [_row(map(_head, part.headings, widths), "<w:tblHeader/>")]  # said again on every page
    for texts in part.rows:
        rows.append(_row(_cell(_run(text), width) for text, width in zip(texts, widths, strict=True)))
    empty = _row([_cell("", width) for width in widths], '<w:trHeight w:val="454" w:hRule="atLeast"/>')
    yield from _table([*rows, *([empty] * part.blank)], widths)


def _letters(part: Rows) -> list[float]:
    """Return how wide each column of a table is: as its longest line; the wide ones share what is left."""
    wanted = []
    for place, column in enumerate(zip(part.headings, *part.rows, strict=True)):
        head, *below = (max(map(wcswidth, lines(text).split("\n"))) for text in column)
        wanted.append((max(head * _BOLD, *below, _SLENDER) + _APART, place))
    given, room = {}, float(_ROOM)
    for done, (width, place) in enumerate(sorted(wanted)):
        given[place] = min(width, room / (len(wanted) - done))
        room -= given[place]
    return [given[place] for place in range(len(wanted))]


def _widths(shares: Sequence[float]) -> list[int]:
    """Divide the width of the paper in proportion to `shares`; nothing is lost by rounding."""
    ends = [round(_WIDTH * end / sum(shares)) for end in accumulate(shares, initial=0)]
    return [end - start for start, end in pairwise(ends)]


def _table(rows: Sequence[str], widths: Sequence[int], style: str = "Form") -> Iterator[str]:
    """Yield a table, and what keeps it apart from a table that follows; nothing for one without cells."""
    if rows and widths:
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'
        )
        yield _paragraph("", "Gap")


def _row(cells: Iterable[str], more: str = "") -> str:
    """Return a row that stays on one page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(cells)}</w:tr>"


def _head(text: str, width: int) -> str:
    return _cell(_run(text), width, _SHADE, "Label")


def _cell(runs: str, width: int, more: str = "", style: str = "Normal") -> str:
    said = _paragraph(runs, style)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>{said}</w:tc>'


# --- text --------------------------------------------------------------------------------------------------


def _paragraph(runs: str, style: str, more: str = "") -> str:
    """Return a paragraph; `more` are properties, which stand in a fixed order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _run(text: str, look: str = "") -> str:
    """Return a text that keeps its lines; `look` are properties of its letters."""
    if not text:
        return ""
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in _text(text).split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{said}</w:r>" if look else f"<w:r>{said}</w:r>"


def _text(text: str) -> str:
    return escaping.escape(lines(text).translate(_NONE), quote=False)
