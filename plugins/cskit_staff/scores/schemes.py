"""KPI schemes: what a scheme's TOML file may say, and what it makes of figures.

Rule files of the kind `kpi-schemes`. Must not import click or a store.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from cskit import Refused, _, rules
from cskit.rules import Label
from cskit_staff.rulebook import hash_of

if TYPE_CHECKING:
    from cskit import App

KIND = "kpi-schemes"
FULL = Decimal(100)
_CENT = Decimal("0.01")
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class Curve(msgspec.Struct, frozen=True):
    """How a figure becomes a score from 0 to 100.

    `as-is`: it is one. `linear`: along the line through two `points` [figure, score]. `steps`: the score of
    the highest point that the figure reaches, 0 below the first. What leaves 0 to 100 is cut there.
    """

    kind: Literal["as-is", "linear", "steps"] = "as-is"
    points: list[tuple[Decimal, Decimal]] = []

    def __post_init__(self) -> None:
        """See that the points are such as the kind needs."""
        at = [figure for figure, _score in self.points]
        if self.kind == "as-is" and self.points:
            raise ValueError(_("a curve that is as-is has no points"))
        if self.kind == "linear" and (len(at) != 2 or at[0] == at[1]):
            raise ValueError(_("a linear curve goes through two different points"))
        if self.kind == "steps" and (not at or at != sorted(set(at))):
            raise ValueError(_("steps need points whose figures rise"))

    def score(self, figure: Decimal) -> Decimal:
        """Return the score of a figure, to two places, half up."""
        if self.kind == "linear":
            (left, low), (right, high) = self.points
            found = low + (figure - left) * (high - low) / (right - left)
        elif self.kind == "steps":
            found = max((one for one in self.points if one[0] <= figure), default=(figure, Decimal(0)))[1]
        else:
            found = figure
        return min(FULL, max(Decimal(0), found)).quantize(_CENT, ROUND_HALF_UP)


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator: the mean of `facts` about the person in the month, or a figure that is entered.

    `plugin` says who gives the facts, for when it is away. With `few`, the figure is a share or a score from
    0 to 100 of a sample: of fewer records it is marked, and the lower Wilson bound stands beside it.
    """

    code: _Code
    label: Label
    weight: Decimal
    facts: list[str] = []
    plugin: str = ""
    curve: Curve = Curve()
    few: Annotated[int, msgspec.Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        """See that the weight is one."""
        if not 0 < self.weight <= FULL:
            raise ValueError(_("a weight lies between 0 and 100"))


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the scheme that the source does not tell any more; the scheme does not run with it."""

    label: Label
    weight: Decimal


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A rule file of the kind kpi-schemes.

    `missing` says what becomes of a card with an indicator missing: it stays a draft (`block`), the others
    count for more (`reweight`), or it counts 0 (`zero`). `small` says what becomes of a figure of few
    records: it is marked, scored by its lower bound (`lower`), or taken for missing (`block`).
    """

    SETTINGS_CHANGE: ClassVar[tuple[str, ...]] = ("missing", "small")
    label: Label
    source: Label
    ours: Label | None = None
    missing: Literal["block", "reweight", "zero"] = "block"
    small: Literal["mark", "lower", "block"] = "mark"
    indicators: Annotated[list[Indicator], msgspec.Meta(min_length=1)]
    lost: list[Lost] = []

    def __post_init__(self) -> None:
        """See that weights come to 100, and no code means two things."""
        weights = sum(
            (*(one.weight for one in self.indicators), *(one.weight for one in self.lost)), Decimal(0)
        )
        if weights != FULL:
            raise ValueError(_("the weights come to {sum}, not to 100").format(sum=weights))
        codes = [one.code for one in self.indicators]
        twice = [code for code in codes if codes.count(code) > 1]
        if twice:
            raise ValueError(_("two indicators have the code {code}").format(code=twice[0]))

    @property
    def facts(self) -> list[str]:
        """The facts that the scheme asks for."""
        return [fact for one in self.indicators for fact in one.facts]

    def indicator(self, name: str) -> Indicator | None:
        """Return the indicator of a code, or of a title in either language; None if there is none."""
        said = name.strip()
        for one in self.indicators:
            if said in (one.code, one.label.en, one.label.zh):
                return one
        return None


class Known(msgspec.Struct, frozen=True):
    """A scheme that is in force, its name, its file and its hash."""

    name: str
    scheme: Scheme
    path: str
    hash: str

    def refuse_incomplete(self) -> None:
        """Raise `Refused`, naming what is lost, where the scheme is not whole."""
        if not self.scheme.lost:
            return
        parts = [
            _("{label} ({weight} %)").format(label=one.label, weight=one.weight) for one in self.scheme.lost
        ]
        said = _("the scheme {name} is not complete: {parts}")
        raise Refused(
            said.format(name=self.name, parts=_(", ").join(parts)),
            _('write rules/kpi-schemes/{name}.toml with replaces = "{name}" and name what is lost').format(
                name=self.name
            ),
        )


def load(app: App) -> dict[str, Known]:
    """Return the schemes by name; raises as `rules.load`."""
    return {
        name: Known(name, rule.value, rule.path, hash_of(rule))
        for name, rule in rules.load(app, KIND).items()
    }
