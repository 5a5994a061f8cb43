"""Answers from a file put into a round's sample: all bad rows at once, nobody answered for twice.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import _, edits
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.records import fields, parse, parse_time
from cskit.refusals import listed
from cskit.stored import decoder
from cskit.values import shown
from cskit_surveys.answerfiles import WHO, Columns, Said, read
from cskit_surveys.course import Course
from cskit_surveys.model import Response
from cskit_surveys.rounds import RESPONSES, InRound, asked

if TYPE_CHECKING:
    from cskit import App
    from cskit.intake.tabular import Row
    from cskit.store.protocol import Transaction
    from cskit_surveys.model import Round


class Taken(NamedTuple):
    """What became of a file's rows; `problems` are those of the rows that were refused."""

    answered: int
    unchanged: int
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]


class _Held(NamedTuple):
    number: int
    response: Response


class Taker:
    """Takes rows of answers into one round, in a transaction."""

    def __init__(self, app: App, tx: Transaction, survey: Round, mapping: Mapping[str, str]) -> None:
        self._app, self._tx = app, tx
        self._course = Course(asked(app, survey))
        self._columns = Columns(self._course.asked, mapping)
        self._known = fields(Response)
        self._names: dict[str, _Held | None] = {}
        self._seen: dict[int, int] = {}
        self._round = survey.id
        decode = decoder(RESPONSES, Response)
        for document in tx.read(RESPONSES, where=InRound(survey.id)):
            held = _Held(document.number, decode(document))
            for name in {held.response.id, held.response.record, held.response.customer}:
                if name:  # a customer with two cases in the sample is no name for either
                    self._names[name] = None if name in self._names else held
        self.problems: list[Problem] = []

    def rows(self, data: bytes, source: str, told: tabular.Told) -> Iterable[Row]:
        """Yield the rows of a file that can be read, and note those that cannot."""
        return tabular.read_rows(
            data, source, problems=self.problems, told=told, knows=self._columns.knows, notice=self._app.echo
        )

    def take(self, rows: Iterable[Row], source: str, *, keep_going: bool = False) -> Taken:
        """Put the answers of all rows into the sample.

        Raises `BadRows` with everything that is wrong, unless it is to `keep_going` with the good rows.
        """
        answered = unchanged = 0
        checked = False
        for row in rows:
            if not checked:
                self._columns.check(list(row.cells))
                checked = True
            changed = self._row(row)
            answered += changed is True
            unchanged += changed is False
        if self.problems and not keep_going:
            raise listed(BadRows(self.problems, source))
        return Taken(answered, unchanged, tuple(self.problems), tuple(self._columns.unused))

    def _row(self, row: Row) -> bool | None:
        """Take in one row; tell whether it changed anything, None where it is refused."""
        said = read(self._course, self._columns, row.line, row.cells)
        problems = list(said.problems)
        held = self._who(row.line, said, problems)
        about = self._about(row.line, said.about, problems)
        if held is None or problems:
            self.problems += problems
            return None
        before = self._course.given(held.response)
        for code, answer in said.answers.items():
            if code in before and before[code] != answer:
                was = _("was answered with {answer} already").format(answer=shown(str(before[code])))
                problems.append(Problem(row.line, code, shown(str(answer)), was))
        if problems:
            self.problems += problems
            return None
        if not said.answers or before == {**before, **said.answers}:
            return False
        response = msgspec.structs.replace(held.response, **about)
        if response.at is None:
            response = msgspec.structs.replace(response, at=self._app.now)
        filled = self._course.filled(response, {**before, **said.answers})
        self._tx.replace(RESPONSES, held.number, edits.encode(filled))
        return True

    def _who(self, line: int, said: Said, problems: list[Problem]) -> _Held | None:
        column = WHO if WHO in said.about else "customer"
        name = said.about.get(column, "")
        if not name:
            problems.append(Problem(line, "", "", _("does not say whose answers these are")))
            return None
        held = self._names.get(name)
        if held is None:
            wrong = _("is not in the sample of {round}")
            if name in self._names:
                wrong = _("is in the sample of {round} more than once; give the response's own id")
            problems.append(Problem(line, column, shown(name), wrong.format(round=self._round)))
            return None
        if held.number in self._seen:
            again = _("answered in line {line} already").format(line=self._seen[held.number])
            problems.append(Problem(line, column, shown(name), again))
            return None
        self._seen[held.number] = line
        return held

    def _about(self, line: int, about: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("at", "channel", "interviewer", "staff"):
            if name not in about:
                continue
            try:
                found[name] = self._value(name, about[name])
            except ValueError as error:
                problems.append(Problem(line, name, shown(about[name]), str(error)))
        return found

    def _value(self, name: str, text: str) -> Any:
        if name == "at":
            moment: dt.datetime = parse_time(text, self._app.zone)
            return moment
        return parse(self._known[name], text, dt.UTC)
