"""How sure a figure of a survey is: shares, means and net promoter scores with their intervals, and changes.

Plain formulas over counts. Must not import click or a store.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple

from cskit.intervals import CONFIDENCE, Interval, wilson, z_of

PROMOTERS, DETRACTORS = range(9, 11), range(7)  # of 0 to 10; Reichheld 2003


class Share(NamedTuple):
    """`hits` of `n` answers; `value` and `interval` are 0 to 100 and None where nobody answered."""

    hits: int
    n: int
    confidence: float = CONFIDENCE

    @property
    def value(self) -> float | None:
        """The share in per cent."""
        return 100 * self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The Wilson score interval in per cent."""
        return wilson(self.hits, self.n, self.confidence) if self.n else None


class Promoters(NamedTuple):
    """Answers from 0 to 10 as a net promoter score; `value` and `margin` are in points, −100 to 100."""

    promoters: int
    passives: int
    detractors: int
    confidence: float = CONFIDENCE

    @property
    def n(self) -> int:
        """How many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def value(self) -> float | None:
        """The share of promoters less that of detractors, None where nobody answered."""
        return 100 * (self.promoters - self.detractors) / self.n if self.n else None

    @property
    def variance(self) -> float:
        """The variance of one answer counted +1, 0 or −1, over n: p₊ + p₋ − (p₊ − p₋)²."""
        up, down = self.promoters / self.n, self.detractors / self.n
        return max(0.0, up + down - (up - down) ** 2)

    @property
    def margin(self) -> float | None:
        """Half the width of the interval around the value (normal approximation, ÷ n)."""
        return 100 * z_of(self.confidence) * math.sqrt(self.variance / self.n) if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The value less and plus the margin, within −100 and 100; None where all answers are of one kind.

        Such answers do not show how much others would differ: a margin of 0 would claim to know.
        """
        value, margin = self.value, self.margin
        if value is None or not margin:
            return None
        return Interval(max(-100.0, value - margin), min(100.0, value + margin))


class Mean(NamedTuple):
    """The mean of `n` answers and their standard deviation (÷ n − 1), both in the answers' own unit."""

    value: float | None
    deviation: float | None
    n: int
    confidence: float = CONFIDENCE

    @property
    def margin(self) -> float | None:
        """Half the width of the interval around the mean (normal approximation).

        None below two answers, and where all are the same: those do not show how much others would differ.
        """
        if not self.deviation:
            return None
        return z_of(self.confidence) * self.deviation / math.sqrt(self.n)


class Change(NamedTuple):
    """What lies between two periods: `difference` in points, `z` its distance from nothing, `p` two-sided.

    `real` says whether the test finds a change at the confidence asked for.
    """

    difference: float
    z: float
    p: float
    real: bool


def promoters(answers: Sequence[int], confidence: float = CONFIDENCE) -> Promoters:
    """Count answers from 0 to 10: promoters 9 and 10, detractors 0 to 6."""
    return promoters_of(Counter(answers), confidence)


def promoters_of(counts: Mapping[int, int], confidence: float = CONFIDENCE) -> Promoters:
    """Count answers from 0 to 10 of which is known how many gave each."""
    up = sum(n for answer, n in counts.items() if answer in PROMOTERS)
    down = sum(n for answer, n in counts.items() if answer in DETRACTORS)
    return Promoters(up, sum(counts.values()) - up - down, down, confidence)


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Mean:
    """Return the mean of some answers; unknown (None) without any."""
    return mean_of(Counter(values), confidence)


def mean_of(counts: Mapping[float, int], confidence: float = CONFIDENCE) -> Mean:
    """Return the mean of answers of which is known how many gave each; unknown (None) without any."""
    n = sum(counts.values())
    if not n:
        return Mean(None, None, 0, confidence)
    middle = math.fsum(value * times for value, times in counts.items()) / n
    if n == 1:
        return Mean(middle, None, 1, confidence)
    squares = math.fsum((value - middle) ** 2 * times for value, times in counts.items())
    return Mean(middle, math.sqrt(squares / (n - 1)), n, confidence)


def between_shares(before: Share, after: Share) -> Change | None:
    """Test two shares for a change: the two-proportion z test with the pooled share.

    None where either has no answers. Source: norms of ISO 10004; equal to statsmodels' proportions_ztest.
    """
    if not before.n or not after.n:
        return None
    pooled = (before.hits + after.hits) / (before.n + after.n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / after.n))
    return _change(after.hits / after.n - before.hits / before.n, error, after.confidence)


def between_promoters(before: Promoters, after: Promoters) -> Change | None:
    """Test two net promoter scores for a change: z = difference / √(Var₁/n₁ + Var₂/n₂).

    None where either has no answers.
    """
    if not before.n or not after.n:
        return None
    error = math.sqrt(before.variance / before.n + after.variance / after.n)
    difference = (after.promoters - after.detractors) / after.n
    difference -= (before.promoters - before.detractors) / before.n
    return _change(difference, error, after.confidence)


def between_means(before: Mean, after: Mean) -> Change | None:
    """Test two means for a change (Welch's statistic, normal quantile); None below two answers in either.

    The difference is in the answers' own unit, not in points.
    """
    if before.value is None or before.deviation is None or after.value is None or after.deviation is None:
        return None
    error = math.sqrt(before.deviation**2 / before.n + after.deviation**2 / after.n)
    change = _change(after.value - before.value, error, after.confidence)
    return change._replace(difference=change.difference / 100)


def _change(difference: float, error: float, confidence: float) -> Change:
    """Return a difference of shares as points; where nothing varies, any difference at all is real."""
    if not error:
        z = math.copysign(math.inf, difference) if difference else 0.0
    else:
        z = difference / error
    p = 2 * NormalDist().cdf(-abs(z)) if math.isfinite(z) else 0.0
    return Change(100 * difference, z, p, p < 1 - confidence)
