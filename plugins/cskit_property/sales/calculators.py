"""What a mapping costs, and the taxes and fees of a room. Must not import click or a store.

Rule files of the kind `property-fees`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Usage, _, amounts, rules

if TYPE_CHECKING:
    from cskit import App

KIND = "property-fees"
NAME = "standard"


class Mapping(msgspec.Struct, frozen=True):
    """What the survey section charges for mapping, per m² (catalogue D6)."""

    residential: Decimal
    other: Decimal


class Tax(msgspec.Struct, frozen=True):
    """A tax or fee: per cent of the price, or a fixed amount; for rooms up to an area, or above one."""

    label: rules.Label
    percent: Decimal | None = None
    fixed: Decimal | None = None
    area_above: Decimal | None = None
    area_up_to: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a tax without a rate, or with two."""
        if (self.percent is None) == (self.fixed is None):
            raise ValueError(_("taxes: each has either percent or fixed"))

    def holds(self, area: Decimal) -> bool:
        """Tell whether the tax is for a room of an area."""
        above = self.area_above is None or area > self.area_above
        return above and (self.area_up_to is None or area <= self.area_up_to)


class Fees(msgspec.Struct, frozen=True):
    """A rule file of the kind property-fees; without taxes, none can be computed."""

    mapping: Mapping
    taxes: list[Tax] = []


def load(app: App) -> Fees:
    """Return the department's rates; raises `Usage` where somebody replaced them under another name."""
    found = rules.load(app, KIND)
    if NAME not in found:
        said = _("there is no file '{name}' in rules/{kind}").format(name=NAME, kind=KIND)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    fees: Fees = found[NAME].value
    return fees


def mapping_fee(app: App, residential: Decimal, other: Decimal) -> Iterator[dict[str, Any]]:
    """Yield what mapping areas in m² costs, and the total; raises `Usage` for an area below zero."""
    rates = load(app).mapping
    for option, area in (("--residential", residential), ("--other", other)):
        if area < 0:
            raise Usage(_("{option} {area}: an area is not below zero").format(option=option, area=area))
    if not residential and not other:
        raise Usage(_("there is no area to map"), _("give --residential M2, --other M2 or both"))
    parts = (
        ("residential", residential, rates.residential),
        ("other", other, rates.other),
    )
    fees = []
    for part, area, rate in parts:
        if area:
            fees.append(amounts.product(area, rate))
            yield {"part": part, "area": area, "rate": rate, "amount": fees[-1]}
    yield {"part": "total", "area": residential + other, "amount": amounts.total(fees)}


def taxes(app: App, price: Decimal, area: Decimal) -> Iterator[dict[str, Any]]:
    """Yield what is due on a room's price by the company's table, and the total.

    Raises `Usage` while the table has no rates: the source gives none, so none are ours to make up.
    """
    if price <= 0 or area <= 0:
        said = _("a price of {price} and an area of {area} m²: both must be above zero")
        raise Usage(said.format(price=price, area=area))
    table = load(app).taxes
    if not table:
        raise Usage(
            _("the tax table is not set, so nothing can be computed"),
            _(
                "put the rates of your city into rules/property-fees/standard.toml in the data folder; "
                "`cskit plugins rules show property-fees standard` shows the file it replaces"
            ),
        )
    due = []
    for tax in table:
        if tax.holds(area):
            due.append(
                amounts.fen(tax.fixed)
                if tax.fixed is not None
                else amounts.share(price, tax.percent or amounts.NOTHING)
            )
            yield {"tax": str(tax.label), "percent": tax.percent, "amount": due[-1]}
    yield {"tax": _("total"), "amount": amounts.total(due)}
