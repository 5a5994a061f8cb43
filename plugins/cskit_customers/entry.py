"""The record type of the fee ledger: what is charged, invoiced and paid. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.i18n import _
from cskit.records import Part, Record, field

Direction = Literal["receivable", "payable"]


class Invoice(Part, kw_only=True, frozen=True):
    """The invoice of a fee, and its way to who pays (catalogue B3.3)."""

    date: Annotated[dt.date, field("Invoice date", "开发票时间")] | None = None
    number: Annotated[str, field("Invoice number", "发票号码")] | None = None
    issuer: Annotated[str, field("Issued by", "开票人")] | None = None
    amount: Annotated[Decimal, field("Invoice amount", "发票金额")] | None = None
    collector: Annotated[str, field("Collected by", "领票人")] | None = None
    delivered: Annotated[dt.date, field("Delivered on", "送票时间")] | None = None
    signed_by: Annotated[str, field("Signed by", "签收人")] | None = None


class Payment(Part, kw_only=True, frozen=True):
    """One payment of a fee, in full or in part; negative where money was given back."""

    date: Annotated[dt.date, field("Paid on", "支付时间")]
    amount: Annotated[Decimal, field("Amount paid", "支付金额")]
    form: Annotated[str, field("Form of payment", "支付形式")] | None = None


class Addition(Part, kw_only=True, frozen=True):
    """A fee that was added to another one later, and is owed with it."""

    item: Annotated[str, field("Added fee", "新增付费项目", min_length=1)]
    amount: Annotated[Decimal, field("Amount added", "新增金额")]
    date: Annotated[dt.date, field("Added on", "新增日期")] | None = None


class Lead(Part, kw_only=True, frozen=True):
    """Who answers for a fee on one side."""

    name: Annotated[str, field("Name", "姓名")] | None = None
    position: Annotated[str, field("Position", "职务")] | None = None
    department: Annotated[str, field("Department", "部门")] | None = None
    phone: Annotated[str, field("Phone", "联系方式", personal="phone")] | None = None


class Entry(Record, kw_only=True, frozen=True):
    """One fee of the ledger, in the department's currency (catalogue B3.3, 费用往来表).

    A fee is receivable from a customer, or payable by us, such as a settlement of the property side, which
    need not have a customer. Owed are `amount` and what was `added`, less the `payments`.
    """

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")] | None = (
        None
    )
    grade: Annotated[str, field("Grade at the time", "客户等级")] | None = None
    item: Annotated[str, field("Item", "付费项目", min_length=1)]
    amount: Annotated[Decimal, field("Amount", "费用金额")]
    due: Annotated[dt.date, field("Due on", "付款日期")] | None = None
    direction: Annotated[
        Direction, field("Direction", "收付方向", choices={"receivable": "应收", "payable": "应付"})
    ] = "receivable"
    settlement: Annotated[str, field("Settlement", "结算单")] | None = None
    invoice: Annotated[Invoice, field("Invoice", "发票")] | None = None
    payments: Annotated[list[Payment], field("Payments", "支付记录")] = []
    added: Annotated[list[Addition], field("Added fees", "新增费用情况")] = []
    payer: Annotated[Lead, field("Payer's lead", "支付方负责人")] | None = None
    payee: Annotated[Lead, field("Payee's lead", "收款方负责人")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a fee that is nobody's."""
        if self.customer is None and self.settlement is None:
            raise ValueError(_("needs a customer or a settlement"))
