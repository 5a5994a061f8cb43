"""What the cells of a file's rows mean: columns to fields, text to values.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from cskit import edits, fieldnames, records
from cskit.errors import BadData, Problem, Usage
from cskit.fieldnames import Place
from cskit.i18n import _, ngettext
from cskit.intake import headings
from cskit.intake.tabular import Row
from cskit.records import Field, Record, masks
from cskit.records.masks import Mask
from cskit.values import Faulty

REVISION = "rev"
REVISIONS = (REVISION, "Revision", "版本")
"""What the column of revisions may be called: its name, and its titles."""
MOST_COLUMNS = 4096
"""As many as a sheet may have; for each, the field is looked for that its name is nearest to."""
_NAMED = 20  # columns that a message names
_FIRST = ("id", "key", "schema")
_EXAMPLES = 3  # fields that show what column names are
_REMEMBERED = 4096  # texts of one column whose meaning is kept: dates and choices recur


class Values(NamedTuple):
    """What a row says: values by field, the places of its empty cells, and what does not fit.

    `whole` are the maps and groups of which one cell holds all, not a cell a part of it.
    """

    values: dict[str, Any]
    empty: list[tuple[str, ...]]
    revision: str | None
    problems: list[Problem]
    whole: Sequence[str] = ()


class _Meaning(dict[str, Any]):
    """What the texts of a column mean, found out once for each: a quarter of an import's time."""

    def __init__(self, info: Field, zone: dt.tzinfo) -> None:
        super().__init__()
        self._info, self._zone = info, zone

    def __missing__(self, text: str) -> Any:
        value = records.parse(self._info, text, self._zone) if text.strip() else ""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = value
        return value


class _Column(NamedTuple):
    """Where a column goes; `name` is the field unless it goes inside one, `meaning` None for text."""

    title: str
    name: str
    path: tuple[str, ...]
    meaning: _Meaning | None
    mask: Mask | None


class _Titles(NamedTuple):
    """What the columns of a row are, found once for all rows that have the same."""

    columns: tuple[_Column, ...]
    revision: str
    unknown: dict[str, str]


