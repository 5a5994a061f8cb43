"""The rota at the command line: laid out, refused, exchanged, covered, shown, printed, told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.calls.conftest import Run, worked

Stored = Callable[..., Any]
WEEK = "call shift plan --from 2026-11-02 --to 2026-11-08 --staff A1 --staff A2"
EARLY, LATE = "--shift early", "--shift late"


@pytest.fixture
def rota(hotline: Run) -> Run:
    """Return a `run` for a hotline with a week's rota of two people."""
    worked(hotline(WEEK))
    return hotline


def test_a_week_is_one_change(hotline: Run) -> None:
    """A rota is laid out by people's own codes; one undo takes it back."""
    done = hotline(f"{WEEK} -o jsonl")
    assert done.stderr == "9 shifts laid out; saved as 5 (`cskit undo` takes it back)\n"
    rows = [json.loads(line) for line in worked(done).splitlines()]
    assert {row["staff"] for row in rows} == {"S-001", "S-002"}
    assert rows[0]["begins"] in ("2026-11-01T22:00:00Z", "2026-11-02T06:00:00Z")
    worked(hotline("undo --yes"))
    assert worked(hotline("call shift count")) == "0\n"


def test_a_week_is_shown_and_printed(rota: Run, tmp_path: Path) -> None:
    """A row for each person, a column for each day, below how many work each shift."""
    done = rota("call shifts --week 2026-W45")
    assert done.stderr.splitlines()[0].endswith(" of 1 people")
    lines = worked(done).splitlines()
    assert lines[0].split() == ["ID", "Name", *"Mon 2 Tue 3 Wed 4 Thu 5 Fri 6 Sat 7 Sun 8".split()]
    assert {line.split()[0] for line in lines[2:]} == {"S-001", "S-002", "late", "early"}
    assert all(len(line) <= 80 for line in lines)
    worked(rota(f"call shifts --week 2026-11-04 -o html --out {tmp_path}/rota.html"))
    page = (tmp_path / "rota.html").read_text(encoding="utf-8")
    assert "Rota 2026-11-02 to 2026-11-08" in page
    assert "林晓" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A1 --on 2026-11-10 --shift late", None),
        ("S-009 --on 2026-11-10 --shift late", "staff: 'S-009': no staff member has this id or external key"),
        ("A1 --on 2026-11-10 --shift x", "shift: 'x': no pattern has this shift; there are day, early"),
        ("A1 --on 2026-11-10 --shift x --begins 2026-11-10T08:00 --ends 2026-11-10T12:00", None),
        (
            "A1 --on 2026-11-10 --shift x --begins 2026-11-10T12:00 --ends 2026-11-10T08:00",
            "a shift ends after it begins, within 24 hours",
        ),
    ],
    ids=["known", "nobody", "no-shift", "own-times", "backwards"],
)
def test_one_more_shift(rota: Run, line: str, said: str | None) -> None:
    """A shift is known by its code or has times of its own; the person is one of the staff."""
    done = rota(f"call shift add {line}")
    assert done.exit_code == (0 if said is None else 5)
    assert said is None or said in done.stderr


def first(rota: Run) -> dict[str, Any]:
    """Return the first shift of the week."""
    found: dict[str, Any] = json.loads(worked(rota("call shift list --sort begins --limit 1 -o json")))[0]
    return found


def test_an_overlap_is_refused_whoever_makes_it(rota: Run) -> None:
    """Added, set, or imported: nobody works twice at once; nothing is saved, and a dry run says so, too."""
    one = first(rota)
    called = f"{one['shift']} of {one['on']}"
    line = f"call shift add {one['staff']} --on {one['on']} --shift {one['shift']}"
    for text in (line, f"{line} --dry-run"):
        done = rota(text)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == (
            f"cskit: {one['staff']}: {called} and {called} overlap\n`cskit call shifts` shows the rota\n"
        )
    row = f"staff,on,shift\n{one['staff']},{one['on']},{one['shift']}\n"
    assert rota("call shift import -", input=row).exit_code == 1
    assert worked(rota("call shift count")) == "9\n"


def test_times_follow_the_day(rota: Run, stored: Stored) -> None:
    """A shift that is set to another day or code has that day's and code's times."""
    worked(rota("call shift add A1 --on 2026-11-20 --shift early --id SH-X"))
    worked(rota("call shift set SH-X on=2026-11-21 shift=late"))
    one = stored("call shift", "SH-X")
    assert (one["begins"], one["ends"]) == ("2026-11-21T06:00:00Z", "2026-11-21T14:00:00Z")


def test_two_people_exchange(hotline: Run, stored: Stored) -> None:
    """Both shifts change hands at once; what would then break a rule is refused."""
    worked(hotline("call shift add A1 --on 2026-11-10 --shift early"))
    worked(hotline("call shift add A2 --on 2026-11-10 --shift late"))
    worked(hotline("call shift swap SH-00001 SH-00002"))
    assert [stored("call shift", f"SH-0000{one}")["staff"] for one in (1, 2)] == ["S-002", "S-001"]
    worked(hotline("call shift add A1 --on 2026-11-11 --shift late"))
    worked(hotline("call shift add A2 --on 2026-11-11 --shift early --id SH-X"))
    done = hotline("call shift swap SH-00002 SH-X")
    assert done.exit_code == 1
    assert "overlap" not in done.stderr
    assert "16 h" in done.stderr
    assert hotline("call shift swap SH-00001 SH-00001").exit_code == 2


