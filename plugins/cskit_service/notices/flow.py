"""The two ways of a notice (状态流转): user statuses, what leads from one to another, what has to come first.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cskit import _
from cskit.nouns import listed
from cskit.workflow import Move, State, Workflow
from cskit_service.notices.model import FIRST, SURVEYED, Notice
from cskit_service.notices.ordermodel import OrderState

CLOSED = "closed"
VERBS = {
    "add": ("create", "建立"),
    "process": ("begin", "开始处理"),
    "postpone": ("postpone", "延期"),
    "site-survey": ("survey on site", "现场勘察"),
    "approve": ("approve", "主管批准"),
    "refuse": ("refuse", "主管不批准"),
    "logistics": ("pass to logistics", "转区物流"),
    "reply": ("reply", "部门回复"),
    "quote": ("quote", "报价"),
    "agree": ("customer agrees", "客户认可"),
    "decline": ("customer declines", "客户不认可"),
    "parts": ("take parts", "领用零部件"),
    "perform": ("perform", "现场服务"),
    "sign-off": ("sign off", "客户验收"),
    "delivered": ("note the delivery", "登记送达时间"),
    "return-to-maker": ("return to the maker", "退回厂商"),
    "open-case": ("open a case", "转受理单"),
    "close": ("close", "结案"),
    "invoice": ("invoice", "开具发票"),
}
"""What is done about notices, in English and Chinese."""


class Quoted(NamedTuple):
    """The latest service order of a notice: its id, what became of it, and the invoice made from it."""

    id: str
    state: OrderState
    invoice: str | None = None


class Seen(NamedTuple):
    """What a guard looks at: the notice, its latest order, who acts, who may approve (anybody if none)."""

    notice: Notice
    order: Quoted | None
    who: str
    supervisors: tuple[str, ...]
    sign_off: bool


Guard = Callable[[Seen], str]


# --- what has to come first; each says why not, "" where nothing is in the way ------------------------------


def _approvable(seen: Seen) -> str:
    if not seen.notice.head_office:
        return _("it does not need the head office, so there is nothing to approve")
    surveyor = next((one.who for one in reversed(seen.notice.steps) if one.what == "site-survey"), None)
    if seen.who == surveyor:
        return _("{who} surveyed it and asked for it, so somebody else has to decide").format(who=seen.who)
    if seen.supervisors and seen.who not in seen.supervisors:
        names = listed(seen.supervisors)
        return _("only a supervisor decides: {names}").format(names=names)
    return ""


def _forwardable(seen: Seen) -> str:
    if seen.notice.payment is None:
        return _("the sheet to logistics must say the payment state: set payment=unpaid, part or paid")
    return ""


def _answerable(seen: Seen) -> str:
    if seen.notice.forwarded_at is None:
        return _("it was not passed to logistics yet")
    return ""


def _begun(seen: Seen) -> str:
    """Say why nothing is done on the spot: what is not urgent is surveyed first."""
    one = seen.notice
    if one.type == "Z1" and one.status == FIRST and not one.urgent:
        return _("it is not urgent, so it is surveyed first")
    if one.status in SURVEYED and one.head_office:
        return _("it needs the head office: the supervisor has to decide first")
    return ""


def _quotable(seen: Seen) -> str:
    if seen.notice.demand != "chargeable":
        return _("only chargeable service is quoted: set demand=chargeable")
    if not (seen.notice.sold_to or seen.notice.customer):
        return _("nobody is named who would pay: set sold_to=CUSTOMER")
    if seen.order is not None and seen.order.state == "agreed":
        return _("the customer has agreed to {order}").format(order=seen.order.id)
    return _begun(seen)


def _decidable(seen: Seen) -> str:
    if seen.order is None or seen.order.state != "quoted":
        return _("no quotation waits for an answer")
    return ""


def _workable(seen: Seen) -> str:
    if seen.order is not None and seen.order.state == "quoted":
        return _("the customer has not agreed to {order} yet").format(order=seen.order.id)
    if seen.order is not None and seen.order.state == "declined":
        return _("the customer declined {order}").format(order=seen.order.id)
    return _begun(seen)


def _signable(seen: Seen) -> str:
    return "" if seen.notice.performed_on else _("it has not been performed yet")


def _closable(seen: Seen) -> str:
    one = seen.notice
    if seen.order is not None and seen.order.state == "quoted":
        return _("the customer has not answered {order} yet").format(order=seen.order.id)
    if one.status == "BPZ" or (seen.order is not None and seen.order.state == "declined"):
        return ""
    if one.type == "Z2" and not one.performed_on and seen.order is None:
        return ""
    why = _begun(seen) or _signable(seen)
    if why:
        return why
    if seen.sign_off and one.signed_on is None:
        return _("the customer has not signed it off yet")
    return ""


def _billable(seen: Seen) -> str:
    if seen.order is None or seen.order.state != "agreed":
        return _("there is no quotation that the customer agreed to")
    if seen.order.invoice is not None:
        said = _("{order} was invoiced as {invoice}")
        return said.format(order=seen.order.id, invoice=seen.order.invoice)
    return "" if seen.notice.signed_on else _("the customer has not signed it off yet")


# --- the tables --------------------------------------------------------------------------------------------


def _stay(verb: str, states: tuple[str, ...], guard: Guard | None = None) -> tuple[Move, ...]:
    """Return the moves of a verb that leaves the user status as it is."""
    return tuple(Move(verb, (state,), state, *VERBS[verb], guard) for state in states)


def _move(verb: str, states: tuple[str, ...], target: str, guard: Guard | None = None) -> Move:
    return Move(verb, states, target, *VERBS[verb], guard)


def _work(states: tuple[str, ...]) -> tuple[Move, ...]:
    """Return what can be done in states in which a notice is worked on."""
    return (
        *_stay("quote", states, _quotable),
        *_stay("agree", states, _decidable),
        *_stay("decline", states, _decidable),
        *_stay("parts", states, _workable),
        *_stay("perform", states, _workable),
        *_stay("sign-off", states, _signable),
    )


def _always(states: tuple[str, ...]) -> tuple[Move, ...]:
    """Return what can be done whatever the user status is."""
    return (*_stay("process", states), *_stay("postpone", states), *_stay("open-case", states))


_SURVEYED = SURVEYED[0]
_Z1 = (FIRST, _SURVEYED, "ZGPZ", "BPZ", "ZBHF")
_Z1_WORK = (FIRST, _SURVEYED, "ZBHF")
_Z2 = (FIRST, "HFYY", "DDKH", "THCS")
FLOWS = {
    "Z1": Workflow(
        "notice",
        "服务通知单",
        (
            State(FIRST, "created", "通知建立", first=True),
            State(_SURVEYED, "surveyed", "勘察结束"),
            State("ZGPZ", "approved", "主管批准"),
            State("BPZ", "not approved", "主管不批准"),
            State("ZBHF", "answered", "相应部门回复"),
            State(CLOSED, "closed", "已结案", open=False),
        ),
        (
            _move("site-survey", (FIRST, "BPZ"), _SURVEYED),
            _move("approve", (_SURVEYED,), "ZGPZ", _approvable),
            _move("refuse", (_SURVEYED,), "BPZ", _approvable),
            *_stay("logistics", ("ZGPZ",), _forwardable),
            _move("reply", ("ZGPZ",), "ZBHF", _answerable),
            *_work(_Z1_WORK),
            _move("close", (*_Z1_WORK, "BPZ"), CLOSED, _closable),
            *_stay("invoice", (*_Z1_WORK, CLOSED), _billable),
            *_always(_Z1),
        ),
    ),
    "Z2": Workflow(
        "notice",
        "服务通知单",
        (
            State(FIRST, "created", "通知建立", first=True),
            State("HFYY", "replied", "回复营业"),
            State("DDKH", "delivery set", "货物送达客户时间"),
            State("THCS", "returned", "货物送回厂商"),
            State(CLOSED, "closed", "已结案", open=False),
        ),
        (
            *_stay("logistics", _Z2, _forwardable),
            _move("reply", _Z2, "HFYY"),
            _move("delivered", _Z2, "DDKH"),
            _move("return-to-maker", _Z2, "THCS"),
            *_work(_Z2),
            _move("close", _Z2, CLOSED, _closable),
            *_stay("invoice", (*_Z2, CLOSED), _billable),
            *_always(_Z2),
        ),
    ),
}


def state_of(notice: Notice) -> str:
    """Return where a notice stands in its way."""
    if notice.closed:
        return CLOSED
    return _SURVEYED if notice.status in SURVEYED else notice.status


def possible(seen: Seen) -> list[str]:
    """Return the verbs that nothing is in the way of."""
    flow, state = FLOWS[seen.notice.type], state_of(seen.notice)
    found = (flow.move(verb, state) for verb in flow.verbs(state))
    return [one.verb for one in found if one is not None and not (one.guard and one.guard(seen))]
