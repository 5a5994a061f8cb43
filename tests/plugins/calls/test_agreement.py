"""Agreement, draws and trends by plain formulas: values from the literature, and what holds of any."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cskit_calls import agreement, sampling, trends
from cskit_calls.agreement import Weights
from cskit_calls.sampling import Candidate

TABLES = {
    "SexualFun": ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14)),
    "Winnipeg": ((38, 5, 0, 1), (33, 11, 3, 0), (10, 14, 5, 6), (3, 7, 3, 10)),
    "New Orleans": ((5, 3, 0, 0), (3, 11, 4, 0), (2, 13, 3, 4), (1, 2, 4, 14)),
}
"""Counts of the R package vcd: husbands by wives (Hout, Duncan and Sobel 1987, in Agresti 1990), and patients
by two neurologists (Westlund and Kurland 1953, in Landis and Koch 1977)."""
KAPPAS = {
    "SexualFun": ("0.1293", "0.2374", "0.3320"),
    "Winnipeg": ("0.2079", "0.3797", "0.5246"),
    "New Orleans": ("0.2965", "0.4773", "0.6256"),
}
"""Unweighted, linear and quadratic, as vcd prints them."""
WEIGHTS: tuple[Weights, ...] = ("none", "linear", "quadratic")
KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Four observers, twelve units (Krippendorff 2004, ch. 11; Computing Alpha-Reliability, 2011)."""
ALPHAS = {"nominal": "0.743", "ordinal": "0.815", "interval": "0.849"}
LEVELS = 4


def pairs(table: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    """Return the pairs that a table of counts is of."""
    cells = ((i, j, count) for i, row in enumerate(table) for j, count in enumerate(row))
    return list(chain.from_iterable([(i, j)] * count for i, j, count in cells))


def rounded(value: Fraction | None, places: int = 4) -> str:
    """Return a coefficient as it is printed."""
    assert value is not None
    return str(round(Decimal(value.numerator) / value.denominator, places))


@pytest.mark.parametrize("name", TABLES)
def test_kappas_of_the_literature(name: str) -> None:
    """Cohen's kappa and both weighted ones are those of the R package vcd, to all digits it prints."""
    found = tuple(rounded(agreement.kappa(pairs(TABLES[name]), LEVELS, each)) for each in WEIGHTS)
    assert found == KAPPAS[name]


@pytest.mark.parametrize("metric", ALPHAS)
def test_alphas_of_the_literature(metric: agreement.Metric) -> None:
    """Krippendorff's own example, with units that not everybody saw, comes out as he has it."""
    rows = [row.split() for row in KRIPPENDORFF]
    units = [[int(row[place]) for row in rows if row[place] != "."] for place in range(12)]
    assert rounded(agreement.alpha(units, metric), 3) == ALPHAS[metric]


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(PAIRS, st.sampled_from(WEIGHTS))
def test_kappa_knows_no_first_and_second(found: list[tuple[int, int]], weights: Weights) -> None:
    """Whoever is called first, kappa is the same; it is never above 1, and 1 just where all is the same."""
    value = agreement.kappa(found, LEVELS, weights)
    assert value == agreement.kappa([(two, one) for one, two in found], LEVELS, weights)
    if value is not None:
        assert value <= 1
        assert (value == 1) == all(one == two for one, two in found)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1))
def test_with_two_levels_weights_make_no_difference(found: list[tuple[int, int]]) -> None:
    """Of yes and no the three kappas are one."""
    assert len({agreement.kappa(found, 2, weights) for weights in WEIGHTS}) == 1


@pytest.mark.parametrize("found", [[], [(1, 1)], [(1, 1), (1, 1)]], ids=["nothing", "one", "one-level"])
def test_there_may_be_nothing_to_agree_about(found: list[tuple[int, int]]) -> None:
    """Without pairs, or where everybody always says the same, kappa and alpha are unknown, not 1."""
    assert agreement.kappa(found, LEVELS) is None
    assert agreement.alpha([list(pair) for pair in found]) is None


UNITS = st.lists(st.lists(st.integers(0, 4), min_size=0, max_size=4), max_size=8)


