"""What a text means as the answer to a question."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from cskit_surveys import answers
from cskit_surveys.scoring import NOT_APPLICABLE
from tests.plugins.surveys.samples import questionnaire

ASKED = questionnaire()
QUESTIONS = {question.code: question for question in ASKED.questions()}


@pytest.mark.parametrize(
    ("code", "text", "answer"),
    [
        ("manner", "4", 4),
        ("manner", " ４ ", 4),
        ("manner", "4.0", 4),
        ("manner", "Very Good", 5),
        ("manner", "很差", 1),
        ("manner", "不适用", NOT_APPLICABLE),
        ("manner", "N/A", NOT_APPLICABLE),
        ("recommend", "0", 0),
        ("recommend", "10", 10),
        ("came", "yes", "yes"),
        ("came", "2", "no"),
        ("came", "否", "no"),
        ("came", "A. 是", "yes"),
        ("came", "是〖准时〗", "yes"),
        ("kinds", "part;use", ["part", "use"]),
        ("kinds", "使用┋配件", ["part", "use"]),
        ("kinds", "part, use", ["part", "use"]),
        ("kinds", "Something, else", ["other"]),
        ("kinds", "3", ["other"]),
        ("spent", "1,234.50", Decimal("1234.50")),
        ("spent", "30%", Decimal(30)),
        ("day", "2026年11月5日", dt.date(2026, 11, 5)),
        ("words", " 谢谢 ", "谢谢"),
    ],
)
def test_what_a_text_means(code: str, text: str, answer: Any) -> None:
    """Numbers, codes and labels in either language, full-width digits, the ways of questionnaire services."""
    assert answers.parse(ASKED, QUESTIONS[code], text) == answer


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("manner", "6", "expected 1 to 5"),
        ("manner", "4.5", "expected 1 to 5"),
        ("recommend", "-1", "expected 0 to 10"),
        ("recommend", "11", "expected 0 to 10"),
        ("came", "maybe", "is not one of yes (Yes), no (No)"),
        ("kinds", "part;nothing", "is not one of part (A part), use (Use), other (Something, else)"),
        ("spent", "much", "expected a number such as 1234.50"),
        ("day", "2026-02-30", "no such day in the calendar"),
        ("overall", "不适用", "this question cannot be answered with 'does not apply'"),
    ],
)
def test_what_means_nothing(code: str, text: str, said: str) -> None:
    """The message says what is allowed."""
    with pytest.raises(ValueError, match="^" + _plain(said) + "$"):
        answers.parse(ASKED, QUESTIONS[code], text)


def _plain(text: str) -> str:
    import re

    return re.escape(text)


@pytest.mark.parametrize(
    ("code", "answer", "said"),
    [
        ("manner", 5, "5 (very good)"),
        ("manner", NOT_APPLICABLE, "does not apply"),
        ("kinds", ["part", "other"], "A part, Something, else"),
        ("came", "no", "No"),
        ("words", None, ""),
    ],
)
def test_answers_as_people_read_them(code: str, answer: Any, said: str) -> None:
    """Labels stand in the place of codes."""
    assert answers.shown(ASKED, QUESTIONS[code], answer) == said


def test_what_can_be_typed() -> None:
    """An interview offers numbers with labels, and says where several may be given."""
    assert list(answers.offered(ASKED, QUESTIONS["kinds"])) == [
        "1  A part",
        "2  Use",
        "3  Something, else",
        "several with ; between",
    ]
    assert list(answers.offered(ASKED, QUESTIONS["recommend"])) == ["0 to 10"]
