"""Liaison events: moved from raised to closed, with decisions noted on the way.

Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, Refused, _, edits
from cskit.nouns import listed
from cskit.stored import decoder
from cskit.workflow import Move, State, Workflow
from cskit_property.checks.inspection import Happened
from cskit_property.checks.rectifications import together
from cskit_property.estates.liaison import EVENT_STATES, Decision, LiaisonEvent

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

TABLE = "property_events"
_ENDS = ("closed", "withdrawn")
OPEN = tuple(name for name in EVENT_STATES if name not in _ENDS)
FLOW = Workflow(
    "property event",
    "对接事件",
    tuple(
        State(name, name, zh, first=name == "raised", open=name in OPEN) for name, zh in EVENT_STATES.items()
    ),
    (
        Move("coordinate", ("raised", "implementing"), "coordinating", "coordinate", "协调"),
        Move("implement", ("raised", "coordinating", "verified"), "implementing", "implement", "实施"),
        Move("verify", ("implementing",), "verified", "verify", "验证"),
        Move("close", ("verified",), "closed", "close", "关闭"),
        Move("withdraw", ("raised", "coordinating", "implementing"), "withdrawn", "withdraw", "撤回"),
    ),
)


def target(name: str) -> str:
    """Return the state that a name means: its own, or its title in either language; raises `NotFound`."""
    for state in FLOW.states:
        if name in (state.name, state.en, state.zh):
            return state.name
    names = listed(state.name for state in FLOW.states)
    raise NotFound(
        _("there is no state '{name}' of events").format(name=name),
        _("there are {names}").format(names=names),
    )


def move(
    app: App, tx: Transaction, documents: Sequence[Document], to: str, text: str | None = None
) -> list[LiaisonEvent]:
    """Take events to a state; raises `Refused` naming all that cannot, and then none is changed."""
    decode, who = decoder(TABLE, LiaisonEvent), app.staff or app.user
    moved: list[tuple[Document, LiaisonEvent]] = []
    refused: list[Refused] = []
    for document in documents:
        before = decode(document)
        found = [one for one in FLOW.moves if one.target == to and before.state in one.sources]
        if not found:
            ways = [one.target for one in FLOW.moves if before.state in one.sources]
            said = _("event {id} is {state}, from where nothing leads to {to}")
            hint = _("it can become: {states}").format(states=listed(ways)) if ways else _("it has ended")
            refused.append(
                Refused(
                    said.format(id=before.id, state=FLOW.state(before.state), to=FLOW.state(to)),
                    hint,
                )
            )
            continue
        step = Happened(at=app.now, who=who, what=found[0].verb, text=text)
        closed = {"closed_at": app.now} if to in _ENDS else {}
        moved.append(
            (document, msgspec.structs.replace(before, state=to, steps=[*before.steps, step], **closed))
        )
    if refused:
        raise together(refused)
    for document, after in moved:
        tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return [after for _document, after in moved]


def note(
    app: App,
    tx: Transaction,
    document: Document,
    *,
    decision: str | None = None,
    text: str | None = None,
    cases: Sequence[str] = (),
) -> LiaisonEvent:
    """Note a decision, a word, or complaints on an event; a case that it has already stays once.

    Raises `Refused` for an event that has ended, `NotFound` for a case that there is not.
    """
    before, who = decoder(TABLE, LiaisonEvent)(document), app.staff or app.user
    if before.state in _ENDS:
        raise Refused(_("event {id} has ended").format(id=before.id), _("raise another one"))
    _refuse_unknown(app, cases)
    after = before
    if decision:
        made = Decision(at=app.now, by=who, text=decision)
        after = msgspec.structs.replace(after, decisions=[*after.decisions, made])
    if text:
        step = Happened(at=app.now, who=who, what="note", text=text)
        after = msgspec.structs.replace(after, steps=[*after.steps, step])
    if cases:
        after = msgspec.structs.replace(after, cases=list(dict.fromkeys([*after.cases, *cases])))
    tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
    return after


class _Named(msgspec.Struct, frozen=True, gc=False):
    id: str


def _refuse_unknown(app: App, cases: Sequence[str]) -> None:
    if not cases:
        return
    decode = decoder("cases", _Named)
    known = {decode(document).id for document in app.reading().read("cases", ids=cases)}
    missing = [own for own in cases if own not in known]
    if missing:
        raise NotFound(_("there is no case {ids}").format(ids=listed(missing)))


class Pending(msgspec.Struct, frozen=True, gc=False):
    """What lists and figures need of a stored event."""

    id: str
    title: str = ""
    project: str | None = None
    owner: str | None = None
    due: dt.date | None = None
    state: str = "raised"
    raised_at: dt.datetime | None = None

    def overdue(self, today: dt.date) -> bool:
        """Whether its day is over; asked of one that has not ended."""
        return self.due is not None and self.due < today


def pending(reading: Reading) -> Iterator[Pending]:
    """Yield the events that have not ended, from one pass over the table."""
    for one in map(decoder(TABLE, Pending), reading.read(TABLE)):
        if one.state in OPEN:
            yield one


def overdue(app: App) -> Iterator[dict[str, Any]]:
    """Yield a row for each event whose day is over and that has not ended, the longest overdue first."""
    found = [one for one in pending(app.reading()) if one.overdue(app.today)]
    found.sort(key=lambda one: (one.due, one.id))
    for one in found:
        assert one.due is not None  # noqa: S101 - asked for above
        row: dict[str, Any] = {
            "id": one.id,
            "title": one.title,
            "project": one.project,
            "state": one.state,
            "due": one.due,
            "days": (app.today - one.due).days,
            "owner": one.owner,
        }
        yield {name: value for name, value in row.items() if value is not None}
