"""What a mean makes of a rank: every boundary exactly, the ends of the ladder, probation and its end."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cskit_staff
from cskit.app import App
from cskit.config.settings import Settings
from cskit_staff import rulebook
from cskit_staff.reviews import bands
from cskit_staff.reviews.bands import Bands, Standing, judge, mean_of

D = Decimal
LADDER = ("one", "two", "three")
RULES = Bands(D(80), D(70), D(50), D(50), 1)
MONTHS = ("2026-07", "2026-08", "2026-09")
TOTALS = st.decimals(0, 100, places=2)


def quarter(*totals: Any) -> dict[str, Decimal | None]:
    """Return months and their totals."""
    return {month: None if total is None else D(total) for month, total in zip(MONTHS, totals, strict=True)}


def test_the_shipped_bands_are_those_of_the_source(tmp_path: Path) -> None:
    """Document 000 L309: above 80, 70 to 80, 50 to 70, below 50 and a month of probation (norms.md)."""
    app = App(settings=Settings(), installed={"staff": cskit_staff})
    app.folder = str(tmp_path)
    assert rulebook.standard(app, bands.KIND).value == RULES


@pytest.mark.parametrize(
    ("totals", "proposal", "rank", "state"),
    [
        pytest.param(("100", "100", "100"), "up", "three", "regular", id="best"),
        pytest.param(("80", "80", "80.01"), "up", "three", "regular", id="a cent in three above 80"),
        pytest.param(("80", "80", "80"), "stay", "two", "regular", id="just 80"),
        pytest.param(("70", "70", "70"), "stay", "two", "regular", id="just 70"),
        pytest.param(("69.99", "70", "70"), "down", "one", "regular", id="a cent in three below 70"),
        pytest.param(("50", "50", "50"), "down", "one", "regular", id="just 50"),
        pytest.param(("49.99", "50", "50"), "probation", "one", "probation", id="a cent in three below 50"),
        pytest.param(("0", "0", "0"), "probation", "one", "probation", id="worst"),
        pytest.param(("95", "80", "65"), "stay", "two", "regular", id="the mean counts, not the months"),
    ],
)
def test_every_band(totals: tuple[str, ...], proposal: str, rank: str, state: str) -> None:
    """A mean just on a number belongs where the source puts it, or where we say."""
    found = judge(RULES, LADDER, quarter(*totals), Standing("two", "regular"))
    assert (found.proposal, found.rank, found.state, found.held) == (proposal, rank, state, None)


@pytest.mark.parametrize(
    ("rank", "total", "proposal", "held", "state"),
    [
        ("three", "90", "up", "top", "regular"),
        ("one", "60", "down", "bottom", "regular"),
        ("one", "40", "probation", "bottom", "probation"),
        (None, "90", "up", "unranked", "regular"),
        ("four", "60", "down", "unranked", "regular"),
        ("three", "75", "stay", None, "regular"),
    ],
)
def test_the_ends_of_the_ladder(
    rank: str | None, total: str, proposal: str, held: str | None, state: str
) -> None:
    """Where there is no rank to move to, the move is held, and says why; a probation begins all the same."""
    found = judge(RULES, LADDER, quarter(total, total, total), Standing(rank, "regular"))
    assert (found.proposal, found.rank, found.held, found.state) == (proposal, rank, held, state)


def test_one_rank_never_moves() -> None:
    """The audit assistants' ladder has one rank."""
    assert judge(RULES, ["only"], quarter(90, 90, 90), Standing("only", "regular")).held == "top"
    assert judge(RULES, ["only"], quarter(60, 60, 60), Standing("only", "regular")).held == "bottom"


@pytest.mark.parametrize("missing", range(3))
def test_fewer_than_three_months(missing: int) -> None:
    """A month without a confirmed card is no month of 0: nothing is proposed."""
    totals: list[Any] = [90, 90, 90]
    totals[missing] = None
    found = judge(RULES, LADDER, quarter(*totals), Standing("two", "regular"))
    assert found == ("insufficient", None, "two", "regular", None)


PROBATION = Standing("two", "probation", "2026-09")


@pytest.mark.parametrize(
    ("totals", "proposal", "rank", "state"),
    [
        pytest.param((90, 90, "49.99"), "dismissal", "two", "left", id="just below 50"),
        pytest.param((60, 60, 50), "down", "one", "regular", id="just 50 ends it; the mean judges the rank"),
        pytest.param((75, 75, 75), "stay", "two", "regular", id="passed"),
        pytest.param((90, 90, 90), "up", "three", "regular", id="passed, and up"),
        pytest.param((40, 40, 55), "probation", "one", "probation", id="passed, but the mean begins another"),
        pytest.param((None, 90, 40), "dismissal", "two", "left", id="other months may be missing"),
        pytest.param((None, 90, 60), "ended", "two", "regular", id="passed; too few months for the rank"),
        pytest.param((60, 60, None), "insufficient", "two", "probation", id="its month is missing"),
    ],
)
def test_probation(totals: tuple[Any, ...], proposal: str, rank: str, state: str) -> None:
    """Its month alone decides whether it ends in a proposal to part; the mean judges the rank."""
    found = judge(RULES, LADDER, quarter(*totals), PROBATION)
    assert (found.proposal, found.rank, found.state) == (proposal, rank, state)


@pytest.mark.parametrize(
    ("total", "proposal", "state"),
    [("50", "ended", "regular"), ("49.99", "dismissal", "left"), (None, "insufficient", "probation")],
)
def test_a_month_of_probation_alone(total: str | None, proposal: str, state: str) -> None:
    """It can be judged when its month is over; the rank waits for the quarter."""
    found = judge(RULES, LADDER, {"2026-09": None if total is None else D(total)}, PROBATION)
    assert (found.proposal, found.rank, found.state) == (proposal, "two", state)


def test_a_probation_of_a_later_month_goes_on() -> None:
    """Its month is not in the quarter: the quarter judges the rank, and the probation stays."""
    found = judge(RULES, LADDER, quarter(75, 75, 75), Standing("two", "probation", "2026-10"))
    assert (found.proposal, found.state) == ("stay", "probation")


@given(st.lists(TOTALS, min_size=3, max_size=3), TOTALS)
def test_a_better_month_never_makes_it_worse(totals: list[Decimal], more: Decimal) -> None:
    """The rank after a review rises with each month's total."""
    before = judge(RULES, LADDER, quarter(*totals), Standing("two", "regular"))
    better = [min(D(100), totals[0] + more), *totals[1:]]
    after = judge(RULES, LADDER, quarter(*better), Standing("two", "regular"))
    assert LADDER.index(after.rank or "") >= LADDER.index(before.rank or "")
    assert {before.rank, after.rank} <= set(LADDER)


@given(st.lists(TOTALS, min_size=3, max_size=3))
def test_the_mean_is_never_rounded_onto_a_band(totals: list[Decimal]) -> None:
    """To four places it is on the same side of each number as the exact mean."""
    exact, shown = sum(totals), mean_of(totals)
    for band in (80, 70, 50):
        assert (exact > 3 * band, exact == 3 * band) == (shown > band, shown == band)


def test_bands_are_noted_and_read_again() -> None:
    """What a review records beside it judges as the rules did."""
    assert bands.from_values(RULES.values()) == RULES
    with pytest.raises(ValueError, match="fall from 100 to 0"):
        Bands(D(70), D(80), D(50), D(50), 1)
