"""The records of how well calls are answered: draws, scored sheets, measures, coaching, analyses.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.i18n import _
from cskit.records import Part, Record, field

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
_DRAWN, _SCORED = "call qa sample", "call qa score"


class DrawnCall(Part, kw_only=True, frozen=True, gc=False):
    """A call that was drawn: whose it is, and in which hour of the day it began."""

    call: Annotated[str, field("Call", "通话")]
    staff: Annotated[str, field("Agent", "坐席")]
    hour: Annotated[int, field("Hour", "时段", ge=0, le=23)]


class Draw(Record, kw_only=True, frozen=True):
    """The calls of a month that are listened to (监听抽样; catalogue C16, H5).

    The same seed draws the same calls of the same `population`, of which `fingerprint` is a hash. `short` is
    agent → how many calls there were of one who had fewer than were asked for.
    """

    month: Annotated[str, field("Month", "月份", pattern=MONTH, owner=_DRAWN)]
    per_agent: Annotated[int, field("Calls per agent", "每人抽样数", ge=1, owner=_DRAWN)]
    seed: Annotated[int, field("Seed", "随机种子", owner=_DRAWN)]
    population: Annotated[int, field("Calls to draw from", "可抽通话数", owner=_DRAWN)]
    fingerprint: Annotated[str, field("Hash of these", "总体校验码", owner=_DRAWN)]
    calls: Annotated[list[DrawnCall], field("Calls drawn", "抽中通话", owner=_DRAWN)] = []
    short: Annotated[dict[str, int], field("Too few calls", "通话不足", owner=_DRAWN)] = {}
    drawn_by: Annotated[str, field("Drawn by", "抽样人", owner=_DRAWN)]
    drawn_at: Annotated[dt.datetime, field("Drawn at", "抽样时间", owner=_DRAWN)]
    replaces: (
        Annotated[str, field("Instead of", "替代的抽样", ref="call_samples", owner="call qa sample --redraw")]
        | None
    ) = None
    why: Annotated[str, field("Why redrawn", "重抽原因", owner="call qa sample --redraw")] | None = None


class ItemScore(Part, kw_only=True, frozen=True, gc=False):
    """What a call got for an item; `got` is None where the item does not apply.

    `points` and `critical` are the sheet's when it was scored.
    """

    code: Annotated[str, field("Item", "评分项")]
    points: Annotated[Decimal, field("Worth", "分值", unit="points")]
    critical: Annotated[bool, field("Critical", "致命项")] = False
    got: Annotated[Decimal, field("Points", "得分", unit="points", personal=True)] | None = None
    note: Annotated[str, field("Note", "备注", personal=True)] | None = None

    @property
    def full(self) -> bool:
        """Whether nothing was lost."""
        return self.got == self.points

    @property
    def failed(self) -> bool:
        """Whether a critical item was not met."""
        return self.critical and self.got is not None and self.got < self.points


class Assessment(Record, kw_only=True, frozen=True):
    """A call scored by a sheet (监听评分; catalogue B9.6, E15).

    `total` is 0 to 100, 0 where a critical item was failed; `raw` is what it would be without that. A second
    person's score of the same call is a `calibration`: it counts for agreement, not for the agent.
    """

    call: Annotated[str, field("Call", "通话", ref="calls", owner=_SCORED)]
    staff: Annotated[str, field("Agent", "坐席", owner=_SCORED)]
    on: Annotated[dt.date, field("Day of the call", "通话日期", owner=_SCORED)]
    sheet: Annotated[str, field("Sheet", "评分表", owner=_SCORED)]
    sheet_hash: Annotated[str, field("Hash of the sheet", "评分表校验码", owner=_SCORED)]
    scorer: Annotated[str, field("Scored by", "评分人", owner=_SCORED)]
    scored_at: Annotated[dt.datetime, field("Scored at", "评分时间", owner=_SCORED)]
    items: Annotated[list[ItemScore], field("Items", "评分明细", owner=_SCORED)] = []
    raw: Annotated[Decimal, field("Before critical items", "未计致命项得分", personal=True, owner=_SCORED)]
    total: Annotated[Decimal, field("Total", "总分", personal=True, owner=_SCORED)]
    calibration: Annotated[bool, field("Calibration", "校准评分", owner=_SCORED)] = False
    comment: Annotated[str, field("Comment", "评语", personal=True)] | None = None
    violation: Annotated[str, field("Violation", "违规行为", owner=_SCORED)] | None = None
    penalty: Annotated[str, field("Penalty proposed", "处罚建议", owner=_SCORED)] | None = None


class Measure(Record, kw_only=True, frozen=True):
    """What is to become better, and whether it did (改进措施; catalogue F17).

    It is about an item of a sheet or a person, or about all calls; from `since` on it is to show.
    """

    what: Annotated[str, field("Measure", "改进措施", min_length=1)]
    item: Annotated[str, field("Item", "评分项")] | None = None
    staff: Annotated[str, field("Agent", "坐席")] | None = None
    since: Annotated[dt.date, field("From", "开始日期")] | None = None
    owner: Annotated[str, field("Seen to by", "负责人", fill="staff")] | None = None
    due: Annotated[dt.date, field("Due", "完成期限")] | None = None
    state: Annotated[
        Literal["open", "done"],
        field("State", "状态", owner="call qa measure done", choices={"open": "进行中", "done": "已完成"}),
    ] = "open"
    done_on: Annotated[dt.date, field("Done on", "完成日期", owner="call qa measure done")] | None = None
    effect: Annotated[str, field("Effect", "实施效果", owner="call qa measure done")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Coaching(Record, kw_only=True, frozen=True):
    """What a coach and an agent spoke of (辅导记录; catalogue H5), acknowledged by the agent."""

    staff: Annotated[str, field("Agent", "坐席", min_length=1, examples=["S-001"])]
    coach: Annotated[str, field("Coach", "辅导人", fill="staff")] | None = None
    on: Annotated[dt.date, field("Day", "辅导日期", fill="now")] | None = None
    topic: Annotated[str, field("Topic", "辅导主题")] | None = None
    call: Annotated[str, field("Call", "通话", ref="calls")] | None = None
    assessment: Annotated[str, field("Scored sheet", "评分记录", ref="call_assessments")] | None = None
    words: Annotated[str, field("What was said", "辅导内容", personal=True)] | None = None
    agreed: Annotated[str, field("Agreed", "改进约定", personal=True)] | None = None
    acknowledged_at: (
        Annotated[dt.datetime, field("Acknowledged at", "确认时间", owner="call coaching acknowledge")] | None
    ) = None
    answer: (
        Annotated[str, field("Answer", "坐席意见", personal=True, owner="call coaching acknowledge")] | None
    ) = None

    def __post_init__(self) -> None:
        """Refuse a talk with oneself."""
        if self.coach is not None and self.coach == self.staff:
            raise ValueError(_("nobody coaches themselves"))


class Analysis(Record, kw_only=True, frozen=True):
    """What others can learn from (案例分析; catalogue B9.6): what happened, why, what follows."""

    title: Annotated[str, field("Title", "标题", min_length=1)]
    kind: Annotated[
        Literal["good", "bad"],
        field("Kind of example", "案例类型", choices={"good": "优秀案例", "bad": "问题案例"}),
    ] = "bad"
    call: Annotated[str, field("Call", "通话", ref="calls")] | None = None
    case: Annotated[str, field("Case", "受理单", ref="cases")] | None = None
    author: Annotated[str, field("Author", "编写人", fill="staff")] | None = None
    on: Annotated[dt.date, field("Day", "日期", fill="now")] | None = None
    course: Annotated[str, field("What happened", "案例经过")] | None = None
    cause: Annotated[str, field("Why", "原因分析")] | None = None
    lesson: Annotated[str, field("What follows", "改进建议")] | None = None
    tags: Annotated[list[str], field("Tags", "标签")] = []
