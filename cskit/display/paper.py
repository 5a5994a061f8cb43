"""Sheets of paper: a title, a labelled grid, tables of rows, questions, a line to sign on; HTML or Markdown.

The HTML is one file for A4 that asks nobody for anything. Must not import click or a store.
"""

from __future__ import annotations

import html as escaping
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cskit import i18n
from cskit.i18n import _
from cskit.values import lines, one_line


class Cell(NamedTuple):
    """A label and what stands beside it; a `wide` one takes the whole width."""

    label: str
    value: str = ""
    wide: bool = False


class Grid(NamedTuple):
    """Labelled values, two beside each other."""

    cells: Sequence[Cell]
    title: str = ""


class Rows(NamedTuple):
    """A table; `blank` empty rows follow for what is written by hand."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    blank: int = 0


class Heading(NamedTuple):
    """A title between parts."""

    title: str


class Prose(NamedTuple):
    """A paragraph; `title` stands above it."""

    text: str
    title: str = ""


class Question(NamedTuple):
    """A question with boxes to tick, in a line or below each other (`stacked`), or with lines to write on."""

    number: str
    text: str
    boxes: Sequence[str] = ()
    stacked: bool = False
    room: int = 0
    note: str = ""


Part = Grid | Rows | Heading | Prose | Question


class Sheet(NamedTuple):
    """A form as it is printed; `number` is the record's, `signatures` who signs (recorded, reviewed, …)."""

    title: str
    parts: Sequence[Part]
    number: str = ""
    signatures: Sequence[str] = ()
    foot: str = ""


BOX = "☐"
_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", sans-serif;
  color: #111; background: #fff; max-width: 178mm; margin: 8mm auto; padding: 0 4mm; }
