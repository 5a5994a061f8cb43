"""`grade set`: a grade set by hand, for a time, above a floor, and given back to the rule."""

from __future__ import annotations

import pytest

from tests.plugins.grading.conftest import MakeOffice, Office, moves, order, rows, run

SET = "grade set C-000003 size A --reason 大单将签 --user lin"


def show(office: Office, day: str) -> dict[str, object]:
    """Return the grade of the third customer on a day."""
    (row,) = rows(office, f"grade show C-000003 --now {day}")
    return {name: row[name] for name in ("grade", "decided_by", "until", "rule") if name in row}


@pytest.fixture
def graded(office: Office) -> Office:
    """Return an office in which everybody was graded in February."""
    run(office, "2026-02-01")
    return office


def test_set_and_run_out(graded: Office) -> None:
    """It counts up to and including its last day, whatever runs say; the next day the rule does again."""
    done = graded(f"{SET} --until 2026-03-31 --now 2026-02-10")
    assert (done.exit_code, done.stderr) == (0, "1 grade recorded; saved as 9 (`cskit undo` takes it back)\n")
    assert done.stdout == (
        "Customer    Scheme    Before    Grade    Move    Decided by    Rule says    Reason\n"
        "----------  --------  --------  -------  ------  ------------  -----------  --------\n"
        "C-000003    size      C         A        up      override      C            大单将签\n"
    )
    assert moves(run(graded, "2026-03-01"))["3"] == ("A", "A", "unchanged")
    held = {"grade": "A", "decided_by": "override", "until": "2026-03-31", "rule": "C"}
    assert show(graded, "2026-03-31T23:00") == held
    assert show(graded, "2026-04-01T00:00") == {
        "grade": "C",
        "decided_by": "rule",
        "until": "2026-03-31",
        "rule": "C",
    }
    back = run(graded, "2026-04-02")["C-000003"]
    assert (back["previous"], back["grade"], back["move"]) == ("A", "C", "down")
    assert back["reason"] == "the override ran out on 2026-03-31"


def test_what_the_rule_says_meanwhile(graded: Office) -> None:
    """Under an override the rule's own grade is kept up, so that it is right once the override is over."""
    assert graded(f"{SET} --until 2026-03-31 --now 2026-02-10").exit_code == 0
    order(graded, 3)
    assert moves(run(graded, "2026-03-01"))["3"] == ("A", "A", "kept")
    assert show(graded, "2026-04-01")["grade"] == "B"
    kept = rows(graded, "grade list --where 'move == \"kept\"'")
    assert [(row["override"], row["rule"], row["reason"]) for row in kept] == [("A", "B", "大单将签")]


def test_a_floor(make_office: MakeOffice) -> None:
    """In a scheme with a floor the rule may lift a customer above what was set by hand, never below."""
    office = make_office("floor = true", orders=(0, 0, 1))
    run(office, "2026-02-01")
    assert office("grade set C-000003 size B --reason x --now 2026-02-02").exit_code == 0
    order(office, 3, 2)
    assert moves(run(office, "2026-03-01"))["3"] == ("B", "A", "up")
    assert office("customer order remove O-000001 O-000002 --yes").exit_code == 0
    assert moves(run(office, "2026-04-01"))["3"] == ("A", "B", "down")


def test_release(graded: Office) -> None:
    """--release gives the grade back to the rule before its time, with a reason of its own."""
    assert graded(f"{SET} --now 2026-02-10").exit_code == 0
    done = graded("grade set C-000003 size --release --reason 合同未签 --now 2026-02-20 -o json")
    assert done.exit_code == 0, done.stderr
    assert show(graded, "2026-02-20") == {"grade": "C", "decided_by": "rule"}
    assert moves(run(graded, "2026-03-01"))["3"] == ("C", "C", "unchanged")
    again = graded("grade set C-000003 size --release --reason x --now 2026-03-20")
    assert (again.exit_code, again.stdout, again.stderr) == (
        1,
        "",
        "cskit: the grade of C-000003 in size was not set by hand\n"
        "`cskit grade show C-000003` shows who decided\n",
    )


def test_before_any_run(office: Office) -> None:
    """A grade may be set by hand before the scheme ever ran; when it is over there is none."""
    assert office(f"{SET} --until 2026-02-28 --now 2026-02-10").exit_code == 0
    assert show(office, "2026-02-28")["grade"] == "A"
    assert "grade" not in rows(office, "grade show C-000003 --now 2026-03-01")[0]


def test_undo(graded: Office) -> None:
    """One undo takes an override back."""
    assert graded(f"{SET} --now 2026-02-10").exit_code == 0
    assert graded("undo --yes --user lin").exit_code == 0
    assert show(graded, "2026-02-11") == {"grade": "C", "decided_by": "rule"}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("C-000003 size A", 2, "cskit: a grade that is set by hand needs a reason\nsay why with --reason\n"),
        ("C-000003 size A --reason ' '", 2, "cskit: a grade that is set by hand needs a reason\n"),
        ("C-000003 size --reason x", 2, "cskit: give a grade, or --release alone\n"),
        ("C-000003 size A --release --reason x", 2, "cskit: give a grade, or --release alone\n"),
        ("C-000003 size a --reason x", 3, "cskit: the scheme size has no grade 'a'\n"),
        ("C-000003 sise A --reason x", 3, "cskit: there is no grading scheme 'sise'\n"),
        ("C-000009 size A --reason x", 3, "cskit: no customer C-000009\n"),
        (
            "C-000003 size A --reason x --until 2026-02-09",
            2,
            "cskit: --until 2026-02-09: that day is past\ngive the last day on which the grade is to count\n",
        ),
        ("C-000003 size A --reason x --until tomorrow", 2, "expected a date such as 2026-11-22"),
    ],
)
def test_what_is_refused(graded: Office, line: str, code: int, said: str) -> None:
    """What cannot be set is said in a line, with what to do, and nothing is saved."""
    done = graded(f"grade set {line} --now 2026-02-10")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert graded("grade count").stdout == "3\n"


def test_not_into_the_past(graded: Office) -> None:
    """A grade cannot be set at a time before one that is there."""
    done = graded(f"{SET} --now 2026-01-10")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "later than 2026-01-10" in done.stderr
