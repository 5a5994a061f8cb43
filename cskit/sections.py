"""What a report is made of: sections with figures, each of which leads to its records, and tables.

Must not import click, a store or what draws them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit.i18n import _
from cskit.intervals import Interval

if TYPE_CHECKING:
    from cskit.display.output import Column

Ids = Callable[[], Collection[str]]
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_VALUES = (int, float, Decimal, type(None))


class Figure(NamedTuple):
    """One figure: its value, of how many records it is made, and which these are.

    `name` is for programs ("on-time", or the code of what is counted, whatever signs it has), `title` for
    people, in their language. `value` is None where there is nothing to make it of, never 0; `unit` is such
    as "%". `n` counts the records of the noun `about` ("case") that the figure is made of, `ids` gives just
    these, and is called only where they are asked for. Of a share, `hits` gives those of them that it counts.
    `interval` is in the value's unit; `few` says that there is too little behind it to rely on; `note` is a
    short remark, such as that a change is real.
    """

    name: str
    title: str
    value: int | float | Decimal | None
    n: int
    about: str
    ids: Ids
    unit: str = ""
    hits: Ids | None = None
    interval: Interval | None = None
    few: bool = False
    note: str = ""


def count(name: str, title: str, ids: Iterable[str], about: str) -> Figure:
    """Return the figure that says how many records there are."""
    found = tuple(ids)
    return Figure(name, title, len(found), len(found), about, lambda: found)


class Group(NamedTuple):
    """Figures that stand together: as lines, or `drawn` as bars, of which `most` is the full length.

    Without `most` the longest bar is full. The group that comes first may have no name and no title.
    """

    figures: Sequence[Figure]
    name: str = ""
    title: str = ""
    drawn: bool = False
    most: float | None = None


class Table(NamedTuple):
    """Rows beside figures, for people; columns with a mask hide personal data as everywhere."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]


class Section(NamedTuple):
    """What one plugin has to say of a period: `name` is for programs ("complaints"), `title` for people."""

    name: str
    title: str
    groups: Sequence[Group]
    tables: Sequence[Table] = ()

    def figures(self) -> Iterator[tuple[Group, Figure]]:
        """Yield every figure with the group it stands in."""
        for group in self.groups:
            for figure in group.figures:
                yield group, figure

    def fault(self) -> str:
        """Say what is wrong with the section, or nothing."""
        if not _named(self.name) or not _said(self.title):
            return _("a section needs a name and a title: {item}").format(item=(self.name, self.title))
        fault = next(_faults(self.groups), "") or next(_table_faults(self.tables), "")
        return fault and _("section '{name}': {fault}").format(name=self.name, fault=fault)


def _faults(groups: object) -> Iterator[str]:
    if not isinstance(groups, list | tuple):
        yield _("{item} is no list of groups").format(item=repr(groups))
        return
    seen: set[tuple[str, str]] = set()
    for group in groups:
        if not (isinstance(group, Group) and isinstance(group.figures, list | tuple)):
            yield _("{item} is no group with a list of figures").format(item=repr(group))
        elif not isinstance(group.name, str) or not isinstance(group.title, str):
            yield _("{item} is no group with a list of figures").format(item=repr(group))
        else:
            for figure in group.figures:
                if fault := _fault(figure):
                    yield _("figure {figure}: {fault}").format(
                        figure=repr(getattr(figure, "name", figure)), fault=fault
                    )
                elif (group.name, figure.name) in seen:
                    yield _("figure {figure}: it is there twice").format(figure=repr(figure.name))
                else:
                    seen.add((group.name, figure.name))


def _table_faults(tables: object) -> Iterator[str]:
    if not isinstance(tables, list | tuple):
        yield _("{item} is no list of tables").format(item=repr(tables))
    elif not all(isinstance(table, Table) and _said(table.title) for table in tables):
        yield _("a table needs a title")


def _fault(figure: object) -> str:
    if not isinstance(figure, Figure):
        return _("expected {type}, not {other}").format(type="Figure", other=type(figure).__name__)
    if not (_said(figure.name) and _said(figure.title) and _said(figure.about)):
        return _("it needs a name, a title, and the noun of its records")
    if isinstance(figure.value, bool) or not isinstance(figure.value, _VALUES):
        return _("{value} is no number").format(value=repr(figure.value))
    if isinstance(figure.n, bool) or not isinstance(figure.n, int) or figure.n < 0:
        return _("{value} is no number of records").format(value=repr(figure.n))
    if not callable(figure.ids) or not (figure.hits is None or callable(figure.hits)):
        return _("ids and hits are functions")
    return ""


def _named(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _said(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())
