"""The records of people: staff, positions, targets, attendance, rewards and penalties.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.i18n import _
from cskit.records import Part, Record, field

StaffState = Literal["induction", "regular", "probation", "left"]
STATES = {"induction": "实习期", "regular": "在岗", "probation": "考察期", "left": "离职"}
_DAYS = 31
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
PERIOD = r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$"
"""A year, a month of it, or a quarter: 2026, 2026-10, 2026-Q4."""


def refuse_outside(record: Record, least: int, most: int | None, *names: str) -> None:
    """Raise `ValueError` where a decimal is out of bounds, which msgspec only sees to in others."""
    for name in names:
        value: Decimal | None = getattr(record, name)
        if value is not None and not (least <= value and (most is None or value <= most)):
            said = (
                _("{field}: expected at least {least}")
                if most is None
                else _("{field}: expected {least} to {most}")
            )
            raise ValueError(said.format(field=name, least=least, most=most))


class Staff(Record, kw_only=True, frozen=True):
    """A person who works in the department (catalogue D4, E4).

    `rank` is a code of the position's ladder. What a month is paid for: `base_pay` and `allowance` in full,
    `performance_base` times what the score makes of it. `probation_until` is the last day of a probation,
    `induction_until` of the time in which somebody learns the work.
    """

    name: Annotated[str, field("Name", "姓名", min_length=1)]
    position: Annotated[str, field("Position", "岗位", ref="positions")] | None = None
    rank: Annotated[str, field("Rank", "级别")] | None = None
    department: Annotated[str, field("Department", "部门")] | None = None
    group: Annotated[str, field("Group", "班组")] | None = None
    superior: Annotated[str, field("Superior", "直属上级", ref="staff")] | None = None
    hired: Annotated[dt.date, field("Hired on", "入职日期")] | None = None
    left: Annotated[dt.date, field("Last day", "离职日期")] | None = None
    state: Annotated[StaffState, field("State", "状态", choices=STATES)] = "regular"
    induction_until: Annotated[dt.date, field("Induction until", "实习期至")] | None = None
    probation_until: Annotated[dt.date, field("Probation until", "考察期至")] | None = None
    base_pay: Annotated[Decimal, field("Base pay", "基本工资", personal=True)] | None = None
    performance_base: (
        Annotated[Decimal, field("Base of performance pay", "绩效工资基数", personal=True)] | None
    ) = None
    allowance: Annotated[Decimal, field("Post allowance", "岗位津贴", personal=True)] | None = None
    skills: Annotated[list[str], field("Skills", "技能")] = []
    product_lines: Annotated[list[str], field("Product lines", "负责产品线")] = []
    phone: Annotated[str, field("Phone", "电话", personal="phone")] | None = None
    email: Annotated[str, field("Email", "电子邮箱", personal="email")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse days that cannot follow each other, who left without a last day, and pay below nothing."""
        refuse_outside(self, 0, None, "base_pay", "performance_base", "allowance")
        if self.left is not None and self.hired is not None and self.left < self.hired:
            raise ValueError(_("the last day is before the first"))
        if self.state == "left" and self.left is None:
            raise ValueError(_("who has left needs a last day (left)"))
        if self.state == "probation" and self.probation_until is None:
            raise ValueError(_("a probation needs its last day (probation_until)"))


class Requirements(Part, kw_only=True, frozen=True):
    """What a position asks of a person (catalogue B9.1)."""

    education: Annotated[str, field("Education", "学历")] | None = None
    training: Annotated[str, field("Training", "培训")] | None = None
    experience: Annotated[str, field("Experience", "工作经验")] | None = None
    skills: Annotated[str, field("Skills", "技能")] | None = None
    attitude: Annotated[str, field("Attitude", "态度")] | None = None


class Conditions(Part, kw_only=True, frozen=True):
    """Where and how the work is done (catalogue B9.1)."""

    place: Annotated[str, field("Place of work", "工作地点")] | None = None
    environment: Annotated[str, field("Surroundings", "工作环境")] | None = None
    danger: Annotated[str, field("Danger", "危险性")] | None = None


