"""The matter (办理事项): a procedure that runs for a project or a sale. Must not import click or a store."""

# ruff: noqa: RUF012 - msgspec gives every record a list or map of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit import _
from cskit.records import Part, Record, field

MatterState = Literal["open", "done", "cancelled"]
STATES = {"open": "办理中", "done": "已办结", "cancelled": "已终止"}


class Taken(Part, kw_only=True, frozen=True):
    """A step of a matter that is done: on which day, and who noted it when."""

    step: Annotated[str, field("Step", "步骤")]
    date: Annotated[dt.date, field("Done on", "办结日期")]
    who: Annotated[str, field("By whom", "经办人")]
    at: Annotated[dt.datetime, field("Noted at", "登记时间")]
    note: Annotated[str, field("Note", "备注")] | None = None


class Paper(Part, kw_only=True, frozen=True):
    """A document of a matter that has come in."""

    document: Annotated[str, field("Document", "资料")]
    date: Annotated[dt.date, field("Received on", "收件日期")]
    who: Annotated[str, field("By whom", "收件人")]


class Floors(Part, kw_only=True, frozen=True):
    """How far a building was built when a step was taken that asks for it."""

    name: Annotated[str, field("Building", "楼栋")]
    built: Annotated[int, field("Floors built", "已建层数", ge=0)]
    floors: Annotated[int, field("Floors", "总层数", ge=1)]


_BY = "property matter open, step, …"


class Matter(Record, kw_only=True, frozen=True):
    """A procedure in progress, for a project or a sale (业务办理, catalogue C03, C21).

    `rules` are the procedure and the hash of its file when the matter was opened.
    """

    procedure: Annotated[str, field("Procedure", "办理流程", owner=_BY)]
    title: Annotated[str, field("Title", "事项名称", min_length=1)]
    project: Annotated[str, field("Project", "项目", ref="property_projects", owner=_BY)] | None = None
    sale: Annotated[str, field("Sale", "销售合同", ref="property_sales", owner=_BY)] | None = None
    handler: Annotated[str, field("Handler", "经办人")] | None = None
    opened: Annotated[dt.date, field("Opened on", "受理日期", owner=_BY)]
    state: Annotated[MatterState, field("State", "状态", choices=STATES, owner=_BY)] = "open"
    taken: Annotated[list[Taken], field("Steps done", "已办步骤", owner="property matter step")] = []
    papers: Annotated[list[Paper], field("Documents", "已收资料", owner="property matter receive")] = []
    buildings: Annotated[list[Floors], field("Buildings", "楼栋进度", owner="property matter step")] = []
    ended: Annotated[dt.date, field("Ended on", "办结日期", owner=_BY)] | None = None
    why: Annotated[str, field("Why it was given up", "终止原因", owner=_BY)] | None = None
    rules: Annotated[str, field("Procedure's file", "流程文件", owner=_BY)] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a matter that is for nothing."""
        if self.project is None and self.sale is None:
            raise ValueError(_("needs a project or a sale"))
