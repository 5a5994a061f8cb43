"""What a department decides for itself about cases: severity, closing, compensation, crises.

Rule files of the kind `case-policies`. Must not import click or a store.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from cskit import Usage, _, rules
from cskit_complaints.model import Kind

if TYPE_CHECKING:
    from cskit import App

KIND = "case-policies"
NAME = "standard"


class Severity(msgspec.Struct, frozen=True):
    """When a case is of severity 1 or 2; everything else is of severity 3 (catalogue G4, C10)."""

    crisis_people: Annotated[int, msgspec.Meta(ge=2)]
    group_people: Annotated[int, msgspec.Meta(ge=2)]
    loss_claimed: Decimal
    tiers: list[str]
    tier_fact: str
    repeats: Annotated[int, msgspec.Meta(ge=1)]
    repeat_days: Annotated[int, msgspec.Meta(ge=1)]


class Closing(msgspec.Struct, frozen=True):
    """What closing a case takes; `by_role` is who may, "" for everybody.

    With `after_follow_up`, the customer was called back since the answer (回访).
    """

    by_role: str
    follow_up_months: Annotated[int, msgspec.Meta(ge=0)]
    after_follow_up: bool = False


class Tier(msgspec.Struct, frozen=True):
    """Who approves compensation up to an amount; without `up_to` it is for all above."""

    approvals: Annotated[int, msgspec.Meta(ge=1)]
    role: str
    up_to: Decimal | None = None


class Step(msgspec.Struct, frozen=True):
    """A step of the crisis checklist."""

    code: str
    label: rules.Label


class Policy(msgspec.Struct, frozen=True):
    """A rule file of the kind case-policies."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = (
        "closing.by_role",
        "closing.after_follow_up",
        "default_tree",
        "calendar",
    )

    counted: list[Kind]
    default_tree: str
    assign_days: Annotated[int, msgspec.Meta(ge=1)]
    calendar: str
    levels: list[str]
    severity: Severity
    closing: Closing
    compensation: list[Tier]
    crisis: list[Step]
    memo_parts: list[rules.Label]

    def tier(self, amount: Decimal) -> Tier:
        """Return who approves compensation of an amount; raises `Usage` where no tier is for it."""
        for tier in self.compensation:
            if tier.up_to is None or amount <= tier.up_to:
                return tier
        said = _("no tier of rules/case-policies is for compensation of {amount}")
        raise Usage(said.format(amount=amount), _("add a tier without up_to"))


def load(app: App) -> Policy:
    """Return the department's policy; raises `Usage` where somebody replaced it under another name."""
    found = rules.load(app, KIND)
    if NAME not in found:
        said = _("there is no policy '{name}' in rules/case-policies").format(name=NAME)
        raise Usage(said, _("call the file that replaces it {name}.toml as well").format(name=NAME))
    policy: Policy = found[NAME].value
    return policy
