"""The records of a job: what was asked for, who goes, what was done, who took the shift over.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field
from cskit_service.steps import Step

REQUESTS, DISPATCHES = "service_requests", "service_dispatches"
SERVICE_RECORDS, HANDOVERS = "service_records", "service_handovers"
RequestKind = Literal["fault", "installation", "question", "site_visit", "fee_talk", "tuning"]
REQUEST_KINDS = {
    "fault": "故障报修",
    "installation": "安装调试",
    "question": "使用咨询",
    "site_visit": "上门拜访",
    "fee_talk": "费用洽谈",
    "tuning": "优化洽谈",
}
BEFOREHAND = ("site_visit", "fee_talk", "tuning")
"""What is to be entered before it takes place (catalogue A11)."""
RequestState = Literal["waiting", "dispatched", "done", "cancelled"]
REQUEST_STATES = {"waiting": "待派工", "dispatched": "已派工", "done": "已完成", "cancelled": "已取消"}
Mode = Literal["hotline", "remote", "on_site", "head_office"]
MODES = {"hotline": "热线", "remote": "远程", "on_site": "现场", "head_office": "总部支持"}
Priority = Literal["priority", "ordinary"]
PRIORITIES = {"priority": "优先", "ordinary": "普通"}
DispatchState = Literal["assigned", "under_way", "closed", "cancelled"]
DISPATCH_STATES = {"assigned": "已派工", "under_way": "处理中", "closed": "已关闭", "cancelled": "已取消"}
Result = Literal["solved", "follow_up", "head_office"]
RESULTS = {"solved": "已解决", "follow_up": "需跟进", "head_office": "转总部"}


class Request(Record, kw_only=True, frozen=True):
    """A service that somebody asked for, or a visit or talk that is planned (服务申请; C05, A11)."""

    subject: Annotated[str, field("Subject", "申请内容", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    kind: Annotated[RequestKind, field("Kind", "申请类型", choices=REQUEST_KINDS)] = "fault"
    product: Annotated[str, field("Product", "产品")] | None = None
    serial: Annotated[str, field("Serial number", "序列号")] | None = None
    unit: Annotated[str, field("Unit", "产品台账", ref="units")] | None = None
    contact: Annotated[str, field("Contact", "联系人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    address: Annotated[str, field("Address", "服务地址", personal="address")] | None = None
    case: Annotated[str, field("From case", "来源受理单", ref="cases")] | None = None
    received_at: Annotated[dt.datetime, field("Received at", "受理时间", fill="now")] | None = None
    planned_at: Annotated[dt.datetime, field("Planned at", "计划时间")] | None = None
    staff: Annotated[str, field("Taken by", "受理人", fill="staff")] | None = None
    state: Annotated[
        RequestState,
        field("State", "状态", choices=REQUEST_STATES, owner="dispatch add, close; request cancel"),
    ] = "waiting"
    note: Annotated[str, field("Note", "备注")] | None = None


class Dispatch(Record, kw_only=True, frozen=True):
    """A work order: who serves a request, how, and when (派工单; catalogue C05, C22).

    `proposed` is the engineer who served the customer before, whoever was sent. `at` and `until` are planned.
    """

    request: Annotated[str, field("Request", "服务申请", ref=REQUESTS)]
    subject: Annotated[str, field("Subject", "服务内容", owner="dispatch add")] = ""
    customer: Annotated[str, field("Customer", "客户", ref="customers", owner="dispatch add")] | None = None
    engineer: Annotated[str, field("Engineer", "服务工程师")] | None = None
    mode: Annotated[Mode, field("Mode", "服务方式", choices=MODES)] = "on_site"
    priority: Annotated[Priority, field("Priority", "优先级", choices=PRIORITIES)] = "ordinary"
    tier: Annotated[str, field("Service tier", "服务等级", owner="dispatch add")] | None = None
    proposed: Annotated[str, field("Original engineer", "原服务工程师", owner="dispatch add")] | None = None
    at: Annotated[dt.datetime, field("From", "计划开始")] | None = None
    until: Annotated[dt.datetime, field("Until", "计划结束")] | None = None
    state: Annotated[
        DispatchState,
        field("State", "状态", choices=DISPATCH_STATES, owner="dispatch start, close, cancel"),
    ] = "assigned"
    started_at: Annotated[dt.datetime, field("Started at", "实际开始", owner="dispatch start")] | None = None
    closed_at: Annotated[dt.datetime, field("Closed at", "关闭时间", owner="dispatch close")] | None = None
    result: Annotated[str, field("Outcome", "处理结果", owner="dispatch close")] | None = None
    steps: Annotated[list[Step], field("Steps", "处理过程", owner="dispatch start, close, cancel")] = []
    note: Annotated[str, field("Note", "备注")] | None = None


class ServiceRecord(Record, kw_only=True, frozen=True):
    """What was done on a work order, to be entered on the day of the service (服务记录; catalogue A11).

    `due` is the end of that day; see `servicerecords.due`.
    """

    dispatch: Annotated[str, field("Work order", "派工单", ref=DISPATCHES)]
    what: Annotated[str, field("What was done", "服务内容", min_length=1)]
    result: Annotated[Result, field("Result", "服务结果", choices=RESULTS)] = "solved"
    customer: (
        Annotated[str, field("Customer", "客户", ref="customers", owner="service-record add")] | None
    ) = None
    engineer: Annotated[str, field("Engineer", "服务工程师")] | None = None
    served_at: Annotated[dt.datetime, field("Began at", "服务开始")] | None = None
    until: Annotated[dt.datetime, field("Ended at", "服务结束")] | None = None
    hours: Annotated[Decimal, field("Hours", "工时", unit="hours")] | None = None
    entered_at: Annotated[dt.datetime, field("Entered at", "登记时间", owner="service-record add")] | None = (
        None
    )
    due: Annotated[dt.datetime, field("Due", "登记期限", owner="service-record add")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    @property
    def on_time(self) -> bool | None:
        """Whether it was entered in time; None where nobody knows when it was entered."""
        return None if self.entered_at is None or self.due is None else self.entered_at <= self.due


class Passed(Part, kw_only=True, frozen=True, gc=False):
    """A work order that was open when a shift ended."""

    dispatch: Annotated[str, field("Work order", "派工单")]
    state: Annotated[str, field("State", "状态")]
    engineer: Annotated[str, field("Engineer", "服务工程师")]
    subject: Annotated[str, field("Subject", "服务内容")] = ""


class Handover(Record, kw_only=True, frozen=True):
    """The open work orders of a shift, passed on from one person to another; both sign (交接班; C22)."""

    shift: Annotated[str, field("Shift", "班次", min_length=1)]
    giver: Annotated[str, field("Handed over by", "交班人", owner="dispatch handover new")]
    taker: Annotated[str, field("Taken over by", "接班人", owner="dispatch handover new")]
    given_at: Annotated[dt.datetime, field("Handed over at", "交班时间", owner="dispatch handover new")]
    taken_at: (
        Annotated[dt.datetime, field("Taken over at", "接班时间", owner="dispatch handover sign")] | None
    ) = None
    orders: Annotated[list[Passed], field("Work orders", "工单", owner="dispatch handover new")] = []
    state: Annotated[
        Literal["given", "taken"],
        field(
            "State",
            "状态",
            choices={"given": "待接班签收", "taken": "已接班"},
            owner="dispatch handover sign",
        ),
    ] = "given"
    note: Annotated[str, field("Note", "备注")] | None = None
