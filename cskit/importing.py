"""Rows of a file become records: columns to fields, old records found again, all bad rows listed at once.

Must not import click.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cskit import edits, records, register
from cskit.errors import BadRows, Conflict, PluginFailed, Problem, Usage
from cskit.records import Field, Record
from cskit.store.protocol import Document, Transaction
from cskit.tabular import Row

if TYPE_CHECKING:
    from cskit.app import App
    from cskit.hookspecs import RecordType

REVISION = "rev"


class Column(NamedTuple):
    """Where one column of a file goes: a field, or a key or part inside it."""

    title: str
    path: tuple[str, ...]
    info: Field


class Counts(NamedTuple):
    """What an import did, in records."""

    new: int
    changed: int
    unchanged: int
    created: Mapping[str, int]


class _Old(msgspec.Struct):
    id: str = ""
    key: str | None = None


def columns(model: type[Record], titles: Iterable[str], mapping: Mapping[str, str]) -> dict[str, Column]:
    """Find the field of every column: by `mapping`, by name, or by English or Chinese title.

    A column mapped to "" is left out. Raises `Usage` naming all columns that have no field, and fields that
    two columns go to.
    """
    known = records.fields(model)
    named = {name.casefold(): name for name in known}
    for each in known.values():
        named.setdefault(each.en.casefold(), each.name)
        named.setdefault(each.zh.casefold(), each.name)
    found: dict[str, Column] = {}
    unknown = []
    for title in dict.fromkeys(titles):
        target = mapping.get(title, title).strip()
        if not target or target == REVISION:
            continue
        first, _, rest = target.partition(".")
        name = named.get(target.casefold()) or named.get(first.casefold())
        info = known.get(name or "")
        if info is None or (
            rest and info.kind not in ("map", "struct") and name != named.get(target.casefold())
        ):
            unknown.append(f"{title!r}{_near(target, named)}")
        elif rest and info.kind == "struct" and rest not in records.fields(info.of):
            unknown.append(f"{title!r}{_near(rest, dict.fromkeys(records.fields(info.of)))}")
        elif rest and info.kind in ("map", "struct"):
            inner = records.fields(info.of)[rest] if info.kind == "struct" else _text(rest)
            found[title] = Column(title, (info.name, rest), inner)
        else:
            found[title] = Column(title, (info.name,), info)
    if unknown:
        raise Usage(
            f"no field for the column{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}",
            "say where it goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='",
        )
    _refuse_twice(found.values())
    return found


def _text(name: str) -> Field:
    return Field(name, str, "text", False, None, name, name)


def _near(name: str, known: Mapping[str, Any]) -> str:
    import difflib

    near = difflib.get_close_matches(name.casefold(), known, 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _refuse_twice(found: Iterable[Column]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for column in found:
        if column.path in seen:
            both = f"{seen[column.path]!r} and {column.title!r}"
            raise Usage(
                f"two columns, {both}, go to the field {'.'.join(column.path)}", "leave one out with --map"
            )
        seen[column.path] = column.title


class Importer:
    """Takes the rows of one file into one record type, in a transaction that any problem ends."""

    def __init__(
        self,
        app: App,
        tx: Transaction,
        record_type: RecordType,
        *,
        mapping: Mapping[str, str],
        fixed: Sequence[str] = (),
        creating: Sequence[str] = (),
    ) -> None:
        self._app, self._tx, self._type = app, tx, record_type
        self._model = app.model(record_type.table)
        self._fields = records.fields(self._model)
        self._mapping = mapping
        self._fixed = _values(edits.parse(self._model, fixed, app.zone))
        self._creating = creating
        self._refs = register.References(app, tx)
        self._columns: dict[tuple[str, ...], dict[str, Column]] = {}
        self._by_id: dict[str, Document] = {}
        self._by_key: dict[str, Document] = {}
        for document in tx.read(record_type.table):
            old = msgspec.json.decode(document.raw, type=_Old)
            self._by_id[old.id] = document
            if old.key:
                self._by_key[old.key] = document
        self._occurrences: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._counts = {"new": 0, "changed": 0, "unchanged": 0}
        self._created: dict[str, int] = {}
        self.problems: list[Problem] = []

    def take(self, rows: Iterable[Row], source: str) -> Counts:
        """Import all rows; raises `BadRows` with everything that is wrong in the file."""
        for row in rows:
            self._row(row)
        if self.problems:
            raise BadRows(sorted(self.problems, key=lambda problem: problem.line), source)
        return Counts(**self._counts, created=self._created)

    def _row(self, row: Row) -> None:
        values, cleared, problems = self._parse(row)
        revision = row.cells.get(REVISION) or None
        content = "" if values.get("id") or values.get("key") else self._content_key(values)
        old, again = self._find(values, content)
        name = values.get("id") or values.get("key")
        if name and self._seen.setdefault(name, row.line) != row.line:
            said = f"stands in line {self._seen[name]} already"
            problems.append(Problem(row.line, "id" if values.get("id") else "key", name, said))
        problems += self._references(values, row.line)
        if problems:
            self.problems += problems
        elif old is None:
            self._insert(values, content, row.line)
        elif again:
            self._counts["unchanged"] += 1
        else:
            self._update(old, values, cleared if revision else (), revision, row.line)

    def _parse(self, row: Row) -> tuple[dict[str, Any], list[tuple[str, ...]], list[Problem]]:
        """Return the values of a row, the paths of its empty cells, and the cells that do not fit."""
        titles = tuple(row.cells)
        if titles not in self._columns:
            self._columns[titles] = columns(self._model, titles, self._mapping)
        found = self._columns[titles]
        values: dict[str, Any] = dict(self._fixed)
        cleared, problems = [], []
        zone = self._app.zone
        for title, column in found.items():
            cell = row.cells[title]
            if cell is None or cell == "":
                cleared.append(column.path)
                continue
            try:
                value = records.parse(column.info, cell, zone) if isinstance(cell, str) else cell
            except ValueError as error:
                problems.append(Problem(row.line, title, records.shown(cell), str(error)))
                continue
            if len(column.path) == 1:
                values[column.path[0]] = value
            else:
                values.setdefault(column.path[0], {})[column.path[1]] = value
        return values, cleared, problems

    def _content_key(self, values: Mapping[str, Any]) -> str:
        """Name a row that has no name by what it holds and how often that has occurred in the file so far.

        Identical rows can be real (two equal purchases in one day), so the n-th is not the first again.
        """
        text = msgspec.json.encode(values, order="sorted")
        digest = hashlib.blake2b(text, digest_size=9).hexdigest()
        self._occurrences[digest] = count = self._occurrences.get(digest, 0) + 1
        return f"row:{digest}:{count}"

    def _find(self, values: Mapping[str, Any], content: str) -> tuple[Document | None, bool]:
        """Return the record a row means, and whether it came from this very row."""
        if values.get("id"):
            return self._by_id.get(values["id"]), False
        if values.get("key"):
            return self._by_key.get(values["key"]), False
        return self._by_key.get(content), True

    def _references(self, values: dict[str, Any], line: int) -> list[Problem]:
        problems = []
        for name, info in self._fields.items():
            if not info.ref or not isinstance(values.get(name), str):
                continue
            known = self._refs.resolve(info, values[name])
            if known is None and name in self._creating:
                known = self._create(info, values[name])
            if known is None:
                option = f"; --create-{info.ref} would add it" if info.create else ""
                said = f"{info.ref} has no record with this id or external key{option}"
                problems.append(Problem(line, name, values[name], said))
            else:
                values[name] = known
        return problems

    def _create(self, info: Field, name: str) -> str:
        own = self._app.actions[info.create](self._tx, name=name, key=name)
        if not isinstance(own, str):
            raise PluginFailed(f"the action {info.create} did not return the new record's id")
        self._refs.add(info.ref, name, own)
        self._created[info.ref] = self._created.get(info.ref, 0) + 1
        return own

    def _insert(self, values: dict[str, Any], content: str, line: int) -> None:
        own = values.get("id") or ""
        if own and register.check_id(own):
            self.problems.append(Problem(line, "id", own, register.check_id(own)))
            return
        if content:
            values = {**values, "key": content}
        built = records.build(self._model, {"id": "-", **values}, line)
        if isinstance(built, list):
            self.problems += built
            return
        register.insert(self._tx, self._type, built, own)
        self._counts["new"] += 1

    def _update(
        self,
        old: Document,
        values: dict[str, Any],
        cleared: Iterable[tuple[str, ...]],
        revision: str | None,
        line: int,
    ) -> None:
        if revision is not None and revision != register.revision(old.raw):
            raise Conflict(
                f"line {line}: {register.id_of(old)} was changed since this file was exported",
                "export again and repeat your changes in the new file",
            )
        wanted = [edits.Edit(path, "=", None, "") for path in cleared if path[0] != "id"]
        for name, value in values.items():
            if name == "id":
                continue
            if self._fields[name].kind in ("map", "struct") and isinstance(value, dict):
                wanted += [edits.Edit((name, key), "=", part, "") for key, part in value.items()]
            else:
                wanted.append(edits.Edit((name,), "=", value, ""))
        try:
            _, raw = edits.apply(self._model, old.raw, wanted)
        except BadRows as error:
            self.problems += [problem._replace(line=line) for problem in error.problems]
            return
        if raw == old.raw:
            self._counts["unchanged"] += 1
            return
        self._tx.replace(self._type.table, old.number, raw)
        self._counts["changed"] += 1


def _values(fixed: Iterable[edits.Edit]) -> dict[str, Any]:
    """Turn `--set field=value` into the values every row starts with."""
    values: dict[str, Any] = {}
    for edit in fixed:
        if edit.sign != "=" or edit.value is None:
            raise Usage(f"--set takes field=value, not {edit.sign}")
        if len(edit.path) == 1:
            values[edit.path[0]] = edit.value
        else:
            values.setdefault(edit.path[0], {})[edit.path[1]] = edit.value
    return values
