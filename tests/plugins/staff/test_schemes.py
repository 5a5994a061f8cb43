"""KPI schemes: curves, weights, what is missing or small, and the schemes as shipped."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cskit_staff
from cskit.rules import Label
from cskit.testing import department
from cskit_staff.scores.assessment import Indicator as Line
from cskit_staff.scores.schemes import Curve, Indicator, Scheme
from cskit_staff.scores.scoring import total_of

D = Decimal
RULES = Path(cskit_staff.__file__).parent / "rules"
LABEL = Label("x", "某")


def scheme(*weights: int, **settings: Any) -> Scheme:
    """Return a scheme of entered indicators with some weights."""
    lines = [
        Indicator(code=f"i{place}", label=LABEL, weight=D(weight)) for place, weight in enumerate(weights)
    ]
    return Scheme(label=LABEL, source=LABEL, indicators=lines, **settings)


def lines(weights: tuple[int, ...], scores: tuple[str | None, ...]) -> list[Line]:
    """Return lines of a card."""
    return [
        Line(code=f"i{place}", weight=D(weight), score=None if score is None else D(score))
        for place, (weight, score) in enumerate(zip(weights, scores, strict=True))
    ]


@pytest.mark.parametrize(
    ("curve", "figure", "score"),
    [
        (Curve(), "92.4", "92.40"),
        (Curve(), "104", "100.00"),
        (Curve("linear", [(D(0), D(0)), (D(5), D(100))]), "4.5", "90.00"),  # catalogue D2: mean ÷ 5 × 100
        (Curve("linear", [(D(60), D(0)), (D(90), D(100))]), "70", "33.33"),
        (Curve("linear", [(D(60), D(0)), (D(90), D(100))]), "50", "0.00"),
        (Curve("linear", [(D(4), D(100)), (D(24), D(0))]), "9", "75.00"),  # hours: less is better
        (Curve("steps", [(D(80), D(60)), (D(90), D(100))]), "90", "100.00"),
        (Curve("steps", [(D(80), D(60)), (D(90), D(100))]), "89.99", "60.00"),
        (Curve("steps", [(D(80), D(60)), (D(90), D(100))]), "79.99", "0.00"),
    ],
)
def test_curves(curve: Curve, figure: str, score: str) -> None:
    """A figure becomes a score between 0 and 100, to two places."""
    assert str(curve.score(D(figure))) == score


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("as-is", [(D(0), D(0))]),
        ("linear", [(D(0), D(0))]),
        ("linear", [(D(1), D(0)), (D(1), D(5))]),
        ("steps", []),
        ("steps", [(D(2), D(1)), (D(1), D(2))]),
    ],
)
def test_a_curve_that_is_none(kind: Any, points: Any) -> None:
    """Points that the kind has no use for are refused."""
    with pytest.raises(ValueError, match=r"points|rise"):
        Curve(kind, points)


WEIGHTS = (20, 20, 25, 25, 10)


@pytest.mark.parametrize(
    ("policy", "scores", "total"),
    [
        ("block", ("90", "80", "70", "60", "100"), "76.50"),  # 18 + 16 + 17.5 + 15 + 10
        ("block", ("90", "80", "70", "60", None), None),
        ("reweight", ("90", "80", "70", "60", None), "73.89"),  # 66.5 of 90
        ("zero", ("90", "80", "70", "60", None), "66.50"),
        ("zero", (None, None, None, None, None), None),
        ("reweight", (None, None, None, None, None), None),
    ],
)
def test_the_total(policy: Any, scores: tuple[str | None, ...], total: str | None) -> None:
    """S = Σ w·s / Σ w (norms.md); what is missing blocks, is left out, or counts 0, as declared."""
    found = total_of(scheme(*WEIGHTS, missing=policy), lines(WEIGHTS, scores))
    assert found == (None if total is None else D(total))


@given(st.lists(st.decimals(0, 100, places=2), min_size=5, max_size=5))
def test_the_total_lies_between_the_scores(scores: list[Decimal]) -> None:
    """A weighted mean is no less than the lowest and no more than the highest of what it is of."""
    found = total_of(scheme(*WEIGHTS), lines(WEIGHTS, tuple(map(str, scores))))
    assert found is not None
    assert min(scores) - D("0.01") <= found <= max(scores) + D("0.01")


@pytest.mark.parametrize(
    ("name", "weights", "lost"),
    [
        ("representative", [20, 20, 25, 25, 10], []),  # 000 L305
        ("technical", [40, 40, 10, 10], []),  # 000 L311
        ("logistics", [20, 30], [50]),  # 003 L265-270
    ],
)
def test_shipped_schemes(name: str, weights: list[int], lost: list[int]) -> None:
    """The weights are the source's."""
    held = tomllib.loads((RULES / "kpi-schemes" / f"{name}.toml").read_text(encoding="utf-8"))
    found = msgspec.convert(held, Scheme)
    assert [one.weight for one in found.indicators] == weights
    assert [one.weight for one in found.lost] == lost


