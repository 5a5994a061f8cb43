"""The service notice (客户服务通知单): what is kept of it, and what cannot be.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit import _
from cskit.records import Part, Record, field

TABLE = "service_notices"
NoticeType = Literal["Z2", "Z1"]  # in this order: examples show the first, and Z1 needs more beside it
TYPES = {"Z2": "Z2 完款前", "Z1": "Z1 完款后"}
SystemStatus = Literal["outstanding", "postponed", "in_process", "completed"]
SYSTEM = {
    "outstanding": "未结",
    "postponed": "延期",
    "in_process": "正在处理",
    "completed": "已完成",
}
Payment = Literal["unpaid", "part", "paid"]
PAYMENTS = {"unpaid": "未付款", "part": "部分付款", "paid": "已完款"}
Demand = Literal["chargeable", "complaint"]
DEMANDS = {"chargeable": "收费服务", "complaint": "客诉"}
Outcome = Literal["solved", "refused", "declined", "returned"]
OUTCOMES = {"solved": "已解决", "refused": "主管未批准", "declined": "客户不接受报价", "returned": "退回厂商"}
FIRST = "TZJL"
SURVEYED = ("KCJS", "KCWB")
"""The codes for "surveyed" (勘察结束): the source has both (catalogue C04)."""
STATUSES = {
    "Z1": (FIRST, *SURVEYED, "ZGPZ", "BPZ", "ZBHF"),
    "Z2": (FIRST, "HFYY", "DDKH", "THCS"),
}
"""The user statuses that a notice of each type can have (catalogue C04)."""


class Item(Part, kw_only=True, frozen=True, gc=False):
    """A product that a notice is about: what it is, in which colour, how many, and why it is asked for.

    Products and colours are codes of two levels, such as 06 or 06-01. `maker` is who made bought-in goods.
    """

    product: Annotated[str, field("Product type", "产品类型")] | None = None
    colour: Annotated[str, field("Colour code", "产品色码")] | None = None
    material: Annotated[str, field("Material", "物料号")] | None = None
    quantity: Annotated[Decimal, field("Quantity", "数量")] = Decimal(1)
    cause: Annotated[str, field("Cause code", "原因代码")] | None = None
    maker: Annotated[str, field("Cause text or maker", "原因文本（代工厂商）")] | None = None

    def __post_init__(self) -> None:
        """Refuse a quantity that is none."""
        if self.quantity <= 0:
            raise ValueError(_("a quantity must be above zero"))


class Used(Part, kw_only=True, frozen=True, gc=False):
    """A spare part that was taken from the stock for a notice, and the movement that says so."""

    part: Annotated[str, field("Part", "零部件")]
    quantity: Annotated[Decimal, field("Quantity", "数量")]
    movement: Annotated[str, field("Movement", "出入库编号")] | None = None


class Step(Part, kw_only=True, frozen=True, gc=False):
    """Something that was done about a notice: when, by whom, and the user status around it."""

    at: Annotated[dt.datetime, field("Time", "时间")]
    who: Annotated[str, field("By whom", "操作人")]
    what: Annotated[str, field("What", "动作")]
    before: Annotated[str, field("Status before", "原用户状态")] | None = None
    after: Annotated[str, field("Status after", "新用户状态")] | None = None
    text: Annotated[str, field("Text", "内容")] | None = None
    until: Annotated[dt.date, field("Until", "截止日期")] | None = None
    record: Annotated[str, field("Record", "相关单据")] | None = None


_BY = "notice process, site-survey, …"


class Notice(Record, kw_only=True, frozen=True):
    """What a customer asks for once goods are sold, from its creation to its end (catalogue B6.1, C04).

    `customer` is the ship-to party, `reporter` who of ours handles the notice, not who called. `document` is
    the branch's sales order (Z1) or the head office's delivery note (Z2), `document_date` that document's own
    day. `address` is the object's address, which wins over the customer's. `status` is the user status as
    coded, which says what was done last; `system` whether anything is to be done.
    """

    description: Annotated[str, field("Description", "通知单描述", min_length=1)]
    type: Annotated[NoticeType, field("Type", "通知单类型", choices=TYPES)]
    urgent: Annotated[bool, field("Urgent", "是否紧急")] = False
    demand: Annotated[Demand, field("Kind of demand", "需求类型", choices=DEMANDS)] | None = None
    payment: Annotated[Payment, field("Payment state", "完款状况", choices=PAYMENTS)] | None = None
    text: Annotated[str, field("Long text", "长文本")] | None = None
    reference: Annotated[str, field("Reference notice", "参照通知单", ref="service_notices")] | None = None
    date: Annotated[dt.date, field("Notice date", "通知日期")] | None = None
    customer: (
        Annotated[str, field("Ship-to party", "送达方", ref="customers", create="customer.create")] | None
    ) = None
    sold_to: Annotated[str, field("Sold-to party", "售达方", ref="customers")] | None = None
    contact: Annotated[str, field("Contact person", "联系人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    reporter: Annotated[str, field("Reporter", "报告者", fill="staff")] | None = None
    document: Annotated[str, field("Document number", "单据号")] | None = None
    document_date: Annotated[dt.date, field("Date of the document", "单据日期")] | None = None
    start: Annotated[dt.date, field("Required start", "需要的起始日期")] | None = None
    end: Annotated[dt.date, field("Expected end", "预期的终止日期")] | None = None
    centre: Annotated[str, field("Work centre", "主工作中心")] | None = None
    staff: Annotated[str, field("Person in charge", "负责人")] | None = None
    organisation: Annotated[str, field("Sales organisation", "销售组织")] | None = None
    channel: Annotated[str, field("Distribution channel", "分销渠道")] | None = None
    division: Annotated[str, field("Division", "产品组")] | None = None
    office: Annotated[str, field("Sales office", "销售部门")] | None = None
    group: Annotated[str, field("Sales group", "销售组")] | None = None
    location: Annotated[str, field("Functional location", "功能位置", personal="address")] | None = None
    address: Annotated[str, field("Object address", "对象地址", personal="address")] | None = None
    business_area: Annotated[str, field("Business area", "业务范围")] | None = None
    items: Annotated[list[Item], field("Items", "项目")] = []
    status: Annotated[str, field("User status", "用户状态", owner=_BY)] = FIRST
    system: Annotated[SystemStatus, field("System status", "系统状态", choices=SYSTEM, owner=_BY)] = (
        "outstanding"
    )
    postponed_until: (
        Annotated[dt.date, field("Postponed until", "延期至", owner="notice postpone")] | None
    ) = None
    head_office: Annotated[bool, field("Needs head office", "需总部支持", owner="notice site-survey")] = False
    forwarded_at: (
        Annotated[dt.datetime, field("Passed to logistics at", "转区物流时间", owner="notice logistics")]
        | None
    ) = None
    delivered_at: (
        Annotated[
            dt.datetime, field("Goods reach the customer at", "货物送达客户时间", owner="notice delivered")
        ]
        | None
    ) = None
    returned_to: Annotated[str, field("Returned to", "退回厂商", owner="notice return-to-maker")] | None = (
        None
    )
    parts: Annotated[list[Used], field("Parts used", "领用零部件", owner="notice parts")] = []
    performed_on: Annotated[dt.date, field("Performed on", "服务完成日期", owner="notice perform")] | None = (
        None
    )
    performed_by: Annotated[str, field("Performed by", "服务人员", owner="notice perform")] | None = None
    signed_on: Annotated[dt.date, field("Signed off on", "验收日期", owner="notice sign-off")] | None = None
    signed_by: (
        Annotated[str, field("Signed off by", "验收人", personal=True, owner="notice sign-off")] | None
    ) = None
    satisfaction: (
        Annotated[int, field("Satisfaction", "满意度", unit="1–5", ge=1, le=5, owner="notice sign-off")]
        | None
    ) = None
    outcome: (
        Annotated[Outcome, field("Outcome", "结案结果", choices=OUTCOMES, owner="notice close")] | None
    ) = None
    closed_at: Annotated[dt.datetime, field("Closed at", "结案时间", owner="notice close")] | None = None
    case: Annotated[str, field("Case", "受理单", ref="cases", owner="notice open-case")] | None = None
    steps: Annotated[list[Step], field("Steps", "办理过程", owner=_BY)] = []
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        self._check_given()
        if self.status not in STATUSES[self.type]:
            said = _("a notice of type {type} has no user status {status}")
            raise ValueError(said.format(type=self.type, status=self.status))
        if (self.system == "completed") != (self.closed_at is not None):
            raise ValueError(_("it is completed if, and only if, it was closed at a time"))
        if (self.system == "postponed") != (self.postponed_until is not None):
            raise ValueError(_("it is postponed if, and only if, it is so until a day"))

    def _check_given(self) -> None:
        if self.type == "Z1" and self.payment != "paid":
            raise ValueError(_("Z1 is for goods that are paid in full: payment must be paid, or type Z2"))
        if (self.document is None) != (self.document_date is None):
            raise ValueError(_("a document number and the date of that document go together"))
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(_("its expected end is before its required start"))

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.system == "completed"
