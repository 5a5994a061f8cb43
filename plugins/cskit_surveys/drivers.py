"""What satisfaction hangs on: how each question goes along with the overall one.

Must not import click or a store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Quadrant = Literal["improve", "keep", "watch", "maintain"]
"""important and weak · important and strong · unimportant and weak · unimportant and strong."""


class Driver(NamedTuple):
    """One question: `importance` is Pearson's r with the overall answer, `performance` its mean, 0 to 100.

    `n` people answered both; `importance` is None where one of the two never varies, or fewer than three did.
    """

    question: str
    importance: float | None
    performance: float
    n: int
    quadrant: Quadrant | None = None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's r of some pairs; None below three pairs or where one side is constant."""
    n = len(pairs)
    if n < 3:
        return None
    left, right = (math.fsum(side) / n for side in zip(*pairs, strict=True))
    across = math.fsum((x - left) * (y - right) for x, y in pairs)
    spread = math.fsum((x - left) ** 2 for x, _y in pairs) * math.fsum((y - right) ** 2 for _x, y in pairs)
    return max(-1.0, min(1.0, across / math.sqrt(spread))) if spread > 0 else None


def drivers(
    scores: Mapping[str, Mapping[str, float]], overall: Mapping[str, float], few: int = 3
) -> list[Driver]:
    """Return every question by importance, the strongest first; those with `few` answers stand last.

    `scores` is question → respondent → 0 to 100, `overall` respondent → 0 to 100. Below `few` answers to
    both, nothing is said of importance. A question is important or strong when it lies at or above the mean
    of all questions: importance × performance, Martilla and James 1977.
    """
    found = [_driver(question, answers, overall, few) for question, answers in scores.items()]
    found = [driver for driver in found if driver.n]
    known = [driver.importance for driver in found if driver.importance is not None]
    if known:
        shown = [driver.performance for driver in found if driver.importance is not None]
        middle = math.fsum(known) / len(known), _mean(shown)
        found = [driver._replace(quadrant=_quadrant(driver, *middle)) for driver in found]
    return sorted(found, key=lambda one: (one.importance is None, -(one.importance or 0), one.question))


def _driver(question: str, answers: Mapping[str, float], overall: Mapping[str, float], few: int) -> Driver:
    pairs = [(value, overall[who]) for who, value in answers.items() if who in overall]
    performance = _mean(value for value, _whole in pairs)
    importance = correlation(pairs) if len(pairs) >= few else None
    return Driver(question, importance, performance, len(pairs))


def _quadrant(driver: Driver, importance: float, performance: float) -> Quadrant | None:
    if driver.importance is None:
        return None
    strong = driver.performance >= performance
    if driver.importance >= importance:
        return "keep" if strong else "improve"
    return "maintain" if strong else "watch"


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return math.fsum(held) / len(held) if held else 0.0
