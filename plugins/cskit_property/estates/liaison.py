"""The liaison event (对接事件): what is agreed with a property company and seen through to its end.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit.records import Part, Record, field
from cskit_property.checks.inspection import PROJECT, Happened

EventState = Literal["raised", "coordinating", "implementing", "verified", "closed", "withdrawn"]
EVENT_STATES = {
    "raised": "已提出",
    "coordinating": "协调中",
    "implementing": "实施中",
    "verified": "已验证",
    "closed": "已关闭",
    "withdrawn": "已撤回",
}
EventKind = Literal["coordination", "works", "outage", "handover", "quality", "dispute", "other"]
EVENT_KINDS = {
    "coordination": "协调事项",
    "works": "施工改造",
    "outage": "停水停电停气",
    "handover": "交付移交",
    "quality": "服务质量",
    "dispute": "纠纷",
    "other": "其他",
}


class Decision(Part, kw_only=True, frozen=True, gc=False):
    """What was decided, by whom and when, as the minutes have it."""

    at: Annotated[dt.datetime, field("At", "时间")]
    by: Annotated[str, field("Noted by", "记录人")]
    text: Annotated[str, field("Decision", "决议", min_length=1)]


class LiaisonEvent(Record, kw_only=True, frozen=True):
    """A matter between the department and those who run an estate, from its raising to its end.

    `parties` are who takes part, `owner` who sees it through, `cases` the complaints it came from.
    """

    title: Annotated[str, field("Title", "事项", min_length=1)]
    project: Annotated[str, field("Project", "项目", ref=PROJECT)] | None = None
    kind: Annotated[EventKind, field("Kind", "类型", choices=EVENT_KINDS)] = "coordination"
    parties: Annotated[list[str], field("Parties", "参与方")] = []
    owner: Annotated[str, field("Owner", "负责人")] | None = None
    raised_at: Annotated[dt.datetime, field("Raised at", "提出时间", fill="now")] | None = None
    due: Annotated[dt.date, field("Due", "完成期限")] | None = None
    case: Annotated[str, field("From case", "来源受理单", ref="cases")] | None = None
    cases: Annotated[list[str], field("Linked cases", "关联受理单", owner="property event note --case")] = []
    state: Annotated[
        EventState, field("State", "状态", choices=EVENT_STATES, owner="property event move")
    ] = "raised"
    decisions: Annotated[list[Decision], field("Decisions", "会议决议", owner="property event note")] = []
    steps: Annotated[list[Happened], field("Steps", "过程", owner="property event move")] = []
    closed_at: Annotated[dt.datetime, field("Closed at", "关闭时间", owner="property event move")] | None = (
        None
    )
    note: Annotated[str, field("Note", "备注")] | None = None
