"""How notices stand in their way: the tables, and of one what happened and what is possible now.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cskit import _, register
from cskit.i18n import label
from cskit.stored import decoder
from cskit.values import one_line
from cskit_service.notices.desk import Desk
from cskit_service.notices.flow import FLOWS, VERBS, state_of
from cskit_service.notices.model import TABLE, Notice, Step

if TYPE_CHECKING:
    from cskit import App


def table(type: str | None = None) -> Iterator[dict[str, str]]:
    """Yield a row for each user status of each type of notice and each step that leads on from it."""
    for name, flow in FLOWS.items():
        if type in (None, name):
            for row in flow.rows():
                yield {
                    "type": name,
                    "status": row.source.name,
                    "title": str(row.source),
                    "verb": row.move.verb,
                    "to": row.target.name if row.target else "",
                    "means": str(row.move),
                }


def mermaid(type: str) -> str:
    """Return the way of a type of notice as a diagram, without what leaves its status as it is."""
    flow = FLOWS[type]
    leading = tuple(move for move in flow.moves if move.sources != (move.target,))
    return flow._replace(moves=leading).mermaid()


def done(verb: str) -> str:
    """Return what people call a step."""
    return label(*VERBS[verb]) if verb in VERBS else verb


def course(app: App, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each step that was made on notices, then for each that could come next, and why not."""
    reading = app.reading()
    decode, desk = decoder(TABLE, Notice), Desk(app, reading)
    for document in register.find(app, reading, app.record_type(TABLE), names):
        notice = decode(document)
        for step in notice.steps:
            row = {
                "id": notice.id,
                "state": "done",
                "what": step.what,
                "at": step.at,
                "status": step.after,
                "who": step.who,
                "text": said(step) or None,
            }
            yield {name: value for name, value in row.items() if value is not None}
        yield from _ways(desk, notice)


def _ways(desk: Desk, notice: Notice) -> Iterator[dict[str, Any]]:
    flow, state, seen = FLOWS[notice.type], state_of(notice), desk.seen(notice)
    for verb in flow.verbs(state):
        move = flow.move(verb, state)
        why = move.guard(seen) if move is not None and move.guard is not None else ""
        if why and notice.closed:
            continue
        target = move.target if move is not None and move.target != state else None
        row = {"id": notice.id, "state": "blocked" if why else "possible", "what": verb}
        yield row | ({"status": target} if target else {}) | ({"text": why} if why else {})


def said(step: Step) -> str:
    """Return what a step says beside its verb: the day it was put off to, the record made, the note."""
    until = _("until {day}").format(day=step.until) if step.until else ""
    found = [part for part in (until, step.record or "", one_line(step.text or "")) if part]
    return _(", ").join(found)
