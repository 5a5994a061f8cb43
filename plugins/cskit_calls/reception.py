"""Who came to the front desk, whom to interview by telephone, and what stands on the desks.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit.records import Record, field

Kind = Literal["first", "return", "appointment", "enquiry", "business"]
KINDS = {
    "first": "初访",
    "return": "回访",
    "appointment": "电约",
    "enquiry": "咨询",
    "business": "业务",
}
PLAN_STATES = {"planned": "待访谈", "done": "已访谈", "dropped": "已取消"}


class Visitor(Record, kw_only=True, frozen=True):
    """Somebody who came to the front desk (catalogue C27: first visit, return visit, booked by phone …)."""

    purpose: Annotated[str, field("Purpose", "来访事由")] | None = None
    at: Annotated[dt.datetime, field("Came at", "来访时间", fill="now")]
    kind: Annotated[Kind, field("Kind", "来访类型", choices=KINDS)] = "first"
    group: Annotated[str, field("Group", "接待组")] | None = None
    staff: Annotated[str, field("Received by", "接待人", ref="staff")] | None = None
    customer: Annotated[str, field("Customer", "客户", ref="customers")] | None = None
    name: Annotated[str, field("Name", "姓名", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    people: Annotated[int, field("People", "人数", ge=1)] = 1
    left_at: Annotated[dt.datetime, field("Left at", "离开时间")] | None = None
    result: Annotated[str, field("Outcome", "接待结果")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Plan(Record, kw_only=True, frozen=True):
    """An interview by telephone that is to be held (电话访谈计划表, catalogue B7 ch. 8)."""

    subject: Annotated[str, field("Subject", "访谈主题", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers")] | None = None
    number: Annotated[str, field("Number", "电话号码", personal="phone")] | None = None
    staff: Annotated[str, field("Interviewer", "访谈人", ref="staff")] | None = None
    due: Annotated[dt.date, field("Planned for", "计划日期")]
    questions: Annotated[list[str], field("Questions", "访谈提纲")] = []
    state: Annotated[
        Literal["planned", "done", "dropped"],
        field("State", "状态", choices=PLAN_STATES, owner="call add --plan or call plan done"),
    ] = "planned"
    done_on: (
        Annotated[dt.date, field("Held on", "访谈日期", owner="call add --plan or call plan done")] | None
    ) = None
    result: Annotated[str, field("Result", "访谈结果")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Equipment(Record, kw_only=True, frozen=True):
    """A line of the centre's list of equipment (呼叫中心设备明细表, catalogue B7 ch. 8)."""

    name: Annotated[str, field("Equipment", "设备名称", min_length=1)]
    kind: (
        Annotated[
            Literal["headset", "telephone", "computer", "server", "line", "recorder", "other"],
            field(
                "Kind",
                "设备类别",
                choices={
                    "headset": "耳机",
                    "telephone": "话机",
                    "computer": "电脑",
                    "server": "服务器",
                    "line": "线路",
                    "recorder": "录音设备",
                    "other": "其他",
                },
            ),
        ]
        | None
    ) = None
    model: Annotated[str, field("Model", "型号")] | None = None
    serial: Annotated[str, field("Serial number", "序列号")] | None = None
    quantity: Annotated[int, field("Quantity", "数量", ge=1)] = 1
    seat: Annotated[str, field("Seat", "座席位")] | None = None
    staff: Annotated[str, field("Used by", "使用人", ref="staff")] | None = None
    bought: Annotated[dt.date, field("Bought on", "购置日期")] | None = None
    state: Annotated[
        Literal["in-use", "spare", "repair", "scrapped"],
        field(
            "State",
            "状态",
            choices={"in-use": "在用", "spare": "备用", "repair": "维修", "scrapped": "报废"},
        ),
    ] = "in-use"
    note: Annotated[str, field("Note", "备注")] | None = None
