"""The records of the rota: shifts, absences, and what one shift hands over to the next.

Must not import click or a store.
"""

# ruff: noqa: RUF012 - msgspec gives every record a list of its own where the default is an empty one

import datetime as dt
from typing import Annotated, Literal

from cskit.i18n import _
from cskit.records import Part, Record, field

ShiftKind = Literal["duty", "support", "cover"]
SHIFT_KINDS = {"duty": "当班", "support": "接线支援", "cover": "替班"}
AbsenceKind = Literal["leave", "sick", "training", "other"]
ABSENCE_KINDS = {"leave": "请假", "sick": "病假", "training": "培训", "other": "其他"}
_COVERED = "call shift cover"
_HANDED = "call handover"


class Shift(Record, kw_only=True, frozen=True):
    """A person's turn on the rota (catalogue D7, H4).

    `on` is the day on which it begins, `shift` the code of a shift of the rule files `shift-patterns`; its
    times follow from both unless they are given. A shift with an `absence` is not worked by this person.
    `support` are the days on which inspectors and trainers answer calls.
    """

    staff: Annotated[str, field("Person", "员工", min_length=1, examples=["S-001"])]
    on: Annotated[dt.date, field("Day", "日期")]
    shift: Annotated[str, field("Shift", "班次", min_length=1, examples=["early"])]
    begins: Annotated[dt.datetime, field("Begins", "上班时间")] | None = None
    ends: Annotated[dt.datetime, field("Ends", "下班时间")] | None = None
    pattern: Annotated[str, field("Shift pattern", "轮班方式")] | None = None
    group: Annotated[str, field("Group", "班组")] | None = None
    kind: Annotated[ShiftKind, field("Kind of shift", "当班性质", choices=SHIFT_KINDS)] = "duty"
    absence: Annotated[str, field("Absence", "缺勤记录", ref="call_absences", owner=_COVERED)] | None = None
    covers: Annotated[str, field("Covers for", "所替班次", ref="call_shifts", owner=_COVERED)] | None = None
    note: Annotated[str, field("Note", "备注")] | None = None

    def __post_init__(self) -> None:
        """Refuse a shift of which nobody knows when it is."""
        if self.begins is None or self.ends is None:
            raise ValueError(_("a shift that no pattern has needs the time when it begins, and when it ends"))
        if not dt.timedelta(0) < self.ends - self.begins <= dt.timedelta(hours=24):
            raise ValueError(_("a shift ends after it begins, within 24 hours"))


class Absence(Record, kw_only=True, frozen=True):
    """Days on which somebody does not work, both ends included (catalogue H4: leave cover)."""

    staff: Annotated[str, field("Person", "员工", min_length=1, examples=["S-001"])]
    first: Annotated[dt.date, field("First day", "起始日期")]
    last: Annotated[dt.date, field("Last day absent", "结束日期")] | None = None
    kind: Annotated[
        AbsenceKind, field("Kind of absence", "缺勤类别", choices=ABSENCE_KINDS, personal=True)
    ] = "leave"
    note: Annotated[str, field("Note", "备注", personal=True)] | None = None

    def __post_init__(self) -> None:
        """Refuse days that cannot follow each other."""
        if self.last is not None and self.last < self.first:
            raise ValueError(_("the last day is before the first"))

    @property
    def until(self) -> dt.date:
        """The last day, which is the first where no other is given."""
        return self.last or self.first


class Item(Part, kw_only=True, frozen=True, gc=False):
    """Something handed over: the record, what is to be done about it, and by when."""

    id: Annotated[str, field("Record", "记录")]
    text: Annotated[str, field("What", "事项")]
    due: Annotated[dt.datetime, field("Due", "期限")] | None = None
    who: Annotated[str, field("Who", "经办人")] | None = None


class Handover(Record, kw_only=True, frozen=True):
    """What one shift leaves to the next (交接班, catalogue C22, C23); once both signed nothing changes it.

    `cases` and `promises` are those open when it was given; `answer` is what the taker says to it.
    """

    shift: Annotated[str, field("Shift", "班次", owner=_HANDED)]
    on: Annotated[dt.date, field("Day", "日期", owner=_HANDED)]
    group: Annotated[str, field("Group", "班组", owner=_HANDED)] | None = None
    giver: Annotated[str, field("Handed over by", "交班人", owner=_HANDED)]
    given_at: Annotated[dt.datetime, field("Handed over at", "交班时间", owner=_HANDED)]
    to: Annotated[str, field("Handed over to", "指定接班人", owner=_HANDED)] | None = None
    cases: Annotated[list[Item], field("Open cases", "未结事项", owner=_HANDED)] = []
    promises: Annotated[list[Item], field("Promises", "待回电承诺", owner=_HANDED)] = []
    notes: Annotated[list[str], field("Notes", "交班说明", examples=["the fax is out of paper"])] = []
    state: Annotated[
        Literal["given", "taken"],
        field("State", "状态", owner="call takeover", choices={"given": "待接班", "taken": "已接班"}),
    ] = "given"
    taker: Annotated[str, field("Taken over by", "接班人", owner="call takeover")] | None = None
    taken_at: Annotated[dt.datetime, field("Taken over at", "接班时间", owner="call takeover")] | None = None
    answer: Annotated[str, field("Answer", "接班意见", owner="call takeover")] | None = None