class Cells:
    """Reads rows for one record type; `mapping` says what the file's titles alone do not."""

    def __init__(
        self, model: type[Record], mapping: Mapping[str, str], fixed: Iterable[edits.Edit], zone: dt.tzinfo
    ) -> None:
        self._model, self._mapping, self._zone = model, mapping, zone
        self._fixed = list(fixed)
        self._titles: dict[tuple[str, ...], _Titles] = {}
        self._meanings: dict[tuple[str, ...], _Meaning] = {}
        self._names: dict[str, str] = {}

    def read(self, row: Row) -> Values:
        """Return what a row says; raises `Usage` where the file's columns cannot be told."""
        cells = row.cells
        titles = tuple(cells)
        known = self._titles.get(titles) or self._learn(titles)
        values: dict[str, Any] = {}
        for edit in self._fixed:
            put(values, edit.path, edit.value)
        empty, problems, whole = [], [], []
        for title, name, path, meaning, mask in known.columns:
            value = cells[title]
            if value.__class__ is str:
                try:
                    value = meaning[value] if meaning is not None else value.strip()
                except ValueError as error:
                    if mask is None or not masks.looks_masked(value):  # else it may stand for what is held
                        problems.append(Problem(row.line, title, masks.told(mask, value), str(error)))
                        continue
                    value = value.strip()
            elif value.__class__ is Faulty:
                problems.append(Problem(row.line, title, masks.told(mask, value.value), value.message))
                continue
            if value is None or (value.__class__ is str and not value):
                empty.append(path)
            elif name:
                values[name] = value
                if value.__class__ is dict:
                    whole.append(name)
            else:
                put(values, path, value)
        for title, said in known.unknown.items():
            out = _("{problem}; --map '{column}=' leaves it out").format(problem=said, column=title)
            problems.append(Problem(row.line, title, masks.HIDDEN, out))  # it may be anything
        revision = cells.get(known.revision) if known.revision else None
        return Values(values, empty, str(revision) if revision else None, problems, whole)

    def knows(self, title: str) -> bool:
        """Tell whether a column of this title goes to a field, or is one of ours."""
        target = self._mapping.get(title, title).strip()
        return title in headings.OURS or target in REVISIONS or (bool(target) and self._has(target))

    def title(self, field: str) -> str:
        """Return what the file calls a field, its own name where the file has no column for it."""
        return self._names.get(field, field)

    def told(self, problem: Problem) -> Problem:
        """Return what the file's reader found wrong, without personal data and without a whole row."""
        if not problem.column:
            return problem._replace(value="")
        try:
            place = self._place(self._mapping.get(problem.column, problem.column).strip())
        except ValueError:
            return problem._replace(value=masks.HIDDEN)
        return problem._replace(value=masks.told(masks.of_path(self._model, place.path), problem.value))

    def refuse_unused(self) -> None:
        """Raise `Usage` where --map names a column that no row had."""
        seen = {title for titles in self._titles for title in titles}
        unused = [title for title in self._mapping if title not in seen]
        if unused and seen:
            raise Usage(
                _("--map: the file has no column {columns}").format(columns=_listed(unused)),
                _("it has {columns}").format(columns=_listed(sorted(seen))),
            )

    def _learn(self, titles: tuple[str, ...]) -> _Titles:
        """Find the fields of a row's columns; unknown ones in the first row are no fault of the row's."""
        if len(titles) > MOST_COLUMNS:
            raise BadData(
                ngettext(
                    "a row has {count} column; {most} are the most that is read",
                    "a row has {count} columns; {most} are the most that is read",
                    len(titles),
                ).format(count=len(titles), most=MOST_COLUMNS),
                _("leave out those that are not needed"),
            )
        found: list[_Column] = []
        unknown: dict[str, str] = {}
        revision = ""
        for title in titles:
            target = self._mapping.get(title, title).strip()
            if not target or title in headings.OURS:
                continue
            if target == REVISION or (target in REVISIONS and not self._has(target)):
                revision = title
                continue
            try:
                place = self._place(target)
            except ValueError as error:
                unknown[title] = str(error) if target == title else f"{target}: {error}"
                continue
            name = place.path[0] if len(place.path) == 1 else ""
            mask = masks.of_path(self._model, place.path)
            found.append(_Column(title, name, place.path, self._meaning(place), mask))
            self._names.setdefault(place.path[0], title)
        self._refuse_twice(found)
        if unknown and not self._titles:
            self._refuse_a_row(titles, unknown)
            raise _no_fields(unknown)
        learnt = self._titles[titles] = _Titles(tuple(found), revision, unknown)
        return learnt

    def _refuse_a_row(self, titles: Sequence[str], unknown: Mapping[str, str]) -> None:
        """Refuse names of which none is a field's, or near to one: they are cells, and may be anything."""
        named = [title for title in titles if title and title not in headings.OURS]
        stranger = _("no such field")
        if all(unknown.get(title) == stranger and title not in self._mapping for title in named):
            known = [name for name in records.fields(self._model) if name not in _FIRST][:_EXAMPLES]
            raise Usage(
                _("none of the columns is a field; does the file begin with the names of its columns?"),
                _("such as {names}; or say where each goes with --map 'COLUMN=field'").format(
                    names=",".join(known)
                ),
            )

    def _has(self, target: str) -> bool:
        try:
            return bool(self._place(target))
        except ValueError:
            return False

    def _place(self, target: str) -> Place:
        place = fieldnames.find(self._model, target)
        if place.path == ("schema",):
            raise ValueError(_(edits.FIXED["schema"]))
        return place

    def _meaning(self, place: Place) -> _Meaning | None:
        if place.info.kind == "text":
            return None
        return self._meanings.setdefault(place.path, _Meaning(place.info, self._zone))

    def _refuse_twice(self, found: Iterable[_Column]) -> None:
        seen: dict[tuple[str, ...], str] = {}
        for column in found:
            if column.path in seen:
                said = _("two columns, '{first}' and '{second}', go to the field {field}")
                said = said.format(first=seen[column.path], second=column.title, field=".".join(column.path))
                raise Usage(said, _("leave one out with --map 'COLUMN='"))
            seen[column.path] = column.title


def _no_fields(unknown: Mapping[str, str]) -> Usage:
    nothing = _("no such field")
    listed = []
    for title, said in islice(unknown.items(), _NAMED):
        known = said.removeprefix(nothing).lstrip(";； ")
        name = headings.told(title)
        listed.append(f"{name} ({known})" if known else name)
    return Usage(
        ngettext(
            "no field for the column {columns}", "no field for the columns {columns}", len(unknown)
        ).format(columns=_(", ").join(listed) + (" …" if len(unknown) > _NAMED else "")),
        _("say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='"),
    )


def _listed(titles: Iterable[str]) -> str:
    named = [f"'{title}'" for title in islice(titles, _NAMED + 1)]
    return _(", ").join(named[:_NAMED]) + (" …" if len(named) > _NAMED else "")


def put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a field, or at a part or key inside it."""
    for name in path[:-1]:
        inner = values.get(name)
        values[name] = values = dict(inner) if isinstance(inner, dict) else {}
    values[path[-1]] = value
