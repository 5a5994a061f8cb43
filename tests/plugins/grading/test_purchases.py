"""Real purchases graded: the CDNOW sample, checked against a calculation of its own."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_grading import deciding

ROOT = Path(__file__).parents[3]
EXCERPT = ROOT / "tests" / "data" / "cdnow-excerpt.txt"
SAMPLE = Path(os.environ.get("CSKIT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "cdnow-sample.txt"
NOW = "1998-07-01"
IMPORT = (
    "customer order import {file} --columns 'customer=8-11 date=13-20 quantity=22-23 amount=25-32' "
    "--set state=completed --create-customers"
)
SCHEMES = ("rfm", "order-volume", "value-spending", "value-loyalty", "value-recommend", "key", "major")


# --- the calculation apart: nothing of cskit in it --------------------------------------------------------


def apart(file):
    """Return what each customer of the file should be graded, by scheme, and the cut points of frequency."""
    last, count, money = {}, Counter(), defaultdict(Decimal)
    year, first = defaultdict(Decimal), {}
    bought = Counter()
    for line in file.read_text(encoding="ascii").splitlines():
        _, own, day, _, dollars = line.split()
        date = dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
        last[own], first[own] = max(last.get(own, date), date), min(first.get(own, date), date)
        count[own] += 1
        money[own] += Decimal(dollars)
        if date > dt.date(1997, 7, 1):
            year[own] += Decimal(dollars)
            bought[own] += 1

    def cuts(values, percents):
        ordered = sorted(values)
        return [ordered[math.ceil(len(ordered) * percent / 100) - 1] for percent in percents]

    def score(value, points):
        return 1 + sum(point < value for point in points)

    fifths = [20, 40, 60, 80]
    bins = [cuts(held.values(), fifths) for held in (last, count, money)]
    thirds = cuts([year[own] for own in bought], [33, 67])
    places = sorted((year[own] for own in count), reverse=True)
    names = [
        ("champions", {5}, {4, 5}), ("loyal", {3, 4}, {4, 5}), ("potential-loyal", {4, 5}, {2, 3}),
        ("new", {5}, {1}), ("promising", {4}, {1}), ("attention", {3}, {3}), ("falling-asleep", {3}, {1, 2}),
        ("not-to-lose", {1, 2}, {5}), ("at-risk", {1, 2}, {3, 4}), ("hibernating", {1, 2}, {1, 2}),
    ]  # fmt: skip
    grades = defaultdict(dict)
    for own in count:
        r, f, m = (score(held[own], points) for held, points in zip((last, count, money), bins, strict=True))
        grades["rfm"][own] = next(name for name, rs, fs in names if r in rs and f in fs), r, f, m
        n, v = count[own], money[own]
        grades["order-volume"][own] = "A" if n > 5 and v > 100000 else "B" if n > 3 and v >= 10000 else "C"
        if bought[own]:
            grades["value-spending"][own] = ["low", "middle", "high"][score(year[own], thirds) - 1]
        silent = (dt.date(1998, 7, 1) - last[own]).days > 180
        old = first[own] <= dt.date(1997, 7, 1)
        grades["value-loyalty"][own] = "lost" if silent else "long" if old else "potential"
        grades["value-recommend"][own] = "no"
        grades["key"][own] = "yes" if places.index(year[own]) < 10 and year[own] > 0 else "no"
        grades["major"][own] = "yes" if year[own] * 100 / sum(year.values()) >= 5 else "no"
    return grades, bins[1]


# --- and what cskit says -----------------------------------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(EXCERPT, id="excerpt"),
        pytest.param(
            SAMPLE,
            id="whole-sample",
            marks=pytest.mark.skipif(not SAMPLE.exists(), reason=f"there is no {SAMPLE}"),
        ),
    ],
)
def shop(request, tmp_path_factory):
    """Take the purchases over; return the file and the department."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    return request.param, folder, department(folder, IMPORT.format(file=request.param))


@pytest.fixture(scope="module")
def outcome(shop):
    """Return what the schemes decide, by the file's customer codes."""
    _file, folder, run = shop
    keys = {
        row["id"]: row["key"] for row in map(json.loads, run("customer list -o jsonl").stdout.splitlines())
    }
    found = deciding.decide(App(Options(data=str(folder), now=NOW)), SCHEMES)
    return {
        scheme: {keys[own]: one for own, one in decisions.items() if not one.outside}
        for scheme, decisions in found.decisions.items()
    }, found.notes


@pytest.mark.parametrize("scheme", SCHEMES)
def test_grades_are_those_of_a_calculation_apart(shop, outcome, scheme):
    """Every customer has the grade, and for rfm the three scores, that forty lines without cskit give."""
    expected = apart(shop[0])[0][scheme]
    if scheme == "rfm":
        got = {
            own: (one.code, *(one.facts[part] for part in "rfm")) for own, one in outcome[0][scheme].items()
        }
        assert got == expected
    else:
        assert {own: one.code for own, one in outcome[0][scheme].items()} == expected


def test_golden_bins_of_the_sample(shop, outcome):
    """The sample's frequency bins (norm: cut points 1, 1, 2, 4), the empty one named; nobody large."""
    if shop[0] != SAMPLE:
        pytest.skip("the figures are the whole sample's")
    assert apart(SAMPLE)[1] == [1, 1, 2, 4]
    scores = Counter(one.facts["f"] for one in outcome[0]["rfm"].values())
    assert scores == {1: 1205, 3: 406, 4: 358, 5: 388}
    assert outcome[1]["rfm"] == ["f: effective bins 4 of 5; nobody has 2"]
    assert {one.code for one in outcome[0]["order-volume"].values()} == {"C"}


def test_one_customer_is_decided_among_all(shop, outcome):
    """Asked for one customer, a scheme that looks at all gives what it gives in a whole run."""
    _file, folder, _run = shop
    whole = deciding.decide(App(Options(data=str(folder), now=NOW)), ["rfm"]).decisions["rfm"]
    own = next(iter(whole))
    alone = deciding.decide(App(Options(data=str(folder), now=NOW)), ["rfm"], [own]).decisions["rfm"]
    assert alone == {own: whole[own]}


@pytest.mark.parametrize("scheme", ["rfm", "order-volume", "value-spending"])
def test_explanations_end_in_the_same_grade(shop, outcome, scheme):
    """What explain says was decided is what a run decides; every fact it shows is the one of the run."""
    _file, folder, run = shop
    done = run(f"grade explain C-000001 --scheme {scheme} --now {NOW} -o jsonl")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [json.loads(line, parse_float=Decimal) for line in done.stdout.splitlines()]
    (decided,) = (line for line in lines if line["part"] == "decided")
    found = deciding.decide(App(Options(data=str(folder), now=NOW)), [scheme]).decisions[scheme]["C-000001"]
    assert decided["name"] == (found.code or "ungraded")
    shown = {line["name"]: line.get("value") for line in lines if line["part"] in ("fact", "value")}
    for name, value in found.facts.items():
        assert shown[name] == (value.isoformat() if isinstance(value, dt.date) else value)
