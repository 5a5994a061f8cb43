"""A call, as the hotline notes it. Must not import click or a store."""

import datetime as dt
from typing import Annotated, Literal

from cskit.records import Record, field

Direction = Literal["in", "out"]
Result = Literal["settled", "unsettled", "transferred", "abandoned", "unreached"]
DIRECTIONS = {"in": "呼入", "out": "呼出"}
RESULTS = {
    "settled": "当场解决",
    "unsettled": "未解决",
    "transferred": "已转接",
    "abandoned": "放弃",
    "unreached": "未接通",
}


class Call(Record, kw_only=True, frozen=True):
    """A telephone call, in or out (domain calls; catalogue C16, B7 ch. 8).

    `queue` is a code of the rule files `call-queues`, `group` one of `reception-groups`. Times of a call are
    whole seconds; where it is not known how long somebody waited or talked, figures leave the call out. A
    call whose caller hung up before anybody answered is `abandoned`; it has no agent. Without a `result` a
    call in was answered, and nobody noted how it ended.
    """

    purpose: Annotated[str, field("Purpose", "来电事由")] | None = None
    at: Annotated[dt.datetime, field("At", "通话时间", fill="now")]
    direction: Annotated[Direction, field("Direction", "方向", choices=DIRECTIONS)] = "in"
    queue: Annotated[str, field("Queue", "队列")] = "consult"
    group: Annotated[str, field("Group", "接待组")] | None = None
    staff: Annotated[str, field("Agent", "坐席", ref="staff")] | None = None
    customer: Annotated[str, field("Customer", "客户", ref="customers")] | None = None
    number: Annotated[str, field("Number", "电话号码", personal="phone")] | None = None
    waiting: Annotated[int, field("Waiting", "等待时长", unit="s", ge=0)] | None = None
    talking: Annotated[int, field("Talking", "通话时长", unit="s", ge=0)] | None = None
    hold: Annotated[int, field("On hold", "保持时长", unit="s", ge=0)] = 0
    wrap_up: Annotated[int, field("Wrap-up", "话后时长", unit="s", ge=0)] = 0
    result: Annotated[Result, field("Result", "处理结果", choices=RESULTS)] | None = None
    transferred_to: Annotated[str, field("Transferred to", "转接至")] | None = None
    issue: Annotated[str, field("Issue", "问题")] | None = None
    promise_due: Annotated[dt.datetime, field("Call back by", "承诺回电时间")] | None = None
    case: Annotated[str, field("Case", "受理单", ref="cases")] | None = None
    plan: Annotated[str, field("Interview plan", "访谈计划", ref="call_plans")] | None = None
    recording: Annotated[str, field("Recording", "录音文件")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


UNANSWERED = ("abandoned", "unreached")
"""Results of calls in which nobody spoke to anybody."""
