"""The reports on scored calls: rows, the columns they have, and what is to be known beside them.

Must not import click or a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cskit import Column, Period, _
from cskit.records.masks import Mask
from cskit_calls import assessments, calibration, columns, qafigures, qatrend, roster

if TYPE_CHECKING:
    from cskit import App
    from cskit_calls.assessments import Scored

VIEWS = ("figure", "agent", "item", "month", "scorer", "measure")


class Report(NamedTuple):
    """Rows with their columns; those `apart` are left out of a table, where `remarks` say the same."""

    rows: Iterable[Mapping[str, Any]]
    columns: Sequence[Column]
    remarks: Iterable[str] = ()
    apart: Sequence[str] = ()


def report(app: App, period: Period, by: str, agent: str | None = None) -> Report:
    """Return what the calls of a period came to, `by` one of `VIEWS`; of one agent alone if given.

    Raises `Refused` for an agent that there is not.
    """
    own = roster.known(app, app.reading(), [agent])[0] if agent else None
    if by == "month":
        return _months(app, period, own)
    if by == "measure":
        return _measures(app)
    if by == "figure" and own is None:
        return _figures(app, period)
    every = [one for one in assessments.of_period(app.reading(), period) if own in (None, one.staff)]
    if by == "scorer":
        said = _("drift: mean of one's own total less the others' of the same calls")
        return Report(calibration.by_scorer(app, every), columns.SCORERS, [said])
    counting = assessments.counting(every)
    if by == "item":
        return Report(qafigures.by_item(app, counting), columns.ITEMS)
    return Report(qafigures.by_agent(app, counting), columns.AGENTS)


def _figures(app: App, period: Period) -> Report:
    said = qafigures.figures(app, period)
    told = [_("{figure}: {text}").format(figure=one.figure.title, text=one.definition) for one in said]
    return Report(qafigures.rows(said), columns.FIGURES, told, ("figure", "definition"))


def _months(app: App, period: Period, own: str | None) -> Report:
    """Return the months up to the end of a period; those of one agent are that agent's, and masked."""
    hidden = [one._replace(mask=Mask()) if own else one for one in columns.MONTHS[2:]]
    judged = hidden[-1]._replace(choices={code: _(said) for code, said in columns.JUDGED.items()})
    found = qatrend.months(app, period.last or app.today, own)
    return Report(found, [*columns.MONTHS[:2], *hidden[:-1], judged], qatrend.remarks(app))


def _measures(app: App) -> Report:
    """Return every measure; what one about a person did is that person's, and masked."""
    found = list(qatrend.measures(app, assessments.counting(list(assessments.every(app.reading())))))
    personal = any("staff" in row for row in found)
    shown = [
        one._replace(mask=Mask()) if personal and one.name in ("before", "after") else one
        for one in columns.MEASURES
    ]
    return Report(found, shown)


def agreement(app: App, period: Period, by: str) -> Report:
    """Return how far people agree who scored the same calls of a period, `by` scorer or item."""
    every: list[Scored] = assessments.of_period(app.reading(), period)
    found = calibration.by_item(app, every) if by == "item" else calibration.rows(app, every)
    shown = columns.AGREED_ITEMS if by == "item" else columns.AGREEMENT
    return Report(found, shown, calibration.remarks(app, every))
