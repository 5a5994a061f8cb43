"""`grade review`: a second person signs off what somebody recorded; nobody signs their own."""

from __future__ import annotations

import pytest

from tests.plugins.grading.conftest import MakeOffice, Office, order, rows, run


@pytest.fixture
def waiting(office: Office) -> Office:
    """Return an office in which lin set a grade by hand that nobody has signed off."""
    run(office, "2026-02-01")
    done = office("grade set C-000003 size A --reason 大单将签 --user lin --now 2026-02-10")
    assert done.exit_code == 0, done.stderr
    return office


def test_a_second_person_signs(waiting: Office) -> None:
    """Who signs, and when, is noted beside who recorded: the form's 记录 / 审核 / 日期."""
    (pending,) = rows(waiting, "grade review --pending")
    assert (pending["id"], pending["recorded_by"], pending["reason"]) == ("GR-000004", "S-001", "大单将签")
    done = waiting("grade review GR-000004 --user wang --now 2026-02-11T10:00")
    assert (done.exit_code, done.stderr) == (
        0,
        "1 grade signed off; saved as 10 (`cskit undo` takes it back)\n",
    )
    assert done.stdout == (
        "ID         Customer    Scheme    Grade    Recorded by    Reviewed by    Reviewed at\n"
        "---------  ----------  --------  -------  -------------  -------------  ----------------\n"
        "GR-000004  C-000003    size      A        S-001          S-002          2026-02-11 10:00\n"
    )
    empty = waiting("grade review --pending")
    assert (empty.exit_code, empty.stderr) == (0, "nothing waits for a sign-off\n")
    assert rows(waiting, "grade show C-000003 --now 2026-02-12")[0]["review"] == "signed"


def test_nobody_signs_their_own(waiting: Office) -> None:
    """The recorder is refused by staff id, also under another login of the same person."""
    said = (
        "cskit: S-001 recorded GR-000004 and cannot sign it off as well\na second person has to look at it\n"
    )
    assert waiting("grade review GR-000004 --user lin") == (1, "", said)
    assert waiting("config set staff.lin2 S-001").exit_code == 0
    assert waiting("grade review GR-000004 --user lin2") == (1, "", said)


def test_who_has_no_staff_id_does_not_sign(waiting: Office) -> None:
    """Without a staff id it cannot be told who somebody is."""
    done = waiting("grade review GR-000004 --user stranger")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "cskit: stranger has no staff id, so it cannot be told whether a second person signs\n"
        "`cskit config set staff.stranger ID` gives one\n"
    )


def test_one_who_recorded_without_an_id(waiting: Office) -> None:
    """Who recorded under a bare login cannot sign once the login has a staff id."""
    line = "grade set C-000001 size B --reason x --user zhao --now 2026-02-11"
    assert waiting(line).exit_code == 0
    assert waiting("config set staff.zhao S-009").exit_code == 0
    assert waiting("grade review GR-000005 --user zhao").exit_code == 1


def test_all_or_none(waiting: Office) -> None:
    """Several are signed together, through a pipe as well; one that cannot be stops all."""
    assert waiting("grade set C-000001 size B --reason x --user lin --now 2026-02-11").exit_code == 0
    assert waiting("grade set C-000002 size A --reason x --user wang --now 2026-02-11").exit_code == 0
    piped = waiting("grade review --pending -o jsonl").stdout
    assert waiting("grade review - --user wang", input=piped).exit_code == 1
    assert len(rows(waiting, "grade review --pending")) == 3
    ours = waiting("grade review GR-000004 GR-000005 --user wang -o jsonl --now 2026-02-12")
    assert len(ours.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("GR-000001 --user wang", 1, "cskit: no sign-off is asked for GR-000001\n"),
        ("GR-000099 --user wang", 3, "cskit: no grade GR-000099\n`cskit grade list` shows those there are\n"),
        ("", 2, "cskit: which grades?\n"),
        ("GR-000004 --pending", 2, "cskit: which grades?\n"),
    ],
)
def test_what_is_refused(waiting: Office, line: str, code: int, said: str) -> None:
    """What cannot be signed is said in one line."""
    done = waiting(f"grade review {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_signed_twice(waiting: Office) -> None:
    """What was signed off is not signed again."""
    assert waiting("grade review GR-000004 --user wang").exit_code == 0
    again = waiting("grade review GR-000004 --user wang")
    assert (again.exit_code, again.stderr) == (1, "cskit: signed off already: GR-000004\n")


def test_a_scheme_that_is_signed_off(make_office: MakeOffice) -> None:
    """Where the scheme says so each change by the rule waits as well, but not what only stays."""
    office = make_office("sign_off = true", "grace = 3", orders=(2, 1))
    run(office, "2026-02-01")
    assert len(rows(office, "grade review --pending")) == 2
    assert office("grade review - --user wang", input="GR-000001\nGR-000002\n").exit_code == 0
    order(office, 2)
    assert office("customer order remove O-000001 --yes").exit_code == 0
    run(office, "2026-03-01")
    assert [row["customer"] for row in rows(office, "grade review --pending --scheme size")] == ["C-000002"]
    assert rows(office, "grade review --pending --scheme deal") == []
