"""What a company decides of pay: base, performance by score, and what sales staff gain or lose.

Rule files of the kinds `pay-rules` and `sales-pay`. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

import msgspec

from cskit import _

PAY, SALES = "pay-rules", "sales-pay"


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """What performance pay is multiplied by, `over` a score or `from` one on."""

    factor: Decimal
    over: Decimal | None = None
    from_: Decimal | None = msgspec.field(default=None, name="from")

    def __post_init__(self) -> None:
        """See that it says one end."""
        if (self.over is None) == (self.from_ is None):
            raise ValueError(_("say either over or from"))
        if self.factor < 0:
            raise ValueError(_("a factor is not below 0"))

    def fits(self, score: Decimal) -> bool:
        """Tell whether a score is in this band, if it is in none before."""
        return score > self.over if self.over is not None else score >= (self.from_ or 0)


class PayRules(msgspec.Struct, frozen=True):
    """A rule file of the kind pay-rules (catalogue D4); money is monthly, in the department's currency."""

    induction: Decimal
    other: Decimal
    unscored: Decimal
    base: dict[str, Decimal]
    factors: Annotated[list[Factor], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """See that every score has a factor."""
        if not any(one.fits(Decimal(0)) for one in self.factors):
            raise ValueError(_("no factor is for a score of 0"))
        if min(self.induction, self.other, self.unscored, *self.base.values()) < 0:
            raise ValueError(_("pay is not below 0"))

    def factor(self, score: Decimal) -> Decimal:
        """Return the factor of a score: that of the first band it fits."""
        return next(one.factor for one in self.factors if one.fits(score))


class Deduction(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of the base pay is taken off where the target was reached below so many per cent."""

    below: Decimal
    percent: Decimal


class Commission(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of what was reached in a measure is paid."""

    measure: str
    percent: Decimal


class SalesPay(msgspec.Struct, frozen=True):
    """A rule file of the kind sales-pay (catalogue F27); nothing of it counts while its `state` is off."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("state", "target")
    state: Literal["on", "off"]
    positions: list[str]
    target: str
    champion: Decimal
    deductions: list[Deduction] = []
    commissions: list[Commission] = []

    def __post_init__(self) -> None:
        """See that shares are some."""
        shares: Sequence[Decimal] = [
            *(one.percent for one in self.deductions),
            *(one.percent for one in self.commissions),
        ]
        if any(not 0 <= share <= 100 for share in shares):
            raise ValueError(_("a share lies between 0 and 100 per cent"))
