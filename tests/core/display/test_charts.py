"""Charts of characters: aligned by cells, in proportion, plain where asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.display import charts
from cskit.display.charts import Bar, Point, Stack
from cskit.display.wrapping import cells


def test_bars_begin_in_one_column() -> None:
    """Chinese labels take two cells a character; the bars are to the eighth of a cell."""
    rows = [Bar("维修", 50, "n=1"), Bar("abc", 100, "n=22"), Bar("x", None, "n=0")]
    assert list(charts.bars(rows, 100, 24)) == [
        "维修  ██████        n=1",
        "abc   ████████████  n=22",
        "x                   n=0",
    ]
    assert list(charts.bars(rows[:2], 100, 24, ascii=True)) == [
        "维修  ######        n=1",
        "abc   ############  n=22",
    ]


def test_a_bar_to_the_eighth() -> None:
    """1/16 of 10 cells is five eighths."""
    assert list(charts.bars([Bar("a", 6.25)], 100, 15)) == ["a  ▋"]


@pytest.mark.parametrize(("value", "drawn"), [(-5, ""), (0, ""), (150, "█" * 10)])
def test_values_beyond_the_ends(value: float, drawn: str) -> None:
    """What is below nothing has no bar, what is above the most a full one."""
    assert list(charts.bars([Bar("a", value)], 100, 15)) == [f"a  {drawn}".rstrip()]


def test_long_labels_are_cut() -> None:
    """A label takes two fifths of the width at most, and ends in … then."""
    (line,) = charts.bars([Bar("您对我们的响应速度是否满意？", 100)], 100, 30)
    assert line.startswith("您对我们的…")
    assert cells(line) <= 30


def test_control_characters_do_not_reach_the_terminal() -> None:
    """Labels and notes come from records."""
    (line,) = charts.bars([Bar("a\x1b[2J", 1, "\x07")], 1, 40)
    assert "\x1b" not in line
    assert "\x07" not in line


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_stacks_are_as_long_as_each_other(parts: list[list[int]]) -> None:
    """Largest remainders: all cells are given out, no part gets more than one above its share."""
    rows = [Stack(str(place), each) for place, each in enumerate(parts)]
    lines = list(charts.stacks(rows, 40, ascii=True))
    for line, each in zip(lines, parts, strict=True):
        drawn = line.partition("  ")[2]
        if sum(each):
            assert len(drawn) == 35
            for place, part in enumerate(each):
                assert abs(drawn.count(charts.sign(place, True)) - part * 35 / sum(each)) < 1
        else:
            assert drawn == ""


def test_a_plane() -> None:
    """Points stand where they belong, the middle lines are drawn, two on one cell show as a star."""
    points = [Point(0, 1, "A"), Point(1, 0, "B"), Point(1, 0, "C")]
    assert list(charts.plane(points, 5, 3)) == ["A │", "──┼──", "  │ *"]
    assert list(charts.plane([], 5, 3, ascii=True)) == ["  |", "--+--", "  |"]
