"""The records of learning: courses, who took part, what is needed, questions, exams and who sat them.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.i18n import _
from cskit.records import Part, Record, field
from cskit_staff.people.model import refuse_outside

CourseKind = Literal["new", "in_service", "improvement", "product", "customer"]
COURSE_KINDS = {
    "new": "新员工培训",
    "in_service": "在岗培训",
    "improvement": "提升培训",
    "product": "产品培训",
    "customer": "客户培训",
}
OWNER = "staff exam"


class Course(Record, kw_only=True, frozen=True):
    """A training as it is held once (catalogue B9.7, H2)."""

    title: Annotated[str, field("Title", "培训名称", min_length=1)]
    kind: Annotated[CourseKind, field("Kind", "培训类别", choices=COURSE_KINDS)] = "in_service"
    topic: Annotated[str, field("Topic", "培训主题")] | None = None
    trainer: Annotated[str, field("Trainer", "培训师", ref="staff")] | None = None
    on: Annotated[dt.date, field("On", "培训日期")]
    hours: Annotated[Decimal, field("Hours", "学时", unit="hours")] | None = None
    material: Annotated[str, field("Material", "培训资料")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse hours that nobody can teach."""
        refuse_outside(self, 0, 999, "hours")


class Training(Record, kw_only=True, frozen=True):
    """One person at one course: there or not, known before and after, and what they thought of it.

    `before` and `after` are scores from 0 to 100 of a test before the course and of the exam after it.
    """

    course: Annotated[str, field("Course", "培训课程", ref="staff_courses")]
    staff: Annotated[str, field("Person", "员工", ref="staff")]
    state: Annotated[
        Literal["planned", "attended", "absent"],
        field("State", "状态", choices={"planned": "待培训", "attended": "已参加", "absent": "缺席"}),
    ] = "attended"
    before: Annotated[Decimal, field("Score before", "训前得分", unit="points", personal=True)] | None = None
    after: Annotated[Decimal, field("Score after", "训后得分", unit="points", personal=True)] | None = None
    feedback: Annotated[int, field("Feedback", "反馈评分", unit="1–5", ge=1, le=5)] | None = None
    comment: Annotated[str, field("Comment", "反馈意见")] | None = None

    def __post_init__(self) -> None:
        """Refuse scores that are none."""
        refuse_outside(self, 0, 100, "before", "after")


class Need(Record, kw_only=True, frozen=True):
    """What somebody wants, or is wanted, to learn (培训需求; catalogue H2)."""

    staff: Annotated[str, field("Person", "员工", ref="staff")]
    topic: Annotated[str, field("Topic", "培训主题", min_length=1)]
    urgency: Annotated[int, field("Urgency", "迫切程度", unit="1–5", ge=1, le=5)] = 3
    source: Annotated[
        Literal["own", "superior", "exam", "quality", "complaint"],
        field(
            "Source",
            "来源",
            choices={
                "own": "本人提出",
                "superior": "上级提出",
                "exam": "考试结果",
                "quality": "质检结果",
                "complaint": "投诉分析",
            },
        ),
    ] = "own"
    on: Annotated[dt.date, field("On", "提出日期")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Question(Record, kw_only=True, frozen=True):
    """A question of the bank (试题库): options by letter, and the letters that are right (catalogue B9.7)."""

    text: Annotated[str, field("Question", "题目", min_length=1)]
    topic: Annotated[str, field("Topic", "培训主题")] | None = None
    kind: Annotated[
        Literal["single", "multi"], field("Kind", "题型", choices={"single": "单选", "multi": "多选"})
    ] = "single"
    a: Annotated[str, field("Option A", "选项A", min_length=1, examples=["yes"])]
    b: Annotated[str, field("Option B", "选项B", min_length=1, examples=["no"])]
    c: Annotated[str, field("Option C", "选项C")] | None = None
    d: Annotated[str, field("Option D", "选项D")] | None = None
    e: Annotated[str, field("Option E", "选项E")] | None = None
    f: Annotated[str, field("Option F", "选项F")] | None = None
    answer: Annotated[str, field("Right answer", "正确答案", pattern="^[A-F]{1,6}$", examples=["A"])]
    points: Annotated[Decimal, field("Points", "分值")] = Decimal(1)
    active: Annotated[bool, field("In use", "启用")] = True
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse answers that are no options, and as many as the kind does not have."""
        refuse_outside(self, 0, 100, "points")
        if len(set(self.answer)) != len(self.answer):
            raise ValueError(_("the right answer names an option twice"))
        missing = [letter for letter in self.answer if letter not in self.options()]
        if missing:
            raise ValueError(_("there is no option {letters}").format(letters="".join(missing)))
        if self.kind == "single" and len(self.answer) != 1:
            raise ValueError(_("a single choice has one right answer"))

    def options(self) -> dict[str, str]:
        """Return the options there are, by letter."""
        found = {letter.upper(): getattr(self, letter) for letter in "abcdef"}
        return {letter: text for letter, text in found.items() if text}


class Drawn(Part, kw_only=True, frozen=True, gc=False):
    """A question as it was when an exam was drawn, so that no later change marks it otherwise."""

    question: Annotated[str, field("Question", "题目")]
    kind: Annotated[
        Literal["single", "multi"], field("Kind", "题型", choices={"single": "单选", "multi": "多选"})
    ]
    text: Annotated[str, field("Text", "题干")]
    options: Annotated[dict[str, str], field("Options", "选项")]
    answer: Annotated[str, field("Right answer", "正确答案")]
    points: Annotated[Decimal, field("Points", "分值")]


class Exam(Record, kw_only=True, frozen=True):
    """An exam drawn from the bank: which questions, by which seed (试卷)."""

    title: Annotated[str, field("Title", "考试名称", min_length=1)]
    on: Annotated[dt.date, field("On", "考试日期")] | None = None
    course: Annotated[str, field("Course", "培训课程", ref="staff_courses")] | None = None
    topics: Annotated[list[str], field("Topics", "培训主题", owner=OWNER)] = []
    seed: Annotated[int, field("Seed", "随机种子", owner=OWNER)]
    bank: Annotated[int, field("Questions to draw from", "题库题数", owner=OWNER, ge=0)]
    pass_mark: Annotated[Decimal, field("Pass mark", "及格分", unit="points", owner=OWNER)]
    partial: Annotated[Decimal, field("Share for an incomplete answer", "漏选得分比例", owner=OWNER)]
    questions: Annotated[list[Drawn], field("Questions", "试题", owner=OWNER)] = []
    drawn_by: Annotated[str, field("Drawn by", "出题人", owner=OWNER)] | None = None
    drawn_at: Annotated[dt.datetime, field("Drawn at", "出题时间", owner=OWNER)] | None = None


class Sitting(Record, kw_only=True, frozen=True):
    """One person's answers to one exam, and what they came to, 0 to 100 (答卷)."""

    exam: Annotated[str, field("Exam", "考试", ref="staff_exams", owner=OWNER)]
    staff: Annotated[str, field("Person", "员工", ref="staff", owner=OWNER)]
    on: Annotated[dt.date, field("On", "考试日期", owner=OWNER)]
    answers: Annotated[dict[str, str], field("Answers", "答案", owner=OWNER)] = {}
    score: Annotated[Decimal, field("Score", "得分", unit="points", owner=OWNER, personal=True)]
    passed: Annotated[bool, field("Passed", "是否及格", owner=OWNER)]
    marked_by: Annotated[str, field("Marked by", "阅卷人", owner=OWNER)] | None = None
