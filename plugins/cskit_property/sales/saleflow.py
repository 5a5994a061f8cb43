"""The flow of a sale: subscription, down payment, exchange, filing, loan, moving in, title (catalogue C21).

Must not import click or a store.
"""

from __future__ import annotations

from typing import Any

from cskit import _
from cskit.workflow import Move, State, Workflow
from cskit_property.sales.salemodel import STATES

_ENGLISH = {
    "chosen": "room chosen",
    "subscribed": "subscribed",
    "down-paid": "down payment made",
    "exchanged": "contract signed",
    "filed": "contract filed",
    "mortgaged": "mortgage registered",
    "loaned": "loan paid out",
    "moved-in": "moved in",
    "titled": "title issued",
    "returned": "room returned",
}
_ENDS = ("titled", "returned")
_BEFORE_MOVING = ("chosen", "subscribed", "down-paid", "exchanged", "filed", "mortgaged", "loaned")


def _needs_loan(sale: Any) -> str:
    """Say why no loan belongs to a sale that is paid in full."""
    return _("it is paid in full, so there is no loan") if sale.payment == "full" else ""


def _loan_first(sale: Any) -> str:
    """Say why nobody moves in before the loan of a sale is paid out."""
    if sale.payment != "full" and sale.state == "filed":
        return _("its loan comes first; set payment=full where there is none")
    return ""


FLOW = Workflow(
    "property sale",
    "销售合同",
    tuple(
        State(name, _ENGLISH[name], zh, first=name == "chosen", open=name not in _ENDS)
        for name, zh in STATES.items()
    ),
    (
        Move("subscribe", ("chosen",), "subscribed", "subscribe", "认购"),
        Move("down-payment", ("subscribed",), "down-paid", "down payment", "交首付"),
        Move("exchange", ("subscribed", "down-paid"), "exchanged", "exchange for the contract", "换签"),
        Move("file", ("exchanged",), "filed", "file the contract", "合同备案"),
        Move("mortgage", ("filed",), "mortgaged", "register the mortgage", "办理抵押登记", _needs_loan),
        Move("loan", ("mortgaged",), "loaned", "loan paid out", "放款", _needs_loan),
        Move("move-in", ("filed", "loaned"), "moved-in", "move in", "入住", _loan_first),
        Move("title", ("moved-in",), "titled", "title issued", "办理产权证"),
        Move("return", _BEFORE_MOVING, "returned", "return the room", "退房"),
        *(
            Move("change-room", (state,), state, "change the room", "换房")
            for state in ("chosen", "subscribed", "down-paid", "exchanged")
        ),
    ),
)
OTHERS = {
    "choose": ("room chosen", "选房"),
    "sheet": ("reminder sheet", "催办单"),
    "letter": ("lawyer's letter", "律师函"),
}
"""What else happens to a sale, in both languages."""
