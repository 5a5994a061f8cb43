"""How far people who scored the same calls agree: kappa, weighted kappa, alpha, drift. Plain formulas.

Must not import click, a store or an app.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeVar

Number = int | Fraction
Weights = Literal["none", "linear", "quadratic"]
Metric = Literal["nominal", "ordinal", "interval"]
Pairs = Sequence[tuple[int, int]]
K = TypeVar("K", bound=Hashable)


def kappa(pairs: Pairs, levels: int, weights: Weights = "none") -> Fraction | None:
    """Return Cohen's kappa of pairs of levels, each from 0 to `levels` - 1; None where chance explains all.

    Source: Cohen 1960; weighted, Cohen 1968: 1 - |i - j|/(k - 1), or with the square of it (Fleiss and Cohen
    1973). None also without pairs, and where both only ever used one and the same level.
    """
    n = len(pairs)
    if not n or levels < 2:
        return None
    agreed = _agreed(weights, levels)
    first, second = Counter(one for one, _two in pairs), Counter(two for _one, two in pairs)
    observed = sum((agreed(one, two) for one, two in pairs), Fraction(0)) / n
    expected = sum(
        (agreed(i, j) * first[i] * second[j] for i in first for j in second), Fraction(0)
    ) / Fraction(n * n)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _agreed(weights: Weights, levels: int) -> Callable[[int, int], Fraction]:
    """Return how far two levels count as the same: 1 for the same, 0 for the farthest."""
    if weights == "none":
        return lambda one, two: Fraction(one == two)
    power = 1 if weights == "linear" else 2
    return lambda one, two: 1 - Fraction(abs(one - two), levels - 1) ** power


def within(pairs: Iterable[tuple[Fraction, Fraction]], tolerance: int) -> int:
    """Return how many pairs of totals are no more than so many points apart."""
    return sum(abs(one - two) <= tolerance for one, two in pairs)


def alpha(units: Iterable[Sequence[Number]], metric: Metric = "interval") -> Fraction | None:
    """Return Krippendorff's alpha; a unit is what several people said of one call, however many they were.

    Source: Krippendorff, Content Analysis (2004), ch. 11. What only one said counts for nothing. None where
    nobody ever said anything else, so that there is nothing to disagree about.
    """
    held = [list(unit) for unit in units if len(unit) > 1]
    counts = Counter(value for unit in held for value in unit)
    n = sum(counts.values())
    distance = _distance(metric, counts)
    expected = sum(
        (counts[one] * counts[two] * distance(one, two) for one in counts for two in counts), Fraction(0)
    )
    if not expected:
        return None
    observed = sum(
        (
            Fraction(sum((distance(one, two) for one in unit for two in unit), Fraction(0)), len(unit) - 1)
            for unit in held
        ),
        Fraction(0),
    )
    return 1 - (n - 1) * observed / expected


def _distance(metric: Metric, counts: Mapping[Number, int]) -> Callable[[Number, Number], Fraction]:
    """Return how different two values are, by what kind of values they are."""
    if metric == "nominal":
        return lambda one, two: Fraction(one != two)
    if metric == "interval":
        return lambda one, two: Fraction(one - two) ** 2
    below, total = {}, Fraction(0)
    for value in sorted(counts):
        below[value] = total + Fraction(counts[value], 2)
        total += counts[value]
    return lambda one, two: (below[one] - below[two]) ** 2


def drift(calls: Iterable[Mapping[K, Number]]) -> dict[K, Fraction]:
    """Return by how much each person scores above (or below, less than 0) others on the same calls.

    A call is who → total. It is the mean, over the calls that somebody shared, of their own total less the
    mean of the others'.
    """
    apart: dict[K, list[Fraction]] = {}
    for call in calls:
        if len(call) < 2:
            continue
        total = sum((Fraction(value) for value in call.values()), Fraction(0))
        for who, own in call.items():
            apart.setdefault(who, []).append(Fraction(own) - (total - own) / (len(call) - 1))
    return {who: sum(each, Fraction(0)) / len(each) for who, each in apart.items()}
