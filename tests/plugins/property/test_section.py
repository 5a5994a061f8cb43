"""The estates' part of a month's report: the commands' figures, each of which leads to its records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cskit import report
from cskit.app import App
from cskit.declarations import Period
from cskit.intervals import wilson
from cskit.sections import Figure, Section
from cskit.terminal.options import Options
from cskit.testing import Result, department

Run = Callable[..., Result]
NOW = "2026-12-20T09:00"
SETTLED = "property settle"
METERS = "--item power_meter=1200 --item water_meter=35 --rest-ok"
LINES = (
    "customer add 晨屿样例科技有限公司 --key KH7 --now 2026-10-01T09:00",
    "property company add 安和样例物业 --now 2026-10-01T09:00",
    "property project add 晨屿花园 --company PC-001 --now 2026-10-01T09:00",
    "property project add 晨屿中心 --company PC-001 --now 2026-10-01T09:00",
    # two checks in November, one before, one that is only drawn
    *(
        f"property check new {project} --standard residential --items 20 --seed 7 --now {day}T09:00"
        for project, day in (
            ("PJ-001", "2026-10-12"),
            ("PJ-001", "2026-11-03"),
            ("PJ-002", "2026-11-04"),
            ("PJ-002", "2026-11-05"),
        )
    ),
    "property check record CK-0001 --item notices=0:old --rest-ok --now 2026-10-12T10:00",
    "property check record CK-0002 --item trees=1:bough --item notices=1 --rest-ok --now 2026-11-03T10:00",
    "property check record CK-0003 --rest-ok --now 2026-11-04T10:00",
    # RC-0001 is of October and late; RC-0002 was put right in time and verified, RC-0003 too late
    "property rectification done RC-0002 --now 2026-11-03T18:00 --user S-003",
    "property rectification verify RC-0002 --now 2026-11-04T09:00 --user S-001",
    "property rectification done RC-0003 --now 2026-11-20T09:00 --user S-003",
    "property rectification add gone --project PJ-001 --now 2026-11-06T09:00",
    "property rectification withdraw RC-0004 --reason none --now 2026-11-07T09:00",
    "property rectification add after --project PJ-001 --now 2026-12-01T09:00",
    "property event add one --project PJ-001 --due 2026-11-20 --now 2026-11-02T09:00",
    "property event add two --due 2026-12-31 --now 2026-11-03T09:00",
    "property event add three --due 2026-12-02 --now 2026-12-01T09:00",
    # two settlements are approved in November, one of them paid in part; a third one in December
    *(
        f"{SETTLED} new PJ-001 --item {item} --period 2026-10 --fee x={amount} --now 2026-11-09T09:00"
        for item, amount in (("A", "1000.50"), ("B", "200"), ("C", "30"))
    ),
    *(
        f"{SETTLED} {verb} {own} --user {who} --now 2026-{day}T09:00"
        for own, day in (("ST-00001", "11-10"), ("ST-00002", "11-11"), ("ST-00003", "12-01"))
        for verb, who in (("submit", "anna"), ("check", "bo"), ("approve", "cai"))
    ),
    f"{SETTLED} pay ST-00001 --amount 400 --now 2026-12-02T09:00",
    f"{SETTLED} pay ST-00002 --now 2026-12-02T09:00",
    "property tenant add 晨屿样例 --project PJ-001 --customer KH7 --rent 9000 --now 2026-10-01T09:00",
    f"property tenant move-in PT-0001 --on 2026-10-01 {METERS} --now 2026-10-01T10:00",
    *(
        f"property invoice run --month {month} --now {month}-20T09:00"
        for month in ("2026-10", "2026-11", "2026-12")
    ),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a department with two projects; it is only read."""
    folder = tmp_path_factory.mktemp("section") / "data"
    go = department(folder)
    for line in LINES:
        done = go(line)
        assert done.exit_code == 0, f"{line}\n{done.stderr}"
    return folder


def told(place: Path, first: str, last: str) -> Section | None:
    """Return what the estates say of some days."""
    app = App(Options(data=str(place), now=NOW))
    found = report.collect(app, Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))
    assert not app.plugins.broken
    own = [owned.value for owned in found.sections if owned.value.name == "property"]
    return own[0] if own else None


@pytest.fixture(scope="module")
def november(place: Path) -> Section:
    """Return what they say of November."""
    found = told(place, "2026-11-01", "2026-11-30")
    assert found is not None
    return found


def named(section: Section) -> dict[str, Figure]:
    """Return its figures by group and name."""
    return {".".join(filter(None, (group.name, one.name))): one for group, one in section.figures()}


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("checks", "2", ["CK-0002", "CK-0003"]),
        ("score", "79.50", ["CK-0002", "CK-0003"]),  # 59, as a serious finding caps it, and 100
        ("findings", "2", ["CK-0002"]),
        ("serious", "1", ["CK-0002"]),
        ("rectifications.on-time", "50.00", ["RC-0002", "RC-0003"]),
        ("rectifications.open", "2", ["RC-0001", "RC-0003"]),
        ("rectifications.late", "1", ["RC-0001"]),
        ("events.open", "2", ["PE-0001", "PE-0002"]),
        ("events.overdue", "1", ["PE-0001"]),
        ("money.approved", "1200.50", ["ST-00001", "ST-00002"]),
        ("money.outstanding", "600.50", ["ST-00001"]),
    ],
)
def test_figures(november: Section, name: str, value: str, ids: list[str]) -> None:
    """What lies in the month counts, and by now of what there was on its last day."""
    figure = named(november)[name]
    assert (str(figure.value), figure.n, sorted(figure.ids())) == (value, len(ids), ids)


def test_the_share_put_right_in_time(november: Section) -> None:
    """It knows which were, of which, and how sure that is."""
    figure = named(november)["rectifications.on-time"]
    assert figure.hits is not None
    assert (list(figure.hits()), figure.interval) == (["RC-0002"], wilson(1, 2))


def test_it_says_what_the_commands_say(place: Path, november: Section) -> None:
    """The standings are `property rank`, arrears and what is owed those of the ledger by now."""
    go = department(place)

    def rows(line: str) -> list[dict[str, Any]]:
        return [json.loads(one) for one in go(f"{line} --now {NOW} -o jsonl").stdout.splitlines()]

    (table,) = november.tables
    ranked = rows("property rank --period 2026-11")
    assert [(row["project"], float(row["score"])) for row in table.rows] == [
        (row["project"], row["score"]) for row in ranked
    ]
    assert [row["rank"] for row in table.rows] == [1, 2]
    december = told(place, "2026-12-01", "2026-12-31")
    assert december is not None
    figures = named(december)
    (arrears,) = rows("property tenant arrears")
    late = [float(arrears[age]) for age in arrears.keys() - {"tenant", "name", "total", "not_due"}]
    assert late
    assert float(str(figures["money.arrears"].value)) == sum(late)
    owed = rows("property settle owed")
    assert sorted(figures["money.outstanding"].ids()) == sorted(row["id"] for row in owed)
    assert len(list(figures["rectifications.late"].ids())) == len(rows("property rectification late"))
    assert figures["score"].value is None
    assert figures["score"].n == 0


def test_a_department_without_estates(tmp_path: Path) -> None:
    """It has no section of noughts in its report."""
    department(tmp_path / "data", "customer add 甲")
    assert told(tmp_path / "data", "2026-11-01", "2026-11-30") is None
