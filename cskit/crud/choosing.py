"""Which records a command means: ids given or piped in, --where, and the word of confirmation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, NamedTuple

import click

from cskit import preparing, register
from cskit.app import App
from cskit.declarations import RecordType
from cskit.errors import BadRows, Conflict, Problem, Usage
from cskit.i18n import _
from cskit.nouns import counted, noun
from cskit.store.protocol import Document, Filter, Reading

MANY = 100  # changing more than this by --where needs a word of confirmation

IDS = click.argument("ids", nargs=-1, metavar="[ID]...")
REASON = click.option("--reason", metavar="TEXT", help="Why, for the history.")
WHERE = click.option("--where", metavar="EXPR", help="Only those for which this holds.")


def where_option(record_type: RecordType) -> Callable[[Any], Any]:
    """Return the option --where of a command on some records."""
    return WHERE


def condition(app: App, record_type: RecordType, where: str | None) -> Filter | None:
    """Return what --where says as a store's filter, of those records that the noun means."""
    if where is None and record_type.holds is None:
        return None
    from cskit.where import WhereError
    from cskit.where import condition as read

    model, known = app.model(record_type.table), preparing.codes(app, record_type)
    try:
        if where is not None and record_type.holds:  # so that what is wrong is pointed at as it was typed
            read(where, model, zone=app.zone, now=app.now, codes=known)
        return read(_narrowed(record_type, where), model, zone=app.zone, now=app.now, codes=known)
    except WhereError as error:
        said, _end, pointed = error.message.partition("\n")
        hint = "\n".join(part for part in (pointed, error.hint) if part)
        raise Usage(_("--where: {fault}").format(fault=said), hint) from None


def _narrowed(record_type: RecordType, where: str | None) -> str:
    holds = record_type.holds
    own = f'{holds.field} == "{holds.value}"' if holds else ""
    return f"({where}) and {own}" if where and own else where or own


# --- ids from a pipe ---------------------------------------------------------------------------------------


def names_in(ids: Sequence[str]) -> list[str]:
    """Return the ids given, with `-` replaced by those on standard input: one a line, or as JSON."""
    found: list[str] = []
    for name in ids:
        found += _piped() if name == "-" else [name]
    return found


def _piped() -> list[str]:
    from cskit.intake import tabular
    from cskit.intake.encoding import as_utf8

    data, source = tabular.read_source("-")
    plain = as_utf8(data, source, None)
    found: list[str] = []
    problems: list[Problem] = []
    if _PRINTED_JSON.match(plain):
        named = [
            (row.line, row.cells.get("id"))
            for row in tabular.read_rows(plain, source, problems=problems, told=tabular.Told("json"))
        ]
    else:
        named = list(_line_by_line(plain.decode(), problems))
    for line, name in named:
        if isinstance(name, str) and name:
            found.append(name)
        else:
            problems.append(Problem(line, "id", "", _("expected an object with the id of a record")))
    if problems:
        raise BadRows(sorted(problems, key=lambda problem: problem.line), source)
    return found


_PRINTED_JSON = re.compile(rb"\s*(\[|\{[ \t]*\r?\n)")  # an array, or an object over several lines


def _line_by_line(text: str, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    """Yield the id on each line, which stands there alone or in a JSON object."""
    from cskit.intake.strict import Fault, loads

    for number, line in enumerate(text.split("\n"), 1):
        name: Any = line.strip()
        if name.startswith("{"):
            try:
                name = loads(name).get("id")
            except Fault as fault:
                problems.append(Problem(number, fault.column, fault.value, fault.message))
                continue
        elif not name:
            continue
        yield number, name


# --- records to change -------------------------------------------------------------------------------------


class Choice(NamedTuple):
    """The records a command is to change: `names`, those that match `condition`, or both at once.

    `asked` are the numbers of the documents that the user confirmed, None where nobody was asked.
    """

    record_type: RecordType
    names: Sequence[str]
    condition: Filter | None
    asked: Set[int] | None
    sure: bool

    def documents(self, app: App, reading: Reading) -> list[Document]:
        """Return the records; raises `Conflict` where they are not those that were confirmed."""
        if not self.names and self.condition is None:
            return []
        found = register.select(app, reading, self.record_type, self.names, self.condition)
        grown = self.asked is None and self.condition is not None and len(found) > MANY and not self.sure
        if grown or (self.asked is not None and self.asked != _numbers(found)):
            raise Conflict(
                _("this now means {records}, not those of a moment ago").format(
                    records=counted(self.record_type, len(found))
                ),
                _("run the command again"),
            )
        return found


def chosen(
    app: App,
    record_type: RecordType,
    ids: Sequence[str],
    where: str | None,
    doing: str,
    *,
    always: bool = False,
) -> Choice:
    """Return the records to change, confirmed where --where means many of them, or `always`.

    `doing` is what the user is asked, such as "remove {records}". Nobody is asked while a lock is held, so
    they are looked up once before and once inside the transaction.
    """
    if not ids and where is None:
        raise Usage(
            _("which {records}?").format(records=noun(record_type)),
            _("give ids, - to read them from a pipe, or --where"),
        )
    wanted = condition(app, record_type, where)
    names = names_in(ids)
    if ids and not names:  # an empty pipe means nothing, not everything that --where would match
        return Choice(record_type, [], None, None, True)
    if app.sure or (wanted is None and not always):
        return Choice(record_type, names, wanted, None, app.sure)
    found = _numbers(register.select(app, app.reading(), record_type, names, wanted))
    if not always and len(found) <= MANY:
        return Choice(record_type, names, wanted, None, False)
    if found:
        app.confirm(_(doing).format(records=counted(record_type, len(found))))
    return Choice(record_type, names, wanted, found, True)


def _numbers(documents: Sequence[Document]) -> Set[int]:
    return {document.number for document in documents}


def saved(app: App, done: str, sequence: int | None) -> None:
    """Tell what was done, and how to take it back."""
    if sequence is None:
        app.echo(_("{done}; nothing to save").format(done=done))
    else:
        app.echo(
            _("{done}; saved as {sequence} (`cskit undo` takes it back)").format(done=done, sequence=sequence)
        )
