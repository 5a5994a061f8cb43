"""Rows of a file become records: old ones found again, new ones numbered, all bad rows listed at once.

Must not import click.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import edits, masking, numbering, records, refusals, register, stored
from cskit.cells import Cells, Values
from cskit.digests import blake2b
from cskit.edits import Edit
from cskit.errors import BadRows, Exit, PluginFailed, Problem, Usage
from cskit.i18n import _
from cskit.intake import tabular
from cskit.intake.tabular import Row
from cskit.known import Known
from cskit.preparing import preparer
from cskit.preparing import rows as foreign
from cskit.records import Field, Record, masks
from cskit.records.checks import REQUIRED
from cskit.references import References
from cskit.store.protocol import Document, Transaction
from cskit.values import shown

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.declarations import RecordType

_MANY = 10  # from so many bad rows on, a sheet of them is more use than a list


class Counts(NamedTuple):
    """What an import did, in records; `added` and `known` are rows without a name, new and seen before."""

    new: int
    changed: int
    unchanged: int
    created: Mapping[str, int]
    added: int = 0
    known: int = 0


class StaleRows(BadRows):
    """Rows of a file that would undo what was changed since they were exported."""

    exit = Exit.CONFLICT


def import_file(
    app: App,
    record_type: RecordType,
    file: str,
    *,
    told: tabular.Told,
    mapping: Mapping[str, str],
    fixed: Sequence[Edit] = (),
    creating: Collection[str] = (),
    reason: str | None = None,
    problems: str | None = None,
) -> tuple[Counts, int | None]:
    """Import a file, or standard input for "-", in one transaction; return the counts and its sequence.

    Where rows are refused, `problems` names the workbook into which they go with what is wrong with them.
    """
    if problems is not None:
        from cskit.display import problems as problem_sheets

        app.admit_file("--problems")
        problem_sheets.check(app, problems, file)
    data, source = tabular.read_source(file)
    importer: Importer | None = None
    try:
        with uninterrupted(), app.transaction(reason=reason) as tx:
            importer = Importer(app, tx, record_type, mapping=mapping, fixed=fixed, creating=creating)
            rows = importer.rows(data, source, told)
            counts = importer.take(rows if mapping else foreign(app, tx, record_type, rows), source)
            data = b""  # nothing is wrong with it that would be written beside it
    except BadRows as error:
        found = importer.faults if importer else ()
        if problems is not None and importer and found:
            written = tabular.as_written(data, source, told, importer.knows)
            error.hint = problem_sheets.write(app, problems, written, found)
        elif not error.hint and len({fault.line for fault in found}) >= _MANY:
            error.hint = _("--problems FILE.xlsx writes them beside your rows")
        raise
    if problems is not None:
        app.echo(_("nothing was wrong, so {file} was not written").format(file=problems))
    return counts, tx.sequence


class Importer:
    """Takes the rows of one file into one record type, in a transaction that any problem ends.

    `mapping` is column → field, `fixed` what every row starts with, `creating` names the tables to which
    records are added that rows name and nobody knows.
    """

    def __init__(
        self,
        app: App,
        tx: Transaction,
        record_type: RecordType,
        *,
        mapping: Mapping[str, str],
        fixed: Sequence[Edit] = (),
        creating: Collection[str] = (),
    ) -> None:
        self._app, self._tx, self._type = app, tx, record_type
        self._model = app.model(record_type.table)
        self._fields = records.fields(self._model)
        self._cells = Cells(self._model, mapping, _plain(fixed), app.zone)
        self._creating = creating
        self._refs = References(app, tx)
        self._prepare = preparer(app, tx, record_type)
        self._references = [info for info in self._fields.values() if info.ref]
        self._old = Known(tx, record_type.table)
        self._decode = stored.decoder(record_type.table, self._model)
        self._occurrences: dict[str, int] = {}
        self._seen: dict[int | str, int] = {}
        self._new: list[tuple[str, bytes, dt.date | None]] = []
        self._changed = self._unchanged = self._added = self._again = 0
        self._created: dict[str, int] = {}
        self._stale: list[Problem] = []
        self._unread: list[Problem] = []
        self.problems: list[Problem] = []
        self.knows = self._cells.knows

    @property
    def faults(self) -> list[Problem]:
        """Everything found wrong so far, one entry for each cell."""
        return [self._cells.told(problem) for problem in self._unread] + self.problems + self._stale

    def rows(self, data: bytes, source: str, told: tabular.Told) -> Iterator[Row]:
        """Yield the rows of a file that can be read, and note those that cannot."""
        return tabular.read_rows(
            data, source, problems=self._unread, told=told, knows=self.knows, notice=self._app.echo
        )

    def take(self, rows: Iterable[Row], source: str) -> Counts:
        """Import all rows; raises `BadRows` with everything that is wrong in the file."""
        for row in self._foretold(rows):
            self._take(row)
        self._cells.refuse_unused()
        if self._unread or self.problems:
            raise refusals.listed(BadRows(self.faults, source))
        if self._stale:
            hint = _("export again and repeat your changes in the new file")
            raise refusals.listed(StaleRows(self._stale, source, hint))
        new = len(self._new)
        self._number()
        return Counts(new, self._changed, self._unchanged, self._created, self._added, self._again)

    def _number(self) -> None:
        """Give new records their ids, and hand them to the transaction; nothing is held twice meanwhile."""
        self._seen, self._occurrences = {}, {}
        for own, _rest, _day in self._new:  # before any number is given out
            if own:
                register.keep_number(self._tx, self._type, own)
        self._new.reverse()
        while self._new:
            own, rest, day = self._new.pop()
            name = msgspec.json.encode(own or self._new_id(day))
            self._tx.insert(self._type.table, _ID + name + rest)

    def _foretold(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Let rows name each other by id, whichever comes first, where a type refers to itself."""
        if all(info.ref != self._type.table for info in self._references):
            return rows
        found = list(rows)
        for name in (self._cells.read(row).values.get("id") for row in found):
            if isinstance(name, str):
                self._refs.add(self._type.table, name, name)
        return found

    def _take(self, row: Row) -> None:
        said = self._cells.read(row)
        values, problems = said.values, said.problems
        name = values.get("id") or values.get("key")
        content = "" if name else self._content_key(values)
        old = self._old.find(values, content)
        if name:
            problems += self._repeated(row.line, values, old)
        problems += self._resolved(values, row.line)
        wrong = [problem._replace(line=row.line) for problem in self._prepare(values, old is None)]
        problems += self._titled(wrong)
        if problems:
            self.problems += problems + self._also_wrong(values, problems, row.line, old)
        elif old is None and said.revision:
            message = _("was removed since this file was exported; --map 'rev=' adds it again")
            self._stale.append(Problem(row.line, "", shown(name), message))
        elif old is None:
            self._added += bool(content)
            self._insert({**values, "key": content} if content else values, row.line)
        elif content:
            self._unchanged += 1  # the very row it came from, whatever happened to the record since
            self._again += 1
        else:
            self._update(old, said, row.line)

    def _new_id(self, day: dt.date | None) -> str:
        while self._old.has(own := numbering.next_id(self._tx, self._type, day)):
            pass
        return own

    # --- what a row means ---------------------------------------------------------------------------------

    def _content_key(self, values: Mapping[str, Any]) -> str:
        """Name a row that has no name by what it holds and how often that has occurred in the file so far.

        Identical rows can be real (two equal purchases in one day), so the n-th is not the first again.
        """
        text = msgspec.json.encode(values, order="sorted")
        digest = blake2b(text, digest_size=9).hexdigest()
        self._occurrences[digest] = count = self._occurrences.get(digest, 0) + 1
        return f"row:{digest}:{count}"

    def _repeated(self, line: int, values: Mapping[str, Any], old: Document | None) -> list[Problem]:
        """Return the problem of a row that means the same record as an earlier one."""
        names = [str(values[name]) for name in ("id", "key") if values.get(name)]
        tokens: dict[int | str, str] = {old.number: names[0]} if old else {name: name for name in names}
        for token, name in tokens.items():
            if token in self._seen:
                said = _("is the record of line {line} again").format(line=self._seen[token])
                return [Problem(line, "", shown(name), said)]
        self._seen.update(dict.fromkeys(tokens, line))
        return []

    def _resolved(self, values: dict[str, Any], line: int) -> list[Problem]:
        """Put ids in the place of what references name; return those that name nothing."""
        problems = []
        for info in self._references:
            name = values.get(info.name)
            if not isinstance(name, str):
                continue
            known = self._refs.resolve(info, name)
            if known is None and info.create and info.ref in self._creating:
                known = self._create(info, name)
            if known is None:
                said = self._refs.missing(info)
                if info.create:
                    option = f"--create-{info.ref.replace('_', '-')}"
                    said = _("{problem}; {option} would add it").format(problem=said, option=option)
                problems.append(Problem(line, self._cells.title(info.name), shown(name), said))
            else:
                values[info.name] = known
        return problems

    def _create(self, info: Field, name: str) -> str:
        own = self._app.actions[info.create](self._tx, name=name, key=name)
        if not isinstance(own, str):
            said = _("the action {action} did not return the new record's id")
            raise PluginFailed(said.format(action=info.create))
        self._refs.add(info.ref, name, own)
        self._created[info.ref] = self._created.get(info.ref, 0) + 1
        return own

    def _also_wrong(
        self, values: Mapping[str, Any], problems: Sequence[Problem], line: int, old: Document | None
    ) -> list[Problem]:
        """Return what else is wrong with a row that has problems already."""
        built = records.build(self._model, {**values, "id": _NO_ID}, line)
        if not isinstance(built, list):
            return []
        known = {problem.column for problem in problems}
        found = self._titled(built)
        return [
            one for one in found if one.column not in known and (old is None or one.message != _(REQUIRED))
        ]

    def _titled(self, problems: Iterable[Problem]) -> list[Problem]:
        return [problem._replace(column=self._cells.title(problem.column)) for problem in problems]

    # --- what becomes of it -------------------------------------------------------------------------------

    def _insert(self, values: dict[str, Any], line: int) -> None:
        own = values.get("id") or ""
        if own and (said := register.check_id(own) if isinstance(own, str) else _("expected a text")):
            self.problems.append(Problem(line, self._cells.title("id"), shown(own), said))
        hidden = masking.refused(self._model, values, line)
        built = records.build(self._model, {**values, "id": _NO_ID}, line)
        if hidden or isinstance(built, list):
            known = {problem.column for problem in hidden}
            rest = built if isinstance(built, list) else []
            self.problems += self._titled([*hidden, *(one for one in rest if one.column not in known)])
        else:
            raw = edits.encode(built)  # kept as bytes: a tenth of the memory, and the id is still to come
            day = numbering.day_in(self._app, self._type, built)
            self._new.append((own, raw[len(_ID) + len(_NO_ID) + 2 :], day))

    def _update(self, old: Document, said: Values, line: int) -> None:
        before = self._decode(old)
        cleared = said.empty if said.revision else ()
        if edits.known(before, said.values, cleared):
            self._unchanged += 1
            return
        wanted = [Edit(path, "=", None) for path in cleared if path != ("id",)]
        whole = said.whole if said.revision else ()
        for name, value in said.values.items():
            if name in whole:
                wanted.append(Edit((name,), "=", value))
            elif name != "id":
                wanted += _edits(name, value)
        try:
            record, raw = edits.apply(self._model, old.raw, wanted)
        except BadRows as error:
            self.problems += self._titled(problem._replace(line=line) for problem in error.problems)
            return
        if record == before:
            self._unchanged += 1
        elif said.revision and said.revision != register.revision(old.raw):
            message = _("was changed since this file was exported")
            self._stale.append(Problem(line, "", record.id, message))
        elif owned := self._owned(before, record, line):
            self.problems += owned
        else:
            self._tx.replace(self._type.table, old.number, raw)
            self._changed += 1

    def _owned(self, before: Record, after: Record, line: int) -> list[Problem]:
        """Return the changes of fields that a workflow keeps."""
        problems = []
        for changed in register.differences(before, after):
            try:
                edits.refuse_owned(self._fields[changed.field.partition(".")[0]])
            except ValueError as error:
                title, mask = self._cells.title(changed.field), masks.of_name(self._model, changed.field)
                problems.append(Problem(line, title, masks.told(mask, changed.after), str(error)))
        return problems


_ID = b'{"id":'
_NO_ID = "-"  # until a new record gets one


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Keep the cycle collector out: it looks at all of a growing import again and again.

    100 000 rows took 4.5 s of CPU with it and 2.9 without; rows hold no cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _plain(fixed: Iterable[Edit]) -> list[Edit]:
    for edit in fixed:
        if edit.sign != "=" or edit.value is None:
            said = _("--set takes field=value, and {field} is given no value")
            raise Usage(said.format(field=".".join(edit.path)))
    return list(fixed)


def _edits(name: str, value: Any) -> Iterator[Edit]:
    """Yield what a row's value changes: of a group or map only the parts that it names."""
    if isinstance(value, dict):
        for key, part in value.items():
            for edit in _edits(key, part):
                yield edit._replace(path=(name, *edit.path))
    else:
        yield Edit((name,), "=", value)
