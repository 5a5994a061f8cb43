"""What belongs to a call that somebody takes: its case, the promise to call back, the plan it was made for.

Must not import click or a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cskit import NotFound, Refused, _
from cskit.edits import merge
from cskit.stored import decoder
from cskit.values import text
from cskit_calls import queues
from cskit_calls.model import UNANSWERED, Call
from cskit_calls.reception import Visitor

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Transaction


def complete(app: App, tx: Transaction, record: Call) -> list[str]:
    """Make what belongs to a call that `call add` made, inside `tx`; return what to say of it.

    A call in whose queue says so opens a case, and the caller is promised a call back; one about a case that
    there is leaves a note on it; one out for an interview that was planned notes that it was held. Where no
    plugin opens cases, or keeps notes on them, it is said that this was not done.
    """
    (document,) = tx.read("calls", ids=[record.id])
    given = decoder("calls", Call)(document)
    call, said = given, list[str]()
    if call.staff is None and call.result not in UNANSWERED:
        call = msgspec.structs.replace(call, staff=_agent(app, tx))
    queue = queues.queues(app)[call.queue]
    if queue.wants_case(call):
        call = _with_case(app, tx, call, queue, said)
    elif call.case and call.result not in UNANSWERED:
        _note(app, tx, call, said)
    if call.promise_due is not None:
        said.append(_("call back by {time}").format(time=text(call.promise_due, app.zone)))
    if call != given:
        tx.replace("calls", document.number, merge(call, msgspec.json.decode(document.raw)))
    if call.plan:
        _hold(app, tx, call, said)
    return [*said, *_handed(app, call.group)]


def _agent(app: App, tx: Transaction) -> str | None:
    """Return who acts, if that is somebody on the staff."""
    who = app.staff or app.user
    return who if any(True for _one in tx.read("staff", ids=[who])) else None


def _with_case(app: App, tx: Transaction, call: Call, queue: queues.Queue, said: list[str]) -> Call:
    due = call.promise_due or queue.call_back(app, call.at)
    call = msgspec.structs.replace(call, promise_due=due)
    open_case = app.actions.get("case.open")
    if open_case is None:
        said.append(_("no case was opened: no loaded plugin registers cases"))
        return call
    content = call.purpose or call.issue or _("call {id}").format(id=call.id)
    own = open_case(
        tx,
        content=content,
        kind=queue.opens,
        channel="phone",
        customer=call.customer,
        phone=call.number,
        received_at=call.at,
        note=_("from call {id}").format(id=call.id),
    )
    said.append(_("case {case} opened").format(case=own))
    return msgspec.structs.replace(call, case=own)


def _note(app: App, tx: Transaction, call: Call, said: list[str]) -> None:
    """Note on a case that the customer was spoken to."""
    comment = app.actions.get("case.comment")
    if comment is None:
        said.append(_("nothing was noted on case {case}: no loaded plugin does that").format(case=call.case))
        return
    what = _("called: {text}") if call.direction == "out" else _("the customer called: {text}")
    comment(tx, case=call.case, text=what.format(text=call.purpose or call.id), contact=True)
    said.append(_("noted on case {case}").format(case=call.case))


def _hold(app: App, tx: Transaction, call: Call, said: list[str]) -> None:
    """Note that a planned interview was held, with a call out that reached somebody."""
    from cskit_calls import plans

    if call.direction == "in":
        raise Refused(_("a planned interview is a call out"), _("say --direction out"))
    if call.result in UNANSWERED:
        said.append(_("the interview {plan} is still to be held: nobody was reached").format(plan=call.plan))
        return
    documents = list(tx.read("call_plans", ids=[call.plan or ""]))
    if not documents:
        raise NotFound(_("there is no interview plan {id}").format(id=call.plan))
    plans.done(tx, documents, on=call.at.astimezone(app.zone).date(), result=call.note)
    said.append(_("interview {plan} held").format(plan=call.plan))


def received(app: App, tx: Transaction, record: Visitor) -> list[str]:
    """Complete a visitor whom `call visitor add` noted, inside `tx`; return which group it is handed to."""
    (document,) = tx.read("call_visitors", ids=[record.id])
    given = decoder("call_visitors", Visitor)(document)
    if given.staff is None and (who := _agent(app, tx)):
        visitor = msgspec.structs.replace(given, staff=who)
        tx.replace("call_visitors", document.number, merge(visitor, msgspec.json.decode(document.raw)))
    return _handed(app, given.group)


def _handed(app: App, group: str | None) -> list[str]:
    """Return the line that says whose turn it was."""
    if not group:
        return []
    known = queues.shown(queues.groups(app))
    return [_("handed to {group}").format(group=known.get(group, group))]
