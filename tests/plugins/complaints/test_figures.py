"""Figures about cases: formulas by hand, each with the cases behind it; rankings, trends, sheets, audits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import wcwidth

from cskit.app import App
from cskit.terminal.options import Options
from cskit.testing import department
from cskit_complaints import figures
from cskit_complaints.measured import Measuring
from cskit_complaints.presence import Presence

Ask = Callable[[str], list[dict[str, Any]]]
NOW = "2026-11-28T10:00"


def happened(what: str, at: str, after: str, **more: Any) -> dict[str, Any]:
    """Return an event of a file, at a time in the department's zone."""
    return {"at": f"{at}:00+08:00", "who": more.pop("who", "S-001"), "what": what, "after": after, **more}


def case(key: str, received: str, *events: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return a case of a file: registered, then what else happened."""
    state = events[-1]["after"] if events else "registered"
    told = [happened("register", received, "registered"), *events]
    fields = {"key": key, "content": key, "received_at": f"{received}:00+08:00", "state": state}
    return {**fields, "events": told, **values}


def replied(at: str) -> dict[str, Any]:
    """Return the answer to a customer."""
    return happened("reply", at, "replied", contact=True)


CASES = (
    case(
        "a",
        "2026-10-12T10:00",
        replied("2026-10-12T12:00"),
        customer="K1",
        category="service.slow",
        satisfaction=5,
    ),
    case("b", "2026-10-12T10:00", replied("2026-10-12T16:00"), category="service.attitude", satisfaction=3),
    case(
        "c", "2026-10-12T10:00", replied("2026-10-20T10:00"), category="property.repair.leak", satisfaction=4
    ),
    case("d", "2026-11-02T10:00", customer="K1", category="service.slow"),
    case("e", "2026-11-27T10:00", customer="K2", category="service.slow"),
    case(
        "f",
        "2026-11-10T10:00",
        replied("2026-11-10T11:00"),
        happened("reopen", "2026-11-12T10:00", "handling", who="S-002", reason="又漏"),
        replied("2026-11-12T12:00"),
        customer="K2",
        category="property.repair.leak",
        reopened=1,
    ),
)
VALID = {"validity": "valid"}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return a function that asks about the cases above and returns rows; no line of it saves anything."""
    return department_with(tmp_path_factory.mktemp("figures"), ({**one, **VALID} for one in CASES))


def department_with(folder: Path, cases: Iterable[dict[str, Any]], k2: str = "") -> Ask:
    """Return a function that asks a department with two customers and these cases."""
    file = folder / "cases.jsonl"
    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in cases), encoding="utf-8")
    people = ["customer add K1 --key K1", f"customer add K2 --key K2 {k2}"]
    run = department(folder / "data", *people, f"case import {file} --now {NOW}")

    def rows(line: str) -> list[dict[str, Any]]:
        done = run(f"{line} -o jsonl" + ("" if "--now" in line else f" --now {NOW}"))
        assert done.exit_code == 0, done.stderr
        return [json.loads(one, parse_float=Decimal) for one in done.stdout.splitlines()]

    return rows


KEYS: dict[Ask, dict[str, str]] = {}


def keys(ask: Ask, ids: Iterable[str]) -> str:
    """Return what the file called the cases with some ids."""
    known = KEYS.get(ask) or KEYS.setdefault(
        ask, {one["id"]: one["key"] for one in ask("case list --fields id,key")}
    )
    return "".join(sorted(known[own] for own in ids))


@pytest.mark.parametrize(
    ("figure", "value", "behind"),
    [
        ("count", 6, "abcdef"),
        ("open", 6, "abcdef"),
        ("on-time", Decimal("60.0"), "abf"),
        ("median", Decimal("4.0"), "abcf"),
        ("p90", Decimal("136.2"), "abcf"),
        ("reopened", Decimal("25.0"), "f"),
        ("satisfied", Decimal("66.7"), "ac"),
        ("valid", Decimal("100.0"), "abcdef"),
        ("first-contact", Decimal("75.0"), "abc"),
        ("repeat", Decimal("50.0"), "ad"),
        ("rate", Decimal("3000.0"), "abcdef"),
    ],
)
def test_a_figure_and_the_cases_behind_it(ask: Ask, figure: str, value: Decimal, behind: str) -> None:
    """Each figure is its formula's, and --ids lists the cases that it counts.

    On time: a, b and f met, c answered after six days and d open and late missed, e still in time in neither.
    Hours to the first answer are 1, 2, 6 and 192; the 90th percentile lies 0.7 of the way from 6 to 192.
    """
    (row,) = ask(f"case stats --figures {figure}")
    assert row == {figure: value}
    listed = ask(f"case stats --ids {figure}")
    assert keys(ask, (one["id"] for one in listed)) == behind


