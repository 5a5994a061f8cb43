"""Files of answers: whose answers a row holds, and what its cells say.

Which column answers what is found by `columns`. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cskit import _
from cskit.errors import Problem
from cskit.values import shown
from cskit_surveys import answers
from cskit_surveys.answers import plain
from cskit_surveys.columns import Columns, Place
from cskit_surveys.course import Course

_TICKED = {"1", "true", "yes", "y", "x", "是", "√", "✓", "选中", "已选"}
_UNTICKED = {"", "0", "false", "no", "n", "否", "-", "(跳过)", "(空)", "未选", "n/a"}
_REMEMBERED = 4096  # texts of one question whose meaning is kept: answers recur
_BLANK = object()
_NOWHERE = (1 << 30, "")


class Said(NamedTuple):
    """What one row says: answers by question, what else is known, and what does not fit."""

    answers: dict[str, Any]
    about: dict[str, str]
    problems: list[Problem]


class Reader:
    """Reads the rows of a file of answers to one questionnaire."""

    def __init__(self, course: Course, columns: Columns) -> None:
        self._course, self._columns = course, columns
        self._meanings: dict[str, dict[str, Any]] = {}

    def read(self, line: int, cells: Mapping[str, Any]) -> Said:
        """Return what a row of a file says."""
        found: dict[str, Any] = {}
        about: dict[str, tuple[int, str]] = {}
        ticked: dict[str, list[str]] = {}
        problems: list[Problem] = []
        places = self._columns.places
        for title, value in cells.items():
            place = places[title] if title in places else self._columns.place(title)
            if place is None or value is None:
                continue
            text = value if value.__class__ is str else _text(value)
            if place.question is None:
                text = text.strip()
                if text and not self._columns.blank(text):
                    about[place.about] = min(about.get(place.about, _NOWHERE), (place.rank, text))
            elif place.option:
                ticks = ticked.setdefault(place.question.code, [])
                problems += self._tick(place, text, ticks, Problem(line, title, shown(text), ""))
            else:
                try:
                    answer = self._meaning(title, place, text)
                except ValueError as error:
                    problems.append(Problem(line, title, shown(text), str(error)))
                    continue
                if answer is not _BLANK:
                    found[place.question.code] = answer
        for code, chosen in ticked.items():
            if chosen:
                found[code] = answers.in_order(self._course.question(code), chosen)
        if not problems:
            for code in self._course.unasked(found):
                said = _("is answered though the answers before it skip it")
                problems.append(Problem(line, code, shown(str(found[code])), said))
        return Said(found, {name: text for name, (_rank, text) in about.items()}, problems)

    def _meaning(self, title: str, place: Place, text: str) -> Any:
        """Return the answer that a cell means; `_BLANK` for none."""
        known = self._meanings.setdefault(title, {})
        if text not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            if answers.blank(text) or self._columns.blank(text):
                known[text] = _BLANK
            else:
                assert place.question is not None  # noqa: S101 - asked for by the caller
                known[text] = answers.parse(self._course.asked, place.question, text)
        return known[text]

    def _tick(self, place: Place, text: str, ticks: list[str], problem: Problem) -> list[Problem]:
        said = plain(text)
        assert place.question is not None  # noqa: S101 - asked for by the caller
        if said in _UNTICKED or self._columns.blank(text):
            return []
        if said not in _TICKED and answers.option_of(place.question, text) != place.option:
            return [problem._replace(message=_("expected 1 or 0 under an option"))]
        ticks.append(place.option)
        return []


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ";".join(_text(one) for one in value)
    return str(value)
