"""Sheets of paper: escaped, self-contained, laid out; and the same as Markdown and as Word documents."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from cskit.display import paper, paper_docx
from cskit.display.paper import Cell, Grid, Heading, Prose, Question, Rows, Sheet

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</td></table><script>alert(1)</script>",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "<!--><script>alert(1)</script>",
    "&lt;script&gt;",
    "{{7*7}}",
    "<a href=//evil.example>x</a>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<style>@import url(//evil.example)</style>",
    "\x1b[31mred\x07",
    "\u202egnp.exe",
)


def sheet(text: str) -> Sheet:
    """Return a sheet that holds a text in every place there is."""
    return Sheet(
        text,
        [
            Grid([Cell(text, text), Cell(text, text, wide=True)], text),
            Rows((text, text), ((text, text),), text, blank=1),
            Heading(text),
            Prose(text, text),
            Question(text, text, (text,), stacked=True, room=1, note=text),
        ],
        text,
        (text,),
        text,
    )


class _Tags(HTMLParser):
    """Notes every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever a record holds, in every place: no tag, no attribute, no control character of it arrives."""
    plain, nasty = _Tags(), _Tags()
    plain.feed(paper.html([sheet("harmless")]))
    page = paper.html([sheet(text)])
    nasty.feed(page)
    assert nasty.tags == plain.tags
    assert nasty.attributes == plain.attributes
    assert not {"\x1b", "\x07", "\u202e"} & set(page)


def test_a_page_asks_nobody_for_anything() -> None:
    """No script, no link, no image; a policy that forbids them all; A4."""
    page = paper.html([sheet("x")])
    for word in ("<script", "<link", "<img", "url(", "http://", "https://", "@import"):
        assert word not in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "size: A4" in page


def test_a_grid_pairs_cells() -> None:
    """Two beside each other; a wide one takes a line of its own, and nothing is lost."""
    cells = [Cell("a", "1"), Cell("b", "2", wide=True), Cell("c", "3"), Cell("d", "4"), Cell("e", "5")]
    page = paper.html([Sheet("t", [Grid(cells)])])
    rows = page.partition('<table class="grid">')[2].partition("</table>")[0].split("<tr>")[1:]
    assert [row.count("<th>") for row in rows] == [2, 1, 2, 2]
    assert 'colspan="3">2<' in rows[1]


def test_every_sheet_begins_a_page() -> None:
    """Two sheets are divided by a page break."""
    assert paper.html([sheet("a"), sheet("b")]).count("break-before: page") == 1


def test_markdown_is_escaped() -> None:
    """Signs of Markdown in a text are text; a table's cell stays on one line."""
    text = paper.markdown([Sheet("*a*|b", [Rows(("h",), (("x|y\nz",),)), Prose("<b>")])])
    assert text == "# \\*a\\*\\|b\n\n| h |\n| --- |\n| x\\|y⏎z |\n\n\\<b\\>\n"


# --- Word --------------------------------------------------------------------------------------------------

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


def document(*sheets: Sheet) -> docx.document.Document:
    """Return a document as somebody else's program reads it."""
    return docx.Document(io.BytesIO(paper_docx.docx(sheets, NOW)))


def parts(data: bytes) -> dict[str, ElementTree.Element]:
    """Return each part of a document, parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        texts = {name: file.read(name) for name in file.namelist()}
    return {name: ElementTree.fromstring(text) for name, text in texts.items()}  # noqa: S314 - our own


@pytest.mark.parametrize("text", [*NASTY, "\x00\x0b\ufffe\uffff\ud800", "]]>", '{ MACROBUTTON x "y" }'])
def test_no_text_becomes_a_part_of_a_document(text: str) -> None:
    """Whatever a record holds, in every place: no element and no attribute of it arrives, and it is XML."""
    plain = parts(paper_docx.docx([sheet("harmless")], NOW))
    nasty = parts(paper_docx.docx([sheet(text)], NOW))
    for name, part in plain.items():
        shape = [(each.tag, each.attrib) for each in part.iter()]
        assert [(each.tag, each.attrib) for each in nasty[name].iter()] == shape


def test_a_document_asks_nobody_for_anything() -> None:
    """It has the parts that it needs; none is elsewhere, and none runs."""
    found = parts(paper_docx.docx([sheet("x")], NOW))
    assert sorted(found) == [
        "[Content_Types].xml",
        *("_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels"),
        *("word/document.xml", "word/settings.xml", "word/styles.xml"),
    ]
    related = [one.attrib for name, part in found.items() if name.endswith(".rels") for one in part]
    assert len(related) == 4
    assert all("TargetMode" not in one and ":" not in one["Target"] for one in related)
    tags = {each.tag.rpartition("}")[2] for each in found["word/document.xml"].iter()}
    assert not tags & {"hyperlink", "fldSimple", "instrText", "object", "drawing", "pict", "altChunk"}


def test_a_document_is_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sheets at the same moment are the same bytes, whenever they are written."""
    first = paper_docx.docx([sheet("x")], NOW)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert paper_docx.docx([sheet("x")], NOW) == first
    properties = docx.Document(io.BytesIO(first)).core_properties
    assert (properties.title, properties.author, properties.created) == ("x", "cskit", NOW)


def test_a_document_is_for_chinese_on_a4() -> None:
    """The paper is A4, and all letters have a font that has Chinese ones."""
    found = document(sheet("中文"))
    (section,) = found.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    (fonts,) = found.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:rFonts")
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_a_document_holds_what_a_sheet_says() -> None:
    """Titles, a grid whose wide cell takes the line, rows with blank ones, boxes, lines, who signs."""
    found = document(
        Sheet(
            "Case",
            [
                Grid([Cell("a", "1"), Cell("b", "2\n3", wide=True), Cell("c", "4")], "Grid"),
                Rows(("h", "i"), (("x", "yy"),), blank=2),
                Question("1.", "Well?", ("very good", "bad"), room=2, note="if any"),
            ],
            "CP-1",
            ("Signed",),
            "Printed",
        ),
        Sheet("Next", []),
    )
    said = [(one.style.name, one.text) for one in found.paragraphs if one.style and one.text]
    assert said == [
        ("Heading 1", "Case\tNo. CP-1"),
        ("Heading 2", "Grid"),
        ("Normal", "1. Well?"),
        ("Form note", "if any"),
        ("Normal", "☐\xa0very\xa0good\u2003 ☐\xa0bad"),
        ("Form note", "Printed"),
        ("Heading 1", "Next"),
    ]
    assert [one.style.name for one in found.paragraphs if one.style].count("Form line") == 2
    breaks = [one.paragraph_format.page_break_before for one in found.paragraphs]
    assert (breaks[0], breaks.count(True)) == (None, 1)
    grid, rows, signed = ([[cell.text for cell in row.cells] for row in table.rows] for table in found.tables)
    assert grid == [["a", "1", "", ""], ["b", "2\n3", "2\n3", "2\n3"], ["c", "4", "", ""]]
    assert rows == [["h", "i"], ["x", "yy"], ["", ""], ["", ""]]
    assert signed == [["Signed"]]
    assert found.tables[1]._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")


def test_columns_are_as_wide_as_what_they_hold() -> None:
    """A column of numbers is slender; together they take the paper's width to the last unit."""
    found = document(
        Sheet("t", [Rows(("No.", "Duty", "x"), (("1", "answer every call within twenty seconds", "y"),))])
    )
    widths = [int(one.get(qn("w:w"))) for one in found.tables[0]._tbl.xpath("w:tblGrid/w:gridCol")]
    assert widths[1] > 3 * widths[0]
    assert sum(widths) == 10_092
