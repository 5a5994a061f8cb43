"""Sums of money, exact: rounded half up to the fen where an amount is made, and nowhere else. Pure."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

# The usual 28 digits could round a product of two long factors; 60 cannot.
_EXACT = decimal.Context(prec=60, rounding=ROUND_HALF_UP)
FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
MOST = Decimal(10) ** 12
"""No quantity and no price is as large as this: it is a slip of the hand."""


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """Return a quantity times a price, to the fen, such as 0.5 × 0.25 → 0.13."""
    return _EXACT.multiply(quantity, price).quantize(FEN, context=_EXACT)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of amounts."""
    found = NOTHING
    for amount in amounts:
        found = _EXACT.add(found, amount)
    return found
