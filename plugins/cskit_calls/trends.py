"""What the scores of months say of a change: control limits and runs. Plain formulas; imports no app."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

SPAN = Decimal("2.66")
"""3/d2 with d2 = 1.128 for pairs: the limits of an XmR chart (Shewhart 1931; Wheeler 1993)."""
Judgement = Literal["few", "above", "below", "rise", "fall", "steady"]


class Trend(NamedTuple):
    """The mean of the months, the limits inside which chance keeps them, and what is to be made of it.

    `few`: not enough months. `above`, `below`: the last one is outside of the limits. `rise`, `fall`: so many
    of the last ones lie on one side of the mean that it is no chance. `steady`: no sign of a change.
    """

    judgement: Judgement
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def judge(values: Sequence[Decimal], *, enough: int, run: int, most: Decimal = Decimal(100)) -> Trend:
    """Judge values of months, oldest first, by an XmR chart; limits stay between 0 and `most`.

    Mean and limits are of all but the last month, so that the month that is judged does not widen them.
    """
    before = values[:-1]
    if len(values) < enough or len(before) < 2:
        return Trend("few")
    mean = sum(before, Decimal(0)) / len(before)
    moving = [abs(later - earlier) for earlier, later in pairwise(before)]
    reach = SPAN * sum(moving, Decimal(0)) / len(moving)
    low, high = max(Decimal(0), mean - reach), min(most, mean + reach)
    last = values[-1]
    if last > high or last < low:
        return Trend("above" if last > high else "below", mean, low, high)
    tail = values[-run:]
    if len(tail) == run and all(value > mean for value in tail):
        return Trend("rise", mean, low, high)
    if len(tail) == run and all(value < mean for value in tail):
        return Trend("fall", mean, low, high)
    return Trend("steady", mean, low, high)
