"""How sure a share of few cases is: the Wilson interval. Plain formulas; must not import click or a store."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Where the true value lies with the confidence asked for, both ends included, in the figure's unit."""

    low: float
    high: float


@cache
def z_of(confidence: float) -> float:
    """Return the normal quantile of a two-sided confidence, such as 1.959964 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(hits: float, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the Wilson score interval of `hits` in `n` in per cent. Source: Wilson 1927, ISO 10004.

    It never leaves 0 to 100, and is no point where all, or none, of few people agree. Hits may be parts of
    one, as where a mean of scores from 0 to 1 is taken for a share: such scores vary no more than yes and no
    do (Bhatia and Davis 2000), so that the interval is rather too wide than too narrow.
    """
    if not 0 <= hits <= n or not n:
        raise ValueError("hits lie between 0 and n, and n is at least 1")
    z = z_of(confidence)
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 100.0 if hits == n else 100 * min(1.0, middle + half)
    return Interval(100 * low, high)
