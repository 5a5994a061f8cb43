"""The records of what is broken: repairs, and goods that come back. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field
from cskit_service.steps import Step

REPAIRS, RETURNS = "repairs", "service_returns"
RepairState = Literal["registered", "in_repair", "repaired", "closed", "cancelled"]
REPAIR_STATES = {
    "registered": "已登记",
    "in_repair": "维修中",
    "repaired": "已修复待验收",
    "closed": "已验收",
    "cancelled": "已取消",
}
ReturnState = Literal["requested", "approved", "refused", "received", "settled", "cancelled"]
RETURN_STATES = {
    "requested": "待审批",
    "approved": "已批准",
    "refused": "已拒绝",
    "received": "已收货",
    "settled": "已办结",
    "cancelled": "已取消",
}


class Used(Part, kw_only=True, frozen=True, gc=False):
    """A spare part that went into a repair, with the prices of that day; what came back is taken off."""

    part: Annotated[str, field("Spare part", "零部件")]
    quantity: Annotated[Decimal, field("Quantity", "数量")]
    cost: Annotated[Decimal, field("Unit cost", "成本单价")] = Decimal(0)
    price: Annotated[Decimal, field("Unit price", "销售单价")] = Decimal(0)


class Repair(Record, kw_only=True, frozen=True):
    """A repair order (产品维修单; catalogue B4.3): whose unit, what was wrong, what it took.

    `warranty_until` is its last day; `in_warranty` tells of the day it was reported, None where nobody knows
    when the unit was bought. Amounts are in the department's currency. `satisfaction` is what the customer
    said at the sign-off, 1 to 5; samples are asked by surveys.
    """

    fault: Annotated[str, field("Fault", "故障现象", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    unit: Annotated[str, field("Unit", "产品台账", ref="units")] | None = None
    product: Annotated[str, field("Product", "产品")] | None = None
    serial: Annotated[str, field("Serial number", "序列号")] | None = None
    bought: Annotated[dt.date, field("Bought on", "购买日期")] | None = None
    warranty_until: Annotated[dt.date, field("Warranty until", "质保期至")] | None = None
    in_warranty: Annotated[bool, field("In warranty", "质保期内", owner="repair add")] | None = None
    description: Annotated[str, field("Description", "故障描述")] | None = None
    contact: Annotated[str, field("Contact", "联系人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    address: Annotated[str, field("Address", "维修地址", personal="address")] | None = None
    dispatch: Annotated[str, field("Work order", "派工单", ref="service_dispatches")] | None = None
    case: Annotated[str, field("From case", "来源受理单", ref="cases")] | None = None
    engineer: Annotated[str, field("Engineer", "维修工程师")] | None = None
    reported_at: Annotated[dt.datetime, field("Reported at", "报修时间", fill="now")] | None = None
    due: Annotated[dt.datetime, field("Due", "维修期限")] | None = None
    started_at: Annotated[dt.datetime, field("Started at", "开始时间", owner="repair start")] | None = None
    finished_at: Annotated[dt.datetime, field("Finished at", "完成时间", owner="repair finish")] | None = None
    cause: Annotated[str, field("Cause", "故障原因", owner="repair finish")] | None = None
    hours: Annotated[Decimal, field("Hours", "工时", unit="hours", owner="repair finish")] | None = None
    parts: Annotated[list[Used], field("Parts used", "使用零部件", owner="repair parts")] = []
    material: Annotated[Decimal, field("Material cost", "材料成本", owner="repair parts")] | None = None
    labour: Annotated[Decimal, field("Labour cost", "人工费", owner="repair finish")] | None = None
    cost: Annotated[Decimal, field("Cost", "维修成本", owner="repair finish")] | None = None
    charge: Annotated[Decimal, field("Charge", "收费金额", owner="repair finish")] | None = None
    entry: Annotated[str, field("Ledger entry", "费用往来", ref="ledger", owner="repair sign-off")] | None = (
        None
    )
    signed_by: (
        Annotated[str, field("Signed off by", "验收人", personal=True, owner="repair sign-off")] | None
    ) = None
    closed_at: Annotated[dt.datetime, field("Signed off at", "验收时间", owner="repair sign-off")] | None = (
        None
    )
    satisfaction: (
        Annotated[int, field("Satisfaction", "满意度", ge=1, le=5, owner="repair sign-off")] | None
    ) = None
    followup: Annotated[str, field("Follow-up", "回访", ref="followups", owner="repair sign-off")] | None = (
        None
    )
    state: Annotated[
        RepairState, field("State", "状态", choices=REPAIR_STATES, owner="repair start, finish …")
    ] = "registered"
    steps: Annotated[list[Step], field("Steps", "处理过程", owner="repair start, finish …")] = []
    note: Annotated[str, field("Note", "备注")] | None = None


class Return(Record, kw_only=True, frozen=True):
    """Goods that a customer wants to give back or exchange (退换货; catalogue C28)."""

    product: Annotated[str, field("Product", "产品", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    kind: Annotated[
        Literal["return", "exchange"], field("Kind", "类型", choices={"return": "退货", "exchange": "换货"})
    ] = "return"
    serial: Annotated[str, field("Serial number", "序列号")] | None = None
    quantity: Annotated[int, field("Quantity", "数量", ge=1)] = 1
    cause: Annotated[str, field("Reason", "退换原因")] | None = None
    repair: Annotated[str, field("Repair", "维修单", ref=REPAIRS)] | None = None
    order: Annotated[str, field("Order", "订单", ref="orders")] | None = None
    case: Annotated[str, field("From case", "来源受理单", ref="cases")] | None = None
    in_warranty: Annotated[bool, field("In warranty", "质保期内")] | None = None
    requested_at: Annotated[dt.datetime, field("Requested at", "申请时间", fill="now")] | None = None
    staff: Annotated[str, field("Taken by", "受理人", fill="staff")] | None = None
    refund: Annotated[Decimal, field("Refund", "退款金额")] | None = None
    approved_by: Annotated[str, field("Decided by", "审批人", owner="return approve, refuse")] | None = None
    received_at: Annotated[dt.datetime, field("Goods back at", "收货时间", owner="return receive")] | None = (
        None
    )
    condition: Annotated[str, field("Condition", "货品状况", owner="return receive")] | None = None
    replacement: Annotated[str, field("Replacement", "换出产品", owner="return settle")] | None = None
    settled_at: Annotated[dt.datetime, field("Settled at", "办结时间", owner="return settle")] | None = None
    followup: Annotated[str, field("Follow-up", "回访", ref="followups", owner="return settle")] | None = None
    state: Annotated[
        ReturnState, field("State", "状态", choices=RETURN_STATES, owner="return approve, refuse …")
    ] = "requested"
    steps: Annotated[list[Step], field("Steps", "处理过程", owner="return approve, refuse …")] = []
    note: Annotated[str, field("Note", "备注")] | None = None
