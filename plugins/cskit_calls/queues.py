"""What the hotline's queues are for, and which groups receive in turn: rule files of two kinds.

Kinds: `call-queues` and `reception-groups`, a file each. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from cskit import NotFound, _, rules
from cskit.i18n import label, language
from cskit.plugins.isolation import nearest

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App
    from cskit_calls.model import Call

QUEUES = "call-queues"
GROUPS = "reception-groups"


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind call-queues: what an answered call in this queue brings about.

    `opens` is the kind of case, "" for none; `when` says for which calls. `call_back_hours` is the time
    in which the caller is called back when a case is opened, 0 for no such promise: hours of the calendar
    that is named. Calls of a queue that is `in_turn` go to the groups one by one.
    """

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("opens", "when", "calendar", "in_turn")
    label: rules.Label
    order: Annotated[int, msgspec.Meta(ge=1)]
    opens: str = ""
    when: Literal["always", "unsettled"] = "unsettled"
    call_back_hours: Annotated[int, msgspec.Meta(ge=0)] = 0
    calendar: str = "always"
    in_turn: bool = False

    def wants_case(self, call: Call) -> bool:
        """Tell whether a call opens a case: nobody's does who was not answered, or called by us."""
        if not self.opens or call.direction == "out" or call.result == "abandoned" or call.case:
            return False
        return self.when == "always" or call.result == "unsettled"

    def call_back(self, app: App, since: dt.datetime) -> dt.datetime | None:
        """Return until when a caller of `since` is to be called back, None where nothing is promised."""
        import datetime as dt

        if not self.call_back_hours:
            return None
        calendar = app.calendars.named(self.calendar)
        due = calendar.added(int(since.timestamp()), self.call_back_hours * 3600)
        return dt.datetime.fromtimestamp(due, dt.UTC)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind reception-groups: a group that visitors and calls are handed to in turn."""

    label: rules.Label
    order: Annotated[int, msgspec.Meta(ge=1)]


Coded = Queue | Group


def queues(app: App) -> dict[str, Queue]:
    """Return the queues by code, in their order."""
    found: dict[str, Queue] = {name: rule.value for name, rule in rules.load(app, QUEUES).items()}
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


def groups(app: App) -> dict[str, Group]:
    """Return the groups by code, in their order: that of turns."""
    found: dict[str, Group] = {name: rule.value for name, rule in rules.load(app, GROUPS).items()}
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


def code(known: Mapping[str, Coded], name: str, what: str) -> str:
    """Return the code that `name` means, a code or a title; raises `NotFound` naming those there are."""
    if name in known:
        return name
    found = [own for own, one in known.items() if name in (one.label.en, one.label.zh)]
    if len(found) == 1:
        return found[0]
    near = nearest(name, known)
    raise NotFound(
        what.format(name=name),
        _("did you mean '{near}'?").format(near=near)
        if near
        else _("there are {names}").format(names=_(", ").join(known)),
    )


def finders(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the codes of queues and groups, each kind of rule read when it is first asked for."""

    def queue(name: str) -> str:
        return code(queues(app), name, _("there is no queue '{name}'"))

    def group(name: str) -> str:
        return code(groups(app), name, _("there is no group '{name}'"))

    return {"queue": queue, "group": group}


def titles(app: App) -> dict[str, dict[str, str]]:
    """Return what people see of the codes of queues and groups, in their language."""
    if language() == "en":
        return {}
    return {"queue": shown(queues(app)), "group": shown(groups(app))}


def group_titles(app: App) -> dict[str, dict[str, str]]:
    """Return what people see of the codes of groups, in their language."""
    return {} if language() == "en" else {"group": shown(groups(app))}


def group_codes(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the code of a group that a condition names."""
    return {"group": finders(app)["group"]}


def shown(known: Mapping[str, Coded]) -> dict[str, str]:
    """Return code → title in the user's language."""
    return {own: label(one.label.en, one.label.zh) for own, one in known.items()}
