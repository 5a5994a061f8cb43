"""Sums of money, and what random settlements may never do, without a store or a command line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cskit import Refused, Usage, amounts
from cskit.rules import Label
from cskit.workflow import Workflow
from cskit_property.matters import procedures
from cskit_property.sales.saleflow import FLOW as SALES
from cskit_property.settlements import approval, deductions, lines, reductions, settlements, settling
from cskit_property.settlements.deductions import Band, Measure, Table
from cskit_property.settlements.lines import Asked, Rated
from cskit_property.settlements.moneymodel import Line, Settlement, Step

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 1), dt.date(2026, 10, 31)


@pytest.mark.parametrize("flow", [settling.FLOW, reductions.FLOW, SALES], ids=lambda flow: flow.noun)
def test_the_flows_are_sound(flow: Workflow) -> None:
    """Every state is reached, and every open one leads on."""
    assert flow.faults() == []


# --- amounts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.124999", "0.12"), ("2.675", "2.68"), ("1e14", "1e14")],
)
def test_half_a_fen_goes_up(amount: str, rounded: str) -> None:
    """Rounding is half up by the decimal digits, in both directions from zero."""
    assert amounts.fen(Decimal(amount)) == Decimal(rounded)


def test_a_product_is_rounded_once() -> None:
    """1.805 × 33.33 × 1 = 60.160650: the factors are never rounded before."""
    assert amounts.product(*map(Decimal, ("1.805", "33.33", "1"))) == Decimal("60.16")


# --- lines as typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "amount", "kept"),
    [
        (Asked(fees=["保洁=1.80*12000.55*3"]), "64802.97", ("rate", "area", "months")),
        (Asked(fees=["盆栽 = 20 × 35.50"]), "710.00", ("units", "rate")),
        (Asked(fees=["a=b=5,000"]), "5000.00", ()),
        (Asked(additions=["补种=3*9.99"]), "29.97", ("units", "rate")),
        (Asked(deductions=["漏检两次=500"]), "-500.00", ()),
        (Asked(adjustments=["上期多付=-120.5"]), "-120.50", ()),
        (Asked(adjustments=["上期少付=120.5"]), "120.50", ()),
    ],
)
def test_lines_are_typed(asked: Asked, amount: str, kept: tuple[str, ...]) -> None:
    """The number of factors says what they are; a deduction is typed as what it takes off."""
    (line,) = lines.typed(asked)
    assert line.amount == Decimal(amount)
    assert tuple(n for n in ("units", "rate", "area", "months") if getattr(line, n) is not None) == tuple(
        n for n in ("units", "rate", "area", "months") if n in kept
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("保洁=1.8*-100*3", "the area -100 is not above zero"),
        ("保洁=0*100*3", "the rate 0 is not above zero"),
        ("保洁=1*2*3*4", "expected at most three factors: rate, area and months"),
        ("保洁", "expected TEXT=AMOUNT"),
        ("=5", "expected TEXT=AMOUNT"),
        ("保洁=viel", "expected a number"),
        ("保洁=9999999999*9999999999", "the amount is too large"),
    ],
)
def test_lines_that_are_none(text: str, fault: str) -> None:
    """What cannot be a fee is refused with the option, the text and the reason."""
    with pytest.raises(Usage) as refused:
        lines.typed(Asked(fees=[text, "盆栽=1"]))
    assert refused.value.message.startswith(f"--fee '{text}': {fault}")


def test_all_wrong_lines_at_once() -> None:
    """One message names every line that cannot be read, of any option."""
    with pytest.raises(Usage) as refused:
        lines.typed(Asked(fees=["a"], deductions=["b=-5"], adjustments=["c=0"]))
    said = refused.value.message
    assert [said.count(option) for option in ("--fee 'a'", "--deduct 'b=-5'", "--adjust 'c=0'")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-10-01", "2026-10-31", 1),
        ("2026-01-01", "2026-12-31", 12),
        ("2025-12-01", "2026-02-28", 3),
        ("2024-02-01", "2024-02-28", None),
        ("9999-12-01", "9999-12-31", 1),
        ("2026-10-02", "2026-10-31", None),
    ],
)
def test_whole_months(first: str, last: str, months: int | None) -> None:
    """A period is so many months if it begins on a first and ends on a last day, leap years too."""
    assert lines.whole_months(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == months


def test_the_projects_rates() -> None:
    """Each area with a rate makes a line; one without makes none, and none at all is refused."""
    project = Rated(
        "PJ-001", "云栖苑", None, Decimal("12000.55"), Decimal(800), Decimal("1.80"), Decimal("2.5")
    )
    found = lines.of_project(project, "物业费", *OCTOBER)
    assert [line.amount for line in found] == [Decimal("21600.99"), Decimal("2000.00")]
    bare = msgspec.structs.replace(project, other_rate=None)
    assert len(lines.of_project(bare, "物业费", *OCTOBER)) == 1
    with pytest.raises(Refused, match="no area with a rate"):
        lines.of_project(Rated("PJ-001", "x"), "物业费", *OCTOBER)
    with pytest.raises(Refused, match="no number of whole months"):
        lines.of_project(project, "物业费", dt.date(2026, 10, 1), dt.date(2026, 10, 30))
    with pytest.raises(Refused, match=r"the area -5 at the rate 2\.5 is below zero"):
        lines.of_project(msgspec.structs.replace(project, other_area=Decimal(-5)), "物业费", *OCTOBER)


# --- deductions --------------------------------------------------------------------------------------------

BANDS = [Band(Decimal(90), Decimal(1)), Band(Decimal(80), Decimal(3)), Band(Decimal(60), Decimal(10))]
TABLE = Table(
    Label("t", "t"),
    Decimal(12),
    [Measure("checks.score", Label("Score", "得分"), BANDS), Measure("x.y", Label("Other", "其他"), BANDS)],
)


@pytest.mark.parametrize(
    ("values", "taken"),
    [
        ({"checks.score": "90"}, []),
        ({"checks.score": "89.99"}, ["-100.01"]),
        ({"checks.score": "80"}, ["-100.01"]),
        ({"checks.score": "79"}, ["-300.02"]),
        ({"checks.score": "0"}, ["-1000.05"]),
        ({"checks.score": "0", "x.y": "0"}, ["-1000.05", "-200.01"]),
        ({"x.y": "85"}, ["-100.01"]),
        ({}, []),
    ],
)
def test_deductions_by_the_table(values: dict[str, str], taken: list[str]) -> None:
    """A limit is not below itself; the lowest band counts; what is unknown takes nothing; there is a most."""
    known = {name: Decimal(value) for name, value in values.items()}
    found = deductions.lines(TABLE, known, Decimal("10000.50"))
    assert [line.amount for line in found] == [Decimal(one) for one in taken]
    assert all(line.kind == "deduction" and line.reason and line.measure in known for line in found)


money = st.decimals(min_value="0.01", max_value="99999999.99", places=2)


@given(st.dictionaries(st.sampled_from(["checks.score", "x.y"]), st.decimals("0", "100", places=2)), money)
def test_deductions_never_exceed_their_most(values: dict[str, Decimal], fees: Decimal) -> None:
    """Whatever the figures are, the table's most is kept to the fen, and no line adds anything."""
    found = deductions.lines(TABLE, values, fees)
    assert all(line.amount < 0 for line in found)
    assert -amounts.total(line.amount for line in found) <= amounts.share(fees, TABLE.most_percent)


