"""What a report says of shifts and scores; the figures are those of `call qa report`. Knows no click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from cskit.i18n import _
from cskit.sections import Figure, Group, Section, Table, count
from cskit_calls import coverage, qafigures, shiftlimits, shifts
from cskit_calls.columns import AGENTS

if TYPE_CHECKING:
    from cskit import App, Period


def sections(app: App, period: Period) -> Iterable[Section]:
    """Give the section of a period, or none where there is nothing to say."""
    figures = [said.figure for said in qafigures.figures(app, period)]
    groups = [Group(figures), Group(_rota(app, period), "rota", _("Rota"))]
    if not any(figure.n for group in groups for figure in group.figures):
        return
    from cskit_calls import assessments

    found = assessments.counting(assessments.of_period(app.reading(), period))
    rows = list(qafigures.by_agent(app, found))
    tables = [Table(_("Scores by agent"), AGENTS, rows)] if rows else []
    yield Section("quality", _("Rota and quality of calls"), groups, tables)


def _rota(app: App, period: Period) -> list[Figure]:
    """Return what was worked by now, and the hours without enough people; nothing without a rota."""
    every = list(shifts.every(app.reading()))
    last = app.today if period.last is None else min(period.last, app.today)
    worked = [one for one in every if one.absence is None and period.holds(one.on) and one.on <= last]
    freed = [one for one in every if one.absence is not None and period.holds(one.on) and one.on <= last]
    if not worked and not freed:
        return []
    hours = sum((one.ends - one.begins for one in worked), dt.timedelta(0)) / dt.timedelta(hours=1)
    first = min(one.on for one in (*worked, *freed))
    missing = sum(
        (gap.need - gap.have) * (gap.ends - gap.begins)
        for gap in coverage.gaps(
            every, shiftlimits.load(app).need, app.zone, max(first, period.first or first), last
        )
    )
    return [
        count("shifts", _("Shifts worked"), (one.id for one in worked), "call shift"),
        Figure(
            "hours",
            _("Hours worked"),
            round(Decimal(hours), 1),
            len(worked),
            "call shift",
            lambda: [one.id for one in worked],
            unit="h",
        ),
        count("freed", _("Shifts not worked because of absences"), (one.id for one in freed), "call shift"),
        Figure(
            "gaps",
            _("Hours of people missing"),
            missing,
            len(worked),
            "call shift",
            lambda: [one.id for one in worked],
            unit="h",
        ),
    ]
