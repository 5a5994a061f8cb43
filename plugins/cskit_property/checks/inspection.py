"""The records of looking closely: checks, audits, patrols, and what has to be put right.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from cskit.records import Part, Record, field

PROJECT = "property_projects"


class Item(Part, kw_only=True, frozen=True, gc=False):
    """An item of a check: what it is worth, and what was kept of it; None until it is recorded.

    `points` and `serious` are the standard's when the items were drawn. `applies` is false where there is
    nothing of the kind at the project: such an item counts on neither side.
    """

    code: Annotated[str, field("Item", "检查项")]
    points: Annotated[Decimal, field("Points", "分值", unit="points")]
    serious: Annotated[bool, field("Serious", "严重项")] = False
    kept: Annotated[Decimal, field("Points kept", "得分", unit="points")] | None = None
    applies: Annotated[bool, field("Applies", "适用")] = True
    finding: Annotated[str, field("Finding", "检查发现")] | None = None
    photos: Annotated[list[str], field("Photos", "照片")] = []

    @property
    def recorded(self) -> bool:
        """Whether it is known how the item was found."""
        return self.kept is not None or not self.applies

    @property
    def wrong(self) -> bool:
        """Whether points were lost."""
        return self.applies and self.kept is not None and self.kept < self.points


class Check(Record, kw_only=True, frozen=True):
    """A spot check of a project by a service standard (抽查; catalogue C02).

    The same seed draws the same items of the same standard. `score` is 0 to 100, unknown until every item is
    recorded.
    """

    project: Annotated[str, field("Project", "项目", ref=PROJECT)]
    standard: Annotated[str, field("Standard", "服务标准", owner="property check new")]
    rule_hash: Annotated[str, field("Hash of the standard", "标准文件哈希", owner="property check new")]
    on: Annotated[dt.date, field("Day", "检查日期")]
    checker: Annotated[str, field("Checked by", "检查人")] | None = None
    seed: Annotated[int, field("Seed", "随机种子", owner="property check new")] | None = None
    items: Annotated[list[Item], field("Items", "检查项目", owner="property check record")] = []
    state: Annotated[
        Literal["drawn", "recorded"],
        field(
            "State",
            "状态",
            owner="property check record",
            choices={"drawn": "待检查", "recorded": "已记录"},
        ),
    ] = "drawn"
    score: Annotated[Decimal, field("Score", "得分", unit="points", owner="property check record")] | None = (
        None
    )
    findings: Annotated[int, field("Findings", "问题数", ge=0, owner="property check record")] = 0
    serious: Annotated[int, field("Serious findings", "严重问题数", ge=0, owner="property check record")] = 0
    note: Annotated[str, field("Note", "备注")] | None = None


RectificationState = Literal["open", "done", "verified", "withdrawn"]
RECTIFICATION_STATES = {"open": "待整改", "done": "已整改待复核", "verified": "已复核", "withdrawn": "已撤销"}


class Happened(Part, kw_only=True, frozen=True, gc=False):
    """A step of something that is followed up: who, when, what, and what was said."""

    at: Annotated[dt.datetime, field("At", "时间")]
    who: Annotated[str, field("Who", "经办人")]
    what: Annotated[str, field("What", "动作")]
    text: Annotated[str, field("Text", "说明")] | None = None
    photos: Annotated[list[str], field("Photos", "照片")] = []


class Rectification(Record, kw_only=True, frozen=True):
    """Something found that has to be put right by a time, and is looked at again by somebody else (整改).

    `about` is the id of the check, audit or patrol that found it, `item` its item there.
    """

    project: Annotated[str, field("Project", "项目", ref=PROJECT)]
    finding: Annotated[str, field("Finding", "问题", min_length=1)]
    about: Annotated[str, field("Found by", "来源")] | None = None
    item: Annotated[str, field("Item", "检查项")] | None = None
    serious: Annotated[bool, field("Serious", "严重")] = False
    found_at: Annotated[dt.datetime, field("Found at", "发现时间", fill="now")] | None = None
    due: Annotated[dt.datetime, field("Due", "整改期限")] | None = None
    owner: Annotated[str, field("To be done by", "责任人")] | None = None
    state: Annotated[
        RectificationState,
        field("State", "状态", choices=RECTIFICATION_STATES, owner="property rectification done, verify …"),
    ] = "open"
    done_at: (
        Annotated[dt.datetime, field("Done at", "整改完成时间", owner="property rectification done")] | None
    ) = None
    done_by: Annotated[str, field("Done by", "整改人", owner="property rectification done")] | None = None
    verified_at: (
        Annotated[dt.datetime, field("Verified at", "复核时间", owner="property rectification verify")] | None
    ) = None
    verified_by: (
        Annotated[str, field("Verified by", "复核人", owner="property rectification verify")] | None
    ) = None
    steps: Annotated[list[Happened], field("Steps", "整改过程", owner="property rectification done")] = []
    note: Annotated[str, field("Note", "备注")] | None = None


class Audit(Record, kw_only=True, frozen=True):
    """An internal audit, or one that projects make of each other (内审/互控; catalogue C12, F14).

    `lead` leads it (the quality department an internal one, the service centre's head of another project a
    mutual one), `team` takes part.
    """

    project: Annotated[str, field("Project", "受审项目", ref=PROJECT)]
    kind: Annotated[
        Literal["internal", "mutual"],
        field("Kind", "类型", choices={"internal": "内审", "mutual": "互控"}),
    ] = "internal"
    on: Annotated[dt.date, field("Day", "审核日期")]
    lead: Annotated[str, field("Led by", "主导人")] | None = None
    team: Annotated[list[str], field("Team", "参与人")] = []
    by_project: Annotated[str, field("Auditing project", "互控方项目", ref=PROJECT)] | None = None
    topic: Annotated[str, field("Topic", "审核内容", min_length=1)]
    findings: Annotated[int, field("Findings", "问题数", ge=0, owner="property audit find")] = 0
    result: (
        Annotated[
            Literal["passed", "passed_with_findings", "failed"],
            field(
                "Result",
                "结论",
                owner="property audit conclude",
                choices={"passed": "通过", "passed_with_findings": "整改后通过", "failed": "不通过"},
            ),
        ]
        | None
    ) = None
    conclusion: Annotated[str, field("Conclusion", "审核结论", owner="property audit conclude")] | None = None
    concluded_on: (
        Annotated[dt.date, field("Concluded on", "结论日期", owner="property audit conclude")] | None
    ) = None
    note: Annotated[str, field("Note", "备注")] | None = None


class Patrol(Record, kw_only=True, frozen=True):
    """A round through an estate: where, what was looked at and what was seen (巡查; catalogue E24)."""

    project: Annotated[str, field("Project", "项目", ref=PROJECT)]
    at: Annotated[dt.datetime, field("At", "巡查时间", fill="now")] | None = None
    staff: Annotated[str, field("Patrolled by", "巡查人", fill="staff")] | None = None
    route: Annotated[str, field("Route", "巡查路线")] | None = None
    areas: Annotated[list[str], field("Areas", "巡查内容")] = []
    seen: Annotated[str, field("Seen", "巡查情况")] | None = None
    findings: Annotated[int, field("Findings", "问题数", ge=0, owner="property patrol find")] = 0
    photos: Annotated[list[str], field("Photos", "照片")] = []
    note: Annotated[str, field("Note", "备注")] | None = None
