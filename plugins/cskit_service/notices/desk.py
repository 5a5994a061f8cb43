"""Steps made on notices, many of them as one change: what each leads to, or why it is refused.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Refused, _, edits, ngettext
from cskit.nouns import listed
from cskit.stored import decoder
from cskit_service.notices import policy
from cskit_service.notices.flow import CLOSED, FLOWS, Quoted, Seen, possible, state_of
from cskit_service.notices.intake import actor
from cskit_service.notices.model import SURVEYED, TABLE, Notice, Step
from cskit_service.notices.ordermodel import INVOICES, ORDERS, OrderState
from cskit_service.notices.policy import Policy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

Act = Callable[["Desk", Notice], Notice]
_SHOWN = 10


class _Order(msgspec.Struct, frozen=True, gc=False):
    id: str
    notice: str
    state: OrderState = "quoted"


class _Invoice(msgspec.Struct, frozen=True, gc=False):
    id: str
    order: str


def orders(reading: Reading) -> dict[str, Quoted]:
    """Return the latest service order of each notice that has any, from one pass over orders and invoices."""
    decode, invoice = decoder(ORDERS, _Order), decoder(INVOICES, _Invoice)
    invoiced = {one.order: one.id for one in map(invoice, reading.read(INVOICES))}
    found = map(decode, reading.read(ORDERS))
    return {one.notice: Quoted(one.id, one.state, invoiced.get(one.id)) for one in found}


class Desk:
    """One command's work on notices: who acts, by which policy, and what is known of their orders."""

    def __init__(self, app: App, reading: Reading) -> None:
        self.app, self.reading = app, reading
        self.who = actor(app)
        self.policy: Policy = policy.load(app)
        self.supervisors = policy.supervisors(app, self.policy)
        self.orders: dict[str, Quoted] = orders(reading)

    @cached_property
    def order_documents(self) -> dict[str, Document]:
        """The stored service orders by id, as they were when this was first asked."""
        decode = decoder(ORDERS, _Order)
        return {decode(one).id: one for one in self.reading.read(ORDERS)}

    @property
    def tx(self) -> Transaction:
        """The transaction in which the notices are changed."""
        return self.reading  # type: ignore[return-value]  # what changes them hands one in

    def seen(self, notice: Notice) -> Seen:
        """Return what guards look at."""
        order = self.orders.get(notice.id)
        return Seen(notice, order, self.who, self.supervisors, self.policy.sign_off)

    def check(self, notice: Notice, verb: str) -> str:
        """Return the user status a verb leads to; raises `Refused` naming the state and what is possible."""
        flow, state = FLOWS[notice.type], state_of(notice)
        move = flow.move(verb, state)
        seen = self.seen(notice)
        if move is None or (move.guard is not None and move.guard(seen)):
            self._refuse(notice, verb, move is not None)
        after = flow.after(verb, state, seen, id=notice.id)
        if after == CLOSED or after == state:
            return notice.status
        return self.policy.surveyed if after in SURVEYED else after

    def _refuse(self, notice: Notice, verb: str, known: bool) -> None:
        seen = self.seen(notice)
        try:
            FLOWS[notice.type].after(verb, state_of(notice), seen, id=notice.id)
        except Refused as error:
            ways = possible(seen)
            hint = _("it could take: {verbs} (`cskit notice flow {id}` shows its way)")
            none = _("nothing more is to be done about it")
            told = hint.format(verbs=listed(ways), id=notice.id) if ways else none
            where = _("its status is: {state}").format(state=FLOWS[notice.type].state(state_of(notice)))
            raise Refused(
                error.message, _("{where}; {told}").format(where=where, told=told) if known else told
            ) from None

    def noted(
        self, notice: Notice, what: str, values: Mapping[str, Any] | None = None, **details: Any
    ) -> Notice:
        """Return a notice with some values changed and the step that did it; what is begun is in process.

        `details` are the step's own fields. Raises `Refused` where its way does not allow the step now.
        """
        status = self.check(notice, what)
        last = max((step.at for step in notice.steps), default=self.app.now)
        if last > self.app.now:
            said = _("notice {id}: its last step is of {time}, later than now")
            raise Refused(said.format(id=notice.id, time=last.strftime("%Y-%m-%dT%H:%M:%SZ")))
        step = Step(at=self.app.now, who=self.who, what=what, before=notice.status, after=status, **details)
        begun = (
            {} if notice.closed or what == "open-case" else {"system": "in_process", "postponed_until": None}
        )
        changed = {"status": status, "steps": [*notice.steps, step], **begun, **(values or {})}
        return msgspec.structs.replace(notice, **changed)


def act(
    app: App, tx: Transaction, documents: Iterable[Document], step: Act
) -> list[tuple[Notice, Notice, list[str]]]:
    """Make a step on notices; return each before and after, and what can be done next.

    Raises `Refused` with all that refuse; then none is changed.
    """
    decode, desk = decoder(TABLE, Notice), Desk(app, tx)
    done, refused = [], []
    for document in documents:
        before = decode(document)
        try:
            after = step(desk, before)
        except Refused as error:
            refused.append(error)
            continue
        tx.replace(TABLE, document.number, edits.merge(after, msgspec.json.decode(document.raw)))
        anybody = desk.seen(after)._replace(who="", supervisors=())  # what comes next may be somebody else's
        done.append((before, after, possible(anybody)))
    if refused:
        raise _together(refused)
    return done


def _together(refused: list[Refused]) -> Refused:
    """Return one refusal that names all of them."""
    if len(refused) == 1:
        return refused[0]
    said = ngettext(
        "{count} notice refuses; nothing was saved", "{count} notices refuse; nothing was saved", len(refused)
    )
    lines = [error.message for error in refused[:_SHOWN]]
    if len(refused) > _SHOWN:
        lines.append(_("and {count} more").format(count=len(refused) - _SHOWN))
    return Refused(said.format(count=len(refused)), "\n".join(lines))


def _unasked(notice: Notice) -> set[str]:
    """Return what could be done as well, but is not what one is waiting for."""
    found = {"process", "postpone", "open-case"}
    if notice.forwarded_at is not None:
        found.add("logistics")
    if notice.type == "Z2" and notice.demand != "chargeable":
        found |= {"parts", "perform"}
    return found


def moved(done: Iterable[tuple[Notice, Notice, list[str]]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each notice that something was done to: where it stands, and what comes next."""
    for before, after, ways in done:
        yield {
            "id": after.id,
            "before": before.status,
            "status": after.status,
            "system": after.system,
            "next": [verb for verb in ways if verb not in _unasked(after)],
        }
