"""The desk's daily work on cases: assigned, handled, paused, answered, closed (C01, C08–C10, C16, C18).

Each function returns the step that `acting.act` makes on every case. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cskit import Refused, Usage, _, departments
from cskit_complaints import closing, policy
from cskit_complaints.acting import Acting, Step
from cskit_complaints.model import Case

if TYPE_CHECKING:
    from cskit import App


def assign(
    app: App,
    *,
    to: str,
    handler: str | None = None,
    due: dt.datetime | None = None,
    text: str | None = None,
    reason: str | None = None,
) -> Step:
    """Pass cases to a department in writing, with a deadline; raises `NotFound` for a department unknown."""
    department = departments.find(departments.load(app), to)
    who = handler or department.who("handler") or None
    until, acting = due or in_working_days(app), Acting.of(app)

    def step(case: Case) -> Case:
        values = {"department": department.code, "handler": who, "due": until}
        told = {"department": department.code, "handler": who, "until": until}
        return acting.move(case, "assign", values, **told, text=text, reason=reason)

    return step


def in_working_days(app: App) -> dt.datetime:
    """Return the deadline a department has where nobody said another."""
    from cskit.calendar import Length

    rules = policy.load(app)
    calendar = app.calendars.named(rules.calendar)
    end = calendar.after(int(app.now.timestamp()), Length(days=rules.assign_days))
    return dt.datetime.fromtimestamp(end, dt.UTC)


def send_back(app: App, *, reason: str) -> Step:
    """Take cases back from their department, which says why they are not its own (退单)."""
    acting = Acting.of(app)
    gone = {"department": None, "handler": None, "due": None}
    return lambda case: acting.move(case, "return", dict(gone), department=case.department, reason=reason)


def start(app: App, *, handler: str | None = None, reason: str | None = None) -> Step:
    """Begin to handle cases; who does is the handler, unless somebody is named already."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        who = handler or case.handler or acting.who
        return acting.move(case, "start", {"handler": who}, handler=who, reason=reason)

    return step


def pause(app: App, *, until: dt.datetime, party: str, reason: str) -> Step:
    """Wait for somebody: for whom, why and until when; raises `Usage` for a time that has passed."""
    if until <= app.now:
        raise Usage(_("--until lies in the past"), _("say when it is to go on"))
    acting = Acting.of(app)
    return lambda case: acting.move(case, "pause", until=until, party=party, reason=reason)


def resume(app: App, *, text: str | None = None, contact: bool = False, reason: str | None = None) -> Step:
    """Go on with cases that waited, in the state they were in."""
    acting = Acting.of(app)
    return lambda case: acting.move(case, "resume", text=text, contact=contact, reason=reason)


def resolve(
    app: App,
    *,
    solution: str,
    cause: str | None = None,
    liability: str | None = None,
    validity: str | None = None,
    reason: str | None = None,
) -> Step:
    """Note that cases are dealt with, how, and what the cause was."""
    acting = Acting.of(app)
    found = {"solution": solution, "cause": cause, "liability": liability, "validity": validity}
    values = {name: value for name, value in found.items() if value is not None}
    return lambda case: acting.move(case, "resolve", dict(values), text=solution, reason=reason)


def reply(app: App, *, text: str, satisfaction: int | None = None, reason: str | None = None) -> Step:
    """Note what the customers were answered, and how satisfied they are (1–5)."""
    acting = Acting.of(app)
    values = {"answer": text} | ({} if satisfaction is None else {"satisfaction": satisfaction})
    return lambda case: acting.move(case, "reply", dict(values), text=text, contact=True, reason=reason)


def close(app: App, *, satisfaction: int | None = None, reason: str | None = None) -> Step:
    """Close cases; raises `Refused` where the policy wants somebody else to, or the follow-up first."""
    acting, refusal = Acting.of(app), closing.refusals(app)
    values = {"closed_at": app.now} | ({} if satisfaction is None else {"satisfaction": satisfaction})

    def step(case: Case) -> Case:
        closed = acting.move(case, "close", dict(values), reason=reason)
        why, hint = refusal(case, acting.who, satisfaction is not None)
        if why:
            raise Refused(why, hint)
        return closed

    return step


def reopen(app: App, *, reason: str) -> Step:
    """Take cases up again; it is counted how often."""
    acting = Acting.of(app)

    def step(case: Case) -> Case:
        return acting.move(case, "reopen", {"reopened": case.reopened + 1, "closed_at": None}, reason=reason)

    return step


def reject(app: App, *, reason: str, text: str) -> Step:
    """Do not take cases up, and say why; `text` is what the customers were told."""
    acting = Acting.of(app)
    return lambda case: acting.move(case, "reject", {"answer": text}, reason=reason, text=text, contact=True)
