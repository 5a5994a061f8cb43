"""`grade changes`, `grade matrix`, `grade show` and grades as facts."""

from __future__ import annotations

import json

import pytest

from tests.plugins.grading.conftest import Office, order, rows, run


@pytest.fixture
def moved(office: Office) -> Office:
    """Return an office in which two customers moved between February and March."""
    run(office, "2026-02-01")
    order(office, 3)
    assert office("customer order remove O-000001 --yes").exit_code == 0
    run(office, "2026-03-01")
    return office


# --- changes -----------------------------------------------------------------------------------------------


def test_changes(moved: Office) -> None:
    """Newest first, from a day on until now; --move and --scheme narrow it."""
    found = rows(moved, "grade changes --since 2026-01-01 --now 2026-04-01")
    assert [(row["customer"], row["move"]) for row in found] == [
        ("C-000003", "up"),
        ("C-000001", "down"),
        ("C-000003", "new"),
        ("C-000002", "new"),
        ("C-000001", "new"),
    ]
    assert rows(moved, "grade changes --since 2026-02-15 --now 2026-04-01 --move down") == [
        {
            "at": "2026-03-01T01:00:00Z",
            "customer": "C-000001",
            "scheme": "size",
            "previous": "A",
            "grade": "B",
            "move": "down",
            "decided_by": "rule",
            "recorded_by": "S-001",
            "id": "GR-000004",
        }
    ]
    assert rows(moved, "grade changes --since 2026-01-01 --now 2026-02-15 --move down") == []
    assert rows(moved, "grade changes --since 2026-01-01 --now 2026-04-01 --scheme deal") == []


def test_changes_of_the_last_month(moved: Office) -> None:
    """Without --since what changed in the last thirty days."""
    assert len(rows(moved, "grade changes --now 2026-03-31T10:00")) == 2
    none = moved("grade changes --now 2026-05-01")
    assert (none.exit_code, none.stderr) == (0, "no grade changed since 2026-04-01\n")


# --- matrix ------------------------------------------------------------------------------------------------


def test_by_region(moved: Office) -> None:
    """Every customer is counted once, also who has no grade, or no region."""
    assert moved("customer set C-000004 region=").exit_code == 0
    done = moved("grade matrix size --now 2026-04-01")
    assert done.stdout == (
        "Grade    Title       华东    华南    none    Total\n"
        "-------  --------  ------  ------  ------  -------\n"
        "A        large          0       0       0        0\n"
        "B        middling       1       2       0        3\n"
        "C        small          0       0       0        0\n"
        "-        ungraded       0       0       1        1\n"
    )


def test_two_schemes_crossed(moved: Office) -> None:
    """Two schemes show how they go together."""
    run(moved, "2026-03-02", "--scheme order-volume")
    found = rows(moved, "grade matrix size order-volume --now 2026-04-01")
    assert found == [
        {"grade": "A", "title": "large", "A": 0, "B": 0, "C": 0, "total": 0},
        {"grade": "B", "title": "middling", "A": 0, "B": 0, "C": 3, "total": 3},
        {"grade": "C", "title": "small", "A": 0, "B": 0, "C": 0, "total": 0},
    ]


def test_other_fields(moved: Office) -> None:
    """Any field that holds one value divides; what could not is refused."""
    assert moved("customer set C-000002 region=total").exit_code == 0
    found = rows(moved, "grade matrix size --now 2026-04-01")
    assert found[1] == {"grade": "B", "title": "middling", "华南": 2, "=total": 1, "华东": 0, "total": 3} or (
        found[1]["total"] == 3 and found[1]["=total"] == 1
    )
    assert rows(moved, "grade matrix size --by owner --now 2026-04-01")[1]["S-001"] == 3
    for line in ("--by tags", "--by phone", "--by nosuch", "order-volume --by region"):
        done = moved(f"grade matrix size {line}")
        assert (done.exit_code, done.stdout) == (2, "")


# --- show, and as facts ------------------------------------------------------------------------------------


def test_show(moved: Office) -> None:
    """What a customer holds, in words: since when, by whom, with what doubts."""
    done = moved("grade show C-000001 --now 2026-04-01")
    assert done.stdout == (
        "Customer    Scheme    Grade    Title     Since       Decided by\n"
        "----------  --------  -------  --------  ----------  ------------\n"
        "C-000001    size      B        middling  2026-03-01  rule\n"
    )
    assert moved("grade show C-000009").exit_code == 3
    none = moved("grade show C-000004 --now 2026-04-01")
    assert (none.exit_code, none.stderr) == (0, "no grades yet; `cskit grade run` gives them\n")


def test_show_in_the_past(moved: Office) -> None:
    """--now shows what was held then."""
    assert rows(moved, "grade show C-000001 --now 2026-02-15")[0]["grade"] == "A"


def test_grades_are_facts(moved: Office) -> None:
    """Other plugins read a grade by the scheme's name in snake case, or all there are."""
    run(moved, "2026-03-02", "--scheme order-volume")

    def facts(names: str, now: str = "2026-04-01") -> object:
        done = moved(f"fact show customer C-000001 C-000004 --names {names} --now {now} -o json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    assert facts("grade.order_volume,grade.size") == [
        {"id": "C-000001", "grade.order_volume": "C", "grade.size": "B"},
        {"id": "C-000004"},
    ]
    assert facts("grade.*") == facts("grade.order_volume,grade.size")
    assert facts("grade.size", "2026-02-15")[0]["grade.size"] == "A"  # type: ignore[index]
    assert facts("grade.deal") == [{"id": "C-000001"}, {"id": "C-000004"}]


def test_a_fact_of_no_scheme(moved: Office) -> None:
    """A misspelt scheme is said with the nearest one."""
    done = moved("fact show customer C-000001 --names grade.sise")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        "cskit: there is no fact 'grade.sise': no grading scheme is called 'sise'\ndid you mean grade.size?\n"
    )
