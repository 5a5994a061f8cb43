"""What people look up: the flow, the categories, the course of a case. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cskit import NotFound, _, departments, label, register
from cskit.calendar import duration
from cskit.nouns import listed
from cskit.plugins.isolation import nearest
from cskit.stored import decoder
from cskit_complaints import categories as trees
from cskit_complaints import deadlines, happenings, policy
from cskit_complaints.crisis import CRISIS
from cskit_complaints.flow import FLOW, OPEN
from cskit_complaints.model import STATES, Case

if TYPE_CHECKING:
    from cskit import App


def flow() -> Iterator[dict[str, str]]:
    """Yield a row for each state and each command that leads on from it."""
    for row in FLOW.rows():
        yield {
            "state": row.source.name,
            "title": str(row.source),
            "verb": f"case {row.move.verb}",
            "to": row.target.name if row.target else _("the state before"),
            "means": str(row.move),
        }


def categories(app: App, tree: str | None) -> Iterator[dict[str, str]]:
    """Yield the categories of one tree, or all; raises `NotFound` for a tree there is not."""
    known = trees.load(app)
    if tree is not None and tree not in known.trees:
        near = nearest(tree, known.trees)
        hint = _("did you mean {name}?").format(name=near) if near else ""
        there = _("there are {names}").format(names=listed(known.trees))
        raise NotFound(_("there is no category tree '{name}'").format(name=tree), hint or there)
    for name in [tree] if tree is not None else known.trees:
        for one in known.of(name):
            yield {
                "code": one.code,
                "title": f"{'  ' * (one.level - 1)}{one.label}",
                "part": str(trees.PARTS[one.part]),
                "path": one.titled(),
            }


def course(app: App, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield what happened to cases in order, a row each; then what is still to come, and the clocks."""
    said = happenings.words(app)
    decode = decoder("cases", Case)
    found = register.find(app, app.reading(), app.record_type("cases"), names)
    clocks: dict[str, list[dict[str, Any]]] = {}
    for row in deadlines.standing(app, found):
        clocks.setdefault(row["id"], []).append(row)
    for document in found:
        case = decode(document)
        for event in sorted(case.events, key=lambda event: event.at):
            yield {
                "id": case.id,
                "at": event.at,
                "what": happenings.happening(event.what),
                "state": label(event.after or "", STATES.get(event.after or "", "")),
                "who": event.who,
                "details": happenings.details(event, said),
            }
        for due, wanted in coming(app, case):
            yield {"id": case.id, "at": due, "what": _("to come"), "details": wanted}
        for clock in clocks.get(case.id, ()):
            yield _clock(case.id, clock, said.departments)


def _clock(own: str, clock: Mapping[str, Any], known: Mapping[str, departments.Department]) -> dict[str, Any]:
    """Return the row of a clock: when it is due, or was stopped, how it stands, what is used of what."""
    said = _("{used} of {target} used") if clock["left"] >= 0 else _("{used} used, {late} over {target}")
    used, late = duration(clock["used"]), duration(-clock["left"])
    target = clock.get("promised") or duration(clock["target"])
    of = clock.get("department")
    if of:
        said = f"{known.get(of, of)}{_('; ')}{said}"
    row = {
        "id": own,
        "at": clock.get("stopped") or clock.get("due"),
        "what": clock["title"],
        "state": _(clock["state"]),
        "details": said.format(used=used, target=target, late=late),
    }
    return {name: value for name, value in row.items() if value is not None}


def coming(app: App, case: Case) -> Iterator[tuple[dt.datetime, str]]:
    """Yield what is still to be done on a case and by when, the earliest first."""
    found = [
        (one.due, _("promised: {text}").format(text=one.text)) for one in case.promises if not one.kept_at
    ]
    if case.due is not None and case.state in ("assigned", "handling"):
        found.append((case.due, _("deadline of the department")))
    if case.outside_due is not None and case.state in OPEN:
        found.append((case.outside_due, _("deadline from outside")))
    if case.severity == CRISIS and case.memo is None and case.received_at is not None:
        steps = len(policy.load(app).crisis)
        said = _("crisis: {done} of {all} steps done, no review memo yet")
        found.append((case.received_at, said.format(done=len(case.crisis), all=steps)))
    yield from sorted(found)
