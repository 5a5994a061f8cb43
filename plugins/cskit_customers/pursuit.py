"""The record types of winning a customer: opportunities, and what was done about them.

Must not import click or a store.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Record, field

Need = Literal["obvious", "potential", "none", "unknown"]
Chance = Literal["yes", "no", "unknown"]
OpportunityState = Literal["negotiating", "won", "lost"]
Mode = Literal["phone", "visit", "online", "mail", "other"]


class Opportunity(Record, kw_only=True, frozen=True):
    """Business that a customer may give: what for, how likely, by when (catalogue A04, A07, A08)."""

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    subject: Annotated[str, field("Subject", "商机内容")] | None = None
    need: Annotated[
        Need,
        field(
            "Need",
            "需求状况",
            choices={"obvious": "明显需求", "potential": "潜在需求", "none": "无需求", "unknown": "未知"},
        ),
    ] = "unknown"
    chance: Annotated[
        Chance, field("Chance", "成交机会", choices={"yes": "有机会", "no": "无机会", "unknown": "未知"})
    ] = "unknown"
    expected_close: Annotated[dt.date, field("Expected to close on", "预计成交日期")] | None = None
    amount: Annotated[Decimal, field("Amount", "预计金额")] | None = None
    state: Annotated[
        OpportunityState,
        field("State", "商机状态", choices={"negotiating": "正在谈判", "won": "已成交", "lost": "已失单"}),
    ] = "negotiating"
    owner: Annotated[str, field("Owner", "负责人", fill="staff")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Activity(Record, kw_only=True, frozen=True):
    """An entry of the tracking log: what was done, what came of it, when to go on (catalogue B2.1)."""

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    at: Annotated[dt.datetime, field("At", "跟进时间", fill="now")]
    staff: Annotated[str, field("Staff", "跟进人", fill="staff")] | None = None
    mode: Annotated[
        Mode,
        field(
            "Mode",
            "跟进方式",
            choices={
                "phone": "电话",
                "visit": "上门拜访",
                "online": "线上沟通",
                "mail": "邮件",
                "other": "其他",
            },
        ),
    ] = "phone"
    contact: Annotated[str, field("Contact", "联系人", ref="contacts")] | None = None
    purpose: Annotated[str, field("Purpose", "跟进目的")] | None = None
    result: Annotated[str, field("Result", "跟进结果")] | None = None
    next_on: Annotated[dt.date, field("Next on", "下次跟进日期")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
