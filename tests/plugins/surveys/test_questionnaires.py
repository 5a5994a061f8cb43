"""Questionnaires as rule files: the shipped ones, and what in one cannot work."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from cskit_surveys import questionnaires
from cskit_surveys.questionnaires import Questionnaire, faults
from tests.plugins.surveys.samples import TOML, questionnaire

SHIPPED = sorted((Path(questionnaires.__file__).parent / "rules" / "questionnaires").glob("*.toml"))


def test_eight_are_shipped() -> None:
    """Overall, repair, after-sales, property, two for major accounts, follow-up calls, training."""
    assert len(SHIPPED) == 8


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_ones_work_in_both_languages(path: Path) -> None:
    """Nothing is wrong with one, every text has Chinese of its own, and its overall question is there."""
    asked = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Questionnaire, strict=True)
    assert list(faults(asked)) == []
    labels = [asked.title, *(section.title for section in asked.sections)]
    for question in asked.questions():
        labels += [question.text, *(option.label for option in question.options)]
    assert [label for label in labels if not any("\u4e00" <= letter for letter in label.zh)] == []
    assert asked.overall


def test_nothing_is_wrong_with_a_good_one() -> None:
    """The sample that the other tests use works."""
    assert list(faults(questionnaire())) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('code = "noise"', 'code = "came"', "questions: the code 'came' stands there twice"),
        ('code = "whole"', 'code = "visit"', "sections: the code 'visit' stands there twice"),
        ("satisfied = [4, 5]", "satisfied = [4, 6]", "scale five: 6 is not a point from 1 to 5"),
        ("points = 5", "points = 6", "scale five: 6 points have 5 labels"),
        ('overall = "overall"', 'overall = "words"', "overall: 'words' is no question with a scale"),
        ("weight = 3", "weight = 0", None),
        ("ask_if = 'came == \"yes\"'", "ask_if = 'went == 1'", "question manner: ask_if: no fact 'went'"),
        (
            "ask_if = 'came == \"yes\"'",
            "ask_if = 'overall > 3'",
            "question manner: ask_if: no fact 'overall'",
        ),
        ("reverse = true", 'pair = "manner"', None),
        ("reverse = true", 'pair = "overall"', "question noise: pair: 'overall' is no earlier question"),
    ],
)
def test_what_cannot_work(before: str, after: str, said: str | None) -> None:
    """Each fault names the question, the value and what is wrong; a condition looks back, never ahead."""
    found = list(faults(questionnaire(TOML.replace(before, after, 1))))
    assert [one for one in found if said and one.startswith(said)] == (found[:1] if said else [])
    assert bool(found) is (said is not None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('type = "nps"\n', 'type = "nps"\nscale = "five"\n'), "only a question of the type scale has one"),
        (('type = "text"\n', 'type = "text"\nreverse = true\n'), "only scale and effort can be reversed"),
        (('type = "text"\n', 'type = "single"\n'), "it needs two options or more"),
        (('scale = "five"', 'scale = "six"'), "there is no scale 'six'"),
    ],
)
def test_keys_that_do_not_go_with_the_type(change: tuple[str, str], said: str) -> None:
    """Which keys a question may have depends on its type."""
    found = list(faults(questionnaire(TOML.replace(*change, 1))))
    assert any(one.endswith(said) for one in found), found