class Position(Record, kw_only=True, frozen=True):
    """A post of the organisation and its job sheet (岗位说明书, catalogue B9.1, B9.2); its id is its code.

    `ladder` and `scheme` are names of rule files. Who is under whom follows from `superior`.
    """

    title: Annotated[str, field("Title", "岗位名称", min_length=1)]
    department: Annotated[str, field("Department", "所属部门")] | None = None
    family: Annotated[str, field("Job family", "职系")] | None = None
    grade: Annotated[str, field("Job grade", "职等职级")] | None = None
    superior: Annotated[str, field("Direct superior", "直属上级", ref="positions")] | None = None
    headcount: Annotated[int, field("Planned headcount", "编制人数", unit="people", ge=0, le=9999)] = 1
    ladder: Annotated[str, field("Rank ladder", "级别序列")] | None = None
    scheme: Annotated[str, field("KPI scheme", "考核方案")] | None = None
    pay_standard: Annotated[str, field("Pay standard", "薪金标准")] | None = None
    summary: Annotated[str, field("Summary", "工作概要")] | None = None
    duties: Annotated[list[str], field("Duties", "工作内容")] = []
    requirements: Annotated[Requirements, field("Requirements", "任职资格")] | None = None
    conditions: Annotated[Conditions, field("Working conditions", "工作条件")] | None = None
    promotion: Annotated[list[str], field("Promotion to", "晋升方向")] = []
    rotation: Annotated[list[str], field("Rotation posts", "轮转岗位")] = []
    filled_on: Annotated[dt.date, field("Filled in on", "填表日期")] | None = None
    approver: Annotated[str, field("Approved by", "核准人")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Target(Record, kw_only=True, frozen=True):
    """What a person, group, department or region, or everybody, is to reach in a period (catalogue F27, F32).

    `measure` is a fact about staff, or words where `actual` is entered by hand. What several people come to
    is their sum, or their mean.
    """

    measure: Annotated[str, field("Measure", "指标", min_length=1)]
    period: Annotated[str, field("Period", "期间", pattern=PERIOD, examples=["2026-10"])]
    plan: Annotated[Decimal, field("Plan", "目标值")]
    staff: Annotated[str, field("Person", "员工", ref="staff")] | None = None
    group: Annotated[str, field("Group", "班组")] | None = None
    department: Annotated[str, field("Department", "部门")] | None = None
    region: Annotated[str, field("Region", "区域")] | None = None
    better: Annotated[
        Literal["higher", "lower"],
        field("Better if", "优劣方向", choices={"higher": "越高越好", "lower": "越低越好"}),
    ] = "higher"
    together: Annotated[
        Literal["sum", "mean"], field("Put together by", "汇总方式", choices={"sum": "合计", "mean": "平均"})
    ] = "sum"
    actual: Annotated[Decimal, field("Actual", "实际值")] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a target that is two's."""
        if sum(one is not None for one in (self.staff, self.group, self.department, self.region)) > 1:
            raise ValueError(_("a target is one person's, group's, department's or region's, or everybody's"))


class Attendance(Record, kw_only=True, frozen=True):
    """A person's month of work (考勤): days due, days there, times late, days of leave (catalogue H4)."""

    staff: Annotated[str, field("Person", "员工", ref="staff")]
    month: Annotated[str, field("Month", "月份", pattern=MONTH, examples=["2026-10"])]
    days_due: Annotated[Decimal, field("Days due", "应出勤天数", unit="days")]
    days_present: Annotated[Decimal, field("Days present", "实际出勤天数", unit="days")]
    late: Annotated[int, field("Times late", "迟到次数", ge=0)] = 0
    leave: Annotated[Decimal, field("Days of leave", "请假天数", unit="days")] = Decimal(0)
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse more days than were due, or than a month has."""
        refuse_outside(self, 0, _DAYS, "days_due", "days_present", "leave")
        if self.days_present + self.leave > self.days_due:
            raise ValueError(_("days present and days of leave are more than the days due"))


ConductState = Literal["proposed", "confirmed", "refused"]
_OWNER = "staff reward confirm, staff penalty confirm …"


class Conduct(Record, kw_only=True, frozen=True):
    """A reward, or a penalty (奖惩): proposed by one, confirmed or refused by another (catalogue F27, H5).

    Which of the two it is says the table.
    """

    staff: Annotated[str, field("Person", "员工", ref="staff")]
    what: Annotated[str, field("What for", "事由", min_length=1)]
    on: Annotated[dt.date, field("On", "日期")] | None = None
    amount: Annotated[Decimal, field("Amount", "金额", personal=True)] | None = None
    about: Annotated[str, field("About", "关联记录")] | None = None
    state: Annotated[
        ConductState,
        field(
            "State",
            "状态",
            owner=_OWNER,
            choices={"proposed": "待确认", "confirmed": "已确认", "refused": "不予确认"},
        ),
    ] = "proposed"
    proposed_by: Annotated[str, field("Proposed by", "提出人", owner=_OWNER)] | None = None
    proposed_at: Annotated[dt.datetime, field("Proposed at", "提出于", owner=_OWNER)] | None = None
    decided_by: Annotated[str, field("Decided by", "确认人", owner=_OWNER)] | None = None
    decided_at: Annotated[dt.datetime, field("Decided at", "确认于", owner=_OWNER)] | None = None
    answer: Annotated[str, field("Answer", "确认意见", owner=_OWNER)] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse an amount below nothing: a penalty is one by where it stands."""
        refuse_outside(self, 0, None, "amount")
