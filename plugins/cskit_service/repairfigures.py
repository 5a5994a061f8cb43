"""What a report says of jobs, repairs, parts and deliveries. Must not import click or a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from cskit import Column, Period, _, amounts
from cskit.i18n import mark
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Table, count
from cskit_service.deliveries import deliveries
from cskit_service.jobs import servicerecords
from cskit_service.repairs import fixing, reports, returns
from cskit_service.repairs.reports import Shares
from cskit_service.stock import stock

if TYPE_CHECKING:
    from cskit import App

REPAIR, DISPATCH, RETURN, DELIVERY, PART = "repair", "dispatch", "return", "delivery", "part"
_FAULTS = 8
"""So many faults are drawn; the others are one bar."""
_MONTHLY = (
    Column("engineer", mark("Engineer")),
    Column("jobs", mark("Repairs done"), "right", "integer"),
    Column("hours", mark("Hours worked"), "right", "decimal"),
    Column("on_time", mark("On time %"), "right", "decimal"),
    Column("first_time", mark("First-time fix %"), "right", "decimal"),
    Column("satisfaction", mark("Satisfaction score"), "right", "decimal"),
    Column("cost", mark("Cost of repairs"), "right", "decimal"),
)


def groups(app: App, period: Period) -> list[Group]:
    """Return the figures of a period: what was repaired and in time, which faults, records, deliveries."""
    everything = list(fixing.every(app.reading()))
    done = fixing.finished_in(app, everything, period, app.now)
    reported = [
        one
        for one in everything
        if one.state != "cancelled"
        and one.reported_at is not None
        and one.reported_at <= app.now
        and period.holds(one.reported_at.astimezone(app.zone).date())
    ]
    late = (one.id for one in everything if one.late(app.now))
    shares = Shares(reports.first_time(app, everything, app.now), done)
    costs = [one.cost for one in done if one.cost is not None]
    repairs = [
        count("reported", _("Repairs reported"), (one.id for one in reported), REPAIR),
        count("repaired", _("Repairs done"), (one.id for one in done), REPAIR),
        _share("on-time", _("Done in time"), shares.timely, shares.due),
        _share("first-time", _("Held the first time"), shares.held, shares.decided),
        count("late", _("Repairs late by now"), late, REPAIR),
        Figure(
            "cost",
            _("What repairs cost"),
            amounts.total(costs),
            len(done),
            REPAIR,
            lambda: [one.id for one in done],
        ),
    ]
    found = [Group(repairs, "repairs", _("Repairs")), _faults(reported)]
    return [group for group in (*found, _jobs(app, period), _others(app, period)) if group.figures]


def _share(name: str, title: str, hits: Sequence[fixing.Fixed], of: Sequence[fixing.Fixed]) -> Figure:
    return Figure(
        name,
        title,
        reports.share(len(hits), len(of)) if of else None,
        len(of),
        REPAIR,
        lambda: [one.id for one in of],
        unit="%",
        hits=lambda: [one.id for one in hits],
        interval=wilson(len(hits), len(of)) if of else None,
    )


def _faults(reported: Sequence[fixing.Fixed]) -> Group:
    counts = Counter(one.fault for one in reported)
    shown = [fault for fault, _number in counts.most_common(_FAULTS)]
    figures = [
        count(fault, fault, (one.id for one in reported if one.fault == fault), REPAIR) for fault in shown
    ]
    rest = [one.id for one in reported if one.fault not in shown]
    if rest:
        figures.append(count("others", _("Other faults"), rest, REPAIR))
    return Group(figures, "faults", _("Faults"), drawn=True)


def _jobs(app: App, period: Period) -> Group:
    """Return how many work orders were entered on the same day, with all of their services."""
    shown: dict[str, set[str]] = {}
    for clock in servicerecords.clocks(app, period):
        if clock.shown != "running":
            shown.setdefault(clock.dispatch, set()).add(clock.shown)
    timely = [own for own, states in shown.items() if states == {"on_time"}]
    missing = [own for own, states in shown.items() if "missing" in states]
    share = Figure(
        "same-day",
        _("Recorded on the same day"),
        reports.share(len(timely), len(shown)) if shown else None,
        len(shown),
        DISPATCH,
        lambda: list(shown),
        unit="%",
        hits=lambda: timely,
        interval=wilson(len(timely), len(shown)) if shown else None,
    )
    return Group(
        [share, count("missing", _("Service records missing"), missing, DISPATCH)],
        "records",
        _("Service records"),
    )


def _others(app: App, period: Period) -> Group:
    reading = app.reading()
    back = returns.asked_in(app, reading, period)
    paid = [one for one in back if one.state == "settled" and one.refund is not None]
    brought = [
        one.id
        for one in deliveries.every(reading)
        if one.delivered_at is not None
        and one.delivered_at <= app.now
        and period.holds(one.delivered_at.astimezone(app.zone).date())
    ]
    short = (one.id for one in stock.below_minimum(reading))
    figures = [
        count("returns", _("Returns and exchanges asked for"), (one.id for one in back), RETURN),
        Figure(
            "refunds",
            _("Paid back"),
            sum((one.refund or Decimal(0) for one in paid), Decimal(0)),
            len(paid),
            RETURN,
            lambda: [one.id for one in paid],
        ),
        count("deliveries", _("Deliveries made"), brought, DELIVERY),
        count("short", _("Parts below the minimum by now"), short, PART),
    ]
    return Group(figures, "goods", _("Returns, deliveries, parts"))


def tables(app: App, period: Period) -> list[Table]:
    """Return the month of each repairer."""
    rows = list(reports.monthly(app, period))
    return [Table(_("Repairers"), _MONTHLY, rows)] if rows else []
