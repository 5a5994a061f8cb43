"""A customer through a year, as the department lives it: a command after the other, and what each shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cskit.testing import department
from tests.plugins.grading.conftest import Office, rows

CLOSES = "customer opportunity set OP-000001 --user lin"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a department with one customer, since April, whom S-001 looks after."""
    return department(
        tmp_path / "data",
        "config set staff.lin S-001",
        "config set staff.wang S-002",
        "customer add 海风贸易 --owner S-001 --potential-volume 200000 --usage-depth 100",
        "customer order add C-000001 --date 2026-04-15 --amount 120000",
        "customer opportunity add C-000001 --need obvious --chance yes --expected-close 2026-09-30",
    )


def graded(office: Office, day: str) -> dict[str, tuple[str | None, str | None, str]]:
    """Grade by the two schemes on a day; return grade before, grade after and move of those that moved."""
    found = rows(office, f"grade run --scheme deal --scheme service-tier --user lin --now {day}T09:00")
    return {
        row["scheme"]: (row.get("previous"), row["grade"], row["move"])
        for row in found
        if row["move"] != "unchanged"
    }


def due(office: Office, day: str) -> list[tuple[str, str, str, str]]:
    """Return what is late or due on a day: by when, what kind, of which scheme, what."""
    found = rows(office, f"grade due --now {day}T09:00")
    return [(row["due"], row["kind"], row["scheme"], row["what"]) for row in found]


def test_a_customer_through_a_year(office: Office) -> None:
    """Deal grades move with the expected date; logs, quotas, an override and its sign-off go beside them."""
    # April: the deal is expected within half a year; the tier brings four visits a year.
    assert graded(office, "2026-04-20") == {
        "deal": (None, "C", "new"),
        "service-tier": (None, "vip", "new"),
    }
    assert due(office, "2026-05-04") == []

    # May: a half-month log is missed; who looks after the customer is told, and notes a visit.
    missed = ("2026-05-05", "log", "deal", "note an activity: there is none since 2026-04-20 (deal:C)")
    assert due(office, "2026-05-06") == [missed]
    told = office("today --who S-001 --now 2026-05-06T09:00").stdout
    assert "Overdue\n  2026-05-05" in told
    assert "$ cskit customer activity add C-000001\n" in told
    line = "customer activity add C-000001 --mode visit --purpose 回访 --at 2026-05-06T14:00 --user lin"
    assert office(line).exit_code == 0
    assert due(office, "2026-05-07") == []

    # July: within three months now; nothing else moved.
    assert graded(office, "2026-07-05") == {"deal": ("C", "B", "up")}

    # September: within a month. Weekly logs were not kept.
    assert [one[:3] for one in due(office, "2026-09-09")] == [("2026-07-12", "log", "deal")]
    assert graded(office, "2026-09-10") == {"deal": ("B", "A", "up")}

    # The tier is set by hand until the end of October; who set it cannot sign it off, a colleague can.
    line = "grade set C-000001 service-tier core --reason 服务合同改签 --until 2026-10-31"
    assert office(f"{line} --user lin --now 2026-09-12").exit_code == 0
    (waiting,) = rows(office, "grade review --pending --scheme service-tier")
    refused = office(f"grade review {waiting['id']} --user lin --now 2026-09-13")
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        1,
        "",
        f"cskit: S-001 recorded {waiting['id']} and cannot sign it off as well\n"
        "a second person has to look at it\n",
    )
    assert f"$ cskit grade review {waiting['id']}\n" in office("today --now 2026-09-13").stdout
    assert office(f"grade review {waiting['id']} --user wang --now 2026-09-13").exit_code == 0

    # October: the expected day is past, so the grade stays, borderline. One visit of three is behind plan:
    # nine months of four a year are three, the second by the end of September.
    assert graded(office, "2026-10-05") == {"deal": ("A", "A", "borderline")}
    assert ("2026-09-30", "visit", "service-tier", "visit: 1 of 3 this year (service-tier:core)") in due(
        office, "2026-10-05"
    )

    # November: the override has run out, and the deal is now expected in more than half a year.
    assert office(f"{CLOSES} expected_close=2027-06-30").exit_code == 0
    assert graded(office, "2026-11-02") == {
        "deal": ("A", "D", "down"),
        "service-tier": ("core", "vip", "up"),
    }

    # December: no chance any more.
    assert office(f"{CLOSES} chance=no").exit_code == 0
    assert graded(office, "2026-12-20") == {"deal": ("D", "E", "down")}
    year = rows(office, "grade changes --since 2026-01-01 --scheme deal --now 2026-12-31")
    assert [row.get("grade") for row in reversed(year)] == ["C", "B", "A", "A", "D", "E"]
    told = office("customer timeline C-000001 --now 2026-12-31").stdout
    assert "deal: D → E" in told
    assert "service-tier: core → vip (the override ran out on 2026-10-31)" in told
