"""The register's record types: customers, contacts, orders, units. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field

CustomerState = Literal["active", "lost", "closed"]
OrderState = Literal["quoted", "open", "completed", "cancelled"]


class Behaviour(Part, kw_only=True, frozen=True):
    """How a customer buys: the second layer of the classification card (catalogue B1.3)."""

    frequency: Annotated[str, field("Purchase frequency", "购买频率")] | None = None
    average_spend: Annotated[Decimal, field("Average spend", "平均消费金额")] | None = None
    product_kinds: Annotated[list[str], field("Kinds of product", "购买产品种类")] = []
    promotion: Annotated[str, field("Takes part in promotions", "促销活动参与度")] | None = None
    payment: Annotated[str, field("Payment method", "付款方式")] | None = None
    channel: (
        Annotated[
            Literal["online", "offline", "both"],
            field("Channel", "购物渠道", choices={"online": "线上", "offline": "线下", "both": "线上和线下"}),
        ]
        | None
    ) = None


class Needs(Part, kw_only=True, frozen=True):
    """What a customer looks for: the third layer of the classification card (catalogue B1.3)."""

    product: Annotated[str, field("Product needs", "对产品的需求")] | None = None
    service: Annotated[str, field("Service needs", "对服务的需求")] | None = None
    promotion: Annotated[str, field("Promotion needs", "对促销的需求")] | None = None
    environment: Annotated[str, field("Shopping environment needs", "对购物环境的需求")] | None = None


class Consent(Part, kw_only=True, frozen=True):
    """The customer's leave to keep and use personal data: since when, and for what."""

    date: Annotated[dt.date, field("Date of consent", "授权日期")]
    scope: Annotated[str, field("Scope of consent", "授权范围", min_length=1)]


class Customer(Record, kw_only=True, frozen=True):
    """A company or person the department serves: the customer card (catalogue B1.1–B1.5, B1.7).

    `profile` holds the 66-question profile by question (B1.5), `custom` whatever else a company keeps.
    `uses_competitor` is unknown until somebody asked; `fan` is a mark of ours (A10), so absent means no.
    `left_on` is the day on which the customer was lost or closed: noted with the state where nobody gives it.
    """

    name: Annotated[str, field("Name", "客户名称", min_length=1)]
    kind: (
        Annotated[
            Literal["company", "person"],
            field("Kind", "客户类型", choices={"company": "法人", "person": "自然人"}),
        ]
        | None
    ) = None
    phone: Annotated[str, field("Phone", "电话", personal="phone")] | None = None
    fax: Annotated[str, field("Fax", "传真", personal="phone")] | None = None
    email: Annotated[str, field("Email", "电子邮箱", personal="email")] | None = None
    address: Annotated[str, field("Address", "地址", personal="address")] | None = None
    postcode: Annotated[str, field("Postcode", "邮编")] | None = None
    region: Annotated[str, field("Region", "区域")] | None = None
    legal_representative: Annotated[str, field("Legal representative", "法定代表人")] | None = None
    founded: Annotated[dt.date, field("Founded on", "成立日期")] | None = None
    company_type: Annotated[str, field("Company type", "企业类型")] | None = None
    industry: Annotated[str, field("Industry", "所属行业")] | None = None
    main_products: Annotated[list[str], field("Main products", "主要产品")] = []
    gender: (
        Annotated[
            Literal["male", "female"],
            field("Gender", "性别", choices={"male": "男", "female": "女"}, personal=True),
        ]
        | None
    ) = None
    birth_year: Annotated[int, field("Year of birth", "出生年份", personal=True, ge=1900, le=2100)] | None = (
        None
    )
    occupation: Annotated[str, field("Occupation", "职业", personal=True)] | None = None
    company_profile: Annotated[str, field("Company profile", "公司简介")] | None = None
    business_profile: Annotated[str, field("Business profile", "业务简介")] | None = None
    owner: Annotated[str, field("Owner", "负责人")] | None = None
    source: Annotated[str, field("Source", "客户来源")] | None = None
    tags: Annotated[list[str], field("Tags", "标签")] = []
    member_until: Annotated[dt.date, field("Member until", "会员有效期至")] | None = None
    penalty_until: Annotated[dt.date, field("Penalty until", "处罚期至")] | None = None
    penalty_source: Annotated[str, field("Penalty decided by", "处罚依据")] | None = None
    service_class: Annotated[str, field("Service class", "服务类别")] | None = None
    potential_volume: Annotated[Decimal, field("Potential volume", "业务潜在量")] | None = None
    usage_depth: Annotated[int, field("Depth of use", "应用深度", ge=0, le=100)] | None = None
    uses_competitor: Annotated[bool, field("Uses a competitor's product", "使用竞品")] | None = None
    fan: Annotated[bool, field("Fan", "粉丝客户")] = False
    state: Annotated[
        CustomerState,
        field("State", "客户状态", choices={"active": "正常", "lost": "流失", "closed": "注销"}),
    ] = "active"
    since: Annotated[dt.date, field("Customer since", "客户起始日期")] | None = None
    left_on: Annotated[dt.date, field("Left on", "离开日期")] | None = None
    behaviour: Annotated[Behaviour, field("Buying behaviour", "消费行为")] | None = None
    needs: Annotated[Needs, field("Needs", "客户需求")] | None = None
    consent: Annotated[Consent, field("Consent", "个人信息授权")] | None = None
    profile: Annotated[dict[str, str], field("Profile", "客户档案")] = {}
    custom: Annotated[dict[str, str], field("Custom fields", "自定义项")] = {}
    note: Annotated[str, field("Note", "备注")] | None = None


