"""Exams: drawn by a seed, marked, looked over; all that is wrong with a file of sheets at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.testing import Result
from cskit_staff.learning import exams, marking
from cskit_staff.learning.learning import Drawn, Exam, Question

Run = Callable[..., Result]
Rows = Callable[[str], list[dict[str, Any]]]
HALF = Decimal("0.5")
OPTIONS = dict(zip("ABCD", ("one", "two", "three", "four"), strict=True))


def drawn(answer: str, points: int, kind: Any = "multi") -> Drawn:
    """Return a question as an exam holds it."""
    return Drawn(question="QB", kind=kind, text="?", options=OPTIONS, answer=answer, points=Decimal(points))


def exam(*questions: Drawn) -> Exam:
    """Return an exam of some questions."""
    return Exam(
        id="EX", title="x", seed=1, bank=9, pass_mark=Decimal(60), partial=HALF, questions=list(questions)
    )


# --- marking -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "given", "share"),
    [
        ("single", "B", "B", 1),
        ("single", "B", "A", 0),
        ("single", "B", "", 0),
        ("single", "B", "AB", 0),
        ("multi", "ABD", "ABD", 1),
        ("multi", "ABD", "DBA", 1),
        ("multi", "ABD", "AB", HALF),
        ("multi", "ABD", "D", HALF),
        ("multi", "ABD", "ABC", 0),
        ("multi", "ABD", "ABCD", 0),
        ("multi", "ABD", "", 0),
    ],
)
def test_what_an_answer_gets(kind: str, answer: str, given: str, share: Decimal) -> None:
    """All of it where it is right, half where something is missing and nothing wrong, else nothing."""
    assert exams.share(drawn(answer, 2, kind), given, HALF) == share


def test_a_score_to_two_places() -> None:
    """One of three equal questions is 33.33; half of one more 50; points weigh."""
    three = exam(drawn("A", 1, "single"), drawn("AB", 1), drawn("AB", 1))
    assert exams.marked(three, {"1": "A"}) == Decimal("33.33")
    assert exams.marked(three, {"1": "A", "2": "A"}) == Decimal("50.00")
    assert exams.marked(exam(drawn("A", 3, "single"), drawn("B", 1, "single")), {"1": "A"}) == 75
    assert exams.marked(three, {}) == 0


@given(st.lists(st.tuples(st.sets(st.sampled_from("ABCD"), min_size=1), st.sets(st.sampled_from("ABCD")))))
def test_a_score_lies_between_0_and_100(answers: list[tuple[set[str], set[str]]]) -> None:
    """Whatever is ticked; all right is 100, and ticking one more that is right never lowers it."""
    found = exam(*(drawn("".join(sorted(right)), 1) for right, _ticked in answers))
    sheet = {str(number): "".join(sorted(ticked)) for number, (_right, ticked) in enumerate(answers, 1)}
    score = exams.marked(found, sheet)
    assert 0 <= score <= 100
    for number, (right, ticked) in enumerate(answers, 1):
        for letter in right - ticked:
            more = {**sheet, str(number): "".join(sorted(ticked | {letter}))}
            assert exams.marked(found, more) >= score
    if answers:
        best = {str(number): "".join(sorted(right)) for number, (right, _ticked) in enumerate(answers, 1)}
        assert exams.marked(found, best) == 100


# --- drawing -----------------------------------------------------------------------------------------------


def bank(count: int) -> list[Question]:
    """Return so many questions."""
    return [Question(id=f"QB-{n:05d}", text=str(n), a="x", b="y", answer="A") for n in range(1, count + 1)]


def test_a_seed_draws_the_same_again() -> None:
    """The order hangs on seed and id alone: one more question moves no other, another seed does."""
    order = [one.id for one in exams.in_order(bank(30), 7)]
    assert order == [one.id for one in exams.in_order(reversed(bank(30)), 7)]
    assert order == [one.id for one in exams.in_order(bank(31), 7) if one.id != "QB-00031"]
    assert order != [one.id for one in exams.in_order(bank(30), 8)]


def test_an_exam_keeps_its_questions(desk: Run, rows: Rows) -> None:
    """A question that is changed later is marked as it was drawn."""
    before = rows("staff exam items EX-0001")
    assert [row["answer"] for row in before] == ["ABC", "ABD", "C", "B", "B"]
    assert [row["right"] for row in before] == [2, 3, 4, 4, 5]
    assert desk("staff question set T04 answer=D").exit_code == 0
    assert rows("staff exam items EX-0001") == before


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("Quiz --topic 礼仪", 3, "there is no question on 礼仪\nthere are 服务礼仪, 投诉沟通 and 视频云"),
        ("Quiz --questions 8", 1, "8 questions are wanted, and the bank has 7"),
        ("Quiz --course TC-9999", 5, "no course has this id or external key"),
        ("Quiz --on tomorrow", 2, "--on tomorrow: "),
    ],
)
def test_what_cannot_be_drawn(desk: Run, line: str, code: int, said: str) -> None:
    """A topic nobody wrote on, more than there are, a course that there is not."""
    done = desk(f"staff exam draw {line}")
    assert (done.exit_code, done.stdout) == (code, "")
    assert said.replace(", 投诉沟通 and ", ", 投诉沟通, ") in done.stderr


def test_an_exam_on_paper(desk: Run) -> None:
    """What is handed out has no answers; the sheet to mark by has them, and nobody signs it."""
    paper, key = desk("staff exam paper EX-0001"), desk("staff exam paper EX-0001 --answers")
    assert "5 questions, 70 points; passed from 60 of 100 on." in paper.stdout
    assert ("right: " in paper.stdout, key.stdout.count("right: ")) == (False, 5)
    assert ("Staff ID:" in paper.stdout, "Staff ID:" in key.stdout) == (True, False)
    assert desk("staff exam paper EX-0001 -o csv").exit_code == 2


# --- files of sheets ---------------------------------------------------------------------------------------


def test_all_bad_rows_at_once(desk: Run, tmp_path: Path) -> None:
    """Somebody unknown, somebody twice, a letter that is no option, nobody: all named, nothing saved."""
    sheets = tmp_path / "sheets.csv"
    sheets.write_text("员工,1,2,9\nS-099,A,A,\nS-001,E,AB,\nS-001,A,A,\n,A,A,\n", encoding="utf-8")
    done = desk(f"staff exam mark EX-0001 '{sheets}'")
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.splitlines() == [
        "line 2, 员工: 'S-099': no staff member has this id or external key",
        "line 3, 1: 'E': question 1 has no option E; it has ABCD",
        "line 4, 员工: 'S-001': stands in line 3 already",
        "line 5, 员工: is missing",
        f"cskit: 4 bad rows in {sheets}; nothing was saved",
    ]


def test_the_same_sheets_again(desk: Run, tmp_path: Path) -> None:
    """What was marked is known; other answers of the same person are refused."""
    sheets = tmp_path / "sheets.csv"
    sheets.write_text("staff;q1;第2题;3;4;5\nS-003;A,B,C;abd;C;B;B\n", encoding="utf-8")
    done = desk(f"staff exam mark EX-0001 '{sheets}'")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "0 sheets marked, 1 known; nothing to save" in done.stderr
    sheets.write_text("staff,1\nS-003,A\n", encoding="utf-8")
    assert "was marked as ES-00001, with other answers" in desk(f"staff exam mark EX-0001 '{sheets}'").stderr


def test_a_score_goes_to_the_course(desk: Run, rows: Rows, tmp_path: Path) -> None:
    """An exam of a course notes its score with who took it, where none is noted."""
    sheets = tmp_path / "sheets.csv"
    sheets.write_text("staff,1\nS-003,A\nS-001,A\n", encoding="utf-8")
    assert desk("staff course add 复训 --on 2026-10-01 --key FX").exit_code == 0
    assert desk("staff training add FX --staff S-003").exit_code == 0
    assert desk("staff exam draw 复训考试 --course FX --questions 1 --seed 1").exit_code == 0
    assert desk(f"staff exam mark EX-0002 '{sheets}'").exit_code == 0
    noted = "staff training list --where 'course == \"TC-0005\"' --fields staff,after --reveal"
    (row,) = rows(noted)
    assert (row["staff"], row["after"] in (0, 50, 100)) == ("S-003", True)


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("1", "1"),
        ("Q12", "12"),
        ("第3题", "3"),
        ("工号", "staff"),
        ("Staff", "staff"),
        ("日期", "on"),
        ("x", None),
    ],
)
def test_headings_of_sheets(title: str, meaning: str | None) -> None:
    """Columns are known by numbers, and by what people call who and when."""
    assert marking.knows(title) is (meaning is not None)
