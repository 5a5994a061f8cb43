"""Service orders (ZFFW, 服务销售订单) and invoices (ZFW, 服务销售发票). Must not import click or a store."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit import _, amounts
from cskit.records import Part, Record, field

ORDERS, INVOICES = "service_orders", "service_invoices"
OrderState = Literal["quoted", "agreed", "declined", "replaced"]
ORDER_STATES = {"quoted": "已报价", "agreed": "客户认可", "declined": "客户不认可", "replaced": "已重新报价"}


class Line(Part, kw_only=True, frozen=True, gc=False):
    """A line of an order: quantity × price, rounded half up to the fen."""

    text: Annotated[str, field("Service or material", "服务或物料", min_length=1)]
    quantity: Annotated[Decimal, field("Quantity", "数量")] = Decimal(1)
    price: Annotated[Decimal, field("Unit price", "单价")]
    amount: Annotated[Decimal, field("Amount", "金额")]

    def __post_init__(self) -> None:
        """Refuse an amount that is not its product."""
        if amounts.product(self.quantity, self.price) != self.amount:
            raise ValueError(_("its amount is not quantity × price"))


_BY = "notice quote, agree, decline"


class Order(Record, kw_only=True, frozen=True):
    """What a customer is asked to pay for the service of a notice, and the answer (catalogue B6.4).

    `total` is the sum of the lines, always.
    """

    notice: Annotated[str, field("Notice", "服务通知单", ref="service_notices", owner=_BY)]
    customer: Annotated[str, field("Sold-to party", "售达方", ref="customers", owner=_BY)] | None = None
    lines: Annotated[list[Line], field("Lines", "订单明细", owner=_BY)]
    total: Annotated[Decimal, field("Total", "合计", owner=_BY)]
    state: Annotated[OrderState, field("State", "状态", choices=ORDER_STATES, owner=_BY)] = "quoted"
    quoted_on: Annotated[dt.date, field("Quoted on", "报价日期", owner=_BY)]
    quoted_by: Annotated[str, field("Quoted by", "报价人", owner=_BY)]
    valid_until: Annotated[dt.date, field("Valid until", "报价有效期至", owner=_BY)] | None = None
    decided_on: Annotated[dt.date, field("Answered on", "客户答复日期", owner=_BY)] | None = None
    noted_by: Annotated[str, field("Answer noted by", "答复登记人", owner=_BY)] | None = None
    why: Annotated[str, field("Why it was declined", "不认可原因", owner=_BY)] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a total that its lines do not add up to."""
        if amounts.total(line.amount for line in self.lines) != self.total:
            raise ValueError(_("its lines do not add up to its total"))


class Invoice(Record, kw_only=True, frozen=True):
    """What a customer owes for a service that was agreed upon and signed off (catalogue B6.4).

    `entry` is the fee in the ledger, which knows what was paid.
    """

    order: Annotated[str, field("Service order", "服务订单", ref="service_orders", owner="notice invoice")]
    notice: Annotated[str, field("Notice", "服务通知单", ref="service_notices", owner="notice invoice")]
    customer: Annotated[str, field("Customer", "客户", ref="customers", owner="notice invoice")] | None = None
    lines: Annotated[list[Line], field("Lines", "发票明细", owner="notice invoice")]
    amount: Annotated[Decimal, field("Amount", "金额", owner="notice invoice")]
    issued_on: Annotated[dt.date, field("Issued on", "开票日期", owner="notice invoice")]
    due: Annotated[dt.date, field("Due", "付款期限", owner="notice invoice")]
    entry: Annotated[str, field("Ledger entry", "往来账", ref="ledger", owner="notice invoice")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse an amount that its lines do not add up to."""
        if amounts.total(line.amount for line in self.lines) != self.amount:
            raise ValueError(_("its lines do not add up to its amount"))
