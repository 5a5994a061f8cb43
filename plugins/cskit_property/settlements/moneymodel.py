"""What is kept of settlements and fee reductions. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit import _, amounts
from cskit.records import Part, Record, field

LineKind = Literal["fee", "addition", "deduction", "adjustment"]
LINE_KINDS = {"fee": "费用", "addition": "增项", "deduction": "扣款", "adjustment": "调整"}
SettlementState = Literal["draft", "submitted", "checked", "approved", "paid", "returned", "cancelled"]
SETTLEMENT_STATES = {
    "draft": "草稿",
    "submitted": "已提交",
    "checked": "已审核",
    "approved": "已批准",
    "paid": "已支付",
    "returned": "已退回",
    "cancelled": "已作废",
}
ReductionState = Literal["registered", "checked", "confirmed", "passed", "filed", "refused"]
REDUCTION_STATES = {
    "registered": "已登记",
    "checked": "已核查",
    "confirmed": "已确认",
    "passed": "已流转",
    "filed": "已归档",
    "refused": "不予减免",
}


class Line(Part, kw_only=True, frozen=True):
    """One line of a settlement: how its amount comes about, and why; deductions are below zero.

    Of a rate × area × months all three are kept, of units × price these two, of a lump sum only the amount.
    `measure` and `value` say which figure a deduction was computed from.
    """

    text: Annotated[str, field("Text", "内容", min_length=1)]
    kind: Annotated[LineKind, field("Kind", "类别", choices=LINE_KINDS)] = "fee"
    rate: Annotated[Decimal, field("Rate or price", "单价")] | None = None
    area: Annotated[Decimal, field("Area", "面积", unit="m²")] | None = None
    months: Annotated[Decimal, field("Months", "月数")] | None = None
    units: Annotated[Decimal, field("Quantity", "数量")] | None = None
    amount: Annotated[Decimal, field("Amount", "金额")]
    reason: Annotated[str, field("Reason", "依据")] | None = None
    measure: Annotated[str, field("Measure", "指标")] | None = None
    value: Annotated[Decimal, field("Value", "指标值")] | None = None


class Step(Part, kw_only=True, frozen=True):
    """What somebody did to a settlement or a reduction; `amount` is the total then, or what was paid."""

    at: Annotated[dt.datetime, field("Time", "时间")]
    who: Annotated[str, field("By whom", "操作人")]
    what: Annotated[str, field("What", "动作")]
    before: Annotated[str, field("State before", "原状态")] | None = None
    after: Annotated[str, field("State after", "新状态")]
    amount: Annotated[Decimal, field("Amount", "金额")] | None = None
    reason: Annotated[str, field("Reason", "说明")] | None = None
    date: Annotated[dt.date, field("Date", "日期")] | None = None


_BY = "property settle new, line, submit, …"


class Settlement(Record, kw_only=True, frozen=True):
    """What a property company is to be paid for a project, an item and a period (费用结算, catalogue B3.7).

    `total` is the sum of the lines, always. `needs` is how many approvals the total takes, known from the
    submission on, as are `rules`: the deduction table and the hash of its file.
    """

    project: Annotated[str, field("Project", "项目", ref="property_projects", owner=_BY)]
    company: Annotated[str, field("Company", "物业公司", ref="property_companies", owner=_BY)] | None = None
    item: Annotated[str, field("Item", "结算项目", min_length=1, owner=_BY)]
    first: Annotated[dt.date, field("Period from", "结算期起", owner=_BY)]
    last: Annotated[dt.date, field("Period to", "结算期止", owner=_BY)]
    round: Annotated[str, field("Survey round", "满意度调查批次", ref="survey_rounds", owner=_BY)] | None = (
        None
    )
    state: Annotated[SettlementState, field("State", "状态", choices=SETTLEMENT_STATES, owner=_BY)] = "draft"
    lines: Annotated[list[Line], field("Lines", "结算明细", owner=_BY)] = []
    total: Annotated[Decimal, field("Total", "合计", owner=_BY)] = amounts.NOTHING
    paid: Annotated[Decimal, field("Paid", "已付", owner="property settle pay")] = amounts.NOTHING
    due: Annotated[dt.date, field("Due on", "付款期限", owner="property settle approve")] | None = None
    entry: (
        Annotated[str, field("Ledger entry", "往来费用编号", ref="ledger", owner="property settle approve")]
        | None
    ) = None
    needs: Annotated[int, field("Approvals needed", "所需批准数", ge=1, owner=_BY)] | None = None
    rules: Annotated[str, field("Deduction table", "扣款标准", owner=_BY)] | None = None
    steps: Annotated[list[Step], field("Steps", "办理过程", owner=_BY)] = []
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a total that its lines do not add up to, and a period that ends before it begins."""
        if amounts.total(line.amount for line in self.lines) != self.total:
            raise ValueError(_("its lines do not add up to its total"))
        if self.last < self.first:
            raise ValueError(_("its period ends before it begins"))


_FLOW = "property reduction check, confirm, …"


class Reduction(Record, kw_only=True, frozen=True):
    """A property fee that a customer need not pay, or pays at a preferential rate (减免物业费, 优惠单据).

    Checked against the papers, confirmed by somebody else, passed on to the property company, filed
    (catalogue B3.7).
    """

    project: Annotated[str, field("Project", "项目", ref="property_projects")]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    room: Annotated[str, field("Room", "房号")] | None = None
    kind: Annotated[
        Literal["reduction", "receipt"],
        field("Kind", "类别", choices={"reduction": "物业费减免", "receipt": "优惠单据"}),
    ] = "reduction"
    content: Annotated[str, field("What for", "减免事由", min_length=1)]
    amount: Annotated[Decimal, field("Amount", "金额")]
    first: Annotated[dt.date, field("Period from", "减免期起")] | None = None
    last: Annotated[dt.date, field("Period to", "减免期止")] | None = None
    receipt: Annotated[str, field("Receipt number", "单据编号")] | None = None
    state: Annotated[ReductionState, field("State", "状态", choices=REDUCTION_STATES, owner=_FLOW)] = (
        "registered"
    )
    party: Annotated[str, field("Passed on to", "流转至", owner="property reduction pass")] | None = None
    place: Annotated[str, field("Filed as", "归档位置", owner="property reduction file")] | None = None
    steps: Annotated[list[Step], field("Steps", "办理过程", owner=_FLOW)] = []
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse an amount that is none, and a period that ends before it begins."""
        if self.amount <= 0:
            raise ValueError(_("the amount must be above zero"))
        if self.first and self.last and self.last < self.first:
            raise ValueError(_("its period ends before it begins"))