def test_a_first_answer_that_was_none_across_the_months(tmp_path: Path) -> None:
    """Who comes back within the days that count was not settled by the answer, whichever month that is in."""
    first = case("x", "2026-10-30T10:00", replied("2026-10-30T11:00"), customer="K1", category="leaks")
    again = case("y", "2026-11-02T10:00", replied("2026-11-02T11:00"), customer="K1", category="leaks")
    rows = department_with(tmp_path, (first, again))("case stats --by month --figures first-contact")
    assert rows == [
        {"month": "2026-10", "first-contact": Decimal("0.0")},
        {"month": "2026-11", "first-contact": Decimal("100.0")},
    ]


@pytest.mark.parametrize(
    ("stays", "first", "last", "mean"),
    [
        ([(None, None)], "2026-10-01", "2026-10-31", "1"),
        ([("2026-10-16", None)], "2026-10-01", "2026-10-30", "0.5"),
        ([(None, "2026-10-15")], "2026-10-01", "2026-10-30", "0.5"),
        ([("2026-11-01", None), (None, "2026-09-30")], "2026-10-01", "2026-10-31", "0"),
        ([("2026-10-31", None), (None, "2026-10-01"), (None, None)], "2026-10-01", "2026-10-31", "33/31"),
    ],
    ids=["all the time", "came", "left", "before and after", "a day each"],
)
def test_the_mean_of_active_customers(stays: Any, first: str, last: str, mean: str) -> None:
    """Each customer counts for the part of the days on which they were one (norms: mean customers)."""
    days = [tuple(day and dt.date.fromisoformat(day) for day in stay) for stay in stays]
    found = Presence(days).mean(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert found == Decimal(Fraction(mean).numerator) / Fraction(mean).denominator


def test_the_rate_is_by_the_mean_of_the_period(tmp_path: Path) -> None:
    """K2 came on the 16th of a month of 30 days: one complaint for each 1.5 customers."""
    ask = department_with(tmp_path, ({**one, **VALID} for one in CASES), k2="--since 2026-11-16")
    found = ask("case stats --by month --figures rate --now 2026-12-05T10:00")
    assert found == [
        {"month": "2026-10", "rate": Decimal("3000.0")},
        {"month": "2026-11", "rate": Decimal("2000.0")},
    ]


def test_what_cannot_be_known_is_left_out(tmp_path: Path) -> None:
    """A share of nothing is unknown, never 0."""
    ask = department_with(tmp_path, [case("e", "2026-11-27T10:00")])
    assert ask("case stats") == [{"count": 1, "open": 1, "reopened": Decimal("0.0")}] or ask(
        "case stats"
    ) == [{"count": 1, "open": 1}]


def test_groups(ask: Ask) -> None:
    """Cases are counted by what they have in common, categories down to a level."""
    found = ask("case stats --by category,month --level 1 --figures count,on-time")
    assert found == [
        {"category": "property", "month": "2026-10", "count": 1, "on-time": Decimal("0.0")},
        {"category": "property", "month": "2026-11", "count": 1, "on-time": Decimal("100.0")},
        {"category": "service", "month": "2026-10", "count": 2, "on-time": Decimal("100.0")},
        {"category": "service", "month": "2026-11", "count": 2, "on-time": Decimal("0.0")},
    ]
    behind = ask("case stats --by month --ids on-time")
    assert [one["month"] for one in behind] == ["2026-10", "2026-10", "2026-11"]


def test_a_ranking(ask: Ask) -> None:
    """The most frequent first, with cumulative shares; class A ends where 80 % are reached."""
    found = ask("case pareto --by category")
    assert [(one["category"], one["count"], one["cumulative"], one["class"]) for one in found] == [
        ("service.slow", 3, Decimal("50.0"), "A"),
        ("property.repair.leak", 2, Decimal("83.3"), "A"),
        ("service.attitude", 1, Decimal("100.0"), "B"),
    ]
    assert keys(ask, found[0]["ids"]) == "ade"


def test_a_trend_has_no_holes(ask: Ask) -> None:
    """A week in which nothing came in is in it, as 0; a share of it is unknown."""
    counts = ask("case trend --every week")
    assert [(one["week"], one["value"]) for one in counts] == [
        ("2026-W42", 3),
        ("2026-W43", 0),
        ("2026-W44", 0),
        ("2026-W45", 1),
        ("2026-W46", 1),
        ("2026-W47", 0),
        ("2026-W48", 1),
    ]
    assert ask("case trend --every week --figure on-time")[1] == {"week": "2026-W43"}


def test_a_chart_is_aligned(tmp_path: Path) -> None:
    """Bars begin in one column, whatever the width of what stands before them."""
    cases = [case("a", "2026-10-12T10:00", kind="enquiry"), case("b", "2026-11-12T10:00", kind="refund")]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in cases), encoding="utf-8")
    run = department(tmp_path / "data", f"case import {file} --now {NOW}")
    shown = run(f"case trend --by kind --now {NOW}", lang="zh")
    assert (shown.exit_code, shown.stderr) == (0, "")
    starts = {wcwidth.wcswidth(line[: line.index("█")]) for line in shown.stdout.splitlines() if "█" in line}
    assert len(starts) == 1
    assert shown.stdout.count("█" * 40) == 2


