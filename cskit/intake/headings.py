"""The line of column names above the rows of a file: what it must be, and the columns that are ours.

Must not import click or a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cskit.errors import BadData, Problem
from cskit.i18n import _, mark
from cskit.values import shown

PROBLEM = (mark("! Problem"), "! 问题")
LINE = (mark("! Line"), "! 行号")
OURS = frozenset((*PROBLEM, *LINE))
"""Titles of the columns that a problems sheet adds to a user's rows; an import leaves them out."""


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
        columns = _(", ").join(twice)
        raise BadData(said.format(file=name, line=line, columns=columns), _("rename all but one of them"))
    return names


def nameless(line: int, place: str | int, cell: object) -> Problem:
    """Return the problem of a cell that stands under no name."""
    return Problem(line, "", shown(cell), _("column {column} has no name in the header").format(column=place))
