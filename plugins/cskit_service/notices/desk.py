"""Notices as they come in: what is left out filled in, codes for titles; and steps made on many at once.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import NotFound, Refused, _, edits, ngettext
from cskit.errors import Problem
from cskit.nouns import listed
from cskit.stored import decoder
from cskit.values import shown
from cskit_service.notices import policy
from cskit_service.notices.flow import CLOSED, FLOWS, Quoted, Seen, possible, state_of
from cskit_service.notices.model import SURVEYED, Item, Notice, Step
from cskit_service.notices.ordermodel import OrderState
from cskit_service.notices.policy import FAMILIES, ITEM_FAMILIES, Codes, Policy

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Document, Reading, Transaction

TABLE, ORDERS, INVOICES = "service_notices", "service_orders", "service_invoices"
Act = Callable[["Desk", Notice], Notice]
_COPIED = (
    *("customer", "sold_to", "contact", "phone", "centre", "staff", "organisation", "channel", "division"),
    *("office", "group", "location", "address", "business_area", "document", "document_date", "items"),
)
"""What a notice takes from the one it refers to, where it is not given (参照-通知单)."""
_SHOWN = 10


def actor(app: App) -> str:
    """Return who acts: the staff id, or the login of somebody without one."""
    return app.staff or app.user


# --- as they come in ---------------------------------------------------------------------------------------


def prepare(app: App, reading: Reading) -> Callable[[dict[str, Any], bool], Sequence[Problem]]:
    """Return what completes the values of notices for one command; see `RecordType.prepare`."""
    taking = _Taking(app, reading)

    def prepared(values: dict[str, Any], new: bool) -> list[Problem]:
        problems = list(taking.resolved(values))
        if new:
            taking.fill(values)
        return problems

    return prepared


class _Taking:
    """Completes notices; what it needs is read when the first one needs it."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app, self._reading = app, reading

    @cached_property
    def _codes(self) -> Codes:
        return policy.codes(self._app)

    @cached_property
    def _surveyed(self) -> str:
        return policy.load(self._app).surveyed

    @cached_property
    def _known(self) -> dict[str, Notice]:
        decode = decoder(TABLE, Notice)
        return {one.id: one for one in map(decode, self._reading.read(TABLE))}

    def resolved(self, values: dict[str, Any]) -> Iterator[Problem]:
        """Put codes in the place of titles; yield what is none."""
        if isinstance(values.get("status"), str):
            values["status"] = status_code(values["status"], self._surveyed)
        for name, family in FAMILIES.items():
            if isinstance(values.get(name), str):
                values[name] = self._codes.code(family, values[name])
                yield from self._checked(name, family, values[name])
        if isinstance(values.get("items"), list):
            values["items"] = [self._item(one) for one in values["items"]]
            for place, item in enumerate(values["items"], 1):
                for name, family in ITEM_FAMILIES.items():
                    code = item.get(name) if isinstance(item, dict) else getattr(item, name, None)
                    if isinstance(code, str):
                        yield from self._checked(f"items[{place}].{name}", family, code)

    def _item(self, item: Any) -> Any:
        if isinstance(item, Item):
            found = {
                name: self._codes.code(family, code)
                for name, family in ITEM_FAMILIES.items()
                if (code := getattr(item, name))
            }
            return msgspec.structs.replace(item, **found)
        if isinstance(item, dict):
            return item | {
                name: self._codes.code(family, item[name])
                for name, family in ITEM_FAMILIES.items()
                if isinstance(item.get(name), str)
            }
        return item

    def _checked(self, column: str, family: str, code: str) -> Iterator[Problem]:
        if self._codes.unknown(family, code):
            said = _("there is no such code; there are {names} (rules/service-codes)")
            yield Problem(
                0, column, shown(code), said.format(names=listed(list(self._codes.of(family))[:_SHOWN]))
            )

    def fill(self, values: dict[str, Any]) -> None:
        """Fill in what a new notice takes from the one it refers to, and from the day."""
        earlier = self._known.get(values["reference"]) if isinstance(values.get("reference"), str) else None
        if earlier is not None:
            given = {name: getattr(earlier, name) for name in _COPIED}
            if "document" in values or "document_date" in values:
                del given["document"], given["document_date"]
            for name, value in given.items():
                if value not in (None, []):
                    values.setdefault(name, value)
        values.setdefault("date", self._app.today)
        if values.get("customer"):
            values.setdefault("sold_to", values["customer"])
        if values.get("system") == "completed":
            values.setdefault("closed_at", self._app.now)
        if not values.get("steps"):
            begun = Step(
                at=self._app.now, who=actor(self._app), what="add", after=values.get("status", "TZJL")
            )
            values["steps"] = [begun]


def status_code(text: str, surveyed: str) -> str:
    """Return the user status that a text means: a code in any case, its title, or both; else the text itself.

    Both codes for "surveyed" become the one that the department writes.
    """
    for flow in FLOWS.values():
        for state in flow.states:
            if state.name == CLOSED:
                continue
            codes = SURVEYED if state.name in SURVEYED else (state.name,)
            for code in codes:
                names = (code, code.lower(), state.en, state.zh, f"{code} {state.en}", f"{code} {state.zh}")
                if text in names:
                    return surveyed if code in SURVEYED else code
    return text


def titles(app: App) -> dict[str, dict[str, str]]:
    """Return what people see of user statuses and of the organisation's codes, read as these again."""
    known = policy.codes(app)
    seen = {"status": statuses()}
    for name, family in FAMILIES.items():
        seen[name] = {code: known.title(family, code) for code in known.of(family)}
    return seen


def statuses() -> dict[str, str]:
    """Return what people see of each user status: its code and its title."""
    found: dict[str, str] = {}
    for flow in FLOWS.values():
        for state in flow.states:
            codes = SURVEYED if state.name in SURVEYED else (state.name,)
            found |= {code: f"{code} {state}" for code in codes if code != CLOSED}
    return found


def codes(app: App) -> dict[str, Callable[[str], str]]:
    """Return what finds the codes that a condition names."""
    known, surveyed = policy.codes(app), policy.load(app).surveyed
    seen = statuses()

    def status(text: str) -> str:
        found = status_code(text, surveyed)
        if found not in seen:
            said = _("there is no user status '{name}'").format(name=text)
            raise NotFound(said, _("there are {names}").format(names=listed(seen)))
        return found

    def finder(family: str) -> Callable[[str], str]:
        return lambda text: known.code(family, text)

    return {"status": status, **{name: finder(family) for name, family in FAMILIES.items()}}


# --- steps -------------------------------------------------------------------------------------------------


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
