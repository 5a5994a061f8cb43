"""The record types of grading: grades given, and gifts given. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit.records import Record, field

Move = Literal["new", "up", "down", "changed", "ungraded", "borderline", "kept"]
MOVES = {
    "new": "首次定级",
    "up": "升级",
    "down": "降级",
    "changed": "变更",
    "ungraded": "未定级",
    "borderline": "临界变化",
    "kept": "暂保留",
}
"""What a record says of the one before it, with its Chinese title.

`changed` is between grades of which none is better; `borderline`: the grade stays, but its mark as borderline
came or went; `kept`: the grade stays while the rule says otherwise (an override or a grace), or does so no
longer.
"""


class GradeRecord(Record, kw_only=True, frozen=True):
    """One customer's grade in one scheme from a moment on; the next record of the two takes its place.

    `grade` is what counts, None where there is none. While an override or a grace keeps it, `rule` is what
    the scheme says; `override` is the grade set by hand, which counts up to the day `until`; `runs` is how
    many runs in a row have said a lower grade. `facts` are those that decided, `rule_hash` the hash of the
    rules. `formerly` is the customer whose record it was before a merge.
    """

    customer: Annotated[str, field("Customer", "客户", ref="customers")]
    scheme: Annotated[str, field("Scheme", "分级方案")]
    grade: Annotated[str, field("Grade", "等级")] | None = None
    previous: Annotated[str, field("Previous grade", "原等级")] | None = None
    move: Annotated[Move, field("Move", "变动", choices=MOVES)] = "new"
    at: Annotated[dt.datetime, field("At", "定级时间")]
    decided_by: Annotated[
        Literal["rule", "override"],
        field("Decided by", "定级依据", choices={"rule": "规则", "override": "人工指定"}),
    ] = "rule"
    rule: Annotated[str, field("Rule says", "规则结果")] | None = None
    override: Annotated[str, field("Set by hand", "人工等级")] | None = None
    until: Annotated[dt.date, field("Override until", "人工等级有效期至")] | None = None
    runs: Annotated[int, field("Runs in a row", "连续低评次数")] = 0
    reason: Annotated[str, field("Reason", "原因")] | None = None
    borderline: Annotated[list[str], field("Borderline", "临界原因")] = []
    facts: Annotated[dict[str, str], field("Deciding facts", "判定依据")] = {}
    rule_hash: Annotated[str, field("Rule hash", "规则校验码")] | None = None
    recorded_by: Annotated[str, field("Recorded by", "记录人")]
    review: (
        Annotated[
            Literal["pending", "signed"],
            field("Review", "审核", choices={"pending": "待审核", "signed": "已审核"}),
        ]
        | None
    ) = None
    reviewed_by: Annotated[str, field("Reviewed by", "审核人")] | None = None
    reviewed_at: Annotated[dt.datetime, field("Reviewed at", "审核时间")] | None = None
    formerly: Annotated[str, field("Formerly of", "原属客户")] | None = None


class Gift(Record, kw_only=True, frozen=True):
    """A gift that a customer was given, so that the next one is another (catalogue A10)."""

    customer: Annotated[str, field("Customer", "客户", ref="customers")]
    gift: Annotated[str, field("Gift", "礼品", min_length=1)]
    on: Annotated[dt.date, field("Given on", "赠送日期")]
    staff: Annotated[str, field("Given by", "经手人")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
