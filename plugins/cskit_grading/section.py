"""What grades have to say in the report of a month: which changed, and how many customers hold which.

Changes are those of `grade changes`, what is held that of `grade show`. Must not import click or a store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cskit import Period, _
from cskit.i18n import label
from cskit.sections import Figure, Group, Section, count
from cskit_grading import figures, holding, schemes
from cskit_grading.model import MOVES

if TYPE_CHECKING:
    from cskit import App
    from cskit_grading.schemes import Known

CUSTOMER, GRADE = "customer", "grade"


def section(app: App, period: Period) -> Section:
    """Return the moves of a period, and for each scheme in use who holds which grade at its end."""
    end = _end(app, period)
    day = end.astimezone(app.zone).date()
    first = period.first or dt.date.min
    changed = [one for one in figures.changes(app, first) if one.at <= end]
    known = schemes.load(app)
    held = holding.held(app.reading(), end)
    groups = [Group(list(_moves(changed)))]
    for name in sorted(held.keys() & known.keys()):
        bars = list(_grades(known[name], held[name], day))
        if bars:
            title = _("{scheme}: customers by grade").format(scheme=known[name].scheme.title)
            groups.append(Group(bars, name, title, drawn=True))
    return Section("grading", _("Customer grades"), groups)


def _end(app: App, period: Period) -> dt.datetime:
    """Return the last moment of a period, or now where it is not over."""
    if period.last is None or period.last >= app.today:
        return app.now
    after = dt.datetime.combine(period.last + dt.timedelta(days=1), dt.time.min, app.zone)
    return min(app.now, after - dt.timedelta(microseconds=1))


def _moves(changed: Sequence[figures.Change]) -> Iterator[Figure]:
    """Yield how many grades moved each way; up and down also where none did."""
    for move, zh in MOVES.items():
        ids = tuple(one.id for one in changed if one.move == move)
        if ids or move in ("up", "down"):
            title = label(_TITLES[move], zh)  # in Chinese as in every list of grades
            yield count(move, title, ids, GRADE)


_TITLES = {
    "new": "First grades",
    "up": "Moved up",
    "down": "Moved down",
    "changed": "Changed",
    "ungraded": "Lost their grade",
    "borderline": "Borderline mark came or went",
    "kept": "Kept for now",
}


def _grades(known: Known, held: Mapping[str, holding.Held], day: dt.date) -> Iterator[Figure]:
    """Yield the customers of each grade, the best first, and those of grades that the scheme has no more."""
    holders: dict[str, list[str]] = {}
    for customer, one in held.items():
        code = one.in_force(day)
        if code is not None:
            holders.setdefault(code, []).append(customer)
    if not holders:
        return
    titles = {grade.code: str(grade.title) for grade in known.scheme.grades}
    for code in [*titles, *sorted(holders.keys() - titles.keys())]:
        title = titles.get(code) or code
        shown = title if title.startswith(code) else _("{code} {title}").format(code=code, title=title)
        yield count(code, shown, sorted(holders.get(code, ())), CUSTOMER)
