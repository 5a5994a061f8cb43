"""Figures of surveys and how sure they are, against values from the literature and other programs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.intervals import wilson, z_of
from cskit_surveys.intervals import (
    Mean,
    Promoters,
    Share,
    between_means,
    between_promoters,
    between_shares,
    mean,
    promoters,
)


def test_the_quantile_is_the_normal_one() -> None:
    """95 % two-sided is 1.959964."""
    assert z_of(0.95) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # scipy's proportion_ci(method="wilson") and statsmodels' proportion_confint agree on these
        (668, 1681, 0.374249, 0.420984),
        (81, 263, 0.255289, 0.366210),
        (0, 10, 0.0, 0.277533),
        (10, 10, 1 - 0.277533, 1.0),
        (45, 50, 0.7864, 0.9565),
    ],
)
def test_wilson_is_what_others_compute(hits: int, n: int, low: float, high: float) -> None:
    """The interval equals that of two statistics packages, and stays within 0 and 100."""
    found = wilson(hits, n)
    assert found.low == pytest.approx(100 * low, abs=0.005)
    assert found.high == pytest.approx(100 * high, abs=0.005)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share(counts: tuple[int, int]) -> None:
    """The interval holds the share itself, lies within 0 and 100, and is the mirror of the rest's."""
    hits, n = counts
    found, rest = wilson(hits, n), wilson(n - hits, n)
    assert 0 <= found.low <= 100 * hits / n <= found.high <= 100
    assert found.low == pytest.approx(100 - rest.high, abs=1e-9)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3), (0, 0)])
def test_impossible_counts_are_refused(hits: int, n: int) -> None:
    """There are no more hits than answers."""
    with pytest.raises(ValueError, match="hits lie between"):
        wilson(hits, n)


def test_nobody_answered() -> None:
    """Without answers there is no figure, not a zero."""
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)
    nobody = promoters([])
    assert (nobody.value, nobody.margin, nobody.interval) == (None, None, None)
    assert mean([]) == Mean(None, None, 0)


def test_the_net_promoter_score_and_its_margin() -> None:
    """50 promoters, 30 passives, 20 detractors: +30 ± 15.31, dividing by n (not n − 1: ± 15.38)."""
    found = promoters([9] * 30 + [10] * 20 + [7] * 10 + [8] * 20 + [0, 6] * 10)
    assert found == Promoters(50, 30, 20)
    assert found.value == 30
    assert found.margin == pytest.approx(15.31, abs=0.005)
    sample = Promoters(60, 25, 15)
    assert (sample.value, round(sample.margin or 0, 1)) == (45.0, 14.5)


def test_the_interval_of_a_score_ends_at_a_hundred() -> None:
    """What a small sample leaves open does not reach beyond what is possible."""
    assert Promoters(9, 1, 0).interval == pytest.approx((71.41, 100.0), abs=0.01)


def test_a_change_of_shares() -> None:
    """The pooled two-proportion z test, as statsmodels' proportions_ztest([40, 60], [100, 100]) has it."""
    change = between_shares(Share(40, 100), Share(60, 100))
    assert change is not None
    assert change.difference == pytest.approx(20)
    assert change.z == pytest.approx(2.828427, abs=1e-6)
    assert change.p == pytest.approx(0.004678, abs=1e-6)
    assert change.real
    small = between_shares(Share(4, 10), Share(6, 10))
    assert small is not None
    assert not small.real


def test_a_change_of_scores() -> None:
    """The variances of both rounds count."""
    change = between_promoters(Promoters(50, 30, 20), Promoters(60, 25, 15))
    assert change is not None
    error = math.sqrt(0.61 / 100 + 0.5475 / 100)
    assert (change.difference, change.z) == (pytest.approx(15), pytest.approx(0.15 / error))
    assert not change.real


def test_a_change_of_means() -> None:
    """In the answers' own unit; Welch's statistic."""
    change = between_means(mean([1, 2, 3, 4, 5]), mean([3, 4, 5, 5, 5]))
    assert change is not None
    assert change.difference == pytest.approx(1.4)
    assert change.z == pytest.approx(1.4 / math.sqrt(2.5 / 5 + 0.8 / 5))


@pytest.mark.parametrize(("before", "after", "real"), [((5, 5), (5, 5), False), ((0, 4), (6, 6), True)])
def test_where_nothing_varies(before: tuple[int, int], after: tuple[int, int], real: bool) -> None:
    """All agree twice: no change. None agreed, then all: a change by the pooled test."""
    change = between_shares(Share(*before), Share(*after))
    assert change is not None
    assert change.real is real


def test_without_answers_nothing_is_compared() -> None:
    """Two rounds are needed for a change."""
    assert between_shares(Share(0, 0), Share(1, 2)) is None
    assert between_promoters(Promoters(0, 0, 0), Promoters(1, 0, 0)) is None
    assert between_means(mean([3]), mean([3, 4])) is None


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence: float) -> None:
    """95 is not taken for 0.95."""
    with pytest.raises(ValueError, match="confidence"):
        z_of(confidence)
