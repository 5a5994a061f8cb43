"""The estates' records: companies, projects, and what is looked at there.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field


class Company(Record, kw_only=True, frozen=True):
    """A company that manages estates for the developer (物业公司)."""

    name: Annotated[str, field("Name", "公司名称", min_length=1)]
    contact: Annotated[str, field("Contact", "联系人", personal=True)] | None = None
    phone: Annotated[str, field("Phone", "联系电话", personal="phone")] | None = None
    email: Annotated[str, field("Email", "电子邮箱", personal="email")] | None = None
    grade: Annotated[str, field("Qualification", "资质等级")] | None = None
    account: Annotated[str, field("Bank account", "收款账户", personal="identity")] | None = None
    customer: (
        Annotated[str, field("In the register as", "往来单位", ref="customers", create="customer.create")]
        | None
    ) = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Building(Part, kw_only=True, frozen=True, gc=False):
    """A building of a project: how many floors it is to have, and how many stand."""

    name: Annotated[str, field("Name", "楼栋", min_length=1)]
    floors: Annotated[int, field("Floors", "总层数", unit="floors", ge=1)]
    built: Annotated[int, field("Floors built", "已建层数", unit="floors", ge=0)] = 0
    units: Annotated[int, field("Units", "户数", ge=0)] | None = None


class Project(Record, kw_only=True, frozen=True):
    """An estate: who manages it, how large it is, and at which rates (物业项目).

    Rates are per m² and month. `buildings` are put down by `property project building`.
    """

    name: Annotated[str, field("Name", "项目名称", min_length=1)]
    company: Annotated[str, field("Company", "物业公司", ref="property_companies")] | None = None
    manager: Annotated[str, field("Project manager", "项目负责人")] | None = None
    staff: Annotated[str, field("Our liaison", "对接人")] | None = None
    address: Annotated[str, field("Address", "地址", personal="address")] | None = None
    region: Annotated[str, field("Region", "区域")] | None = None
    units: Annotated[int, field("Units", "户数", ge=0)] | None = None
    residential_area: Annotated[Decimal, field("Residential area", "住宅面积", unit="m²")] | None = None
    other_area: Annotated[Decimal, field("Other area", "非住宅面积", unit="m²")] | None = None
    residential_rate: (
        Annotated[Decimal, field("Residential rate", "住宅单价", unit="CNY/m²·month")] | None
    ) = None
    other_rate: Annotated[Decimal, field("Other rate", "非住宅单价", unit="CNY/m²·month")] | None = None
    handed_over: Annotated[dt.date, field("Handed over on", "交付日期")] | None = None
    contract_from: Annotated[dt.date, field("Contract from", "合同开始日期")] | None = None
    contract_until: Annotated[dt.date, field("Contract until", "合同到期日期")] | None = None
    state: Annotated[
        Literal["building", "managed", "ended"],
        field("State", "状态", choices={"building": "在建", "managed": "在管", "ended": "已撤场"}),
    ] = "managed"
    buildings: Annotated[list[Building], field("Buildings", "楼栋", owner="property project building")] = []
    note: Annotated[str, field("Note", "备注")] | None = None
