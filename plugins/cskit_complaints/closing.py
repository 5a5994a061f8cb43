"""Who may close a case, and after what: as the department's policy says. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cskit import _, departments
from cskit_complaints import policy
from cskit_complaints.model import Case, Event

if TYPE_CHECKING:
    from cskit import App

Refusal = Callable[[Case, str, bool], tuple[str, str]]
"""Says why somebody may not close a case and what to do, ("", "") where they may.

The last argument tells whether the customer is asked in this very step how satisfied they are.
"""


def refusals(app: App) -> Refusal:
    """Return what the policy says against closing a case (domain page: it may require a supervisor)."""
    rules = policy.load(app).closing
    known = departments.load(app) if rules.by_role else {}

    def refusal(case: Case, who: str, asked: bool) -> tuple[str, str]:
        if rules.after_follow_up and not asked and not followed_up(case):
            said = _("case {id}: nobody has called the customer back since the answer")
            hint = _("`cskit case comment {id} --contact --text …` notes the call, or --satisfaction does")
            return said.format(id=case.id), hint.format(id=case.id)
        return (_not_theirs(case, who, rules.by_role, known), "") if rules.by_role else ("", "")

    return refusal


def followed_up(case: Case) -> bool:
    """Tell whether the customer was spoken to again since the last answer (回访)."""
    since = max((place for place, event in enumerate(case.events) if event.what == "reply"), default=-1)
    return any(event.contact and event.what != "chase" for event in case.events[since + 1 :])


def _not_theirs(case: Case, who: str, role: str, known: dict[str, departments.Department]) -> str:
    """Say why closing a case is not somebody's, "" where it is.

    Where its department names nobody in the role, or there is none, it is anybody's but who answered it.
    """
    held = known[case.department].roles.get(role, []) if case.department in known else []
    if who in held or (case.supervised_by is not None and who == case.supervised_by):
        return ""
    if held:
        said = _("case {id} can be closed by the {role} of its department only: {names}")
        return said.format(id=case.id, role=role, names=_(", ").join(held))
    if who == _answered(case):
        said = _("case {id}: {who} answered it, so somebody else has to close it")
        return said.format(id=case.id, who=who)
    return ""


def _answered(case: Case) -> str:
    found: Event | None = next((event for event in reversed(case.events) if event.what == "reply"), None)
    return found.who if found else ""
