"""Sheets of paper: escaped, self-contained, laid out; and the same as Markdown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from cskit.display import paper
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
