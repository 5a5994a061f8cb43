"""What satisfaction hangs on."""

from __future__ import annotations

import math

import pytest

from cskit_surveys.drivers import correlation, drivers


def test_correlation_of_a_known_sample() -> None:
    """Anscombe's first data set (1973): r = 0.81642."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    assert correlation(list(zip(x, y, strict=True))) == pytest.approx(0.816421, abs=1e-6)


@pytest.mark.parametrize(
    "pairs", [[], [(1, 2), (2, 3)], [(1, 2), (1, 3), (1, 4)]], ids=["none", "two", "constant"]
)
def test_too_little_to_say(pairs: list[tuple[float, float]]) -> None:
    """Below three pairs, or where one side never varies, nothing is said."""
    assert correlation(pairs) is None


def test_importance_and_performance() -> None:
    """The question that goes along with the whole and is answered badly comes first: improve it."""
    overall = {"a": 0.0, "b": 25.0, "c": 75.0, "d": 100.0}
    scores = {
        "speed": {"a": 0.0, "b": 0.0, "c": 25.0, "d": 50.0},
        "manner": {"a": 100.0, "b": 75.0, "c": 75.0, "d": 100.0},
        "price": {"a": 50.0, "b": 50.0, "c": 50.0, "d": 50.0},
        "unasked": {"x": 50.0},
    }
    found = drivers(scores, overall)
    assert [(one.question, one.quadrant, one.n) for one in found] == [
        ("speed", "improve", 4),
        ("manner", "maintain", 4),
        ("price", None, 4),
    ]
    assert found[0].importance == pytest.approx(3125 / math.sqrt(6250 * 1718.75))
    assert found[2].importance is None
