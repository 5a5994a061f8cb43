"""What was found at an item, as files and command lines say it. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import BadData, _, edits
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.values import shown

if TYPE_CHECKING:
    from cskit_property.checks.inspection import Check
    from cskit_property.checks.standards import Placed

FULL = {"ok", "pass", "yes", "✓", "√", "合格", "符合", "是", "满分"}
NONE = {"fail", "no", "✗", "x", "不合格", "不符合", "否"}
ABSENT = {"n/a", "na", "-", "不适用", "无此项"}
COLUMNS = {
    "item": ("item", "检查项", "code"),
    "kept": ("kept", "points kept", "得分", "result", "结果"),
    "finding": ("finding", "检查发现", "问题", "note", "说明"),
    "photos": ("photos", "照片"),
    "serious": ("serious", "严重项", "严重"),
}
_YES = {"yes", "true", "1", "是", "✓", "√"}


class Result(NamedTuple):
    """How an item was found: points kept, None where it does not apply.

    `serious` makes a finding serious that the standard does not.
    """

    code: str
    kept: Decimal | None
    finding: str | None = None
    photos: tuple[str, ...] = ()
    serious: bool = False


class Reader:
    """Reads results of one check: items by code or by text in either language."""

    def __init__(self, check: Check, places: Mapping[str, Placed]) -> None:
        self._points = {item.code: item.points for item in check.items}
        self._codes = {code: code for code in self._points}
        for code in self._points:
            if code in places:
                label = places[code].item.label
                self._codes |= {label.en: code, label.zh: code}
        self._seen: set[str] = set()

    def words(self, words: Iterable[str]) -> list[Result]:
        """Read results as typed: CODE=RESULT, or CODE=RESULT:FINDING; raises `BadRows` with all faults."""
        found, problems = [], []
        for number, word in enumerate(words, 1):
            code, equals, rest = word.partition("=")
            result, _colon, finding = rest.partition(":")
            if not equals:
                said = _("expected ITEM=POINTS, or ITEM=POINTS:FINDING")
                problems.append(Problem(number, "--item", shown(word), said))
                continue
            cells = {"item": code, "kept": result, "finding": finding}
            one, wrong = self._read(number, cells)
            found += [one] if one else []
            problems += wrong
        if problems:
            raise edits.refused([problem._replace(line=0) for problem in problems])
        return found

    def file(self, path: str) -> list[Result]:
        """Read a file with columns item, kept, and maybe finding, photos (; between) and serious.

        Rows without anything in `kept` are still to be recorded. Raises `BadRows` with all bad rows.
        """
        data, source = tabular.read_source(path)
        problems: list[Problem] = []
        found: list[Result] = []
        titled = {title.casefold(): name for name, titles in COLUMNS.items() for title in titles}
        for row in tabular.read_rows(data, source, problems=problems):
            cells = {
                titled[title.strip().casefold()]: value
                for title, value in row.cells.items()
                if title.strip().casefold() in titled
            }
            if "item" not in cells or "kept" not in cells:
                raise BadData(
                    _("{file}: the columns item and kept are needed").format(file=source),
                    _("`cskit property check items ID -o csv` writes a file to fill in"),
                )
            if not _text(cells["kept"]):
                continue
            one, wrong = self._read(row.line, cells)
            found += [one] if one else []
            problems += wrong
        if problems:
            raise BadRows(problems, source)
        return found

    def _read(self, line: int, cells: Mapping[str, Any]) -> tuple[Result | None, list[Problem]]:
        named = _text(cells["item"])
        code = self._codes.get(named)
        if code is None:
            said = _("the check has no such item; it has {items}").format(items=_few(self._points))
            return None, [Problem(line, "item", shown(named), said)]
        if code in self._seen:
            return None, [Problem(line, "item", shown(named), _("is there twice"))]
        self._seen.add(code)
        text = _text(cells["kept"]).casefold()
        kept = None if text in ABSENT else _points(text, self._points[code])
        if kept is None and text not in ABSENT:
            said = _("expected points from 0 to {most}, ok, fail or n/a").format(most=self._points[code])
            return None, [Problem(line, "kept", shown(_text(cells["kept"])), said)]
        photos = tuple(part.strip() for part in _text(cells.get("photos")).split(";") if part.strip())
        marked = _text(cells.get("serious")).casefold() in _YES
        return Result(code, kept, _text(cells.get("finding")) or None, photos, marked), []


def _points(text: str, most: Decimal) -> Decimal | None:
    """Return the points that a result means, None where it means none from 0 to `most`."""
    if text in FULL:
        return most
    if text in NONE:
        return Decimal(0)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= most else None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _few(codes: Collection[str]) -> str:
    shown_ones = list(codes)[:8]
    return ", ".join(shown_ones) + (" …" if len(codes) > len(shown_ones) else "")
