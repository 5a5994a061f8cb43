"""Cut points, places and shares among all customers, and cells put together: by examples and by algebra."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.where.terms import DECIMAL, INTEGER
from cskit_grading import probing
from cskit_grading.population import cut_points, empty_bins, looked_up
from cskit_grading.probing import Dimension, Region
from cskit_grading.schemes import Bin, Rank, Share

FIFTHS = Bin(of="x", cuts=[D(20), D(40), D(60), D(80)])
VALUES = st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "cuts", "expected"),
    [
        ([1, 2, 3, 4, 5], [20, 40, 60, 80], (1, 2, 3, 4)),
        ([1, 2, 3, 4, 5, 6], [20, 40, 60, 80], (2, 3, 4, 5)),
        ([7], [20, 80], (7, 7)),
        ([1, 1, 1, 9], [50, 75], (1, 1)),
        ([1, 2, 3], ["33.33", "66.67"], (1, 3)),
        ([], [50], ()),
    ],
)
def test_cut_points(values, cuts, expected):
    """The lower empirical quantile: the value at place n·p, rounded up, exactly also for odd percentages."""
    assert cut_points(values, [D(cut) for cut in cuts]) == expected


@given(VALUES)
def test_scores(values):
    """Equal values share a score, larger ones have no smaller one, and the other end mirrors the order."""
    inside = [True] * len(values)
    scores = looked_up(FIFTHS, values, inside).values
    low = looked_up(Bin(of="x", cuts=FIFTHS.cuts, best="low"), values, inside).values
    turned = looked_up(FIFTHS, [None if value is None else -value for value in values], inside).values
    assert low == turned
    for (one, score), (other, another) in itertools.combinations(zip(values, scores, strict=True), 2):
        if one is None or other is None:
            continue
        assert (score < another) <= (one < other)
        assert (one == other) <= (score == another)
    assert all((value is None) == (score is None) for value, score in zip(values, scores, strict=True))


@given(VALUES)
def test_scores_by_the_definition(values):
    """A score is 1 + the number of cut points below, each the first value that enough customers reach."""
    known = sorted(value for value in values if value is not None)
    cuts = [known[math.ceil(len(known) * part / 5) - 1] for part in (1, 2, 3, 4)] if known else []
    expected = [None if value is None else 1 + sum(cut < value for cut in cuts) for value in values]
    found = looked_up(FIFTHS, values, [True] * len(values))
    assert found.values == expected
    assert set(empty_bins(FIFTHS, found, [True] * len(values))) == {1, 2, 3, 4, 5} - set(expected)


def test_only_those_in_scope_count():
    """Who is outside the scope moves no cut point, takes no place, and adds to no sum."""
    values, inside = [1, 2, 3, 100], [True, True, True, False]
    assert looked_up(Bin(of="x", cuts=[D(50)]), values, inside).cuts == (2,)
    assert looked_up(Rank(of="x"), values, inside).values[:3] == [3, 2, 1]
    assert looked_up(Share(of="x"), values, inside).values[:3] == [D("16.6667"), D("33.3333"), D(50)]


def test_places_and_shares():
    """Equals share the better place; of nothing, or less, nobody has a part."""
    assert looked_up(Rank(of="x"), [5, 9, 9, None], [True] * 4).values == [3, 1, 1, None]
    assert looked_up(Share(of="x"), [D(0), D(0)], [True] * 2).values == [None, None]
    assert looked_up(Share(of="x"), [D(3), None, D(1)], [True] * 3).values == [D(75), None, D(25)]


# --- cells -------------------------------------------------------------------------------------------------

COUNT = Dimension("count", INTEGER, (*(Region(n, n, n) for n in range(4)), Region(4, 4, None)))
SPENT = Dimension(
    "spent",
    DECIMAL,
    (
        Region(D(5), None, D(10)),
        Region(D(10), D(10), D(10)),
        Region(D(15), D(10), D(20)),
        Region(D(20), D(20), D(20)),
        Region(D(30), D(20), None),
    ),
)


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_boxes_hold_just_the_cells(cells):
    """What boxes say, read as a condition, holds for the samples of their cells and for no other."""
    boxes = probing.boxes(cells)
    for place, other in itertools.product(range(5), repeat=2):
        values = {"count": COUNT.regions[place].sample, "spent": SPENT.regions[other].sample}
        held = [eval(probing.said([COUNT, SPENT], box) or "True", dict(values)) for box in boxes]  # noqa: S307
        assert sum(map(bool, held)) == ((place, other) in cells)


def test_what_a_box_says():
    """Ranges are said as people write them."""
    said = [
        probing.said([COUNT, SPENT], (frozenset(counts), frozenset(spent)))
        for counts, spent in (({0, 1}, {2, 3}), ({1, 2, 3}, {0, 1, 2, 3, 4}), ({4}, {4}), ({0, 3, 4}, {1}))
    ]
    assert said == [
        "count <= 1 and 10 < spent <= 20",
        "1 <= count <= 3",
        "count >= 4 and spent > 20",
        "(count == 0 or count >= 3) and spent == 10",
    ]
