"""The sale of a room, from the lot drawn to the title (销售合同流程). Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit import _
from cskit.records import Part, Record, field

SaleState = Literal[
    "chosen",
    "subscribed",
    "down-paid",
    "exchanged",
    "filed",
    "mortgaged",
    "loaned",
    "moved-in",
    "titled",
    "returned",
]
STATES = {
    "chosen": "已选房",
    "subscribed": "已认购",
    "down-paid": "已交首付",
    "exchanged": "已换签",
    "filed": "已备案",
    "mortgaged": "已办抵押登记",
    "loaned": "已放款",
    "moved-in": "已入住",
    "titled": "已办证",
    "returned": "已退房",
}
Payment = Literal["full", "mortgage", "provident-fund"]
PAYMENTS = {"full": "一次性付款", "mortgage": "银行按揭", "provident-fund": "公积金贷款"}


class SaleEvent(Part, kw_only=True, frozen=True):
    """What happened to a sale on a day: a step of its flow, a special approval, a reminder sent."""

    date: Annotated[dt.date, field("Date", "日期")]
    who: Annotated[str, field("By whom", "经办人")]
    what: Annotated[str, field("What", "事项")]
    after: Annotated[SaleState, field("State after", "新状态", choices=STATES)]
    at: Annotated[dt.datetime, field("Noted at", "登记时间")]
    amount: Annotated[Decimal, field("Amount", "金额")] | None = None
    number: Annotated[str, field("Number", "编号")] | None = None
    urgent: Annotated[bool, field("Urgent", "加急")] = False
    room: Annotated[str, field("Room before", "原房号")] | None = None
    text: Annotated[str, field("Text", "说明")] | None = None


class Special(Part, kw_only=True, frozen=True):
    """A form of special approval (特例审批单): what for, when it was issued, when it came back."""

    text: Annotated[str, field("What for", "特例内容")]
    issued: Annotated[dt.date, field("Issued on", "发放日期")]
    issued_by: Annotated[str, field("Issued by", "发放人")]
    recovered: Annotated[dt.date, field("Recovered on", "回收日期")] | None = None
    recovered_by: Annotated[str, field("Recovered by", "回收人")] | None = None


_BY = "property sale move"


class Sale(Record, kw_only=True, frozen=True):
    """A room that a customer buys (销售台账, catalogue C21, B8).

    The customer of a room that was drawn by lot stays who they are, so `customer` cannot be changed
    (抽号选房, 房号不可更名); the room changes by `property sale move change-room` alone.
    """

    room: Annotated[str, field("Room", "房号", min_length=1, owner=_BY)]
    project: Annotated[str, field("Project", "项目", ref="property_projects")]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    price: Annotated[Decimal, field("Price", "成交总价")]
    area: Annotated[Decimal, field("Area", "建筑面积", unit="m²")] | None = None
    payment: Annotated[Payment, field("Payment", "付款方式", choices=PAYMENTS)] = "mortgage"
    salesperson: Annotated[str, field("Salesperson", "置业顾问")] | None = None
    group: Annotated[str, field("Sales group", "销售小组")] | None = None
    contract: Annotated[str, field("Contract number", "合同编号", owner=_BY)] | None = None
    state: Annotated[SaleState, field("State", "状态", choices=STATES, owner=_BY)] = "chosen"
    since: Annotated[dt.date, field("In this state since", "进入状态日期", owner=_BY)]
    events: Annotated[list[SaleEvent], field("Events", "办理记录", owner=_BY)] = []
    specials: Annotated[
        list[Special], field("Special approvals", "特例审批", owner="property sale special")
    ] = []
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a price or an area that is none."""
        if self.price <= 0:
            raise ValueError(_("the price must be above zero"))
        if self.area is not None and self.area <= 0:
            raise ValueError(_("the area must be above zero"))