@settings(max_examples=40)
@given(UNITS, st.randoms(use_true_random=False), st.sampled_from(("nominal", "ordinal", "interval")))
def test_alpha_knows_no_order(units: list[list[int]], order: random.Random, metric: agreement.Metric) -> None:
    """Neither the order of units nor who said what changes alpha; it is at most 1."""
    mixed = [order.sample(unit, len(unit)) for unit in order.sample(units, len(units))]
    value = agreement.alpha(units, metric)
    assert value == agreement.alpha(mixed, metric)
    assert value is None or value <= 1


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 100)), max_size=9))
def test_drifts_of_two_are_opposite(calls: list[dict[str, int]]) -> None:
    """Where two share every call, one is as far above as the other is below; alone nobody drifts."""
    of_two = [{who: call[who] for who in "ab" if who in call} for call in calls]
    found = agreement.drift(of_two)
    if found:
        assert found["a"] == -found["b"]
    assert agreement.drift([{"a": 90}]) == {}


def test_drift_is_against_the_mean_of_the_others() -> None:
    """Of three the others' mean counts: 90 beside 80 and 70 is 15 above."""
    assert agreement.drift([{"a": 90, "b": 80, "c": 70}])["a"] == 15


# --- draws -------------------------------------------------------------------------------------------------

CALLS = st.lists(st.tuples(st.sampled_from(["S-1", "S-2"]), st.integers(6, 21)), min_size=1, max_size=60).map(
    lambda found: [Candidate(f"CL-{place}", *one) for place, one in enumerate(found)]
)


@given(CALLS, st.integers(1, 12), st.integers(0, 99), st.randoms(use_true_random=False))
def test_a_draw_can_be_made_again(calls: list[Candidate], size: int, seed: int, order: random.Random) -> None:
    """The same seed draws the same calls in whatever order they come, each once, of each agent as many."""
    drawn = sampling.draw(calls, size, seed)
    assert drawn == sampling.draw(order.sample(calls, len(calls)), size, seed)
    assert len(set(drawn.calls)) == len(drawn.calls)
    for staff in {call.staff for call in calls}:
        there = [call for call in calls if call.staff == staff]
        mine = [call for call in drawn.calls if call.staff == staff]
        assert len(mine) == min(size, len(there))
        assert drawn.short.get(staff, size) == min(size, len(there))
        for hour in {call.hour for call in there}:
            share = Fraction(len(mine) * sum(call.hour == hour for call in there), len(there))
            assert abs(sum(call.hour == hour for call in mine) - share) < 1


def test_another_seed_draws_others() -> None:
    """Seeds differ in what they draw, and so do the calls that are drawn from in their fingerprint."""
    calls = [Candidate(f"CL-{place}", "S-1", 9) for place in range(50)]
    drawn = {tuple(sampling.draw(calls, 5, seed).calls) for seed in range(5)}
    assert len(drawn) == 5
    assert sampling.fingerprint(calls) == sampling.fingerprint(calls[::-1])
    assert sampling.fingerprint(calls) != sampling.fingerprint(calls[1:])


# --- trends ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "judgement"),
    [
        ((80, 82), "few"),
        ((80, 82, 81, 83), "few"),
        ((80, 82, 81, 83, 82), "steady"),
        ((80, 82, 81, 83, 87), "above"),
        ((80, 82, 81, 83, 70), "below"),
        ((70, 90, 60, *[81] * 8), "rise"),
        ((90, 70, 99, *[75] * 8), "fall"),
        ((80, 80, 80, 80, 80), "steady"),
        ((80, 80, 80, 80, "80.1"), "above"),
    ],
    ids=str,
)
def test_months_are_judged(values: tuple[int | str, ...], judgement: str) -> None:
    """Outside of the limits, or long on one side, is a sign; anything else, or too little, is none."""
    found = trends.judge([Decimal(value) for value in values], enough=5, run=8)
    assert found.judgement == judgement


def test_the_limits_are_those_of_an_xmr_chart() -> None:
    """Mean 81.5 of the months before, moving ranges 2, 1, 2: limits 81.5 ± 2.66 × 5/3."""
    found = trends.judge([Decimal(value) for value in (80, 82, 81, 83, 82)], enough=5, run=8)
    assert found.mean == Decimal("81.5")
    assert round(found.high or Decimal(0), 4) == Decimal("85.9333")
    assert round(found.low or Decimal(0), 4) == Decimal("77.0667")


@given(st.lists(st.integers(0, 100).map(Decimal), min_size=5, max_size=20))
def test_limits_stay_on_the_scale(values: list[Decimal]) -> None:
    """Limits hold the mean between them, and stay between 0 and 100."""
    found = trends.judge(values, enough=5, run=8)
    assert found.low is not None
    assert found.mean is not None
    assert found.high is not None
    assert 0 <= found.low <= found.mean <= found.high <= 100
