"""What Acme notes of a machine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit import Record, field


class Machine(Record, kw_only=True, frozen=True):
    """A coffee machine that stands at a customer's."""

    serial: Annotated[str, field("Serial number", "序列号", min_length=1)]
    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    model: Annotated[
        Literal["solo", "duo", "grand"],
        field("Model", "型号", choices={"solo": "单杯机", "duo": "双杯机", "grand": "大型机"}),
    ] = "solo"
    installed: Annotated[dt.date, field("Installed on", "安装日期")]
    hours: Annotated[Decimal, field("Hours run", "运行小时", unit="h")] | None = None
    warranty_until: Annotated[dt.date, field("Warranty until", "保修期至")] | None = None
    service_every: Annotated[int, field("Months between visits", "保养间隔", unit="months", ge=1, le=60)] = 6
