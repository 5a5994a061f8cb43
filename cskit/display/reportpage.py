"""A report as one HTML page: print style, light and dark, bars as inline SVG; no script, no request.

A bar is three lines of SVG of our own: pygal takes 189 ms to import and 20 KB a chart, and names its parts by
chance, so that no two pages are the same. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cskit import i18n
from cskit.display.paper import escaped
from cskit.display.report import most_of, said, table_cells, titles
from cskit.i18n import _
from cskit.report import Report
from cskit.sections import Figure, Group, Section, Table

if TYPE_CHECKING:
    from cskit.app import App

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --faint: #666; --line: #d5d5d5;
  --bar: #2f6f9f; --span: #1a1a1a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181b; --faint: #9a9a9a;
  --line: #3a3d42; --bar: #6fa8d6; --span: #e6e6e6; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --line: #bbb;
  --bar: #555; --span: #000; } body { margin: 0; max-width: none; padding: 0; } }
@page { size: A4; margin: 16mm; }
* { box-sizing: border-box; }
body { font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", sans-serif;
  color: var(--ink); background: var(--paper); max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
header { border-bottom: 2px solid var(--ink); } h1 { font-size: 1.5rem; margin: 0; }
header p { margin: .2rem 0 .5rem; color: var(--faint); }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); break-after: avoid; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; break-after: avoid; }
table { width: 100%; border-collapse: collapse; } tr { break-inside: avoid; }
thead { display: table-header-group; }
th, td { padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; font-weight: normal;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-line; }
thead th { color: var(--faint); } .value { text-align: right; font-weight: 600; white-space: nowrap; }
.number { text-align: right; } .span, .n, .note { color: var(--faint); font-size: .87em; }
.span, .n { white-space: nowrap; } .bars th { width: 34%; } .bars .bar { width: 36%; }
.figures th { width: 34%; } svg { width: 100%; height: 1em; display: block; margin: .25em 0; }
rect { fill: var(--bar); } line { stroke: var(--span); stroke-width: 8; }
footer { color: var(--faint); font-size: .87em; margin-top: 2rem; }
"""
_HEIGHT = 100


def html(app: App, report: Report, again: str) -> str:
    """Return a report as a page on its own; `again` is the command that lists the records behind it."""
    title, span = titles(app, report)
    language = "zh-CN" if i18n.language() == "zh" else "en"
    body = "\n".join(_section(app, owned.value) for owned in report.sections)
    foot = _("The records behind each figure: {command}").format(command=again)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escaped(title)} {escaped(span)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escaped(title)}</h1><p>{escaped(span)}</p></header>\n{body}\n"
        f"<footer><p>{escaped(foot)}</p></footer>\n</body>\n</html>\n"
    )


def _policy() -> str:
    """Return what a browser may do with the page: take its one style sheet, known by its hash."""
    import base64
    import hashlib

    stamp = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{stamp}'; base-uri 'none'; form-action 'none'"


def _section(app: App, section: Section) -> str:
    parts = [f"<section>\n<h2>{escaped(section.title)}</h2>"]
    parts += [part for group in section.groups if group.figures for part in _group(group)]
    parts += [part for table in section.tables if table.rows for part in _table(app, table)]
    return "\n".join([*parts, "</section>"])


def _group(group: Group) -> Iterator[str]:
    if group.title:
        yield f"<h3>{escaped(group.title)}</h3>"
    way, most = ("bars" if group.drawn else "figures"), most_of(group)
    yield f'<table class="{way}">'
    for figure in group.figures:
        words = said(figure)
        bar = f'<td class="bar">{_bar(figure, most)}</td>' if group.drawn else ""
        yield (
            f'<tr><th scope="row">{escaped(figure.title)}</th>{bar}<td class="value">{escaped(words.value)}'
            f'</td><td class="span">{escaped(words.span)}</td><td class="n">{escaped(words.basis)}</td>'
            f'<td class="note">{escaped(words.note)}</td></tr>'
        )
    yield "</table>"


def _bar(figure: Figure, most: float) -> str:
    """Draw a figure from 0 to `most`, with a line from where to where it may be."""
    if figure.value is None or most <= 0:
        return ""
    line = ""
    if figure.interval:
        low, high = (_share(one, most) for one in figure.interval)
        line = f'<line x1="{low}" y1="50" x2="{high}" y2="50"/>'
    return (
        f'<svg viewBox="0 0 1000 {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{_share(float(figure.value), most)}" height="{_HEIGHT}"/>{line}</svg>'
    )


def _share(value: float, most: float) -> int:
    return round(1000 * min(1.0, max(0.0, value / most)))


def _table(app: App, table: Table) -> Iterator[str]:
    headings, rows = table_cells(app, table)
    ways = [' class="number"' if column.align == "right" else "" for column in table.columns]
    yield f"<h3>{escaped(table.title)}</h3>"
    head = "".join(
        f'<th scope="col"{way}>{escaped(one)}</th>' for way, one in zip(ways, headings, strict=True)
    )
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    yield from (f"<tr>{_cells(row, ways)}</tr>" for row in rows)
    yield "</tbody></table>"


def _cells(row: Sequence[str], ways: Sequence[str]) -> str:
    return "".join(f"<td{way}>{escaped(cell)}</td>" for way, cell in zip(ways, row, strict=True))
