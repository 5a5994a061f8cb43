"""The records of the store room: spare parts and their movements. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Record, field

PARTS, MOVEMENTS = "parts", "part_movements"
MovementKind = Literal["opening", "receive", "issue", "return", "count"]
MOVEMENT_KINDS = {
    "opening": "期初库存",
    "receive": "入库",
    "issue": "领用",
    "return": "退回",
    "count": "盘点差异",
}


class SparePart(Record, kw_only=True, frozen=True):
    """A kind of spare part in the store room (零部件): `stock` is always the sum of its movements."""

    name: Annotated[str, field("Name", "零部件名称", min_length=1)]
    fits: Annotated[list[str], field("Fits", "适用产品")] = []
    measure: Annotated[str, field("Counted in", "计量单位")] | None = None
    stock: Annotated[Decimal, field("In stock", "库存", owner="part receive, issue, return, stocktake")] = (
        Decimal(0)
    )
    minimum: Annotated[Decimal, field("Minimum", "最低库存")] | None = None
    cost: Annotated[Decimal, field("Unit cost", "成本单价")] | None = None
    price: Annotated[Decimal, field("Unit price", "销售单价")] | None = None
    place: Annotated[str, field("Place", "库位")] | None = None
    supplier: Annotated[str, field("Supplier", "供应商")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Movement(Record, kw_only=True, frozen=True):
    """Something that went into or out of the store room: `quantity` with its sign, `balance` after it."""

    part: Annotated[str, field("Spare part", "零部件", ref=PARTS)]
    kind: Annotated[MovementKind, field("Kind", "类型", choices=MOVEMENT_KINDS)]
    quantity: Annotated[Decimal, field("Quantity", "数量")]
    balance: Annotated[Decimal, field("In stock then", "结存")]
    at: Annotated[dt.datetime, field("At", "时间")]
    staff: Annotated[str, field("By", "经办人")]
    job: Annotated[str, field("Job", "用于单据")] | None = None
    why: Annotated[str, field("Why", "原因")] | None = None
