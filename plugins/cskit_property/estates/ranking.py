"""Projects side by side, and one after the other in time. Must not import click or a store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from cskit import Period
from cskit.stored import decoder
from cskit_property.checks import rectifications, scores
from cskit_property.estates import events

if TYPE_CHECKING:
    from cskit import App
    from cskit.store.protocol import Reading


class _Estate(msgspec.Struct, frozen=True, gc=False):
    id: str
    name: str = ""
    company: str | None = None
    state: str = "managed"
    staff: str | None = None


def estates(reading: Reading) -> dict[str, _Estate]:
    """Return the projects by id, from one pass over the table."""
    decode = decoder(scores.PROJECTS, _Estate)
    return {one.id: one for one in map(decode, reading.read(scores.PROJECTS))}


def ranked(app: App, period: Period, *, surveys: bool = True) -> Iterator[dict[str, Any]]:
    """Yield a row for each project, the best mean score first; equal scores share a rank.

    Projects without a score in the period come last and have no rank, as long as they are managed.
    `on_time` is the share of rectifications found in the period and due by now that were put right in time.
    Without `surveys` nothing is asked of satisfaction.
    """
    reading = app.reading()
    known = estates(reading)
    checks: dict[str, list[scores.Scored]] = {}
    for check in scores.scored(reading, app.today, period):
        checks.setdefault(check.project, []).append(check)
    means = {own: _mean(held) for own, held in checks.items()}
    on_time = _on_time(app, reading, period)
    satisfied = scores.satisfaction(app, known, period) if surveys else {}
    pending: dict[str, int] = {}
    for one in events.pending(reading):
        pending[one.project or ""] = pending.get(one.project or "", 0) + 1
    listed = [own for own, one in known.items() if own in means or one.state == "managed"]
    listed.sort(key=lambda own: (-(means.get(own) or Decimal(-1)), own))
    for own in listed:
        held, score = checks.get(own, []), means.get(own)
        row: dict[str, Any] = {
            "rank": None if score is None else 1 + sum(other > score for other in means.values()),
            "project": own,
            "name": known[own].name,
            "score": score,
            "checks": len(held),
            "findings": sum(one.findings for one in held),
            "serious": sum(one.serious for one in held),
            "on_time": on_time.get(own),
            "satisfaction": satisfied.get(own),
            "open_events": pending.get(own, 0),
        }
        yield {name: value for name, value in row.items() if value is not None}


def _mean(held: list[scores.Scored]) -> Decimal:
    """Return the mean score of checks, of which each has one."""
    return scores.mean([one.score for one in held if one.score is not None])


def _on_time(app: App, reading: Reading, period: Period) -> Mapping[str, Decimal]:
    counts: dict[str, list[bool]] = {}
    for one in rectifications.decided(app, rectifications.every(reading), period):
        counts.setdefault(one.project, []).append(not one.late(app.now))
    return {own: share(sum(held), len(held)) for own, held in counts.items()}


def share(hits: int, n: int) -> Decimal:
    """Return so many of n, of which there is at least one, in per cent, half-up to two places."""
    return scores.rounded(Decimal(100 * hits) / n)


def trend(app: App, project: str | None, period: Period, *, by: str = "month") -> Iterator[dict[str, Any]]:
    """Yield a row for each month, quarter or year and project with what its checks scored, in order of time.

    `change` is against the period before in which the project was checked.
    """
    groups: dict[tuple[str, str], list[scores.Scored]] = {}
    for check in scores.scored(app.reading(), app.today, period):
        if project in (None, check.project):
            groups.setdefault((_part(check.on, by), check.project), []).append(check)
    before: dict[str, Decimal] = {}
    for (part, own), held in sorted(groups.items()):
        score = _mean(held)
        row: dict[str, Any] = {
            "period": part,
            "project": own,
            "score": score,
            "change": score - before[own] if own in before else None,
            "checks": len(held),
            "lowest": min(one.score for one in held if one.score is not None),
            "findings": sum(one.findings for one in held),
            "serious": sum(one.serious for one in held),
        }
        before[own] = score
        yield {name: value for name, value in row.items() if value is not None}


def _part(day: dt.date, by: str) -> str:
    if by == "year":
        return str(day.year)
    return f"{day.year}-Q{(day.month + 2) // 3}" if by == "quarter" else f"{day.year}-{day.month:02d}"


def bars(found: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float, str]]:
    """Yield label, length and note of a bar for each row of a trend."""
    for row in found:
        yield f"{row['period']} {row['project']}", float(row["score"]), str(row["score"])
