"""Figures of people for schemes: the facts of a month, asked for once for everybody, and what is behind them.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Evidence, NotFound, Period, PluginFailed, _, facts
from cskit.intervals import wilson
from cskit_staff.scores.schemes import Indicator

if TYPE_CHECKING:
    from cskit import App

_TENTH, _PLACES = Decimal("0.1"), Decimal("0.0001")


class Figure(NamedTuple):
    """An indicator's figure of one person; None where `missing` names facts that are unknown.

    `n` is how many records the smallest of its facts is counted from, None where nobody can tell; `lower` the
    lower end of the 95 % Wilson interval, the mean of those of its facts.
    """

    value: Decimal | None
    missing: tuple[str, ...] = ()
    n: int | None = None
    lower: Decimal | None = None


class Measured:
    """The facts of some people in a period that schemes ask for."""

    def __init__(self, app: App, ids: Sequence[str], names: Iterable[str], period: Period) -> None:
        self._app = app
        self.away: dict[str, str] = {}
        """Fact → why nobody can be asked for it."""
        wanted = [name for name in dict.fromkeys(names) if self._can_be_asked(name)]
        self.evidence = Evidence()
        self._values: Mapping[str, Mapping[str, Any]] = (
            app.facts("staff", wanted, ids, period=period, evidence=self.evidence) if wanted and ids else {}
        )

    def _can_be_asked(self, name: str) -> bool:
        try:
            facts.spec(self._app.plugins, "staff", name)
        except (NotFound, PluginFailed) as error:
            self.away[name] = error.message
            return False
        return True

    def figure(self, indicator: Indicator, own: str) -> Figure:
        """Return what an indicator comes to for one person: the mean of its facts, all of which are known."""
        missing = tuple(name for name in indicator.facts if self.value(name, own) is None)
        if missing or not indicator.facts:
            return Figure(None, missing)
        values = [Decimal(self._values[name][own]) for name in indicator.facts]
        counts = [len(one.ids) for name in indicator.facts if (one := self.evidence.get((name, own)))]
        n = min(counts) if len(counts) == len(values) else None
        mean = (sum(values, Decimal(0)) / len(values)).quantize(_PLACES, ROUND_HALF_UP).normalize()
        lower = self._lower(indicator, own, values) if n and indicator.few else None
        return Figure(Decimal(f"{mean:f}"), (), n, lower)

    def value(self, name: str, own: str) -> Any:
        """Return a fact about a person, None where it is unknown."""
        return self._values.get(name, {}).get(own)

    def _lower(self, indicator: Indicator, own: str, values: Sequence[Decimal]) -> Decimal:
        """Return the mean of the facts' lower bounds, to a tenth."""
        bounds = []
        for name, value in zip(indicator.facts, values, strict=True):
            _about, ids, hits = self.evidence[name, own]
            share = float(min(Decimal(100), max(Decimal(0), value))) / 100
            bounds.append(wilson(share * len(ids) if hits is None else hits, len(ids)).low)
        return Decimal(str(sum(bounds) / len(bounds))).quantize(_TENTH, ROUND_HALF_UP)


def why_missing(app: App, indicator: Indicator, missing: Sequence[str]) -> str:
    """Say what of an indicator is unknown, and who would know it."""
    if not indicator.facts:
        return _("to be entered")
    said = []
    for name in missing:
        plugin = indicator.plugin or name.partition(".")[0]
        try:
            known = facts.spec(app.plugins, "staff", name)
            said.append(_("{fact} (plugin {plugin}: nothing counted)").format(fact=name, plugin=known.plugin))
        except (NotFound, PluginFailed):
            said.append(_("{fact} (plugin {plugin} is not there)").format(fact=name, plugin=plugin))
    return _(", ").join(said)
