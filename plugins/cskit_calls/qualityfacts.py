"""Facts about staff, from scored calls. Must not import click or a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cskit import FactSpec, Period

if TYPE_CHECKING:
    import datetime as dt

    from cskit import App, Evidence
    from cskit.declarations import Facts

_SCORED = "calls of the period that were scored, second scores for calibration left out"
SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "qa.score",
        "staff",
        "decimal",
        f"Mean score, 0 to 100, of the person's {_SCORED}; unknown without any.",
        "points",
        "period",
        True,
    ),
    FactSpec(
        "qa.critical",
        "staff",
        "decimal",
        f"Share without a failed critical item of the person's {_SCORED}; unknown without any.",
        "per cent",
        "period",
        True,
    ),
    FactSpec(
        "qa.calls",
        "staff",
        "integer",
        f"Number of the person's {_SCORED}; 0 without any.",
        "calls",
        "period",
    ),
)


def about(
    app: App,
    names: Sequence[str],
    ids: Sequence[str],
    now: dt.datetime,
    period: Period,
    evidence: Evidence | None,
) -> Facts:
    """Return those of the facts `names` that this module gives about the staff `ids`, from one pass."""
    wanted = {spec.name for spec in SPECS}.intersection(names)
    if not wanted:
        return {}
    from cskit_calls import assessments, qafigures

    today = now.astimezone(app.zone).date()
    last = today if period.last is None else min(period.last, today)
    held: dict[str, list[assessments.Scored]] = {own: [] for own in ids}
    for one in assessments.of_period(app.reading(), Period(period.first, last)):
        if one.staff in held and not one.calibration and one.scored_at <= now:
            held[one.staff].append(one)
    found: dict[str, dict[str, Any]] = {name: {} for name in wanted}
    for own, several in held.items():
        values: dict[str, Any] = {"qa.calls": len(several)}
        hits: dict[str, int] = {}
        if several:
            clean = qafigures.critical(several)
            values["qa.score"] = qafigures.mean([one.total for one in several])
            values["qa.critical"], hits["qa.critical"] = clean.per_cent, clean.met
        for name in wanted & values.keys():
            found[name][own] = values[name]
            if evidence is not None:
                evidence.note(name, own, assessments.NOUN, [one.id for one in several], hits.get(name))
    return found