def test_the_monthly_sheet_has_four_parts(ask: Ask) -> None:
    """What came in goes to the part of its category; what presses stands in the last, with the reason."""
    counts = ask("case monthly --month 2026-11 --counts")
    assert [(one["part"], one["count"]) for one in counts] == [
        ("property", 1),
        ("service", 2),
        ("planning", 0),
        ("urgent", 2),
    ]
    lines = ask("case monthly --month 2026-11")
    assert [one["part"] for one in lines] == ["property", "service", "service", "urgent", "urgent"]
    urgent = {keys(ask, [one["id"]]): one["why"] for one in lines if one["part"] == "urgent"}
    assert urgent == {"c": "overdue", "d": "overdue"}


def test_repeats(ask: Ask) -> None:
    """Who complained of one thing again is listed with the cases."""
    (found,) = ask("case repeat")
    assert (found["category"], found["count"], keys(ask, found["ids"])) == ("service.slow", 2, "ad")


def test_a_summary_for_development(tmp_path: Path) -> None:
    """Technical problems and suggestions are summed up by product and category, with their causes."""
    cases = [
        case("a", "2026-10-12T10:00", kind="repair", product="净水器", cause="滤芯堵塞"),
        case("b", "2026-10-13T10:00", kind="repair", product="净水器", cause="滤芯堵塞"),
        case("c", "2026-11-13T10:00", kind="suggestion", product="水泵"),
        case("d", "2026-10-13T10:00", kind="praise"),
    ]
    ask = department_with(tmp_path, cases)
    found = ask("case summary --for rd")
    assert [(one["product"], one["count"], one.get("causes")) for one in found] == [
        ("净水器", 2, ["滤芯堵塞"]),
        ("水泵", 1, None),
    ]
    assert [one["product"] for one in ask("case summary --month 2026-11")] == ["水泵"]


# --- audits ------------------------------------------------------------------------------------------------


def paused(who: str, start: str, end: str, reason: str = "等待客户") -> list[dict[str, Any]]:
    """Return a pause and its end."""
    return [
        happened("pause", start, "paused", who=who, reason=reason, party="客户", before="registered"),
        happened("resume", end, "registered", who=who, before="paused"),
    ]


PAUSED = (
    case(
        "a",
        "2026-10-12T10:00",
        *paused("S-1", "2026-10-12T11:00", "2026-10-12T15:00"),
        replied("2026-10-12T16:00"),
    ),
    case(
        "b",
        "2026-10-12T10:00",
        *paused("S-2", "2026-10-14T17:30", "2026-10-19T09:00"),
        replied("2026-10-19T09:10"),
    ),
    case("c", "2026-10-12T10:00", replied("2026-10-12T11:00")),
)


def test_the_audit_of_pauses(tmp_path: Path) -> None:
    """Who waits how long, in working time, and which pauses look odd: begun before a breach, ended unsaid.

    a is paused for 3 of 5 hours; b with 1.5 of 24 hours left, from Wednesday 17:30 to Monday, for 16.5 of
    39 h 10 min; c takes an hour. So 19.5 of 45 h 10 min are waiting.
    """
    ask = department_with(tmp_path, PAUSED)
    second, first = ask("case audit pauses")
    assert (first["person"], first["paused"], first["share"], first["late"], first["silent"]) == (
        "S-1",
        3 * 3600,
        Decimal("60.0"),
        0,
        1,
    )
    assert (second["person"], second["paused"], second["late"]) == ("S-2", 16.5 * 3600, 1)
    assert keys(ask, second["ids"]) == "b"
    odd = ask("case audit pauses --ids")
    assert [(keys(ask, [one["id"]]), one["why"]) for one in odd] == [
        ("a", ["silent"]),
        ("b", ["late", "silent"]),
    ]
    (waiting,) = ask("case stats --figures waiting")
    assert waiting == {"waiting": Decimal("43.2")}


