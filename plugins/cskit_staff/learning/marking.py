"""Answer sheets from a file, marked by an exam: all bad rows at once. Must not import click or a store.

A file has a row for each person: who it is, and the letters ticked for each question by its number.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from cskit import _, edits, register
from cskit.edits import Edit
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.records import parse_day
from cskit.references import References
from cskit.refusals import listed
from cskit.stored import decoder
from cskit.values import shown
from cskit_staff.facts import SITTINGS, TRAININGS
from cskit_staff.learning import exams
from cskit_staff.learning.learning import Exam, Sitting, Training
from cskit_staff.people import people
from cskit_staff.people.entering import actor

if TYPE_CHECKING:
    from cskit import App
    from cskit.intake.tabular import Row
    from cskit.store.protocol import Transaction

_WHO = ("staff", "person", "id", "员工", "员工编号", "工号", "编号")
_DAY = ("on", "date", "考试日期", "日期")
_NUMBER = re.compile(r"(?:q|第)?\s*(\d{1,3})\s*(?:题|\.|、)?")
_BETWEEN = re.compile(r"[\s,;，；、/.]+")


class Marked(NamedTuple):
    """What became of a file's rows: a sitting for each, those known before, columns that mean nothing."""

    sittings: list[Sitting]
    known: int
    unused: tuple[str, ...]


def knows(title: str) -> bool:
    """Tell whether a title is one that a column of such a file may have."""
    return _meaning(title) is not None


def _meaning(title: str) -> str | None:
    said = title.strip().lower()
    if said in _WHO:
        return "staff"
    if said in _DAY:
        return "on"
    found = _NUMBER.fullmatch(said)
    return str(int(found[1])) if found else None


def mark(app: App, tx: Transaction, name: str, data: bytes, source: str) -> Marked:
    """Mark the answer sheets of a file, all or none, and add a sitting for each.

    Who took the course that the exam is about gets the score noted there. A sheet that is known already
    changes nothing. Raises `NotFound` for an exam that there is not, `BadRows` with all that is wrong.
    """
    exam = exams.one_exam(app, tx, name)
    problems: list[Problem] = []
    rows = tabular.read_rows(data, source, problems=problems, knows=knows, notice=app.echo)
    marker = _Marker(app, tx, exam, problems)
    found = [one for one in map(marker.row, rows) if one is not None]
    if problems:
        raise listed(BadRows(problems, source))
    record_type = app.record_type(SITTINGS)
    made = [register.insert(tx, record_type, one) for one in found]
    _note_scores(tx, exam, {one.staff: one for one in found})
    return Marked([one for one in made if isinstance(one, Sitting)], marker.known, tuple(marker.unused))


class _Marker:
    """Makes rows into sittings; what is wrong with any it notes in `problems`."""

    def __init__(self, app: App, tx: Transaction, exam: Exam, problems: list[Problem]) -> None:
        self._app, self._exam, self._problems = app, exam, problems
        self._names = References(app, tx).known(people.STAFF)
        every = map(decoder(SITTINGS, Sitting), tx.read(SITTINGS))
        self._held = {one.staff: one for one in every if one.exam == exam.id}
        self._lines: dict[str, int] = {}
        self.known = 0
        self.unused: dict[str, None] = {}

    def row(self, row: Row) -> Sitting | None:
        """Return the sitting that a row makes, None for one that is known or cannot be read."""
        before = len(self._problems)
        cells = {title: "" if cell is None else str(cell).strip() for title, cell in row.cells.items()}
        staff, day, answers = "", self._exam.on or self._app.today, {}
        for title, cell in cells.items():
            meaning = _meaning(title)
            if meaning == "staff":
                staff = self._who(row.line, title, cell)
            elif meaning == "on":
                day = self._day(row.line, title, cell) or day
            elif meaning is not None and 1 <= int(meaning) <= len(self._exam.questions):
                if letters := self._letters(row.line, title, cell, int(meaning)):
                    answers[meaning] = letters
            else:
                self.unused[title] = None
        if not staff and len(self._problems) == before:
            self._wrong(row.line, "staff", "", _("is missing"))
        if len(self._problems) > before or self._same(row.line, staff, answers):
            return None
        score = exams.marked(self._exam, answers)
        return Sitting(
            id="-",
            exam=self._exam.id,
            staff=staff,
            on=day,
            answers=dict(sorted(answers.items(), key=lambda item: int(item[0]))),
            score=score,
            passed=score >= self._exam.pass_mark,
            marked_by=actor(self._app),
        )

    def _wrong(self, line: int, column: str, value: str, said: str) -> None:
        self._problems.append(Problem(line, column, shown(value), said))

    def _who(self, line: int, title: str, cell: str) -> str:
        own = self._names.get(cell, "")
        if not cell:
            self._wrong(line, title, cell, _("is missing"))
        elif not own:
            self._wrong(line, title, cell, _("no staff member has this id or external key"))
        elif own in self._lines:
            self._wrong(line, title, cell, _("stands in line {line} already").format(line=self._lines[own]))
        self._lines.setdefault(own, line)
        return own

    def _day(self, line: int, title: str, cell: str) -> dt.date | None:
        if not cell:
            return None
        try:
            return parse_day(cell)
        except ValueError as error:
            self._wrong(line, title, cell, str(error))
            return None

    def _letters(self, line: int, title: str, cell: str, number: int) -> str:
        """Return the letters ticked for a question, in order; "" where it is left blank.

        Two of a single choice are an answer as well, and a wrong one.
        """
        asked = self._exam.questions[number - 1]
        letters = "".join(sorted(set(_BETWEEN.sub("", cell).upper())))
        if strange := [letter for letter in letters if letter not in asked.options]:
            said = _("question {number} has no option {letters}; it has {known}")
            known = "".join(asked.options)
            self._wrong(line, title, cell, said.format(number=number, letters="".join(strange), known=known))
        return letters

    def _same(self, line: int, staff: str, answers: dict[str, str]) -> bool:
        """Tell whether a sheet was marked before; other answers of the same person are a bad row."""
        held = self._held.get(staff)
        if held is None:
            return False
        self.known += held.answers == answers
        if held.answers != answers:
            self._wrong(line, "staff", staff, _("was marked as {id}, with other answers").format(id=held.id))
        return True


def _note_scores(tx: Transaction, exam: Exam, found: dict[str, Sitting]) -> None:
    """Note the scores with the course that the exam is about, where none is noted yet."""
    if exam.course is None or not found:
        return
    decode = decoder(TRAININGS, Training)
    for document in list(tx.read(TRAININGS)):
        one = decode(document)
        if one.course == exam.course and one.staff in found and one.after is None:
            wanted = [Edit(("after",), "=", found[one.staff].score)]
            tx.replace(TRAININGS, document.number, edits.apply(Training, document.raw, wanted)[1])