header { display: flex; align-items: baseline; justify-content: space-between;
  border-bottom: 1.5pt solid #111; }
h1 { font-size: 16pt; margin: 0 0 2mm; } h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm; }
table { width: 100%; border-collapse: collapse; margin: 0 0 3mm; page-break-inside: auto; }
tr { page-break-inside: avoid; } thead { display: table-header-group; }
th, td { border: .5pt solid #777; padding: 1.2mm 2mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; white-space: pre-line; }
th { font-weight: 600; background: #f2f2f2; } .grid th { width: 17%; } .grid td { width: 33%; }
.blank td { height: 8mm; } .question { page-break-inside: avoid; margin: 0 0 3.5mm; }
.question p { margin: 0 0 1mm; }
.boxes span { margin-right: 6mm; white-space: nowrap; display: inline-block; }
.stacked span { display: block; } .note { color: #555; font-size: 9pt; }
.line { border-bottom: .5pt solid #777; height: 8mm; }
.signatures { display: flex; gap: 6mm; margin-top: 10mm; page-break-inside: avoid; }
.signatures div { flex: 1; border-top: .5pt solid #111; padding-top: 1mm; }
footer { color: #555; font-size: 9pt; margin-top: 6mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""
_WIDE = ' colspan="3"'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


# --- HTML --------------------------------------------------------------------------------------------------


def html(sheets: Sequence[Sheet]) -> str:
    """Return sheets as one HTML page, each beginning a sheet of paper; all text is escaped."""
    language = "zh-CN" if i18n.language() == "zh" else "en"
    title = escaped(sheets[0].title) if sheets else ""
    bodies = '\n<div style="break-before: page"></div>\n'.join(_sheet(sheet) for sheet in sheets)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{bodies}\n</body>\n</html>\n"
    )


def escaped(text: str) -> str:
    """Return a text of which no browser makes markup, without control characters."""
    return escaping.escape(lines(text), quote=True)


def _sheet(sheet: Sheet) -> str:
    number = f"<span>{escaped(_('No. {number}').format(number=sheet.number))}</span>" if sheet.number else ""
    said = [f"<header><h1>{escaped(sheet.title)}</h1>{number}</header>", *map(_part, sheet.parts)]
    if sheet.signatures:
        signed = "".join(f"<div>{escaped(one)}</div>" for one in sheet.signatures)
        said.append(f'<div class="signatures">{signed}</div>')
    if sheet.foot:
        said.append(f"<footer>{escaped(sheet.foot)}</footer>")
    return "\n".join(said)


def _part(part: Part) -> str:
    match part:
        case Grid():
            return _heading(part.title) + _grid(part.cells)
        case Rows():
            return _heading(part.title) + _rows(part)
        case Heading():
            return _heading(part.title).rstrip()
        case Prose():
            return f"{_heading(part.title)}<p>{escaped(part.text)}</p>"
    return _question(part)


def _heading(title: str) -> str:
    return f"<h2>{escaped(title)}</h2>\n" if title else ""


def _grid(cells: Sequence[Cell]) -> str:
    rows = []
    for pair in pairs(cells):
        shown = "".join(
            f"<th>{escaped(cell.label)}</th><td{_WIDE if cell.wide else ''}>{escaped(cell.value)}</td>"
            for cell in pair
        )
        if len(pair) == 1 and not pair[0].wide:
            shown += "<th></th><td></td>"
        rows.append(f"<tr>{shown}</tr>")
    return f'<table class="grid">{"".join(rows)}</table>'


def pairs(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells of each line of a grid: two, or a wide one alone."""
    line: list[Cell] = []
    for cell in cells:
        if line and (cell.wide or len(line) == 2):
            yield line
            line = []
        line.append(cell)
        if cell.wide:
            yield line
            line = []
    if line:
        yield line


def _rows(part: Rows) -> str:
    head = "".join(f"<th>{escaped(title)}</th>" for title in part.headings)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in part.rows)
    empty = f'<tr class="blank">{_cells([""] * len(part.headings))}</tr>' * part.blank
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}{empty}</tbody></table>"


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{escaped(cell)}</td>" for cell in row)


def _question(part: Question) -> str:
    said = [f"<p>{escaped(f'{part.number} {part.text}'.strip())}</p>"]
    if part.note:
        said.append(f'<p class="note">{escaped(part.note)}</p>')
    if part.boxes:
        boxes = "".join(f"<span>{BOX} {escaped(box)}</span>" for box in part.boxes)
        way = "boxes stacked" if part.stacked else "boxes"
        said.append(f'<div class="{way}">{boxes}</div>')
    said += ['<div class="line"></div>'] * part.room
    return f'<div class="question">{"".join(said)}</div>'


# --- Markdown ----------------------------------------------------------------------------------------------


def markdown(sheets: Sequence[Sheet]) -> str:
    """Return sheets as Markdown, one below the other."""
    return "\n---\n\n".join("\n".join(_marked(sheet)) + "\n" for sheet in sheets)


def _marked(sheet: Sheet) -> Iterator[str]:
    yield f"# {_plain(sheet.title)}"
    if sheet.number:
        yield from ("", _plain(_("No. {number}").format(number=sheet.number)))
    for part in sheet.parts:
        yield ""
        if not isinstance(part, Question) and part.title:
            yield from (f"## {_plain(part.title)}", "")
        match part:
            case Grid():
                yield from (f"- **{_plain(cell.label)}**: {_plain(cell.value)}" for cell in part.cells)
            case Rows():
                yield _row(part.headings)
                yield _row(["---"] * len(part.headings))
                yield from map(_row, [*part.rows, *([[""] * len(part.headings)] * part.blank)])
            case Prose():
                yield _plain(part.text)
            case Question():
                yield f"**{_plain(f'{part.number} {part.text}'.strip())}**"
                yield from ("", _plain(part.note)) if part.note else ()
                yield from ("", *(f"- [ ] {_plain(box)}" for box in part.boxes)) if part.boxes else ()
    if sheet.signatures:
        yield from ("", "　　".join(f"{_plain(one)} ________" for one in sheet.signatures))
    if sheet.foot:
        yield from ("", _plain(sheet.foot))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Return a text on one line in which nothing is Markdown, HTML or a link."""
    shown = one_line(text)
    for sign in "\\`*_[]<>|#":
        shown = shown.replace(sign, "\\" + sign)
    return shown
