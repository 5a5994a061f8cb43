"""How many to ask: published sample sizes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit_surveys.sizes import invitations, needed


@pytest.mark.parametrize(
    ("population", "margin", "size"),
    [
        (None, 0.05, 385),
        (1000, 0.05, 278),
        (500, 0.05, 218),
        (120, 0.05, 92),
        (7271, 0.04, 555),
        (1, 0.05, 1),
        (0, 0.05, 0),
    ],
)
def test_published_sizes(population: int | None, margin: float, size: int) -> None:
    """Cochran's sizes at 95 %, rounded up: 554.53 is 555."""
    assert needed(population, margin) == size


@given(st.integers(1, 10**6), st.sampled_from([0.01, 0.03, 0.05, 0.1]))
def test_a_sample_is_no_larger_than_its_population(population: int, margin: float) -> None:
    """Nor larger than for a population without an end, nor smaller for a larger population."""
    size = needed(population, margin)
    assert 1 <= size <= min(population, needed(None, margin))
    assert size <= needed(population + 1, margin)


@pytest.mark.parametrize(
    ("answers", "rate", "asked"), [(92, Fraction(2, 5), 230), (10, Fraction(1), 10), (7, Fraction(3, 10), 24)]
)
def test_invitations(answers: int, rate: Fraction, asked: int) -> None:
    """Exact: 92 at 40 % is 230, not 231 for a rounding error."""
    assert invitations(answers, rate) == asked


@pytest.mark.parametrize(("margin", "share"), [(0, 0.5), (1, 0.5), (0.05, 0), (5, 0.5)])
def test_impossible_wishes_are_refused(margin: float, share: float) -> None:
    """A margin of nothing would need everybody without end."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        needed(100, margin, share=share)
