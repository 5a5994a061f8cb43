"""What a department decides for itself about its people: rule files of the kind `staff-policies`.

Must not import click or a store.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from cskit import _
from cskit_staff.rulebook import standard

if TYPE_CHECKING:
    from cskit import App

KIND = "staff-policies"


class Policy(msgspec.Struct, frozen=True):
    """A rule file of the kind staff-policies; the shipped one says where each number comes from."""

    induction_months: Annotated[int, msgspec.Meta(ge=0, le=24)]
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=90)]
    pass_mark: Annotated[int, msgspec.Meta(ge=0, le=100)]
    incomplete_share: Decimal
    exam_questions: Annotated[int, msgspec.Meta(ge=1, le=500)]
    few: Annotated[int, msgspec.Meta(ge=1)]

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.incomplete_share <= 1:
            raise ValueError(_("incomplete_share: expected 0 to 1"))


def load(app: App) -> Policy:
    """Return the department's policy; raises `Usage` where somebody replaced it under another name."""
    policy: Policy = standard(app, KIND).value
    return policy
