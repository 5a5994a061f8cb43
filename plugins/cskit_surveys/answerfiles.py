"""Files of answers: which column answers which question, and whose answers a row holds.

Must not import click or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cskit import Usage, _
from cskit.errors import Problem
from cskit.values import shown
from cskit_surveys import answers
from cskit_surveys.answers import plain
from cskit_surveys.course import Course
from cskit_surveys.questionnaires import Question, Questionnaire

WHO = "who"
META = {  # what else a column may hold → what it may be called
    WHO: ("who", "response", "respondent", "id", "record", "about", "编号", "答卷编号", "调查对象", "受访者"),
    "customer": ("customer", "客户", "客户编号"),
    "at": (
        *("at", "answered at", "time", "date", "submitted", "submission time", "_submission_time", "end"),
        *("答卷时间", "提交时间", "提交答卷时间", "填写时间", "结束时间"),
    ),
    "channel": ("channel", "渠道"),
    "interviewer": ("interviewer", "访问员", "回访人"),
    "staff": ("staff", "staff concerned", "相关员工"),
}
_TICKED = {"1", "true", "yes", "y", "x", "是", "√", "✓", "选中", "已选"}
_UNTICKED = {"", "0", "false", "no", "n", "否", "-", "(跳过)", "(空)", "未选"}
_LEADING = re.compile(r"^(?:第\s*)?[qn题]?\s*(\d{1,3})\s*(?:题)?\s*[.、．:：)）]?\s*")


class Place(NamedTuple):
    """What a column holds: the answer to a question, one option of it, or something `about` the row."""

    question: Question | None
    option: str = ""
    about: str = ""


class Columns:
    """Finds out what the columns of a file mean; `mapping` is column → question, option, or other content."""

    def __init__(self, asked: Questionnaire, mapping: Mapping[str, str] | None = None) -> None:
        self._asked = asked
        self._questions = list(asked.questions())
        self._mapping = dict(mapping or {})
        self._known: dict[str, Place | None] = {}
        self.unused: dict[str, None] = {}

    def knows(self, title: str) -> bool:
        """Tell whether a title is one that a column of such a file may have."""
        return self._find(title) is not None

    def place(self, title: str) -> Place | None:
        """Return what a column holds, None (and remembered in `unused`) if nothing that is known."""
        if title not in self._known:
            self._known[title] = self._mapped(title) if title in self._mapping else self._find(title)
            if self._known[title] is None and self._mapping.get(title) != "":
                self.unused[title] = None
        return self._known[title]

    def check(self, titles: Sequence[str]) -> None:
        """Raise `Usage` where a mapped column is not there, or two columns answer one thing."""
        absent = [title for title in self._mapping if title not in titles]
        if absent:
            raise Usage(
                _("--map: the file has no column '{column}'").format(column=absent[0]),
                _("there are {names}").format(names=_(", ").join(titles)),
            )
        seen: dict[tuple[str, str, str], str] = {}
        for title in titles:
            place = self.place(title)
            if place is None:
                continue
            key = (place.question.code if place.question else "", place.option, place.about)
            if key in seen:
                raise Usage(
                    _("the columns '{first}' and '{second}' answer the same question").format(
                        first=seen[key], second=title
                    ),
                    _("leave one of them out with --map '{column}='").format(column=title),
                )
            seen[key] = title

    def _mapped(self, title: str) -> Place | None:
        wanted = self._mapping[title]
        if not wanted:
            return None
        found = self._find(wanted)
        if found is None:
            codes = [question.code for question in self._questions]
            raise Usage(
                _("--map {column}={name}: there is no such question").format(column=title, name=wanted),
                _("there are {names}").format(names=", ".join([*codes, *META])),
            )
        return found

    def _find(self, title: str) -> Place | None:
        said = plain(title)
        question = self._question(said)
        if question:
            return Place(question)
        for about, names in META.items():
            if said in names:
                return Place(None, about=about)
        return self._of_option(said)

    def _question(self, said: str) -> Question | None:
        for question in self._questions:
            if said in (question.code, plain(question.text.en), plain(question.text.zh)):
                return question
        found = _LEADING.match(said)
        if not found:
            return None
        rest = said[found.end() :].strip()
        for number, question in enumerate(self._questions, 1):
            if rest in (question.code, plain(question.text.en), plain(question.text.zh)):
                return question
            if not rest and number == int(found[1]):
                return question
        return None

    def _of_option(self, said: str) -> Place | None:
        """Read "kinds/fault", "kinds.fault", "问题(选项)" and "问题:选项": one column for each option."""
        for mark in ("/", ".", ":", "(", "—", "-"):
            head, found, tail = said.rpartition(mark)
            question = self._question(head.strip()) if found else None
            if question is None or question.type != "multi":
                continue
            tail = tail.strip().removesuffix(")").strip()
            for number, option in enumerate(question.options, 1):
                if tail in (option.code, str(number), plain(option.label.en), plain(option.label.zh)):
                    return Place(question, option.code)
        return None


class Said(NamedTuple):
    """What one row says: answers by question, what else is known, and what does not fit."""

    answers: dict[str, Any]
    about: dict[str, str]
    problems: list[Problem]


def read(course: Course, columns: Columns, line: int, cells: Mapping[str, Any]) -> Said:
    """Return what a row of a file says."""
    found: dict[str, Any] = {}
    about: dict[str, str] = {}
    ticked: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for title, text, place in _cells(columns, cells):
        if place.question is None:
            about[place.about] = text.strip()
        elif place.option:
            ticks = ticked.setdefault(place.question.code, [])
            problems += _tick(place, text, ticks, Problem(line, title, shown(text), ""))
        elif not answers.blank(text):
            try:
                found[place.question.code] = course.parse(place.question, text)
            except ValueError as error:
                problems.append(Problem(line, title, shown(text), str(error)))
    for question in course.questions:
        if ticked.get(question.code):
            found[question.code] = answers.in_order(question, ticked[question.code])
    if not problems:
        for code in course.unasked(found):
            said = _("is answered though the answers before it skip it")
            problems.append(Problem(line, code, shown(str(found[code])), said))
    return Said(found, {name: text for name, text in about.items() if text}, problems)


def _cells(columns: Columns, cells: Mapping[str, Any]) -> Iterator[tuple[str, str, Place]]:
    for title, value in cells.items():
        place = columns.place(title)
        if place is not None and value is not None:
            yield title, _text(value), place


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ";".join(_text(one) for one in value)
    return str(value)


def _tick(place: Place, text: str, ticks: list[str], problem: Problem) -> list[Problem]:
    said = plain(text)
    option = next(
        one for one in (place.question.options if place.question else ()) if one.code == place.option
    )
    if said in _TICKED or said in (option.code, plain(option.label.en), plain(option.label.zh)):
        ticks.append(option.code)
    elif said not in _UNTICKED:
        return [problem._replace(message=_("expected 1 or 0 under an option"))]
    return []
