"""The line of column names above the rows of a file: what it must be, and the columns that are ours.

Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from cskit.errors import BadData, Problem
from cskit.i18n import _, mark
from cskit.values import shown

PROBLEM = (mark("! Problem"), "! 问题")
LINE = (mark("! Line"), "! 行号")
OURS = frozenset((*PROBLEM, *LINE))
"""Titles of the columns that a problems sheet adds to a user's rows; an import leaves them out."""

Heads = Callable[[Sequence[Sequence[str]]], tuple[int, Sequence[str]]]
"""Given a table's first rows, `LOOKED_AT` at most: how many of them are headings, and the columns' names."""
LOOKED_AT = 3

_HIDDEN = "***"
_DIGITS = 5  # so many are more likely somebody's number than a column's name


def checked(cells: Sequence[str], name: str, line: int) -> list[str]:
    """Return the column names of a file; an empty one is allowed while its cells are empty."""
    names = [title.strip() for title in cells]
    if not any(names):
        raise BadData(
            _("{file} has no header").format(file=name), _("a table begins with a line of column names")
        )
    twice = [title for title, times in Counter(names).items() if title and times > 1]
    if twice:
        said = _("{file}: line {line} names {columns} more than once")
        columns = _(", ").join(map(told, twice))
        raise BadData(said.format(file=name, line=line, columns=columns), _("rename all but one of them"))
    return names


def told(title: str) -> str:
    """Return a column's name as an error tells it; a row without names above it may stand in its place."""
    return f"'{shown(title)}'" if sum(map(str.isdigit, title)) < _DIGITS else f"'{_HIDDEN}'"


def nameless(line: int, place: str | int, cell: object) -> Problem:
    """Return the problem of a cell that stands under no name."""
    return Problem(line, "", shown(cell), _("column {column} has no name in the header").format(column=place))
