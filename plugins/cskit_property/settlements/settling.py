"""How settlements are approved and paid: rule files of the kind `property-settlements`, and the flow.

Must not import click or a store.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import Usage, _, rules
from cskit.workflow import Move, State, Workflow
from cskit_property.settlements.moneymodel import SETTLEMENT_STATES

if TYPE_CHECKING:
    from cskit import App

KIND = "property-settlements"
NAME = "standard"


class Policy(msgspec.Struct, frozen=True):
    """A rule file of the kind property-settlements."""

    second_approver_above: Decimal
    payment_days: Annotated[int, msgspec.Meta(ge=0)]
    ages: list[Annotated[int, msgspec.Meta(ge=1)]]
    expiring_days: Annotated[int, msgspec.Meta(ge=1)]

    def approvals(self, total: Decimal) -> int:
        """Return how many people have to approve a total."""
        return 2 if total > self.second_approver_above else 1


def load(app: App) -> Policy:
    """Return the department's rules; raises `Usage` where somebody replaced them under another name."""
    found = rules.load(app, KIND)
    if NAME not in found:
        said = _("there is no file '{name}' in rules/{kind}").format(name=NAME, kind=KIND)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    policy: Policy = found[NAME].value
    return policy


_ENGLISH = {name: name for name in SETTLEMENT_STATES}
_ENDS = ("paid", "cancelled")
FLOW = Workflow(
    "property settle",
    "结算单",
    tuple(
        State(name, _ENGLISH[name], zh, first=name == "draft", open=name not in _ENDS)
        for name, zh in SETTLEMENT_STATES.items()
    ),
    (
        Move("line", ("draft",), "draft", "line", "修改明细"),
        Move("submit", ("draft",), "submitted", "submit", "提交"),
        Move("check", ("submitted",), "checked", "check", "审核"),
        Move("approve", ("checked",), "approved", "approve", "批准"),
        Move("return", ("submitted", "checked"), "returned", "return", "退回"),
        Move("revise", ("returned",), "draft", "revise", "重新编制"),
        Move("pay", ("approved",), "paid", "pay", "支付"),
        Move("cancel", ("draft", "returned"), "cancelled", "cancel", "作废"),
    ),
)
DONE = {
    "new": "编制",
    **{move.verb: move.zh for move in FLOW.moves},
    "sign": "批准(待另一人批准)",
    "part": "部分支付",
}
"""What a step says in Chinese, by its verb; two approvals and payments in part are steps of their own."""
