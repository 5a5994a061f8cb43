"""Deductions: what a check score or the residents' satisfaction takes off a fee, by the contract's table.

Rule files of the kind `property-deductions`. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cskit import Usage, _, amounts, rules
from cskit_property.settlements.moneymodel import Line

if TYPE_CHECKING:
    from cskit import App

KIND = "property-deductions"
NAME = "standard"


class Band(msgspec.Struct, frozen=True):
    """What a value below a limit takes off, in per cent of the fees."""

    below: Decimal
    percent: Decimal

    def __post_init__(self) -> None:
        """Refuse what is no percentage."""
        if not 0 <= self.percent <= 100:
            raise ValueError(_("percent: {value} is not from 0 to 100").format(value=self.percent))


class Measure(msgspec.Struct, frozen=True):
    """A figure of the project that deductions are computed from, by its lowest band that fits."""

    fact: str
    label: rules.Label
    bands: list[Band]

    def band(self, value: Decimal) -> Band | None:
        """Return the band of a value: of those that it is below, the one with the lowest limit."""
        fitting = [band for band in self.bands if value < band.below]
        return min(fitting, key=lambda band: band.below) if fitting else None


class Table(msgspec.Struct, frozen=True):
    """A rule file of the kind property-deductions; `items` are those it is for, none named: all."""

    label: rules.Label
    most_percent: Decimal
    measures: list[Measure]
    items: list[str] = []

    def __post_init__(self) -> None:
        """Refuse what is no percentage."""
        if not 0 <= self.most_percent <= 100:
            raise ValueError(_("most_percent: {value} is not from 0 to 100").format(value=self.most_percent))


class Applied(NamedTuple):
    """A table with what it is called in a record: its name, and the hash of its file."""

    table: Table
    name: str


def load(app: App, item: str) -> Applied:
    """Return the deduction table of an item: its own one, else the standard one.

    Raises `Usage` where two tables name the item, or somebody replaced the standard one under another name.
    """
    found = rules.load(app, KIND)
    own = [name for name, rule in found.items() if item in rule.value.items]
    if len(own) > 1:
        said = _("the item '{item}' is in several deduction tables: {names}")
        raise Usage(said.format(item=item, names=_(", ").join(own)), _("leave it in one of them"))
    name = own[0] if own else NAME
    if name not in found:
        said = _("there is no deduction table '{name}' in rules/property-deductions").format(name=name)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=name))
    rule = found[name]
    return Applied(rule.value, f"{name}@{rule.hash[:12]}")


def lines(table: Table, values: Mapping[str, Decimal], fees: Decimal) -> list[Line]:
    """Return a deduction for each measure whose value is in a band, in the order of the table.

    `values` are by fact, an unknown one left out; `fees` is what percentages are of. Together they take off
    no more than the table's most: what is over that is taken from the last ones.
    """
    left, found = amounts.share(fees, table.most_percent), []
    for measure in table.measures:
        value = values.get(measure.fact)
        band = measure.band(value) if value is not None else None
        if value is None or band is None or not band.percent:
            continue
        full = amounts.share(fees, band.percent)
        taken = min(full, left)
        left = amounts.total([left, -taken])
        if taken > 0:
            found.append(_line(table, measure, band, value, taken, limited=taken < full))
    return found


def _line(
    table: Table, measure: Measure, band: Band, value: Decimal, taken: Decimal, *, limited: bool
) -> Line:
    said = _("{measure} {value} is below {limit}: {percent} % of the fees")
    if limited:
        said = _("{measure} {value} is below {limit}: {percent} % of the fees, at most {most} % in all")
    reason = said.format(
        measure=measure.label,
        value=value,
        limit=band.below,
        percent=band.percent,
        most=table.most_percent,
    )
    return Line(
        text=str(measure.label),
        kind="deduction",
        amount=-taken,
        reason=reason,
        measure=measure.fact,
        value=value,
    )


def unknown(table: Table, values: Mapping[str, Decimal]) -> Sequence[Measure]:
    """Return the measures of which nothing is known, so that nothing is taken off for them."""
    return [measure for measure in table.measures if measure.fact not in values]
