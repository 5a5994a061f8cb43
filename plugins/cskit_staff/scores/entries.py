"""Figures that people enter: a row for each person, a column for each indicator.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cskit import _
from cskit.errors import BadRows, Problem
from cskit.intake import tabular
from cskit.refusals import listed
from cskit.values import shown
from cskit_staff.scores.cards import Held
from cskit_staff.scores.measuring import Measured
from cskit_staff.scores.population import Person, Population
from cskit_staff.scores.schemes import Known

if TYPE_CHECKING:
    from cskit import App

_WHO = ("staff", "id", "person", "员工", "员工编号", "工号", "编号")
_NAME, _MONTH = ("name", "姓名"), ("month", "月份")


class Entered:
    """The rows of a file, read before anything is locked."""

    def __init__(self, app: App, path: str) -> None:
        data, self._source = tabular.read_source(path)
        self._problems: list[Problem] = []
        self._rows = list(tabular.read_rows(data, self._source, problems=self._problems, notice=app.echo))

    def values(
        self,
        population: Population,
        wanted: Sequence[tuple[Person, Known]],
        held: Mapping[tuple[str, str], Held],
        month: str,
        measured: Measured,
    ) -> dict[str, dict[str, Decimal]]:
        """Return staff id → indicator → figure; raises `BadRows` with all that is wrong.

        An empty cell says nothing. A card that is confirmed takes nothing any more, nor does an indicator
        that is counted from records.
        """
        schemes = {person.id: known for person, known in wanted}
        done = {own for (own, _month), one in held.items() if one.card.state != "draft"}
        reader = _Reader(month, measured, list(self._problems))
        found: dict[str, dict[str, Decimal]] = {}
        for row in self._rows:
            who = next((title for title in row.cells if title.strip().lower() in _WHO), "")
            own = str(row.cells.get(who) or "").strip()
            wrong = _wrong(population, schemes, done, found, own)
            if wrong:
                reader.problems.append(Problem(row.line, who or "staff", shown(own), wrong))
            else:
                found[own] = reader.figures(row, who, own, schemes[own])
        if reader.problems:
            raise listed(BadRows(reader.problems, self._source))
        return found


def _wrong(
    population: Population,
    schemes: Mapping[str, Known],
    done: set[str],
    found: Mapping[str, object],
    own: str,
) -> str:
    """Say why a row's person is none that can be entered for, "" if all is well."""
    if not own:
        return _("does not say whose figures these are")
    if own not in population.people:
        return _("is nobody's id")
    if own in done:
        return _("has a confirmed card, which stays as it is")
    if own not in schemes:
        return _("is not scored in this run")
    return _("is in the file twice") if own in found else ""


class _Reader:
    """Reads the figures of rows, and notes what is wrong with them."""

    def __init__(self, month: str, measured: Measured, problems: list[Problem]) -> None:
        self._month, self._measured, self.problems = month, measured, problems

    def figures(self, row: tabular.Row, who: str, own: str, known: Known) -> dict[str, Decimal]:
        """Return indicator → figure of one row."""
        found: dict[str, Decimal] = {}
        for title, cell in row.cells.items():
            text = "" if cell is None else str(cell).strip()
            said = title.strip().lower()
            if title == who or said in _NAME or not text:
                continue
            if said in _MONTH:
                wrong = "" if text == self._month else _("is not {month}").format(month=self._month)
            else:
                wrong = self._take(found, own, known, title, cell)
            if wrong:
                self.problems.append(Problem(row.line, title, shown(text), wrong))
        return found

    def _take(self, found: dict[str, Decimal], own: str, known: Known, title: str, cell: Any) -> str:
        """Put one figure to the others; return why it cannot be, "" if all is well."""
        indicator = known.scheme.indicator(title)
        if indicator is None:
            codes = _(", ").join(one.code for one in known.scheme.indicators)
            said = _("there is no such indicator in {scheme}; there are {codes}")
            return said.format(scheme=known.name, codes=codes)
        value, counted = _number(cell), self._measured.figure(indicator, own)
        small = known.scheme.small == "block" and (counted.n or 0) < indicator.few
        if value is None:
            return _("expected a number such as 92.5")
        if counted.value is not None and not small:
            return _("{indicator} is counted from records").format(indicator=indicator.label)
        found[indicator.code] = value
        return ""


def _number(cell: Any) -> Decimal | None:
    """Return the number in a cell, which may say per cent; None if it is none, or below 0."""
    if isinstance(cell, bool):
        return None
    try:
        value = Decimal(str(cell).strip().removesuffix("%").removesuffix("％").strip())
    except ArithmeticError:
        return None
    return value if value.is_finite() and value >= 0 else None
