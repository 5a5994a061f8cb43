"""What happened to a case, and what an event tells beside it, in words. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cskit import _, departments, label
from cskit.nouns import listed
from cskit.records import fields
from cskit.values import text
from cskit_complaints import policy
from cskit_complaints.crisis import MEMO
from cskit_complaints.model import HAPPENINGS, Event

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cskit import App

_TOLD = ("department", "handler", "party", "until", "amount", "text", "reason", "activity")
"""The fields of an event that its line tells, in this order."""
_PARTIES = {
    "escalate": ("Level", "升级到"),
    "compensate": ("Charged to", "费用承担方"),
    "crisis": ("Written", "完成"),
    "approve": ("Matter", "事项"),
    "refuse": ("Matter", "事项"),
}
"""What the party of an event is, where it is not who is waited for."""
_NAMED = {
    MEMO: ("review memo", "复盘报告"),
    "extension": ("extension", "延期"),
    "compensation": ("compensation", "赔付"),
    "handler": ("handler", "处理人"),
    "supervisor": ("supervisor", "主管"),
    "manager": ("manager", "经理"),
    "director": ("director", "总监"),
}
"""Words that are stored for people to read in their own language."""


class Words(NamedTuple):
    """What codes in events stand for: departments, and steps of the crisis checklist."""

    departments: Mapping[str, departments.Department]
    steps: Mapping[str, str]
    zone: ZoneInfo


def words(app: App) -> Words:
    """Return the words of this department's rules, in the user's language."""
    steps = {step.code: str(step.label) for step in policy.load(app).crisis}
    return Words(departments.load(app), steps, app.zone)


def happening(what: str) -> str:
    """Return what happened in the user's language."""
    return label(what, HAPPENINGS[what])


def details(event: Event, known: Words) -> str:
    """Return what an event tells beside what happened: "Department: Repairs; Until: 2026-11-30 18:00"."""
    return _("; ").join(f"{title}{_(': ')}{value}" for title, value in _told(event, known))


def _told(event: Event, known: Words) -> Iterator[tuple[str, str]]:
    titles = fields(Event)
    for name in _TOLD:
        value = getattr(event, name)
        if value is None:
            continue
        title = (titles[name].en, titles[name].zh)
        if name in ("department", "party") and value in known.departments:
            value = str(known.departments[value])
        if name == "party":
            title = _PARTIES.get(event.what, title)
            value = label(*_NAMED[value]) if value in _NAMED else value
        elif name == "text" and event.what == "crisis":
            value = listed(known.steps.get(step, step) for step in value.split())
        yield label(*title), text(value, known.zone)