class Order(Record, kw_only=True, frozen=True):
    """What a customer ordered, or was quoted, on a day (catalogue A01, A03, A10).

    `quantity` and `amount` may have fractions, and are negative where goods came back. `referred_by` is the
    customer who brought this one.
    """

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    date: Annotated[dt.date, field("Date", "订单日期")]
    product: Annotated[str, field("Product", "产品")] | None = None
    quantity: Annotated[Decimal, field("Quantity", "数量")] | None = None
    amount: Annotated[Decimal, field("Amount", "金额")] | None = None
    gross_profit: Annotated[Decimal, field("Gross profit", "毛利")] | None = None
    state: Annotated[
        OrderState,
        field(
            "State",
            "订单状态",
            choices={"quoted": "已报价", "open": "进行中", "completed": "已完成", "cancelled": "已取消"},
        ),
    ] = "open"
    referred_by: Annotated[str, field("Referred by", "推荐人", ref="customers")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Contact(Record, kw_only=True, frozen=True):
    """One person to talk to at a customer (catalogue B1.2, 主要联系人)."""

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    name: Annotated[str, field("Name", "姓名", min_length=1)]
    department: Annotated[str, field("Department", "部门")] | None = None
    position: Annotated[str, field("Position", "职务")] | None = None
    phone: Annotated[str, field("Phone", "联系方式", personal="phone")] | None = None
    email: Annotated[str, field("Email", "电子邮箱", personal="email")] | None = None
    relation: Annotated[str, field("Relation to decision makers", "与决策层关系")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Unit(Record, kw_only=True, frozen=True):
    """A product, or a flat, that a customer has: what is repaired, under warranty, handed over.

    `serial` is the product's serial number, or the room's number in its building.
    """

    customer: Annotated[str, field("Customer", "客户", ref="customers", create="customer.create")]
    project: Annotated[str, field("Project", "项目")] | None = None
    product: Annotated[str, field("Product or room type", "产品/户型")] | None = None
    serial: Annotated[str, field("Serial or room number", "序列号/房号")] | None = None
    bought: Annotated[dt.date, field("Bought on", "购买日期")] | None = None
    handed_over: Annotated[dt.date, field("Handed over on", "交付日期")] | None = None
    warranty_until: Annotated[dt.date, field("Warranty until", "质保期至")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None
