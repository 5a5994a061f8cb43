"""The flow of a case (流程): its states, and what leads from which to which (domain C01, C09, C16, C18).

Must not import click or a store.
"""

from __future__ import annotations

from cskit.workflow import BACK, Move, State, Workflow
from cskit_complaints.model import HAPPENINGS, STATES

_ENGLISH = {
    "registered": "registered",
    "assigned": "assigned",
    "handling": "being handled",
    "paused": "paused",
    "resolved": "resolved",
    "replied": "replied",
    "closed": "closed",
    "rejected": "rejected",
}
_ENDS = ("closed", "rejected")
OPEN = tuple(name for name in STATES if name not in _ENDS)
"""The states of cases that are still to be dealt with."""
_RUNNING = tuple(name for name in OPEN if name != "paused")


def _move(verb: str, sources: tuple[str, ...], target: str) -> Move:
    return Move(verb, sources, target, verb, HAPPENINGS[verb])


FLOW = Workflow(
    "case",
    "受理单",
    tuple(
        State(name, _ENGLISH[name], zh, first=name == "registered", open=name in OPEN)
        for name, zh in STATES.items()
    ),
    (
        _move("assign", ("registered", "assigned", "handling"), "assigned"),
        _move("return", ("assigned", "handling"), "registered"),
        _move("start", ("assigned",), "handling"),
        _move("resolve", ("handling",), "resolved"),
        _move("reply", ("registered", "resolved"), "replied"),
        _move("close", ("replied",), "closed"),
        _move("reopen", ("resolved", "replied", "closed"), "handling"),
        _move("reject", ("registered", "assigned", "handling"), "rejected"),
        _move("pause", _RUNNING, "paused"),
        _move("resume", ("paused",), BACK),
    ),
)
