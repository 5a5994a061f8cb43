"""Fee reductions and preferential receipts: checked, confirmed by somebody else, passed on, filed.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _, edits
from cskit.errors import Problem
from cskit.store.protocol import Document
from cskit.stored import decoder
from cskit.workflow import Move, State, Workflow
from cskit_property import succession
from cskit_property.settlements.moneymodel import REDUCTION_STATES, Reduction, ReductionState, Step
from cskit_property.settlements.settlements import actor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Change, Reading, Transaction

TABLE = "property_reductions"
_ENGLISH = {"passed": "passed on"}
FLOW = Workflow(
    "property reduction",
    "物业费减免",
    tuple(
        State(
            name,
            _ENGLISH.get(name, name),
            zh,
            first=name == "registered",
            open=name not in ("filed", "refused"),
        )
        for name, zh in REDUCTION_STATES.items()
    ),
    (
        Move("check", ("registered",), "checked", "check", "核查"),
        Move("confirm", ("checked",), "confirmed", "confirm", "确认"),
        Move("pass", ("confirmed",), "passed", "pass on", "流转"),
        Move("file", ("passed",), "filed", "file", "归档"),
        Move("refuse", ("registered", "checked"), "refused", "refuse", "不予减免"),
    ),
)


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what notes on a new reduction who registered it; see `RecordType.prepare`."""

    def prepared(values: dict[str, Any], new: bool) -> Sequence[Problem]:
        if new and not values.get("steps"):
            after = values.get("state", "registered")
            values["steps"] = [Step(at=app.now, who=actor(app), what="register", after=after)]
        return ()

    return prepared


def move(
    app: App, verb: str, *, reason: str | None = None, **values: Any
) -> Callable[[Reduction], Reduction]:
    """Return the step that moves reductions along; `values` are fields that go with it.

    Who registered one does not check it, and who checked it does not confirm it.
    """

    def step(one: Reduction) -> Reduction:
        state: ReductionState = FLOW.after(verb, one.state, one, id=one.id)  # type: ignore[assignment]  # one of the flow's
        if verb in ("check", "confirm"):
            _refuse_same(one, actor(app))
        done = Step(
            at=app.now,
            who=actor(app),
            what=verb,
            before=one.state,
            after=state,
            amount=one.amount,
            reason=reason,
        )
        return msgspec.structs.replace(one, **values, state=state, steps=[*one.steps, done])

    return step


def _refuse_same(one: Reduction, who: str) -> None:
    did = {step.who: step.what for step in one.steps}.get(who)
    if did is not None:
        said = {
            "register": _("reduction {id}: {who} registered it, so somebody else has to do this"),
            "check": _("reduction {id}: {who} checked it, so somebody else has to do this"),
        }.get(did, _("reduction {id}: {who} has signed it already, so somebody else has to"))
        raise Refused(said.format(id=one.id, who=who))


def act(
    tx: Transaction, documents: Iterable[Document], step: Callable[[Reduction], Reduction]
) -> Iterator[dict[str, Any]]:
    """Make a step on reductions and return a row for each; raises `Refused` at the first that refuses."""
    decode, rows = decoder(TABLE, Reduction), []
    for document in documents:
        before = decode(document)
        made = step(before)
        tx.replace(TABLE, document.number, edits.merge(made, msgspec.json.decode(document.raw)))
        rows.append(
            {
                "id": made.id,
                "content": made.content,
                "amount": made.amount,
                "before": before.state,
                "state": made.state,
                "next": FLOW.verbs(made.state),
            }
        )
    return iter(rows)


_SIGNED: Mapping[ReductionState, tuple[str, ...]] = {
    "checked": ("check",),
    **dict.fromkeys(("confirmed", "passed", "filed"), ("check", "confirm")),
}
"""Which signatures a state stands on."""


class _Signature(msgspec.Struct, frozen=True, gc=False):
    who: str
    what: str


class _Frozen(msgspec.Struct, frozen=True, gc=False):
    id: str
    project: str
    amount: Decimal
    kind: str = "reduction"
    customer: str | None = None
    state: ReductionState = "registered"
    steps: tuple[_Signature, ...] = ()


def refuse_changed(tx: Transaction, changes: Sequence[Change]) -> None:
    """Raise `Refused` where what was checked is another amount, project, kind or customer's afterwards.

    The same where a state comes without its signatures by different people, as in a file that is imported.
    """
    decode = decoder(TABLE, _Frozen)
    for change in changes:
        if change.table != TABLE or change.after is None:
            continue
        after = decode(Document(change.number, change.after))
        before = decode(Document(change.number, change.before)) if change.before is not None else None
        if before is None or before.state != after.state:
            _refuse_unsigned(after)
        if before is None or "registered" in (before.state, after.state):
            continue
        held, now = ((one.amount, one.project, one.kind) for one in (before, after))
        moved = before.customer != after.customer and not succession.follows(tx, changes, before, after)
        if moved or held != now:
            said = _("reduction {id} was checked, so its amount, kind, project and customer stay as they are")
            raise Refused(said.format(id=after.id), _("refuse it, and register another"))


def _refuse_unsigned(one: _Frozen) -> None:
    """Raise `Refused` where a state lacks its signatures, or one person has signed twice."""
    signed = {step.what: step.who for step in one.steps}
    needed = _SIGNED.get(one.state, ())
    whose = [signed[what] for what in ("register", *needed) if what in signed]
    if not all(what in signed for what in needed) or len(set(whose)) < len(whose):
        said = _("reduction {id} is {state}, but was not signed by different people")
        hint = _("register it, then `cskit property reduction check` and `confirm`")
        raise Refused(said.format(id=one.id, state=FLOW.state(one.state)), hint)
