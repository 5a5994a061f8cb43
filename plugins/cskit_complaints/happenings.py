"""What happened to a case, and what an event tells beside it, in words. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cskit import _, departments, label
from cskit.nouns import listed
from cskit.records import fields
from cskit.rules import Label
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
    "escalate": Label(en="Level", zh="升级到"),
    "compensate": Label(en="Payer", zh="费用承担方"),
    "crisis": Label(en="Written", zh="完成"),
    "approve": Label(en="Matter", zh="事项"),
    "refuse": Label(en="Matter", zh="事项"),
}
"""What the party of an event is, where it is not who is waited for."""
_NAMED = {
    MEMO: Label(en="review memo", zh="复盘报告"),
    "extension": Label(en="extension", zh="延期"),
    "compensation": Label(en="compensation", zh="赔付"),
    "handler": Label(en="handler", zh="处理人"),
    "supervisor": Label(en="supervisor", zh="主管"),
    "manager": Label(en="manager", zh="经理"),
    "director": Label(en="director", zh="总监"),
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
        title = label(titles[name].en, titles[name].zh)
        if name in ("department", "party") and value in known.departments:
            value = str(known.departments[value])
        if name == "party":
            title = str(_PARTIES.get(event.what, title))
            value = str(_NAMED.get(value, value))
        elif name == "text" and event.what == "crisis":
            value = listed(known.steps.get(step, step) for step in value.split())
        yield title, text(value, known.zone)
