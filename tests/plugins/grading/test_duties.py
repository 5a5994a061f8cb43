"""`grade due` and what grading says is due today: logs, visits, projects, days to handle by, sign-offs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cskit.testing import department, run
from tests.plugins.grading.conftest import Office, rows

SCHEME = """
title = {{ en = "Care", zh = "关怀" }}
source = {{ en = "made for tests", zh = "测试用" }}
[needs]
count = {{ fact = "orders.count", plugin = "customers" }}
next = {{ fact = "activity.next_on", plugin = "customers" }}

[[grades]]
code = "some"
title = {{ en = "some orders", zh = "有订单" }}
when = "count >= 1"
service = {{ {service} }}

[[grades]]
code = "none"
title = {{ en = "no orders", zh = "无订单" }}
"""


def office_with(folder: Path, service: str, *lines: str) -> Office:
    """Return an office with a customer, of S-001, whose grade of February 2026 asks for a `service`."""
    rules = folder / "rules/grading-schemes"
    rules.mkdir(parents=True, mode=0o700)
    for place in (folder, folder / "rules"):
        place.chmod(0o700)
    (rules / "care.toml").write_text(SCHEME.format(service=service), encoding="utf-8")
    (rules / "care.toml").chmod(0o600)
    return department(
        folder,
        "customer add 海风贸易 --owner S-001",
        "customer order add C-000001 --date 2025-01-15",
        *lines,
        "grade run --scheme care --now 2026-02-01",
    )


def visit(day: str) -> str:
    """Return the line that notes a visit."""
    return f"customer activity add C-000001 --at {day}T10:00 --mode visit"


def due(office: Office, day: str, until: str = "") -> list[tuple[str, str]]:
    """Return by when what kind of thing is due."""
    found = rows(office, f"grade due --scheme care --now {day}" + (f" --until {until}" if until else ""))
    assert all(row["who"] == "S-001" for row in found)
    return [(row["due"], row["kind"]) for row in found]


# --- logs --------------------------------------------------------------------------------------------------


def test_logs(tmp_path: Path) -> None:
    """The clock of a log begins with the grade, and again with each activity of whatever kind."""
    office = office_with(tmp_path / "data", "log_days = 15", "customer activity add C-000001 --at 2025-12-01")
    assert due(office, "2026-02-15") == []
    assert due(office, "2026-02-16") == [("2026-02-16", "log")]
    assert due(office, "2026-02-15", "2026-02-16") == [("2026-02-16", "log")]
    assert office("customer activity add C-000001 --at 2026-02-20T10:00 --mode phone").exit_code == 0
    assert due(office, "2026-03-06") == []
    assert due(office, "2026-03-09") == [("2026-03-07", "log")]


def test_who_left_is_left_in_peace(tmp_path: Path) -> None:
    """Nobody is sent to a customer who is lost or closed, even if the grade has not been looked at since."""
    office = office_with(tmp_path / "data", "log_days = 1")
    assert len(due(office, "2026-03-01")) == 1
    assert office("customer set C-000001 state=lost").exit_code == 0
    assert due(office, "2026-03-01") == []


# --- visits ------------------------------------------------------------------------------------------------


def test_visits_of_a_month(tmp_path: Path) -> None:
    """Three a month: by the 11th, 21st and 31st of March; each counts in its own month only."""
    office = office_with(tmp_path / "data", 'visits = { least = 3, per = "month" }', visit("2026-03-02"))
    assert due(office, "2026-03-03", "2026-03-31") == [("2026-03-21", "visit")]
    for day in ("2026-03-20", "2026-03-25"):
        assert office(visit(day)).exit_code == 0
    assert due(office, "2026-03-30", "2026-03-31") == []
    assert due(office, "2026-04-10", "2026-04-10") == [("2026-04-10", "visit")]


def test_visits_of_a_year(tmp_path: Path) -> None:
    """Four a year for a customer known for years: none is asked for before the quarter ends."""
    office = office_with(tmp_path / "data", 'visits = { least = 4, per = "year" }')
    assert due(office, "2026-03-30") == []
    assert due(office, "2026-04-01") == [("2026-03-31", "visit")]
    assert office(visit("2026-02-10")).exit_code == 0
    assert due(office, "2026-04-01", "2026-12-31") == [("2026-06-30", "visit")]


def test_the_quota_of_a_year_with_two_grades(tmp_path: Path) -> None:
    """Months under a grade that asks for none count none: January and July to December give 28/12, so 3."""
    office = office_with(tmp_path / "data", 'visits = { least = 4, per = "year" }')
    assert (
        office("grade set C-000001 care none --reason x --until 2026-06-30 --now 2026-02-02").exit_code == 0
    )
    assert due(office, "2026-04-01") == []
    assert office("grade run --scheme care --now 2026-07-01").exit_code == 0
    (row,) = rows(office, "grade due --scheme care --now 2026-10-05")
    assert (row["due"], row["what"]) == ("2026-08-31", "visit: 0 of 3 this year (care:some)")


def test_an_open_project(tmp_path: Path) -> None:
    """An open opportunity without a visit for ninety days is a warning; one that is won asks for nothing."""
    office = office_with(
        tmp_path / "data",
        "project_days = 90",
        "customer opportunity add C-000001 --need obvious --chance yes",
        visit("2026-01-10"),
    )
    assert due(office, "2026-04-09") == []
    assert due(office, "2026-04-10") == [("2026-04-10", "project")]
    assert office("customer opportunity set OP-000001 state=won").exit_code == 0
    assert due(office, "2026-05-01") == []


def test_a_day_to_handle_by(tmp_path: Path) -> None:
    """A grade may ask that the customer be handled by a day that is known of them."""
    office = office_with(
        tmp_path / "data",
        'handle_by = "next"',
        "customer activity add C-000001 --at 2026-01-20T10:00 --next-on 2026-02-10",
    )
    assert due(office, "2026-02-09") == []
    assert due(office, "2026-02-12") == [("2026-02-10", "handle")]


# --- what is said ------------------------------------------------------------------------------------------


def test_nothing_is_due(tmp_path: Path) -> None:
    """An empty list is said, not an error."""
    office = office_with(tmp_path / "data", "log_days = 30")
    done = office("grade due --scheme care --now 2026-02-02")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "nothing is due\n")


def test_overdue_where_asked(tmp_path: Path) -> None:
    """--check exits with 8 once something is late, not while it is only due."""
    office = office_with(tmp_path / "data", "log_days = 15")
    line = "grade due --scheme care --check --now"
    assert [office(f"{line} {day}").exit_code for day in ("2026-02-15", "2026-02-16", "2026-02-17")] == [
        0,
        0,
        8,
    ]
    assert office(f"{line.replace(' --check', '')} 2026-02-17").exit_code == 0


def test_without_the_register_of_activities(tmp_path: Path) -> None:
    """Where no plugin knows of activities that is said for each kind, and nothing is made up."""
    data = tmp_path / "data"
    office_with(data, 'log_days = 1, visits = { least = 1, per = "month" }')
    done = run("grade due --now 2026-03-01", data=data, plugins={"grading": "cskit_grading"})
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "",
        "log was left out: there is no fact 'activity.last_on' about a customer\n"
        "visit was left out: there is no fact 'activity.visits' about a customer\n",
    )


# --- today -------------------------------------------------------------------------------------------------


@pytest.fixture
def signing(tmp_path: Path) -> Office:
    """Return an office with grades that wait for a second person."""
    return department(
        tmp_path / "data",
        "customer add A",
        "customer add B",
        "customer order add C-000001 --date 2026-01-01 --amount 100",
        "customer order add C-000002 --date 2026-01-01 --amount 100",
        "grade run --scheme order-volume --now 2026-02-01",
        "grade set C-000001 order-volume A --reason x --now 2026-02-02",
    )


def test_sign_offs_today(signing: Office) -> None:
    """What was set by hand stands alone, what a rule decided is one line a scheme; each with what to type."""
    assert signing("today --now 2026-02-02T12:00").stdout == (
        "Overdue\n"
        "  2026-02-01        sign off 2 grades of order-volume · GR-000001\n"
        "                    $ cskit grade review --pending --scheme order-volume\n"
        "\n"
        "Today\n"
        "  2026-02-02        sign off: order-volume:A of C-000001, set by hand by root · GR-000003\n"
        "                    $ cskit grade review GR-000003\n"
    ).replace("root", rows(signing, "grade list")[-1]["recorded_by"])


def test_gifts_are_on_the_timeline(signing: Office) -> None:
    """A customer's timeline has the grades and the gifts, with who and why."""
    assert signing("grade gift add C-000001 --gift 鲜花 --on 2026-02-05 --staff S-002").exit_code == 0
    found = rows(signing, "customer timeline C-000001 --now 2026-03-01")
    ours = [(row["what"], row["about"], row["id"]) for row in found if row["about"].startswith("grade")]
    assert ours == [
        ("gift: 鲜花", "grade gift", "GI-00001"),
        ("order-volume: C → A (x)", "grade", "GR-000003"),
        ("order-volume: - → C", "grade", "GR-000001"),
    ]