# --- random settlements ------------------------------------------------------------------------------------

PEOPLE = ("a", "b", "c", "d", "e")
factor = st.decimals(min_value="0.001", max_value="99999", places=3).map(lambda one: f"{one.normalize():f}")
fee = st.lists(factor, min_size=1, max_size=3).map(lambda parts: "x=" + "*".join(parts))
signed_amount = st.decimals(min_value="-5000", max_value="5000", places=2).filter(lambda one: one != 0)
VERBS = ("submit", "check", "approve", "return", "revise", "line")
# A number stands for what the flow offers in the state reached, so that many a settlement comes to its end.
acts = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(PEOPLE)), max_size=14)


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for what is read from files and tables: the policy, a computed deduction, what is owed."""
    policy = settling.Policy(Decimal(100000), 30, [30], 60)
    monkeypatch.setattr(settling, "load", lambda app: policy)

    def computed(
        app: Any, project: str, item: str, period: Any, own: list[Line], survey: Any
    ) -> tuple[list[Line], str]:
        fees = amounts.total(line.amount for line in own if line.kind == "fee")
        return deductions.lines(TABLE, {"checks.score": Decimal(70)}, fees), "t@0"

    monkeypatch.setattr(settlements, "computed_lines", computed)
    monkeypatch.setattr(approval, "_payees", lambda tx: {})


def person(name: str, charged: list[Decimal]) -> Any:
    """Return an app in which somebody acts, whose ledger notes what it is charged."""

    def charge(tx: Any, **given: Any) -> str:
        charged.append(given["amount"])
        return f"FE-{len(charged)}"

    return SimpleNamespace(
        staff=name,
        user=name,
        now=NOW,
        today=NOW.date(),
        actions={"ledger.charge": charge},
        echo=lambda text: None,
    )


def steps(verb: str, app: Any) -> Any:
    """Return the step of a verb as the command makes it."""
    made = {
        "submit": lambda: approval.submit(app),
        "check": lambda: approval.check(app),
        "approve": lambda: approval.approve(app, None),  # type: ignore[arg-type]  # the payees are stood in for
        "return": lambda: approval.send_back(app, reason="x"),
        "revise": lambda: approval.move(app, "revise"),
        "line": lambda: settlements.relined(app, Asked(fees=["y=3*7.77"])),
    }
    return made[verb]()


def drafted(fees: list[str], adjusted: list[Decimal], who: str) -> Settlement:
    """Return a draft as `settlements.create` makes it."""
    own = lines.typed(Asked(fees=fees, adjustments=[f"z={one}" for one in adjusted]))
    draft = Settlement(
        id="ST-1",
        project="PJ-001",
        item="x",
        first=OCTOBER[0],
        last=OCTOBER[1],
        steps=[Step(at=NOW, who=who, what="new", after="draft")],
    )
    return settlements.recomputed(person(who, []), draft, own)


@settings(max_examples=60)
@given(st.lists(fee, min_size=1, max_size=5), st.lists(signed_amount, max_size=3), acts)
@example(["x=99999*2"], [], [(1, "b"), (0, "c"), (0, "d"), (0, "d"), (0, "e")])
def test_random_settlements(fees: list[str], adjusted: list[Decimal], done: list[tuple[int, str]]) -> None:
    """Lines add up, amounts stay once handed in, nobody signs twice, and the ledger is charged once."""
    charged: list[Decimal] = []
    one = drafted(fees, adjusted, "a")
    for number, who in done:
        offered = [verb for verb in settling.FLOW.verbs(one.state) if verb in VERBS] or VERBS
        try:
            after = steps(offered[number % len(offered)], person(who, charged))(one)
        except Refused:
            after = one
        if one.state not in ("draft", "returned"):
            assert (after.lines, after.total) == (one.lines, one.total)
        one = after
        assert amounts.total(line.amount for line in one.lines) == one.total
        assert all(line.amount == amounts.fen(line.amount) for line in one.lines)
        last = [place for place, step in enumerate(one.steps) if step.what == "submit"]
        round_ = one.steps[last[-1] :] if one.state in ("submitted", "checked", "approved") else []
        signers = [step.who for step in round_ if step.what in ("submit", "check", "sign", "approve")]
        assert len(signers) == len(set(signers))
        prepared = {step.who for step in one.steps if step.what in ("new", "line", "revise")}
        assert not prepared & set(signers[1:])
    if one.state == "approved":
        assert charged == [one.total]
        assert len([step for step in one.steps if step.what in ("sign", "approve")]) >= (one.needs or 0)
        assert one.total <= 100000 or one.needs == 2
    else:
        assert charged == []


def test_lines_that_do_not_add_up() -> None:
    """A settlement whose total is not the sum of its lines cannot even be read."""
    with pytest.raises(ValueError, match="do not add up"):
        Settlement(id="ST-1", project="P", item="x", first=OCTOBER[0], last=OCTOBER[1], total=Decimal(1))


# --- floors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("floors", "needed"), [(30, 15), (31, 16), (1, 1), (2, 1), (33, 17)])
def test_half_of_all_floors(floors: int, needed: int) -> None:
    """Half is rounded up to a whole floor (catalogue C03: half of all floors; 31 → 16)."""
    assert procedures.needed_floors(floors, Decimal("0.5")) == needed
