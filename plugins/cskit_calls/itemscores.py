"""What was given for the items of a sheet, as files and command lines say it. Knows no click, no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cskit import BadData, _, edits
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.nouns import shortened
from cskit.values import shown
from cskit_calls.scoring import Given

if TYPE_CHECKING:
    from cskit_calls.scoresheets import ScoreSheet

_FULL = {"ok", "pass", "yes", "✓", "√", "满分", "符合", "是"}
_NONE = {"fail", "no", "✗", "x", "不符合", "否"}
_ABSENT = {"n/a", "na", "-", "不适用"}
_COLUMNS = {
    "item": ("item", "评分项", "code"),
    "got": ("got", "points", "得分", "score", "result"),
    "note": ("note", "备注", "说明"),
}
_SHOWN = 8


class Reader:
    """Reads what was given by a sheet: items by code or by text in either language."""

    def __init__(self, sheet: ScoreSheet) -> None:
        self._points = {item.code: Decimal(item.points) for item in sheet.items()}
        self._codes = {code: code for code in self._points}
        for item in sheet.items():
            self._codes |= {item.label.en: item.code, item.label.zh: item.code}
        self._seen: set[str] = set()

    def words(self, words: Iterable[str]) -> list[Given]:
        """Read items as typed: ITEM=POINTS, or ITEM=POINTS:NOTE; raises `BadRows` with all faults."""
        found: list[Given] = []
        problems: list[Problem] = []
        for word in words:
            code, equals, rest = word.partition("=")
            got, _colon, note = rest.partition(":")
            if not equals:
                said = _("expected ITEM=POINTS, or ITEM=POINTS:NOTE")
                problems.append(Problem(0, "--item", shown(word), said))
            else:
                self._read(0, {"item": code, "got": got, "note": note}, found, problems)
        if problems:
            raise edits.refused(problems)
        return found

    def file(self, path: str) -> list[Given]:
        """Read a file with the columns item and points, and maybe note; rows without points are left out.

        Raises `BadRows` with all bad rows.
        """
        data, source = tabular.read_source(path)
        found: list[Given] = []
        problems: list[Problem] = []
        titled = {title: name for name, titles in _COLUMNS.items() for title in titles}
        for row in tabular.read_rows(data, source, problems=problems):
            named = ((titled.get(title.strip().casefold()), value) for title, value in row.cells.items())
            cells = {name: value for name, value in named if name}
            if "item" not in cells or "got" not in cells:
                raise BadData(
                    _("{file}: the columns item and points are needed").format(file=source),
                    _("`cskit call qa sheet show NAME -o csv` writes the items"),
                )
            if _text(cells["got"]):
                self._read(row.line, cells, found, problems)
        if problems:
            raise BadRows(problems, source)
        return found

    def _read(self, line: int, cells: Mapping[str, Any], found: list[Given], problems: list[Problem]) -> None:
        named = _text(cells["item"])
        code = self._codes.get(named)
        if code is None:
            said = _("the sheet has no such item; it has {items}")
            told = said.format(items=shortened(list(self._points), _SHOWN))
            problems.append(Problem(line, "item", shown(named), told))
        elif code in self._seen:
            problems.append(Problem(line, "item", shown(named), _("is there twice")))
        else:
            self._seen.add(code)
            text = _text(cells["got"]).casefold()
            got = None if text in _ABSENT else _points(text, self._points[code])
            if got is None and text not in _ABSENT:
                said = _("expected points from 0 to {most}, ok, fail or n/a").format(most=self._points[code])
                problems.append(Problem(line, code, shown(_text(cells["got"])), said))
            else:
                found.append(Given(code, got, _text(cells.get("note")) or None))


def _points(text: str, most: Decimal) -> Decimal | None:
    """Return the points that a text means, None where it means none from 0 to `most`."""
    if text in _FULL:
        return most
    if text in _NONE:
        return Decimal(0)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= most else None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
