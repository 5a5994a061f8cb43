"""Ladders: the ranks of a position, lowest first, and what each is paid.

Rule files of the kind `ladders`. Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from cskit import _, rules
from cskit.rules import Label

if TYPE_CHECKING:
    from cskit import App

KIND = "ladders"
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Rank(msgspec.Struct, frozen=True, kw_only=True):
    """A rank, and the monthly pay that belongs to it, where the company has said it."""

    code: _Code
    label: Label
    base_pay: Decimal | None = None
    performance_base: Decimal | None = None
    allowance: Decimal | None = None

    def __post_init__(self) -> None:
        """See that nobody owes for working."""
        if any(one is not None and one < 0 for one in (self.base_pay, self.performance_base, self.allowance)):
            raise ValueError(_("pay is not below 0"))


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind ladders; `top` says which end of `ranks` is the highest rank."""

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("top",)
    label: Label
    source: Label
    ours: Label | None = None
    top: Literal["last", "first"] = "last"
    ranks: Annotated[list[Rank], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """See that no code means two ranks."""
        codes = [one.code for one in self.ranks]
        twice = [code for code in codes if codes.count(code) > 1]
        if twice:
            raise ValueError(_("two ranks have the code {code}").format(code=twice[0]))

    @property
    def codes(self) -> list[str]:
        """The ranks' codes, lowest first."""
        codes = [one.code for one in self.ranks]
        return codes if self.top == "last" else codes[::-1]

    def rank(self, code: str | None) -> Rank | None:
        """Return the rank of a code, None if there is none."""
        return next((one for one in self.ranks if one.code == code), None)


def load(app: App) -> Mapping[str, rules.Rule]:
    """Return the rules whose values are ladders, by name; raises as `rules.load`."""
    return rules.load(app, KIND)
