"""What the cells of a file's rows mean: columns to fields, text to values.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cskit import edits, fieldnames, records
from cskit.errors import Problem, Usage
from cskit.fieldnames import Place
from cskit.records import Field, Record
from cskit.tabular import Row
from cskit.values import shown

REVISION = "rev"
_REMEMBERED = 4096  # texts of one column whose meaning is kept: dates and choices recur


class Values(NamedTuple):
    """What a row says: values by field, the places of its empty cells, and what does not fit."""

    values: dict[str, Any]
    empty: list[tuple[str, ...]]
    revision: str | None
    problems: list[Problem]


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


class _Titles(NamedTuple):
    """What the columns of a row are, found once for all rows that have the same."""

    columns: tuple[_Column, ...]
    revision: bool
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
        empty, problems = [], []
        for title, name, path, meaning in known.columns:
            value = cells[title]
            if value.__class__ is str:
                try:
                    value = meaning[value] if meaning is not None else value.strip()
                except ValueError as error:
                    problems.append(Problem(row.line, title, shown(value), str(error)))
                    continue
            if value is None or (value.__class__ is str and not value):
                empty.append(path)
            elif name:
                values[name] = value
            else:
                put(values, path, value)
        for title, said in known.unknown.items():
            said = f"{said}; --map '{title}=' leaves it out"
            problems.append(Problem(row.line, title, shown(cells[title]), said))
        revision = cells.get(REVISION) if known.revision else None
        return Values(values, empty, str(revision) if revision else None, problems)

    def title(self, field: str) -> str:
        """Return what the file calls a field, its own name where the file has no column for it."""
        return self._names.get(field, field)

    def refuse_unused(self) -> None:
        """Raise `Usage` where --map names a column that no row had."""
        seen = {title for titles in self._titles for title in titles}
        unused = [title for title in self._mapping if title not in seen]
        if unused and seen:
            raise Usage(
                f"--map: the file has no column {', '.join(map(repr, unused))}",
                f"it has {', '.join(map(repr, sorted(seen)))}",
            )

    def _learn(self, titles: tuple[str, ...]) -> _Titles:
        """Find the fields of a row's columns; unknown ones in the first row are no fault of the row's."""
        found: list[_Column] = []
        unknown: dict[str, str] = {}
        for title in titles:
            target = self._mapping.get(title, title).strip()
            if not target or (target == REVISION and title != ""):
                continue
            try:
                place = self._place(target)
            except ValueError as error:
                unknown[title] = str(error) if target == title else f"{target}: {error}"
                continue
            name = place.path[0] if len(place.path) == 1 else ""
            found.append(_Column(title, name, place.path, self._meaning(place)))
            self._names.setdefault(place.path[0], title)
        self._refuse_twice(found)
        if unknown and not self._titles:
            raise _no_fields(unknown)
        revision = REVISION in titles and self._mapping.get(REVISION, REVISION) == REVISION
        learnt = self._titles[titles] = _Titles(tuple(found), revision, unknown)
        return learnt

    def _place(self, target: str) -> Place:
        place = fieldnames.find(self._model, target)
        if place.path == ("schema",):
            raise ValueError(edits.FIXED["schema"])
        return place

    def _meaning(self, place: Place) -> _Meaning | None:
        if place.info.kind == "text":
            return None
        return self._meanings.setdefault(place.path, _Meaning(place.info, self._zone))

    def _refuse_twice(self, found: Iterable[_Column]) -> None:
        seen: dict[tuple[str, ...], str] = {}
        for column in found:
            if column.path in seen:
                both = f"{seen[column.path]!r} and {column.title!r}"
                raise Usage(
                    f"two columns, {both}, go to the field {'.'.join(column.path)}",
                    "leave one out with --map 'COLUMN='",
                )
            seen[column.path] = column.title


_NO_FIELD = "no such field"


def _no_fields(unknown: Mapping[str, str]) -> Usage:
    listed = [f"{title!r} ({said})".replace(f"({_NO_FIELD}; ", "(") for title, said in unknown.items()]
    named = ", ".join(listed).replace(f" ({_NO_FIELD})", "")
    return Usage(
        f"no field for the column{'s' * (len(unknown) > 1)} {named}",
        "say where a column goes with --map 'COLUMN=field', or leave it out with --map 'COLUMN='",
    )


def put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a field, or at a part or key inside it."""
    for name in path[:-1]:
        inner = values.get(name)
        values[name] = values = dict(inner) if isinstance(inner, dict) else {}
    values[path[-1]] = value