def test_an_absence_is_covered(hotline: Run, stored: Stored) -> None:
    """Who has rest enough works instead; the absent one's shift stays, marked; nobody away is laid out."""
    worked(hotline("call shift add A1 --on 2026-11-10 --shift early"))
    worked(hotline("call shift add A2 --on 2026-11-12 --shift early --id SH-X"))
    worked(hotline("call absence add A1 --first 2026-11-10 --last 2026-11-11"))
    refused = hotline("call shift add A1 --on 2026-11-11 --shift early")
    assert (refused.exit_code, refused.stderr.splitlines()[0]) == (
        1,
        "cskit: S-001 is absent on 2026-11-11 (AB-00001)",
    )
    due = hotline("today --until 2026-11-30 -o jsonl", now="2026-11-09T09:00")
    tasks = [json.loads(line) for line in worked(due).splitlines()]
    assert [one["do"] for one in tasks if one["id"] == "AB-00001"] == ["call shift cover AB-00001"]
    done = hotline("call shift cover AB-00001")
    assert done.stderr == "1 shift covered; saved as 8 (`cskit undo` takes it back)\n"
    cover = stored("call shift", "SH-00002")
    assert (cover["staff"], cover["kind"], cover["covers"]) == ("S-002", "cover", "SH-00001")
    assert stored("call shift", "SH-00001")["absence"] == "AB-00001"
    assert hotline("call shift cover AB-00001").stderr == "0 shifts covered; nothing to save\n"
    laid = hotline("call shift plan --from 2026-11-10 --to 2026-11-11 --pattern sales --staff A1")
    assert laid.stderr.splitlines()[-1] == "0 shifts laid out; nothing to save"


def test_who_is_named_has_to_be_able(hotline: Run) -> None:
    """Somebody who works already cannot cover, and is told so."""
    for who in ("A1", "A2"):
        worked(hotline(f"call shift add {who} --on 2026-11-10 --shift early"))
    worked(hotline("call absence add A1 --first 2026-11-10"))
    done = hotline("call shift cover AB-00001 --by A2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("cskit: S-002 cannot work SH-00001 of 2026-11-10: another shift")
    done = hotline("call shift cover AB-00001 -o json")
    assert "by" not in json.loads(worked(done))[0]
    assert done.stderr.startswith("nobody can work 1 of them\n")


def test_inspectors_answer_calls(hotline: Run) -> None:
    """Inspectors and trainers get two days of a month, apart from each other; a second run adds none."""
    worked(hotline("staff position add 质检员 --id CC-QA"))
    worked(hotline("staff add 钱进 --position CC-QA"))
    due = worked(hotline("today --until 2026-11-30 -o jsonl", now="2026-11-01T09:00"))
    assert "days on the telephones" not in due  # no rota, no word
    worked(hotline("call shift add A1 --on 2026-11-10 --shift early"))
    due = worked(hotline("today --until 2026-11-30 -o jsonl", now="2026-11-01T09:00"))
    assert "钱进: 0 of 2 days on the telephones this month" in due
    done = hotline("call shift support --month 2026-11 -o jsonl")
    days = [json.loads(line)["on"] for line in worked(done).splitlines()]
    assert len(days) == 2
    assert abs(int(days[0][-2:]) - int(days[1][-2:])) > 7
    again = hotline("call shift support --month 2026-11")
    assert again.stderr == "0 shifts laid out; nothing to save\n"


def test_gaps_are_told_by_the_department_s_needs(rota: Run, hotline: Run) -> None:
    """Hours without enough people are listed, are tasks, and follow a number that the department sets."""
    assert worked(rota("call shift gaps --from 2026-11-02 --to 2026-11-08 -o jsonl"))
    worked(rota("config set rules.shift-limits.default.minimum 0"))
    assert worked(rota("call shift gaps --from 2026-11-02 --to 2026-11-08 -o jsonl")) == ""


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--from 2026-11-02 --to 2026-11-01 --staff A1", 2, "--to comes after --from, within a year"),
        ("--from 2026-11-02 --to 2026-11-03", 2, "whose rota?"),
        ("--from 2026-11-02 --to 2026-11-03 --group 一组", 1, "nobody works in the group 一组"),
        ("--from 2026-11-02 --to 2026-11-03 --staff x", 1, "no staff member is called x"),
        ("--from 2026-11-02 --to 2026-11-03 --staff A1 --pattern six", 3, "there is no shift pattern 'six'"),
        ("--from x --to 2026-11-03 --staff A1", 2, "--from x:"),
    ],
    ids=["backwards", "nobody", "empty-group", "stranger", "pattern", "day"],
)
def test_what_cannot_be_laid_out(hotline: Run, line: str, code: int, said: str) -> None:
    """One line says what is wrong, and nothing is saved."""
    done = hotline(f"call shift plan {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(f"cskit: {said}")


def test_a_group_is_who_works_in_it(hotline: Run) -> None:
    """--group lays out everybody in the group who has not left."""
    worked(hotline("staff set S-001 S-002 group=甲组"))
    worked(hotline("staff add 离人 --group 甲组 --state left --left 2026-09-30"))
    done = hotline("call shift plan --from 2026-11-02 --to 2026-11-07 --group 甲组 -o jsonl")
    rows = [json.loads(line) for line in worked(done).splitlines()]
    assert {row["staff"] for row in rows} == {"S-001", "S-002"}
    assert len(rows) == 8  # four of six days each
