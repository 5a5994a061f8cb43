"""What estates have to say in the report of a month: checks, what was put right, events, money, standings.

Nothing is reckoned here: scores are those of `property rank`, sums those of `settle owed` and of the ledger.
Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from cskit import Column, Period, _, amounts
from cskit.i18n import mark
from cskit.intervals import wilson
from cskit.sections import Figure, Group, Section, Table, count
from cskit_property.checks import rectifications, scores
from cskit_property.estates import events, ranking
from cskit_property.settlements import statements
from cskit_property.tenants import arrears

if TYPE_CHECKING:
    from cskit import App

CHECK, RECTIFICATION, EVENT = "property check", "property rectification", "property event"
SETTLEMENT, INVOICE = "property settle", "property invoice"
_STANDINGS = (
    Column("rank", mark("Rank"), "right", "integer"),
    Column("project", mark("Project"), kind="name"),
    Column("name", mark("Name")),
    Column("score", mark("Score"), "right", "decimal"),
    Column("checks", mark("Checks"), "right", "integer"),
    Column("findings", mark("Findings"), "right", "integer"),
    Column("serious", mark("Serious"), "right", "integer"),
    Column("on_time", mark("On time %"), "right", "decimal"),
    Column("open_events", mark("Open events"), "right", "integer"),
)


def section(app: App, period: Period) -> Section | None:
    """Return the estates of a period; None for a department that has none.

    What is open, late or owed is so by now, of what there was by the period's last day.
    """
    groups = [
        Group(_checks(app, period)),
        Group(_rectifications(app, period), "rectifications", _("Put right")),
        Group(_events(app, period), "events", _("Liaison events")),
        Group(_money(app, period), "money", _("Settlements and tenants")),
    ]
    standings = list(ranking.ranked(app, period, surveys=False))
    if not standings and not any(figure.n for group in groups for figure in group.figures):
        return None
    tables = [Table(_("Projects by score"), _STANDINGS, standings)] if standings else []
    return Section("property", _("Estates"), groups, tables)


def _checks(app: App, period: Period) -> list[Figure]:
    made = list(scores.scored(app.reading(), app.today, period))
    reached = [one.score for one in made if one.score is not None]
    return [
        count("checks", _("Spot checks made"), (one.id for one in made), CHECK),
        Figure(
            "score",
            _("Mean score of the checks"),
            scores.mean(reached) if reached else None,
            len(made),
            CHECK,
            lambda: [one.id for one in made],
            unit=_("points"),
        ),
        _found("findings", _("Found by checks"), {one.id: one.findings for one in made}),
        _found("serious", _("Of these serious"), {one.id: one.serious for one in made}),
    ]


def _found(name: str, title: str, found: dict[str, int]) -> Figure:
    """Return how many findings checks have together, made of the checks that have any."""
    own = [one for one, findings in found.items() if findings]
    return Figure(name, title, sum(found.values()), len(own), CHECK, lambda: own)


def _rectifications(app: App, period: Period) -> list[Figure]:
    every = list(rectifications.every(app.reading()))
    decided = list(rectifications.decided(app, every, period))
    timely = [one for one in decided if not one.late(app.now)]
    waiting = [one for one in every if one.state in ("open", "done") and _by(app, period, one.found_at)]
    late = [one for one in waiting if one.state == "open" and one.late(app.now)]
    return [
        Figure(
            "on-time",
            _("Put right in time"),
            ranking.share(len(timely), len(decided)) if decided else None,
            len(decided),
            RECTIFICATION,
            lambda: [one.id for one in decided],
            unit="%",
            hits=lambda: [one.id for one in timely],
            interval=wilson(len(timely), len(decided)) if decided else None,
        ),
        count("open", _("Not verified yet"), (one.id for one in waiting), RECTIFICATION),
        count("late", _("Of these late and not put right"), (one.id for one in late), RECTIFICATION),
    ]


def _events(app: App, period: Period) -> list[Figure]:
    pending = [one for one in events.pending(app.reading()) if _by(app, period, one.raised_at)]
    overdue = (one.id for one in pending if one.overdue(app.today))
    return [
        count("open", _("Not ended yet"), (one.id for one in pending), EVENT),
        count("overdue", _("Of these overdue"), overdue, EVENT),
    ]


def _money(app: App, period: Period) -> list[Figure]:
    last = _last(app, period)
    approved = list(statements.approved(app, period))
    unpaid = [
        (one.id, left)
        for one, left in statements.open_ones(app)
        if left and _by(app, period, one.approved_at)
    ]
    owed = [
        (one.invoice.id, one.amount)
        for one in arrears.owed(app)
        if one.late and one.invoice.issued_on <= last
    ]
    return [
        _sum("approved", _("Settlements approved"), [(one.id, one.total) for one in approved], SETTLEMENT),
        _sum("outstanding", _("Settlements still to be paid"), unpaid, SETTLEMENT),
        _sum("arrears", _("Tenants' arrears"), owed, INVOICE),
    ]


def _sum(name: str, title: str, found: Sequence[tuple[str, Decimal]], about: str) -> Figure:
    value = amounts.total(amount for _own, amount in found)
    return Figure(name, title, value, len(found), about, lambda: [own for own, _amount in found])


def _last(app: App, period: Period) -> dt.date:
    return app.today if period.last is None else min(period.last, app.today)


def _by(app: App, period: Period, moment: dt.datetime | None) -> bool:
    """Tell whether something had happened by a period's last day; so had what nobody knows the time of."""
    if moment is None:
        return True
    return moment <= app.now and moment.astimezone(app.zone).date() <= _last(app, period)
