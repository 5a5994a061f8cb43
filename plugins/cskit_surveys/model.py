"""The records of surveys: rounds, what each person sampled answered, follow-up calls.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from cskit.records import Record, field

RoundState = Literal["open", "closed"]
ResponseState = Literal["sampled", "partial", "answered", "refused", "unreached"]
Channel = Literal["phone", "online", "visit", "paper", "other"]
FollowUpKind = Literal["in_service", "after_service", "complaint", "old_customer", "win_back", "after_use"]
FollowUpState = Literal["planned", "done", "unreached", "dropped"]

OWNER = "survey"
CHANNELS = {"phone": "电话", "online": "线上", "visit": "上门", "paper": "纸质", "other": "其他"}


class Round(Record, kw_only=True, frozen=True):
    """One wave of a survey: who was to be asked what, and how they were drawn (catalogue B5.1)."""

    title: Annotated[str, field("Title", "标题", min_length=1)]
    questionnaire: Annotated[str, field("Questionnaire", "问卷", owner=OWNER)]
    rule_hash: Annotated[str, field("Hash of the questionnaire", "问卷文件哈希", owner=OWNER)]
    population: Annotated[str, field("Population", "调查总体", owner=OWNER)]
    where: Annotated[str, field("Condition", "条件", owner=OWNER)] | None = None
    first_on: Annotated[dt.date, field("Period from", "调查期间起", owner=OWNER)] | None = None
    last_on: Annotated[dt.date, field("Period to", "调查期间止", owner=OWNER)] | None = None
    eligible: Annotated[int, field("Population size", "总体数量", owner=OWNER, ge=0)]
    rested: Annotated[int, field("Left out, asked lately", "近期已调查而排除", owner=OWNER, ge=0)] = 0
    size: Annotated[int, field("Sample size", "样本量", owner=OWNER, ge=0)]
    wish: Annotated[str, field("Size asked for", "样本量要求", owner=OWNER)]
    confidence: Annotated[Decimal, field("Confidence", "置信水平", owner=OWNER)]
    margin: Annotated[Decimal, field("Margin of error", "允许误差", owner=OWNER)]
    seed: Annotated[int, field("Seed", "随机种子", owner=OWNER)]
    stratified_by: Annotated[str, field("Stratified by", "分层字段", owner=OWNER)] | None = None
    cooldown: Annotated[int, field("Days of rest", "间隔天数", unit="days", owner=OWNER, ge=0)] = 0
    drawn_at: Annotated[dt.datetime, field("Drawn at", "抽样时间", owner=OWNER)]
    due: Annotated[dt.date, field("Due", "截止日期")] | None = None
    state: Annotated[RoundState, field("State", "状态", choices={"open": "进行中", "closed": "已结束"})] = (
        "open"
    )
    note: Annotated[str, field("Note", "备注")] | None = None


class Response(Record, kw_only=True, frozen=True):
    """One person of a round's sample, and what was answered.

    `record` is the id in the round's population (a case, a customer); answers stand by the codes of the
    questions: numbers in `ratings`, codes of options in `chosen` (several with ; between), anything written
    in `said`, and in `na` what does not apply. Scores are 0 to 100.
    """

    round: Annotated[str, field("Round", "调查批次", ref="survey_rounds", owner=OWNER)]
    record: Annotated[str, field("About", "调查对象", owner=OWNER)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", owner=OWNER)] | None = None
    staff: Annotated[str, field("Staff concerned", "相关员工", owner=OWNER)] | None = None
    department: Annotated[str, field("Department", "责任部门", owner=OWNER)] | None = None
    project: Annotated[str, field("Project", "项目", owner=OWNER)] | None = None
    region: Annotated[str, field("Region", "区域", owner=OWNER)] | None = None
    stratum: Annotated[str, field("Stratum", "层", owner=OWNER)] | None = None
    state: Annotated[
        ResponseState,
        field(
            "State",
            "状态",
            owner=OWNER,
            choices={
                "sampled": "待调查",
                "partial": "部分完成",
                "answered": "已完成",
                "refused": "拒答",
                "unreached": "未联系上",
            },
        ),
    ] = "sampled"
    attempts: Annotated[int, field("Attempts", "联系次数", owner=OWNER, ge=0)] = 0
    channel: Annotated[Channel, field("Channel", "渠道", owner=OWNER, choices=CHANNELS)] | None = None
    at: Annotated[dt.datetime, field("Answered at", "答卷时间", owner=OWNER)] | None = None
    interviewer: Annotated[str, field("Interviewer", "访问员", owner=OWNER)] | None = None
    ratings: Annotated[dict[str, int], field("Ratings", "评分", owner=OWNER)] = {}
    chosen: Annotated[dict[str, str], field("Choices", "选项", owner=OWNER)] = {}
    said: Annotated[dict[str, str], field("Words", "文字", owner=OWNER)] = {}
    na: Annotated[list[str], field("Does not apply", "不适用", owner=OWNER)] = []
    scores: Annotated[dict[str, Decimal], field("Section scores", "分项得分", owner=OWNER)] = {}
    score: Annotated[Decimal, field("Score", "得分", owner=OWNER)] | None = None
    case: Annotated[str, field("Case opened", "已开受理单", owner=OWNER)] | None = None


class Answer(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """What the figures of a round need of a stored response."""

    id: str
    state: ResponseState = "sampled"
    customer: str | None = None
    staff: str | None = None
    department: str | None = None
    project: str | None = None
    region: str | None = None
    stratum: str | None = None
    channel: str | None = None
    interviewer: str | None = None
    at: dt.datetime | None = None
    ratings: dict[str, int] = {}
    chosen: dict[str, str] = {}
    scores: dict[str, Decimal] = {}
    score: Decimal | None = None


class FollowUp(Record, kw_only=True, frozen=True):
    """A call back to a customer, planned or made (回访; catalogue C01, C17)."""

    subject: Annotated[str, field("Subject", "回访内容", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    about: Annotated[str, field("About", "关联记录")] | None = None
    kind: Annotated[
        FollowUpKind,
        field(
            "Kind",
            "回访类型",
            choices={
                "in_service": "售中回访",
                "after_service": "售后回访",
                "complaint": "投诉回访",
                "old_customer": "老客户回访",
                "win_back": "流失挽回",
                "after_use": "使用后回访",
            },
        ),
    ] = "after_service"
    due: Annotated[dt.date, field("Due", "应回访日期")]
    staff: Annotated[str, field("Staff", "回访人")] | None = None
    every: Annotated[int, field("Again after", "回访间隔", unit="months", ge=1, le=60)] | None = None
    state: Annotated[
        FollowUpState,
        field(
            "State",
            "状态",
            owner="followup",
            choices={"planned": "待回访", "done": "已回访", "unreached": "未联系上", "dropped": "已取消"},
        ),
    ] = "planned"
    attempts: Annotated[int, field("Attempts", "联系次数", owner="followup", ge=0)] = 0
    done_on: Annotated[dt.date, field("Done on", "回访日期", owner="followup")] | None = None
    done_by: Annotated[str, field("Done by", "实际回访人", owner="followup")] | None = None
    result: Annotated[str, field("Result", "回访结果", owner="followup")] | None = None
    satisfaction: (
        Annotated[int, field("Satisfaction", "满意度", unit="points", owner="followup", ge=1, le=5)] | None
    ) = None
    case: Annotated[str, field("Case opened", "已开受理单", owner="followup")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