def test_a_pause_that_ends_with_a_word_is_not_silent(tmp_path: Path) -> None:
    """A contact while paused, or in the moment it ends, is enough."""
    start, end = paused("S-1", "2026-10-12T11:00", "2026-10-12T15:00")
    word = happened("comment", "2026-10-12T14:00", "paused", contact=True)
    with_word = case("a", "2026-10-12T10:00", start, word, end)
    at_the_end = case("b", "2026-10-12T10:00", start, {**end, "contact": True})
    ask = department_with(tmp_path, [with_word, at_the_end])
    assert ask("case audit pauses")[0]["silent"] == 0


def assigned(to: str, who: str, at: str) -> dict[str, Any]:
    """Return an assigning."""
    return happened("assign", at, "assigned", department=to, handler=who)


def test_the_audit_of_hand_overs(tmp_path: Path) -> None:
    """Who passes on to whom; a case that comes back to where it had been is ping-pong."""
    there_and_back = (
        assigned("repair", "S-1", "2026-10-12T11:00"),
        assigned("property", "S-2", "2026-10-12T12:00"),
        assigned("repair", "S-1", "2026-10-12T13:00"),
    )
    ask = department_with(
        tmp_path,
        [
            case("a", "2026-10-12T10:00", *there_and_back),
            case("b", "2026-10-12T10:00", assigned("repair", "S-1", "2026-10-12T11:00")),
        ],
    )
    found = ask("case audit handovers --by group")
    assert [(one["from"], one["to"], one["handovers"], one["back"]) for one in found] == [
        ("property", "repair", 1, 1),
        ("repair", "property", 1, 0),
    ]
    assert keys(ask, found[0]["ids"]) == "a"
    (way,) = ask("case audit handovers --ids")
    assert (way["way"], way["back"]) == (["S-1", "S-2", "S-1"], 1)


def test_the_audit_of_reopenings(ask: Ask) -> None:
    """A reopening counts for who had dealt with the case, and is soon within the days of the rules."""
    (found,) = ask("case audit reopened")
    assert (found["person"], found["reopenings"], found["share"], found["soon"], found["often"]) == (
        "S-001",
        1,
        Decimal("100.0"),
        1,
        0,
    )
    assert keys(ask, found["ids"]) == "f"
    (one,) = ask("case audit reopened --ids")
    assert (one["reason"], one["soon"]) == ("又漏", True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("case stats --by yeer", "cases are not counted by 'yeer'\ndid you mean 'year'?"),
        ("case stats --figures ontime", "there is no figure 'ontime'\ndid you mean 'on-time'?"),
        ("case audit pauses --by persn", "this is not counted by 'persn'\ndid you mean 'person'?"),
        (
            "case trend --every fortnight",
            "'fortnight' is no period\nthere are day, week, month, quarter, year",
        ),
        ("case summary --for hr", "there is no summary 'hr'\nthere are rd"),
    ],
)
def test_what_is_not_counted(tmp_path: Path, line: str, said: str) -> None:
    """A name that there is not is said with what there is."""
    done = department(tmp_path / "data")(line)
    assert (done.exit_code, done.stdout, done.stderr) == (3, "", f"cskit: {said}\n")


def test_no_table_is_read_in_a_loop(tmp_path: Path) -> None:
    """Figures over many cases open each table as often as over few."""
    reads = []
    for many in (5, 300):
        folder = tmp_path / str(many)
        folder.mkdir()
        cases = [
            case(f"k{n}", "2026-10-12T10:00", customer="K1", category="service.slow") for n in range(many)
        ]
        department_with(folder, cases)
        app = App(Options(data=str(folder / "data"), now=NOW))
        reading = app.reading()
        counted = Counting(reading)
        app._reading = counted  # type: ignore[assignment]  # the same, and counts
        figures.stats(Measuring(app, counted.read("cases")), ["category"], list(figures.FIGURES), None)
        reads.append(counted.reads)
    assert reads[0] == reads[1]


class Counting:
    """A reading that counts how often tables are read."""

    def __init__(self, reading: Any) -> None:
        self._reading, self.reads = reading, 0

    def read(self, *words: Any, **options: Any) -> Any:
        self.reads += 1
        return self._reading.read(*words, **options)
