"""Answers from a file put into a round's sample: all bad rows at once, nobody answered for twice.

Must not import click or a store.
"""

from __future__ import annotations

import contextlib
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
from cskit_surveys import layouts
from cskit_surveys.answerfiles import Reader, Said
from cskit_surveys.columns import Columns
from cskit_surveys.course import Course
from cskit_surveys.model import Response
from cskit_surveys.rounds import RESPONSES, InRound, asked

if TYPE_CHECKING:
    from cskit import App
    from cskit.intake.tabular import Row
    from cskit.store.protocol import Document, Transaction
    from cskit_surveys.model import Round


class Taken(NamedTuple):
    """What became of a file's rows; `problems` are those of the rows that were refused."""

    answered: int
    unchanged: int
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]


class _Name(msgspec.Struct, frozen=True, gc=False):
    """What a row may call somebody of the sample by."""

    id: str
    record: str
    customer: str | None = None


class Taker:
    """Takes rows of answers into one round, in a transaction.

    `layout` names how the file is laid out: one of `layouts`, "none" for none of them, "" to look.
    """

    def __init__(
        self, app: App, tx: Transaction, survey: Round, mapping: Mapping[str, str], layout: str = ""
    ) -> None:
        self._app, self._tx = app, tx
        self._course = Course(asked(app, survey))
        self._columns = Columns(self._course.asked, mapping, layouts.load(app), layout)
        self._reader = Reader(self._course, self._columns)
        self._known = fields(Response)
        self._decode = decoder(RESPONSES, Response)
        self._sample: dict[str, Document | None] = {}
        self._seen: dict[int, int] = {}
        self._made: list[tuple[int, bytes]] = []
        self._round = survey.id
        name_of = decoder(RESPONSES, _Name)
        for document in tx.read(RESPONSES, where=InRound(survey.id)):
            for name in set(msgspec.structs.astuple(name_of(document))):
                if name:  # a customer with two cases in the sample is no name for either
                    self._sample[name] = None if name in self._sample else document
        self.problems: list[Problem] = []

    def rows(self, data: bytes, source: str, told: tabular.Told) -> Iterable[Row]:
        """Yield the rows of a file that can be read, and note those that cannot."""
        return tabular.read_rows(
            data,
            source,
            problems=self.problems,
            told=told,
            knows=self._columns.knows,
            notice=self._app.echo,
            heads=self._columns.heads,
        )

    def take(self, rows: Iterable[Row], source: str, *, keep_going: bool = False) -> Taken:
        """Put the answers of all rows into the sample.

        Raises `BadRows` with everything that is wrong, unless it is to `keep_going` with the good rows.
        """
        unchanged = 0
        for count, row in enumerate(rows):
            if not count:
                self._columns.check(list(row.cells))
                self._say_layout(source)
            unchanged += self._row(row) is False
        if self.problems and not keep_going:
            raise listed(BadRows(self.problems, source))
        self._sample.clear()  # 100 000 documents need not be held twice
        self._made.sort()  # in the table's order a document is found beside the last: a third of the time
        for number, raw in self._made:
            self._tx.replace(RESPONSES, number, raw)
        return Taken(len(self._made), unchanged, tuple(self.problems), tuple(self._columns.unused))

    def _say_layout(self, source: str) -> None:
        if self._columns.layout is not None:
            said = _("{file}: read as an export of {layout} (--layout names another, or none)")
            self._app.echo(said.format(file=source, layout=self._columns.layout.title))

    def _row(self, row: Row) -> bool | None:
        """Take in one row; tell whether it changed anything, None where it is refused."""
        said = self._reader.read(row.line, row.cells)
        problems = list(said.problems)
        document = self._who(row.line, said, problems)
        about = self._about(row.line, said.about, problems)
        if document is None or problems:
            self.problems += problems
            return None
        response = self._decode(document)
        before = self._course.given(response)
        for code, answer in said.answers.items():
            if code in before and before[code] != answer:
                was = _("was answered with {answer} already").format(answer=shown(str(before[code])))
                problems.append(Problem(row.line, code, shown(str(answer)), was))
        if problems:
            self.problems += problems
            return None
        if not said.answers or before == {**before, **said.answers}:
            return False
        if response.at is None:
            about.setdefault("at", self._app.now)
        if self._columns.layout is not None and response.channel is None:
            about.setdefault("channel", self._columns.layout.channel)
        filled = self._course.filled(response, {**before, **said.answers}, about)
        self._made.append((document.number, edits.encode(filled)))
        return True

    def _who(self, line: int, said: Said, problems: list[Problem]) -> Document | None:
        column = "who" if "who" in said.about else "customer"
        name = said.about.get(column, "")
        if not name:
            problems.append(Problem(line, "", "", _("does not say whose answers these are")))
            return None
        document = self._sample.get(name)
        if document is None:
            wrong = _("is not in the sample of {round}")
            if name in self._sample:
                wrong = _("is in the sample of {round} more than once; give the response's own id")
            problems.append(Problem(line, column, shown(name), wrong.format(round=self._round)))
            return None
        if document.number in self._seen:
            again = _("answered in line {line} already").format(line=self._seen[document.number])
            problems.append(Problem(line, column, shown(name), again))
            return None
        self._seen[document.number] = line
        return document

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
            return self._moment(text)
        return parse(self._known[name], text, dt.UTC)

    def _moment(self, text: str) -> dt.datetime:
        """Read a point in time as people write it, or as the file's service does."""
        try:
            return parse_time(text, self._app.zone)
        except ValueError:
            for form in self._columns.layout.times if self._columns.layout else ():
                with contextlib.suppress(ValueError):
                    found = dt.datetime.strptime(layouts.moment(text), form)  # noqa: DTZ007 - its zone comes next
                    return (found if found.tzinfo else found.replace(tzinfo=self._app.zone)).astimezone(
                        dt.UTC
                    )
            raise
