"""The records of tenants: who rents what, how it was handed over, invoices, mediation (catalogue C26).

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field
from cskit_property.checks.inspection import PROJECT

TENANTS = "property_tenants"
Way = Literal["in", "out"]


class Checked(Part, kw_only=True, frozen=True, gc=False):
    """An item of a handover: in order or not, what a meter shows, what is wrong."""

    item: Annotated[str, field("Item", "验收项")]
    ok: Annotated[bool, field("In order", "完好")] = True
    reading: Annotated[Decimal, field("Reading", "读数")] | None = None
    text: Annotated[str, field("What is wrong", "问题")] | None = None


class Handover(Part, kw_only=True, frozen=True, gc=False):
    """Premises handed to a tenant, or back: every item of the list, on a day (入住登记、退租验收)."""

    way: Annotated[Way, field("Way", "类型", choices={"in": "入住", "out": "退租"})]
    on: Annotated[dt.date, field("Day", "日期")]
    by: Annotated[str, field("Checked by", "验收人")]
    items: Annotated[list[Checked], field("Items", "验收项目")] = []


class Tenant(Record, kw_only=True, frozen=True):
    """Somebody who rents premises of a project: the lease's terms, and when they moved.

    `rent` and `other_fee` are per month, `fee_rate` per m² and month. Invoices need a `customer`, who owes
    them in the ledger.
    """

    name: Annotated[str, field("Name", "租户名称", min_length=1)]
    project: Annotated[str, field("Project", "项目", ref=PROJECT)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    room: Annotated[str, field("Room", "房号")] | None = None
    contact: Annotated[str, field("Contact", "联系人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    area: Annotated[Decimal, field("Area", "租赁面积", unit="m²")] | None = None
    rent: Annotated[Decimal, field("Rent", "月租金", unit="CNY/month")] | None = None
    fee_rate: Annotated[Decimal, field("Management fee", "物业费单价", unit="CNY/m²·month")] | None = None
    other_fee: Annotated[Decimal, field("Other fees", "其他月费", unit="CNY/month")] | None = None
    deposit: Annotated[Decimal, field("Deposit", "押金")] | None = None
    lease_from: Annotated[dt.date, field("Lease from", "租期开始")] | None = None
    lease_until: Annotated[dt.date, field("Lease until", "租期结束")] | None = None
    staff: Annotated[str, field("Looked after by", "管家")] | None = None
    state: Annotated[
        Literal["registered", "in", "out"],
        field(
            "State",
            "状态",
            owner="property tenant move-in, move-out",
            choices={"registered": "已登记", "in": "在租", "out": "已退租"},
        ),
    ] = "registered"
    moved_in: Annotated[dt.date, field("Moved in", "入住日期", owner="property tenant move-in")] | None = None
    moved_out: Annotated[dt.date, field("Moved out", "退租日期", owner="property tenant move-out")] | None = (
        None
    )
    handovers: Annotated[list[Handover], field("Handovers", "验收记录", owner="property tenant move-in")] = []
    note: Annotated[str, field("Note", "备注")] | None = None


class Charge(Part, kw_only=True, frozen=True, gc=False):
    """A line of an invoice; `days` are those of the month that it is for, where it is not the whole month."""

    what: Annotated[
        Literal["rent", "management", "other"],
        field("What", "项目", choices={"rent": "租金", "management": "物业费", "other": "其他费用"}),
    ]
    amount: Annotated[Decimal, field("Amount", "金额")]
    days: Annotated[int, field("Days", "天数", unit="days", ge=1)] | None = None


class Reminder(Part, kw_only=True, frozen=True, gc=False):
    """A reminder that was sent: the first, second … one, and what was owed then."""

    number: Annotated[int, field("Number", "次数", ge=1)]
    on: Annotated[dt.date, field("Day", "日期")]
    by: Annotated[str, field("Sent by", "经办人")]
    owed: Annotated[Decimal, field("Owed then", "当时欠款")]


class Invoice(Record, kw_only=True, frozen=True):
    """What a tenant owes for a month; `entry` is the fee in the ledger, which knows what was paid."""

    tenant: Annotated[str, field("Tenant", "租户", ref=TENANTS, owner="property invoice run")]
    project: Annotated[str, field("Project", "项目", ref=PROJECT, owner="property invoice run")]
    month: Annotated[str, field("Month", "月份", owner="property invoice run")]
    charges: Annotated[list[Charge], field("Lines", "明细", owner="property invoice run")]
    amount: Annotated[Decimal, field("Amount", "金额", owner="property invoice run")]
    issued_on: Annotated[dt.date, field("Issued on", "开票日期", owner="property invoice run")]
    due: Annotated[dt.date, field("Due", "付款期限", owner="property invoice run")]
    entry: Annotated[str, field("Ledger entry", "往来账", ref="ledger", owner="property invoice run")]
    reminders: Annotated[list[Reminder], field("Reminders", "催缴记录", owner="property invoice remind")] = []
    note: Annotated[str, field("Note", "备注")] | None = None


class Mediation(Record, kw_only=True, frozen=True):
    """A dispute of a tenant that was mediated: with whom, about what, how it went and ended (纠纷调解)."""

    tenant: Annotated[str, field("Tenant", "租户", ref=TENANTS)]
    other: Annotated[str, field("Other party", "另一方", personal=True, min_length=1)]
    subject: Annotated[str, field("Subject", "纠纷事项", min_length=1)]
    on: Annotated[dt.date, field("Day", "调解日期")]
    mediator: Annotated[str, field("Mediator", "调解人", fill="staff")] | None = None
    course: Annotated[str, field("Course", "调解经过")] | None = None
    outcome: Annotated[
        Literal["open", "agreed", "failed"],
        field("Outcome", "结果", choices={"open": "调解中", "agreed": "达成协议", "failed": "调解未成"}),
    ] = "open"
    agreement: Annotated[str, field("Agreement", "协议内容")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
