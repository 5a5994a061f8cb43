"""Which question follows on which answers, and scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit_surveys import scoring
from cskit_surveys.interview import Interview
from cskit_surveys.model import Response
from tests.plugins.surveys.samples import course, questionnaire

NOBODY = Response(id="SA-1", round="SR-1", record="C-1")


def test_a_condition_skips_questions() -> None:
    """What an answer skips is not asked, is not missing, and must not be answered."""
    way = course()
    assert "manner" not in [one.code for one in way.to_ask({"came": "no"})]
    assert [one.code for one in way.missing({"came": "no"})] == ["overall"]
    assert way.unasked({"came": "no", "manner": 4}) == ["manner"]
    assert way.unasked({"came": "yes", "manner": 4}) == []


@pytest.mark.parametrize(
    ("answers", "sections", "whole"),
    [
        ({"manner": 5, "overall": 5}, {"visit": 100, "whole": 100}, 100),
        ({"manner": 5, "overall": 1}, {"visit": 100, "whole": 0}, 75),
        ({"manner": "na", "overall": 3}, {"whole": 50}, 50),
        ({"noise": 1, "overall": 3}, {"visit": 100, "whole": 50}, 87.5),
        ({"noise": 5, "manner": 5}, {"visit": 50}, 50),
        ({"words": "…"}, {}, None),
    ],
    ids=["best", "weights 3 and 1", "does not apply", "reversed", "mean of a section", "nothing"],
)
def test_scores(answers: dict[str, Any], sections: dict[str, float], whole: float | None) -> None:
    """Weights are renormalised over what was answered; what does not apply is no zero."""
    found = scoring.scores(questionnaire(), answers)
    assert (found.sections, found.whole) == (sections, whole)


def test_a_response_filled_in_gives_its_answers_back() -> None:
    """Whatever was answered stands in the record by kind, and reads back as it was."""
    way = course()
    answers = {"came": "yes", "manner": "na", "overall": 4, "kinds": ["part", "use"], "words": "好"}
    filled = way.filled(NOBODY, answers)
    assert (filled.ratings, filled.chosen, filled.said, filled.na) == (
        {"overall": 4},
        {"came": "yes", "kinds": "part;use"},
        {"words": "好"},
        ["manner"],
    )
    assert (filled.state, filled.score) == ("answered", Decimal(75))
    assert way.given(filled) == answers
    assert way.filled(NOBODY, {"came": "yes"}).state == "partial"


_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "manner": st.sampled_from([1, 2, 3, 4, 5, "na"]),
        "noise": st.integers(1, 5),
        "overall": st.integers(1, 5),
        "recommend": st.integers(0, 10),
    },
)


@given(_ANSWERS)
def test_scores_lie_between_their_parts(answers: dict[str, Any]) -> None:
    """An index lies between the lowest and the highest section, and a section within 0 and 100."""
    found = scoring.scores(questionnaire(), answers)
    assert all(0 <= score <= 100 for score in found.sections.values())
    if found.whole is not None:
        assert min(found.sections.values()) - 1e-9 <= found.whole <= max(found.sections.values()) + 1e-9


# --- interviews --------------------------------------------------------------------------------------------


def test_an_interview_goes_through_and_back() -> None:
    """Back returns to the question before; a correction forgets what nobody asks any more."""
    talk = Interview(course())
    assert not talk.back()
    talk.answer("yes")
    talk.answer("5")
    assert talk.question is not None
    assert (talk.question.code, talk.place) == ("noise", (3, 9))
    assert talk.back()
    assert talk.back()
    talk.answer("no")
    assert talk.answers == {"came": "no"}
    assert talk.question.code == "noise"


def test_a_skipped_question_is_not_asked_again_today() -> None:
    """Skipping goes on; taken up again later, the question is asked first."""
    talk = Interview(course(), {"came": "no"})
    talk.skip()
    talk.skip()
    assert talk.question is not None
    assert talk.question.code == "recommend"
    again = Interview(course(), talk.answers)
    assert again.question is not None
    assert again.question.code == "noise"


def test_an_interview_ends() -> None:
    """After the last question there is none, and none is taken."""
    talk = Interview(course(), {"came": "no"})
    while talk.question is not None:
        talk.skip()
    assert talk.place == (8, 8)
    with pytest.raises(ValueError, match="over"):
        talk.answer("5")
