"""How many to ask: the sample a margin of error needs, and the invitations a sample needs.

Must not import click or a store.
"""

from __future__ import annotations

import math
from fractions import Fraction

from cskit.intervals import CONFIDENCE, z_of


def needed(population: int | None, margin: float, confidence: float = CONFIDENCE, share: float = 0.5) -> int:
    """Return how many answers are needed, rounded up, to know a share to ± `margin` (0.05: 5 points).

    n₀ = z²·p(1−p)/e², n = n₀ / (1 + (n₀ − 1)/N) for a population of N; None stands for one without an end.
    Source: Cochran, Sampling Techniques, 1977. `share` 0.5 is the worst case.
    """
    if not 0 < margin < 1 or not 0 < share < 1:
        raise ValueError("a margin and a share lie between 0 and 1")
    endless = z_of(confidence) ** 2 * share * (1 - share) / margin**2
    if population is None:
        return math.ceil(endless)
    if population <= 0:
        return 0
    return min(population, math.ceil(endless / (1 + (endless - 1) / population)))


def invitations(answers: int, rate: Fraction) -> int:
    """Return how many to invite, rounded up, so that `answers` come back at a response rate of `rate`."""
    if not 0 < rate <= 1:
        raise ValueError("a response rate lies above 0 and at most at 1")
    return math.ceil(answers / rate)
