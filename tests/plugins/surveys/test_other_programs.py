"""Our formulas against scipy's, our XLSForms through pyxform."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform import xls2xform
from scipy import stats

from cskit.intervals import wilson, z_of
from cskit_surveys import questionnaires, xlsform
from cskit_surveys.drivers import correlation
from cskit_surveys.intervals import Share, between_shares, mean
from cskit_surveys.questionnaires import Questionnaire
from tests.plugins.surveys.samples import questionnaire

SHIPPED = sorted((Path(questionnaires.__file__).parent / "rules" / "questionnaires").glob("*.toml"))


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (3, 7), (0, 10), (668, 1681), (1681, 1681)])
def test_wilson_is_scipys(hits: int, n: int, confidence: float) -> None:
    """At every confidence, and at both ends."""
    ours = wilson(hits, n, confidence)
    theirs = stats.binomtest(hits, n).proportion_ci(confidence, method="wilson")
    assert ours == pytest.approx((100 * theirs.low, 100 * theirs.high), abs=1e-9)


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_the_change_of_shares_is_a_chi_square_test(n: int, m: int, a: float, b: float) -> None:
    """The square of z is Pearson's chi-square of the two by two table, without continuity correction."""
    before, after = Share(int(a * n), n), Share(int(b * m), m)
    change = between_shares(before, after)
    assert change is not None
    table = [[before.hits, before.n - before.hits], [after.hits, after.n - after.hits]]
    if 0 in (before.hits + after.hits, before.n + after.n - before.hits - after.hits):
        assert not change.real  # nobody, or everybody, twice
        return
    theirs = stats.chi2_contingency(table, correction=False)
    assert change.z**2 == pytest.approx(theirs.statistic, abs=1e-9)
    assert change.p == pytest.approx(theirs.pvalue, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=40))
def test_correlation_is_scipys(pairs: list[tuple[int, int]]) -> None:
    """Pearson's r, and nothing where one side is constant."""
    left, right = zip(*pairs, strict=True)
    ours = correlation([(float(x), float(y)) for x, y in pairs])
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(stats.pearsonr(left, right).statistic, abs=1e-9)


def test_means_are_scipys() -> None:
    """Mean, deviation, and the normal interval around it."""
    values = [1.0, 2.0, 4.0, 4.0, 5.0]
    found = mean(values)
    assert found.deviation == pytest.approx(stats.tstd(values))
    assert found.margin == pytest.approx(stats.norm.ppf(0.975) * stats.sem(values))
    assert z_of(0.9) == pytest.approx(stats.norm.ppf(0.95))
    assert math.isclose(found.value or 0, 3.2)


@pytest.mark.parametrize("path", [None, *SHIPPED], ids=lambda path: path.stem if path else "sample")
def test_pyxform_converts_without_a_warning(path: Path | None, tmp_path: Path) -> None:
    """Every questionnaire becomes an XForm with its questions, in both languages, with its conditions."""
    asked = questionnaire()
    if path is not None:
        asked = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Questionnaire, strict=True)
    made = tmp_path / "form.xlsx"
    with made.open("wb") as out:
        xlsform.write("form", asked, out)
    converted = xls2xform.convert(made, validate=False)
    assert converted.warnings == []
    for question in asked.questions():
        assert f"/{question.code}" in converted.xform
    assert converted.xform.count("relevant=") == sum(bool(one.ask_if) for one in asked.questions())
    assert "中文 (zh)" in converted.xform
