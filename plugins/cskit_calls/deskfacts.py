"""Facts about staff, from the calls they took. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cskit import FactSpec
from cskit_calls import figures, thresholds
from cskit_calls.counted import Calls, Counted
from cskit_calls.figures import Figure, Group, Measuring
from cskit_calls.model import UNANSWERED

if TYPE_CHECKING:
    from cskit import App, Evidence, Period
    from cskit.declarations import FactKind, Facts

_ANSWERED = "calls in that the person answered in the period, up to now"


def _fact(name: str, kind: FactKind, meaning: str, unit: str) -> FactSpec:
    return FactSpec(f"calls.{name}", "staff", kind, meaning, unit, "period")


SPECS: tuple[FactSpec, ...] = (
    _fact(
        "handled",
        "integer",
        "Number of calls that the person answered, or made and reached somebody, in the period; 0 if none.",
        "calls",
    ),
    _fact(
        "aht", "decimal", f"Mean seconds of talking, hold and wrap-up of {_ANSWERED}; unknown if none.", "s"
    ),
    _fact("transfer", "decimal", f"Per cent transferred of {_ANSWERED}; unknown if none.", "per cent"),
    _fact(
        "first_contact",
        "decimal",
        "Per cent settled at once, and not followed by another call on the same matter within the days that "
        f"count, of {_ANSWERED}; unknown if none.",
        "per cent",
    ),
)


def _handled(_measuring: Measuring, group: Group) -> Figure:
    calls = [*group.answered, *(call for call in group.out if call.result not in UNANSWERED)]
    return Figure(len(calls), len(calls), calls)


_FORMULAS: dict[str, Callable[[Measuring, Group], Figure]] = {
    "calls.handled": _handled,
    "calls.aht": figures.handling,
    "calls.transfer": figures.transfers,
    "calls.first_contact": figures.first_contact,
}


def about(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> Facts:
    """Return those of the facts `names` that are counted from calls, from one pass over them."""
    wanted = [name for name in names if name in _FORMULAS]
    if not wanted:
        return {}
    calls = Calls.of(app, period)
    measuring, groups = Measuring(calls.all, thresholds.load(app)), _groups(calls.chosen)
    found: dict[str, dict[str, Any]] = {}
    for name in wanted:
        made = {own: _FORMULAS[name](measuring, groups.get(own) or Group()) for own in ids}
        found[name] = {own: one.value for own, one in made.items() if one.value is not None}
        if evidence is not None:
            for own, one in made.items():
                hits = len(one.counted) if one.whole else None
                evidence.note(name, own, "call", one.base or one.ids, hits)
    return found


def _groups(calls: Sequence[Counted]) -> dict[str, Group]:
    found: dict[str, Group] = defaultdict(Group)
    for call in calls:
        if call.staff:
            found[call.staff].add(call)
    return found
