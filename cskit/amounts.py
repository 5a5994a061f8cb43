"""Sums of money, exact: rounded half up to the fen where an amount is made, and nowhere else. Pure."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

# The usual 28 digits could round a product of three long factors; 60 cannot.
_EXACT = decimal.Context(prec=60, rounding=ROUND_HALF_UP)
FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
MOST = Decimal(10) ** 15
"""No amount is as large as this: it is a slip of the hand."""


def fen(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to the fen, such as 0.125 → 0.13 and −0.125 → −0.13."""
    return amount.quantize(FEN, context=_EXACT)


def product(*factors: Decimal) -> Decimal:
    """Return the product of some factors, to the fen, such as 0.5 × 0.25 → 0.13."""
    found = Decimal(1)
    for factor in factors:
        found = _EXACT.multiply(found, factor)
    return fen(found)


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """Return so many per cent of an amount, to the fen."""
    return fen(_EXACT.divide(_EXACT.multiply(amount, percent), Decimal(100)))


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of amounts."""
    found = NOTHING
    for amount in amounts:
        found = _EXACT.add(found, amount)
    return found
