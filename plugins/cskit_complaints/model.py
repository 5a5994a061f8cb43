"""The case (受理单): what is kept of a complaint, an enquiry or a request, with all that happened to it.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field

Kind = Literal[
    "complaint",
    "grumble",
    "comment",
    "suggestion",
    "report",
    "praise",
    "enquiry",
    "repair",
    "claim",
    "change",
    "refund",
]
KINDS = {
    "complaint": "投诉",
    "grumble": "抱怨",
    "comment": "意见",
    "suggestion": "建议",
    "report": "举报",
    "praise": "表扬",
    "enquiry": "咨询",
    "repair": "报修",
    "claim": "索赔",
    "change": "需求变更",
    "refund": "退款",
}
Channel = Literal[
    "phone",
    "online",
    "email",
    "social",
    "wechat",
    "video",
    "store",
    "self-service",
    "technical",
    "letter",
    "visit",
    "transferred",
]
CHANNELS = {
    "phone": "电话",
    "online": "在线",
    "email": "邮件",
    "social": "社交媒体",
    "wechat": "微信",
    "video": "视频",
    "store": "门店",
    "self-service": "自助服务",
    "technical": "技术支持",
    "letter": "信函",
    "visit": "来访",
    "transferred": "转办",
}
State = Literal["registered", "assigned", "handling", "paused", "resolved", "replied", "closed", "rejected"]
STATES = {
    "registered": "已登记",
    "assigned": "已转办",
    "handling": "处理中",
    "paused": "挂起",
    "resolved": "已处理",
    "replied": "已答复客户",
    "closed": "已结案",
    "rejected": "不受理",
}
Happening = Literal[
    "register",
    "assign",
    "return",
    "start",
    "pause",
    "resume",
    "resolve",
    "reply",
    "close",
    "reopen",
    "reject",
    "escalate",
    "chase",
    "supervise",
    "promise",
    "keep",
    "extend",
    "compensate",
    "approve",
    "refuse",
    "pay",
    "crisis",
    "comment",
    "link",
    "classify",
]
HAPPENINGS = {
    "register": "登记",
    "assign": "转办",
    "return": "退单",
    "start": "开始处理",
    "pause": "挂起",
    "resume": "恢复",
    "resolve": "处理完成",
    "reply": "答复客户",
    "close": "结案",
    "reopen": "重新处理",
    "reject": "不受理",
    "escalate": "升级",
    "chase": "催单",
    "supervise": "督办",
    "promise": "承诺",
    "keep": "兑现承诺",
    "extend": "申请延期",
    "compensate": "赔付建议",
    "approve": "批准",
    "refuse": "不批准",
    "pay": "付款",
    "crisis": "危机处理",
    "comment": "备注",
    "link": "关联",
    "classify": "调整级别",
}
Decision = Literal["asked", "approved", "refused"]
DECISIONS = {"asked": "待批准", "approved": "已批准", "refused": "未批准"}


class Event(Part, kw_only=True, frozen=True, gc=False):
    """One thing that happened to a case: who, when and what; clocks are computed from these alone.

    `before` and `after` are the case's states around it, the same where it moved nothing. `contact` says
    that the customer was spoken to. `until` is a department's deadline (assign), the end of a pause or
    the deadline asked for (extend), the time promised (promise). `number` is the promise, extension or
    compensation meant, counted from 1, or the severity before another one (classify). `source` is the log
    it was read from, `activity` what it was called there.
    """

    at: Annotated[dt.datetime, field("At", "时间")]
    who: Annotated[str, field("Who", "经办人")]
    what: Annotated[Happening, field("What", "动作", choices=HAPPENINGS)]
    before: Annotated[State, field("State before", "原状态", choices=STATES)] | None = None
    after: Annotated[State, field("State after", "新状态", choices=STATES)] | None = None
    department: Annotated[str, field("Department", "部门")] | None = None
    handler: Annotated[str, field("Handler", "处理人")] | None = None
    reason: Annotated[str, field("Reason", "原因")] | None = None
    party: Annotated[str, field("Waits for", "等待对象")] | None = None
    until: Annotated[dt.datetime, field("Until", "截止时间")] | None = None
    text: Annotated[str, field("Text", "内容")] | None = None
    amount: Annotated[Decimal, field("Amount", "金额")] | None = None
    number: Annotated[int, field("Number", "序号")] | None = None
    contact: Annotated[bool, field("Customer contacted", "已联系客户")] = False
    source: Annotated[str, field("Source", "来源")] | None = None
    activity: Annotated[str, field("Foreign activity", "来源动作")] | None = None


class Promise(Part, kw_only=True, frozen=True, gc=False):
    """What a customer was promised, and by when (catalogue C09, C16)."""

    text: Annotated[str, field("Text", "承诺内容", min_length=1)]
    due: Annotated[dt.datetime, field("Due", "承诺时间")]
    by: Annotated[str, field("Promised by", "承诺人")]
    at: Annotated[dt.datetime, field("Promised at", "承诺于")]
    kept_at: Annotated[dt.datetime, field("Kept at", "兑现于")] | None = None
    kept_by: Annotated[str, field("Kept by", "兑现人")] | None = None


class Extension(Part, kw_only=True, frozen=True, gc=False):
    """A later deadline somebody asked for, and what another said to it."""

    until: Annotated[dt.datetime, field("Until", "延期至")]
    reason: Annotated[str, field("Reason", "延期原因", min_length=1)]
    asked_by: Annotated[str, field("Asked by", "申请人")]
    asked_at: Annotated[dt.datetime, field("Asked at", "申请于")]
    state: Annotated[Decision, field("State", "审批状态", choices=DECISIONS)] = "asked"
    decided_by: Annotated[str, field("Decided by", "审批人")] | None = None
    decided_at: Annotated[dt.datetime, field("Decided at", "审批于")] | None = None


class Signature(Part, kw_only=True, frozen=True, gc=False):
    """Who approved a compensation, and when."""

    by: Annotated[str, field("Approved by", "批准人")]
    at: Annotated[dt.datetime, field("Approved at", "批准于")]


class Compensation(Part, kw_only=True, frozen=True, gc=False):
    """Money offered to a customer: proposed, approved by as many as its amount takes, paid (赔付).

    `charged_to` is the department or supplier that is liable.
    """

    amount: Annotated[Decimal, field("Amount", "赔付金额")]
    proposed_by: Annotated[str, field("Proposed by", "提出人")]
    proposed_at: Annotated[dt.datetime, field("Proposed at", "提出于")]
    reason: Annotated[str, field("Reason", "赔付原因")] | None = None
    charged_to: Annotated[str, field("Charged to", "承担方")] | None = None
    state: Annotated[
        Literal["proposed", "approved", "refused", "paid"],
        field(
            "State",
            "赔付状态",
            choices={"proposed": "待批准", "approved": "已批准", "refused": "未批准", "paid": "已支付"},
        ),
    ] = "proposed"
    approvals: Annotated[list[Signature], field("Approvals", "批准记录")] = []
    paid_by: Annotated[str, field("Paid by", "付款人")] | None = None
    paid_at: Annotated[dt.datetime, field("Paid at", "付款于")] | None = None


class Done(Part, kw_only=True, frozen=True, gc=False):
    """A step of the crisis checklist that is done."""

    step: Annotated[str, field("Step", "步骤")]
    by: Annotated[str, field("Done by", "完成人")]
    at: Annotated[dt.datetime, field("Done at", "完成于")]


class Attachment(Part, kw_only=True, frozen=True, gc=False):
    """A file that belongs to a case: its name and what it held, by digest (SHA-256)."""

    name: Annotated[str, field("Name", "文件名", min_length=1)]
    digest: Annotated[str, field("Digest", "摘要值")]
    size: Annotated[int, field("Size", "大小", unit="bytes", ge=0)]


class Case(Record, kw_only=True, frozen=True):
    """What a customer brought to the department, from its registration to its end (domain C01, C08–C10).

    `category` is a code of a category tree, `department` and `helpers` are departments' codes, `handler` and
    who acts are staff ids. `severity` is computed; with `severity_reason` somebody overrode it. `tier` is the
    customer's grade when the case came: what was promised does not change with a later one.
    """

    content: Annotated[str, field("Content", "受理内容", min_length=1)]
    category: Annotated[str, field("Category", "分类")] | None = None
    received_at: Annotated[dt.datetime, field("Received at", "受理时间")] | None = None
    kind: Annotated[Kind, field("Kind", "类型", choices=KINDS)] = "complaint"
    channel: Annotated[Channel, field("Channel", "渠道", choices=CHANNELS)] | None = None
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    tier: (
        Annotated[str, field("Grade when it came", "客户等级（受理时）", owner="case set customer=…")] | None
    ) = None
    unit: Annotated[str, field("Unit", "产品/房屋", ref="units")] | None = None
    complainant: Annotated[str, field("Complainant", "投诉人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    product: Annotated[str, field("Product", "产品")] | None = None
    order: Annotated[str, field("Order", "订单", ref="orders")] | None = None
    demand: Annotated[str, field("Demand", "客户要求")] | None = None
    people: Annotated[int, field("People complaining", "投诉人数", ge=1)] | None = None
    media: Annotated[bool, field("Media involved", "媒体曝光")] = False
    march: Annotated[bool, field("March or gathering", "游行聚集")] = False
    serious_effect: Annotated[bool, field("Serious bad effect", "严重不良影响")] = False
    loss_claimed: Annotated[Decimal, field("Loss claimed", "索赔金额")] | None = None
    severity: Annotated[int, field("Severity", "级别", ge=1, le=3)] | None = None
    severity_reason: (
        Annotated[str, field("Reason of the severity", "级别调整原因", owner="case set severity=N --reason")]
        | None
    ) = None
    state: Annotated[State, field("State", "状态", choices=STATES, owner="case start, case resolve, …")] = (
        "registered"
    )
    department: Annotated[str, field("Department", "责任部门", owner="case assign")] | None = None
    helpers: Annotated[list[str], field("Helping departments", "协办部门")] = []
    handler: Annotated[str, field("Handler", "处理人", owner="case assign")] | None = None
    due: Annotated[dt.datetime, field("Due", "办理期限", owner="case assign or case extend")] | None = None
    validity: (
        Annotated[
            Literal["valid", "partly", "invalid"],
            field("Validity", "有效性", choices={"valid": "有效", "partly": "部分有效", "invalid": "无效"}),
        ]
        | None
    ) = None
    cause: Annotated[str, field("Cause", "原因")] | None = None
    liability: Annotated[str, field("Liable party", "责任方")] | None = None
    solution: Annotated[str, field("Solution", "处理结果")] | None = None
    answer: Annotated[str, field("Answer", "答复内容")] | None = None
    satisfaction: Annotated[int, field("Satisfaction", "满意度", unit="1–5", ge=1, le=5)] | None = None
    force_majeure: Annotated[str, field("Force majeure", "不可抗力说明")] | None = None
    parent: Annotated[str, field("Group complaint", "群诉主单", ref="cases")] | None = None
    links: Annotated[list[str], field("Linked cases", "关联受理单", owner="case link")] = []
    outside_number: Annotated[str, field("Outside number", "外部工单号")] | None = None
    outside_due: Annotated[dt.datetime, field("Outside deadline", "外部时限")] | None = None
    chased: Annotated[int, field("Times chased", "催单次数", ge=0, owner="case chase")] = 0
    escalated: Annotated[int, field("Escalated to level", "升级层级", ge=0, owner="case escalate")] = 0
    supervised_by: Annotated[str, field("Supervised by", "督办人", owner="case supervise")] | None = None
    reopened: Annotated[int, field("Times reopened", "重开次数", ge=0, owner="case reopen")] = 0
    closed_at: Annotated[dt.datetime, field("Closed at", "结案时间", owner="case close")] | None = None
    attachments: Annotated[list[Attachment], field("Attachments", "附件", owner="case comment --attach")] = []
    promises: Annotated[list[Promise], field("Promises", "承诺", owner="case promise")] = []
    extensions: Annotated[list[Extension], field("Extensions", "延期", owner="case extend")] = []
    compensation: Annotated[list[Compensation], field("Compensation", "赔付", owner="case compensate")] = []
    crisis: Annotated[list[Done], field("Crisis steps done", "危机处置", owner="case crisis")] = []
    memo: Annotated[str, field("Crisis review memo", "危机复盘", owner="case crisis --memo")] | None = None
    events: Annotated[list[Event], field("Events", "办理过程", owner="case comment")] = []
    note: Annotated[str, field("Note", "备注")] | None = None
