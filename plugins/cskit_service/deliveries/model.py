"""The record of a delivery: when, to whom, who comes along. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit.records import Record, field
from cskit_service.steps import Step

DELIVERIES = "deliveries"
DeliveryState = Literal["booked", "confirmed", "delivered", "cancelled"]
DELIVERY_STATES = {"booked": "已预约", "confirmed": "已确认", "delivered": "已送达", "cancelled": "已取消"}


class Delivery(Record, kw_only=True, frozen=True):
    """An appointment to bring goods to a customer (送货预约; catalogue A10, C14).

    `tier`, `attendants` and `gifts` follow from the customer's grade on the day it was booked: attendants in
    the order in which they are asked, gifts to choose one of, the best first. `due` is the last day for it.
    """

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    goods: Annotated[str, field("Goods", "送货内容")] | None = None
    order: Annotated[str, field("Order", "订单", ref="orders")] | None = None
    at: Annotated[dt.datetime, field("Appointment", "预约时间")]
    due: Annotated[dt.date, field("Due", "最晚送达日")] | None = None
    contact: Annotated[str, field("Contact", "收货人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    address: Annotated[str, field("Address", "送货地址", personal="address")] | None = None
    tier: Annotated[str, field("Store tier", "客户等级", owner="delivery add")] | None = None
    attendants: Annotated[list[str], field("Attendants", "随行人员", owner="delivery add")] = []
    gifts: Annotated[list[str], field("Gifts to choose from", "可选礼品", owner="delivery add")] = []
    attendant: Annotated[str, field("Goes along", "随行人")] | None = None
    staff: Annotated[str, field("Sent by", "预约人", fill="staff")] | None = None
    state: Annotated[
        DeliveryState, field("State", "状态", choices=DELIVERY_STATES, owner="delivery confirm, deliver …")
    ] = "booked"
    delivered_at: (
        Annotated[dt.datetime, field("Delivered at", "送达时间", owner="delivery deliver")] | None
    ) = None
    gift: Annotated[str, field("Gift", "礼品", owner="delivery deliver")] | None = None
    maintenance_due: (
        Annotated[dt.date, field("Maintenance due", "保养到期", owner="delivery deliver, maintained")] | None
    ) = None
    maintained_on: (
        Annotated[dt.date, field("Maintained on", "保养日期", owner="delivery maintained")] | None
    ) = None
    reminder: (
        Annotated[
            Literal["store", "service"],
            field(
                "Reminded by",
                "保养预约方",
                choices={"store": "门店预约", "service": "客服统一预约"},
                owner="delivery add",
            ),
        ]
        | None
    ) = None
    steps: Annotated[list[Step], field("Steps", "处理过程", owner="delivery confirm, deliver …")] = []
    note: Annotated[str, field("Note", "备注")] | None = None