BAD = """
label = { en = "Ours", zh = "自定" }
source = { en = "ours", zh = "自定" }
[[indicators]]
code = "calls"
label = { en = "Calls", zh = "通话" }
weight = 60
[[indicators]]
code = "attendance"
label = { en = "Attendance", zh = "考勤" }
weight = 35
"""


def test_weights_that_come_to_95(tmp_path: Path) -> None:
    """The file is refused, by name, whoever it would score."""
    folder = tmp_path / "data"
    office = department(
        folder, "staff position add 接线员 --id AGT --scheme ours", "staff add 周敏 --position AGT"
    )
    rules = folder / "rules" / "kpi-schemes"
    rules.mkdir(parents=True, mode=0o700)
    (folder / "rules").chmod(0o700)
    (rules / "ours.toml").write_text(BAD, encoding="utf-8")
    done = office("staff score --month 2026-07")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the weights come to 95, not to 100" in done.stderr
    assert "ours.toml" in done.stderr


def test_logistics_as_shipped(tmp_path: Path) -> None:
    """It refuses to run, and says what is lost and what to do."""
    office = department(
        tmp_path, "staff position add 物流客服 --id LOG --scheme logistics", "staff add 周敏 --position LOG"
    )
    refused = (
        "cskit: the scheme logistics is not complete: what row 1 of the source's sheet said (50 %)\n"
        'write rules/kpi-schemes/logistics.toml with replaces = "logistics" and name what is lost\n'
    )
    assert office("staff score --month 2026-07 --position LOG") == (1, "", refused)
    assert office("staff score S-001 --month 2026-07") == (1, "", refused)


def test_a_supervisor_without_a_scheme(tmp_path: Path) -> None:
    """Nobody is scored by a scheme that is not there; others are, and who was left out is said."""
    office = department(
        tmp_path,
        "staff position add 主管 --id SUP",
        "staff position add 代表 --id REP --scheme representative",
        "staff add 王磊 --position SUP",
        "staff add 周敏 --position REP",
    )
    said = "the position 主管 has no KPI scheme"
    done = office("staff score S-001 --month 2026-07")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"cskit: {said}\nwrite one in rules/kpi-schemes")
    everybody = office("staff score --month 2026-07")
    assert everybody.exit_code == 0
    assert f"left out: S-001 王磊: {said}\n" in everybody.stderr
    assert "S-002" in everybody.stdout


def test_a_plugin_that_is_away(tmp_path: Path) -> None:
    """Its indicators are missing by name, and the card stays a draft that nobody can confirm."""
    office = department(
        tmp_path,
        "staff position add 代表 --id REP --scheme representative",
        "staff add 王磊",
        "staff add 周敏 --position REP",
    )
    without = {"CSKIT_DISABLE_PLUGINS": "surveys"}
    done = office("staff score --month 2026-07 --user S-001", env=without)
    assert done.exit_code == 0
    assert (
        "surveys.satisfaction is unknown: plugin surveys is not there; the cards stay drafts" in done.stderr
    )
    refused = office("staff confirm S-002 --month 2026-07 --user S-002", env=without)
    assert (refused.exit_code, refused.stderr) == (1, "cskit: S-002: nobody confirms the own card\n")
    office("staff add 赵晴")
    refused = office("staff confirm S-002 --month 2026-07 --user S-003", env=without)
    assert refused.exit_code == 1
    assert "S-002: followups, satisfaction, handling, training, attendance missing" in refused.stderr
