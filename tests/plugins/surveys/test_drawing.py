"""Random samples that can be drawn again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit import Usage
from cskit_surveys.drawing import allotted, in_order, parts_of, sample, size_of

IDS = [f"C-{number:06d}" for number in range(1, 201)]


def test_the_same_seed_draws_the_same_people() -> None:
    """In whatever order they come; another seed draws others."""
    everybody = dict.fromkeys(IDS, "")
    again = dict.fromkeys(reversed(IDS), "")
    assert sample(everybody, 20, 7) == sample(again, 20, 7)
    assert sample(everybody, 20, 7) != sample(everybody, 20, 8)


def test_who_joins_moves_nobody() -> None:
    """A sample drawn a day later differs at most by the one who came."""
    before = sample(dict.fromkeys(IDS, ""), 20, 7)
    after = sample(dict.fromkeys([*IDS, "C-999999"], ""), 20, 7)
    assert len(set(before) - set(after)) <= 1


def test_everybody_is_drawn_as_often() -> None:
    """Over many seeds nobody is preferred: 400 draws of 10 in 20, each about 200 times."""
    counts = Counter(own for seed in range(400) for own in sample(dict.fromkeys(IDS[:20], ""), 10, seed))
    assert sum(counts.values()) == 4000
    assert all(150 < counts[own] < 250 for own in IDS[:20])


@pytest.mark.parametrize(
    ("wish", "population", "size"),
    [
        ("10%", 101, 11),
        ("12.5%", 80, 10),
        ("100%", 7, 7),
        ("50", 80, 50),
        ("50", 20, 20),
        ("auto", 500, 218),
        ("auto", 0, 0),
        ("10%", 0, 0),
    ],
)
def test_sizes(wish: str, population: int, size: int) -> None:
    """Percentages are rounded up; nobody is asked twice."""
    assert size_of(wish, population, 0.95, 0.05) == size


@pytest.mark.parametrize("wish", ["0", "-3", "2.5", "0%", "101%", "many", "", "1/0", "%"])
def test_sizes_that_are_none(wish: str) -> None:
    """The message says what a size looks like, or what is wrong with it."""
    with pytest.raises(Usage, match="--size"):
        size_of(wish, 100, 0.95, 0.05)


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=1, max_size=8), st.integers(0, 4000)
)
def test_parts_add_up(strata: dict[str, int], size: int) -> None:
    """Each stratum gets its share to within one person, and all shares together the size."""
    parts = allotted(strata, size)
    total = sum(strata.values())
    assert sum(parts.values()) == min(size, total)
    for name, count in strata.items():
        assert parts[name] <= count
        assert abs(parts[name] * total - min(size, total) * count) < total


def test_strata_are_drawn_in_proportion() -> None:
    """100 in the east and 50 in the west: a sample of 30 takes 20 and 10."""
    members = {own: "east" if number < 100 else "west" for number, own in enumerate(IDS[:150])}
    drawn = sample(members, 30, 1)
    assert parts_of(members, drawn) == {"east": (100, 20), "west": (50, 10)}
    assert drawn == in_order(drawn, 1)
