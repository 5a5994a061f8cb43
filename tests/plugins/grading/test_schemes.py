"""Every shipped scheme, decided from facts that a plugin of the tests gives: table by table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest

from cskit import FactSpec, hookimpl
from cskit.app import App
from cskit.errors import Refused, Usage
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_grading import checking, deciding, needs, schemes

NOW = "2026-11-22"
ASK = needs.ask
COMPLAINTS = ("complaints.count", "complaints.open")
KNOWN = {  # what a customer has of whom the case says nothing
    "orders.count": 0,
    "orders.amount": D(0),
    "orders.open": 0,
    "orders.completed": 0,
    "orders.quoted": 0,
    "orders.referrals": 0,
    "customer.fan": False,
    "customer.penalised": False,
    "complaints.count": 0,
    "complaints.open": 0,
    "fees.late_payments": 0,
    "fees.overdue_amount": D(0),
}


class Complaints:
    """A plugin "complaints" that declares its facts; what they are is the case's."""

    @hookimpl
    def cskit_fact_specs(self):
        return [FactSpec(name, "customer", "integer", "Complaints.", "", "period") for name in COMPLAINTS]

    @hookimpl
    def cskit_facts(self, names):
        return {name: {} for name in names}


PLUGINS = {"customers": "cskit_customers", "grading": "cskit_grading", "complaints": Complaints()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a department with one customer, and a region."""
    place = tmp_path_factory.mktemp("department") / "data"
    department(place, "customer add 张三", plugins=PLUGINS)
    return place


@pytest.fixture
def decide(folder, monkeypatch):
    """Return a function that decides on the one customer by a scheme, from facts by name."""

    def go(scheme, last=None, fields=None, **facts):
        app = App(Options(data=str(folder), now=NOW), installed=PLUGINS)
        held = {**KNOWN, **{name.replace("__", "."): value for name, value in facts.items()}}

        def known(name):
            return {} if held.get(name) is None else {"C-000001": held[name]}

        def ask(app, asked, ids=None):
            monkeypatch.setattr(
                App, "facts", lambda self, kind, names, ids, **narrowed: {name: known(name) for name in names}
            )
            columns = ASK(app, asked, ids)
            own = {
                need: {"C-000001": (fields or {})[need.field]}
                for need in columns.of
                if need.field in (fields or {})
            }
            return columns._replace(of={**columns.of, **own})

        monkeypatch.setattr(needs, "ask", ask)
        held_codes = {scheme: {"C-000001": last}} if last else {}
        return deciding.decide(app, [scheme], last=held_codes).decisions[scheme]["C-000001"]

    return go


def day(text):
    """Return a day."""
    return dt.date.fromisoformat(text)


ORDER_VOLUME = [
    # the cells of catalogue A03: count, volume, grade, whether the literal rule covers it
    (6, "100000.01", "A", True),
    (6, "100000", "B", True),
    (6, "5000", "C", False),
    (5, "100000.01", "B", False),
    (5, "100000", "B", True),
    (4, "150000", "B", False),
    (4, "10000", "B", False),
    (4, "10000.01", "B", True),
    (4, "9999.99", "C", False),
    (3, "500000", "C", False),
    (2, "50000", "C", False),
    (1, "10000", "C", False),
    (1, "9999.99", "C", True),
]


@pytest.mark.parametrize(("count", "volume", "code", "literal"), ORDER_VOLUME)
def test_order_volume(decide, count, volume, code, literal):
    """Grades are the lower of the two by count and by volume; where the source has a gap, borderline."""
    found = decide("order-volume", orders__count=count, orders__amount=D(volume))
    assert (found.code, found.borderline == (), found.reason) == (code, literal, "")
    assert found.facts == {"count": count, "volume": D(volume)}


@pytest.mark.parametrize(
    ("potential", "code", "reason"),
    [
        ("100000.01", "A", "by potential volume"),
        ("100000", "B", "by potential volume"),
        ("9999", "C", "by potential volume"),
        (None, None, "unknown: customer.potential_volume"),
    ],
)
def test_order_volume_without_orders(decide, potential, code, reason):
    """Without an order the potential volume decides, and is said to; else there is no grade."""
    facts = {"customer__potential_volume": D(potential)} if potential else {}
    found = decide("order-volume", **facts)
    assert (found.code, found.reason, found.borderline) == (code, reason, ())


def test_unknown_only_where_it_is_needed(decide):
    """An unknown amount leaves few orders a C, of which the literal rule cannot be told; not many orders."""
    few = decide("order-volume", orders__count=2, orders__amount=None)
    said = "whether the source's own rule holds is unknown: 1 <= count <= sporadic and volume < small"
    assert (few.code, few.borderline, few.unknown) == ("C", (said,), ())
    many = decide("order-volume", orders__count=6, orders__amount=None)
    assert (many.code, many.unknown, many.reason) == (None, ("orders.amount",), "unknown: orders.amount")


CASES = [
    # scheme, facts, grade, what else is said
    ("transaction", {"orders__open": 1, "orders__completed": 3}, "now", ""),
    ("transaction", {"orders__completed": 3, "orders__quoted": 1}, "past", ""),
    ("transaction", {"orders__quoted": 1}, "soon", ""),
    ("transaction", {"opportunity__state": "negotiating"}, "soon", ""),
    ("transaction", {"opportunity__state": "lost"}, "none", ""),
    ("deal-status", {"opportunity__state": "negotiating", "orders__completed": 1}, "negotiating", ""),
    ("deal-status", {"orders__completed": 1}, "closed", ""),
    ("deal-status", {"opportunity__state": "won"}, "closed", ""),
    ("deal-status", {}, "potential", ""),
    ("importance", {"opportunity__amount": D(50000)}, "important", ""),
    ("importance", {"opportunity__amount": D(1), "customer__potential_volume": D(100000)}, "important", ""),
    ("importance", {"customer__potential_volume": D(99999)}, "ordinary", ""),
    ("importance", {}, None, "unknown: opportunity.amount, customer.potential_volume"),
    ("urgency", {"activity__next_on": day("2026-01-01")}, "urgent", ""),
    ("urgency", {"activity__next_on": day("2026-11-29")}, "urgent", ""),
    ("urgency", {"activity__next_on": day("2026-11-30")}, "soon", ""),
    ("urgency", {"activity__next_on": day("2026-12-22")}, "soon", ""),
    ("urgency", {"activity__next_on": day("2027-02-22")}, "later", ""),
    ("urgency", {"activity__next_on": day("2027-02-23")}, "slow", ""),
    ("urgency", {}, None, "unknown: activity.next_on"),
    ("need", {"opportunity__need": "obvious"}, "target", ""),
    ("need", {"opportunity__need": "potential"}, "potential", ""),
    ("need", {"opportunity__need": "none"}, "dead", ""),
    ("need", {"opportunity__need": "unknown"}, "unknown", ""),
    ("need", {}, "unknown", ""),
    ("store-tier", {"orders__amount": D(60000)}, "super-vip", ""),
    ("store-tier", {"orders__count": 1, "orders__referrals": 1}, "super-vip", ""),
    ("store-tier", {"orders__count": 2, "orders__amount": None}, "super-vip", ""),
    ("store-tier", {"orders__amount": D(30000)}, "vip", ""),
    ("store-tier", {"customer__uses_competitor": True}, "vip", ""),
    ("store-tier", {"complaints__count": 1}, "vip", ""),
    ("store-tier", {"customer__fan": True}, "vip", ""),
    ("store-tier", {"customer__uses_competitor": False}, "standard", ""),
    ("store-tier", {"orders__amount": None}, None, "unknown: orders.amount"),
    ("retail", {"customer__penalised": True}, "penalty", ""),
    ("value-recommend", {"orders__referrals": 1}, "yes", ""),
    ("value-recommend", {}, "no", ""),
    ("credit", {"customer__months_known": 36}, "AAA", ""),
    ("credit", {"customer__months_known": 36, "fees__late_payments": 1}, "AA", ""),
    ("credit", {}, "BBB", ""),
    ("credit", {"fees__overdue_amount": D(5000), "fees__overdue_days": 30}, "CC", ""),
    ("credit", {"fees__late_payments": 9}, "D", ""),
    ("dangerous", {"fees__late_payments": 5}, "yes", ""),
    ("dangerous", {}, "no", ""),
    ("problem", {"complaints__open": 1}, "yes", ""),
    ("problem", {"fees__overdue_amount": D("0.01")}, "yes", ""),
    ("problem", {}, "no", ""),
    ("key", {"orders__amount": D(1)}, "yes", ""),
    ("key", {}, "no", ""),
    ("major", {"orders__amount": D(1)}, "yes", ""),
    ("excellent", {"orders__gross_profit": D(1)}, "yes", ""),
    ("excellent", {"orders__gross_profit": D(-1)}, "no", ""),
    ("value-spending", {}, None, "the scheme is not for this customer"),
    ("value-spending", {"orders__count": 1, "orders__amount": D(9)}, "low", ""),
    ("value-loyalty", {}, "potential", ""),
    ("value-loyalty", {"orders__last_on": day("2026-05-26"), "customer__months_known": 11}, "potential", ""),
    ("value-loyalty", {"orders__last_on": day("2026-05-26"), "customer__months_known": 12}, "long", ""),
    ("value-loyalty", {"orders__last_on": day("2026-05-25"), "customer__months_known": 1}, "lost", ""),
    ("service-tier", {"customer__usage_depth": 10}, None, "unknown: customer.potential_volume"),
]


@pytest.mark.parametrize(("scheme", "facts", "code", "reason"), CASES)
def test_grades(decide, scheme, facts, code, reason):
    """Each scheme grades as its file says, at both sides of its limits, and says what it lacks."""
    found = decide(scheme, **facts)
    assert (found.code, found.reason) == (code, reason)


DEAL = [
    ("none", "yes", None, "E", 0),
    ("obvious", "no", "2026-11-30", "E", 0),
    ("potential", "no", None, "E", 0),
    ("potential", "yes", "2026-11-30", "D", 0),
    ("obvious", "yes", "2026-11-22", "A", 0),
    ("obvious", "unknown", "2026-12-22", "A", 0),
    ("obvious", "yes", "2026-12-23", "B", 0),
    ("obvious", "yes", "2027-02-22", "B", 0),
    ("obvious", "yes", "2027-02-23", "C", 0),
    ("obvious", "yes", "2027-05-22", "C", 1),
    ("obvious", "yes", "2027-05-23", "D", 0),
    ("obvious", "yes", None, "D", 1),
]


@pytest.mark.parametrize(("need", "chance", "closes", "code", "doubts"), DEAL)
def test_deal(decide, need, chance, closes, code, doubts):
    """By need and expected date (catalogue A08); exactly six months and no date at all are borderline."""
    found = decide(
        "deal",
        opportunity__need=need,
        opportunity__chance=chance,
        opportunity__expected_close=day(closes) if closes else None,
    )
    assert (found.code, len(found.borderline)) == (code, doubts)


def test_a_date_that_is_past_keeps_the_grade(decide):
    """The last grade stays, marked; without one there is none, and the reason is the same."""
    past = {
        "opportunity__need": "obvious",
        "opportunity__chance": "yes",
        "opportunity__expected_close": day("2026-11-21"),
    }
    kept = decide("deal", last="B", **past)
    assert (kept.code, kept.borderline, kept.reason) == (
        "B",
        ("the expected date is past",),
        "the last grade is kept",
    )
    none = decide("deal", **past)
    assert (none.code, none.reason) == (None, "the expected date is past, and there is no last grade to keep")


@pytest.mark.parametrize(
    ("total", "potential", "depth", "code"),
    [
        (400000, 300000, 100, "vip"),
        (90000, 100000, 40, "core"),
        (0, 120000, 0, "potential"),
        (0, 1, 0, "ordinary"),
    ],
)
def test_service_tier(decide, total, potential, depth, code):
    """The score is weighed from four parts, each at most 100 points."""
    facts = {"orders__amount": D(total), "customer__potential_volume": D(potential)}
    assert decide("service-tier", customer__usage_depth=depth, **facts).code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"service_class": "key"}, "key"),
        ({"service_class": "small"}, "small"),
        ({"service_class": "?"}, None),
        ({}, None),
    ],
)
def test_retail(decide, fields, code):
    """The class is the card's; another than the scheme's has no grade, and without one it is not for them."""
    found = decide("retail", fields=fields)
    assert (found.code, found.outside) == (code, not fields)


def test_personal_data_decides_and_is_not_kept(decide):
    """A segment may read gender and age; neither these nor what is made of them is among the facts."""
    card = {"gender": "female", "birth_year": 1995, "occupation": "公司职员"}
    found = decide("segment", fields=card)
    assert found.code == "young-office"
    assert not set(found.facts) & {"gender", "birth_year", "occupation", "woman", "is_young", "white_collar"}
    assert decide("segment", fields=card | {"birth_year": 1990}).code == "others"
    assert decide("segment", fields={"tags": []}).code == "others"


@pytest.mark.parametrize(("tags", "code"), [(["重要"], "yes"), (["vip"], "no"), ([], "no")])
def test_hand_picked(decide, tags, code):
    """A tag makes a customer important."""
    assert decide("important", fields={"tags": tags}).code == code


# --- the shipped files -------------------------------------------------------------------------------------


def known(folder):
    """Return all shipped schemes."""
    return schemes.load(App(Options(data=str(folder), now=NOW), installed=PLUGINS))


def test_all_schemes_of_the_page_are_there(folder):
    """Each scheme that the department may expect is shipped, with its source, titles in both languages."""
    found = known(folder)
    assert sorted(found) == sorted(
        "order-volume transaction deal deal-status importance urgency need store-tier service-tier retail "
        "value-spending value-loyalty value-recommend value-contribution segment rfm credit key important "
        "major problem excellent dangerous".split()
    )
    for one in found.values():
        labels = [one.scheme.title, one.scheme.source, *(grade.title for grade in one.scheme.grades)]
        assert all(label.en and label.zh for label in labels)


UNCOVERED = {"deal": 1, "retail": 1}  # a need that nobody has asked about; a class of no scheme


@pytest.mark.parametrize("name", [path.stem for path in Path(schemes.__file__).parent.glob("rules/*/*.toml")])
def test_shipped_schemes_are_well(folder, name):
    """Nothing in a shipped scheme is wrong, unused or out of reach; what no grade covers is meant so."""
    app = App(Options(data=str(folder), now=NOW), installed=PLUGINS)
    found = checking.check(app, name)
    assert {one.kind for one in found} <= {"uncovered", "borderline"}
    assert sum(one.kind == "uncovered" for one in found) == UNCOVERED.get(name, 0)


def test_the_empty_slot_is_a_working_example(folder, tmp_path):
    """The example for a scheme of which the source kept only the heading can be taken as it is."""
    example = next(Path(schemes.__file__).parent.rglob("two-axis.toml.example"))
    target = tmp_path / "two-axis.toml"
    target.write_bytes(example.read_bytes())
    app = App(Options(data=str(folder), now=NOW), installed=PLUGINS)
    assert [one.kind for one in checking.check(app, str(target))] == []


# --- who needs whom ----------------------------------------------------------------------------------------


def test_a_circle_is_refused(folder, tmp_path):
    """Schemes that need each other's grades are refused, naming the circle."""
    first = known(folder)["dangerous"]
    text = Path(first.path).read_text(encoding="utf-8")
    rules = folder / "rules" / "grading-schemes"
    rules.mkdir(parents=True, mode=0o700)
    (folder / "rules").chmod(0o700)
    try:
        for own, other in (("egg", "hen"), ("hen", "egg")):
            rule = rules / f"{own}.toml"
            rule.write_text(text.replace("grade.credit", f"grade.{other}"), encoding="utf-8")
        with pytest.raises(Usage, match=r"the schemes (egg → hen → egg|hen → egg → hen) need each other's"):
            known(folder)
    finally:
        for path in rules.iterdir():
            path.unlink()
        rules.rmdir()


def test_a_scheme_without_its_plugin(folder):
    """By name it is refused, naming fact and plugin; a bare run leaves it out, and what needs its grade."""
    lacking = {name: plugin for name, plugin in PLUGINS.items() if name != "complaints"}
    app = App(Options(data=str(folder), now=NOW), installed=lacking)
    said = "it needs the fact complaints.count of the plugin complaints, which is not loaded"
    with pytest.raises(Refused) as refused:
        deciding.decide(app, ["store-tier"])
    assert refused.value.message == f"the scheme store-tier cannot run: {said}"
    outcome = deciding.decide(app, None)
    assert outcome.left_out["store-tier"] == said
    assert set(outcome.left_out) == {"store-tier", "problem"}
    assert "order-volume" in outcome.decisions
