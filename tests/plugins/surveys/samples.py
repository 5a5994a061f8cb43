"""A small questionnaire and departments that tests of surveys share."""

from __future__ import annotations

import tomllib

import msgspec

from cskit_surveys.course import Course
from cskit_surveys.questionnaires import Questionnaire

TOML = """
title = { en = "Visit", zh = "上门服务" }
source = "made for tests"
overall = "overall"

[scales.five]
points = 5
satisfied = [4, 5]
labels = [
    { en = "very bad", zh = "很差" },
    { en = "bad", zh = "差" },
    { en = "fair", zh = "一般" },
    { en = "good", zh = "好" },
    { en = "very good", zh = "很好" },
]

[[sections]]
code = "visit"
title = { en = "Visit", zh = "上门" }
weight = 3

[[sections.questions]]
code = "came"
text = { en = "Did somebody come?", zh = "是否上门？" }
type = "single"
options = [
    { code = "yes", label = { en = "Yes", zh = "是" } },
    { code = "no", label = { en = "No", zh = "否" } },
]

[[sections.questions]]
code = "manner"
text = { en = "How was the manner?", zh = "态度如何？" }
type = "scale"
scale = "five"
ask_if = 'came == "yes"'
na = true

[[sections.questions]]
code = "noise"
text = { en = "How noisy was it?", zh = "噪音大吗？" }
type = "scale"
scale = "five"
reverse = true
required = false

[[sections]]
code = "whole"
title = { en = "All in all", zh = "总体" }
weight = 1

[[sections.questions]]
code = "overall"
text = { en = "All in all?", zh = "总体如何？" }
type = "scale"
scale = "five"

[[sections.questions]]
code = "recommend"
text = { en = "Would you recommend us?", zh = "是否推荐？" }
type = "nps"
required = false

[[sections.questions]]
code = "kinds"
text = { en = "What was it about?", zh = "涉及什么？" }
type = "multi"
required = false
options = [
    { code = "part", label = { en = "A part", zh = "配件" } },
    { code = "use", label = { en = "Use", zh = "使用" } },
    { code = "other", label = { en = "Something, else", zh = "其他" } },
]

[[sections.questions]]
code = "spent"
text = { en = "What did it cost?", zh = "花费多少？" }
type = "number"
required = false

[[sections.questions]]
code = "day"
text = { en = "When?", zh = "哪一天？" }
type = "date"
required = false

[[sections.questions]]
code = "words"
text = { en = "Anything else?", zh = "其他意见？" }
type = "text"
required = false
"""


def questionnaire(text: str = TOML) -> Questionnaire:
    """Return the questionnaire of a TOML text."""
    return msgspec.convert(tomllib.loads(text), Questionnaire, strict=True)


def course() -> Course:
    """Return the course of the small questionnaire."""
    return Course(questionnaire())
