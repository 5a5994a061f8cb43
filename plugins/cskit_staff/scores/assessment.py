"""The records of how people do: score cards of months, and what a review made of them.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field
from cskit_staff.people.model import MONTH, STATES, StaffState

Origin = Literal["facts", "entered", "missing"]
ORIGINS = {"facts": "系统计算", "entered": "人工录入", "missing": "缺失"}
CARD_STATES = {"draft": "草稿", "confirmed": "已确认", "locked": "已锁定"}
Proposal = Literal["up", "stay", "down", "probation", "dismissal", "ended", "insufficient"]
PROPOSALS = {
    "up": "升一级",
    "stay": "不变",
    "down": "降一级",
    "probation": "降一级并进入考察期",
    "dismissal": "建议劝退",
    "ended": "考察期结束",
    "insufficient": "月份不足",
}
"""What a review may propose, with its Chinese title (catalogue D3).

`ended`: a probation is passed and nothing else is said; `insufficient`: months are missing.
"""
Held = Literal["top", "bottom", "unranked"]
HELD = {"top": "已是最高级", "bottom": "已是最低级", "unranked": "无级别"}
_OWNER = "staff score and confirm"
_REVIEWED = "staff review, confirm and apply"


class Indicator(Part, kw_only=True, frozen=True):
    """One line of a score card.

    `raw` is the figure as counted or entered, `score` what the scheme's curve makes of it, 0 to 100. `n` is
    how many records it was counted from, `lower` the lower end of the 95 % interval where it is a sample;
    `few` says that n is too small to rely on. `missing` names the facts that are unknown.
    """

    code: Annotated[str, field("Indicator", "指标")]
    weight: Annotated[Decimal, field("Weight", "权重", unit="%")]
    raw: Annotated[Decimal, field("Value", "数值", personal=True)] | None = None
    score: Annotated[Decimal, field("Score", "得分", personal=True)] | None = None
    origin: Annotated[Origin, field("Origin", "来源", choices=ORIGINS)] = "facts"
    by: Annotated[str, field("Entered by", "录入人")] | None = None
    n: Annotated[int, field("Records", "样本数")] | None = None
    lower: Annotated[Decimal, field("At least", "置信下限", personal=True)] | None = None
    few: Annotated[bool, field("Few", "样本偏少")] = False
    missing: Annotated[list[str], field("Unknown facts", "缺失数据")] = []


class ScoreCard(Record, kw_only=True, frozen=True):
    """A person's month by a KPI scheme (考核表, catalogue B9.4, D2).

    `total` is 0 to 100, None while indicators are missing. `rules` is the hash of the scheme that scored.
    A confirmed card is locked when a review that rests on it is applied.
    """

    staff: Annotated[str, field("Person", "员工", ref="staff", owner=_OWNER)]
    month: Annotated[str, field("Month", "月份", pattern=MONTH, owner=_OWNER)]
    scheme: Annotated[str, field("KPI scheme", "考核方案", owner=_OWNER)]
    position: Annotated[str, field("Position", "岗位", owner=_OWNER)] | None = None
    total: Annotated[Decimal, field("Total", "总分", personal=True, owner=_OWNER)] | None = None
    state: Annotated[
        Literal["draft", "confirmed", "locked"],
        field("State", "状态", choices=CARD_STATES, owner=_OWNER),
    ] = "draft"
    indicators: Annotated[list[Indicator], field("Indicators", "指标明细", owner=_OWNER)] = []
    missing: Annotated[list[str], field("Missing", "缺失指标", owner=_OWNER)] = []
    rules: Annotated[str, field("Rule hash", "规则校验码", owner=_OWNER)] | None = None
    scored_by: Annotated[str, field("Scored by", "评分人", owner=_OWNER)]
    scored_at: Annotated[dt.datetime, field("Scored at", "评分时间", owner=_OWNER)]
    confirmed_by: Annotated[str, field("Confirmed by", "确认人", owner=_OWNER)] | None = None
    confirmed_at: Annotated[dt.datetime, field("Confirmed at", "确认时间", owner=_OWNER)] | None = None


class MonthScore(Part, kw_only=True, frozen=True):
    """A month that a review looks at; without a card there is no total."""

    month: Annotated[str, field("Month", "月份")]
    total: Annotated[Decimal, field("Total", "总分", personal=True)] | None = None
    card: Annotated[str, field("Card", "考核表")] | None = None


class Pay(Part, kw_only=True, frozen=True):
    """What a person is paid for a month, without what the score makes of it; None where nobody said."""

    base_pay: Annotated[Decimal, field("Base pay", "基本工资", personal=True)] | None = None
    performance_base: Annotated[Decimal, field("Performance base", "绩效工资基数", personal=True)] | None = (
        None
    )
    allowance: Annotated[Decimal, field("Post allowance", "岗位津贴", personal=True)] | None = None


class Review(Record, kw_only=True, frozen=True):
    """What a quarter comes to for a person (季度评定, catalogue C15, D3).

    `period` is a quarter, or the month that a probation is judged by. `proposal` is what counts; `rule` what
    the rule said where somebody decided otherwise. `mean` is of the months' totals, to four places. `bands`
    and `ladder` are the numbers and ranks it was judged by, `rules` their hash, so that it can be repeated.
    """

    staff: Annotated[str, field("Person", "员工", ref="staff", owner=_REVIEWED)]
    period: Annotated[str, field("Period", "期间", owner=_REVIEWED)]
    proposal: Annotated[Proposal, field("Proposal", "评定结果", choices=PROPOSALS, owner=_REVIEWED)]
    mean: Annotated[Decimal, field("Mean", "平均分", personal=True, owner=_REVIEWED)] | None = None
    months: Annotated[list[MonthScore], field("Months", "各月得分", owner=_REVIEWED)] = []
    held: Annotated[Held, field("Held", "级别不变原因", choices=HELD, owner=_REVIEWED)] | None = None
    rank_before: Annotated[str, field("Rank before", "原级别", owner=_REVIEWED)] | None = None
    rank_after: Annotated[str, field("Rank after", "新级别", owner=_REVIEWED)] | None = None
    state_before: Annotated[StaffState, field("State before", "原状态", choices=STATES, owner=_REVIEWED)]
    state_after: Annotated[StaffState, field("State after", "新状态", choices=STATES, owner=_REVIEWED)]
    probation_month: Annotated[str, field("Probation month", "考察月份", owner=_REVIEWED)] | None = None
    state: Annotated[
        Literal["proposed", "confirmed", "applied"],
        field(
            "State",
            "状态",
            choices={"proposed": "待确认", "confirmed": "已确认", "applied": "已生效"},
            owner=_REVIEWED,
        ),
    ] = "proposed"
    rule: Annotated[Proposal, field("Rule says", "规则结果", choices=PROPOSALS, owner=_REVIEWED)] | None = (
        None
    )
    override_by: Annotated[str, field("Decided by", "特批人", owner=_REVIEWED)] | None = None
    override_reason: Annotated[str, field("Reason", "特批原因", owner=_REVIEWED)] | None = None
    bands: Annotated[dict[str, str], field("Bands", "分数线", owner=_REVIEWED)] = {}
    ladder: Annotated[list[str], field("Ladder", "级别序列", owner=_REVIEWED)] = []
    rules: Annotated[str, field("Rule hash", "规则校验码", owner=_REVIEWED)] | None = None
    proposed_by: Annotated[str, field("Proposed by", "提出人", owner=_REVIEWED)]
    proposed_at: Annotated[dt.datetime, field("Proposed at", "提出时间", owner=_REVIEWED)]
    confirmed_by: Annotated[str, field("Confirmed by", "确认人", owner=_REVIEWED)] | None = None
    confirmed_at: Annotated[dt.datetime, field("Confirmed at", "确认时间", owner=_REVIEWED)] | None = None
    applied_by: Annotated[str, field("Applied by", "执行人", owner=_REVIEWED)] | None = None
    applied_at: Annotated[dt.datetime, field("Applied at", "执行时间", owner=_REVIEWED)] | None = None
    effective: Annotated[dt.date, field("Effective from", "生效日期", owner=_REVIEWED)] | None = None
    pay_before: Annotated[Pay, field("Pay before", "原薪酬", owner=_REVIEWED)] | None = None
    pay_after: Annotated[Pay, field("Pay after", "新薪酬", owner=_REVIEWED)] | None = None
